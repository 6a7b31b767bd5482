//! Every commit with its message, in one stream.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader};
use std::process::ChildStdout;

use super::numbers::{is_id, parse_number};
use super::{Git, GitError};

/// A commit as `git log` writes it, until the next one is read. Author and message are untrusted; their encoding is that of
/// the author.
#[derive(Debug)]
pub struct LoggedCommit<'a> {
    /// Full id.
    pub id: &'a str,
    /// Ids of the parents, separated by a space.
    pub parents: &'a str,
    /// Time when it was committed, in seconds since 1970; 0 if the commit has no readable time.
    pub committed: i64,
    /// Time when it was written, in seconds since 1970.
    pub authored: i64,
    /// Name and address of the author, as `Ada <ada@example.com>`.
    pub author: &'a [u8],
    /// The whole message.
    pub message: &'a [u8],
}

/// Fields of a commit, in the order of [`LoggedCommit`].
const FORMAT: &str = "--format=%H%x00%P%x00%ct%x00%at%x00%an <%ae>%x00%B";

/// Number of fields, each of which ends with a zero byte: no field can hold one.
const FIELDS: usize = 6;

/// Arguments of each run. What a configuration adds to a message is switched off.
const FIXED: [&str; 6] =
    ["-z", FORMAT, "--no-show-signature", "--no-notes", "--no-decorate", "--encoding=UTF-8"];

impl Git {
    /// Every commit that a ref leads to, in any order.
    ///
    /// # Errors
    /// If the stream breaks off: of a part of the history nothing can be said.
    pub fn log(&self, each: impl FnMut(&LoggedCommit<'_>)) -> Result<(), GitError> {
        self.log_by(&["--all"], String::new(), each)
    }

    /// Every commit that one of the tips leads to and that the known commits do not have, in any order.
    ///
    /// # Errors
    /// If one of them is not in this copy, or the stream breaks off.
    pub fn log_news(
        &self,
        tips: &[String],
        known: &[String],
        each: impl FnMut(&LoggedCommit<'_>),
    ) -> Result<(), GitError> {
        let is_whole = |id: &&String| is_id(id.as_bytes());
        let mut questions: String = tips.iter().filter(is_whole).map(|id| format!("{id}\n")).collect();
        // Without a commit, `git log` shows the head.
        if questions.is_empty() {
            return Ok(());
        }
        questions.extend(known.iter().filter(is_whole).map(|id| format!("^{id}\n")));
        self.log_by(&["--stdin"], questions, each)
    }

    /// These commits, each once, in any order.
    ///
    /// # Errors
    /// If one of them is not in this copy, or the stream breaks off.
    pub fn log_of(&self, ids: &[String], each: impl FnMut(&LoggedCommit<'_>)) -> Result<(), GitError> {
        let questions: String =
            ids.iter().filter(|id| is_id(id.as_bytes())).map(|id| format!("{id}\n")).collect();
        if questions.is_empty() {
            return Ok(());
        }
        self.log_by(&["--no-walk=unsorted", "--stdin"], questions, each)
    }

    fn log_by(
        &self,
        arguments: &[&str],
        questions: String,
        each: impl FnMut(&LoggedCommit<'_>),
    ) -> Result<(), GitError> {
        let arguments: Vec<&OsStr> = FIXED.iter().chain(arguments).map(OsStr::new).collect();
        let mut strange = None;
        let reader = |out| read_log(out, each, &mut strange);
        self.stream_of("log", &arguments, questions.into_bytes(), reader)?;
        strange.map_or(Ok(()), |what| Err(GitError::NotUnderstood { verb: "log", what }))
    }
}

/// Hands on each commit; what is not understood ends up in `strange`.
fn read_log(
    out: ChildStdout,
    mut each: impl FnMut(&LoggedCommit<'_>),
    strange: &mut Option<String>,
) -> io::Result<()> {
    let mut from = BufReader::with_capacity(256 << 10, out);
    let mut record = Vec::new();
    let mut ends = [0; FIELDS];
    loop {
        record.clear();
        for end in &mut ends {
            if from.read_until(0, &mut record)? == 0 && record.is_empty() {
                return Ok(());
            }
            *end = record.len();
        }
        match parse_logged_commit(&record, &ends) {
            Some(commit) => each(&commit),
            None => *strange = Some(String::from_utf8_lossy(record.get(..80).unwrap_or(&record)).into()),
        }
    }
}

/// A commit of six fields.
fn parse_logged_commit<'a>(record: &'a [u8], ends: &[usize; FIELDS]) -> Option<LoggedCommit<'a>> {
    let field = |at: usize| {
        let start = if at == 0 { 0 } else { *ends.get(at - 1)? };
        record.get(start..*ends.get(at)?)?.strip_suffix(b"\0")
    };
    let id = field(0).filter(|id| is_id(id))?;
    Some(LoggedCommit {
        id: std::str::from_utf8(id).ok()?,
        parents: std::str::from_utf8(field(1)?).ok()?,
        committed: parse_number(field(2)?).unwrap_or(0),
        authored: parse_number(field(3)?).unwrap_or(0),
        author: field(4)?,
        message: field(5)?,
    })
}
