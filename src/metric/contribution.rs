//! How one defect counts in one metric. Values are sums of these, so explanations always match the numbers.

use std::fmt;

use crate::evidence::Evidence;
use crate::model::{
    Defect, DefectAttribute, DefectFilter, DefectOrigin, Formula, IssueState, MetricId, NoOrigin,
    OriginFilter, Phase, Release, Status, UndecidedBecause,
};

use super::failed_release::failed_release;
use super::filter_match::{FilterMatch, match_filter};
use super::regression_test::has_regression_test;
use super::resolved_scope::{ResolvedScope, ScopeKind};

/// Contribution of one defect to a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contribution {
    /// Counted against the release.
    Against,
    /// In the denominator of a ratio only: caught before production, or covered.
    For,
    /// Not counted, with the reason.
    NotCounted(NotCountedReason),
    /// Undecided, because a fact is missing.
    Undecided(UndecidedBecause),
}

/// Reason for not counting a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotCountedReason {
    /// The metric counts something else: test results, blockers.
    NotAboutDefects,
    /// Caught before production.
    Caught,
    /// The filter asks for another value of this attribute.
    Filtered(DefectAttribute),
    /// Found in another release, or reported at another time.
    OutOfScope,
    /// The candidate contains the fix.
    Fixed,
    /// The candidate is not affected.
    NotAffected,
    /// No evidence decides whether the candidate is affected.
    UnderInvestigation,
    /// Accepted by a maintainer: closed as not planned.
    Accepted,
    /// Reported before the rule's `since`.
    Debt,
    /// Does not meet the condition of the metric, for example "it has a severity".
    ConditionNotMet(&'static str),
    /// Still open: root cause and regression test are not due yet.
    Open,
    /// The release is too young, or not published yet.
    Young,
    /// Not in the sample of the rule.
    NotDrawn,
    /// The origin is unknown.
    NoOrigin,
    /// No fix yet, and no statement about the origin.
    NoFix,
    /// Beyond the number of defects that one run looks up.
    NotLookedAt,
    /// The origin is less certain than the rule requires.
    Unsure,
}

