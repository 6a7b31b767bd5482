//! What became of a text that was to be published.

use crate::ci::RunAttempt;
use crate::github::{ApiError, Client, Permissions};

/// A text that is where it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Where a person reads it.
    pub url: String,
    /// What was done for it.
    pub action: PublishAction,
    /// What a person should know about it.
    pub notes: Vec<String>,
}

/// What was done for a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishAction {
    /// It is new.
    Created,
    /// It replaces an older one.
    Updated,
    /// It was there already, and nothing was written.
    Unchanged,
    /// It was not wanted here and now.
    Skipped,
}

/// A text that could not be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The server refused, or could not be reached.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The text is longer than the place allows.
    #[error("the text has {length} characters, and {place} holds {limit}; shorten it")]
    TooLong {
        /// Where it was to go.
        place: &'static str,
        /// Its length in characters.
        length: usize,
        /// The most that is allowed.
        limit: usize,
    },
    /// The server's answer leaves open what is there, so nothing was written.
    #[error("{what}, so nothing was written")]
    Unclear {
        /// What could not be told.
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
        /// The repository.
        repository: String,
    },
    /// Somebody else kept writing.
    #[error(
        "the notes of {tag} changed again and again while they were being written; run again when it is quiet"
    )]
    Contended {
        /// The release's tag.
        tag: String,
    },
    /// A release or a pull request that leads to another commit than the one that was judged.
    #[error("{what} was judged at {judged} and leads to {now} by now; only a run for that commit may write")]
    Moved {
        /// "the release v1.2.0", "pull request 7".
        what: String,
        /// The commit that was judged.
        judged: String,
        /// Where it leads now.
        now: String,
    },
    /// A run that was started later has written already.
    #[error("the text there is of run {}, attempt {}, which was started later than this one", .0.id, .0.attempt)]
    NewerRun(RunAttempt),
}

impl PublishError {
    /// What the token lacks, where the server said so.
    pub fn permissions(&self) -> Option<&Permissions> {
        match self {
            Self::Api(error) => error.permissions(),
            Self::TooLong { .. }
            | Self::Unclear { .. }
            | Self::NoRelease { .. }
            | Self::Contended { .. }
            | Self::Moved { .. }
            | Self::NewerRun(_) => None,
        }
    }

    /// Waits, if the failure may pass. True means: look again whether the write took effect, and go on from there.
    pub(super) fn pause(&self, client: &Client, attempt: u32) -> bool {
        match self {
            Self::Api(error) => client.pause(error, attempt),
            Self::TooLong { .. }
            | Self::Unclear { .. }
            | Self::NoRelease { .. }
            | Self::Contended { .. }
            | Self::Moved { .. }
            | Self::NewerRun(_) => false,
        }
    }
}

/// An error for text beyond a limit in characters.
pub(super) fn within(text: &str, limit: usize, place: &'static str) -> Result<(), PublishError> {
    let length = text.chars().count();
    if length > limit { Err(PublishError::TooLong { place, length, limit }) } else { Ok(()) }
}

/// Text as GitHub may hand it back: line endings and the space at the end do not count.
pub(super) fn same(left: &str, right: &str) -> bool {
    plain(left) == plain(right)
}

/// Text without what GitHub may change of it.
pub(super) fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}
