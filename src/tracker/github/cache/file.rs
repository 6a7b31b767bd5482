//! A file of lines: one that says what it is for, those that it holds, and a digest of all of them.
//!
//! It is whole or not there, for its user alone, and not used if a byte of it is another than was written.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use release_history::scratch::Scratch;

/// Reads a file, line by line. None if there is no such file. `expected` is told the first line and says how many others
/// there are, or why the file is of no use.
///
/// # Errors
/// Why it cannot be used: it is larger than `most` bytes, damaged, not what is expected, or others may have written it.
pub fn read<H: DeserializeOwned, L: DeserializeOwned>(
    path: &Path,
    most: u64,
    expected: impl FnOnce(&H) -> Result<usize, String>,
) -> Result<Option<(H, Vec<L>)>, String> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(why.to_string()),
    };
    let metadata = file.metadata().map_err(|why| why.to_string())?;
    private(&metadata)?;
    if metadata.len() > most {
        return Err(format!("it has {} bytes, and {most} at most are written", metadata.len()));
    }
    let mut lines = DigestReader { from: BufReader::new(file), digest: Xxh3::new(), line: Vec::new() };
    let head: H = parse(lines.next()?)?;
    let mut held = Vec::new();
    for _ in 0..expected(&head)? {
        held.push(parse(lines.next()?)?);
    }
    let digest = format!("{:032x}", lines.digest.digest128());
    if lines.next()? != digest.as_bytes() {
        return Err("its digest does not fit".to_owned());
    }
    if !lines.from.fill_buf().map_err(|why| why.to_string())?.is_empty() {
        return Err("it holds more than it says".to_owned());
    }
    Ok(Some((head, held)))
}

/// Writes a file, whole or not at all, for this user alone.
///
/// # Errors
/// Why it could not be written.
pub fn write<L: Serialize>(
    path: &Path,
    head: &impl Serialize,
    lines: impl Iterator<Item = L>,
) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Beside the target, for a rename works only within a file system; by chance, for another run may write at once.
    let unique = getrandom::u64().map_err(io::Error::other)?;
    let draft = Scratch::new(path.with_extension(format!("{unique:016x}.tmp")));
    fill(draft.path(), head, lines).and_then(|()| draft.rename(path))
}

/// Writes everything into a new file.
fn fill<L: Serialize>(draft: &Path, head: &impl Serialize, lines: impl Iterator<Item = L>) -> io::Result<()> {
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
    put(serde_json::to_vec(head)?)?;
    for line in lines {
        put(serde_json::to_vec(&line)?)?;
    }
    writeln!(file, "{:032x}", digest.digest128())?;
    file.flush()
}

/// The lines of a file, with the digest of those that were read.
struct DigestReader {
    from: BufReader<File>,
    digest: Xxh3,
    line: Vec<u8>,
}

impl DigestReader {
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
fn private(metadata: &fs::Metadata) -> Result<(), String> {
    let mode = std::os::unix::fs::MetadataExt::mode(metadata);
    if mode & 0o022 == 0 { Ok(()) } else { Err(format!("others may write it (mode {:o})", mode & 0o777)) }
}

/// Elsewhere the folder's own protection has to do.
#[cfg(not(unix))]
fn private(_: &fs::Metadata) -> Result<(), String> {
    Ok(())
}
