//! Every commit with its parents, and every tag: two runs for a whole repository.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};

use super::command::Access;
use super::numbers::{id, number};
use super::{Error, Git, ServerRef};

/// A commit as the walk meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walked {
    /// Its id.
    pub id: String,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// The ids of its parents; of the boundary of a shallow clone they are not told.
    pub parents: Vec<String>,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRef {
    /// Its name, without `refs/tags/`. Untrusted text; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// The object it comes to, however many tags lie between.
    pub target: String,
}

impl Git {
    /// Every commit that a branch, a tag or the head leads to.
    ///
    /// # Errors
    /// If they cannot be read to the end: of a part of the history nothing can be said.
    pub fn commits(&self) -> Result<Vec<Walked>, Error> {
        let arguments = ["--all", "--parents", "--timestamp", "--end-of-options"].map(str::as_ref);
        let mut strange = None;
        let commits = self.stream("rev-list", &arguments, Access::Local, |out| {
            let mut lines = BufReader::with_capacity(256 << 10, out);
            let (mut commits, mut line) = (Vec::new(), Vec::new());
            while lines.read_until(b'\n', &mut line)? > 0 {
                match walked(line.trim_ascii_end()) {
                    Some(commit) => commits.push(commit),
                    None => strange = Some(String::from_utf8_lossy(&line).into_owned()),
                }
                line.clear();
            }
            Ok(commits)
        })?;
        strange.map_or(Ok(commits), |what| Err(Error::NotUnderstood { verb: "rev-list", what }))
    }

    /// Every tag, by name. Tags of files and folders are among them.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn tags(&self) -> Result<Vec<TagRef>, Error> {
        let refs = self.refs("refs/tags/")?.into_iter();
        let tag = |found: ServerRef| {
            let name = found.name.strip_prefix("refs/tags/")?.to_owned();
            Some(TagRef { name, target: found.target })
        };
        Ok(refs.filter_map(tag).collect())
    }
}

impl Git {
    /// The commits whose message holds one of these texts, as they are, and each whole message.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn mentions(&self, texts: &[String]) -> Result<Vec<(String, String)>, Error> {
        let fixed = ["--all", "--fixed-strings", "-z", "--format=%H%n%B"].map(str::to_owned);
        // A line break would end one text and begin another, empty one, which every message holds.
        let texts: Vec<&String> = texts.iter().filter(|text| !text.contains(['\n', '\0'])).collect();
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let greps = texts.into_iter().map(|text| format!("--grep={text}"));
        let all: Vec<String> =
            fixed.into_iter().chain(greps).chain(["--end-of-options".to_owned()]).collect();
        let arguments: Vec<&OsStr> = all.iter().map(OsStr::new).collect();
        let listed = self.ask("log", &arguments, Access::Local)?;
        let mut found = Vec::new();
        for entry in listed.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
            found.push(message(entry)?);
        }
        Ok(found)
    }

    /// Every commit that a branch, a tag or the head leads to, with its whole message.
    ///
    /// # Errors
    /// If they cannot be read to the end.
    pub fn messages(&self, mut each: impl FnMut(String, String)) -> Result<(), Error> {
        let arguments = ["--all", "-z", "--format=%H%n%B", "--end-of-options"].map(str::as_ref);
        let mut strange = None;
        self.stream("log", &arguments, Access::Local, |out| {
            let mut entries = BufReader::with_capacity(256 << 10, out);
            let mut entry = Vec::new();
            while entries.read_until(0, &mut entry)? > 0 {
                match message(entry.strip_suffix(b"\0").unwrap_or(&entry)) {
                    Ok((id, message)) => each(id, message),
                    Err(error) => strange = Some(error),
                }
                entry.clear();
            }
            Ok(())
        })?;
        strange.map_or(Ok(()), Err)
    }
}

/// An id, a line's end, a message.
fn message(entry: &[u8]) -> Result<(String, String), Error> {
    let what = || String::from_utf8_lossy(entry.get(..80).unwrap_or(entry)).into_owned();
    let strange = || Error::NotUnderstood { verb: "log", what: what() };
    let end = entry.iter().position(|byte| *byte == b'\n').ok_or_else(strange)?;
    let message = String::from_utf8_lossy(&entry[end + 1..]).into_owned();
    Ok((id(&entry[..end]).ok_or_else(strange)?, message))
}

/// `<time> <id> <parent>…`
fn walked(line: &[u8]) -> Option<Walked> {
    let mut words = line.split(|byte| *byte == b' ');
    let time = number(words.next()?)?;
    let id_ = id(words.next()?)?;
    Some(Walked { id: id_, time, parents: words.map(id).collect::<Option<_>>()? })
}
