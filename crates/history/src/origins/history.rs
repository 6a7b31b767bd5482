//! Access to a repository for the search for origins.

use crate::Sha;

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
    fn patch(&self, commit: &Sha, blanks: Blanks) -> Result<Vec<FilePatch>, UnreadHistory>;

    /// The contents of a file, by their id in a [`FilePatch`].
    ///
    /// # Errors
    /// As above.
    fn contents(&self, blob: &str) -> Result<Vec<u8>, UnreadHistory>;

    /// For each file, which commits brought in these lines of it as it was at a commit.
    fn blame(&self, at: &Sha, files: &[(FilePath, Vec<u32>)]) -> Vec<Result<Vec<Origin>, UnreadHistory>>;

    /// The commit by which a pull request came in.
    ///
    /// # Errors
    /// As above.
    fn merge_of(&self, pull_request: u64) -> Result<Option<Sha>, UnreadHistory>;
}

/// A commit of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Full id.
    pub id: Sha,
    /// Ids of the parents.
    pub parents: Vec<Sha>,
    /// The author as `Name <address>`. Untrusted text.
    pub author: String,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// The whole message. Untrusted text.
    pub message: String,
}

impl Commit {
    /// The first line of the message.
    pub fn subject(&self) -> &str {
        self.message.trim_start().lines().next().unwrap_or("").trim_end()
    }
}

/// Whether blanks make a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blanks {
    /// They do.
    Count,
    /// Lines that differ in blanks only, and blank lines, are the same.
    Ignored,
}

/// What a commit changes in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePatch {
    /// Its path before the commit.
    pub path: FilePath,
    /// The id of its contents before the commit.
    pub blob: String,
    /// The places that changed.
    pub hunks: Vec<Hunk>,
}

/// One place of a file that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The first line taken out, counted from 1; where none is, the line that the new ones follow (0 for the top).
    pub start: u32,
    /// How many lines were taken out.
    pub removed: u32,
    /// True if a line that is not blank was put in.
    pub adds: bool,
}

/// A run of lines that one commit brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The commit.
    pub commit: Sha,
    /// The first line, counted from 1.
    pub start: u32,
    /// How many lines.
    pub count: u32,
}
