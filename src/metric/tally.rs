//! Defects counted by where they stand.

use crate::evidence::Evidence;
use crate::model::{
    Area, CountBy, Defect, Details, IssueNumber, Lack, Measurement, MetricId, MetricValue, MissingReason,
    NAMED, Ratio, Scope, UndecidedBecause, join_limited,
};

use super::contribution::{Contribution, NotCountedReason, contribution_of};
use super::relevant_defects::relevant_defects;
use super::resolved_scope::{ResolvedScope, resolve_scope};
use super::sample::{self, Sample};

/// Defects of a scope, grouped by their contribution.
#[derive(Debug, Default)]
pub struct DefectTally {
    /// Defects that count against the release.
    pub against: Vec<IssueNumber>,
    /// Number of defects that are in the denominator only.
    pub in_favor: u64,
    /// Defects that may count, with the missing fact.
    pub undecided: Vec<(IssueNumber, UndecidedBecause)>,
    /// Number of defects whose release is too young.
    pub young: u64,
    /// Sample of the rule; `None` if all defects count.
    pub sampled: Option<Sample>,
    /// Defects under investigation in the candidate.
    pub investigated: Vec<IssueNumber>,
    /// Defects reported before the rule's `since`.
    pub debt: Vec<IssueNumber>,
    /// Defects that the candidate fixes.
    pub fixed: Vec<IssueNumber>,
    /// Defects that count by the release they were found in, because no origin is certain enough.
    pub by_found: Vec<IssueNumber>,
}

impl DefectTally {
    /// Adds one defect.
    fn add(&mut self, defect: &Defect, standing: Contribution) {
        let number = defect.number();
        match standing {
            Contribution::Against => self.against.push(number),
            Contribution::For => self.in_favor += 1,
            Contribution::Undecided(doubt) => self.undecided.push((number, doubt)),
            Contribution::NotCounted(NotCountedReason::Young) => self.young += 1,
            Contribution::NotCounted(NotCountedReason::UnderInvestigation) => self.investigated.push(number),
            Contribution::NotCounted(NotCountedReason::Debt) => self.debt.push(number),
            Contribution::NotCounted(NotCountedReason::Fixed) => self.fixed.push(number),
            Contribution::NotCounted(
                NotCountedReason::NotAboutDefects
                | NotCountedReason::Caught
                | NotCountedReason::Filtered(_)
                | NotCountedReason::OutOfScope
                | NotCountedReason::NotAffected
                | NotCountedReason::Accepted
                | NotCountedReason::ConditionNotMet(_)
                | NotCountedReason::NotDrawn
                | NotCountedReason::NoOrigin
                | NotCountedReason::NoFix
                | NotCountedReason::NotLookedAt
                | NotCountedReason::Unsure
                | NotCountedReason::Open,
            ) => {}
        }
    }

    /// A measurement of these defects.
    pub fn measured(self, value: MetricValue, mut window: ResolvedScope<'_>) -> Measurement {
        let mut details = Details {
            investigated: self.investigated,
            debt: self.debt,
            fixed: self.fixed,
            ..Details::default()
        };
        if let Some(note) = found_release_note(&self.by_found) {
            window.notes.push(note);
        }
        if let Some(sample) = self.sampled {
            window.notes.push(sample.note);
            details.sampled = sample.drawn.into_iter().collect();
        }
        Measurement {
            value,
            against: self.against,
            basis: window.basis,
            notes: window.notes,
            undecided: self.undecided,
            details,
        }
    }
}

/// Returns a note about defects that count by the release they were found in although the policy counts by origin.
fn found_release_note(numbers: &[IssueNumber]) -> Option<String> {
    let why = "counted by the release they were found in, since no origin is sure enough";
    (!numbers.is_empty()).then(|| format!("{why}: {}", join_limited(numbers, NAMED)))
}

/// Tallies the defects that a metric looks at; if none were read, or the scope is none, the reason.
pub fn tally_defects(
    metric: MetricId,
    evidence: &Evidence,
    scope: &Scope,
    window: &ResolvedScope<'_>,
) -> Result<DefectTally, MissingReason> {
    let Some(defects) = relevant_defects(metric, evidence, &scope.filter, window) else {
        return Err(MissingReason {
            reason: "no issues were collected".into(),
            lack: Lack::Unread(Area::Issues),
        });
    };
    let sample = sample::draw_sample(metric, evidence, scope, window);
    let mut tally = DefectTally::default();
    for defect in defects {
        let standing = contribution_of(metric, evidence, window, &scope.filter, defect);
        // A reader who sees the origin elsewhere would take this for a mistake, so a note names the
        // defect.
        if standing == Contribution::Against
            && window.origin.count_by == CountBy::Introduced
            && window.origin.origin_of(defect).is_none()
        {
            tally.by_found.push(defect.number());
        }
        tally.add(defect, sample.as_ref().map_or(standing, |sample| sample.only(defect, standing)));
    }
    tally.sampled = sample;
    Ok(tally)
}

/// Counts the defects that speak against the release.
pub fn count_defects(metric: MetricId, evidence: &Evidence, scope: &Scope) -> Measurement {
    let counted = || -> Result<Measurement, MissingReason> {
        let mut window = resolve_scope(evidence, scope)?;
        let tally = tally_defects(metric, evidence, scope, &window)?;
        if !tally.investigated.is_empty() {
            let named = join_limited(&tally.investigated, NAMED);
            window.notes.push(format!("under investigation, not counted: {named}"));
        }
        if let (false, Some(since)) = (tally.debt.is_empty(), scope.reported_since) {
            let named = join_limited(&tally.debt, NAMED);
            window.notes.push(format!("not counted: debt, reported before {since}: {named}"));
        }
        let value = MetricValue::Count(tally.against.len() as u64);
        Ok(tally.measured(value, window))
    };
    counted().unwrap_or_else(Measurement::from)
}

/// Measures the share of covered defects among the closed ones. With none in scope the value is 0 of 0, which is within any
/// limit.
pub fn measure_coverage(metric: MetricId, evidence: &Evidence, scope: &Scope) -> Measurement {
    let covered = || -> Result<Measurement, MissingReason> {
        let window = resolve_scope(evidence, scope)?;
        let tally = tally_defects(metric, evidence, scope, &window)?;
        let denominator = tally.in_favor + tally.against.len() as u64;
        let value = MetricValue::Ratio(Ratio { numerator: tally.in_favor, denominator });
        Ok(tally.measured(value, window))
    };
    covered().unwrap_or_else(Measurement::from)
}

/// Closed escaped defects with a regression test ÷ closed escaped defects.
pub fn regression_test_coverage(evidence: &Evidence, scope: &Scope) -> Measurement {
    let mut measured = measure_coverage(MetricId::RegressionTestCoverage, evidence, scope);
    if evidence.tests.is_none() {
        measured
            .notes
            .push("no test reports were asked for: only fixes that change a test file count".into());
    }
    measured
}
