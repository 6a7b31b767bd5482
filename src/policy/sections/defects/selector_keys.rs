//! The keys of `defects.escaped`, `defects.caught` and `defects.blocking`.

use std::rc::Rc;

use crate::policy::keys::{
    AlternativesType, FIELDS, FILLED_TEXT, Key, MAYBE_PATTERNS, MAYBE_TEXTS, Merge, PATTERN, PATTERNS,
    VARIABLE, ValueType,
};
use crate::policy::language::{Node, NodeKind};

const LABELS: &str = "Labels of which at least one is set.";
const TYPES: &str = "Issue types. Next to `labels`, either is enough.";

const ALL_LABELS: Key = Key::new("all-labels", PATTERNS, Merge::Own, "Labels that are all set.");
const TYPE: Key = Key::new(
    "type",
    ValueType::OneOrMore(&FILLED_TEXT),
    Merge::Own,
    "Issue type, or a list of which any is enough.",
);
const FIELD: Key = Key::new(
    "field",
    FIELDS,
    Merge::Own,
    "Issue fields by name, each with its value or a list of which any is enough. Every named field has to \
     fit.",
);
const MILESTONE: Key = Key::new(
    "milestone",
    ValueType::AnyOf(&[PATTERN, ValueType::Number]),
    Merge::Own,
    "Title of the milestone.",
);
const NOT: Key = Key::new(
    "not",
    ValueType::Map(CONDITIONS),
    Merge::Own,
    "Conditions that the issue must not meet together.",
);

/// A condition that an issue must not meet.
pub(in crate::policy) const CONDITIONS: &[Key] =
    &[Key::new("labels", PATTERNS, Merge::Own, LABELS), ALL_LABELS, TYPE, FIELD, MILESTONE];

/// An alternative.
pub(in crate::policy) const ALTERNATIVE: &[Key] =
    &[Key::new("labels", PATTERNS, Merge::Own, LABELS), ALL_LABELS, TYPE, FIELD, MILESTONE, NOT];

/// `defects.escaped` as a mapping: labels or types, or one alternative.
pub(in crate::policy) const ESCAPED: &[Key] = &[
    Key::new("labels", MAYBE_PATTERNS, Merge::Adds, LABELS),
    Key::new("types", MAYBE_TEXTS, Merge::Adds, TYPES),
    ALL_LABELS,
    TYPE,
    FIELD,
    MILESTONE,
    NOT,
];

/// `defects.caught` as a mapping: more of them make a rate milder.
// Caught defects enlarge the denominator of the escape rate. A file that adds some would improve
// its own rate.
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
pub(in crate::policy) const BLOCKER: &[Key] = &[
    Key::new("labels", ValueType::List { of: &VARIABLE, least: 1 }, Merge::Own, LABELS),
    Key::new(
        "all-labels",
        ValueType::List { of: &VARIABLE, least: 1 },
        Merge::Own,
        "Labels that are all set.",
    ),
    TYPE,
    FIELD,
    Key::new(
        "milestone",
        ValueType::AnyOf(&[VARIABLE, ValueType::Number]),
        Merge::Own,
        "Title of the milestone. `{candidate}` and `{line}` are compared as versions.",
    ),
    Key::new(
        "not",
        ValueType::Map(NOT_BLOCKING),
        Merge::Own,
        "Conditions that the issue must not meet together.",
    ),
    Key::new(
        "require",
        ValueType::OneOrMore(&VARIABLE),
        Merge::Own,
        "Label, or a list of which any is enough, that a fixed issue needs before it is done: `verified`.",
    ),
];

/// A condition that a blocker must not meet.
pub(in crate::policy) const NOT_BLOCKING: &[Key] = &[
    Key::new("labels", ValueType::List { of: &VARIABLE, least: 1 }, Merge::Own, LABELS),
    Key::new(
        "all-labels",
        ValueType::List { of: &VARIABLE, least: 1 },
        Merge::Own,
        "Labels that are all set.",
    ),
    TYPE,
    FIELD,
    Key::new(
        "milestone",
        ValueType::AnyOf(&[VARIABLE, ValueType::Number]),
        Merge::Own,
        "Title of the milestone.",
    ),
];

/// `defects.escaped`.
pub(in crate::policy) const ESCAPED_TYPE: AlternativesType = AlternativesType {
    short: ESCAPED,
    entry: ALTERNATIVE,
    is_short: is_short_selector,
    to_list: selector_alternatives,
};

/// `defects.caught`.
pub(in crate::policy) const CAUGHT_TYPE: AlternativesType =
    AlternativesType { short: CAUGHT, ..ESCAPED_TYPE };

/// `defects.blocking`, which has no short form.
// `require` belongs to one alternative. A short form of labels and types would not say to which.
pub(in crate::policy) const BLOCKER_TYPE: AlternativesType =
    AlternativesType { short: BLOCKER, entry: BLOCKER, is_short: |_| false, ..ESCAPED_TYPE };

/// Returns `true` for a selector in its short form: labels or types, and nothing else.
fn is_short_selector(node: &Node) -> bool {
    let is_short = |(key, _): &(Rc<Node>, Rc<Node>)| matches!(key.scalar(), Some("labels" | "types"));
    matches!(node.kind, NodeKind::Map(_)) && node.pairs().iter().all(is_short)
}

/// Returns a selector as a list of alternatives. One that asks for any of some labels or types becomes one for each of
/// them, so that lists can be compared by their entries.
fn selector_alternatives(node: &Rc<Node>) -> Rc<Node> {
    let entries = match &node.kind {
        NodeKind::List(items) => items.iter().flat_map(split_alternative).collect(),
        NodeKind::Map(_) if is_short_selector(node) => {
            let pair = |(key, values): &(Rc<Node>, Rc<Node>)| {
                // The short form says "any of them", and an alternative "all of them". One
                // alternative for each value means the same.
                let name = if key.scalar() == Some("types") { "type" } else { "labels" };
                one_each(name, key, values)
            };
            node.pairs().iter().flat_map(pair).collect()
        }
        NodeKind::Map(_) => split_alternative(node),
        NodeKind::Plain(_) | NodeKind::Quoted(_) => return Rc::clone(node),
    };
    Node::list(&node.span, entries)
}

/// Returns an alternative that asks only for labels or only for a type as one for each of them.
fn split_alternative(node: &Rc<Node>) -> Vec<Rc<Node>> {
    match node.pairs() {
        [(key, values)] if matches!(key.scalar(), Some("labels" | "type")) => {
            one_each(key.scalar().unwrap_or_default(), key, values)
        }
        _ => vec![Rc::clone(node)],
    }
}

/// Returns a mapping with a key of this name for each value.
fn one_each(name: &str, key: &Rc<Node>, values: &Rc<Node>) -> Vec<Rc<Node>> {
    let one = |value: &Rc<Node>| {
        let key = if key.scalar() == Some(name) { Rc::clone(key) } else { Node::plain(&key.span, name) };
        Node::map(&value.span, vec![(key, Node::list(&value.span, vec![Rc::clone(value)]))])
    };
    match &values.kind {
        NodeKind::List(items) => items.iter().map(one).collect(),
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::Map(_) => vec![one(values)],
    }
}
