//! Markers in the output of a test: `[[PROPERTY|issue=#123]]`, at the beginning of a line.
//!
//! Test management tools read this form from frameworks without properties. A bare `#1` links nothing: logs are full of
//! them.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::limits;
use super::source::WORD;
use super::xml_reference::resolve_references;

/// Prepared search for [`WORD`]: most texts are short, so building it each time would dominate.
static SEARCH: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(WORD));
/// Number of bytes before the word that matter: white space, and `[[`, also as references.
const BEFORE: usize = 64;
/// Number of bytes after the word that matter.
const AFTER: usize = 512;
/// Number of bytes at the end of a text that can begin a marker.
const END: usize = BEFORE + WORD.len();

/// Searches a text that arrives in pieces for markers. Memory: one marker and a bounded list of results.
#[derive(Debug, Default)]
pub struct MarkerSearch {
    looking: bool,
    /// The end of what came before, in which a marker can have begun. As XML writes it, references included.
    tail: Vec<u8>,
    found: Vec<Marker>,
}

/// Property that a marker states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// Name of the property.
    pub name: String,
    /// Value of the property.
    pub value: String,
}

impl MarkerSearch {
    /// Begins a text.
    pub fn begin(&mut self) {
        self.looking = true;
        self.tail.clear();
        // The text begins at a line, as a marker must.
        self.tail.push(b'\n');
    }

    /// Ends the text and returns the markers found, each once.
    pub fn take(&mut self) -> Vec<Marker> {
        self.looking = false;
        std::mem::take(&mut self.found)
    }

    /// A piece of the text; `literal` if `&` stands for itself; `may` if [`WORD`] may stand in it as a whole.
    pub fn feed(&mut self, piece: &[u8], literal: bool, may: bool) {
        if !self.looking {
            return;
        }
        if !may && piece.len() >= END && !self.begins_in(&piece[..WORD.len() - 1]) {
            self.keep_end(&escape_ampersands(&piece[piece.len() - END..], literal));
            return;
        }
        // First with what came before, for those that begin there or look back to there.
        let near = piece.len().min(BEFORE + AFTER);
        let mut joint = std::mem::take(&mut self.tail);
        joint.extend_from_slice(&escape_ampersands(&piece[..near], literal));
        let mut last = None;
        for at in SEARCH.find_iter(&joint) {
            self.keep(parse_marker(&joint[..at], &joint[at + WORD.len()..]));
            last = Some(at);
        }
        if near < piece.len() {
            for at in may.then(|| SEARCH.find_iter(piece)).into_iter().flatten() {
                let (before, after) = (&piece[at.saturating_sub(BEFORE)..at], &piece[at + WORD.len()..]);
                let after = &after[..after.len().min(AFTER)];
                self.keep(parse_marker(
                    &escape_ampersands(before, literal),
                    &escape_ampersands(after, literal),
                ));
            }
            joint.clear();
            joint.extend_from_slice(&escape_ampersands(&piece[piece.len() - near..], literal));
            last = SEARCH.find_iter(&joint).last();
        }
        let matters = match last {
            Some(at) if joint.len() - at < AFTER => at.saturating_sub(BEFORE),
            Some(_) | None => joint.len().saturating_sub(END),
        };
        joint.drain(..matters);
        self.tail = joint;
    }

    /// Returns `true` if the kept tail has a [`WORD`], or one that ends with these bytes.
    fn begins_in(&mut self, head: &[u8]) -> bool {
        let length = self.tail.len();
        self.tail.extend_from_slice(head);
        let found = SEARCH.find(&self.tail).is_some();
        self.tail.truncate(length);
        found
    }

    /// Keeps the end of a text without a [`WORD`], where a marker can begin.
    fn keep_end(&mut self, text: &[u8]) {
        self.tail.clear();
        self.tail.extend_from_slice(&text[text.len() - END..]);
    }

    /// Adds a marker that is new.
    fn keep(&mut self, marker: Option<Marker>) {
        if let Some(marker) = marker
            && self.found.len() < limits::PROBLEMS
            && !self.found.contains(&marker)
        {
            self.found.push(marker);
        }
    }
}

