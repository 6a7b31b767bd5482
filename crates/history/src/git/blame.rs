//! `git blame`: the commit that each line of a file comes from.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};

use super::command::Access;
use super::numbers::{id, is_id, parse_number};
use super::{Git, GitError};
use crate::Sha;

/// A run of lines that one commit brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlamedLines {
    /// The commit.
    pub commit: Sha,
    /// The first line, counted from 1, in the file that was asked about.
    pub start: u32,
    /// Number of lines.
    pub count: u32,
}

impl Git {
    /// The commits that brought in these lines of a file as it was at a commit; changes in blanks do not count.
    ///
    /// # Errors
    /// If the file or a part of its history is not in this copy, or it takes too long.
    pub fn blame(&self, commit: &str, path: &[u8], lines: &[u32]) -> Result<Vec<BlamedLines>, GitError> {
        let absent = || GitError::Absent { object: String::from_utf8_lossy(path).into_owned() };
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        if !is_id(commit.as_bytes()) {
            return Err(absent());
        }
        let mut arguments: Vec<OsString> = vec![
            // The other forms print the text of every line.
            "--incremental".into(),
            // Without this option, blame runs conversion programs that the repository names.
            "--no-textconv".into(),
            // A commit that only indents a line must not count as its author.
            "-w".into(),
            // An empty name clears the list of commits that the configuration wants to be looked through.
            "--ignore-revs-file=".into(),
        ];
        arguments.extend(ranges(lines).map(|(first, last)| format!("-L{first},{last}").into()));
        arguments.extend([commit.into(), "--".into(), os_path(path).ok_or_else(absent)?]);
        let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
        self.stream("blame", &arguments, Access::Local, |out| {
            let mut reader = BufReader::new(out);
            let (mut found, mut line) = (Vec::new(), Vec::new());
            while reader.read_until(b'\n', &mut line)? > 0 {
                found.extend(read_blame_header(line.trim_ascii_end()));
                line.clear();
            }
            Ok(found)
        })
    }
}

/// `<commit> <line there> <line here> <count>`, the first line of every entry. No other begins with an id: they begin
/// with a word.
fn read_blame_header(line: &[u8]) -> Option<BlamedLines> {
    let mut words = line.split(|byte| *byte == b' ');
    let commit = Sha(id(words.next()?)?);
    let (_, start, count) = (words.next()?, parse_number(words.next()?)?, parse_number(words.next()?)?);
    Some(BlamedLines { commit, start, count })
}

/// Lines as runs from first to last.
fn ranges(lines: &[u32]) -> impl Iterator<Item = (u32, u32)> {
    let mut sorted = lines.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for line in sorted {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == line => *last = line,
            Some(_) | None => runs.push((line, line)),
        }
    }
    runs.into_iter()
}

/// Returns a path as an argument; `None` if the system cannot hold a name that is not UTF-8.
fn os_path(path: &[u8]) -> Option<OsString> {
    #[cfg(unix)]
    let argument = Some(std::os::unix::ffi::OsStringExt::from_vec(path.to_vec()));
    #[cfg(not(unix))]
    let argument = std::str::from_utf8(path).ok().map(OsString::from);
    argument
}
