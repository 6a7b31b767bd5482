//! The `git` program: the only module that runs it. It knows no issues and no releases.
//!
//! The content of a repository is untrusted:
//!
//! - Nothing in it may become an option. Object names and paths stand behind `--end-of-options` and `--`, or go to a
//!   long-lived process as lines of hexadecimal digits.
//! - Nothing in its configuration may run a program.
//! - Only [`CommitClone`] and [`Git::deepen`] use the network. A reader of [`CommitClone::with_files`] fetches the files that
//!   are missing.
//! - The configuration of the machine and of the user changes no answer.

mod blame;
mod command;
mod commit_clone;
mod completeness;
mod contents;
mod error;
mod fetch;
mod guard;
mod log;
mod numbers;
mod objects;
mod patch;
mod patch_id;
mod pipe;
mod quote;
mod refs;
mod remote;
mod scratch_objects;
mod tags;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod tree;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use command::Access;
use scratch_objects::ScratchObjects;

pub use blame::BlamedLines;
pub use commit_clone::{CloneOptions, CommitClone};
pub use completeness::{CloneCompleteness, OmittedObjects};
pub use error::GitError;
pub use fetch::CloneError;
pub use log::LoggedCommit;
pub use objects::{Commit, Objects};
pub use patch::{FilePatch, Hunk, Whitespace};
pub use refs::ServerRef;
pub use remote::{Remote, RemoteError};
pub use tags::TagRef;
pub use tree::TreeEntry;

/// Time limit of one command.
const PATIENCE: Duration = Duration::from_secs(60);

/// A repository on this machine, and the program that reads it. Cheap to clone, and usable from several threads.
#[derive(Debug, Clone)]
pub struct Git {
    program: PathBuf,
    folder: PathBuf,
    patience: Duration,
    side: Option<Arc<ScratchObjects>>,
    remote: Option<Arc<Remote>>,
    /// `true` if objects that are not here are fetched from the remote when they are read.
    fetches_objects: bool,
}

impl Git {
    /// The repository that a folder belongs to: a clone, a bare repository, a worktree, or a folder inside of one.
    ///
    /// # Errors
    /// If there is no `git` on this machine, or the folder belongs to no repository.
    pub fn open(folder: &Path) -> Result<Self, GitError> {
        Self::open_with(Path::new("git"), folder)
    }

    /// The same with another program.
    ///
    /// # Errors
    /// As [`Git::open`].
    pub fn open_with(program: &Path, folder: &Path) -> Result<Self, GitError> {
        let git = Self::new(program, folder);
        if !folder.is_dir() {
            return Err(GitError::NotARepository { folder: folder.to_owned() });
        }
        match git.ask("rev-parse", &["--absolute-git-dir".as_ref()], Access::Local) {
            Ok(place) => Ok(git.at_top(&place)),
            Err(GitError::Failed { .. }) => Err(GitError::NotARepository { folder: folder.to_owned() }),
            Err(error) => Err(error),
        }
    }

    fn new(program: &Path, folder: &Path) -> Self {
        let (program, folder) = (program.to_owned(), folder.to_owned());
        Self { program, folder, patience: PATIENCE, side: None, remote: None, fetches_objects: false }
    }

    /// The same repository, run where its files begin: blame reads a path from where it runs, and everything else tells
    /// paths from there. As it is where there are no files, or where the configuration says that they are elsewhere.
    fn at_top(self, place: &[u8]) -> Self {
        let Ok(up) = self.ask("rev-parse", &["--show-cdup".as_ref()], Access::Local) else { return self };
        let up = up.trim_ascii();
        if up.is_empty() || !up.chunks(3).all(|step| step == b"../") {
            return self;
        }
        let top = Self { folder: self.folder.join("../".repeat(up.len() / 3)), ..self.clone() };
        match top.ask("rev-parse", &["--absolute-git-dir".as_ref()], Access::Local) {
            Ok(there) if there == place => top,
            Ok(_) | Err(_) => self,
        }
    }

    /// The folder it is run in: the top of the repository's files, or the folder it was opened with where it has none.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}
