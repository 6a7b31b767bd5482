//! Results and errors of publishing.

use serde_json::Value;

use crate::ci::RunAttempt;
use crate::github::{ApiError, Client, Permissions};

/// A text or status that is in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Web address of the text.
    pub url: String,
    /// The change that was necessary.
    pub action: PublishAction,
    /// Notes for the user, for example about a duplicate that could not be deleted.
    pub notes: Vec<String>,
}

impl Published {
    /// A result without notes.
    pub(super) fn new(url: impl Into<String>, action: PublishAction) -> Self {
        Self { url: url.into(), action, notes: Vec::new() }
    }
}

/// The change that publishing made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishAction {
    /// There was no text before.
    Created,
    /// The text replaces an older one.
    Updated,
    /// The same text was there already.
    Unchanged,
    /// The [`WriteCondition`](super::WriteCondition) does not apply.
    Skipped,
}

/// An error of publishing.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The request failed.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The text is too long.
    #[error("the text has {length} characters, and {place} holds {limit}; shorten it")]
    TooLong {
        /// Kind of the text, for example "a comment".
        place: &'static str,
        /// Number of characters.
        length: usize,
        /// Largest number of characters.
        limit: usize,
    },
    /// The server's answer does not show the present text, so writing is not safe.
    #[error("{what}, so nothing was written")]
    Unclear {
        /// Missing part of the answer.
        what: String,
    },
    /// The release does not exist.
    #[error(
        "there is no release, not even a draft, for the tag `{tag}` in {repository}; create it first, or give the job \
         `contents: write`: GitHub shows drafts to nobody else"
    )]
    NoRelease {
        /// The tag.
        tag: String,
        /// `owner/name`.
        repository: String,
    },
    /// Other writers kept changing the notes.
    #[error(
        "the notes of {tag} changed again and again while they were being written; run again when it is quiet"
    )]
    Contended {
        /// Tag of the release.
        tag: String,
    },
    /// The release or pull request leads to another commit than the evaluated one.
    #[error(
        "{what} was evaluated at {evaluated} and leads to {now} by now; only a run for that commit may write"
    )]
    Moved {
        /// For example "the release v1.2.0" or "pull request 7".
        what: String,
        /// The evaluated commit.
        evaluated: String,
        /// The present commit.
        now: String,
    },
    /// A run that was started later has written already.
    #[error("the text there is of run {}, attempt {}, which was started later than this one", .0.id, .0.attempt)]
    NewerRun(RunAttempt),
}

impl PublishError {
    /// Returns the permissions that the token lacks, if the server said so.
    pub fn permissions(&self) -> Option<&Permissions> {
        let Self::Api(error) = self else { return None };
        error.permissions()
    }
}

/// Repeats `attempt` while its failure is transient. The attempt looks before it writes, so that nothing is written twice
/// if an answer was lost.
pub(super) fn retry(
    client: &Client,
    attempt: impl Fn() -> Result<Published, PublishError>,
) -> Result<Published, PublishError> {
    let mut attempts = 1;
    loop {
        match attempt() {
            Err(PublishError::Api(error)) if client.pause(&error, attempts) => attempts += 1,
            done => return done,
        }
    }
}

/// Returns an error for an answer from which `what` is not clear.
pub(super) fn unclear(what: impl Into<String>) -> PublishError {
    PublishError::Unclear { what: what.into() }
}

/// Reads a REST list entry by entry, over all its pages. `what` names the entries in errors.
pub(super) fn list_entries(
    client: &Client,
    path: &str,
    what: &str,
) -> impl Iterator<Item = Result<Value, PublishError>> {
    client.pages(path).flat_map(move |page| match page.map(|page| page.json) {
        Ok(Value::Array(entries)) => entries.into_iter().map(Ok).collect(),
        Ok(_) => vec![Err(unclear(format!("the {what} are not a list")))],
        Err(error) => vec![Err(error.into())],
    })
}

/// Returns an error for a text that has more than `limit` characters.
pub(super) fn check_length(text: &str, limit: usize, place: &'static str) -> Result<(), PublishError> {
    let length = text.chars().count();
    if length > limit { Err(PublishError::TooLong { place, length, limit }) } else { Ok(()) }
}

/// Compares texts as GitHub may return them: line endings and white space at the end do not count.
pub(super) fn is_same_text(left: &str, right: &str) -> bool {
    normalized_text(left) == normalized_text(right)
}

/// Returns a text without the parts that GitHub may change.
pub(super) fn normalized_text(text: &str) -> String {
    // GitHub stores edits in the browser with `\r\n`.
    text.replace("\r\n", "\n").trim_end().to_owned()
}
