//! Progress of reading, for display only: it is not part of the evidence.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::time::Duration;

use crate::ReportFormat;

/// Receives the progress of reading.
pub trait ReadObserver: fmt::Debug + Send + Sync {
    /// Reading starts; `bytes` is the size of all files together.
    fn begins(&self, bytes: u64);

    /// `bytes` more bytes were read. Called from any thread.
    fn has_read(&self, bytes: u64);

    /// Reading has ended; `files` are in order of their paths.
    fn ends(&self, files: &[FileSummary]);
}

/// Result and duration of reading one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSummary {
    /// Path relative to the workspace, or `archive.zip!/path` inside an archive. Untrusted text.
    pub path: String,
    /// Format, and encoding by its WHATWG name; `None` if the file is not a test report.
    pub format: Option<(ReportFormat, String)>,
    /// Number of distinct tests.
    pub tests: u64,
    /// Size in bytes, after decompression.
    pub bytes: u64,
    /// Time from the first byte to the last test.
    pub time: Duration,
}

/// Reader that reports the number of bytes of each read.
pub struct MeteredReader<R, F> {
    inner: R,
    tell: F,
}

impl<R, F: Fn(u64)> MeteredReader<R, F> {
    /// Calls `tell` with the number of bytes of each read.
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
