//! Reads a text line by line, each of a bounded length.

use std::io::{BufRead, Read};

use memchr::memchr;

use super::collector::ReadError;
use super::limits;
use super::source::Source;

/// Lines of a source.
pub struct ReportLines<'s, R> {
    source: &'s mut Source<R>,
    line: Vec<u8>,
    text: String,
    position: u64,
}

impl<'s, R: Read> ReportLines<'s, R> {
    /// Reads lines from the current position on.
    pub fn new(source: &'s mut Source<R>) -> Self {
        Self { source, line: Vec::new(), text: String::new(), position: 0 }
    }

    /// Returns the offset of the next line in bytes.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Returns the offset and text of the next line, without its end. Malformed UTF-8 is replaced.
    ///
    /// # Errors
    /// Returns an error if the line cannot be read or is longer than [`limits::LINE_BYTES`].
    pub fn next(&mut self) -> Result<Option<(u64, &str)>, ReadError> {
        let at = self.position;
        self.line.clear();
        loop {
            let piece = self
                .source
                .fill_buf()
                .map_err(|error| ReadError { at: Some(at), what: format!("cannot be read: {error}") })?;
            if piece.is_empty() {
                if self.position == at {
                    return Ok(None);
                }
                break;
            }
            let end = memchr(b'\n', piece);
            let count = end.unwrap_or(piece.len());
            if self.line.len() + count > limits::LINE_BYTES {
                let what = format!("a line is longer than {} bytes (limit)", limits::LINE_BYTES);
                return Err(ReadError { at: Some(at), what });
            }
            self.line.extend_from_slice(&piece[..count]);
            let used = count + usize::from(end.is_some());
            self.source.consume(used);
            self.position += used as u64;
            if end.is_some() {
                break;
            }
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        self.text.clear();
        // A log can hold any bytes. The events between them still count.
        self.text.push_str(&String::from_utf8_lossy(&self.line));
        Ok(Some((at, &self.text)))
    }
}
