//! Metrics: evidence and a scope in, a value out. No metric sees the bound it will be held against.

mod count;
mod coverage;
mod groups;
mod history;
mod rate;
mod select;
mod tests;
mod unfixed;
mod window;

use crate::evidence::Evidence;
use crate::model::{Measurement, MetricId, Scope};

pub use groups::groups;
pub use history::{Compared, compare, row};

/// Measures one metric over a scope.
pub fn measure(metric: MetricId, evidence: &Evidence, scope: &Scope) -> Measurement {
    match metric {
        MetricId::Escaped => count::escaped(evidence, scope),
        MetricId::Unfixed => unfixed::measure(evidence, scope),
        MetricId::Untriaged => count::untriaged(evidence, scope),
        MetricId::Unattributed => count::unattributed(evidence, scope),
        MetricId::Excluded => count::excluded(evidence, scope),
        MetricId::RootCauseCoverage => coverage::root_cause(evidence, scope),
        MetricId::RegressionTestCoverage => coverage::regression_test(evidence, scope),
        MetricId::EscapeRate => rate::escape_rate(evidence, scope),
        MetricId::TestsFailed => tests::count(evidence, |t| t.failed + t.errors),
        MetricId::TestsErrors => tests::count(evidence, |t| t.errors),
        MetricId::TestsSkipped => tests::count(evidence, |t| t.skipped),
        MetricId::TestsFlaky => tests::count(evidence, |t| t.flaky),
        MetricId::TestsTotal => tests::count(evidence, |t| t.total),
        MetricId::TestsPassRate => tests::pass_rate(evidence),
    }
}
