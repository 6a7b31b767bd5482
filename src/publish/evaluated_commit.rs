//! The commit that a pull request or a release leads to at the moment of writing.

use serde_json::Value;

use super::published::{PublishError, unclear};
use crate::github::{ApiError, Client, percent_encode};

/// Number of nested annotated tags that are followed. More than one is rare; the limit stops a malicious chain.
const TAGS: u32 = 4;

/// The commit that a text is about, and the pull request or release that must lead to it while the text is written.
#[derive(Debug, Clone, Copy)]
pub enum EvaluatedCommit<'a> {
    /// Unknown, so nothing can be checked.
    Unknown,
    /// The head of a pull request.
    PullRequest {
        /// Number of the pull request.
        number: u64,
        /// Evaluated commit.
        commit: &'a str,
    },
    /// The commit of a tag, or the one from which a draft's tag will be created.
    Release {
        /// The tag.
        tag: &'a str,
        /// Evaluated commit.
        commit: &'a str,
    },
}

impl EvaluatedCommit<'_> {
    /// Checks that the pull request or release still leads to the commit. `target` is the branch or commit from which the
    /// tag of a draft will be created.
    ///
    /// # Errors
    /// [`PublishError::Moved`] if it leads elsewhere. Also if the server refuses, fails or does not say.
    pub(super) fn confirm(
        self,
        client: &Client,
        repository: &str,
        target: Option<&str>,
    ) -> Result<(), PublishError> {
        let (what, commit, now) = match self {
            Self::Unknown => return Ok(()),
            Self::PullRequest { number, commit } => {
                let found = client.get(&format!("/repos/{repository}/pulls/{number}"))?;
                let now = found.json["head"]["sha"].as_str().map(str::to_owned);
                (format!("pull request {number}"), commit, Some(now.ok_or_else(hidden_commit)?))
            }
            Self::Release { tag, commit } => {
                (format!("the release {tag}"), commit, release_commit(client, repository, tag, target)?)
            }
        };
        match now {
            Some(now) if now.eq_ignore_ascii_case(commit) => Ok(()),
            now => Err(PublishError::Moved {
                what,
                evaluated: commit.to_owned(),
                now: now.unwrap_or_else(|| "no commit".to_owned()),
            }),
        }
    }
}

/// Returns the commit of a release: of its tag or, without one, of the branch or commit from which its tag will be created.
fn release_commit(
    client: &Client,
    repository: &str,
    tag: &str,
    target: Option<&str>,
) -> Result<Option<String>, PublishError> {
    // An existing tag wins: GitHub ignores the target of a release then.
    if let Some(commit) = tag_commit(client, repository, tag)? {
        return Ok(Some(commit));
    }
    match target {
        // A branch can have a name of hexadecimal digits, but hardly one of exactly 40.
        Some(commit) if is_full_sha(commit) => Ok(Some(commit.to_owned())),
        Some(branch) => {
            let object = ref_object(client, repository, &format!("heads/{branch}"))?;
            Ok(object.and_then(|object| object["sha"].as_str().map(str::to_owned)))
        }
        None => Ok(None),
    }
}

/// Returns the commit that a tag leads to. `None` if there is no such tag.
///
/// # Errors
/// If the server refuses, fails or does not say.
pub fn tag_commit(client: &Client, repository: &str, tag: &str) -> Result<Option<String>, PublishError> {
    let Some(mut object) = ref_object(client, repository, &format!("tags/{tag}"))? else { return Ok(None) };
    for _ in 0..TAGS {
        let sha = object["sha"].as_str().ok_or_else(hidden_commit)?.to_owned();
        match object["type"].as_str() {
            Some("commit") => return Ok(Some(sha)),
            Some("tag") => {
                let path = format!("/repos/{repository}/git/tags/{}", percent_encode(&sha));
                object = client.get(&path)?.json["object"].take();
            }
            Some(_) | None => break,
        }
    }
    Err(unclear(format!("the tag {tag} leads to no commit")))
}

/// Returns the object of a ref. `None` if there is no such ref.
fn ref_object(client: &Client, repository: &str, name: &str) -> Result<Option<Value>, PublishError> {
    let path: Vec<String> = name.split('/').map(percent_encode).collect();
    match client.get(&format!("/repos/{repository}/git/ref/{}", path.join("/"))) {
        Ok(mut found) => Ok(Some(found.json["object"].take())),
        // A draft has no tag until it is published.
        Err(ApiError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Returns `true` for a full commit id, SHA-1 or SHA-256.
pub fn is_full_sha(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn hidden_commit() -> PublishError {
    unclear("the server's answer does not show the commit")
}
