//! `waivers`, `approvers` and `overrides` as written, and files that hold waivers alone.

use std::ops::Range;

use super::super::keys;
use crate::policy::language::{
    Document, Field, Fields, Node, Problems, Scalar, Spanned, is_supported_version, read_list, read_scalar,
    read_text, read_texts,
};

/// One waiver.
#[derive(Debug)]
pub(in crate::policy) struct RawWaiver {
    /// The whole of it.
    pub span: Range<usize>,
    pub rule: Field<String>,
    pub issue: Field<Scalar>,
    pub component: Field<String>,
    pub release: Field<String>,
    pub reason: Field<String>,
    pub approved_by: Field<String>,
    pub expires: Field<String>,
    pub ends_with: Field<String>,
    pub follow_up: Field<RawFollowUp>,
}

/// `follow-up` of a waiver.
#[derive(Debug)]
pub(in crate::policy) struct RawFollowUp {
    pub issue: Field<Scalar>,
    pub due: Field<String>,
}

/// The section `approvers`.
#[derive(Debug)]
pub(in crate::policy) struct RawApprovers {
    pub users: Field<Vec<Spanned<String>>>,
    pub teams: Field<Vec<Spanned<String>>>,
}

/// The section `overrides`.
#[derive(Debug)]
pub(in crate::policy) struct RawOverriders {
    pub roles: Field<Vec<Spanned<String>>>,
    pub users: Field<Vec<Spanned<String>>>,
}

/// The waivers of a file that holds nothing else.
pub(in crate::policy) fn waiver_file(document: Document, problems: &mut Problems) -> Field<Vec<RawWaiver>> {
    let root = &*document.root;
    if !is_supported_version(root, problems) {
        return Field::Bad;
    }
    for tag in document.tags {
        problems.push(tag);
    }
    match Fields::open(root, "a file of waivers", keys::WAIVER_FILE, problems) {
        Some(fields) => fields.get("waivers", problems, waivers),
        None => Field::Bad,
    }
}

/// A list of waivers. Entries that are none have been reported.
pub(super) fn waivers(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<RawWaiver>> {
    let items = read_list(node, name, problems)?;
    let read: Vec<Option<RawWaiver>> = items.iter().map(|item| waiver(item, problems)).collect();
    Some(read.into_iter().flatten().collect())
}

fn waiver(node: &Node, problems: &mut Problems) -> Option<RawWaiver> {
    let fields = Fields::open(node, "a waiver", keys::WAIVER, problems)?;
    Some(RawWaiver {
        span: node.span.clone(),
        rule: fields.get("rule", problems, read_text),
        issue: fields.get("issue", problems, read_scalar),
        component: fields.get("component", problems, read_text),
        release: fields.get("release", problems, read_text),
        reason: fields.get("reason", problems, read_text),
        approved_by: fields.get("approved-by", problems, read_text),
        expires: fields.get("expires", problems, read_text),
        ends_with: fields.get("ends-with", problems, read_text),
        follow_up: fields.get("follow-up", problems, follow_up),
    })
}

fn follow_up(node: &Node, name: &str, problems: &mut Problems) -> Option<RawFollowUp> {
    let fields = Fields::open(node, name, keys::FOLLOW_UP, problems)?;
    Some(RawFollowUp {
        issue: fields.get("issue", problems, read_scalar),
        due: fields.get("due", problems, read_text),
    })
}

pub(super) fn approvers(fields: &Fields<'_>, problems: &mut Problems) -> RawApprovers {
    RawApprovers {
        users: fields.get("users", problems, read_texts),
        teams: fields.get("teams", problems, read_texts),
    }
}

pub(super) fn overriders(fields: &Fields<'_>, problems: &mut Problems) -> RawOverriders {
    RawOverriders {
        roles: fields.get("roles", problems, read_texts),
        users: fields.get("users", problems, read_texts),
    }
}
