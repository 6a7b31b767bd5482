//! Finds the pull request that a commit belongs to.

use serde_json::Value;

use super::published::{PublishError, list_entries, unclear};
use crate::github::{Client, percent_encode};

/// Finds the number of the open pull request whose head is this commit, also from a fork. The commit is on `branch` of a
/// repository of `owner`.
///
/// # Errors
/// If the server refuses or fails, or several pull requests match.
pub fn with_head(
    client: &Client,
    repository: &str,
    owner: &str,
    branch: &str,
    commit: &str,
) -> Result<Option<u64>, PublishError> {
    let head = percent_encode(&format!("{owner}:{branch}"));
    let path = format!("/repos/{repository}/pulls?state=open&head={head}&per_page=100");
    let list = list_pull_requests(client, &path)?;
    // The branch may have moved on. A verdict for an old commit must not appear at the new one.
    only(list.iter().filter(|pull| pull["head"]["sha"] == commit), commit)
}

/// Finds the number of the merged pull request that a commit came with.
///
/// # Errors
/// If the server refuses or fails, or several pull requests match.
pub fn merged_as(client: &Client, repository: &str, commit: &str) -> Result<Option<u64>, PublishError> {
    let path = format!("/repos/{repository}/commits/{}/pulls?per_page=100", percent_encode(commit));
    let list = list_pull_requests(client, &path)?;
    let merged = || list.iter().filter(|pull| pull["merged_at"].is_string());
    // GitHub may name several pull requests that contain the commit. Prefer the one whose merge created it.
    match merged().find(|pull| pull["merge_commit_sha"] == commit) {
        Some(own) => only([own].into_iter(), commit),
        None => only(merged(), commit),
    }
}

fn list_pull_requests(client: &Client, path: &str) -> Result<Vec<Value>, PublishError> {
    list_entries(client, path, "pull requests").collect()
}

/// Returns the number of the only pull request.
fn only<'a>(found: impl Iterator<Item = &'a Value>, commit: &str) -> Result<Option<u64>, PublishError> {
    let pulls = found.map(|pull| pull["number"].as_u64()).collect::<Option<Vec<_>>>();
    match pulls.ok_or_else(|| unclear("a pull request came without its number"))?.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        [..] => Err(unclear(format!("several pull requests have the commit {commit}"))),
    }
}
