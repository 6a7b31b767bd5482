//! Escaped text, with the medium in its type.
//!
//! A renderer builds its document from [`Safe`] pieces. There are three kinds: words of the program, which are `'static`;
//! numbers; and untrusted text that was escaped for the same medium.
//!
//! ```
//! use escape_gate::output::escape::{Markdown, Safe};
//! fn heading(title: &str) -> Safe<Markdown> {
//!     Safe::fill("## {}\n", &[&Safe::of(title)])
//! }
//! assert_eq!(heading("<b> @mona"), "## &lt;b&gt; @\u{200b}mona\n");
//! ```
//!
//! Unescaped text does not compile:
//!
//! ```compile_fail
//! use escape_gate::output::escape::{Markdown, Safe};
//! fn heading(title: &str) -> Safe<Markdown> {
//!     Safe::fill("## {}\n", &[&title])
//! }
//! ```
//!
//! ```compile_fail
//! use escape_gate::output::escape::{Markdown, Safe};
//! fn heading(title: String) -> Safe<Markdown> {
//!     Safe::fill("## {}\n", &[&title])
//! }
//! ```
//!
//! ```compile_fail
//! use escape_gate::output::escape::{Markdown, Safe};
//! fn heading(title: String) -> Safe<Markdown> {
//!     Safe::from(title)
//! }
//! ```
//!
//! Text that was escaped for another medium does not compile either:
//!
//! ```compile_fail
//! use escape_gate::output::escape::{Markdown, Safe, Terminal};
//! fn heading(title: &str) -> Safe<Markdown> {
//!     Safe::fill("## {}\n", &[&Safe::<Terminal>::of(title)])
//! }
//! ```
//!
//! Nor does a `Safe` that is built without escaping:
//!
//! ```compile_fail
//! use escape_gate::output::escape::{Markdown, Safe};
//! fn heading(title: String) -> Safe<Markdown> {
//!     Safe { text: title, medium: Markdown }
//! }
//! ```

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use super::characters::{single_line, truncate_text};

/// Text that is safe in a document of the medium `M`, and in no other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Safe<M> {
    text: String,
    medium: M,
}

/// A kind of document with its escaping.
pub trait Medium: Default {
    /// Escapes untrusted text.
    fn escape(text: &str) -> String;
}

/// Markdown as GitHub shows it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Markdown;

/// A terminal or a log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terminal;

/// Workflow commands to the runner of GitHub Actions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkflowCommand;

/// An HTML page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Html;

/// XML 1.0, also SVG: between tags and in quoted attribute values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Xml;

/// A table of comma-separated values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Csv;

/// OpenMetrics text: the value of a label, or a help text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenMetrics;

/// One line without markup: the description of a commit status, or a step output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plain;

impl Medium for Plain {
    fn escape(text: &str) -> String {
        single_line(text)
    }
}

/// A part that a document may be built from.
pub trait SafePiece<M>: sealed::Sealed {}

impl<M> SafePiece<M> for &'static str {}
impl<M> SafePiece<M> for Safe<M> {}
impl<M> SafePiece<M> for &Safe<M> {}
impl<M> SafePiece<M> for u64 {}
impl<M> SafePiece<M> for usize {}
// A time cannot carry untrusted text: its format is `'static`.
impl<M> SafePiece<M> for jiff::fmt::strtime::Display<'static> {}

/// Prevents other modules from implementing `SafePiece`.
mod sealed {
    pub trait Sealed: std::fmt::Display {}
    impl Sealed for &'static str {}
    impl<M> Sealed for super::Safe<M> {}
    impl<M> Sealed for &super::Safe<M> {}
    impl Sealed for u64 {}
    impl Sealed for usize {}
    impl Sealed for jiff::fmt::strtime::Display<'static> {}
}

/// `safe!("{} of {}", a, b)` works like `format!` but takes [`SafePiece`]s only. The braces must be empty.
macro_rules! safe {
    ($template:literal $(, $piece:expr)* $(,)?) => {{
        const { assert!($crate::output::escape::holes($template) == <[&str]>::len(&[$(stringify!($piece)),*])) };
        $crate::output::escape::Safe::fill($template, &[$(&$piece),*])
    }};
}
pub(crate) use safe;

/// Counts the `{}` of a template. Returns `usize::MAX` if it contains other braces.
pub const fn holes(template: &str) -> usize {
    let bytes = template.as_bytes();
    let (mut at, mut count) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'{' if at + 1 < bytes.len() && bytes[at + 1] == b'}' => {
                count += 1;
                at += 1;
            }
            // A single brace is a mistake in the template. No number of pieces equals this, so the
            // build fails.
            b'{' | b'}' => return usize::MAX,
            _ => {}
        }
        at += 1;
    }
    count
}

impl<M: Medium> Safe<M> {
    /// Escapes untrusted text.
    pub fn of(text: &str) -> Self {
        Self::trusted(M::escape(text))
    }
}

