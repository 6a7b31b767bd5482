//! A line of a file, made safe to show.

use std::ops::Range;

use super::Place;
use crate::PolicyFiles;
use crate::characters::visible;

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
