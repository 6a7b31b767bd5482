//! Chooses the linked changes that are the fix of an issue.

use jiff::Timestamp;

use super::super::StatusQuestion;
use super::is_until;
use crate::model::{ChangeState, Fix as LinkedChange, Issue};

/// Returns the merged changes of this repository that are the fix, in the order in which they were merged.
pub fn fix_changes<'a>(question: &StatusQuestion<'a>) -> Vec<&'a LinkedChange> {
    let issue = question.issue;
    let mut merged: Vec<&LinkedChange> =
        issue.fixes.iter().filter(|change| change.repository.is_none() && is_merged(change)).collect();
    merged.sort_by_key(|change| change.merged_at);
    let opened = last_opening(issue);
    // A change without a time of merging counts: only the last opening could rule it out, and
    // nothing says that it did.
    let after = |change: &&LinkedChange| change.merged_at.is_none_or(|at| at > opened);
    // An open issue that was reopened has its old changes linked for ever. They are the fix that
    // did not help.
    if question.is_open() {
        merged.retain(after);
        return merged;
    }
    let until = |change: &&LinkedChange| match (change.merged_at, issue.closed_at) {
        (Some(merged), Some(closed)) => is_until(merged, closed),
        (None, _) | (_, None) => true,
    };
    // Without a reopening, an older change counts as well: an issue may be opened for a change that is already merged.
    let is_again = issue.reopened_at.is_some();
    let in_time: Vec<&LinkedChange> =
        merged.iter().copied().filter(|change| !is_again || after(change)).filter(until).collect();
    if !in_time.is_empty() {
        return in_time;
    }
    // Closed by hand after a reopening: the changes before the reopening are the fix.
    let before: Vec<&LinkedChange> = merged.iter().copied().filter(until).collect();
    // Closed by hand first, and the change was merged later.
    if before.is_empty() { merged } else { before }
}

/// Returns the time when an issue was last opened or reopened.
pub fn last_opening(issue: &Issue) -> Timestamp {
    issue.reopened_at.unwrap_or(issue.created_at)
}

/// Returns `true` if a change is merged. In snapshots of schema 1, a change with a commit is.
pub fn is_merged(change: &LinkedChange) -> bool {
    match change.state {
        Some(state) => state == ChangeState::Merged,
        None => change.commit.is_some(),
    }
}

/// Returns the branch that a change targets; the default branch if nothing names one.
pub fn branch_of<'c>(change: &'c LinkedChange, default_branch: &'c str) -> &'c str {
    change.base.as_deref().unwrap_or(default_branch)
}

/// Returns the displayed name of a change: `#2`, `acme/parser#12`, `commit 1a2b3c4d5e`.
pub fn change_name(change: &LinkedChange) -> String {
    let repository = change.repository.as_deref().unwrap_or("");
    match (&change.pull_request, &change.commit) {
        (Some(number), _) => format!("{repository}#{number}"),
        // Ten digits: unique even in large repositories, and short enough for a table.
        (None, Some(commit)) => format!("commit {}", commit.0.get(..10).unwrap_or(&commit.0)),
        (None, None) if repository.is_empty() => "a change without a number".into(),
        (None, None) => format!("a change in {repository}"),
    }
}
