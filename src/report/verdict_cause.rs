//! The causes of a verdict, and the verdict in one sentence.

use std::collections::HashSet;

use super::{BlockerLine, DefectLine, Report, RuleLine, Status, Verdict};

/// Maximum length of a title in the sentence, in characters.
// A commit status has room for 140 characters.
const TITLE_LENGTH: usize = 80;

/// Name of the metric that counts defects which the candidate does not fix.
const UNFIXED: &str = "unfixed";

/// Name of the metric that counts blockers.
const BLOCKERS: &str = "blockers";

/// Names of the metrics that count failed tests.
const FAILED_TESTS: [&str; 2] = ["tests.failed", "tests.errors"];

/// A cause of a verdict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum VerdictCause<'r> {
    /// A defect that the candidate does not fix.
    Defect(&'r DefectLine, &'r RuleLine),
    /// An issue or a pull request that is not done.
    Blocker(&'r BlockerLine, &'r RuleLine),
    /// Failed tests, with their number.
    Tests(u64, &'r RuleLine),
    /// Any other rule.
    Rule(&'r RuleLine),
}

impl VerdictCause<'_> {
    /// Returns the rule that does not hold.
    pub fn rule(&self) -> &RuleLine {
        match self {
            Self::Defect(_, rule) | Self::Blocker(_, rule) | Self::Tests(_, rule) | Self::Rule(rule) => rule,
        }
    }

    /// Returns the cause as a clause: ``critical defect #12 Title is not fixed in it``. Untrusted.
    fn clause(&self) -> String {
        match self {
            Self::Defect(line, _) => {
                format!(
                    "{} #{} {} {}",
                    defect_noun(line),
                    line.number,
                    short_title(&line.title),
                    defect_clause(line)
                )
            }
            Self::Blocker(line, _) => {
                format!("release blocker #{} {} is not done", line.number, short_title(&line.title))
            }
            Self::Tests(1, _) => "1 test failed".into(),
            Self::Tests(count, _) => format!("{count} tests failed"),
            Self::Rule(rule) => rule.reason.clone(),
        }
    }
}

impl Report {
    /// Returns the candidate at the beginning of a sentence: a tag, a branch, `Pull request #5`. Untrusted.
    pub fn subject(&self) -> String {
        match &self.candidate {
            Some(candidate) => match candidate.pull_request {
                Some(number) => format!("Pull request #{number}"),
                None => candidate.name.clone(),
            },
            None => "The release".into(),
        }
    }

