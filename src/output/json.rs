//! Reports and explanations as JSON, schema 1.

use std::io::{self, Write};

use memchr::memmem;
use serde::Serialize;

use super::escape::is_unprintable;

/// Beginning of a command in a line of a workflow's log.
// The runner also looks for its old commands in the middle of a line, as in `##[error]`.
const COMMAND: &str = "##[";

/// Renders a report or an explanation as indented JSON with a line break at the end.
///
/// Characters that a terminal or a workflow log would obey are written as `\u….`, so the document may be printed
/// anywhere. A JSON reader sees no difference.
pub fn to_json(document: &impl Serialize) -> String {
    let mut out = Vec::new();
    // No document has a map with unusual keys, and memory accepts every write. A message is better than a panic.
    if let Err(error) = write_json(document, &mut out) {
        out = format!("{{\"error\": {:?}}}\n", error.to_string()).into_bytes();
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Writes the JSON of [`to_json`] piece by piece.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_json(document: &impl Serialize, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(PrintableWriter(&mut out), document)?;
    out.write_all(b"\n")
}

/// Escapes unprintable characters and workflow commands. They occur only in strings: the rest of JSON is plain ASCII.
struct PrintableWriter<W>(W);

impl<W: Write> Write for PrintableWriter<W> {
    /// Takes whole pieces: serde_json writes each part of a string between two escapes at once.
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        // A line break of the indentation is no part of a string: serde_json has escaped those.
        let is_plain = |byte: &u8| matches!(byte, b' ' | b'\n') || byte.is_ascii_graphic();
        if piece.iter().all(is_plain) && memmem::find(piece, COMMAND.as_bytes()).is_none() {
            self.0.write_all(piece)?;
            return Ok(piece.len());
        }
        let text = std::str::from_utf8(piece).map_err(io::Error::other)?;
        for (at, part) in text.split(COMMAND).enumerate() {
            if at > 0 {
                // The same string to a JSON parser, and no command to the runner.
                self.0.write_all(b"#\\u0023[")?;
            }
            for c in part.chars() {
                if c != '\n' && is_unprintable(c) {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        write!(self.0, "\\u{unit:04x}")?;
                    }
                } else {
                    self.0.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
                }
            }
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
