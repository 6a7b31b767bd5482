//! Where one defect stands with one metric. Every value is a tally of this, so what is told of a defect is what was counted.

use std::fmt;

use crate::evidence::Evidence;
use crate::model::{Defect, DefectAttribute, Filter, IssueState, MetricId, Phase, Status, UndecidedBecause};

use super::coverage;
use super::detect;
use super::failure;
use super::rate::shipped_in;
use super::select::{Belongs, belongs};
use super::window::{Extent, Window};

/// Where a defect stands with a metric over a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is counted, and speaks against the release.
    Against,
    /// It is in a ratio's denominator and speaks for the release: caught in time, or learnt from.
    Beside,
    /// It is not counted.
    Out(Why),
    /// It may be counted, and this is not known of it.
    Doubtful(UndecidedBecause),
}

/// Why a defect is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The metric counts something else: test results, blockers.
    NotAboutDefects,
    /// It was caught before production.
    Caught,
    /// The filter asks for another value of this attribute.
    Filtered(DefectAttribute),
    /// It was found in another release, or reported at another time.
    OutOfScope,
    /// The candidate has its fix.
    Fixed,
    /// The candidate is not affected.
    NotAffected,
    /// Nothing says whether the candidate is affected.
    UnderInvestigation,
    /// A person accepted it: closed as not planned.
    Accepted,
    /// It was reported before the rule's `since`.
    Debt,
    /// A label gives it a severity.
    Triaged,
    /// It has a release.
    Attributed,
    /// It is still open, and there is nothing to learn from yet.
    Open,
    /// Its release is too young, or still to come.
    Young,
    /// The rule looks at a sample, and it is not in that.
    NotDrawn,
    /// It is not known when it came in.
    NoOrigin,
    /// It has no fix yet, and nobody says where it came from.
    NoFix,
    /// There are more defects than a run looks up.
    NotLookedAt,
    /// Its origin is less sure than the rule asks for.
    Unsure,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAboutDefects => f.write_str("the rule does not count defects"),
            Self::Caught => f.write_str("it was caught before production"),
            Self::Filtered(attribute) => write!(f, "the rule asks for another {}", attribute.name()),
            Self::OutOfScope => f.write_str("it is not in the scope"),
            Self::Fixed => f.write_str("it is fixed"),
            Self::NotAffected => f.write_str("the candidate is not affected"),
            Self::UnderInvestigation => f.write_str("nothing says yet whether the candidate is affected"),
            Self::Accepted => f.write_str("it was accepted: closed as not planned"),
            Self::Debt => f.write_str("it was reported before the day from which the rule counts"),
            Self::Triaged => f.write_str("it has a severity"),
            Self::Attributed => f.write_str("it has a release"),
            Self::Open => f.write_str("it is not closed yet"),
            Self::Young => f.write_str("its release is too young, or still to come"),
            Self::NotDrawn => f.write_str("it is not in the sample"),
            Self::NoOrigin => f.write_str("it is not known when it came in"),
            Self::NoFix => f.write_str("it is not fixed yet, and nobody says where it came from"),
            Self::NotLookedAt => f.write_str("there are more defects than one run looks up"),
            Self::Unsure => f.write_str("where it came from is less sure than the rule asks for"),
        }
    }
}

/// Where a defect stands with a metric. What the policy excludes stands as if it were not excluded.
pub fn standing(
    metric: MetricId,
    evidence: &Evidence,
    window: &Window<'_>,
    filter: &Filter,
    defect: &Defect,
) -> Standing {
    if metric != MetricId::EscapeRate && defect.phase != Phase::Escaped {
        return Standing::Out(Why::Caught);
    }
    let asked = belongs(defect, filter);
    if let Belongs::No(attribute) = asked {
        return Standing::Out(Why::Filtered(attribute));
    }
    let by_itself = match metric {
        MetricId::Escaped | MetricId::Excluded => in_scope(window.holds(defect)),
        MetricId::Unfixed => unfixed(evidence, window, defect),
        MetricId::Untriaged if defect.triaged => Standing::Out(Why::Triaged),
        MetricId::Untriaged => in_scope(window.holds(defect)),
        MetricId::Unattributed if defect.found_in.release.is_some() => Standing::Out(Why::Attributed),
        MetricId::Unattributed => in_scope(since_the_oldest(window, defect)),
        MetricId::EscapeRate => rated(evidence, window, defect),
        MetricId::ChangeFailureRate => failing(evidence, window, defect),
        MetricId::TimeToDetect if window.holds(defect) => detect::timed(window.origin, defect),
        MetricId::TimeToDetect => Standing::Out(Why::OutOfScope),
        MetricId::RootCauseCoverage => {
            learnt_from(window, defect, |defect| defect.root_cause_shown_by.is_some())
        }
        MetricId::RegressionTestCoverage => {
            learnt_from(window, defect, |defect| coverage::has_regression_test(evidence, defect))
        }
        // Blockers are no defects: they are counted as a whole, escaped or not.
        MetricId::Blockers
        | MetricId::TestsFailed
        | MetricId::TestsErrors
        | MetricId::TestsSkipped
        | MetricId::TestsFlaky
        | MetricId::TestsTotal
        | MetricId::TestsPassRate => Standing::Out(Why::NotAboutDefects),
    };
    match (by_itself, asked) {
        (Standing::Against | Standing::Beside | Standing::Doubtful(_), _) if window.is_debt(defect) => {
            Standing::Out(Why::Debt)
        }
        (Standing::Against | Standing::Beside | Standing::Doubtful(_), Belongs::Perhaps) => {
            Standing::Doubtful(UndecidedBecause::Severity)
        }
        (Standing::Against | Standing::Beside | Standing::Doubtful(_) | Standing::Out(_), _) => by_itself,
    }
}

