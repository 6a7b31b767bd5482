//! The status of one issue in a release, with every row that was tried.

use crate::model::{IssueNumber, Snapshot, Tag};
use crate::policy::Policy;
use crate::status::Decision;

use super::assemble;
use super::releases::counted;
use super::standpoint::Lookout;
use super::statuses::Ground;

/// Decides the status of an issue in the candidate or in another release, with the release's name; `None` if the policy does not
/// select the issue as an escaped defect.
///
/// # Errors
/// If there is no such release.
pub fn decide_in(
    mut snapshot: Snapshot,
    policy: &Policy,
    number: IssueNumber,
    release: Option<&str>,
) -> Result<Option<(String, Decision)>, String> {
    let own = snapshot.candidate.as_ref().and_then(|candidate| candidate.tag.clone());
    let all = snapshot.releases.clone().unwrap_or_default();
    if let Some(name) = release {
        let tag = Tag(name.to_owned());
        let lookout = Lookout::new(&snapshot, None, counted(&all, policy, Some(&tag)), policy);
        let candidate = lookout.candidate_of(&tag).ok_or_else(|| {
            let known: Vec<&Tag> =
                lookout.releases.iter().map(|release| &release.tag).rev().take(10).collect();
            format!("there is no release `{name}`; known are, among others, {}", crate::model::few(known, 10))
        })?;
        if own.as_ref() != Some(&tag) {
            snapshot.candidate = Some(candidate);
        }
    }
    let evidence = assemble(snapshot.clone(), policy);
    let Some(defect) = evidence.defect(number).filter(|defect| defect.status.is_some()) else {
        return Ok(None);
    };
    let history = snapshot.history.take();
    let tag = snapshot.candidate.as_ref().and_then(|candidate| candidate.tag.as_ref());
    let lookout = Lookout::new(&snapshot, history.as_ref(), counted(&all, policy, tag), policy);
    let candidate = snapshot.candidate.as_ref();
    let timeline = lookout.timeline(candidate);
    let standpoint = lookout.standpoint(candidate, &timeline);
    let changes = lookout.changes.as_ref();
    let ground = Ground { standpoint: &standpoint, changes, policy, timeline: &timeline };
    let decision = ground.decide(defect);
    Ok(Some((standpoint.name.clone(), decision)))
}
