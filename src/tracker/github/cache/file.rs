//! The file: a line that says what it is for, a line a ticket, and a digest of all of them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::{Kept, Question};
use crate::tracker::github::ticket::Entry;

/// The version of this format.
const FORMAT: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    escape_gate_cache: u32,
    question: Question,
    read_at: Timestamp,
    mark: Timestamp,
    names: BTreeMap<String, String>,
    tickets: usize,
}

/// Reads a file, ticket by ticket. None if there is no such file.
///
/// # Errors
/// Why it cannot be used: it is damaged, of another version, for another question, or others may have written it.
pub fn read(path: &Path, question: &Question) -> Result<Option<Kept>, String> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(why.to_string()),
    };
    private(&file)?;
    let mut lines = Lines { from: BufReader::new(file), digest: Xxh3::new(), line: Vec::new() };
    let head: Head = parse(lines.next()?)?;
    if head.escape_gate_cache != FORMAT {
        return Err(format!("it has format {}, and this is format {FORMAT}", head.escape_gate_cache));
    }
    if head.question != *question {
        return Err("it was made for something else, or by another version".to_owned());
    }
    let mut entries = BTreeMap::new();
    for _ in 0..head.tickets {
        let entry: Entry = parse(lines.next()?)?;
        entries.insert(entry.ticket.number, entry);
    }
    let digest = format!("{:032x}", lines.digest.digest128());
    if lines.next()? != digest.as_bytes() {
        return Err("its digest does not fit".to_owned());
    }
    if !lines.from.fill_buf().map_err(|why| why.to_string())?.is_empty() || entries.len() != head.tickets {
        return Err("it holds more or less than it says".to_owned());
    }
    Ok(Some(Kept { read_at: head.read_at, mark: head.mark, names: head.names, entries }))
}

/// Writes a file, whole or not at all, for this user alone.
///
/// # Errors
/// Why it could not be written.
pub fn write(path: &Path, question: &Question, kept: &Kept) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Beside the target, for a rename works only within a file system; by chance, for another run may write at once.
    let draft = path.with_extension(format!("{:016x}.tmp", getrandom::u64().map_err(io::Error::other)?));
    let written = fill(&draft, question, kept).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // The draft may not even exist; the failure to report is the first one.
        let _ = fs::remove_file(&draft);
    }
    written
}

/// Writes everything into a new file.
fn fill(draft: &Path, question: &Question, kept: &Kept) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let (mut file, mut digest) = (BufWriter::new(options.open(draft)?), Xxh3::new());
    let mut put = |mut line: Vec<u8>| {
        line.push(b'\n');
        digest.update(&line);
        file.write_all(&line)
    };
    let head = Head {
        escape_gate_cache: FORMAT,
        question: question.clone(),
        read_at: kept.read_at,
        mark: kept.mark,
        names: kept.names.clone(),
        tickets: kept.entries.len(),
    };
    put(serde_json::to_vec(&head)?)?;
    for entry in kept.entries.values() {
        put(serde_json::to_vec(entry)?)?;
    }
    writeln!(file, "{:032x}", digest.digest128())?;
    file.flush()
}

/// The lines of a file, with the digest of those that were read.
struct Lines {
    from: BufReader<File>,
    digest: Xxh3,
    line: Vec<u8>,
}

impl Lines {
    /// The next line, without its end.
    fn next(&mut self) -> Result<&[u8], String> {
        self.line.clear();
        self.from.read_until(b'\n', &mut self.line).map_err(|why| why.to_string())?;
        self.digest.update(&self.line);
        self.line.strip_suffix(b"\n").ok_or_else(|| "it is cut off".to_owned())
    }
}

/// A line as what it holds.
fn parse<T: for<'d> Deserialize<'d>>(line: &[u8]) -> Result<T, String> {
    serde_json::from_slice(line).map_err(|why| format!("it is damaged: {why}"))
}

/// Refuses what others may have written: a cache decides about releases.
#[cfg(unix)]
fn private(file: &File) -> Result<(), String> {
    let mode = std::os::unix::fs::MetadataExt::mode(&file.metadata().map_err(|why| why.to_string())?);
    if mode & 0o022 == 0 { Ok(()) } else { Err(format!("others may write it (mode {:o})", mode & 0o777)) }
}

/// Elsewhere the folder's own protection has to do.
#[cfg(not(unix))]
fn private(_: &File) -> Result<(), String> {
    Ok(())
}
