//! One run of the program: its arguments, its environment, its limits.

use std::ffi::OsStr;
use std::io::{self, Read, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use super::guard::Guard;
use super::{Git, GitError};

/// Largest output of one command, in bytes.
const MOST: usize = 256 << 20;

/// Largest part of standard error that is kept, in bytes.
const MESSAGE: u64 = 4096;

/// Settings that keep a repository's configuration from running a program or changing an answer. A later `-c` wins over
/// every file.
const SETTINGS: [&str; 18] = [
    // A repository's configuration can name a program under most of these keys.
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=",
    "core.quotePath=false",
    "core.askPass=",
    "core.sshCommand=ssh",
    "core.gitProxy=",
    "credential.helper=",
    // Reading must not repack the user's repository.
    "gc.auto=0",
    "maintenance.auto=false",
    "diff.external=",
    // Git raised its default from 400 to 1,000. An answer must not depend on the version.
    "diff.renameLimit=2000",
    "log.showSignature=false",
    "advice.graftFileDeprecated=false",
    "blame.coloring=none",
    "protocol.ext.allow=never",
    "submodule.recurse=false",
    // A checkout in a container often belongs to another user. What that refusal guards against is closed off above.
    "safe.directory=*",
];

/// Network access of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Reads only this machine. An object that was left out of a clone is not fetched, except for a reader that fetches
    /// objects.
    Local,
    /// Fetches, with the credentials that the user's configuration has.
    Network,
    /// Fetches from the server of a [`Remote`](super::Remote), without any configuration but the clone's own.
    Server,
}

