//! A clone of commits only: branches, tags and messages of a server, as they are now.
//!
//! The clone is a bare repository of this program's own. Its configuration is written again in every run, and of what
//! an earlier run left only objects and refs are used; the refs are then fetched from the server. A checkout that has
//! the commits already lends its objects, so that nothing is downloaded twice.

mod folder;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::command::Access;
use super::fetch::Limits;
use super::{CloneError, Git, GitError, OmittedObjects, Remote, ServerRef};
use folder::CloneFolder;

/// Refs that are fetched of a repository that has a head.
const HEAD: &str = "+HEAD:refs/server/HEAD";

/// Ref that keeps the head of the server.
const HEAD_REF: &str = "refs/server/HEAD";

/// Pause before a server that answered with an error of its own is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Options of a clone: source, folder and limits.
#[derive(Debug, Clone)]
pub struct CloneOptions<'a> {
    /// The repository on its server.
    pub remote: Remote,
    /// Folder that keeps the clone for the next run; `None` for a clone that is removed at the end.
    pub cache: Option<&'a Path>,
    /// Checkout that may have the commits already.
    pub checkout: Option<&'a Path>,
    /// Pull request whose commits are fetched too.
    pub pull_request: Option<u64>,
    /// Longest time that fetching may take.
    pub time: Duration,
    /// Largest size of the clone, in bytes.
    pub bytes: u64,
}

/// A clone of commits only. Dropping it puts it into the cache, or removes it.
#[derive(Debug)]
pub struct CommitClone {
    git: Git,
    /// After the program that works in it: dropping the folder puts it away.
    folder: CloneFolder,
    refs: Vec<ServerRef>,
    default_branch: Option<String>,
    has_files: bool,
    limits: Limits,
}

impl CommitClone {
    /// Fetches the commits, branches and tags that the server has now.
    ///
    /// # Errors
    /// [`CloneError`] says why the server did not send all of them within the limits.
    pub fn open(options: &CloneOptions<'_>) -> Result<Self, CloneError> {
        Self::open_with(Path::new("git"), options)
    }

    /// The same with another program.
    ///
    /// # Errors
    /// As [`CommitClone::open`].
    pub fn open_with(program: &Path, options: &CloneOptions<'_>) -> Result<Self, CloneError> {
        let lender = options.checkout.and_then(|checkout| lender(program, checkout, &options.remote));
        // A clone that borrows objects is not kept: it would be broken once the checkout is gone.
        let cache = options.cache.filter(|_| lender.is_none());
        let folder = CloneFolder::take(cache, &options.remote.folder_name())?;
        let was_kept = folder.was_kept();
        match Self::fetch(program, options, folder, lender.as_deref()) {
            // The clone of an earlier run may be damaged. If a server does not answer, that says nothing about the clone.
            Err(CloneError::Failed { .. } | CloneError::Git(GitError::Failed { .. })) if was_kept => {
                let folder = CloneFolder::create(cache, &options.remote.folder_name())?;
                Self::fetch(program, options, folder, lender.as_deref())
            }
            result => result,
        }
    }

    /// Fetches into a folder, whatever hash the repository uses.
    fn fetch(
        program: &Path,
        options: &CloneOptions<'_>,
        folder: CloneFolder,
        lender: Option<&Path>,
    ) -> Result<Self, CloneError> {
        let remote = Arc::new(options.remote.clone());
        let git = Git { remote: Some(remote), ..Git::new(program, folder.path()) };
        let mut limits = Limits { time: options.time, bytes: options.bytes };
        let (start, mut was_unavailable) = (Instant::now(), false);
        // Without a pull request the last run's one goes: no repository has a number 0.
        let pull_request = options.pull_request.unwrap_or(0);
        let mut refspecs = vec![
            HEAD.to_owned(),
            "+refs/heads/*:refs/heads/*".to_owned(),
            "+refs/tags/*:refs/tags/*".to_owned(),
            // A pattern, since a pull request that cannot be merged has no `merge`.
            format!("+refs/pull/{pull_request}/*:refs/candidate/*"),
        ];
        let mut uses_sha256 = false;
        // A tag of a folder or a file needs that object; a server leaves it out with the others.
        let mut filters = [OmittedObjects::Trees, OmittedObjects::Blobs, OmittedObjects::Nothing].into_iter();
        folder.prepare(&options.remote, lender, uses_sha256)?;
        if lender.is_none() && git.has_folders(HEAD_REF) {
            // An earlier run fetched the folders of all commits: those of new commits are needed too.
            filters.next();
        }
        let mut without = filters.next().unwrap_or(OmittedObjects::Nothing);
        loop {
            folder.prepare(&options.remote, lender, uses_sha256)?;
            match git.fetch_commits(&refspecs, without, limits) {
                Ok(()) => break,
                Err(CloneError::OtherHash) if !uses_sha256 => {
                    folder.clear()?;
                    uses_sha256 = true;
                }
                // Git fetches nothing at all if a ref without a pattern is missing.
                Err(CloneError::NoHead) if refspecs.first().is_some_and(|first| first == HEAD) => {
                    refspecs.remove(0);
                }
                // Once, and only if there is time for it.
                Err(CloneError::Unavailable { .. })
                    if !was_unavailable && start.elapsed() + PAUSE < options.time =>
                {
                    was_unavailable = true;
                    thread::sleep(PAUSE);
                    // The failed attempt and the pause count, too.
                    limits.time = options.time.saturating_sub(start.elapsed());
                }
                Err(CloneError::LeftOut) => without = filters.next().ok_or(CloneError::LeftOut)?,
                Err(error) => return Err(error),
            }
        }
        let refs = git.refs("refs/")?;
        let has_files = lender.is_some();
        let mut clone = Self { git, folder, refs, default_branch: None, has_files, limits };
        clone.default_branch = clone.find_default_branch()?;
        clone.folder.keep();
        Ok(clone)
    }

