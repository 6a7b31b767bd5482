//! A git server on this machine with one repository, for tests.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use super::git_server::{Behavior, GitServer};
use super::{Sandbox, run};
use crate::git::{CloneError, CloneOptions, CommitClone, Remote};

/// A server with one repository, made from a work tree, and a folder for clones.
pub(crate) struct Stage {
    pub(crate) work: Sandbox,
    pub(crate) root: PathBuf,
    pub(crate) server: GitServer,
    pub(crate) cache: TempDir,
}

impl Stage {
    /// A repository with one commit.
    pub(crate) fn new() -> Self {
        let mut work = Sandbox::new();
        work.change("a.txt", "a\n", "feat: a");
        Self::of(work, &[])
    }

    /// Serves what is in a work tree.
    pub(crate) fn of(work: Sandbox, init: &[&str]) -> Self {
        let root = work.beside("served");
        let bare = root.join("octo/shop.git");
        fs::create_dir_all(&bare).unwrap();
        run(&bare, 0, &[&["init", "--quiet", "--bare", "--initial-branch=main"], init].concat());
        run(&bare, 0, &["config", "uploadpack.allowFilter", "true"]);
        let server = GitServer::start(&root, Behavior::Open);
        let stage = Self { work, root, server, cache: tempfile::tempdir().unwrap() };
        stage.push();
        stage
    }

    /// The served repository.
    pub(crate) fn bare(&self) -> PathBuf {
        self.root.join("octo/shop.git")
    }

    /// The served repository has the refs of the work tree, and no others.
    pub(crate) fn push(&self) {
        if self.work.git(&["for-each-ref"]).is_empty() {
            return;
        }
        let bare = self.bare();
        let refs = ["+refs/*:refs/*", "--prune", "--quiet", "--no-verify"];
        self.work.git(&[&["push", bare.to_str().unwrap()], &refs[..]].concat());
    }

    pub(crate) fn remote(&self) -> Remote {
        Remote::new(&self.server.url(), "octo", "shop").unwrap()
    }

    pub(crate) fn options(&self) -> CloneOptions<'_> {
        CloneOptions {
            remote: self.remote(),
            cache: Some(self.cache.path()),
            checkout: None,
            pull_request: None,
            time: Duration::from_secs(20),
            bytes: 1 << 30,
        }
    }

    pub(crate) fn open(&self) -> Result<CommitClone, CloneError> {
        CommitClone::open(&self.options())
    }

    /// Folders in the cache.
    pub(crate) fn kept(&self) -> Vec<String> {
        let folder = fs::read_dir(self.cache.path().join("history")).into_iter().flatten();
        folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}
