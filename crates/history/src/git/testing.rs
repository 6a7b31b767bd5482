//! Small repositories made by `git` itself, for tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::new_without_default)]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::Git;

pub mod git_server;
pub mod stage;

/// A repository that removes itself, and the time of its next commit.
pub struct Sandbox {
    _folder: TempDir,
    /// The repository's folder.
    pub path: PathBuf,
    clock: i64,
}

impl Sandbox {
    /// An empty repository.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// An empty repository made with these options of `git init`.
    pub fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("repository");
        fs::create_dir(&path).unwrap();
        let sandbox = Self { _folder: folder, path, clock: 1_700_000_000 };
        sandbox.git(&[&["init", "--quiet", "--initial-branch=main"], options].concat());
        sandbox
    }

    /// A folder beside the repository that removes itself with it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.path.parent().unwrap().join(name)
    }

    /// Opens the repository.
    pub fn open(&self) -> Git {
        Git::open(&self.path).unwrap()
    }

    /// Runs `git` in it; a failure fails the test, and says how to get `git` where there is none.
    pub fn git(&self, arguments: &[&str]) -> String {
        run_git_at(&self.path, self.clock, arguments)
    }

    /// Writes a file.
    pub fn write(&self, path: impl AsRef<OsStr>, contents: impl AsRef<[u8]>) {
        let path = self.path.join(Path::new(path.as_ref()));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    /// Sets the time of whatever is made next.
    pub fn set_clock(&mut self, seconds: i64) {
        self.clock = seconds;
    }

    /// Commits everything, a day after the last commit; returns the id.
    pub fn commit(&mut self, message: &str) -> String {
        self.clock += 86_400;
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--no-verify", "-m", message]);
        self.head()
    }

    /// Writes a file and commits it.
    pub fn change(&mut self, path: &str, contents: &str, message: &str) -> String {
        self.write(path, contents);
        self.commit(message)
    }

    /// The id of the head.
    pub fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }
}

/// Runs `git` in a folder at a moment, without this machine's configuration.
pub fn run_git_at(folder: &Path, seconds: i64, arguments: &[&str]) -> String {
    let date = format!("{seconds} +0000");
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    let output = command
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgSign=false"])
        .args(["-c", "protocol.file.allow=always", "-c", "core.autocrlf=false", "-c", "gc.auto=0"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .output()
        .expect("this test needs git: `apt-get install git`, `brew install git`, or https://git-scm.com");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
