//! Metrics: evidence and a scope in, a value out. No metric sees the limit of a rule.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod blockers;
mod change_failure_rate;
mod comparison;
mod contribution;
mod escape_rate;
mod failed_release;
mod filter_match;
mod forecast;
mod groups;
mod regression_test;
mod relevant_defects;
mod resolved_scope;
mod sample;
mod tally;
mod test_counts;
mod time_to_detect;

use crate::evidence::Evidence;
use crate::model::{Defect, Formula, Measurement, MetricId, Scope};

pub use comparison::{Comparison, compare_with_earlier, measure_series};
pub use contribution::{Contribution, NotCountedReason, detection_seconds};
pub use forecast::{FORECAST_RELEASES, ForecastInterval, forecast_count};
pub use groups::attribute_groups;
pub use resolved_scope::PeriodSequence;

/// Measures one metric over a scope.
pub fn measure(metric: MetricId, evidence: &Evidence, scope: &Scope) -> Measurement {
    match metric.row().formula {
        Formula::Defects(_) | Formula::Unfixed | Formula::Unattributed | Formula::Excluded => {
            tally::count_defects(metric, evidence, scope)
        }
        Formula::Blockers => blockers::count_blockers(evidence, scope),
        Formula::Coverage(_) => tally::measure_coverage(metric, evidence, scope),
        Formula::RegressionTestCoverage => tally::regression_test_coverage(evidence, scope),
        Formula::EscapeRate => escape_rate::escape_rate(evidence, scope),
        Formula::ChangeFailureRate => change_failure_rate::change_failure_rate(evidence, scope),
        Formula::TimeToDetect => time_to_detect::time_to_detect(evidence, scope),
        Formula::Tests(number) => test_counts::measure_test_count(evidence, number),
        Formula::TestPassRate => test_counts::pass_rate(evidence),
    }
}

/// Returns how one defect counts in a metric over a scope, without regard to a sample.
///
/// # Errors
/// If the scope cannot be resolved, with the reason.
pub fn defect_contribution(
    metric: MetricId,
    evidence: &Evidence,
    scope: &Scope,
    defect: &Defect,
) -> Result<Contribution, String> {
    let window = resolved_scope::ResolvedScope::of(scope, evidence)?;
    Ok(contribution::contribution_of(metric, evidence, &window, &scope.filter, defect))
}
