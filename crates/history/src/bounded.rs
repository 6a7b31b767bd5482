//! Reads whole files up to a size limit, because a file from outside may be endless.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Returns the bytes of a file of at most `most` bytes.
///
/// # Errors
/// If it cannot be read, or is larger. Of a larger file no more than `most` bytes are read.
pub fn read_up_to(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let bytes = read_beginning(path, most.saturating_add(1))?;
    if bytes.len() as u64 > most {
        let what = format!("it is larger than {}, and is not read", limit_text(most));
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
    }
    Ok(bytes)
}

/// The first bytes of a file, at most `most`: for whoever says himself that a file is too large.
///
/// # Errors
/// If it cannot be read.
pub fn read_beginning(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A limit for a person: `1 MiB`.
fn limit_text(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KiB", bytes >> 10),
        1_048_576..1_073_741_824 => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn file_at_the_limit_is_read_and_a_larger_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, vec![b'a'; 2048]).unwrap();
        assert_eq!(read_up_to(&path, 2048).unwrap().len(), 2048);
        let error = read_up_to(&path, 2047).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(error.to_string(), "it is larger than 1 KiB, and is not read");
    }

    #[cfg(unix)]
    #[test]
    fn endless_file_ends_at_the_limit() {
        let error = read_up_to(Path::new("/dev/zero"), 1 << 20).unwrap_err();
        assert_eq!(error.to_string(), "it is larger than 1 MiB, and is not read");
    }
}