    /// Returns what the verdict means for the candidate, to follow its name.
    pub fn outcome(&self) -> &'static str {
        let is_proposed = self.candidate.as_ref().is_some_and(|candidate| candidate.pull_request.is_some());
        let excepted = self.rules.iter().any(|rule| rule.verdict == Verdict::Waived);
        match (self.verdict, is_proposed) {
            (Verdict::Fail, _) if self.dry_run => "would be blocked",
            (Verdict::Fail, _) => "is blocked",
            (Verdict::Unknown, _) if self.is_too_early() => "cannot be judged yet",
            (Verdict::Unknown, _) => "cannot be judged: evidence is missing",
            (Verdict::Warn | Verdict::Waived, true) if excepted => "may merge by an exception",
            (Verdict::Warn | Verdict::Waived, false) if excepted => "may ship by an exception",
            (Verdict::Warn | Verdict::Waived, true) => "may merge, with a warning",
            (Verdict::Warn | Verdict::Waived, false) => "may ship, with a warning",
            (Verdict::Pass, true) => "may merge",
            (Verdict::Pass, false) => "may ship",
        }
    }

    /// Returns the causes of a verdict other than `pass`, in the order of the rules; for one rule the most severe defect
    /// first. A defect that breaks two rules is one cause.
    pub fn causes(&self) -> Vec<VerdictCause<'_>> {
        let mut causes: Vec<VerdictCause<'_>> = Vec::new();
        let weight = if self.verdict == Verdict::Waived { Verdict::Warn } else { self.verdict };
        let is_cause = |rule: &&RuleLine| weight != Verdict::Pass && rule.weight() == weight;
        for rule in self.rules.iter().filter(is_cause) {
            let before = causes.len();
            // A rule can count thousands of defects.
            let mut issues = rule.issues.clone();
            issues.sort_unstable();
            let is_of_rule = |number: u64| issues.binary_search(&number).is_ok();
            // The reason of a waived rule names the waiver, and a gap is no defect.
            let is_measured = !matches!(rule.verdict, Verdict::Unknown | Verdict::Waived);
            if rule.metric == UNFIXED && is_measured {
                let of_rule = self.defects.iter().filter(|line| is_of_rule(line.number));
                causes.extend(of_rule.map(|line| VerdictCause::Defect(line, rule)));
            } else if rule.metric == BLOCKERS && is_measured {
                let blockers = self.blockers.iter().flatten();
                let of_rule = blockers.filter(|line| is_of_rule(line.number) && line.done == Some(false));
                causes.extend(of_rule.map(|line| VerdictCause::Blocker(line, rule)));
            } else if FAILED_TESTS.contains(&rule.metric.as_str()) && is_measured {
                let failed = self.tests.as_ref().map_or(0, |tests| tests.failed + tests.errors);
                causes.extend((failed > 0).then_some(VerdictCause::Tests(failed, rule)));
            }
            if causes.len() == before {
                causes.push(VerdictCause::Rule(rule));
            }
        }
        let mut seen = HashSet::new();
        causes.retain(|cause| {
            let number = match cause {
                VerdictCause::Defect(line, _) => line.number,
                VerdictCause::Blocker(line, _) => line.number,
                VerdictCause::Tests(..) | VerdictCause::Rule(_) => return true,
            };
            seen.insert(number)
        });
        causes
    }

    /// Returns the verdict in one sentence, with its first cause. Untrusted.
    pub(super) fn verdict_sentence(&self) -> String {
        let subject = self.subject();
        let dry = if self.dry_run && self.verdict != Verdict::Fail { " (dry run)" } else { "" };
        let state = format!("{subject} {}{dry}", self.outcome());
        let causes = self.causes();
        let Some(first) = causes.first() else {
            return match (self.verdict, self.rules.len(), self.gaps.as_slice()) {
                (Verdict::Pass, 0, _) => format!("{state}: no rule is evaluated on it."),
                (Verdict::Pass, 1, _) => format!("{state}: the one rule holds."),
                (Verdict::Pass, n, _) => format!("{state}: all {n} rules hold."),
                (_, _, [first, ..]) => format!("{state}: {}.", first.what),
                (_, _, []) => format!("{state}."),
            };
        };
        let more = match causes.len() - 1 {
            0 => String::new(),
            more => format!("; {more} more"),
        };
        format!("{state}: {} (rule `{}`){more}.", first.clause(), first.rule().id)
    }

    /// Returns `true` if the verdict is unknown only because a sample is too small.
    fn is_too_early(&self) -> bool {
        let mut unknown = self.rules.iter().filter(|rule| rule.weight() == Verdict::Unknown).peekable();
        unknown.peek().is_some()
            && unknown.all(|rule| rule.insufficient)
            && self.gaps.iter().all(|gap| gap.verdict != Verdict::Unknown)
    }
}

/// Returns the noun of a defect with its severity: `critical defect`, `untriaged defect`.
pub fn defect_noun(line: &DefectLine) -> String {
    format!("{} defect", line.severity.map_or("untriaged", |severity| severity.name()))
}

/// Returns what is wrong with a defect that counts against the candidate.
pub fn defect_clause(line: &DefectLine) -> &'static str {
    match line.status.as_ref().and_then(|status| status.status) {
        Some(Status::Affected) | None => "is not fixed in it",
        Some(Status::UnderInvestigation) => "may be in it",
        // The policy counts it whatever its status: a label may have changed since.
        Some(Status::Fixed | Status::NotAffected) => "counts against it",
    }
}

/// Returns the beginning of a title.
fn short_title(title: &str) -> String {
    let title = title.trim();
    match title.char_indices().nth(TITLE_LENGTH) {
        Some((end, _)) => format!("{}…", title[..end].trim_end()),
        None => title.to_owned(),
    }
}
