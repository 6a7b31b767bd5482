//! One open file, read from several places at once. All read the same file, even if another one takes its name.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

/// An open file.
#[derive(Debug, Clone)]
pub struct SharedFile(Arc<File>);

/// Position in an open file.
#[derive(Debug)]
pub struct FileCursor {
    file: Arc<File>,
    at: u64,
}

impl SharedFile {
    /// Opens a file.
    ///
    /// # Errors
    /// Returns an error if the file cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        File::open(path).map(|file| Self(Arc::new(file)))
    }

    /// Returns a cursor at the first byte.
    pub fn begin(&self) -> FileCursor {
        FileCursor { file: Arc::clone(&self.0), at: 0 }
    }
}

impl Read for FileCursor {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let count = std::os::unix::fs::FileExt::read_at(&*self.file, into, self.at)?;
        #[cfg(windows)]
        let count = std::os::windows::fs::FileExt::seek_read(&*self.file, into, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for FileCursor {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(by) => (self.at, by),
            SeekFrom::End(by) => (self.file.metadata()?.len(), by),
        };
        self.at = from.checked_add_signed(by).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    #[test]
    fn replaced_file_is_read_to_its_own_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.xml");
        fs::write(&path, "the first one").unwrap();
        let shared = SharedFile::open(&path).unwrap();
        let (mut one, mut other) = (shared.begin(), shared.begin());
        let mut head = [0; 4];
        one.read_exact(&mut head).unwrap();
        fs::write(folder.path().join("new.xml"), "another").unwrap();
        fs::rename(folder.path().join("new.xml"), &path).unwrap();
        let rest = |from: &mut FileCursor| io::read_to_string(from).unwrap();
        assert_eq!(
            (&head, rest(&mut one).as_str(), rest(&mut other).as_str()),
            (b"the ", "first one", "the first one")
        );
        assert_eq!(other.seek(SeekFrom::End(-3)).unwrap(), 10);
        assert_eq!(other.seek(SeekFrom::Current(-6)).unwrap(), 4);
        assert_eq!(rest(&mut other), "first one");
        assert!(other.seek(SeekFrom::Current(-99)).is_err());
    }
}
