//! Types of keys and their values. The keys themselves are in the files of their sections, and those of cases here.

pub(super) mod cases;
mod types;

pub(super) use types::*;

pub(super) use policy_lang::{AlternativesType, Key, Merge, ValueType, WhenOmitted, find_key};

use policy_lang::Node;

/// A key that every policy has: to omit a key that is bound to it is a choice of the base.
pub(super) const ALWAYS: &str = "version";

/// Returns `true` if the default of an omitted key is not shown: another key next to it says the same.
pub(super) fn hides_default(key: &Key, parent: Option<&Node>, root: &Node) -> bool {
    match key.name {
        // A trend says itself what it looks at.
        "over" => parent.is_some_and(|rule| rule.get("trend").is_some()),
        // `missing.severity` is the same as `defects.severity.untriaged`, and both must agree.
        "untriaged" => root.get("missing").is_some_and(|node| node.get("severity").is_some()),
        _ => false,
    }
}
