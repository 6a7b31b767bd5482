//! Text between tags: its first line and its markers on request, and whether there is any.

use super::limits;
use super::marker::MarkerSearch;
use super::xml_reference::parse_entity;

/// Most bytes collected: the longest message in 4-byte characters.
const GATHERED: usize = limits::MESSAGE_CHARS * 4;

/// Receives text and keeps the requested parts.
#[derive(Debug, Default)]
pub struct TextSink {
    wanted: bool,
    line: Vec<u8>,
    full: bool,
    watch: bool,
    /// Markers, where they are looked for.
    pub markers: MarkerSearch,
    /// `true` if something other than white space was seen while watching.
    pub seen: bool,
}

impl TextSink {
    /// Starts to collect the first line that is not blank.
    pub fn want_first_line(&mut self) {
        self.line.clear();
        self.full = false;
        self.wanted = true;
    }

    /// Returns the first line that is not blank, shortened, and stops collecting.
    pub fn take_first_line(&mut self) -> Option<String> {
        self.wanted = false;
        let text = String::from_utf8_lossy(&self.line);
        let line = text.trim();
        (!line.is_empty()).then(|| shorten(line, limits::MESSAGE_CHARS))
    }

    /// Sets whether text other than white space is unexpected here.
    pub fn watch(&mut self, watch: bool) {
        self.watch = watch;
    }

    /// Receives a piece of the text. `literal` is `true` if `&` starts no reference, `may` if the piece may have a marker.
    pub fn feed(&mut self, piece: &[u8], literal: bool, may: bool) {
        if self.watch && !self.seen {
            self.seen = !piece.iter().all(u8::is_ascii_whitespace);
        }
        if self.wanted && !self.full {
            self.gather(piece, !literal);
        }
        self.markers.feed(piece, literal, may);
    }

    /// Appends to the line until it ends.
    fn gather(&mut self, piece: &[u8], references: bool) {
        let mut rest = piece;
        while let [first, after @ ..] = rest {
            rest = after;
            match first {
                b'\n' | b'\r' if self.line.is_empty() => {}
                b'\n' | b'\r' => return self.full = true,
                b' ' | b'\t' if self.line.is_empty() => {}
                b'&' if references => rest = self.gather_reference(after),
                _ => self.line.push(*first),
            }
            if self.line.len() >= GATHERED {
                return self.full = true;
            }
        }
    }

    /// Appends the character of a reference; returns the bytes after it.
    fn gather_reference<'a>(&mut self, after: &'a [u8]) -> &'a [u8] {
        // The longest reference is `&#1114111;`; a few leading zeros are allowed.
        let head: Vec<u8> = [b'&'].iter().chain(after.iter().take(11)).copied().collect();
        let text = String::from_utf8_lossy(&head);
        let Some((shown, length)) = parse_entity(&text) else {
            self.line.push(b'&');
            return after;
        };
        let shown = shown.unwrap_or(char::REPLACEMENT_CHARACTER);
        if shown == '\n' && !self.line.is_empty() {
            self.full = true;
        } else if !shown.is_whitespace() || !self.line.is_empty() {
            self.line.extend_from_slice(shown.encode_utf8(&mut [0; 4]).as_bytes());
        }
        after.get(length - 1..).unwrap_or(&[])
    }
}

/// Returns the first characters of a text, with an ellipsis if there were more.
pub fn shorten(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns the first line that is not blank, shortened.
pub fn first_line(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(shorten(line, limits::MESSAGE_CHARS))
}
