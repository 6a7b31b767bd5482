//! Entries of `defects.status`, and periods, as written.

use std::ops::Range;

use crate::policy::keys;
use crate::policy::language::{
    Field, Fields, Node, Problems, Scalar, read_list, read_scalar, read_text, read_text_or_number,
};

/// A person's word on one issue in one release or release line.
#[derive(Debug)]
pub(in crate::policy) struct RawStatus {
    /// All of it.
    pub span: Range<usize>,
    pub issue: Field<Scalar>,
    pub scope: Field<String>,
    pub is: Field<String>,
    pub by: Field<String>,
    pub reason: Field<String>,
}

/// A period that repeats.
#[derive(Debug)]
pub(in crate::policy) struct RawPeriod {
    pub starts: Field<String>,
    pub length: Field<Scalar>,
}

/// Entries that are no mappings have been reported.
pub(super) fn entries(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<RawStatus>> {
    let items = read_list(node, name, problems)?;
    let read: Vec<Option<RawStatus>> = items.iter().map(|item| entry(item, problems)).collect();
    Some(read.into_iter().flatten().collect())
}

fn entry(node: &Node, problems: &mut Problems) -> Option<RawStatus> {
    let fields = Fields::open(node, "an entry of `status`", keys::STATUS, problems)?;
    Some(RawStatus {
        span: node.span.clone(),
        issue: fields.get("issue", problems, read_scalar),
        scope: fields.get("in", problems, read_text_or_number),
        is: fields.get("is", problems, read_text),
        by: fields.get("by", problems, read_text),
        reason: fields.get("reason", problems, read_text),
    })
}

/// An entry of `periods`.
pub(super) fn period(node: &Node, name: &str, problems: &mut Problems) -> Option<RawPeriod> {
    let fields = Fields::open(node, name, keys::PERIOD, problems)?;
    Some(RawPeriod {
        starts: fields.get("starts", problems, read_text),
        length: fields.get("length", problems, read_scalar),
    })
}
