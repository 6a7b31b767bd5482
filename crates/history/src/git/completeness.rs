//! Shallow, partial and full clones, and fetching the rest.

use std::ffi::OsStr;

use super::command::Access;
use super::{Git, GitError};

/// Completeness of a clone: shallow, partial or full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloneCompleteness {
    /// History ends at a boundary. Blame names the boundary for everything older, without a word.
    pub shallow: bool,
    /// Objects that were left out when it was cloned.
    pub filter: OmittedObjects,
}

/// Objects that a clone was made without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OmittedObjects {
    /// No objects.
    Nothing,
    /// Contents of files (`blob:none`, or those above a size).
    Blobs,
    /// Folders and contents (`tree:0`), or something this version does not know.
    Trees,
}

impl OmittedObjects {
    /// The option of a fetch without these objects.
    pub(super) fn option(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Blobs => Some("--filter=blob:none"),
            Self::Trees => Some("--filter=tree:0"),
        }
    }
}

impl Git {
    /// Returns the completeness of the clone.
    ///
    /// # Errors
    /// If that cannot be read.
    pub fn shape(&self) -> Result<CloneCompleteness, GitError> {
        let shallow = self.ask("rev-parse", &["--is-shallow-repository".as_ref()], Access::Local)?;
        let shallow = match shallow.trim_ascii() {
            b"true" => true,
            b"false" => false,
            other => {
                let what = String::from_utf8_lossy(other).into_owned();
                return Err(GitError::NotUnderstood { verb: "rev-parse", what });
            }
        };
        // `git config --get-regexp` fails if no key matches, so list the keys first.
        let all = self.ask("config", &["--list", "--name-only"].map(str::as_ref), Access::Local)?;
        let is_partial =
            String::from_utf8_lossy(&all).lines().any(|key| key.ends_with(".partialclonefilter"));
        if !is_partial {
            return Ok(CloneCompleteness { shallow, filter: OmittedObjects::Nothing });
        }
        let arguments = ["--get-regexp", r"^remote\..*\.partialclonefilter$"].map(str::as_ref);
        let filters = self.ask("config", &arguments, Access::Local)?;
        let only_blobs = String::from_utf8_lossy(&filters)
            .lines()
            .all(|line| line.rsplit(' ').next().is_some_and(|filter| filter.starts_with("blob:")));
        Ok(CloneCompleteness {
            shallow,
            filter: if only_blobs { OmittedObjects::Blobs } else { OmittedObjects::Trees },
        })
    }

    /// Fetches what a shallow clone is without: every commit and tag, without the objects of the filter. This is the only
    /// question that uses the network, and the only one that changes the repository.
    ///
    /// # Errors
    /// If there is no such remote, or it cannot be reached in time.
    pub fn deepen(&self, remote: &str, without: OmittedObjects) -> Result<(), GitError> {
        let fixed = [
            "--unshallow",
            "--tags",
            "--quiet",
            "--no-recurse-submodules",
            "--no-write-fetch-head",
            // `remote.*.uploadpack` in a repository's configuration may name any program.
            "--upload-pack=git-upload-pack",
        ];
        let all = fixed.into_iter().chain(without.option()).chain(["--end-of-options", remote]);
        let arguments: Vec<&OsStr> = all.map(OsStr::new).collect();
        self.ask("fetch", &arguments, Access::Network).map(drop)
    }

    /// The full id of the commit that a person names: a branch, a tag, an id or the beginning of one.
    ///
    /// # Errors
    /// If it names no commit of this repository.
    pub fn commit(&self, name: &str) -> Result<String, GitError> {
        let wanted = format!("{name}^{{commit}}");
        let arguments = ["--verify", "--quiet", "--end-of-options", wanted.as_str()].map(str::as_ref);
        let answer = self.ask("rev-parse", &arguments, Access::Local).map_err(|error| {
            if let GitError::Failed { .. } = error {
                GitError::Absent { object: name.to_owned() }
            } else {
                error
            }
        })?;
        super::numbers::id(answer.trim_ascii()).ok_or_else(|| GitError::Absent { object: name.to_owned() })
    }
}
