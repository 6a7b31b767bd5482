//! Snapshot files: the evidence of an earlier run, read without a network.

use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{CollectionRequest, Tracker, TrackerError};
use crate::model::{OLD_SCHEMA, SCHEMA, Snapshot};
use release_history::bounded;
use release_history::scratch::Scratch;

/// Largest snapshot, in bytes. A snapshot of a million issues has a quarter of it.
const MOST_BYTES: u64 = 2 << 30;

/// One or more snapshot files, read as one.
pub struct SnapshotFiles {
    paths: Vec<PathBuf>,
}

impl SnapshotFiles {
    /// Creates a tracker of these files.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self { paths }
    }
}

impl Tracker for SnapshotFiles {
    /// Merges the files. The request has no effect: a snapshot was collected for its own policy and candidate.
    fn collect(&self, _: &CollectionRequest<'_>) -> Result<Snapshot, TrackerError> {
        read_snapshots(&self.paths)
    }
}

/// Reads snapshot files and merges them, in any order.
///
/// # Errors
/// If there are none, one of them cannot be read completely, or they do not belong together.
pub fn read_snapshots(paths: &[PathBuf]) -> Result<Snapshot, TrackerError> {
    // Merges of equal numbers of files, as in a merge sort: adding 400 files one by one would copy the first one 400 times.
    let mut merged: Vec<(usize, Snapshot)> = Vec::new();
    for path in paths {
        let mut next = (1, read_snapshot(path)?);
        while let Some((files, before)) = merged.pop_if(|(files, _)| *files == next.0) {
            next = (files + next.0, before.merge(next.1)?);
        }
        merged.push(next);
    }
    let mut rest = merged.into_iter().rev().map(|(_, snapshot)| snapshot);
    let last = rest.next().ok_or(TrackerError::NoFiles)?;
    Ok(rest.try_fold(last, |after, before| before.merge(after))?)
}

/// Reads one snapshot file.
///
/// # Errors
/// If it cannot be read completely, has another version, or holds an unknown key or value.
pub fn read_snapshot(path: &Path) -> Result<Snapshot, TrackerError> {
    let unreadable = |why: String| TrackerError::Unreadable { path: path.to_owned(), why };
    // Reading a folder fails with a message that depends on the system.
    if path.is_dir() {
        return Err(unreadable("it is a folder; name the file in it".to_owned()));
    }
    let bytes = bounded::read_up_to(path, MOST_BYTES).map_err(|why| unreadable(why.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".to_owned()))?;
    parse_snapshot(&text, path)
}

/// Writes a snapshot completely or not at all.
///
/// # Errors
/// If the file or its folder cannot be written.
pub fn write_snapshot(path: &Path, snapshot: &Snapshot) -> Result<(), TrackerError> {
    let unwritable = |why: String| TrackerError::Unwritable { path: path.to_owned(), why };
    let name = path.file_name().ok_or_else(|| unwritable("it names no file".to_owned()))?.to_string_lossy();
    // The draft is next to the target because a rename works only within a file system.
    let draft = Scratch::new(path.with_file_name(format!(".{name}.{}.tmp", std::process::id())));
    let written = write_pretty_json(draft.path(), snapshot).and_then(|()| draft.rename(path));
    written.map_err(|why| unwritable(why.to_string()))
}

/// Writes a snapshot into a new file, without its whole text in memory.
fn write_pretty_json(draft: &Path, snapshot: &Snapshot) -> io::Result<()> {
    let mut file = BufWriter::new(fs::File::create(draft)?);
    serde_json::to_writer_pretty(&mut file, snapshot)?;
    file.write_all(b"\n")?;
    // Some systems report a full disk only here.
    file.into_inner()?.sync_all()
}

/// The schema alone; other keys are ignored.
#[derive(serde::Deserialize)]
#[serde(expecting = "a snapshot")]
struct SchemaVersion {
    #[serde(default)]
    schema: Option<Value>,
}

/// Parses the text of a snapshot. `path` is for messages.
///
/// # Errors
/// As for [`read_snapshot`].
pub fn parse_snapshot(text: &str, path: &Path) -> Result<Snapshot, TrackerError> {
    // Windows tools such as PowerShell add a byte-order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let damaged = |place: String, why: String| TrackerError::Damaged { path: path.to_owned(), place, why };
    let syntax = |why: &serde_json::Error| {
        let place = format!("line {}, column {}", why.line(), why.column());
        damaged(place, message_without_position(why))
    };
    if text.trim().is_empty() {
        return Err(damaged("its start".to_owned(), "it is empty".to_owned()));
    }
    // Almost every snapshot can be read, in one pass. Only one that cannot is read again for a good message.
    if let Ok(snapshot) = serde_json::from_str::<Snapshot>(text)
        && [OLD_SCHEMA, SCHEMA].contains(&snapshot.schema)
    {
        return Ok(snapshot);
    }
    // Syntax first: a truncated document may have no version, and the truncation is the real problem.
    serde_json::from_str::<IgnoredAny>(text).map_err(|why| syntax(&why))?;
    let version: SchemaVersion = serde_json::from_str(text).map_err(|why| syntax(&why))?;
    let schema = version.schema.filter(|schema| !schema.is_null());
    let known = [OLD_SCHEMA, SCHEMA].map(|schema| Some(u64::from(schema)));
    if !known.contains(&schema.as_ref().and_then(Value::as_u64)) {
        let (found, advice) = match schema {
            None => ("no schema".to_owned(), "it was not written by `escape-gate collect`"),
            Some(other) => {
                (format!("schema {other}"), "write it again with this version's `escape-gate collect`")
            }
        };
        return Err(TrackerError::Schema { path: path.to_owned(), found, known: SCHEMA, advice });
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let (key, why) = (error.path().to_string(), error.inner());
        damaged(
            format!("line {}, column {} (`{key}`)", why.line(), why.column()),
            message_without_position(why),
        )
    })
}

/// Returns a message of serde without its line and column, which the caller shows first.
fn message_without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests;
