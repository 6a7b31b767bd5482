//! The status of one issue in a release, with every row that was tried.

use crate::model::{Defect, Excluded, IssueNumber, Snapshot, Tag};
use crate::policy::Policy;
use crate::status::ExplainedStatus;

use super::candidate_position::candidate_of;
use super::counted_releases::counted_releases;
use super::statuses::StatusInputs;

/// The decision on one issue.
pub struct DecisionIn {
    /// Name of the release that was looked at.
    pub release: String,
    /// The status there.
    pub decision: ExplainedStatus,
}

/// The same evidence with another release as the candidate.
///
/// # Errors
/// If there is no such release.
pub fn with_candidate(mut snapshot: Snapshot, policy: &Policy, name: &str) -> Result<Snapshot, String> {
    let tag = Tag(name.to_owned());
    let releases = counted_releases(snapshot.releases.as_deref().unwrap_or_default(), policy, Some(&tag));
    let candidate = candidate_of(&releases, &tag).ok_or_else(|| {
        // The last ten: a misspelled tag is most often one of a recent release.
        let known: Vec<&Tag> = releases.iter().map(|release| &release.tag).rev().take(10).collect();
        format!(
            "there is no release `{name}`; known are, among others, {}",
            crate::model::join_limited(known, 10)
        )
    })?;
    // The candidate itself may have a list of commits, which a release does not.
    if snapshot.candidate.as_ref().and_then(|own| own.tag.as_ref()) != Some(&tag) {
        snapshot.candidate = Some(candidate);
    }
    Ok(snapshot)
}

/// Decides the status of an issue again, for the rows that were tried; `None` if it is no escaped defect.
pub(super) fn decide_issue_status(
    number: IssueNumber,
    defects: &[Defect],
    excluded: &[Excluded],
    inputs: &StatusInputs<'_>,
) -> Option<DecisionIn> {
    let mut all = defects.iter().chain(excluded.iter().map(|one| &one.defect));
    let defect = all.find(|defect| defect.number() == number).filter(|defect| defect.status.is_some())?;
    Some(DecisionIn { release: inputs.standpoint.name.clone(), decision: inputs.explain(defect) })
}
