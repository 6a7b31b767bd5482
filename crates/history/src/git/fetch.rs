//! Fetching commits from a server: how long it may take, how large it may get, and why it failed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::command::{Access, feed, last_error_line};
use super::{Git, GitError, OmittedObjects};

/// Pause between two looks at the size of a folder.
const TICK: Duration = Duration::from_millis(100);

/// Bytes of standard error that are kept.
const MESSAGE: usize = 16 << 10;

/// Lines of standard error that say that a server sends trees and contents of files too.
const NO_FILTER: &str = "filtering not recognized";

/// Arguments of each fetch.
const FETCH: [&str; 6] = [
    "--quiet",
    // Each fetch names its refs. Git would follow tags to more objects.
    "--no-tags",
    "--no-write-fetch-head",
    "--no-recurse-submodules",
    "--no-auto-maintenance",
    // An empty map: the configured refspecs of a remote would update other refs.
    "--refmap=",
];

/// Limits of a fetch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Longest time until it has ended.
    pub time: Duration,
    /// Largest size of the folder, in bytes.
    pub bytes: u64,
}

/// Reasons that a clone failed. Texts from the server are untrusted.
#[derive(Debug, thiserror::Error)]
pub enum CloneError {
    /// A run of the program failed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A folder for the clone could not be made.
    #[error("cannot create a folder for the clone in {}: {why}", folder.display())]
    Folder {
        /// The parent folder.
        folder: PathBuf,
        /// The reason.
        why: std::io::Error,
    },
    /// The server did not send everything in time.
    #[error("fetching the commits from {address} was stopped after {seconds} s")]
    TooSlow {
        /// Address of the repository.
        address: String,
        /// The time limit.
        seconds: u64,
    },
    /// The clone grew beyond its limit.
    #[error("the commits of {address} are larger than {mebibytes} MiB{}", if *filters { "" } else {
        ", since the server does not support partial clones (`uploadpack.allowFilter`)" })]
    TooLarge {
        /// Address of the repository.
        address: String,
        /// The limit.
        mebibytes: u64,
        /// `true` if the server leaves out what is not asked for.
        filters: bool,
    },
    /// The server does not let this token read, or there is none.
    #[error("{address} refuses access to the commits: {message}")]
    Denied {
        /// Address of the repository.
        address: String,
        /// Message of Git.
        message: String,
    },
    /// There is no such repository, or this token may not know of it.
    #[error("{address} was not found")]
    NotFound {
        /// Address of the repository.
        address: String,
    },
    /// The server leads elsewhere, where no token is sent.
    #[error("{address} redirects to another address")]
    Redirected {
        /// Address of the repository.
        address: String,
    },
    /// There is no way to the server.
    #[error("cannot connect to {address}: {message}")]
    Unreachable {
        /// Address of the repository.
        address: String,
        /// Message of Git.
        message: String,
    },
    /// The server answers with an error of its own, such as HTTP 503, which may be over soon.
    #[error("fetching the commits from {address} failed: {message}")]
    Unavailable {
        /// Address of the repository.
        address: String,
        /// Message of Git.
        message: String,
    },
    /// The repository names its objects by another hash than the clone was prepared for.
    #[error("the server names objects by another hash")]
    OtherHash,
    /// The server left out an object that a ref leads to: it does not count folders and files that have tags.
    #[error("the server left out what a ref leads to")]
    LeftOut,
    /// The server has no head, as in an empty repository.
    #[error("the server has no HEAD")]
    NoHead,
    /// The fetch failed for another reason.
    #[error("fetching the commits from {address} failed: {message}")]
    Failed {
        /// Address of the repository.
        address: String,
        /// Message of Git.
        message: String,
    },
}

impl Git {
    /// Fetches commits and tags from the server into this clone, without the objects of a filter if the server supports
    /// that. Refs that the server no longer has are removed.
    pub(super) fn fetch_commits(
        &self,
        refspecs: &[String],
        without: OmittedObjects,
        limits: Limits,
    ) -> Result<(), CloneError> {
        let mut command = self.command(Access::Server);
        command.arg("fetch").args(FETCH).args(without.option()).args(["--prune", "--force"]);
        command.args(["--end-of-options", "origin"]).args(refspecs);
        self.run_fetch(command, Vec::new(), limits)
    }

    /// Fetches the folders of all commits that these lead to, without contents of files. Refs stay as they are.
    pub(super) fn fetch_folders(&self, tips: &[&str], limits: Limits) -> Result<(), CloneError> {
        let mut command = self.command(Access::Server);
        // Without `--refetch`, a server sends nothing for commits that are already here.
        command.arg("fetch").args(FETCH).args(OmittedObjects::Blobs.option()).args(["--refetch", "--stdin"]);
        command.arg("origin");
        self.run_fetch(command, ids_as_lines(tips), limits)
    }

    /// Fetches these objects.
    pub(super) fn fetch_objects(&self, ids: &[&str], limits: Limits) -> Result<(), CloneError> {
        let mut command = self.command(Access::Server);
        // Without negotiation: the commits that are here say nothing about contents of files.
        command.args(["-c", "fetch.negotiationAlgorithm=noop", "fetch"]).args(FETCH);
        command.args(OmittedObjects::Blobs.option()).args(["--stdin", "origin"]);
        self.run_fetch(command, ids_as_lines(ids), limits)
    }

