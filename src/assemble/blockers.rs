//! Issues and pull requests that block the candidate, and whether they are done.

use std::sync::Arc;

use crate::classify::codeowners::Codeowners;
use crate::classify::{Classification, ReadDefect};
use crate::model::{
    Blocker, ChangeState, Defect, Fix, Issue, IssueNumber, IssueState, Phase, PullRequest, StateReason,
    Status, StatusRow,
};
use crate::policy::{LabelPattern, Policy, Variables};
use crate::status::fix::is_merged;
use crate::status::release_view::ReleaseContents;
use release_history::changes::InRelease;

use super::attribute_issue;
use super::product_scope;
use super::statuses::StatusInputs;

/// An issue or a pull request that the policy selects.
#[derive(Clone)]
pub struct SelectedBlocker {
    issue: Arc<Issue>,
    pull_request: Option<PullRequest>,
    because: String,
    /// Labels of which one is required and none is set.
    missing: Vec<LabelPattern>,
}

/// The issues and pull requests that `defects.blocking` selects; none if the policy has no such key.
pub fn select_blockers<'i>(
    issues: impl Iterator<Item = &'i Arc<Issue>>,
    pull_requests: &[PullRequest],
    policy: &Policy,
    variables: &Variables,
) -> Option<Vec<SelectedBlocker>> {
    let blocking = policy.defects.blocking.as_ref()?;
    let issues = issues.filter_map(|issue| {
        let found = blocking.find(&**issue, variables)?;
        let missing = found.missing.to_vec();
        Some(SelectedBlocker {
            issue: Arc::clone(issue),
            pull_request: None,
            because: found.because,
            missing,
        })
    });
    let pulls = pull_requests.iter().filter_map(|pull| {
        let found = blocking.find(pull, variables)?;
        let missing = found.missing.to_vec();
        let (issue, because) = (Arc::new(as_issue(pull)), found.because);
        Some(SelectedBlocker { issue, pull_request: Some(pull.clone()), because, missing })
    });
    Some(issues.chain(pulls).collect())
}

/// A pull request with the attributes that an issue has.
fn as_issue(pull: &PullRequest) -> Issue {
    Issue {
        number: IssueNumber(pull.number),
        key: None,
        updated_at: pull.updated_at,
        title: pull.title.clone(),
        url: pull.url.clone(),
        body: pull.body.clone(),
        author: pull.author.clone(),
        author_role: pull.author_role,
        labels: pull.labels.clone(),
        issue_type: None,
        fields: std::collections::BTreeMap::new(),
        state: if pull.state == ChangeState::Open { IssueState::Open } else { IssueState::Closed },
        state_reason: None,
        duplicate_of: None,
        created_at: pull.created_at,
        // A pull request that was closed without merging fixed nothing, so it has no closing time
        // here.
        closed_at: pull.merged_at,
        closing: None,
        reopened_at: None,
        milestone: pull.milestone.clone(),
        fixes: Vec::new(),
        label_history: pull.label_history.clone(),
        bisects: None,
    }
}

/// Finds out which of them are done for the candidate, in order of their numbers.
pub fn evaluate_blockers(
    selected: Vec<SelectedBlocker>,
    inputs: &StatusInputs<'_>,
    owners: Option<&Codeowners>,
) -> Vec<Blocker> {
    let mut blockers: Vec<Blocker> =
        selected.into_iter().map(|one| evaluate_blocker(one, inputs, owners)).collect();
    blockers.sort_by_key(Blocker::number);
    blockers
}

fn evaluate_blocker(
    selected: SelectedBlocker,
    inputs: &StatusInputs<'_>,
    owners: Option<&Codeowners>,
) -> Blocker {
    let SelectedBlocker { issue, pull_request, because, missing } = selected;
    // A blocker need not be a defect. It is treated as an escaped one, because only those have a
    // status.
    let (found, said) = attribute_issue(&issue, Phase::Escaped, inputs.policy, inputs.timeline);
    let phase = (Phase::Escaped, because);
    let other_product = product_scope::other_product_of_blocker(&issue, inputs.policy);
    let read = ReadDefect::new(issue, phase, inputs.policy, owners);
    let mut defect = match read.classify(found, false, None) {
        Classification::Defect(defect) => defect,
        Classification::Excluded(excluded) => excluded.defect,
    };
    let (done, reason) = match &pull_request {
        Some(pull) => pull_request_progress(pull, inputs),
        None => {
            defect.status = Some(Box::new(inputs.decide_by(&defect, &said)));
            issue_progress(&defect, inputs)
        }
    };
    if let Some(reason) = other_product {
        return Blocker { defect, pull_request: pull_request.is_some(), done: Some(true), reason };
    }
    let (done, reason) = match done {
        // A label such as `verified` is set by people after the change. Done work without it is not
        // verified yet.
        Some(true) if !missing.is_empty() && !is_dropped(&defect, pull_request.as_ref()) => {
            let labels: Vec<String> =
                missing.iter().map(|pattern| format!("`{}`", pattern.source())).collect();
            (Some(false), format!("{reason}, but the label {} is missing", labels.join(" or ")))
        }
        done => (done, reason),
    };
    Blocker { defect, pull_request: pull_request.is_some(), done, reason }
}

