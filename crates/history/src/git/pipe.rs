//! A long-lived run that answers one line after the other: starting a program for each question would take longer than
//! the answers do.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::{ChildStdin, ChildStdout, Stdio};

use super::command::Access;
use super::guard::Guard;
use super::{Git, GitError};

/// The most that one answer may hold in memory.
const MOST: u64 = 64 << 20;

/// A program that is asked by lines.
#[derive(Debug)]
pub(super) struct Pipe {
    verb: &'static str,
    questions: BufWriter<ChildStdin>,
    answers: BufReader<ChildStdout>,
    guard: Guard,
    seconds: u64,
}

impl Pipe {
    /// Starts the program.
    pub(super) fn start(git: &Git, verb: &'static str, arguments: &[&str]) -> Result<Self, GitError> {
        let mut command = git.command(Access::Local);
        // Nothing reads standard error here, and a full pipe would stop the program.
        command.arg(verb).args(arguments.iter().map(OsStr::new)).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut child = Git::start(command)?;
        let (Some(questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(GitError::NotStarted(io::ErrorKind::BrokenPipe.into()));
        };
        Ok(Self {
            verb,
            questions: BufWriter::new(questions),
            answers: BufReader::with_capacity(64 << 10, answers),
            guard: Guard::new(child, git.patience),
            seconds: git.patience.as_secs(),
        })
    }

    /// Asks, and reads the answer. After an error the program is of no more use.
    pub(super) fn ask<T>(
        &mut self,
        question: &[u8],
        read: impl FnOnce(&mut PipeAnswer<'_>) -> io::Result<T>,
    ) -> Result<T, GitError> {
        // Before writing: that can wait for the program, too.
        self.guard.begin();
        let asked = self.questions.write_all(question).and_then(|()| self.questions.flush());
        let mut answer = PipeAnswer { from: &mut self.answers, left: MOST };
        let result = asked.and_then(|()| read(&mut answer));
        let too_large = answer.left == 0;
        self.guard.end();
        result.map_err(|error| {
            if self.guard.has_stopped() {
                GitError::TooSlow { verb: self.verb, seconds: self.seconds }
            } else if too_large {
                GitError::TooLarge { verb: self.verb, mebibytes: (MOST >> 20) as usize }
            } else if error.kind() == io::ErrorKind::InvalidData {
                GitError::NotUnderstood { verb: self.verb, what: error.to_string() }
            } else {
                GitError::Failed { verb: self.verb, message: error.to_string() }
            }
        })
    }
}

/// The answer to one question, up to a size.
pub(super) struct PipeAnswer<'a> {
    from: &'a mut BufReader<ChildStdout>,
    left: u64,
}

impl PipeAnswer<'_> {
    /// The bytes up to a mark, without it.
    pub(super) fn until(&mut self, mark: u8) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = (&mut *self.from).take(self.left).read_until(mark, &mut bytes)?;
        self.left -= read as u64;
        if bytes.pop() != Some(mark) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes)
    }

    /// Reads this number of bytes.
    pub(super) fn exactly(&mut self, count: usize) -> io::Result<Vec<u8>> {
        if count as u64 > self.left {
            self.left = 0;
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.left -= count as u64;
        let mut bytes = vec![0; count];
        self.from.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// The next byte, which stays where it is.
    pub(super) fn peek(&mut self) -> io::Result<u8> {
        self.from.fill_buf()?.first().copied().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

/// An answer that is not as documented.
pub(super) fn not_understood(bytes: &[u8]) -> io::Error {
    let shown = bytes.get(..80).unwrap_or(bytes);
    io::Error::new(io::ErrorKind::InvalidData, String::from_utf8_lossy(shown).into_owned())
}