impl Git {
    /// The program with what every run has in common, standard streams closed.
    pub(super) fn command(&self, access: Access) -> Command {
        let access = if access == Access::Local && self.fetches_objects { Access::Server } else { access };
        let mut command = Command::new(&self.program);
        command.current_dir(&self.folder).arg("--no-pager").arg("--literal-pathspecs");
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let inherited = std::env::vars_os().map(|(name, _)| name);
        for name in inherited.filter(|name| is_gits(name)) {
            command.env_remove(name);
        }
        command
            // Failures are recognized by Git's English messages.
            .env("LC_ALL", "C")
            // A prompt for a password would wait until the time is up.
            .env("GIT_TERMINAL_PROMPT", "0")
            // A lock could make another Git in the same checkout fail.
            .env("GIT_OPTIONAL_LOCKS", "0")
            // Replacements and grafts show another history than the one that was released.
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_GRAFT_FILE", "/dev/null")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        match access {
            Access::Local => {
                command.args(["-c", "core.alternateRefsCommand="]);
                self.isolate(&mut command)
                    .env("GIT_NO_LAZY_FETCH", "1")
                    // Older versions do not know the line above, and cannot fetch either without a protocol.
                    .env("GIT_ALLOW_PROTOCOL", "none")
            }
            Access::Network => command
                .args(["-c", "core.alternateRefsCommand="])
                .env("GIT_ALLOW_PROTOCOL", "https:http:ssh:file"),
            Access::Server => {
                if let Some(remote) = &self.remote {
                    remote.prepare(&mut command);
                }
                // libcurl reads `.netrc` in the home folder, and `SSH_ASKPASS` names a program.
                self.isolate(&mut command)
                    .env("HOME", &self.folder)
                    .env("XDG_CONFIG_HOME", &self.folder)
                    .env_remove("SSH_ASKPASS")
                    .env("GIT_ALLOW_PROTOCOL", "https:http")
            }
        };
        command
    }

    /// Keeps the machine's and the user's configuration out of a run, and names the places of this repository.
    fn isolate<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        if self.remote.is_some() {
            // Not found by looking around: a damaged clone inside of another repository would be taken for that one.
            command.env("GIT_DIR", &self.folder);
        }
        self.beside(command)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_ATTR_NOSYSTEM", "1")
    }

    /// Lets a run find what was written down beside the repository.
    fn beside<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        match &self.side {
            Some(side) => command.env("GIT_OBJECT_DIRECTORY", side.objects()),
            None => command,
        }
    }

    /// Starts a run.
    pub(super) fn start(mut command: Command) -> Result<Child, GitError> {
        command.spawn().map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                GitError::NotInstalled
            } else {
                GitError::NotStarted(error)
            }
        })
    }

    /// Returns standard output.
    pub(super) fn ask(
        &self,
        verb: &'static str,
        arguments: &[&OsStr],
        access: Access,
    ) -> Result<Vec<u8>, GitError> {
        self.stream(verb, arguments, access, |mut out| {
            let mut bytes = Vec::new();
            // One byte more than the limit: an answer of exactly this size is complete.
            (&mut out).take(MOST as u64 + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        })
        .and_then(|bytes| {
            if bytes.len() > MOST {
                return Err(GitError::TooLarge { verb, mebibytes: MOST >> 20 });
            }
            Ok(bytes)
        })
    }

    /// Hands standard output to a reader while the program runs, and then looks how it ended. What was read of a run that
    /// failed or was stopped is not returned.
    pub(super) fn stream<T>(
        &self,
        verb: &'static str,
        arguments: &[&OsStr],
        access: Access,
        read: impl FnOnce(ChildStdout) -> io::Result<T>,
    ) -> Result<T, GitError> {
        let mut command = self.command(access);
        // One write for each commit would take longer than finding it.
        command.env("GIT_FLUSH", "0").arg(verb).args(arguments);
        self.watch(verb, command, None, read)
    }

    /// The same for a program that is given something on standard input.
    pub(super) fn stream_of<T>(
        &self,
        verb: &'static str,
        arguments: &[&OsStr],
        input: Vec<u8>,
        read: impl FnOnce(ChildStdout) -> io::Result<T>,
    ) -> Result<T, GitError> {
        let mut command = self.command(Access::Local);
        command.env("GIT_FLUSH", "0").arg(verb).args(arguments).stdin(Stdio::piped());
        self.watch(verb, command, Some(input), read)
    }

    /// Feeds standard input and returns standard output.
    pub(super) fn answer_to(
        &self,
        verb: &'static str,
        arguments: &[&OsStr],
        input: Vec<u8>,
    ) -> Result<Vec<u8>, GitError> {
        let mut command = self.command(Access::Local);
        command.arg(verb).args(arguments).stdin(Stdio::piped());
        self.watch(verb, command, Some(input), |mut out| {
            let mut bytes = Vec::new();
            out.read_to_end(&mut bytes)?;
            Ok(bytes)
        })
    }

    /// Runs a command and looks how it ended.
    fn watch<T>(
        &self,
        verb: &'static str,
        command: Command,
        input: Option<Vec<u8>>,
        read: impl FnOnce(ChildStdout) -> io::Result<T>,
    ) -> Result<T, GitError> {
        let mut child = Self::start(command)?;
        if let Some(input) = input {
            feed(&mut child, input);
        }
        let (Some(out), Some(mut complaints)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(GitError::NotStarted(io::ErrorKind::BrokenPipe.into()));
        };
        let said = thread::spawn(move || {
            let mut said = Vec::new();
            // Read to its end, so that the program never waits for room; kept up to a limit.
            drop((&mut complaints).take(MESSAGE).read_to_end(&mut said));
            drop(io::copy(&mut complaints, &mut io::sink()));
            String::from_utf8_lossy(&said).into_owned()
        });
        let guard = Guard::new(child, self.patience);
        guard.begin();
        let result = read(out);
        let status = guard.wait();
        let said = said.join().unwrap_or_default();
        if guard.has_stopped() {
            return Err(GitError::TooSlow { verb, seconds: self.patience.as_secs() });
        }
        let failed = |message: String| GitError::Failed { verb, message };
        match status {
            Ok(status) if status.success() => result.map_err(|error| failed(error.to_string())),
            Ok(_) => Err(failed(last_error_line(&said).to_owned())),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

/// Writes to the standard input of a program, beside everything else, and closes it.
pub(super) fn feed(child: &mut Child, input: Vec<u8>) {
    if let Some(mut to) = child.stdin.take() {
        // A program that ends before it has read all of it says by its status whether it failed.
        thread::spawn(move || drop(to.write_all(&input)));
    }
}

/// The line that says why, among hints and warnings.
pub(super) fn last_error_line(said: &str) -> &str {
    let is_reason = |line: &&str| line.starts_with("fatal:") || line.starts_with("error:");
    said.lines().find(is_reason).or_else(|| said.lines().next()).unwrap_or("it gave no reason")
}

/// True for the variables that steer `git`: they belong to whoever runs this program, and may point anywhere.
fn is_gits(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.to_ascii_uppercase().starts_with("GIT_"))
}
