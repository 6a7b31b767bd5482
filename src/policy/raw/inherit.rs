//! `override`: what a policy loosens of those that it inherits from.

use std::ops::Range;

use super::super::diagnostic::Problems;
use super::super::keys;
use super::super::yaml::Node;
use super::Field;
use super::fields::{Fields, list, text};

/// One entry.
#[derive(Debug)]
pub(in crate::policy) struct RawOverride {
    /// The whole of it.
    pub span: Range<usize>,
    pub rule: Field<String>,
    pub remove: Field<String>,
    pub key: Field<String>,
    pub reason: Field<String>,
}

/// All entries that are mappings; the others have been reported.
pub(super) fn overrides(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<RawOverride>> {
    let items = list(node, name, problems)?;
    let read = items.iter().filter_map(|item| {
        let fields = Fields::open(item, "an override", keys::OVERRIDE, problems)?;
        Some(RawOverride {
            span: item.span.clone(),
            rule: fields.get("rule", problems, text),
            remove: fields.get("remove", problems, text),
            key: fields.get("key", problems, text),
            reason: fields.get("reason", problems, text),
        })
    });
    Some(read.collect())
}
