//! One metric over consecutive scopes, for example this release and the releases before it.

use jiff::{SignedDuration, Timestamp};

use super::resolved_scope::PeriodSequence;
use super::{measure, test_counts};
use crate::evidence::Evidence;
use crate::model::{DefectFilter, MAX_EARLIER_VALUES, Measurement, MetricId, OriginFilter, Over, Scope};

/// A value and the earlier values to compare it with, all of the same age or length.
pub struct Comparison {
    /// Value of the current scope.
    pub current: Measurement,
    /// Earlier values, newest first.
    pub earlier: Vec<Measurement>,
}

/// Measures a metric over the current scope and up to `count` earlier ones.
///
/// Releases are compared at one age: that of the youngest, at most `mature-after`. Calendar periods are compared as far
/// as the running one has come; a period that began before the first release was published is none to compare with.
pub fn compare_with_earlier(
    metric: MetricId,
    evidence: &Evidence,
    over: Over,
    filter: &DefectFilter,
    origin: OriginFilter,
    count: u32,
) -> Comparison {
    // Test reports of earlier releases are in no snapshot. The run is given one number with
    // `--tests-before`.
    if metric == MetricId::TestsTotal {
        let present = measure(metric, evidence, &Scope::new(over, filter.clone()));
        return Comparison {
            current: present,
            earlier: test_counts::earlier_total(evidence).into_iter().collect(),
        };
    }
    // A release of yesterday has had one day to show its defects. Its predecessor must be counted
    // after one day, too.
    let cut = current_age(over, evidence);
    let at = measure_at(metric, evidence, Scope { max_age: cut, origin, ..Scope::new(over, filter.clone()) });
    let most = count.min(MAX_EARLIER_VALUES).min(earlier_scope_count(over, evidence));
    Comparison { current: at(0), earlier: (1..=most).map(at).collect() }
}

/// Measures a metric over the last `count` whole windows, the oldest first: mature releases, each at the age of
/// `mature-after`; or periods that have ended.
///
/// # Errors
/// If there are fewer, with what there is.
pub fn measure_series(
    metric: MetricId,
    evidence: &Evidence,
    over: Over,
    filter: &DefectFilter,
    origin: OriginFilter,
    count: u32,
) -> Result<Vec<Measurement>, String> {
    let (first, cut, what) = match over {
        Over::Current => {
            // A trend needs periods of equal length, so it leaves out releases that are still
            // collecting defects.
            let young = evidence.timeline.before_candidate().take_while(|r| !evidence.is_mature(&r.tag));
            let mature_after = SignedDuration::from_hours(24 * i64::from(evidence.mature_after_days));
            (young.count() as u32, Some(mature_after), "releases old enough to compare")
        }
        // The running period is not over yet. It would always look like an improvement.
        Over::Month | Over::Quarter | Over::Period(_) => (1, None, "whole periods since the first release"),
        Over::Candidate
        | Over::Supported
        | Over::LastReleases(_)
        | Over::LastDays(_)
        | Over::LastMonths(_)
        | Over::LastQuarters(_)
        | Over::LastPeriods(..)
        | Over::All => (0, None, "whole periods since the first release"),
    };
    // The present window is one of those there are, unless it is still running.
    let there = (earlier_scope_count(over, evidence) + 1).saturating_sub(first);
    // Before the first release, `+ 1` would count a period in which nothing could escape.
    let there = if evidence.timeline.current().is_none() { 0 } else { there };
    if there < count {
        return Err(format!("there are {there} of {count} {what}"));
    }
    let at = measure_at(metric, evidence, Scope { max_age: cut, origin, ..Scope::new(over, filter.clone()) });
    Ok((first..first + count).rev().map(at).collect())
}

/// Returns a function that measures the metric a number of steps before the current scope.
fn measure_at(metric: MetricId, evidence: &Evidence, scope: Scope) -> impl Fn(u32) -> Measurement {
    move |back| measure(metric, evidence, &Scope { back, ..scope.clone() })
}

/// Returns the age of the current scope; `None` if all scopes have the same length.
fn current_age(over: Over, evidence: &Evidence) -> Option<SignedDuration> {
    match over {
        Over::Current | Over::LastReleases(_) => {
            let published = evidence.timeline.current()?.published_at?;
            let mature_after = SignedDuration::from_hours(24 * i64::from(evidence.mature_after_days));
            Some(evidence.now.duration_since(published).min(mature_after))
        }
        Over::Month | Over::Quarter | Over::Period(_) => {
            let start = PeriodSequence::of(over)?.0.start(evidence.now, 0).ok()?;
            Some(evidence.now.duration_since(start))
        }
        Over::Candidate
        | Over::Supported
        | Over::LastDays(_)
        | Over::LastMonths(_)
        | Over::LastQuarters(_)
        | Over::LastPeriods(..)
        | Over::All => None,
    }
}

/// Returns the number of earlier scopes.
fn earlier_scope_count(over: Over, evidence: &Evidence) -> u32 {
    // A period before the first release has no defects. As a baseline, it would forbid the first
    // defect ever.
    let releases = evidence.timeline.before_candidate().count() as u32;
    let first =
        evidence.timeline.published_before_candidate().last().and_then(|release| release.published_at);
    let whole = |begins: &dyn Fn(u32) -> Option<Timestamp>| {
        let fits = |back: &u32| begins(*back).is_some_and(|begin| first.is_some_and(|first| first <= begin));
        (1..=MAX_EARLIER_VALUES).take_while(fits).count() as u32
    };
    match over {
        Over::Current => releases.saturating_sub(1),
        Over::LastReleases(count) => (releases / count.max(1)).saturating_sub(1),
        Over::LastDays(days) => whole(&|back| {
            let length = SignedDuration::from_hours(24 * i64::from(days) * (i64::from(back) + 1));
            evidence.now.checked_sub(length).ok()
        }),
        Over::Month
        | Over::Quarter
        | Over::Period(_)
        | Over::LastMonths(_)
        | Over::LastQuarters(_)
        | Over::LastPeriods(..) => whole(&|back| {
            let (grid, count) = PeriodSequence::of(over)?;
            let first = if count == 0 { back } else { count.saturating_mul(back.saturating_add(1)) };
            grid.start(evidence.now, first).ok()
        }),
        Over::Candidate | Over::Supported | Over::All => 0,
    }
}
