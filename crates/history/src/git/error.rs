//! Reasons that a `git` command failed.

use std::path::PathBuf;

/// Reasons that a `git` command failed.
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
    /// The exit code was not 0. The message is untrusted text.
    #[error("`git {verb}` failed: {message}")]
    Failed {
        /// Name of the command, for example `log`.
        verb: &'static str,
        /// The first line it said on standard error.
        message: String,
    },
    /// The time limit was reached.
    #[error("`git {verb}` was stopped after {seconds} s")]
    TooSlow {
        /// Name of the command, for example `log`.
        verb: &'static str,
        /// The time limit, in seconds.
        seconds: u64,
    },
    /// The output was larger than the limit.
    #[error("`git {verb}` wrote more than {mebibytes} MiB")]
    TooLarge {
        /// Name of the command, for example `log`.
        verb: &'static str,
        /// The limit.
        mebibytes: usize,
    },
    /// The output does not have the documented form.
    #[error("`git {verb}` wrote something that is not understood: {what}")]
    NotUnderstood {
        /// Name of the command, for example `log`.
        verb: &'static str,
        /// The part in question. Untrusted text.
        what: String,
    },
    /// An object is not in this copy: it was cloned without it.
    #[error("object {object} is not in this copy of the repository")]
    Absent {
        /// The requested object.
        object: String,
    },
}
