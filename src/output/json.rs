//! Reports and explanations as JSON, schema 1.

use std::io::{self, Write};

use memchr::memmem;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::escape::unprintable;

/// What begins a command in a line of a workflow's log.
const COMMAND: &str = "##[";

/// A whole report or explanation, indented, with a line break at the end.
///
/// Text stands as it was read, but characters that a terminal or a workflow log would obey are written as `\u….`, so
/// that the document may be printed anywhere; a JSON reader sees no difference.
pub fn to_json(document: &impl Serialize) -> String {
    let mut out = Vec::new();
    // No map with odd keys and no fallible field is in it, and memory takes everything; what says so beats a panic.
    if let Err(error) = write_json(document, &mut out) {
        out = format!("{{\"error\": {:?}}}\n", error.to_string()).into_bytes();
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Writes what [`json`] returns, piece by piece.
///
/// # Errors
/// If it cannot be written.
pub fn write_json(document: &impl Serialize, mut out: impl Write) -> io::Result<()> {
    document.serialize(&mut Serializer::with_formatter(&mut out, Printable(PrettyFormatter::new())))?;
    out.write_all(b"\n")
}

/// Indents, and escapes what must not be printed. Outside of strings JSON is plain ASCII, without any of it.
struct Printable<'i>(PrettyFormatter<'i>);

impl Formatter for Printable<'_> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let is_plain = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
        if fragment.bytes().all(is_plain) && memmem::find(fragment.as_bytes(), COMMAND.as_bytes()).is_none() {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(c) = rest.chars().next() {
            let (one, after) = rest.split_at(c.len_utf8());
            if unprintable(c) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            } else if rest.starts_with(COMMAND) {
                out.write_all(b"#\\u0023")?;
                rest = &after[1..];
                continue;
            } else {
                out.write_all(one.as_bytes())?;
            }
            rest = after;
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}
