//! Reads the set of versions that an answer names: "1.3 - 1.5", "not 1.3.2, but 1.4.0", "latest stable".
//!
//! `markup` strips Markdown and HTML. `lexeme` splits the text into versions, words and signs. `clause` and `range` decide
//! which versions are in the set. `membership` decides by the words whether a version is named or denied.

mod clause;
mod lexeme;
pub mod markup;
mod membership;
mod range;
#[cfg(test)]
mod tests;
pub mod words;

use crate::model::Version;

use clause::ClauseReader;

/// Largest number of versions in one answer. A text with more is a log.
const MOST_ITEMS: usize = 200;

/// The versions that an answer names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionAnswer {
    /// Members of the set.
    pub items: Vec<VersionItem>,
    /// Versions that the answer denies, as written: `1.2.0` in "fine in 1.2.0".
    pub denied: Vec<String>,
    /// `true` if it means every release: "all versions".
    pub every: bool,
    /// `true` if it means the newest release: "latest".
    pub newest: bool,
    /// `true` if it means a build that is not released: "main".
    pub unreleased: bool,
    /// `true` if a word next to a version means a build that is not released: "nightly 2026-05-01".
    pub perhaps_unreleased: bool,
    /// `true` if there are words.
    pub has_text: bool,
}

/// A member of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionItem {
    /// A version or a range.
    pub kind: VersionSet,
    /// Product that the version belongs to.
    pub name: NamedProduct,
    /// Product that is written in the same word: `cli` for `cli@1.3.0`.
    pub joined_name: Option<String>,
    /// `true` if `joined_name` is surely a product, as in `cli@1.3.0` or in a label, and not part of a file name.
    pub is_joined_name_meant: bool,
    /// The text as written.
    pub text: String,
    /// `true` if the text may only mention it: "the newest is 1.8.2".
    pub mentioned: bool,
    /// `true` if only the version is there, so that a single number is a version.
    pub alone: bool,
}

/// A version, or the versions between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionSet {
    /// One version, or one line.
    One(Version),
    /// The versions between two ends.
    Range {
        /// The lower end; `None` if there is none.
        low: Option<RangeEnd>,
        /// The higher end; `None` if there is none.
        high: Option<RangeEnd>,
    },
}

/// The end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeEnd {
    /// The version.
    pub version: Version,
    /// `true` if it belongs to the range.
    pub inclusive: bool,
}

/// The product whose version is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedProduct {
    /// No name precedes the version.
    None,
    /// The product that the issue is about.
    Own,
    /// A name that is not known, in lower case.
    Other(String),
    /// A product that other products run on: "Node 20.11.0". It may be the product itself.
    Foreign,
}

/// Names and headings that an answer is read with.
#[derive(Clone, Copy)]
pub struct AnswerContext<'a> {
    /// Words of the names of the product that the issue is about, in lower case.
    pub own: &'a [String],
    /// Returns `true` for a label whose value is not read: "OS version: 10.0".
    pub skips: &'a dyn Fn(&str) -> bool,
}

impl AnswerContext<'_> {
    /// Returns `true` if a name in lower case is that of the product.
    pub fn is_own(&self, name: &str) -> bool {
        let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
        let squeezed: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
        let is_word = |word: &str| self.own.iter().any(|own| own == word);
        !squeezed.is_empty()
            && (is_word(&squeezed)
                || self.own.concat() == squeezed
                || (words.peek().is_some() && words.all(|word| is_word(word) || words::is_filler(word))))
    }
}

impl VersionAnswer {
    /// Returns the versions that are written in full. `depth` is the number of components of a full version, such as 3.
    pub fn exact(&self, depth: usize) -> Self {
        let is_exact =
            |item: &&VersionItem| item.is_full(depth) || (item.name == NamedProduct::Own && item.is_whole());
        self.of_items(is_exact)
    }

    /// Returns the full versions that follow the name of a platform, such as "Node 20.11.0".
    pub fn of_foreign(&self, depth: usize) -> Self {
        let mut answer = self.of_items(|item| item.name == NamedProduct::Foreign && item.is_full(depth));
        for item in &mut answer.items {
            item.name = NamedProduct::None;
        }
        answer
    }

    /// Returns `true` if a version follows the name of a platform.
    pub fn has_foreign(&self) -> bool {
        self.items.iter().any(|item| item.name == NamedProduct::Foreign)
    }

    /// Returns the answer without versions of platforms.
    pub fn without_foreign(&self) -> Self {
        let items = self.of_items(|item| item.name != NamedProduct::Foreign).items;
        Self { items, ..self.clone() }
    }

    fn of_items(&self, is_meant: impl Fn(&&VersionItem) -> bool) -> Self {
        let items = self.items.iter().filter(is_meant).cloned().collect();
        Self { items, denied: self.denied.clone(), has_text: self.has_text, ..Self::default() }
    }
}

impl VersionItem {
    fn is_full(&self, depth: usize) -> bool {
        let is_full =
            |version: &Version| version.is_whole() && !version.is_wildcard() && version.depth() >= depth;
        match &self.kind {
            VersionSet::One(version) => is_full(version),
            VersionSet::Range { low, high } => {
                [low, high].into_iter().flatten().all(|end| is_full(&end.version))
            }
        }
    }

    fn is_whole(&self) -> bool {
        matches!(&self.kind, VersionSet::One(version) if version.is_whole())
    }
}

/// Reads the lines of an answer.
pub fn read_answer<'l>(lines: impl Iterator<Item = &'l str>, context: AnswerContext<'_>) -> VersionAnswer {
    let mut text = String::new();
    for line in lines {
        text.push_str(&markup::strip_markup(line));
        text.push('\n');
    }
    let tokens = lexeme::tokenize_answer(&text);
    let mut reader = ClauseReader::new(&tokens, context);
    reader.read();
    let mut answer = reader.answer;
    answer.items.truncate(MOST_ITEMS);
    answer.denied.truncate(MOST_ITEMS);
    if answer.items.iter().any(|item| !item.mentioned && item.name != NamedProduct::Foreign) {
        answer.items.retain(|item| !item.mentioned);
    }
    answer
}
