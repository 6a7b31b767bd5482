//! A git server on this machine with one repository, for tests.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use super::git_server::{Behavior, GitServer};
use super::{Sandbox, run_git_at};
use crate::git::{CloneError, CloneOptions, CommitClone, Remote};

/// A server with one repository, made from a work tree, and a folder for clones.
pub struct Stage {
    /// The work tree.
    pub work: Sandbox,
    /// The folder that is served.
    pub root: PathBuf,
    /// The server.
    pub server: GitServer,
    /// The folder for clones.
    pub cache: TempDir,
}

impl Stage {
    /// A repository with one commit.
    pub fn new() -> Self {
        let mut work = Sandbox::new();
        work.change("a.txt", "a\n", "feat: a");
        Self::of(work, &[])
    }

    /// Serves what is in a work tree.
    pub fn of(work: Sandbox, init: &[&str]) -> Self {
        let root = work.beside("served");
        let bare = root.join("octo/shop.git");
        fs::create_dir_all(&bare).unwrap();
        run_git_at(&bare, 0, &[&["init", "--quiet", "--bare", "--initial-branch=main"], init].concat());
        run_git_at(&bare, 0, &["config", "uploadpack.allowFilter", "true"]);
        let server = GitServer::start(&root, Behavior::Open);
        let stage = Self { work, root, server, cache: tempfile::tempdir().unwrap() };
        stage.push();
        stage
    }

    /// The served repository.
    pub fn bare(&self) -> PathBuf {
        self.root.join("octo/shop.git")
    }

    /// The served repository has the refs of the work tree, and no others.
    pub fn push(&self) {
        if self.work.git(&["for-each-ref"]).is_empty() {
            return;
        }
        let bare = self.bare();
        let refs = ["+refs/*:refs/*", "--prune", "--quiet", "--no-verify"];
        self.work.git(&[&["push", bare.to_str().unwrap()], &refs[..]].concat());
    }

    /// The address of the served repository.
    pub fn remote(&self) -> Remote {
        Remote::new(&self.server.url(), "octo", "shop").unwrap()
    }

    /// Options of a clone into the cache.
    pub fn options(&self) -> CloneOptions<'_> {
        CloneOptions {
            remote: self.remote(),
            cache: Some(self.cache.path()),
            checkout: None,
            pull_request: None,
            time: Duration::from_secs(20),
            bytes: 1 << 30,
        }
    }

    /// Opens a clone of the served repository.
    pub fn open(&self) -> Result<CommitClone, CloneError> {
        CommitClone::open(&self.options())
    }

    /// Folders in the cache.
    pub fn kept(&self) -> Vec<String> {
        let folder = fs::read_dir(self.cache.path().join("history")).into_iter().flatten();
        folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}