/// `true` if nobody means to do it any more: nothing is left to verify.
fn is_dropped(defect: &Defect, pull: Option<&PullRequest>) -> bool {
    let reason = &defect.issue.state_reason;
    let not_done = matches!(reason, Some(StateReason::NotPlanned | StateReason::Duplicate));
    pull.is_some_and(|pull| pull.state == ChangeState::Closed)
        || (defect.issue.state == IssueState::Closed && not_done)
}

/// Tells whether an issue is done for the candidate. Dropped, not planned and duplicate are done.
fn issue_progress(defect: &Defect, inputs: &StatusInputs<'_>) -> (Option<bool>, String) {
    let issue = &defect.issue;
    let (release, Some(found)) = (&inputs.standpoint.name, defect.status.as_deref()) else {
        return (None, "its status was not decided".to_owned());
    };
    // A stale bot closes as not planned as well. Its closing is no decision.
    if is_dropped(defect, None) && !inputs.policy.closed_by_bot(issue) {
        return (Some(true), "closed as not planned or as a duplicate".to_owned());
    }
    // A bot that closed it for its age, and a reason that nobody knows, leave it open.
    let is_left_open = matches!(
        issue.state_reason,
        Some(StateReason::NotPlanned | StateReason::Reopened | StateReason::Other(_))
    );
    match (&found.status, issue.state) {
        (Ok(Status::Fixed | Status::NotAffected), _) => (Some(true), found.shown()),
        (_, IssueState::Open) => (Some(false), "it is open".to_owned()),
        (_, IssueState::Closed) if is_left_open => (Some(false), "its closing counts as open".to_owned()),
        // An open issue blocks even if the commits were not read: more evidence could not close it.
        (Err(what), IssueState::Closed) => (None, what.clone()),
        (Ok(Status::Affected | Status::UnderInvestigation), IssueState::Closed) => {
            let is_change = |change: &Fix| change.repository.is_none() && is_merged(change);
            match found.elsewhere.as_slice() {
                // A partial or reverted fix does not show in the list of missing changes.
                _ if found.row == StatusRow::LacksFix => (Some(false), found.reason.clone()),
                // A task, such as "write the release notes", has no change. Its closing is all the
                // evidence there will ever be.
                [] if !issue.fixes.iter().any(is_change) => (Some(true), "closed by hand".to_owned()),
                [] => (Some(false), found.reason.clone()),
                by => {
                    let by = crate::model::join_limited(by, 3);
                    (Some(false), format!("closed by {by}, which is not in {release}"))
                }
            }
        }
    }
}

/// Tells whether a pull request is done for the candidate: dropped, or merged into what the candidate contains.
fn pull_request_progress(pull: &PullRequest, inputs: &StatusInputs<'_>) -> (Option<bool>, String) {
    let (number, release) = (pull.number, inputs.standpoint);
    // A pull request is open while it is checked. It would otherwise block itself.
    if release.merges.contains(&number) {
        return (Some(true), format!("pull request #{number} is the candidate, or is merged with it"));
    }
    match pull.state {
        ChangeState::Open => return (Some(false), format!("pull request #{number} is not merged")),
        // Abandoned work cannot be waited for.
        ChangeState::Closed => {
            return (Some(true), format!("pull request #{number} was closed without merging"));
        }
        ChangeState::Merged => {}
    }
    let place = pull.commit.as_ref().and_then(|commit| inputs.changes?.graph.place(commit));
    match (&release.contents, inputs.changes, place, &pull.commit) {
        (ReleaseContents::Graph(contained), Some(changes), Some(place), _) => {
            match changes.in_release(&[place], contained) {
                InRelease::Present { .. } => {
                    (Some(true), format!("pull request #{number} is in {}", release.name))
                }
                InRelease::TakenBack { by } => {
                    let by = changes.name(by);
                    (Some(false), format!("pull request #{number} was reverted by {by}"))
                }
                InRelease::Absent | InRelease::Partly { .. } => {
                    (Some(false), format!("pull request #{number} is merged, but not in {}", release.name))
                }
            }
        }
        // The graph holds every branch and tag that was collected. A commit outside all of them is
        // in no release.
        (ReleaseContents::Graph(_), Some(_), None, _) => {
            (Some(false), format!("pull request #{number} is merged, but not in {}", release.name))
        }
        (contents, _, _, Some(commit)) => match contents.lists(commit, pull.merged_at) {
            Some(done) => {
                let is = if done { "is" } else { "is not" };
                (Some(done), format!("pull request #{number} {is} in {}", release.name))
            }
            None => (None, "the commits of the candidate were not read".to_owned()),
        },
        (_, _, _, None) => (None, format!("the commit of pull request #{number} is not known")),
    }
}
