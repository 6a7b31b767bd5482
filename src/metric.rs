//! Metrics: evidence and a scope in, a value out. No metric sees the bound it will be held against.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod blockers;
mod candidates;
mod coverage;
mod detect;
mod failure;
mod groups;
mod history;
mod rate;
mod sample;
mod select;
mod standing;
mod tally;
mod tests;
mod window;

use crate::evidence::Evidence;
use crate::model::{Defect, Measurement, MetricId, Scope};

pub use groups::groups;
pub use history::{Compared, compare, row};
pub use standing::{Standing, Why};

/// Measures one metric over a scope.
pub fn measure(metric: MetricId, evidence: &Evidence, scope: &Scope) -> Measurement {
    match metric {
        MetricId::Escaped
        | MetricId::Unfixed
        | MetricId::Untriaged
        | MetricId::Unattributed
        | MetricId::Excluded => tally::count(metric, evidence, scope),
        MetricId::Blockers => blockers::blockers(evidence, scope),
        MetricId::RootCauseCoverage => tally::coverage(metric, evidence, scope),
        MetricId::RegressionTestCoverage => coverage::regression_test(evidence, scope),
        MetricId::EscapeRate => rate::escape_rate(evidence, scope),
        MetricId::ChangeFailureRate => failure::change_failure_rate(evidence, scope),
        MetricId::TimeToDetect => detect::time_to_detect(evidence, scope),
        MetricId::TestsFailed => tests::count(evidence, |t| t.failed + t.errors),
        MetricId::TestsErrors => tests::count(evidence, |t| t.errors),
        MetricId::TestsSkipped => tests::count(evidence, |t| t.skipped),
        MetricId::TestsFlaky => tests::count(evidence, |t| t.flaky),
        MetricId::TestsTotal => tests::count(evidence, |t| t.total),
        MetricId::TestsPassRate => tests::pass_rate(evidence),
    }
}

/// Where one defect stands with a metric over a scope, whether it was drawn or not; an error says why the scope is none.
pub fn stands(
    metric: MetricId,
    evidence: &Evidence,
    scope: &Scope,
    defect: &Defect,
) -> Result<Standing, String> {
    let window = window::Window::of(scope, evidence)?;
    Ok(standing::standing(metric, evidence, &window, &scope.filter, defect))
}
