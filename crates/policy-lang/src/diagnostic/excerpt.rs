//! A line of a file, made safe to show.

use std::ops::Range;

use super::Place;
use crate::PolicyFiles;

/// Number of characters kept on each side of the place in a long line.
const MARGIN: usize = 100;

/// Greatest number of characters of the file that a message repeats.
const QUOTED: usize = 60;

/// One line of the file with the part that a problem is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line, or the part of it around the place, without control characters.
    pub(super) text: String,
    /// Bytes of `text` to underline.
    pub(super) underline: Range<usize>,
    /// Text at the underline.
    pub(super) label: String,
    /// `false` for a second place that explains the first.
    pub(super) primary: bool,
    /// Name of the file with the line.
    pub(super) file: String,
    place: Place,
    cut: bool,
}

impl Excerpt {
    /// Cuts the line of `span` out of its file; a span over several lines is cut to its first.
    pub(super) fn new(files: &PolicyFiles, span: &Range<usize>, label: &str, primary: bool) -> Option<Self> {
        let (file, span) = files.locate(span)?;
        let (source, lines) = (file.text.as_str(), file.lines.as_slice());
        let number = lines.partition_point(|start| *start <= span.start).saturating_sub(1);
        let start = lines.get(number).copied().unwrap_or(0);
        let end = lines.get(number + 1).copied().unwrap_or(source.len());
        let line = source.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r']);
        let from = char_boundary_before(line, span.start.saturating_sub(start));
        let to = char_boundary_before(line, span.end.saturating_sub(start)).max(from);

        let before = line.get(..from).unwrap_or("");
        let inside = line.get(from..to).unwrap_or("");
        let after = line.get(to..).unwrap_or("");
        let place = Place { line: number + 1, column: before.chars().count() + 1 };

        let head = visible(last_chars(before, MARGIN));
        let body = visible(first_chars(inside, 2 * MARGIN));
        let tail = visible(first_chars(after, MARGIN));
        let underline = head.len()..head.len() + body.len();
        let cut = last_chars(before, MARGIN).len() < before.len();
        let (label, file) = (visible(label), file.name.clone());
        Some(Self { text: head + &body + &tail, underline, label, primary, file, place, cut })
    }

    /// Returns `true` if another excerpt shows the same part of the same line.
    pub(super) fn shows(&self, other: &Self) -> bool {
        self.file == other.file && self.place.line == other.place.line && self.text == other.text
    }

    /// Returns `true` if the beginning of the line is cut off.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// Returns the place where the underlined part begins.
    pub(super) fn place(&self) -> Place {
        self.place
    }
}

/// Returns a text of the file in backticks, shortened to 60 characters and safe to print.
pub fn quote(text: &str) -> String {
    let start = first_chars(text, QUOTED);
    let more = if start.len() < text.len() { "…" } else { "" };
    format!("`{}{more}`", visible(start))
}

/// Returns a text in which a visible character replaces each one that a terminal acts on or that shows nothing.
///
/// Joiners and variation selectors stay behind a character that is not ASCII: they form emoji and letters of other scripts.
pub fn visible(text: &str) -> String {
    let mut before = ' ';
    text.chars()
        .map(|c| {
            let joins = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
            let seen = if joins && !before.is_ascii() && visible_char(before) == before {
                c
            } else {
                visible_char(c)
            };
            before = c;
            seen
        })
        .collect()
}

fn visible_char(c: char) -> char {
    match c {
        // Unicode has a picture of each control character, in the same order.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        // C1 controls, soft hyphen, grapheme joiner, direction marks, Hangul fillers, Khmer inherent vowels, Mongolian
        // selectors, zero-width characters, line separators, invisible operators, the braille blank, variation selectors, the
        // byte-order mark, annotations, shorthand and musical formats, tags.
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

/// Returns the nearest place at or before `at` where `text` can be cut.
fn char_boundary_before(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn first_chars(text: &str, count: usize) -> &str {
    match text.char_indices().nth(count) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

fn last_chars(text: &str, count: usize) -> &str {
    match text.char_indices().rev().nth(count.saturating_sub(1)) {
        Some((start, _)) => &text[start..],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn a_character_that_shows_nothing_is_shown() {
        for hidden in "\u{ad}\u{34f}\u{115f}\u{17b5}\u{180b}\u{200b}\u{200d}\u{2060}\u{2064}\u{2800}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{fff0}\u{1d173}\u{e0041}\u{e0100}"
            .chars()
        {
            assert_eq!(visible(&format!("ru{hidden}les")), "ru\u{fffd}les", "{hidden:?}");
            assert_eq!(visible(&hidden.to_string()), "\u{fffd}", "{hidden:?}");
        }
        assert_eq!(
            visible("\u{3164}\u{fe0f}"),
            "\u{fffd}\u{fffd}",
            "nothing is formed behind what shows nothing"
        );
    }

    #[test]
    fn text_of_any_script_and_emoji_stay() {
        for text in ["⚠\u{fe0f} bug", "👩\u{200d}💻", "می\u{200c}خواهم", "Überlauf", "購物車"]
        {
            assert_eq!(visible(text), text);
        }
    }
}
