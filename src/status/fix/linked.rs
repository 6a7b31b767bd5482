//! Which of the linked changes are the fix of an issue.

use jiff::Timestamp;

use super::super::StatusQuestion;
use super::is_until;
use crate::model::{ChangeState, Fix as LinkedChange, Issue};

/// The merged changes of this repository that are the fix, in the order of their merging.
pub fn fix_changes<'a>(question: &StatusQuestion<'a>) -> Vec<&'a LinkedChange> {
    let issue = question.issue;
    let mut merged: Vec<&LinkedChange> =
        issue.fixes.iter().filter(|change| change.repository.is_none() && is_merged(change)).collect();
    merged.sort_by_key(|change| change.merged_at);
    let opened = last_opening(issue);
    let after = |change: &&LinkedChange| change.merged_at.is_none_or(|at| at > opened);
    if question.is_open() {
        merged.retain(after);
        return merged;
    }
    let until = |change: &&LinkedChange| match (change.merged_at, issue.closed_at) {
        (Some(merged), Some(closed)) => is_until(merged, closed),
        (None, _) | (_, None) => true,
    };
    // Without a reopening there is nothing to be younger than: an issue may be opened for a change that is merged already.
    let is_again = issue.reopened_at.is_some();
    let in_time: Vec<&LinkedChange> =
        merged.iter().copied().filter(|change| !is_again || after(change)).filter(until).collect();
    if !in_time.is_empty() {
        return in_time;
    }
    // Closed by hand after a reopening: the fix is what came before.
    let before: Vec<&LinkedChange> = merged.iter().copied().filter(until).collect();
    // Or closed by hand first, and the change was merged later.
    if before.is_empty() { merged } else { before }
}

/// Time when an issue was opened last.
pub fn last_opening(issue: &Issue) -> Timestamp {
    issue.reopened_at.unwrap_or(issue.created_at)
}

/// `true` if a change is in its branch. Snapshots of schema 1 do not say it of a change with a commit.
pub fn is_merged(change: &LinkedChange) -> bool {
    match change.state {
        Some(state) => state == ChangeState::Merged,
        None => change.commit.is_some(),
    }
}

/// The branch that a change is meant for; the default branch if nothing says another.
pub fn branch_of<'c>(change: &'c LinkedChange, default_branch: &'c str) -> &'c str {
    change.base.as_deref().unwrap_or(default_branch)
}

/// A change as a person names it: `#2`, `acme/parser#12`, `commit 1a2b3c4d5e`.
pub fn change_name(change: &LinkedChange) -> String {
    let repository = change.repository.as_deref().unwrap_or("");
    match (&change.pull_request, &change.commit) {
        (Some(number), _) => format!("{repository}#{number}"),
        (None, Some(commit)) => format!("commit {}", commit.0.get(..10).unwrap_or(&commit.0)),
        (None, None) if repository.is_empty() => "a change without a number".into(),
        (None, None) => format!("a change in {repository}"),
    }
}