/// Parses the marker around the word; `None` if it is not a complete marker.
fn parse_marker(before: &[u8], after: &[u8]) -> Option<Marker> {
    // A log may be full of the word: most of them end here.
    let ([.., b'[' | b';'], [b'|' | b'&', ..]) = (before, after) else { return None };
    let before = resolve_references(&String::from_utf8_lossy(before));
    let (_, line) = before.rsplit_once(['\n', '\r'])?;
    if line.trim_start() != "[[" {
        return None;
    }
    let after = resolve_references(&String::from_utf8_lossy(after));
    let (inner, _) = after.strip_prefix('|')?.split_once("]]")?;
    let (name, value) = inner.split_once('=')?;
    (!inner.contains(['\n', '\r'])).then(|| Marker { name: name.to_owned(), value: value.to_owned() })
}

/// Escapes `&`, so that literal text reads like XML text.
fn escape_ampersands(text: &[u8], literal: bool) -> Cow<'_, [u8]> {
    if !literal || memchr::memchr(b'&', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut escaped = Vec::with_capacity(text.len() + 16);
    let mut done = 0;
    for at in memchr::memchr_iter(b'&', text) {
        escaped.extend_from_slice(&text[done..at]);
        escaped.extend_from_slice(b"&amp;");
        done = at + 1;
    }
    escaped.extend_from_slice(&text[done..]);
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::{MarkerSearch, SEARCH};

    /// Returns the markers of a text that arrives in these pieces.
    fn of(pieces: &[&str], literal: bool) -> Vec<String> {
        let mut markers = MarkerSearch::default();
        markers.begin();
        let mut quick = MarkerSearch::default();
        quick.begin();
        for piece in pieces {
            markers.feed(piece.as_bytes(), literal, true);
            // The same where it is known which pieces hold the word.
            quick.feed(piece.as_bytes(), literal, SEARCH.find(piece.as_bytes()).is_some());
            assert_eq!(markers.tail, quick.tail);
        }
        let found = markers.take();
        assert_eq!(found, quick.take());
        found.into_iter().map(|m| format!("{}: {}", m.name, m.value)).collect()
    }

    #[test]
    fn a_marker_is_found_wherever_the_text_is_split() {
        let long = "a line of a log\n".repeat(100);
        for text in [
            "[[PROPERTY|issue=#123]]".to_owned(),
            format!("{long}  [[PROPERTY|issue=#123]]\n{long}"),
            format!("{long}\r[[PROPERTY|issue=#123]]"),
            format!("{long}a & b\n[[PROPERTY|issue=#123]]\n&{long}"),
        ] {
            for at in 0..=text.len() {
                let (one, two) = text.split_at(at);
                assert_eq!(of(&[one, two], false), ["issue: #123"], "{at}");
            }
            let bytes: Vec<String> = text.chars().map(String::from).collect();
            let bytes: Vec<&str> = bytes.iter().map(String::as_str).collect();
            assert_eq!(of(&bytes, true), ["issue: #123"]);
        }
    }

    #[test]
    fn references_stand_for_characters_only_outside_of_cdata() {
        let text = "&#10;&#x5B;[PROPERTY&#124;link=https://example.org/?a=1&amp;b=&#35;2]&#93;";
        for at in 0..=text.len() {
            let (one, two) = text.split_at(at);
            assert_eq!(of(&[one, two], false), ["link: https://example.org/?a=1&b=#2"], "{at}");
        }
        assert_eq!(of(&[text], true), Vec::<String>::new());
        assert_eq!(of(&["[[PROPERTY|issue=&#35;2]]"], true), ["issue: &#35;2"]);
    }

    #[test]
    fn what_only_looks_like_a_marker_is_none() {
        for text in [
            "#1 [[PROPERTY|issue=#1]]",
            "[PROPERTY|issue=#1]]",
            "[[PROPERTY|issue=#1]",
            "[[PROPERTY|issue]]",
            "[[PROPERTY|issue=\n#1]]",
            "[[PROPERTY issue=#1]]",
            "[[property|issue=#1]]",
            "",
        ] {
            assert_eq!(of(&[text], false), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn memory_does_not_follow_the_text() {
        let mut markers = MarkerSearch::default();
        markers.begin();
        for number in 0..10_000 {
            let text = format!("\n[[PROPERTY|issue=#{number}]]\n&&&[[PROPERTY|{number}");
            markers.feed(text.as_bytes(), true, true);
            assert!(markers.tail.len() < 4_000, "{}", markers.tail.len());
        }
        assert_eq!(markers.take().len(), 20);
    }
}
