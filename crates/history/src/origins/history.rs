//! Access to a repository for the search for origins.

use crate::Sha;
use crate::git::{BlamedLines, FilePatch, Whitespace};

pub use crate::git::Commit;

/// A path as the repository has it, in bytes: it need not be UTF-8.
pub type FilePath = Vec<u8>;

/// Description of history that could not be read. Untrusted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadHistory(pub String);

/// A repository, as far as the search for an origin sees it.
pub trait History {
    /// The commit of an id, or of the beginning of one; none if there is no such commit, or several.
    ///
    /// # Errors
    /// If the commit cannot be read.
    fn commit(&self, id: &str) -> Result<Option<Commit>, UnreadHistory>;

    /// The paths that a commit changes against its first parent.
    ///
    /// # Errors
    /// As above.
    fn changed_paths(&self, commit: &Sha) -> Result<Vec<FilePath>, UnreadHistory>;

    /// Returns the patch of a commit against its first parent, in files that existed before.
    ///
    /// # Errors
    /// As above.
    fn patch(&self, commit: &Sha, whitespace: Whitespace) -> Result<Vec<FilePatch>, UnreadHistory>;

    /// The contents of a file, by their id in a [`FilePatch`].
    ///
    /// # Errors
    /// As above.
    fn contents(&self, blob: &str) -> Result<Vec<u8>, UnreadHistory>;

    /// For each file, which commits brought in these lines of it as it was at a commit.
    fn blame(&self, at: &Sha, files: &[(FilePath, Vec<u32>)])
    -> Vec<Result<Vec<BlamedLines>, UnreadHistory>>;

    /// The commit by which a pull request came in.
    ///
    /// # Errors
    /// As above.
    fn merge_of(&self, pull_request: u64) -> Result<Option<Sha>, UnreadHistory>;
}
