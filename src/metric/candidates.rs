//! The defects that a metric has to look at.

use super::window::{Extent, Window};
use crate::evidence::Evidence;
use crate::model::{Attribute, CountBy, Defect, Filter, MetricId, Phase, Selection};

/// The defects that may stand in a tally; none if no tickets were read. What is left out stands outside: it was caught, or
/// lacks a value that the filter asks for, or was found in a release that is not in the window.
pub fn candidates<'a>(
    metric: MetricId,
    evidence: &'a Evidence,
    filter: &Filter,
    window: &Window<'_>,
) -> Option<Vec<&'a Defect>> {
    if metric == MetricId::Excluded {
        return Some(evidence.looked_at(metric)?.collect());
    }
    let defects = evidence.defects.as_ref()?;
    let by_value = filter.0.iter().find_map(|condition| match (&condition.selection, condition.attribute) {
        // A defect without a severity may have the one that is asked for.
        (_, Attribute::Severity) | (Selection::NoneOf(_) | Selection::Nothing, _) => None,
        (Selection::AnyOf(values), attribute) => Some((attribute, values)),
    });
    let by_release = goes_by_release(metric) && window.origin.count_by == CountBy::Found;
    let mut found = match (&window.extent, by_value) {
        (Extent::Releases(releases), _) if by_release => defects.found_in(releases.keys().copied()),
        (Extent::Candidate(tag), _) if by_release => defects.found_in(std::iter::once(*tag)),
        (_, Some((attribute, values))) => defects.with(attribute, values),
        (_, None) => defects.iter().collect(),
    };
    if metric != MetricId::EscapeRate {
        found.retain(|defect| defect.phase == Phase::Escaped);
    }
    Some(found)
}

/// True if what was found in a release outside of the window has no say.
fn goes_by_release(metric: MetricId) -> bool {
    match metric {
        MetricId::Escaped
        | MetricId::Untriaged
        | MetricId::RootCauseCoverage
        | MetricId::RegressionTestCoverage => true,
        // Those without a release count, or are told of; of a pre-release, the release that followed counts.
        MetricId::Unfixed
        | MetricId::Unattributed
        | MetricId::EscapeRate
        | MetricId::ChangeFailureRate
        | MetricId::TimeToDetect
        | MetricId::Excluded
        | MetricId::TestsFailed
        | MetricId::TestsErrors
        | MetricId::TestsSkipped
        | MetricId::TestsFlaky
        | MetricId::TestsTotal
        | MetricId::TestsPassRate => false,
    }
}
