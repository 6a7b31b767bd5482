//! The section `tests`, as written.

use std::ops::Range;

use crate::policy::keys;
use crate::policy::language::{
    Field, Fields, Node, NodeKind, Problems, Scalar, Spanned, read_list, read_scalar, read_text, read_texts,
};

/// An entry of `tests.expect`.
#[derive(Debug)]
pub(in crate::policy) struct RawExpectedReports {
    /// All of it.
    pub span: Range<usize>,
    pub glob: Field<String>,
    pub at_least: Field<Scalar>,
}

/// The mapping `tests`.
#[derive(Debug)]
pub(in crate::policy) struct RawTests {
    pub reports: Field<Vec<Spanned<String>>>,
    pub reruns: Field<String>,
    pub expected_reports: Field<Vec<RawExpectedReports>>,
}

/// Reads the mapping `tests`.
pub(super) fn tests(fields: &Fields<'_>, problems: &mut Problems) -> RawTests {
    RawTests {
        reports: fields.get("reports", problems, read_texts),
        reruns: fields.get("reruns", problems, read_text),
        expected_reports: fields.get("expect", problems, expected),
    }
}

/// Entries that cannot be read have been reported; a list of nothing else is bad, and not empty.
fn expected(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<RawExpectedReports>> {
    let items = read_list(node, name, problems)?;
    let read: Vec<RawExpectedReports> = items.iter().filter_map(|item| entry(item, problems)).collect();
    (read.len() == items.len()).then_some(read)
}

/// A glob, or a mapping with the number of reports that it has to match.
fn entry(node: &Node, problems: &mut Problems) -> Option<RawExpectedReports> {
    let (what, span) = ("an entry of `expect`", node.span.clone());
    if !matches!(node.kind, NodeKind::Map(_)) {
        let value = read_text(node, what, problems)?;
        let glob = Field::Good(Spanned { value, span: span.clone() });
        return Some(RawExpectedReports { span, glob, at_least: Field::Absent });
    }
    let fields = Fields::open(node, what, keys::EXPECTED_REPORTS, problems)?;
    let (glob, at_least) =
        (fields.get("glob", problems, read_text), fields.get("at-least", problems, read_scalar));
    Some(RawExpectedReports { span, glob, at_least })
}
