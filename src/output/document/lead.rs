//! What a reader needs to act: the verdict, its causes, and the next steps.

use super::{DocumentMedium, DocumentSection, Paragraph, capitalize, issue, prose, sentence};
use crate::output::escape::{Safe, safe};
use crate::output::labels;
use crate::report::{
    BasePolicyState, DefectLine, DryRun, Report, RuleLine, Verdict, VerdictCause, defect_clause, defect_noun,
};

/// Maximum number of causes that are named.
const CAUSES: usize = 3;

/// Maximum number of next steps in the lead; the others are among the details.
const STEPS: usize = 4;

/// Returns the verdict on the candidate: `v1.4.0 is blocked`.
pub fn headline<M: DocumentMedium>(report: &Report) -> Safe<M> {
    safe!("{} {}{}", M::title(&report.subject()), report.outcome(), labels::dry_run_suffix(report))
}

/// Returns the causes and the next steps. If all rules pass, one sentence.
pub fn lead<M: DocumentMedium>(report: &Report) -> Vec<Paragraph<M>> {
    let mut lead = if report.verdict == Verdict::Pass { vec![passing(report)] } else { causes(report) };
    lead.extend(base_policy(report));
    lead.extend(match report.dry_run_by {
        Some(DryRun::Option) => Some(vec!["Dry run: the verdict is the true one and blocks nothing.".into()]),
        Some(DryRun::Policy) => {
            Some(vec![prose("Observed (`mode: observe` in the policy): this blocks nothing.")])
        }
        None => None,
    });
    lead.extend(own_part(report));
    lead.extend(next_steps(report));
    lead
}

/// Counts what passes: `All 2 rules hold, 3 tests passed.`
fn passing<M: DocumentMedium>(report: &Report) -> Paragraph<M> {
    let rules: Safe<M> = match report.rules.len() {
        0 => "No rule is evaluated on it".into(),
        1 => "The one rule holds".into(),
        all => safe!("All {} rules hold", all),
    };
    let tests = report
        .tests
        .as_ref()
        .map(|tests| safe!(", {} passed", labels::counted_noun(tests.passed, "test", "tests")));
    vec![safe!("{}{}.", rules, tests.unwrap_or_default())]
}

/// Names the first causes, and counts the others.
fn causes<M: DocumentMedium>(report: &Report) -> Vec<Paragraph<M>> {
    let causes = report.causes();
    let mut named: Vec<Paragraph<M>> =
        causes.iter().take(CAUSES).map(|cause| cause_paragraph(report, cause)).collect();
    let more = causes.len().saturating_sub(CAUSES);
    if more > 0 {
        named.push(vec![safe!(
            "{} not named here.",
            labels::counted_noun(more as u64, "more cause is", "more causes are")
        )]);
    }
    named
}

fn cause_paragraph<M: DocumentMedium>(report: &Report, cause: &VerdictCause<'_>) -> Paragraph<M> {
    match cause {
        VerdictCause::Defect(line, rule) => {
            let noun = prose(&capitalize(&defect_noun(line)));
            let title = M::strong(&M::title(&line.title));
            let clause = if rule.blocks_release { "would block the release" } else { defect_clause(line) };
            let what = safe!("{} {} {} {}.", noun, issue(line.number, &line.url), title, clause);
            vec![what, defect_facts(report, line)]
        }
        VerdictCause::Blocker(line, rule) => {
            let title = M::strong(&M::title(&line.title));
            let clause = if rule.blocks_release { "would block the release" } else { "is not done" };
            let what = safe!("Release blocker {} {} {}.", issue(line.number, &line.url), title, clause);
            vec![what, sentence(report, &line.reason)]
        }
        VerdictCause::Tests(count, _) => {
            vec![safe!("{} failed.", M::strong(&labels::counted_noun(*count, "test", "tests")))]
        }
        VerdictCause::Rule(rule) => rule_paragraph(report, rule),
    }
}