impl<M: Default> Safe<M> {
    /// Wraps text that is already safe. Only the escaping functions may call this.
    pub(super) fn trusted(text: String) -> Self {
        Self { text, medium: M::default() }
    }

    /// Replaces each `{}` of the template with a piece. The macro `safe!` checks their number.
    pub fn fill(template: &'static str, pieces: &[&dyn SafePiece<M>]) -> Self {
        let mut out = String::with_capacity(template.len());
        let mut pieces = pieces.iter();
        for (at, part) in template.split("{}").enumerate() {
            if at > 0 {
                out.extend(pieces.next().map(ToString::to_string));
            }
            out.push_str(part);
        }
        Self::trusted(out)
    }

    /// Appends a piece.
    pub fn push(&mut self, piece: impl SafePiece<M>) {
        self.text.push_str(&piece.to_string());
    }

    /// Joins the parts with a separator.
    pub fn join(parts: &[Self], between: &'static str) -> Self
    where
        M: Clone,
    {
        Self::trusted(parts.join(between))
    }

    /// Replaces fixed words with other fixed words.
    pub fn replaced(&self, words: &'static str, by: &'static str) -> Self {
        Self::trusted(self.text.replace(words, by))
    }

    /// Returns the longest beginning with at most `units` UTF-16 units.
    pub fn beginning(&self, units: usize) -> Self {
        let mut used = 0;
        let fits = |c: &char| {
            // GitHub counts UTF-16 units: an emoji is two.
            used += c.len_utf16();
            used <= units
        };
        Self::trusted(self.text.chars().take_while(fits).collect())
    }

    /// Returns the text for writing.
    pub fn into_string(self) -> String {
        self.text
    }
}

// Terminal text may be cut anywhere: its escapes are visible characters, so a part is as safe as the whole.
impl Safe<Terminal> {
    /// Returns at most `max` characters; a longer text ends in `…`.
    pub fn cut(&self, max: usize) -> Self {
        Self::trusted(truncate_text(&self.text, max))
    }

    /// Returns the words between spaces.
    pub fn words(&self) -> impl Iterator<Item = Self> + '_ {
        let words = self.text.split(' ').filter(|word| !word.is_empty());
        words.map(|word| Self::trusted(word.to_owned()))
    }

    /// Splits the text at a byte position.
    ///
    /// # Panics
    /// If `at` is inside a character.
    pub fn split_at(&self, at: usize) -> (Self, Self) {
        let (before, after) = self.text.split_at(at);
        (Self::trusted(before.to_owned()), Self::trusted(after.to_owned()))
    }

    /// Removes spaces at the end.
    pub fn trimmed(&self) -> Self {
        Self::trusted(self.text.trim_end().to_owned())
    }

    /// Returns `count` spaces.
    pub fn blanks(count: usize) -> Self {
        Self::trusted(" ".repeat(count))
    }
}

impl Safe<Plain> {
    /// Returns at most `max` characters; a longer text ends in `…`.
    pub fn cut(&self, max: usize) -> Self {
        Self::trusted(truncate_text(&self.text, max))
    }
}

impl<M: Default> From<&'static str> for Safe<M> {
    fn from(words: &'static str) -> Self {
        Self::trusted(words.to_owned())
    }
}

impl<M: Default> FromIterator<Self> for Safe<M> {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        Self::trusted(parts.into_iter().map(|part| part.text).collect())
    }
}

impl<M> Deref for Safe<M> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl<M> Borrow<str> for Safe<M> {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl<M> fmt::Display for Safe<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<M> PartialEq<&str> for Safe<M> {
    fn eq(&self, text: &&str) -> bool {
        self.text == *text
    }
}

#[cfg(test)]
mod tests {
    use super::{Markdown, Plain, Safe, Terminal, holes};

    #[test]
    fn braces_in_pieces_of_a_template_stay_as_they_are() {
        let quoted = Safe::<Markdown>::of("{} *");
        assert_eq!(safe!("{} of {}: {}", 2_u64, "{}", quoted), "2 of {}: {} \\*");
    }

    #[test]
    fn a_template_with_a_name_in_it_fits_no_number_of_pieces() {
        assert_eq!(holes("{} and {}"), 2);
        for template in ["{name}", "{0}", "{:?}", "{{}}", "}", "{"] {
            assert_eq!(holes(template), usize::MAX, "{template}");
        }
    }

    #[test]
    fn each_medium_has_its_own_escaping() {
        let text = "*a*\u{1b}\n@b";
        assert_eq!(Safe::<Markdown>::of(text), "\\*a\\*\u{fffd} @\u{200b}b");
        assert_eq!(Safe::<Terminal>::of(text), "*a*␛⏎@b");
        assert_eq!(Safe::<Plain>::of(text), "*a*\u{fffd} @b");
    }
}
