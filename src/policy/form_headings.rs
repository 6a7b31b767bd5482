//! Patterns for the headings of issue forms that hold versions.

use std::fmt;

/// Headings that ask for the version, or under which it stands next to others.
const READ_HEADINGS: &[&str] = &[
    "*version*",
    "found in*",
    "affect* release*",
    "release",
    "release number",
    "*which release*",
    "*what release*",
    "*environment*",
    "specification*",
    "system info*",
    "package info*",
];

/// Headings that look alike and ask for something else.
const SKIPPED_HEADINGS: &[&str] = &[
    "os version*",
    "* os version*",
    "*operating system*",
    "*browser*",
    "*device*",
    "*last*work*",
    "*work*before*",
    "*work*earlier*",
    "*previous*",
    "*older version*",
    "*regression*",
    "*upgrad*from*",
    "*fixed*",
    "*steps*",
    "*latest version*",
    "*plugin*",
    "*provider*",
    "*dependenc*",
    "*api version*",
    "*protocol version*",
];

/// The headings of issue forms that hold versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormHeadings {
    /// Headings whose answers are read.
    pub read: Vec<HeadingPattern>,
    /// Headings that are skipped though they match `read`.
    pub skip: Vec<HeadingPattern>,
}

impl Default for FormHeadings {
    /// Patterns that fit the issue forms of public projects.
    fn default() -> Self {
        let patterns = |sources: &[&str]| sources.iter().map(|source| HeadingPattern::new(source)).collect();
        Self { read: patterns(READ_HEADINGS), skip: patterns(SKIPPED_HEADINGS) }
    }
}

/// A pattern for headings in which `*` is any text; compared without case and punctuation.
#[derive(Clone, PartialEq, Eq)]
pub struct HeadingPattern {
    source: String,
    /// The texts between the stars, as [`plain_heading`] leaves them. Every issue is compared with them.
    pieces: Vec<String>,
}

impl HeadingPattern {
    /// Reads a pattern.
    pub fn new(source: &str) -> Self {
        Self { source: source.to_owned(), pieces: source.split('*').map(plain_heading).collect() }
    }

    /// Returns `true` if it is one of the default patterns for headings that are read.
    pub fn is_default(&self) -> bool {
        READ_HEADINGS.contains(&self.source.as_str())
    }

    /// Returns `true` if it names this plain heading in full, without a star.
    pub fn is_exactly(&self, heading: &str) -> bool {
        self.pieces.len() == 1 && self.pieces.iter().all(|only| only == heading)
    }

    /// Returns `true` if it matches a whole plain heading. Takes time in proportion to both lengths multiplied.
    pub fn matches(&self, heading: &str) -> bool {
        let [first, middle @ .., last] = self.pieces.as_slice() else { return self.is_exactly(heading) };
        let Some(mut rest) = heading.strip_prefix(first.as_str()) else { return false };
        for piece in middle.iter().filter(|piece| !piece.is_empty()) {
            // Most pieces are longer than a heading, and preparing a search costs more than this.
            let place = if piece.len() > rest.len() { None } else { rest.find(piece.as_str()) };
            let Some(at) = place else { return false };
            rest = &rest[at + piece.len()..];
        }
        rest.ends_with(last.as_str())
    }
}

impl fmt::Debug for HeadingPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.source)
    }
}

/// A heading in lower case, with a single space in place of punctuation.
pub fn plain_heading(heading: &str) -> String {
    let mut plain = String::new();
    for c in heading.chars() {
        if c.is_alphanumeric() {
            plain.extend(c.to_lowercase());
        // An apostrophe joins: "What's the version" and "Whats the version" are one heading.
        } else if !plain.is_empty() && !plain.ends_with(' ') && !matches!(c, '\'' | '’') {
            plain.push(' ');
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

#[cfg(test)]
mod tests {
    use super::HeadingPattern;

    #[test]
    fn star_stands_for_any_text() {
        for (pattern, heading, fits) in [
            ("*version*", "app version", true),
            ("version", "app version", false),
            ("*last*working*", "the last known working version", true),
            ("os version", "ios version", false),
            ("found in*", "found in", true),
            ("*a*a*", "a", false),
        ] {
            assert_eq!(HeadingPattern::new(pattern).matches(heading), fits, "{pattern} {heading}");
        }
    }
}