impl fmt::Display for NotCountedReason {
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
            Self::ConditionNotMet(why) => f.write_str(why),
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

/// Returns how a defect counts in a metric. An excluded issue is treated as if it were not excluded.
pub fn contribution_of(
    metric: MetricId,
    evidence: &Evidence,
    window: &ResolvedScope<'_>,
    filter: &DefectFilter,
    defect: &Defect,
) -> Contribution {
    // The escape rate is the only metric with caught defects in its denominator.
    if metric != MetricId::EscapeRate && defect.phase != Phase::Escaped {
        return Contribution::NotCounted(NotCountedReason::Caught);
    }
    // Before the scope: `explain` names the attribute, which a reader can check without knowing the
    // releases.
    let asked = match_filter(defect, filter);
    if let FilterMatch::Mismatch(attribute) = asked {
        return Contribution::NotCounted(NotCountedReason::Filtered(attribute));
    }
    let by_itself = match metric.row().formula {
        Formula::Defects(Some(condition)) if !(condition.is_met)(defect) => {
            Contribution::NotCounted(NotCountedReason::ConditionNotMet(condition.otherwise))
        }
        Formula::Defects(_) | Formula::Excluded => against_if(window.contains(defect)),
        Formula::Unfixed => unfixed_contribution(evidence, window, defect),
        Formula::Unattributed if defect.found_in.release.is_some() => {
            Contribution::NotCounted(NotCountedReason::ConditionNotMet("it has a release"))
        }
        Formula::Unattributed => against_if(is_reported_since_oldest(window, defect)),
        Formula::EscapeRate => rate_contribution(evidence, window, defect),
        Formula::ChangeFailureRate => failure_contribution(evidence, window, defect),
        Formula::TimeToDetect if window.contains(defect) => detection_contribution(window.origin, defect),
        Formula::TimeToDetect => Contribution::NotCounted(NotCountedReason::OutOfScope),
        Formula::Coverage(is_covered) => coverage_contribution(window, defect, is_covered),
        Formula::RegressionTestCoverage => {
            coverage_contribution(window, defect, |defect| has_regression_test(evidence, defect))
        }
        // Blockers are no defects: they are counted as a whole, escaped or not.
        Formula::Blockers | Formula::Tests(_) | Formula::TestPassRate => {
            Contribution::NotCounted(NotCountedReason::NotAboutDefects)
        }
    };
    match (by_itself, asked) {
        (Contribution::Against | Contribution::For | Contribution::Undecided(_), _)
            if window.is_debt(defect) =>
        {
            Contribution::NotCounted(NotCountedReason::Debt)
        }
        (Contribution::Against | Contribution::For | Contribution::Undecided(_), FilterMatch::Unknown) => {
            Contribution::Undecided(UndecidedBecause::Severity)
        }
        (
            Contribution::Against
            | Contribution::For
            | Contribution::Undecided(_)
            | Contribution::NotCounted(_),
            _,
        ) => by_itself,
    }
}

/// Counts a defect against the release if it is in scope.
fn against_if(holds: bool) -> Contribution {
    if holds { Contribution::Against } else { Contribution::NotCounted(NotCountedReason::OutOfScope) }
}

/// Counts a defect by its status in the candidate. A scope of releases also holds what names no release, and what was found in
/// a release to come: shipping the candidate does not fix it.
fn unfixed_contribution(evidence: &Evidence, window: &ResolvedScope<'_>, defect: &Defect) -> Contribution {
    // A release to come has no age.
    let is_published = |tag| evidence.age_days(tag).is_some();
    let of_releases = matches!(window.kind, ScopeKind::Releases(_));
    let is_ahead = || defect.found_in.release.as_ref().is_none_or(|tag| !is_published(tag));
    if !(window.contains(defect) || (of_releases && is_ahead())) {
        return Contribution::NotCounted(NotCountedReason::OutOfScope);
    }
    // No status means that no evidence was collected. "Not counted" would let a blocked release
    // pass.
    let Some(found) = &defect.status else { return Contribution::Undecided(UndecidedBecause::Fix) };
    let status = match found.status {
        Err(_) => return Contribution::Undecided(UndecidedBecause::Fix),
        Ok(Status::Fixed) => return Contribution::NotCounted(NotCountedReason::Fixed),
        Ok(Status::NotAffected) => return Contribution::NotCounted(NotCountedReason::NotAffected),
        Ok(status @ (Status::Affected | Status::UnderInvestigation)) => status,
    };
    // After `Fixed`: an accepted defect that is fixed anyway is reported as fixed.
    if found.accepted {
        return Contribution::NotCounted(NotCountedReason::Accepted);
    }
    if status == Status::UnderInvestigation && !window.counts_investigated {
        return Contribution::NotCounted(NotCountedReason::UnderInvestigation);
    }
    Contribution::Against
}

/// For a scope of releases: reported since the oldest of them was published.
fn is_reported_since_oldest(window: &ResolvedScope<'_>, defect: &Defect) -> bool {
    match &window.kind {
        ScopeKind::Releases(_) => window.oldest.is_none_or(|oldest| defect.issue.created_at >= oldest),
        ScopeKind::Candidate(_) | ScopeKind::Period(..) | ScopeKind::All | ScopeKind::Nothing => {
            window.contains(defect)
        }
    }
}

/// Defects of releases younger than `mature-after` stay out of a rate: their users have not had the time to find what they
/// will find, so a young release always looks better than it is. A defect that was caught in a pre-release belongs to the
/// release that followed it.
fn rate_contribution(evidence: &Evidence, window: &ResolvedScope<'_>, defect: &Defect) -> Contribution {
    let release = shipped_release(evidence, defect, window.origin);
    // A period goes by the report and not by the release, because it asks when users met the
    // defect.
    let held = match (&window.kind, release) {
        (ScopeKind::Releases(_), Some(release)) => window.contains_in(&release.tag, defect),
        (ScopeKind::Candidate(candidate), Some(release)) => release.tag == **candidate,
        (ScopeKind::Releases(_) | ScopeKind::Candidate(_), None) => false,
        (ScopeKind::Period(..) | ScopeKind::All | ScopeKind::Nothing, _) => window.contains(defect),
    };
    if !held {
        return Contribution::NotCounted(NotCountedReason::OutOfScope);
    }
    let is_young = match release {
        Some(release) => !evidence.is_old_enough(release),
        // What was caught for a release to come has no users yet who could find what escapes.
        None => defect.phase == Phase::Caught,
    };
    match (is_young, defect.phase) {
        (true, _) => Contribution::NotCounted(NotCountedReason::Young),
        (false, Phase::Escaped) => Contribution::Against,
        (false, Phase::Caught) => Contribution::For,
    }
}

/// Counts a defect that makes a mature release fail.
fn failure_contribution(evidence: &Evidence, window: &ResolvedScope<'_>, defect: &Defect) -> Contribution {
    match failed_release(evidence, window, defect) {
        Some(release) if evidence.is_old_enough(release) => Contribution::Against,
        Some(_) => Contribution::NotCounted(NotCountedReason::Young),
        None => Contribution::NotCounted(NotCountedReason::OutOfScope),
    }
}

/// Counts a closed defect by whether it is covered.
fn coverage_contribution(
    window: &ResolvedScope<'_>,
    defect: &Defect,
    is_covered: impl Fn(&Defect) -> bool,
) -> Contribution {
    match (window.contains(defect), defect.issue.state) {
        (false, _) => Contribution::NotCounted(NotCountedReason::OutOfScope),
        (true, IssueState::Open) => Contribution::NotCounted(NotCountedReason::Open),
        (true, IssueState::Closed) if is_covered(defect) => Contribution::For,
        (true, IssueState::Closed) => Contribution::Against,
    }
}

/// The stable release that a defect counts for: that which followed, for one found in a pre-release.
fn shipped_release<'a>(evidence: &'a Evidence, defect: &Defect, origin: OriginFilter) -> Option<&'a Release> {
    let release = evidence.timeline.get(origin.release_of(defect)?)?;
    let followed_by = |at| evidence.timeline.first_after(at);
    Some(release.published_at.filter(|_| release.prerelease).and_then(followed_by).unwrap_or(release))
}

