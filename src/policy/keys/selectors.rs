//! The keys of `defects.escaped`, `defects.caught` and `defects.blocking`.

use super::tables::{MAYBE_PATTERNS, MAYBE_TEXTS, PATTERNS};
use super::{Key, Merge, ValueType};

const LABELS: &str = "Labels of which at least one is set.";
const TYPES: &str = "Issue types; beside `labels`, either is enough.";

const ALL_LABELS: Key = Key::new("all-labels", PATTERNS, Merge::Own, "Labels that are all set.");
const TYPE: Key =
    Key::new("type", ValueType::TextOrTexts, Merge::Own, "An issue type, or a list of which any will do.");
const FIELD: Key = Key::new(
    "field",
    ValueType::Fields,
    Merge::Own,
    "Issue fields by name, each with its value or a list of which any will do.",
);
const MILESTONE: Key =
    Key::new("milestone", ValueType::Title(&ValueType::Pattern), Merge::Own, "The milestone's title.");
const NOT: Key =
    Key::new("not", ValueType::Map(CONDITIONS), Merge::Own, "Conditions that must not all hold.");

/// A condition that an issue must not meet.
pub const CONDITIONS: &[Key] =
    &[Key::new("labels", PATTERNS, Merge::Own, LABELS), ALL_LABELS, TYPE, FIELD, MILESTONE];

/// An alternative.
pub const ALTERNATIVE: &[Key] =
    &[Key::new("labels", PATTERNS, Merge::Own, LABELS), ALL_LABELS, TYPE, FIELD, MILESTONE, NOT];

/// `defects.escaped` as a mapping: labels or types, or one alternative.
pub const ESCAPED: &[Key] = &[
    Key::new("labels", MAYBE_PATTERNS, Merge::Adds, LABELS),
    Key::new("types", MAYBE_TEXTS, Merge::Adds, TYPES),
    ALL_LABELS,
    TYPE,
    FIELD,
    MILESTONE,
    NOT,
];

/// `defects.caught` as a mapping: more of them make a rate milder.
pub const CAUGHT: &[Key] = &[
    Key::new("labels", MAYBE_PATTERNS, Merge::Within("defects.escaped"), LABELS),
    Key::new("types", MAYBE_TEXTS, Merge::Within("defects.escaped"), TYPES),
    ALL_LABELS,
    TYPE,
    FIELD,
    MILESTONE,
    NOT,
];

/// An alternative of `defects.blocking`.
pub const BLOCKER: &[Key] = &[
    Key::new("labels", ValueType::List { of: &ValueType::Variable, least: 1 }, Merge::Own, LABELS),
    Key::new(
        "all-labels",
        ValueType::List { of: &ValueType::Variable, least: 1 },
        Merge::Own,
        "Labels that are all set.",
    ),
    TYPE,
    FIELD,
    Key::new(
        "milestone",
        ValueType::Title(&ValueType::Variable),
        Merge::Own,
        "The milestone's title; `{candidate}` and `{line}` are compared as versions.",
    ),
    Key::new("not", ValueType::Map(NOT_BLOCKING), Merge::Own, "Conditions that must not all hold."),
    Key::new(
        "require",
        ValueType::VariableOrList,
        Merge::Own,
        "A label, or a list of which any will do, that a fixed issue needs before it is done: `verified`.",
    ),
];

/// A condition that a blocker must not meet.
pub const NOT_BLOCKING: &[Key] = &[
    Key::new("labels", ValueType::List { of: &ValueType::Variable, least: 1 }, Merge::Own, LABELS),
    Key::new(
        "all-labels",
        ValueType::List { of: &ValueType::Variable, least: 1 },
        Merge::Own,
        "Labels that are all set.",
    ),
    TYPE,
    FIELD,
    Key::new("milestone", ValueType::Title(&ValueType::Variable), Merge::Own, "The milestone's title."),
];
