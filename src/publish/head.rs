//! The commit that a pull request or a release leads to at this moment.

use serde_json::Value;

use super::outcome::PublishError;
use crate::github::{ApiError, Client, encode};

/// Number of annotated tags of tags that are followed.
const TAGS: u32 = 4;

/// The commit that a text is about, and what has to lead to it while the text is written.
#[derive(Debug, Clone, Copy)]
pub enum EvaluatedCommit<'a> {
    /// The commit is not known, so nothing can be asked.
    Unknown,
    /// The head of a pull request.
    PullRequest {
        /// The pull request's number.
        number: u64,
        /// The commit.
        commit: &'a str,
    },
    /// The commit of a tag, or the one that a draft's tag will be made from.
    Release {
        /// The tag.
        tag: &'a str,
        /// The commit.
        commit: &'a str,
    },
}

impl EvaluatedCommit<'_> {
    /// Asks whether it is still so. `target` is what the tag of a draft will be made from: a branch or a commit.
    ///
    /// # Errors
    /// [`PublishError::Moved`] if it is not; and if the server refuses, fails or does not say.
    pub(super) fn confirm(
        self,
        client: &Client,
        repository: &str,
        target: Option<&str>,
    ) -> Result<(), PublishError> {
        let (what, commit, now) = match self {
            Self::Unknown => return Ok(()),
            Self::PullRequest { number, commit } => {
                let now = of_pull_request(client, repository, number)?;
                (format!("pull request {number}"), commit, Some(now))
            }
            Self::Release { tag, commit } => {
                (format!("the release {tag}"), commit, of_release(client, repository, tag, target)?)
            }
        };
        match now {
            Some(now) if now.eq_ignore_ascii_case(commit) => Ok(()),
            now => Err(PublishError::Moved {
                what,
                judged: commit.to_owned(),
                now: now.unwrap_or_else(|| "no commit".to_owned()),
            }),
        }
    }
}

/// The head of a pull request.
fn of_pull_request(client: &Client, repository: &str, number: u64) -> Result<String, PublishError> {
    let found = client.get(&format!("/repos/{repository}/pulls/{number}"))?;
    found.json["head"]["sha"].as_str().map(str::to_owned).ok_or_else(unclear)
}

/// The commit of a release: of its tag, or, without one, of the commit or branch that its tag will be made from.
///
/// # Errors
/// If the server refuses, fails or does not say.
pub(super) fn of_release(
    client: &Client,
    repository: &str,
    tag: &str,
    target: Option<&str>,
) -> Result<Option<String>, PublishError> {
    if let Some(commit) = of_tag(client, repository, tag)? {
        return Ok(Some(commit));
    }
    match target {
        Some(commit) if is_commit(commit) => Ok(Some(commit.to_owned())),
        Some(branch) => of_branch(client, repository, branch),
        None => Ok(None),
    }
}

/// The commit that a tag leads to; none if there is no such tag.
///
/// # Errors
/// If the server refuses, fails or does not say.
pub fn of_tag(client: &Client, repository: &str, tag: &str) -> Result<Option<String>, PublishError> {
    let Some(mut object) = reference(client, repository, &format!("tags/{tag}"))? else { return Ok(None) };
    for _ in 0..TAGS {
        let sha = object["sha"].as_str().ok_or_else(unclear)?.to_owned();
        match object["type"].as_str() {
            Some("commit") => return Ok(Some(sha)),
            Some("tag") => {
                let path = format!("/repos/{repository}/git/tags/{}", encode(&sha));
                object = client.get(&path)?.json["object"].take();
            }
            Some(_) | None => break,
        }
    }
    Err(PublishError::Unclear { what: format!("the tag {tag} leads to no commit") })
}

/// The commit at the head of a branch; none if there is no such branch.
fn of_branch(client: &Client, repository: &str, branch: &str) -> Result<Option<String>, PublishError> {
    let object = reference(client, repository, &format!("heads/{branch}"))?;
    Ok(object.and_then(|object| object["sha"].as_str().map(str::to_owned)))
}

/// The object of a ref; none if there is no such ref.
fn reference(client: &Client, repository: &str, name: &str) -> Result<Option<Value>, PublishError> {
    let path: Vec<String> = name.split('/').map(encode).collect();
    match client.get(&format!("/repos/{repository}/git/ref/{}", path.join("/"))) {
        Ok(mut found) => Ok(Some(found.json["object"].take())),
        Err(ApiError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// True for a full commit id.
pub fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The server's answer does not show the commit.
fn unclear() -> PublishError {
    PublishError::Unclear { what: "the server's answer does not show the commit".to_owned() }
}
