//! `override`: what a policy loosens of those that it inherits from.

use std::ops::Range;

use super::super::diagnostic::Problems;
use super::super::keys;
use super::super::yaml::Node;
use super::Field;
use super::fields::{Fields, read_list, read_text};

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
    let items = read_list(node, name, problems)?;
    let read = items.iter().filter_map(|item| {
        let fields = Fields::open(item, "an override", keys::OVERRIDE, problems)?;
        Some(RawOverride {
            span: item.span.clone(),
            rule: fields.get("rule", problems, read_text),
            remove: fields.get("remove", problems, read_text),
            key: fields.get("key", problems, read_text),
            reason: fields.get("reason", problems, read_text),
        })
    });
    Some(read.collect())
}
