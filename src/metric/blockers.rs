//! Blockers that are not done.

use crate::evidence::Evidence;
use crate::model::{Area, Blocker, Lack, Measurement, MetricValue, NAMED, Scope, UndecidedBecause};

use super::filter_match::{FilterMatch, match_filter};

/// Counts the issues and pull requests that `defects.blocking` selects and that are not done for the candidate.
pub fn count_blockers(evidence: &Evidence, scope: &Scope) -> Measurement {
    let Some(blockers) = &evidence.blockers else {
        return Measurement::missing("no issues were read that could block", Lack::Unread(Area::Issues));
    };
    let mut measured = Measurement::missing("", Lack::Undefined);
    let mut open: Vec<&Blocker> = Vec::new();
    for blocker in blockers {
        match (blocker.done, match_filter(&blocker.defect, &scope.filter)) {
            (Some(true), _) | (_, FilterMatch::Mismatch(_)) => {}
            (None, _) => measured.undecided.push((blocker.number(), UndecidedBecause::Fix)),
            (Some(false), FilterMatch::Unknown) => {
                measured.undecided.push((blocker.number(), UndecidedBecause::Severity))
            }
            (Some(false), FilterMatch::Match) => open.push(blocker),
        }
    }
    measured.against = open.iter().map(|blocker| blocker.number()).collect();
    measured.value = MetricValue::Count(open.len() as u64);
    measured.basis = evidence.candidate.as_ref().map(|candidate| candidate.name.clone()).unwrap_or_default();
    measured.notes = open
        .iter()
        .take(NAMED)
        .map(|blocker| format!("{} blocks: {}", blocker.number(), blocker.reason))
        .collect();
    measured
}
