//! The section `tests`, as written.

use std::ops::Range;

use super::fields::{Fields, list, scalar, text, texts};
use super::{At, Field, Scalar};
use crate::policy::diagnostic::Problems;
use crate::policy::keys;
use crate::policy::yaml::{Kind, Node};

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
    pub reports: Field<Vec<At<String>>>,
    pub reruns: Field<String>,
    pub expected_reports: Field<Vec<RawExpectedReports>>,
}

/// Reads the mapping `tests`.
pub(super) fn tests(fields: &Fields<'_>, problems: &mut Problems) -> RawTests {
    RawTests {
        reports: fields.get("reports", problems, texts),
        reruns: fields.get("reruns", problems, text),
        expected_reports: fields.get("expect", problems, expected),
    }
}

/// Entries that cannot be read have been reported; a list of nothing else is bad, and not empty.
fn expected(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<RawExpectedReports>> {
    let items = list(node, name, problems)?;
    let read: Vec<RawExpectedReports> = items.iter().filter_map(|item| entry(item, problems)).collect();
    (read.len() == items.len()).then_some(read)
}

/// A glob, or a mapping with the number of reports that it has to match.
fn entry(node: &Node, problems: &mut Problems) -> Option<RawExpectedReports> {
    let (what, span) = ("an entry of `expect`", node.span.clone());
    if !matches!(node.kind, Kind::Map(_)) {
        let value = text(node, what, problems)?;
        let glob = Field::Good(At { value, span: span.clone() });
        return Some(RawExpectedReports { span, glob, at_least: Field::Absent });
    }
    let fields = Fields::open(node, what, keys::EXPECTED_REPORTS, problems)?;
    let (glob, at_least) = (fields.get("glob", problems, text), fields.get("at-least", problems, scalar));
    Some(RawExpectedReports { span, glob, at_least })
}