    /// The program that reads the clone.
    pub fn git(&self) -> &Git {
        &self.git
    }

    /// A reader of files too: folders of all commits are fetched now, unless they are here, and contents of files when they
    /// are first read. [`CommitClone::fetch_contents`] fetches many at once.
    ///
    /// # Errors
    /// [`CloneError`] says why the server did not send all folders within the limits.
    pub fn with_files(&self) -> Result<Git, CloneError> {
        if !self.has_files {
            // Only branches: a tag can lead to a file, which has no folder.
            let is_branch = |found: &&ServerRef| found.name.starts_with("refs/heads/");
            if !self.refs.iter().filter(is_branch).all(|branch| self.git.has_folders(&branch.target)) {
                let tips: Vec<&str> = self.refs.iter().map(|found| found.target.as_str()).collect();
                self.git.fetch_folders(&tips, self.limits)?;
            }
        }
        Ok(Git { fetches_objects: true, patience: self.limits.time, ..self.git.clone() })
    }

    /// Limits of each fetch.
    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// Name of the default branch; `None` in an empty repository.
    pub fn default_branch(&self) -> Option<&str> {
        self.default_branch.as_deref()
    }

    /// `true` if a checkout lends the files of most commits.
    pub fn has_files(&self) -> bool {
        self.has_files
    }

    /// Object that a full ref name leads to on the server, for example `refs/heads/main`. The pull request of the options
    /// has `refs/candidate/head` and `refs/candidate/merge`.
    pub fn target(&self, name: &str) -> Option<&str> {
        self.refs.iter().find(|found| found.name == name).map(|found| found.target.as_str())
    }

    /// Every ref of the server that was fetched.
    pub fn refs(&self) -> &[ServerRef] {
        &self.refs
    }

    /// Returns the bytes that [`CommitClone::remember`] left in an earlier run; `None` if there are none.
    pub fn remembered(&self) -> Option<Vec<u8>> {
        self.folder.remembered()
    }

    /// Leaves bytes for the next run, next to the clone; nothing if they are `None`, or the clone is not kept.
    pub fn remember(&self, bytes: Option<&[u8]>) {
        self.folder.remember(bytes);
    }

    /// Keeps the clone out of the cache: something in it could not be read.
    pub fn discard(mut self) {
        self.folder.discard();
    }

    /// The branch that HEAD is on. If several are at its commit, the server is asked for its name.
    fn find_default_branch(&self) -> Result<Option<String>, CloneError> {
        let Some(head) = self.target(HEAD_REF) else { return Ok(None) };
        let branches = self.refs.iter().filter(|found| found.target == head);
        let mut names = branches.filter_map(|found| found.name.strip_prefix("refs/heads/"));
        match (names.next(), names.next()) {
            // The usual case needs no further request.
            (Some(only), None) => Ok(Some(only.to_owned())),
            (None, _) => Ok(None),
            (Some(_), Some(_)) => {
                let arguments = ["--symref", "--end-of-options", "origin", "HEAD"].map(str::as_ref);
                let answer = self.git.ask("ls-remote", &arguments, Access::Server)?;
                let answer = String::from_utf8_lossy(&answer).into_owned();
                let mut lines = answer.lines().filter_map(|line| line.strip_suffix("\tHEAD"));
                Ok(lines.find_map(|line| line.strip_prefix("ref: refs/heads/")).map(str::to_owned))
            }
        }
    }
}

impl Git {
    /// `true` if the folder at the top of a commit's files is on this machine.
    fn has_folders(&self, commit: &str) -> bool {
        let name = format!("{commit}^{{tree}}");
        self.ask("cat-file", &["-e", name.as_str()].map(str::as_ref), Access::Local).is_ok()
    }
}

/// The folder of objects of a checkout that has all commits of this repository; `None` for any other folder.
fn lender(program: &Path, checkout: &Path, remote: &Remote) -> Option<PathBuf> {
    let git = Git::open_with(program, checkout).ok()?;
    let shape = git.shape().ok()?;
    // A shallow clone lacks the parents of its boundary.
    if shape.shallow || shape.filter == OmittedObjects::Trees {
        return None;
    }
    let origin = git.ask("config", &["--get", "remote.origin.url"].map(str::as_ref), Access::Local).ok()?;
    if !remote.is_at(std::str::from_utf8(&origin).ok()?) {
        return None;
    }
    let path = git.ask("rev-parse", &["--git-path", "objects"].map(str::as_ref), Access::Local).ok()?;
    let path = git.folder().join(std::str::from_utf8(path.strip_suffix(b"\n")?).ok()?).canonicalize().ok()?;
    // One path a line.
    path.to_str().is_some_and(|path| !path.contains('\n')).then_some(path)
}

#[cfg(test)]
mod tests;
