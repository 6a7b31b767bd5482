//! The candidate by the command line and the event.

use crate::ci::{TriggerEvent, known_event_names};
use crate::options::Sources;
use crate::tracker::{CandidateRef, MergeQueueRef};

use super::{Failure, Run};

/// Number of characters of an event's name that a message shows.
const LONGEST_NAME: usize = 60;

/// Refuses an event that does not say what to evaluate.
///
/// # Errors
/// If the event is unknown, and neither an option nor a snapshot says what is evaluated.
pub fn require_known_event(sources: &Sources, run: &Run<'_>) -> Result<(), Failure> {
    let event = run.ci.as_ref().map(|ci| &ci.event);
    let (Some(TriggerEvent::Other(name)), None, None) = (event, &sources.release, &sources.candidate) else {
        return Ok(());
    };
    if !sources.snapshots.is_empty() {
        return Ok(());
    }
    let name: String = name.chars().take(LONGEST_NAME).flat_map(char::escape_debug).collect();
    Err(Failure::Usage(format!(
        "unknown event `{name}`: it does not say what to evaluate; known events: {}; with another one, name the release          (`--release TAG`, the input `release`) or a commit (`--candidate REF`)",
        known_event_names().join(", ")
    )))
}

/// Returns the candidate of the command line, else that of the event, else the head of the default branch.
pub fn choose_candidate(sources: &Sources, run: &Run<'_>) -> CandidateRef {
    match (&sources.release, &sources.candidate) {
        (Some(tag), reference) => {
            return CandidateRef { head: reference.clone(), ..candidate_ref_of_tag(tag) };
        }
        (None, Some(reference)) => return candidate_ref_of_commit(reference, reference),
        (None, None) => {}
    }
    // GitHub resolves `HEAD` to the default branch.
    let Some(ci) = &run.ci else { return candidate_ref_of_commit("HEAD", "HEAD") };
    match &ci.event {
        TriggerEvent::PullRequest { number, head_sha, .. } => {
            candidate_ref_of_pull_request(*number, &head_sha.0)
        }
        TriggerEvent::Release { tag, .. } | TriggerEvent::TagPush { tag } => candidate_ref_of_tag(&tag.0),
        TriggerEvent::WorkflowRun { head_sha, head_branch, pull_requests, .. } => {
            match pull_requests.as_slice() {
                [only] => candidate_ref_of_pull_request(only.number, &head_sha.0),
                // With several pull requests, no single one is the candidate. The commit is the
                // same for all of them.
                [] | [_, ..] => {
                    candidate_ref_of_commit(head_branch.as_deref().unwrap_or(&head_sha.0), &head_sha.0)
                }
            }
        }
        TriggerEvent::Deployment { sha, ref_name, .. } => candidate_ref_of_commit(ref_name, &sha.0),
        TriggerEvent::MergeGroup { base_sha, base_ref, head_sha, head_ref } => {
            let queue = MergeQueueRef { branch: base_ref.clone(), base: base_sha.0.clone() };
            CandidateRef { merge_queue: Some(queue), ..candidate_ref_of_commit(head_ref, &head_sha.0) }
        }
        TriggerEvent::BranchPush
        | TriggerEvent::Dispatch
        | TriggerEvent::Schedule
        | TriggerEvent::Issues
        | TriggerEvent::Other(_) => match &ci.tag {
            Some(tag) => candidate_ref_of_tag(&tag.0),
            None => candidate_ref_of_commit(&ci.ref_name, &ci.sha.0),
        },
    }
}

/// A release by its tag, which need not exist yet.
fn candidate_ref_of_tag(tag: &str) -> CandidateRef {
    CandidateRef { name: tag.to_owned(), tag: Some(tag.to_owned()), ..CandidateRef::default() }
}

/// A pull request by its number and its head.
fn candidate_ref_of_pull_request(number: u64, head: &str) -> CandidateRef {
    CandidateRef {
        name: format!("#{number}"),
        head: Some(head.to_owned()),
        pull_request: Some(number),
        ..CandidateRef::default()
    }
}

/// A commit, with the name to show for it.
fn candidate_ref_of_commit(name: &str, commit: &str) -> CandidateRef {
    CandidateRef { name: name.to_owned(), head: Some(commit.to_owned()), ..CandidateRef::default() }
}