    /// Runs a fetch within its limits.
    fn run_fetch(&self, mut command: Command, input: Vec<u8>, limits: Limits) -> Result<(), CloneError> {
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = Self::start(command)?;
        let failed = |error: std::io::Error| CloneError::Git(GitError::NotStarted(error));
        feed(&mut child, input);
        let said = child.stderr.take().map(Said::listen);
        let said = said.ok_or_else(|| failed(std::io::ErrorKind::BrokenPipe.into()))?;
        let mut watched = Watched { lines: said, kept: String::new(), start: Instant::now() };
        let stop = loop {
            // A helper of a program that has ended may keep standard error open.
            if watched.is_silent() || child.try_wait().map_err(failed)?.is_some() {
                break None;
            }
            if watched.start.elapsed() > limits.time {
                break Some(Stop::Time);
            }
            if folder_size(&self.folder.join("objects/pack")) > limits.bytes {
                break Some(Stop::Size);
            }
        };
        if stop.is_some() {
            drop(child.kill());
        }
        let status = child.wait().map_err(failed)?;
        watched.drain();
        let is_large = || folder_size(&self.folder.join("objects/pack")) > limits.bytes;
        // A fast fetch can exceed the limit and end between two looks.
        let stop = stop.or_else(|| is_large().then_some(Stop::Size));
        let address = || self.remote.as_ref().map_or("", |remote| remote.address()).to_owned();
        match stop {
            Some(Stop::Time) => {
                return Err(CloneError::TooSlow { address: address(), seconds: limits.time.as_secs() });
            }
            Some(Stop::Size) => {
                let filters = !watched.kept.contains(NO_FILTER);
                return Err(CloneError::TooLarge {
                    address: address(),
                    mebibytes: limits.bytes >> 20,
                    filters,
                });
            }
            None if status.success() => return Ok(()),
            None => {}
        }
        let said = match &self.remote {
            Some(remote) => remote.redact(&watched.kept),
            None => watched.kept,
        };
        Err(failure(&said, address(), limits))
    }
}

/// One id a line, as Git reads them.
pub(super) fn ids_as_lines(ids: &[&str]) -> Vec<u8> {
    ids.iter().flat_map(|id| [id, "\n"]).collect::<String>().into_bytes()
}

/// Reasons to stop a fetch.
enum Stop {
    Time,
    Size,
}

/// Standard error, line by line.
struct Said;

impl Said {
    /// Reads it in a thread of its own; the receiver ends with it.
    fn listen(from: ChildStderr) -> Receiver<String> {
        let (to, lines): (Sender<String>, _) = channel();
        thread::spawn(move || {
            let mut from = BufReader::new(from);
            let mut line = Vec::new();
            while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                if to.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
                line.clear();
            }
        });
        lines
    }
}

/// A running fetch.
struct Watched {
    lines: Receiver<String>,
    kept: String,
    start: Instant,
}

impl Watched {
    /// Waits for a line or a moment; `true` once standard error is closed.
    fn is_silent(&mut self) -> bool {
        match self.lines.recv_timeout(TICK) {
            Ok(line) => self.keep(&line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return true,
        }
        false
    }

    /// Takes the output so far, without waiting for helper processes.
    fn drain(&mut self) {
        while let Ok(line) = self.lines.recv_timeout(Duration::from_millis(1)) {
            self.keep(&line);
        }
    }

    fn keep(&mut self, line: &str) {
        if self.kept.len() + line.len() <= MESSAGE {
            self.kept.push_str(line);
        }
    }
}

/// Returns the reason that a fetch failed, by its output.
fn failure(said: &str, address: String, limits: Limits) -> CloneError {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let message = || last_error_line(said).trim_start_matches("fatal: ").to_owned();
    if has(&["mismatched algorithms"]) {
        CloneError::OtherHash
    } else if has(&["did not send all necessary objects"]) {
        CloneError::LeftOut
    } else if has(&["couldn't find remote ref HEAD"]) {
        CloneError::NoHead
    } else if has(&["Operation too slow", "Operation timed out", "Timeout was reached"]) {
        CloneError::TooSlow { address, seconds: limits.time.as_secs() }
    // Statuses 301 to 308: redirects are not followed.
    } else if has(&["returned error: 30", "from redirection", "unable to update url base"]) {
        CloneError::Redirected { address }
    } else if has(&["Authentication failed", "could not read Username", "error: 401", "error: 403"]) {
        CloneError::Denied { address, message: message() }
    } else if has(&["' not found", "error: 404"]) {
        CloneError::NotFound { address }
    } else if has(&["returned error: 5"]) {
        CloneError::Unavailable { address, message: message() }
    } else if has(&["Could not resolve", "Failed to connect", "Couldn't connect", "SSL", "certificate"]) {
        CloneError::Unreachable { address, message: message() }
    } else {
        CloneError::Failed { address, message: message() }
    }
}

/// Bytes of the files in a folder.
fn folder_size(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}
