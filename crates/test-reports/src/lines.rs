//! Lines of a text, one at a time and of a bounded length.

use std::io::{BufRead, Read};

use memchr::memchr;

use super::collector::ReadError;
use super::limits;
use super::source::Source;

/// The lines of a source.
pub struct ReportLines<'s, R> {
    source: &'s mut Source<R>,
    line: Vec<u8>,
    text: String,
    position: u64,
}

impl<'s, R: Read> ReportLines<'s, R> {
    /// From here on.
    pub fn new(source: &'s mut Source<R>) -> Self {
        Self { source, line: Vec::new(), text: String::new(), position: 0 }
    }

    /// Bytes before what comes next.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The next line without its end, and where it begins. Bytes that are no text are replaced.
    ///
    /// # Errors
    /// If it cannot be read, or is longer than the limit.
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
        self.text.push_str(&String::from_utf8_lossy(&self.line));
        Ok(Some((at, &self.text)))
    }
}
