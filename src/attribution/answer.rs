//! The set of versions that an answer names: "1.3 - 1.5", "not 1.3.2, but 1.4.0", "latest stable".

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

/// The most versions of one answer that are looked at: what has more is a log.
const MOST_ITEMS: usize = 200;

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionAnswer {
    /// The versions that it names as members of the set.
    pub items: Vec<VersionItem>,
    /// The versions that it denies, as written.
    pub denied: Vec<String>,
    /// `true` if it means every release: "all versions".
    pub every: bool,
    /// `true` if it means the newest release: "latest".
    pub newest: bool,
    /// `true` if it means what is built and not released: "main".
    pub unreleased: bool,
    /// `true` if a word beside a version means what is not released: "nightly 2026-05-01".
    pub perhaps_unreleased: bool,
    /// `true` if there are words.
    pub has_text: bool,
}

/// A member of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionItem {
    /// A version or a range.
    pub kind: VersionSet,
    /// Whose version it is.
    pub name: NamedProduct,
    /// The product that is written in the same word: `cli` for `cli@1.3.0`.
    pub joined_name: Option<String>,
    /// `true` if that is a product and no decoration: `cli@1.3.0`, or in a label.
    pub is_joined_name_meant: bool,
    /// The text as written.
    pub text: String,
    /// `true` if the text may only mention it: "the newest is 1.8.2".
    pub mentioned: bool,
    /// `true` if nothing but the version stands there, so that a single number is a version.
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

/// The product that a version is said to be of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedProduct {
    /// No name stands before it.
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
    /// Returns `true` for a label whose value is not looked at: "OS version: 10.0".
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
    /// The versions that are written in full; `depth` is the number of numbers that a full version has.
    pub fn exact(&self, depth: usize) -> Self {
        let is_exact =
            |item: &&VersionItem| item.is_full(depth) || (item.name == NamedProduct::Own && item.is_whole());
        self.of_items(is_exact)
    }

    /// The full versions that stand behind the names of products that others run on.
    pub fn of_foreign(&self, depth: usize) -> Self {
        let mut answer = self.of_items(|item| item.name == NamedProduct::Foreign && item.is_full(depth));
        for item in &mut answer.items {
            item.name = NamedProduct::None;
        }
        answer
    }

    /// The answer without versions behind such names.
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
