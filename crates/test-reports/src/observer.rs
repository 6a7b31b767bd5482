//! How reading goes, for a person who waits for it. None of it is evidence, and none of it reaches a report.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::time::Duration;

use crate::ReportFormat;

/// Is told how reading goes.
pub trait ReadObserver: fmt::Debug + Send + Sync {
    /// So many bytes, in all files together, are going to be read.
    fn begins(&self, bytes: u64);

    /// So many more of them have been read. Comes from any thread.
    fn has_read(&self, bytes: u64);

    /// Everything has been read: what became of each file, in order of their paths.
    fn ends(&self, files: &[FileSummary]);
}

/// What became of a file, and what it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSummary {
    /// Its path from the workspace; inside an archive, `archive.zip!/path`. Untrusted text.
    pub path: String,
    /// What it is written in, and the encoding by its WHATWG name; none if it is no test report.
    pub format: Option<(ReportFormat, String)>,
    /// Distinct tests in it.
    pub tests: u64,
    /// Its bytes, unpacked.
    pub bytes: u64,
    /// From its first byte to its last test.
    pub time: Duration,
}

/// Bytes that are told as they are read.
pub struct MeteredReader<R, F> {
    inner: R,
    tell: F,
}

impl<R, F: Fn(u64)> MeteredReader<R, F> {
    /// Tells how many bytes each reading gave.
    pub fn new(inner: R, tell: F) -> Self {
        Self { inner, tell }
    }
}

impl<R: Read, F: Fn(u64)> Read for MeteredReader<R, F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        (self.tell)(count as u64);
        Ok(count)
    }
}

impl<R: Seek, F> Seek for MeteredReader<R, F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
