//! Text between tags: its first line and its markers where they are wanted, and whether there is any.

use super::limits;
use super::marker::MarkerSearch;
use super::xml::parse_reference;

/// Bytes gathered at most: a line of the longest message, in the longest characters.
const GATHERED: usize = limits::MESSAGE_CHARS * 4;

/// What is kept of some text.
#[derive(Debug, Default)]
pub struct TextSink {
    wanted: bool,
    line: Vec<u8>,
    full: bool,
    watch: bool,
    /// Markers, where they are looked for.
    pub markers: MarkerSearch,
    /// True if something other than white space was seen while watching.
    pub seen: bool,
}

impl TextSink {
    /// From here on gathers the first line that is not blank.
    pub fn want_first_line(&mut self) {
        self.line.clear();
        self.full = false;
        self.wanted = true;
    }

    /// The first line that is not blank, cut; stops gathering.
    pub fn take_first_line(&mut self) -> Option<String> {
        self.wanted = false;
        let text = String::from_utf8_lossy(&self.line);
        let line = text.trim();
        (!line.is_empty()).then(|| shorten(line, limits::MESSAGE_CHARS))
    }

    /// Whether text matters here at all.
    pub fn watch(&mut self, watch: bool) {
        self.watch = watch;
    }

    /// Text in which references stand for characters; `may` if there may be a marker in it.
    pub fn feed(&mut self, piece: &[u8], may: bool) {
        if self.watch && !self.seen {
            self.seen = !piece.iter().all(u8::is_ascii_whitespace);
        }
        if self.wanted && !self.full {
            self.gather(piece, true);
        }
        self.markers.feed(piece, false, may);
    }

    /// Text that stands for itself; `may` if there may be a marker in it.
    pub fn feed_literal(&mut self, piece: &[u8], may: bool) {
        if self.watch && !self.seen {
            self.seen = !piece.iter().all(u8::is_ascii_whitespace);
        }
        if self.wanted && !self.full {
            self.gather(piece, false);
        }
        self.markers.feed(piece, true, may);
    }

    /// Adds to the line until it ends.
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

    /// Adds the character that a reference stands for; gives what follows it.
    fn gather_reference<'a>(&mut self, after: &'a [u8]) -> &'a [u8] {
        let head: Vec<u8> = [b'&'].iter().chain(after.iter().take(11)).copied().collect();
        let text = String::from_utf8_lossy(&head);
        let Some((shown, length)) = parse_reference(&text) else {
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

/// The first characters of a text, with an ellipsis if there were more.
pub fn shorten(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The first line of a text that is not blank, cut.
pub fn first_line(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(shorten(line, limits::MESSAGE_CHARS))
}
