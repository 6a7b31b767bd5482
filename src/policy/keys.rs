//! Every key of the format, once: what the reader knows, what the JSON Schema offers, what a policy inherits and how.

pub(super) mod cases;
mod exceptions;
mod learning;
mod origins;
mod product;
mod pull_requests;
mod rules;
mod selectors;
mod tables;
mod types;

pub(super) use exceptions::*;
pub(super) use learning::*;
pub(super) use origins::*;
pub(super) use product::PRODUCT;
pub(super) use rules::*;
pub(super) use selectors::*;
pub(super) use tables::*;
pub(super) use types::*;

pub(super) use policy_lang::{AlternativesType, Key, Merge, ValueType, WhenOmitted, find_key};

use policy_lang::Node;

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
