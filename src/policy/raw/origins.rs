//! The section `attribution` as written.

use std::ops::Range;

use crate::policy::keys;
use crate::policy::language::{
    Field, Fields, Node, Problems, Scalar, Spanned, read_list, read_scalar, read_text, read_texts,
};

/// The section `attribution`.
#[derive(Debug)]
pub(in crate::policy) struct RawAttribution {
    pub found_in: Field<Vec<Spanned<String>>>,
    pub introduced_in: Field<Vec<Spanned<String>>>,
    pub count_by: Field<String>,
    pub at_most: Field<Scalar>,
    pub history: Field<String>,
    pub bots: Field<Vec<Spanned<String>>>,
    /// `form.headings`.
    pub headings: Field<RawHeadings>,
    pub overrides: Field<Vec<RawOrigin>>,
}

/// `attribution.form.headings`.
#[derive(Debug)]
pub(in crate::policy) struct RawHeadings {
    pub read: Field<Vec<Spanned<String>>>,
    pub skip: Field<Vec<Spanned<String>>>,
}

/// A person's word on where a defect came from.
#[derive(Debug)]
pub(in crate::policy) struct RawOrigin {
    /// The whole of it.
    pub span: Range<usize>,
    pub issue: Field<Scalar>,
    pub introduced_in: Field<String>,
    pub reason: Field<String>,
}

pub(super) fn attribution(fields: &Fields<'_>, problems: &mut Problems) -> RawAttribution {
    RawAttribution {
        found_in: fields.get("found-in", problems, read_texts),
        introduced_in: fields.get("introduced-in", problems, read_texts),
        count_by: fields.get("count-by", problems, read_text),
        at_most: fields.get("at-most", problems, read_scalar),
        history: fields.get("history", problems, read_text),
        bots: fields.get("bots", problems, read_texts),
        headings: fields
            .section("form", keys::FORM, problems, |form, problems| {
                form.section("headings", keys::HEADINGS, problems, |headings, problems| RawHeadings {
                    read: headings.get("read", problems, read_texts),
                    skip: headings.get("skip", problems, read_texts),
                })
            })
            .flatten(),
        overrides: fields.get("overrides", problems, overrides),
    }
}

/// Entries that are no mappings have been reported.
fn overrides(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<RawOrigin>> {
    let items = read_list(node, name, problems)?;
    let read: Vec<Option<RawOrigin>> = items.iter().map(|item| one(item, problems)).collect();
    Some(read.into_iter().flatten().collect())
}

fn one(node: &Node, problems: &mut Problems) -> Option<RawOrigin> {
    let fields = Fields::open(node, "an entry of `overrides`", keys::ORIGIN, problems)?;
    Some(RawOrigin {
        span: node.span.clone(),
        issue: fields.get("issue", problems, read_scalar),
        introduced_in: fields.get("introduced-in", problems, read_text),
        reason: fields.get("reason", problems, read_text),
    })
}