/// Counted, if it is in scope.
fn in_scope(holds: bool) -> Standing {
    if holds { Standing::Against } else { Standing::Out(Why::OutOfScope) }
}

/// Counts a defect by its status in the candidate. A scope of releases also holds what names no release, and what was found in
/// a release to come: shipping the candidate does not fix it.
fn unfixed(evidence: &Evidence, window: &Window<'_>, defect: &Defect) -> Standing {
    let is_published = |tag| evidence.age_days(tag).is_some();
    let of_releases = matches!(window.extent, Extent::Releases(_));
    let is_ahead = || defect.found_in.release.as_ref().is_none_or(|tag| !is_published(tag));
    if !(window.holds(defect) || (of_releases && is_ahead())) {
        return Standing::Out(Why::OutOfScope);
    }
    let Some(found) = &defect.status else { return Standing::Doubtful(UndecidedBecause::Fix) };
    let status = match found.status {
        Err(_) => return Standing::Doubtful(UndecidedBecause::Fix),
        Ok(Status::Fixed) => return Standing::Out(Why::Fixed),
        Ok(Status::NotAffected) => return Standing::Out(Why::NotAffected),
        Ok(status @ (Status::Affected | Status::UnderInvestigation)) => status,
    };
    if found.accepted {
        return Standing::Out(Why::Accepted);
    }
    if status == Status::UnderInvestigation && !window.counts_investigated {
        return Standing::Out(Why::UnderInvestigation);
    }
    Standing::Against
}

/// For a scope of releases: reported since the oldest of them was published.
fn since_the_oldest(window: &Window<'_>, defect: &Defect) -> bool {
    match &window.extent {
        Extent::Releases(_) => window.oldest.is_none_or(|oldest| defect.issue.created_at >= oldest),
        Extent::Candidate(_) | Extent::Period(..) | Extent::All | Extent::Nothing => window.holds(defect),
    }
}

/// Defects of releases younger than `mature-after` stay out of a rate: their users have not had the time to find what they
/// will find, so a young release always looks better than it is. A defect that was caught in a pre-release belongs to the
/// release that followed it.
fn rated(evidence: &Evidence, window: &Window<'_>, defect: &Defect) -> Standing {
    let release = shipped_in(evidence, defect, window.origin);
    let held = match (&window.extent, release) {
        (Extent::Releases(_), Some(release)) => window.holds_in(&release.tag, defect),
        (Extent::Candidate(candidate), Some(release)) => release.tag == **candidate,
        (Extent::Releases(_) | Extent::Candidate(_), None) => false,
        (Extent::Period(..) | Extent::All | Extent::Nothing, _) => window.holds(defect),
    };
    if !held {
        return Standing::Out(Why::OutOfScope);
    }
    let is_young = match release {
        Some(release) => !evidence.is_old_enough(release),
        // What was caught for a release to come has no users yet who could find what escapes.
        None => defect.phase == Phase::Caught,
    };
    match (is_young, defect.phase) {
        (true, _) => Standing::Out(Why::Young),
        (false, Phase::Escaped) => Standing::Against,
        (false, Phase::Caught) => Standing::Beside,
    }
}

/// A defect makes a release fail, if that is mature.
fn failing(evidence: &Evidence, window: &Window<'_>, defect: &Defect) -> Standing {
    match failure::failed_by(evidence, window, defect) {
        Some(release) if evidence.is_old_enough(release) => Standing::Against,
        Some(_) => Standing::Out(Why::Young),
        None => Standing::Out(Why::OutOfScope),
    }
}

/// A closed defect, covered or not.
fn learnt_from(window: &Window<'_>, defect: &Defect, is_covered: impl Fn(&Defect) -> bool) -> Standing {
    match (window.holds(defect), defect.issue.state) {
        (false, _) => Standing::Out(Why::OutOfScope),
        (true, IssueState::Open) => Standing::Out(Why::Open),
        (true, IssueState::Closed) if is_covered(defect) => Standing::Beside,
        (true, IssueState::Closed) => Standing::Against,
    }
}