/// Renders the reason of a rule, and its name.
fn rule_paragraph<M: DocumentMedium>(report: &Report, rule: &RuleLine) -> Paragraph<M> {
    let reason = sentence(report, &capitalize(&rule.reason));
    vec![safe!("{} (rule {})", reason, M::name(&rule.id))]
}

/// Renders status, age, component and team of a defect.
fn defect_facts<M: DocumentMedium>(report: &Report, line: &DefectLine) -> Safe<M> {
    let mut facts: Vec<Safe<M>> = Vec::new();
    facts.extend(line.status.as_ref().map(|status| sentence(report, &status.shown)));
    facts.extend((!line.triaged && line.severity.is_some()).then(|| "severity assumed".into()));
    let days = report.evaluated_at.duration_since(line.created_at).as_hours() / 24;
    if let Some(days) = u64::try_from(days).ok().filter(|_| line.open) {
        facts.push(safe!("open for {}", labels::counted_noun(days, "day", "days")));
    }
    let areas = labels::components_and_teams(line, &M::name);
    facts.extend((!areas.is_empty()).then_some(areas));
    Safe::join(&facts, " · ")
}

/// Renders the part of the base branch's policy, if it differs from the pull request's.
fn base_policy<M: DocumentMedium>(report: &Report) -> Option<Paragraph<M>> {
    let base = report.base_policy.as_ref()?;
    // An unread policy is a gap, which is named above.
    (base.state != BasePolicyState::Unread).then(|| vec![safe!("{}.", prose(&capitalize(&base.note)))])
}

/// Says which part the pull request itself has: the defects that it fixes or brings back, and those that it did not cause.
fn own_part<M: DocumentMedium>(report: &Report) -> Option<Paragraph<M>> {
    let change = report.pull_request.as_ref()?;
    let numbers = |all: &[u64]| {
        let links: Vec<Safe<M>> =
            all.iter().take(10).map(|number| sentence(report, &format!("#{number}"))).collect();
        safe!("{}{}", Safe::join(&links, ", "), labels::and_more(all.len(), links.len()))
    };
    let mut parts: Vec<Safe<M>> = Vec::new();
    if !change.fixes.is_empty() {
        parts.push(safe!("This pull request fixes {}.", numbers(&change.fixes)));
    }
    if !change.takes_back.is_empty() {
        parts.push(safe!("This pull request takes back the fix of {}.", numbers(&change.takes_back)));
    }
    let is_older = |cause: &VerdictCause<'_>| match cause {
        VerdictCause::Defect(line, _) => !change.takes_back.contains(&line.number),
        VerdictCause::Blocker(..) | VerdictCause::Tests(..) | VerdictCause::Rule(_) => false,
    };
    let causes = report.causes();
    if !causes.is_empty() && causes.iter().all(is_older) {
        parts.push("Not caused by this pull request: it was reported before the change was merged.".into());
    }
    (!parts.is_empty()).then(|| vec![Safe::join(&parts, " ")])
}

/// Returns the first steps that turn the verdict to `pass`: on one line, or one line each if the medium shows all.
fn next_steps<M: DocumentMedium>(report: &Report) -> Option<Paragraph<M>> {
    let lead: Safe<M> = match report.verdict {
        Verdict::Fail => "To unblock:".into(),
        Verdict::Unknown => "To decide:".into(),
        Verdict::Warn | Verdict::Waived | Verdict::Pass => "To clear the warning:".into(),
    };
    let steps: Vec<Safe<M>> =
        report.next.iter().take(STEPS).map(|step| sentence(report, &capitalize(step))).collect();
    if steps.is_empty() {
        return None;
    }
    let lead = M::strong(&lead);
    Some(match M::SHOWS_ALL {
        true => [lead].into_iter().chain(steps).collect(),
        false => vec![safe!("{} {}", lead, Safe::join(&steps, " "))],
    })
}

/// Lists the next steps that the lead leaves out.
pub fn more_steps<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let steps =
        report.next.iter().skip(STEPS).map(|step| vec![sentence(report, &capitalize(step))]).collect();
    DocumentSection::of("More steps", "steps", 8, steps)
}
