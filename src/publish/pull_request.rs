//! Finding the pull request that a commit belongs to.

use serde_json::Value;

use super::outcome::PublishError;
use crate::github::{Client, encode};

/// The number of the open pull request whose head is this commit; from a fork too. `owner` and `branch` are where the commit is.
///
/// # Errors
/// If the server refuses or fails, or several fit.
pub fn with_head(
    client: &Client,
    repository: &str,
    owner: &str,
    branch: &str,
    commit: &str,
) -> Result<Option<u64>, PublishError> {
    let head = encode(&format!("{owner}:{branch}"));
    let list = all(client, &format!("/repos/{repository}/pulls?state=open&head={head}&per_page=100"))?;
    only(list.iter().filter(|pull| pull["head"]["sha"] == commit), commit)
}

/// The number of the merged pull request that brought this commit in.
///
/// # Errors
/// If the server refuses or fails, or several fit.
pub fn merged_as(client: &Client, repository: &str, commit: &str) -> Result<Option<u64>, PublishError> {
    let list = all(client, &format!("/repos/{repository}/commits/{}/pulls?per_page=100", encode(commit)))?;
    let merged = || list.iter().filter(|pull| pull["merged_at"].is_string());
    // A commit that came by another way is in several at times; its own is the one that was merged as it.
    match merged().find(|pull| pull["merge_commit_sha"] == commit) {
        Some(own) => only([own].into_iter(), commit),
        None => only(merged(), commit),
    }
}

/// Every entry of a list.
fn all(client: &Client, path: &str) -> Result<Vec<Value>, PublishError> {
    let mut entries = Vec::new();
    for page in client.pages(path) {
        let Value::Array(page) = page?.json else {
            return Err(PublishError::Unclear { what: "the pull requests are not a list".to_owned() });
        };
        entries.extend(page);
    }
    Ok(entries)
}

/// The only one.
fn only<'a>(found: impl Iterator<Item = &'a Value>, commit: &str) -> Result<Option<u64>, PublishError> {
    let unclear = |what: String| Err(PublishError::Unclear { what });
    let mut pulls = match found.map(|pull| pull["number"].as_u64()).collect::<Option<Vec<_>>>() {
        Some(pulls) if pulls.len() > 1 => {
            return unclear(format!("several pull requests have the commit {commit}"));
        }
        Some(pulls) => pulls,
        None => return unclear("a pull request came without its number".to_owned()),
    };
    Ok(pulls.pop())
}
