//! The files of the repository at one commit: by Git where a checkout has the commit, else by GitHub's API.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::github::{ApiError, Client};
use crate::model::Sha;
use crate::policy::Unread;
use release_history::git::{Git, TreeEntry};

use super::Run;
use super::connect::LazyClient;
use super::policy_files::{PolicyFiles, YamlFiles, is_visible_yaml, unread_file};

/// The remedy if a commit cannot be read.
const HELP: &str = "give the job the permission `contents: read`, or check out with `fetch-depth: 0`";

/// The files of the workflow's repository at one commit. Paths start from the top of the repository.
pub struct CommitFiles<'w, 'a> {
    commit: &'w Sha,
    git: Option<Git>,
    repository: &'w str,
    client: LazyClient<'w, 'a>,
    /// Set when the API showed that the commit can be read.
    is_readable: OnceCell<()>,
    /// Files that the API sent, by path.
    sent: RefCell<BTreeMap<String, Option<Vec<u8>>>>,
}

impl<'w, 'a> CommitFiles<'w, 'a> {
    /// The files at a commit. `checkout` is a folder of a clone, if there is one.
    pub fn new(commit: &'w Sha, checkout: Option<&Path>, repository: &'w str, run: &'w Run<'a>) -> Self {
        let git = checkout.and_then(|folder| Git::open(folder).ok());
        // `actions/checkout` fetches one commit by default, so the base commit is usually not in
        // the clone.
        let git = git.filter(|git| git.has_commit(&commit.0).unwrap_or(false));
        let (client, is_readable) = (LazyClient::new(run), OnceCell::new());
        Self { commit, git, repository, client, is_readable, sent: RefCell::default() }
    }

    fn client(&self) -> Result<&Client, Unread> {
        self.client.get().map_err(|failure| unread_file(&failure.to_string(), HELP))
    }

    /// Confirms that the token can read the commit: the API answers "not found" for an absent path and for an unreadable commit.
    fn confirm_readable(&self) -> Result<(), Unread> {
        if self.is_readable.get().is_none() {
            let read = self.client()?.confirm_commit(self.repository, &self.commit.0);
            read.map_err(|error| unread_file(&error.to_string(), HELP))?;
            self.is_readable.get_or_init(|| ());
        }
        Ok(())
    }

    /// Converts an answer of the API; `None` if nothing is at the path.
    fn found<T>(&self, answer: Result<T, ApiError>) -> Result<Option<T>, Unread> {
        match answer {
            Ok(found) => {
                self.is_readable.get_or_init(|| ());
                Ok(Some(found))
            }
            Err(ApiError::NotFound { .. }) => self.confirm_readable().map(|()| None),
            Err(error) => Err(unread_file(&error.to_string(), HELP)),
        }
    }
}

impl PolicyFiles for CommitFiles<'_, '_> {
    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Unread> {
        let path = &repository_path(path)?;
        // A clone may lack the files of a commit that it has: the API has them.
        if let Some(Ok(read)) = self.git.as_ref().map(|git| git.file_at(&self.commit.0, path)) {
            return Ok(read);
        }
        if let Some(read) = self.sent.borrow().get(path) {
            return Ok(read.clone());
        }
        let read = self.found(self.client()?.file(self.repository, path, &self.commit.0))?;
        self.sent.borrow_mut().insert(path.clone(), read.clone());
        Ok(read)
    }

    fn yaml_files(&self, folder: &Path) -> Result<YamlFiles, Unread> {
        let path = &repository_path(folder)?;
        let listed = match self.git.as_ref().map(|git| git.folder_at(&self.commit.0, path)) {
            Some(Ok(entries)) => {
                let files = entries.into_iter().filter(|entry: &TreeEntry| !entry.is_folder);
                files.map(|entry| entry.path).collect()
            }
            Some(Err(_)) | None => {
                let answer = self.client()?.folder(self.repository, path, &self.commit.0);
                self.found(answer)?.unwrap_or_default()
            }
        };
        let mut files: Vec<PathBuf> = listed.into_iter().map(PathBuf::from).collect();
        files.retain(|path| is_visible_yaml(path));
        files.sort();
        Ok(YamlFiles { files, outside: Vec::new() })
    }

    fn resolve(&self, path: &Path) -> Result<PathBuf, Unread> {
        let within = repository_path(path)?;
        let entry = self.git.as_ref().and_then(|git| git.entry_at(&self.commit.0, &within).ok().flatten());
        Ok(entry.map_or_else(|| path.to_owned(), |entry| PathBuf::from(entry.path)))
    }
}

/// A path as Git and the API write it.
fn repository_path(path: &Path) -> Result<String, Unread> {
    let text = path.to_str().map(|text| text.replace('\\', "/"));
    let usable = text.filter(|text| !text.starts_with('/') && !text.split('/').any(|part| part == ".."));
    usable.ok_or_else(|| unread_file("it lies outside of the repository", "put it into the repository"))
}
