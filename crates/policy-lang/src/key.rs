//! The tables of a format: what its keys are called, what they hold, and how they are inherited.

use std::rc::Rc;

use serde_json::Value;

use crate::Node;

/// A key of a mapping.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Name of the key.
    pub name: &'static str,
    /// Meaning of the key, for the JSON Schema and for editors.
    pub doc: &'static str,
    /// Type of the key's value.
    pub value_type: ValueType,
    /// `true` if a complete policy needs the key. A policy that inherits may leave it to its base.
    pub required: bool,
    /// Meaning of a policy that omits the key.
    pub default: WhenOmitted,
    /// Rule that combines a value with the inherited one.
    pub merge: Merge,
}

/// The type of a key's value.
#[derive(Debug, Clone, Copy)]
pub enum ValueType {
    /// The version of the format.
    Version,
    /// A text.
    Text,
    /// A name in kebab-case.
    Name,
    /// Any number.
    Number,
    /// A whole number from 1 on.
    Whole {
        /// The greatest number, for example `u32::MAX`.
        most: u64,
    },
    /// Days or weeks: `30d`, `4w`.
    Duration,
    /// Hours, days or weeks: `72h`.
    Hours,
    /// A date: `2026-12-01`.
    Date,
    /// `true` or `false`.
    Truth,
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// A list of values.
    List {
        /// Type of an entry.
        of: &'static ValueType,
        /// Least number of entries.
        least: usize,
    },
    /// A value, or a list of at least one.
    OneOrMore(&'static ValueType),
    /// A value of one of these types.
    AnyOf(&'static [ValueType]),
    /// A mapping with a fixed set of keys.
    Map(&'static [Key]),
    /// A list of mappings with a fixed set of keys.
    Maps(&'static [Key]),
    /// A mapping whose keys the policy chooses, in kebab-case.
    Named(&'static ValueType),
    /// Mappings with a fixed set of keys, by a name in kebab-case that the policy chooses.
    NamedMaps {
        /// Keys of each mapping.
        keys: &'static [Key],
        /// Greatest length of a name, in characters.
        longest: usize,
    },
    /// One mapping of conditions, or a list of alternative ones.
    Alternatives(&'static AlternativesType),
    /// A type that the program defines.
    Custom(&'static CustomType),
}

/// Conditions that can be written as one mapping, or as a list of mappings of which any may apply.
#[derive(Debug)]
pub struct AlternativesType {
    /// Keys of the single mapping.
    pub short: &'static [Key],
    /// Keys of an entry of the list.
    pub entry: &'static [Key],
    /// Returns `true` for a single mapping that can be merged key by key by the table `short`.
    pub is_short: fn(&Node) -> bool,
    /// Returns either form as a list, so that two of them can be compared entry by entry.
    pub to_list: fn(&Rc<Node>) -> Rc<Node>,
}

/// A type of values that only one format has.
#[derive(Debug)]
pub struct CustomType {
    /// Name of the type for people, for example `pattern`.
    pub name: &'static str,
    /// Returns the JSON Schema of a value.
    pub schema: fn() -> Value,
    /// Returns a value in the one form in which defaults are written, or `None` if the text is no such value. Two texts with
    /// one such form mean the same.
    pub canonical: fn(&str) -> Option<String>,
}

/// The meaning of a policy that omits a key.
#[derive(Debug, Clone, Copy)]
pub enum WhenOmitted {
    /// Nothing: no limit, no label, no text.
    Nothing,
    /// This value.
    Value(&'static str),
    /// This value, by way of another key: the effective policy shows it only there.
    Elsewhere(&'static str),
    /// Something that cannot be written as a value, in these words, for example `all defects`.
    Meaning(&'static str),
    /// A value that depends on the mapping with the key; `None` if the mapping does not say enough.
    Computed(fn(&Node) -> Option<String>),
}

/// A rule that combines the value of a file with the inherited one. A value is *stricter* if fewer cases pass with it; a
/// case that cannot be decided does not pass.
#[derive(Debug, Clone, Copy)]
pub enum Merge {
    /// The value belongs to its file and is not inherited.
    Own,
    /// The value of the nearer file is taken: no verdict depends on it.
    Nearest,
    /// Neither value is stricter: the inherited one stays. If there is none, the file may set it, unless its base has the key
    /// that is named here: then the base left it out on purpose.
    Stands(Option<&'static str>),
    /// The greater number.
    Greater,
    /// The smaller number.
    Smaller,
    /// The number on the stricter side of the `max` or `min` in the same mapping.
    Warn,
    /// The later of these words.
    Order(&'static [&'static str]),
    /// The entries of both.
    Adds,
    /// The entries of both; an entry that takes files out is looser.
    Globs,
    /// The entries that are in both: an entry that only the file has is looser. If the base does not have the key that is
    /// named here, the file may set it.
    Within(&'static str),
    /// More entries are stricter: leaving an inherited one out is looser.
    Covers,
    /// Key by key.
    Keys,
    /// Mapping by mapping, by their `id`.
    Rules,
}

impl Key {
    /// Returns a key that may be omitted.
    pub const fn new(name: &'static str, value_type: ValueType, merge: Merge, doc: &'static str) -> Self {
        Self { name, doc, value_type, required: false, default: WhenOmitted::Nothing, merge }
    }

    /// Makes the key required in a complete policy.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets the meaning of a policy that omits the key.
    pub const fn when_omitted(mut self, default: WhenOmitted) -> Self {
        self.default = default;
        self
    }

    /// Returns the value that an omitted key has, as a policy would write it.
    pub fn implied(&self) -> Option<&'static str> {
        match self.default {
            WhenOmitted::Value(text) | WhenOmitted::Elsewhere(text) => Some(text),
            WhenOmitted::Nothing | WhenOmitted::Meaning(_) | WhenOmitted::Computed(_) => None,
        }
    }
}

/// Returns the key with this name.
pub fn find_key(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.name == name)
}
