//! What the run decides about, as far as the command line and the event tell.

use crate::ci::{ActionsContext, TriggerEvent};
use crate::tracker::CandidateRef;

use super::Sources;

/// The candidate: what was asked for, else what the event is about, else the head of the default branch.
pub fn candidate(sources: &Sources, ci: Option<&ActionsContext>) -> CandidateRef {
    match (&sources.release, &sources.candidate) {
        (Some(tag), reference) => return CandidateRef { head: reference.clone(), ..of_tag(tag) },
        (None, Some(reference)) => return of_commit(reference, reference),
        (None, None) => {}
    }
    let Some(ci) = ci else { return of_commit("HEAD", "HEAD") };
    match &ci.event {
        TriggerEvent::PullRequest { number, head_sha, .. } => of_pull_request(*number, &head_sha.0),
        TriggerEvent::Release { tag, .. } | TriggerEvent::TagPush { tag } => of_tag(&tag.0),
        TriggerEvent::WorkflowRun { head_sha, head_branch, pull_requests, .. } => {
            match pull_requests.as_slice() {
                [only] => of_pull_request(only.number, &head_sha.0),
                [] | [_, ..] => of_commit(head_branch.as_deref().unwrap_or(&head_sha.0), &head_sha.0),
            }
        }
        TriggerEvent::Deployment { sha, ref_name, .. } => of_commit(ref_name, &sha.0),
        TriggerEvent::MergeGroup { .. }
        | TriggerEvent::BranchPush
        | TriggerEvent::Dispatch
        | TriggerEvent::Schedule
        | TriggerEvent::Issues
        | TriggerEvent::Other(_) => match &ci.tag {
            Some(tag) => of_tag(&tag.0),
            None => of_commit(&ci.ref_name, &ci.sha.0),
        },
    }
}

/// A release by its tag; a tag that does not exist yet is a release to come.
fn of_tag(tag: &str) -> CandidateRef {
    CandidateRef { name: tag.to_owned(), tag: Some(tag.to_owned()), ..CandidateRef::default() }
}

/// A pull request by its number and the commit it would merge.
fn of_pull_request(number: u64, head: &str) -> CandidateRef {
    CandidateRef {
        name: format!("#{number}"),
        head: Some(head.to_owned()),
        pull_request: Some(number),
        tag: None,
    }
}

/// A commit under the name that people know it by.
fn of_commit(name: &str, commit: &str) -> CandidateRef {
    CandidateRef { name: name.to_owned(), head: Some(commit.to_owned()), ..CandidateRef::default() }
}
