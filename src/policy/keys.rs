//! Every key of the format, once: what the reader knows, what the JSON Schema offers, what a policy inherits and how.

pub(super) mod cases;
mod exceptions;
mod learning;
mod origins;
mod pull_requests;
mod selectors;
mod tables;

pub(super) use exceptions::*;
pub(super) use learning::*;
pub(super) use origins::*;
pub(super) use selectors::*;
pub(super) use tables::*;

/// A key of a mapping.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it means, for the schema and for editors.
    pub doc: &'static str,
    /// What stands behind it.
    pub shape: ValueType,
    /// True if a whole policy cannot do without it.
    pub required: bool,
    /// What holds where it is left out.
    pub default: WhenOmitted,
    /// What becomes of it where a policy inherits from another one.
    pub merge: Merge,
}

/// What stands behind a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum ValueType {
    /// The version of the format.
    Version,
    /// A text.
    Text,
    /// A name in kebab-case.
    Name,
    /// A label or tag pattern.
    Pattern,
    /// A label pattern or a milestone, which may hold `{candidate}` and `{line}`.
    Variable,
    /// The title of a milestone: such a pattern, or a number by its text.
    Title(&'static ValueType),
    /// One such pattern or a list of them.
    VariableOrList,
    /// One text or a list of them.
    TextOrTexts,
    /// One value or a list of them by the name of an issue field.
    Fields,
    /// A mapping with the first set of keys, or a list of mappings with the second.
    Selector(&'static [Key], &'static [Key]),
    /// A pattern whose one `*` stands for a name.
    Naming,
    /// A whole number, at least 1, that fits into 32 or into 64 bits.
    Whole {
        /// The greatest.
        most: u64,
    },
    /// Days or weeks.
    Duration,
    /// Hours, days or weeks.
    Hours,
    /// A date: year, month and day.
    Date,
    /// True or false.
    Truth,
    /// A release or a release line: a text, or a number by its text.
    Release,
    /// A word, or a date: where a time begins, or from which day a rule counts.
    WordOrDate(fn() -> Vec<&'static str>),
    /// A scope.
    Over,
    /// A row of periods or releases.
    Row,
    /// A bound, in the unit of the rule's metric.
    Bound,
    /// One word of these.
    Word(fn() -> Vec<&'static str>),
    /// A list of values; `least` says how many at least.
    List {
        /// What each of them is.
        of: &'static ValueType,
        /// How many there are at least.
        least: usize,
    },
    /// A pattern whose one `*` stands for a name, or a mapping with these keys.
    NamingOr(&'static [Key]),
    /// A text, or a mapping with these keys.
    TextOr(&'static [Key]),
    /// True, false or a path.
    Place,
    /// A share or a whole number, at least 1.
    Sample,
    /// Globs by a name of the policy's own.
    Globs,
    /// A mapping with a fixed set of keys.
    Map(&'static [Key]),
    /// A mapping whose keys the policy chooses, in kebab-case.
    Named(&'static ValueType),
    /// A list of mappings with a fixed set of keys.
    Maps(&'static [Key]),
    /// Mappings with a fixed set of keys, by a name in kebab-case that the policy chooses.
    NamedMaps(&'static [Key]),
    /// One value or a list of them for each of these names.
    Chosen(fn() -> Vec<&'static str>),
}

/// What holds where a key is left out.
#[derive(Debug, Clone, Copy)]
pub(super) enum WhenOmitted {
    /// Nothing: no bound, no label, no text.
    Nothing,
    /// This value.
    Value(&'static str),
    /// This value, by way of another key: it is not to be written out a second time.
    Elsewhere(&'static str),
    /// Something that is not written as a value, in these words: "all defects".
    Meaning(&'static str),
    /// What the metric says.
    OfMetric,
}

/// How the value of a file and the one that it inherits come to one. Stricter is what passes in fewer cases; `unknown`
/// does not pass.
#[derive(Debug, Clone, Copy)]
pub(super) enum Merge {
    /// It belongs to its file and is not inherited.
    Own,
    /// The nearer one is taken: nothing depends on it.
    Nearest,
    /// Neither is stricter: the inherited one stands. Where there is none, it is the file's to say, unless its base says
    /// something under the key that is named here: then leaving it out was a word too.
    Stands(Option<&'static str>),
    /// The greater number.
    Greater,
    /// The smaller number.
    Smaller,
    /// The number on the stricter side of the bound beside it.
    Warn,
    /// The later of these words.
    Order(&'static [&'static str]),
    /// The entries of both.
    Adds,
    /// The entries of both; one that takes files out is milder.
    Globs,
    /// What is in both: an entry that is only the file's is milder. Where the base says nothing under the key that is
    /// named here, it is the file's to say.
    Within(&'static str),
    /// More entries are stricter: leaving one out that is inherited is milder.
    Covers,
    /// Key by key.
    Keys,
    /// Rule by rule, by their ids.
    Rules,
}

impl Key {
    /// A key that may be left out.
    pub const fn new(name: &'static str, shape: ValueType, merge: Merge, doc: &'static str) -> Self {
        Self { name, doc, shape, required: false, default: WhenOmitted::Nothing, merge }
    }

    /// The same, and a whole policy cannot do without it.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same, with what holds where it is left out.
    pub const fn when_omitted(mut self, default: WhenOmitted) -> Self {
        self.default = default;
        self
    }

    /// What holds where it is left out, as it would be written.
    pub fn implied(&self) -> Option<&'static str> {
        match self.default {
            WhenOmitted::Value(text) | WhenOmitted::Elsewhere(text) => Some(text),
            WhenOmitted::Nothing | WhenOmitted::Meaning(_) | WhenOmitted::OfMetric => None,
        }
    }
}

/// The key of this name.
pub(super) fn find_key(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.name == name)
}
