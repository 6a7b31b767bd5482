//! A file of JSON lines: a header, the entries, and a digest of everything before it.
//!
//! The file is private to its user and written completely or not at all. A file with a changed byte is refused.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use release_history::scratch::Scratch;

/// Reads the header and the entries of a file. `None` if there is no such file. `expected` checks the header and returns
/// the number of entries.
///
/// # Errors
/// The reason why the file cannot be used: it is damaged or unexpected, or other users may have written it.
pub fn read_digest_file<H: DeserializeOwned, L: DeserializeOwned>(
    path: &Path,
    expected: impl FnOnce(&H) -> Result<usize, String>,
) -> Result<Option<(H, Vec<L>)>, String> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(why.to_string()),
    };
    check_private(&file.metadata().map_err(|why| why.to_string())?)?;
    let mut lines = DigestReader { from: BufReader::new(file), digest: Xxh3::new(), line: Vec::new() };
    let head: H = parse_cache_line(lines.next()?)?;
    let mut held = Vec::new();
    // The header first: lines of another version may not be readable at all.
    for _ in 0..expected(&head)? {
        held.push(parse_cache_line(lines.next()?)?);
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

/// Writes a file completely or not at all, private to this user.
///
/// # Errors
/// If the file or its folder cannot be written.
pub fn write_digest_file<L: Serialize>(
    path: &Path,
    head: &impl Serialize,
    lines: impl Iterator<Item = L>,
) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // The draft is next to the target because a rename works only within a file system. Its name is random because another
    // run may write at the same time.
    let unique = getrandom::u64().map_err(io::Error::other)?;
    let draft = Scratch::new(path.with_extension(format!("{unique:016x}.tmp")));
    let mut options = File::options();
    // Never write through a link that another user prepared.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let (mut file, mut digest) = (BufWriter::new(options.open(draft.path())?), Xxh3::new());
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
    file.flush()?;
    // Close the file first: Windows does not rename an open one.
    drop(file);
    draft.rename(path)
}

/// Reads lines and digests them.
struct DigestReader {
    from: BufReader<File>,
    digest: Xxh3,
    line: Vec<u8>,
}

impl DigestReader {
    /// Returns the next line, without its line break.
    fn next(&mut self) -> Result<&[u8], String> {
        self.line.clear();
        self.from.read_until(b'\n', &mut self.line).map_err(|why| why.to_string())?;
        self.digest.update(&self.line);
        self.line.strip_suffix(b"\n").ok_or_else(|| "it is cut off".to_owned())
    }
}

fn parse_cache_line<T: for<'d> Deserialize<'d>>(line: &[u8]) -> Result<T, String> {
    serde_json::from_slice(line).map_err(|why| format!("it is damaged: {why}"))
}

/// Refuses a file that other users may have written: a cache decides about releases. On systems other than Unix, only the
/// permissions of the folder protect it.
fn check_private(metadata: &fs::Metadata) -> Result<(), String> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::MetadataExt::mode(metadata);
        if mode & 0o022 != 0 {
            return Err(format!("others may write it (mode {:o})", mode & 0o777));
        }
    }
    #[cfg(not(unix))]
    let _ = metadata;
    Ok(())
}
