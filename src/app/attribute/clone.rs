//! A clone on this machine as the search for an origin sees it.

use std::cell::RefCell;
use std::collections::HashMap;

use rayon::prelude::*;

use crate::model::Sha;
use release_history::git::{BlamedLines, Commit, FilePatch, Git, GitError, Objects, Whitespace};
use release_history::origins::find::pull_request_in_subject as pull_request_of;
use release_history::origins::history::{FilePath, History, UnreadHistory};

/// A clone, read by one thread. What was read of a commit is kept: neighbouring fixes have the same candidates.
pub struct Clone {
    git: Git,
    objects: RefCell<Objects>,
    commits: RefCell<HashMap<String, Commit>>,
    paths: RefCell<HashMap<String, Vec<FilePath>>>,
}

impl Clone {
    /// A reader of a clone.
    pub fn new(git: &Git) -> Self {
        Self {
            git: git.clone(),
            objects: RefCell::new(git.objects()),
            commits: RefCell::default(),
            paths: RefCell::default(),
        }
    }

    fn known(&self, id: &Sha) -> Result<Commit, UnreadHistory> {
        self.commit(&id.0)?.ok_or_else(|| UnreadHistory(format!("commit {id} is not there")))
    }
}

impl History for Clone {
    fn commit(&self, id: &str) -> Result<Option<Commit>, UnreadHistory> {
        if let Some(known) = self.commits.borrow().get(id) {
            return Ok(Some(known.clone()));
        }
        let found = self.objects.borrow_mut().commit(id).map_err(unread)?;
        // An absent commit is not remembered: a later fetch may bring it.
        if let Some(commit) = &found {
            self.commits.borrow_mut().insert(commit.id.0.clone(), commit.clone());
        }
        Ok(found)
    }

    fn changed_paths(&self, commit: &Sha) -> Result<Vec<FilePath>, UnreadHistory> {
        if let Some(known) = self.paths.borrow().get(&commit.0) {
            return Ok(known.clone());
        }
        let object = self.known(commit)?;
        let paths = self.objects.borrow_mut().changed_paths(&object).map_err(unread)?;
        self.paths.borrow_mut().insert(commit.0.clone(), paths.clone());
        Ok(paths)
    }

    fn patch(&self, commit: &Sha, whitespace: Whitespace) -> Result<Vec<FilePatch>, UnreadHistory> {
        let commit = self.known(commit)?;
        self.objects.borrow_mut().patch(&commit, whitespace).map_err(unread)
    }

    fn contents(&self, blob: &str) -> Result<Vec<u8>, UnreadHistory> {
        self.objects.borrow_mut().contents(blob).map_err(unread)
    }

    fn blame(
        &self,
        at: &Sha,
        files: &[(FilePath, Vec<u32>)],
    ) -> Vec<Result<Vec<BlamedLines>, UnreadHistory>> {
        let git = &self.git;
        files.par_iter().map(|(path, lines)| git.blame(&at.0, path, lines).map_err(unread)).collect()
    }

    fn merge_of(&self, pull_request: u64) -> Result<Option<Sha>, UnreadHistory> {
        let texts = [format!("(#{pull_request})"), format!("Merge pull request #{pull_request} ")];
        let found = self.git.mentions(&texts).map_err(unread)?;
        // Others may speak of it. The first one that came in by it stands last.
        let is_it = |message: &str| {
            pull_request_of(message.trim_start().lines().next().unwrap_or("")) == Some(pull_request)
        };
        Ok(found.into_iter().rfind(|(_, message)| is_it(message)).map(|(id, _)| Sha(id)))
    }
}

/// Converts an error of Git.
fn unread(error: GitError) -> UnreadHistory {
    UnreadHistory(error.to_string())
}
