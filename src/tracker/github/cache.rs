//! Issues of an earlier run, in a file.
//!
//! The file holds the issues and the facts that tell what to ask next time; the refresh finds out what has changed. A file
//! that is not exactly as it was written is not used. It never holds a token.

mod file;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::issue::{IssueEntries, IssueEntry};
use super::issue_list::IssueList;
use super::paged_reader::PagedReader;
use super::query::{self, IssueSelector};
use super::schema::Schema;

/// Age after which everything is read again. It bounds the life of an error that the refresh cannot notice.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(24);

/// Version of the format.
const FORMAT: u32 = 2;

/// State of the repository when its issues were read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CacheState {
    /// Time when all issues were read, without a cache.
    pub read_at: Timestamp,
    /// Time of the repository's last change, as the server told before the reading.
    pub mark: Timestamp,
    /// Names of labels, issue types and milestones, by GraphQL id.
    pub names: BTreeMap<String, String>,
}

/// Everything that decides which issues a cache holds, and with which fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CacheKey {
    /// Scheme, host and port of the API.
    host: String,
    /// `owner/name`.
    repository: String,
    /// Labels, types and milestones whose issues the cache holds.
    lists: Vec<String>,
    /// Version of the program, and a hash of the queries.
    shape: String,
}

/// First line of the file. A line for each issue follows.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CacheHeader {
    escape_gate_cache: u32,
    key: CacheKey,
    state: CacheState,
    issues: usize,
}

/// The cache of some lists.
pub(super) struct CacheFile {
    key: CacheKey,
    path: PathBuf,
}

impl CacheFile {
    /// Returns the cache of these lists.
    pub(super) fn new(folder: &Path, reader: &PagedReader<'_>, schema: &Schema, lists: &[IssueList]) -> Self {
        let mut names: Vec<String> = lists
            .iter()
            .map(|list| match list.selector {
                IssueSelector::Label => format!("label {}", list.name),
                IssueSelector::Type => format!("type {}", list.name),
                IssueSelector::Milestone(number) => format!("milestone {number} {}", list.name),
            })
            .collect();
        // The order of the policy's lists changes nothing in the cache.
        names.sort();
        let queries =
            query::issue_fragments(schema) + &query::changed_files_query() + &query::fix_references_query();
        let key = CacheKey {
            // The same name on another server is another repository.
            host: reader.client.host().to_owned(),
            repository: reader.repository.to_string(),
            lists: names,
            // Another version may read the same answers in another way.
            shape: format!("{} {:016x}", env!("CARGO_PKG_VERSION"), xxh3_64(queries.as_bytes())),
        };
        // The name leaves out the program's version, so that a new version replaces the file of the old one.
        let about = format!("{}\n{}\n{}", key.host, key.repository, key.lists.join("\n"));
        let (owner, name) = (&reader.repository.owner, &reader.repository.name);
        let file = format!("escape-gate-{owner}-{name}-{:016x}.cache", xxh3_64(about.as_bytes()));
        Self { key, path: folder.join(file) }
    }

    /// Loads the issues of an earlier run. `None` if there are none, or none that may be used.
    pub(super) fn load(
        &self,
        reader: &PagedReader<'_>,
        now: Timestamp,
    ) -> Option<(CacheState, IssueEntries)> {
        match self.read() {
            // The absolute value, because the clock of a parallel job may be ahead.
            Ok(kept) => kept.filter(|(state, _)| now.duration_since(state.read_at).abs() < MAX_AGE),
            Err(why) => {
                let path = self.path.display();
                let text = format!("warning: the cache {path} is dropped, everything is read: {why}");
                reader.client.log(&text);
                None
            }
        }
    }

    /// Saves the issues for the next run. If that fails, the next run reads everything.
    pub(super) fn save(&self, reader: &PagedReader<'_>, state: CacheState, entries: &IssueEntries) {
        if let Err(why) = self.write(state, entries) {
            let path = self.path.display();
            reader.client.log(&format!("warning: the cache {path} could not be written: {why}"));
        }
    }

    /// Reads the file. `None` if there is none.
    ///
    /// # Errors
    /// The reason why the file cannot be used, for example because it has another version or another key.
    fn read(&self) -> Result<Option<(CacheState, IssueEntries)>, String> {
        let expected = |header: &CacheHeader| {
            if header.escape_gate_cache != FORMAT {
                return Err(format!(
                    "it has format {}, and this is format {FORMAT}",
                    header.escape_gate_cache
                ));
            }
            if header.key != self.key {
                return Err("it was made for something else, or by another version".to_owned());
            }
            Ok(header.issues)
        };
        let Some((header, lines)) = file::read_digest_file(&self.path, expected)? else { return Ok(None) };
        let count = lines.len();
        let entries: IssueEntries =
            lines.into_iter().map(|entry: IssueEntry| (entry.issue.number, entry)).collect();
        if entries.len() != count {
            return Err("it holds an issue twice".to_owned());
        }
        Ok(Some((header.state, entries)))
    }

    fn write(&self, state: CacheState, entries: &IssueEntries) -> io::Result<()> {
        let (key, issues) = (self.key.clone(), entries.len());
        let header = CacheHeader { escape_gate_cache: FORMAT, key, state, issues };
        file::write_digest_file(&self.path, &header, entries.values())
    }
}