/// Returns `For` for a defect with a time to detect, otherwise the reason why it has none.
fn detection_contribution(by: OriginFilter, defect: &Defect) -> Contribution {
    let Some(origin) = &defect.introduced else {
        return Contribution::NotCounted(NotCountedReason::NoOrigin);
    };
    if detection_seconds(defect, by).is_some() && origin.confidence >= by.sure {
        return Contribution::For;
    }
    Contribution::NotCounted(match origin.nothing {
        Some(NoOrigin::NoFix) => NotCountedReason::NoFix,
        Some(NoOrigin::NotLookedAt) => NotCountedReason::NotLookedAt,
        Some(
            NoOrigin::FixNotHere
            | NoOrigin::BulkFix
            | NoOrigin::NothingToBlame
            | NoOrigin::ShallowClone
            | NoOrigin::BlameFailed
            | NoOrigin::AllRuledOut
            | NoOrigin::TooUncertain
            | NoOrigin::NoHistory
            | NoOrigin::NotAskedFor,
        ) => NotCountedReason::NoOrigin,
        None if origin.confidence < by.sure => NotCountedReason::Unsure,
        None => NotCountedReason::NoOrigin,
    })
}

/// Returns the time from origin to report in seconds; `None` if the origin is unknown or later than the report.
pub fn detection_seconds(defect: &Defect, by: OriginFilter) -> Option<u64> {
    let since = |origin: &DefectOrigin| origin.since(by.since);
    let from = defect.introduced.as_deref().and_then(since)?;
    // A negative time means a wrong origin, or a clock that was wrong at the commit.
    u64::try_from(defect.issue.created_at.duration_since(from).as_secs()).ok()
}
