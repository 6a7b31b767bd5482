//! Tickets of an earlier run, in a file.
//!
//! The file holds what was read, and by it what to ask next time; whether that still holds is for the refresh to find out.
//! A file that is not exactly what was written is not used. It never holds a token: nothing but names and tickets go in.

pub(super) mod file;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::lists::IssueList;
use super::query::{self, IssueSelector};
use super::reader::PagedReader;
use super::schema::Schema;
use super::ticket::IssueEntry;
use crate::model::IssueNumber;

/// After this time everything is read again, whatever the server says.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// The version of the format.
const FORMAT: u32 = 1;

/// A folder of caches.
pub(super) struct Cache {
    /// The folder.
    pub folder: PathBuf,
}

/// What an earlier run read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CachedIssues {
    /// When everything was read for the last time.
    pub read_at: Timestamp,
    /// The last time that anything changed in the repository, as the server told before the reading.
    pub mark: Timestamp,
    /// The names that tickets refer to by id: labels, issue types, milestones.
    pub names: BTreeMap<String, String>,
    /// The tickets.
    pub entries: BTreeMap<IssueNumber, IssueEntry>,
}

/// What a cache was made for. Any other question is answered by another cache.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CacheKey {
    /// The server.
    host: String,
    /// `owner/name`.
    repository: String,
    /// The labels, types and milestones whose tickets are held.
    lists: Vec<String>,
    /// What was asked about each ticket, and by which program.
    shape: String,
}

/// The first line of the file; a line for each ticket follows.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CacheHeader {
    escape_gate_cache: u32,
    question: CacheKey,
    read_at: Timestamp,
    mark: Timestamp,
    names: BTreeMap<String, String>,
    tickets: usize,
}

/// Where the answer to a question is kept.
pub(super) struct CacheFile {
    question: CacheKey,
    path: PathBuf,
}

impl Cache {
    /// The place for what these lists hold.
    pub(super) fn place(&self, reader: &PagedReader<'_>, schema: &Schema, lists: &[IssueList]) -> CacheFile {
        let mut names: Vec<String> = lists
            .iter()
            .map(|list| match list.choice {
                IssueSelector::Label => format!("label {}", list.name),
                IssueSelector::Type => format!("type {}", list.name),
                IssueSelector::Milestone(number) => format!("milestone {number} {}", list.name),
            })
            .collect();
        names.sort();
        let question = CacheKey {
            host: reader.client.host().to_owned(),
            repository: reader.repository.to_string(),
            lists: names,
            shape: format!(
                "{} {:016x}",
                env!("CARGO_PKG_VERSION"),
                xxh3_64((query::shape(schema) + &query::files() + &query::references()).as_bytes())
            ),
        };
        // Another version of the program takes the same file, so that the old one does not stay behind.
        let about = format!("{}\n{}\n{}", question.host, question.repository, question.lists.join("\n"));
        let (owner, name) = (&reader.repository.owner, &reader.repository.name);
        let file = format!("escape-gate-{owner}-{name}-{:016x}.cache", xxh3_64(about.as_bytes()));
        CacheFile { question, path: self.folder.join(file) }
    }
}

impl CacheFile {
    /// What an earlier run kept here; none if there is nothing, or nothing that may be used.
    pub(super) fn load(&self, reader: &PagedReader<'_>, now: Timestamp) -> Option<CachedIssues> {
        match read(&self.path, &self.question) {
            // The clock of a job that runs at the same time may be ahead.
            Ok(kept) => kept.filter(|kept| now.duration_since(kept.read_at).abs() < LONGEST),
            Err(why) => {
                let path = self.path.display();
                reader
                    .client
                    .log(&format!("warning: the cache {path} is dropped, everything is read: {why}"));
                None
            }
        }
    }

    /// Keeps what was read. Where that fails, the next run reads everything.
    pub(super) fn save(&self, reader: &PagedReader<'_>, kept: &CachedIssues) {
        if let Err(why) = write(&self.path, &self.question, kept) {
            let path = self.path.display();
            reader.client.log(&format!("warning: the cache {path} could not be written: {why}"));
        }
    }
}

/// What a file holds; none if there is none.
///
/// # Errors
/// Why it cannot be used: also if it is of another version, or for another question.
fn read(path: &Path, question: &CacheKey) -> Result<Option<CachedIssues>, String> {
    let expected = |head: &CacheHeader| {
        if head.escape_gate_cache != FORMAT {
            return Err(format!("it has format {}, and this is format {FORMAT}", head.escape_gate_cache));
        }
        if head.question != *question {
            return Err("it was made for something else, or by another version".to_owned());
        }
        Ok(head.tickets)
    };
    // There is no bound to how many tickets a repository has.
    let Some((head, lines)) = file::read::<CacheHeader, IssueEntry>(path, u64::MAX, expected)? else {
        return Ok(None);
    };
    let entries: BTreeMap<IssueNumber, IssueEntry> =
        lines.into_iter().map(|entry| (entry.ticket.number, entry)).collect();
    if entries.len() != head.tickets {
        return Err("it holds a ticket twice".to_owned());
    }
    Ok(Some(CachedIssues { read_at: head.read_at, mark: head.mark, names: head.names, entries }))
}

/// Puts everything into a file.
fn write(path: &Path, question: &CacheKey, kept: &CachedIssues) -> io::Result<()> {
    let head = CacheHeader {
        escape_gate_cache: FORMAT,
        question: question.clone(),
        read_at: kept.read_at,
        mark: kept.mark,
        names: kept.names.clone(),
        tickets: kept.entries.len(),
    };
    file::write(path, &head, kept.entries.values())
}
