//! The defects that a metric has to look at.

use super::resolved_scope::{ResolvedScope, ScopeKind};
use crate::evidence::{DefectMatches, Evidence};
use crate::model::{CountBy, Defect, DefectFilter, MetricId, Phase, Selection};

/// The defects that may stand in a tally; `None` if no issues were read. What is left out stands outside: it was caught, or
/// lacks a value that the filter asks for, or was found in a release that is not in the window.
pub fn relevant_defects<'a>(
    metric: MetricId,
    evidence: &'a Evidence,
    filter: &DefectFilter,
    window: &ResolvedScope<'_>,
) -> Option<Vec<&'a Defect>> {
    // Excluded issues are not in the index of defects.
    if metric == MetricId::Excluded {
        return Some(evidence.looked_at(metric)?.collect());
    }
    let defects = evidence.defects.as_ref()?;
    let by_value = filter.0.iter().filter_map(|condition| match &condition.selection {
        Selection::AnyOf(values) => Some(defects.with(condition.attribute, values)),
        Selection::NoneOf(_) | Selection::Nothing => None,
    });
    let caught_too = metric == MetricId::EscapeRate;
    // What was found in a pre-release counts in a rate for the release that followed.
    let pre_releases = || evidence.timeline.pre_releases().filter(|_| caught_too).map(|release| &release.tag);
    let by_release = match &window.kind {
        _ if !metric.goes_by_origin() || window.origin.count_by != CountBy::Found => None,
        ScopeKind::Releases(releases) => {
            Some(defects.found_in(releases.keys().copied().chain(pre_releases())))
        }
        ScopeKind::Candidate(tag) => Some(defects.found_in(std::iter::once(*tag).chain(pre_releases()))),
        ScopeKind::Period(..) | ScopeKind::All | ScopeKind::Nothing => None,
    };
    let counts = |defect: &&Defect| caught_too || defect.phase == Phase::Escaped;
    // Follow only the shortest list: a simulation measures thousands of scopes.
    Some(match by_value.chain(by_release).min_by_key(DefectMatches::most) {
        Some(found) => found.in_order().filter(counts).collect(),
        None => defects.iter().filter(counts).collect(),
    })
}
