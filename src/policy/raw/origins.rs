//! The section `attribution` as written.

use std::ops::Range;

use super::fields::{Fields, list, scalar, text, texts};
use super::{At, Field, Scalar};
use crate::policy::diagnostic::Problems;
use crate::policy::keys;
use crate::policy::yaml::Node;

/// The section `attribution`.
#[derive(Debug)]
pub(in crate::policy) struct RawAttribution {
    pub found_in: Field<Vec<At<String>>>,
    pub introduced_in: Field<Vec<At<String>>>,
    pub count_by: Field<String>,
    pub at_most: Field<Scalar>,
    pub history: Field<String>,
    pub bots: Field<Vec<At<String>>>,
    /// `form.headings`.
    pub headings: Field<RawHeadings>,
    pub overrides: Field<Vec<RawOrigin>>,
}

/// `attribution.form.headings`.
#[derive(Debug)]
pub(in crate::policy) struct RawHeadings {
    pub read: Field<Vec<At<String>>>,
    pub skip: Field<Vec<At<String>>>,
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
        found_in: fields.get("found-in", problems, texts),
        introduced_in: fields.get("introduced-in", problems, texts),
        count_by: fields.get("count-by", problems, text),
        at_most: fields.get("at-most", problems, scalar),
        history: fields.get("history", problems, text),
        bots: fields.get("bots", problems, texts),
        headings: fields
            .section("form", keys::FORM, problems, |form, problems| {
                form.section("headings", keys::HEADINGS, problems, |headings, problems| RawHeadings {
                    read: headings.get("read", problems, texts),
                    skip: headings.get("skip", problems, texts),
                })
            })
            .flatten(),
        overrides: fields.get("overrides", problems, overrides),
    }
}

/// Entries that are no mappings have been reported.
fn overrides(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<RawOrigin>> {
    let items = list(node, name, problems)?;
    let read: Vec<Option<RawOrigin>> = items.iter().map(|item| one(item, problems)).collect();
    Some(read.into_iter().flatten().collect())
}

fn one(node: &Node, problems: &mut Problems) -> Option<RawOrigin> {
    let fields = Fields::open(node, "an entry of `overrides`", keys::ORIGIN, problems)?;
    Some(RawOrigin {
        span: node.span.clone(),
        issue: fields.get("issue", problems, scalar),
        introduced_in: fields.get("introduced-in", problems, text),
        reason: fields.get("reason", problems, text),
    })
}
