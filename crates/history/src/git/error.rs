//! Why `git` gave no answer.

use std::path::PathBuf;

/// Why `git` gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no such program.
    #[error(
        "there is no `git` on this machine; install it: `apt-get install git`, `brew install git`, or https://git-scm.com"
    )]
    NotInstalled,
    /// The program is there and does not start.
    #[error("`git` does not start: {0}")]
    NotStarted(std::io::Error),
    /// The folder belongs to no repository, or to one that `git` does not read.
    #[error("{} is no git repository", folder.display())]
    NotARepository {
        /// The folder.
        folder: PathBuf,
    },
    /// It ended with another code than 0. The message is untrusted text.
    #[error("`git {verb}` failed: {message}")]
    Failed {
        /// Its first argument.
        verb: &'static str,
        /// The first line it said on standard error.
        message: String,
    },
    /// It took longer than it may.
    #[error("`git {verb}` was stopped after {seconds} s")]
    TooSlow {
        /// Its first argument.
        verb: &'static str,
        /// How long it was waited for.
        seconds: u64,
    },
    /// It wrote more than may be held in memory.
    #[error("`git {verb}` wrote more than {mebibytes} MiB")]
    TooLarge {
        /// Its first argument.
        verb: &'static str,
        /// The limit.
        mebibytes: usize,
    },
    /// It wrote something that is not in its documentation.
    #[error("`git {verb}` wrote something that is not understood: {what}")]
    NotUnderstood {
        /// Its first argument.
        verb: &'static str,
        /// The part in question. Untrusted text.
        what: String,
    },
    /// An object is not in this copy: it was cloned without it.
    #[error("object {object} is not in this copy of the repository")]
    Absent {
        /// What was asked for.
        object: String,
    },
}
