//! Reads the expected status of single issues.

use std::collections::{BTreeMap, BTreeSet};

use super::super::code::Code;
use super::super::{Policy, keys};
use super::ExpectedStatus;
use super::read::{read_issue_numbers, read_one_of, read_word, required_key};
use crate::model::MetricId;
use crate::policy::language::{
    Draft, Field, Fields, Node, NodeKind, Problems, in_backticks, quote, read_text_or_number,
};

/// The words for a status.
const STATUSES: &[&str] = &["affected", "fixed", "not-affected", "under-investigation"];

/// The rows of the table; `6` stands for both of its halves.
// `6` stands for both of its parts.
const ROWS: &[&str] = &["1", "2", "3", "4", "5", "6", "6a", "6b", "7", "8", "9", "10"];

/// The word for an issue that was found in no known release.
const NO_RELEASE: &str = "none";

/// Reads a mapping from issues to what is expected of them; `None` if something is wrong, which has been reported.
pub(super) fn by_issue<'n, T>(
    fields: &Fields<'n>,
    key: &str,
    problems: &mut Problems,
    read: impl Fn(&'n Node, &str, &mut Problems) -> Option<T>,
) -> Option<BTreeMap<u64, T>> {
    let mut is_good = fields.node(key).is_none_or(|node| matches!(node.kind, NodeKind::Map(_)));
    let mut found = BTreeMap::new();
    for (name, field) in fields.open_keys(key, problems, read) {
        let number = name.value.trim_start_matches('#').parse::<u64>().ok();
        if number.is_none() {
            let message = format!("invalid number of an issue {}", quote(&name.value));
            let draft = Draft::new(Code::WrongType, &name.span, message);
            problems.push(draft.help("write its number, for example `1: affected`"));
        }
        match (number, field) {
            (Some(number), Field::Good(at)) => drop(found.insert(number, at.value)),
            (None, _) | (Some(_), Field::Bad | Field::Absent) => is_good = false,
        }
    }
    is_good.then_some(found)
}

/// Reads an expected status: a single word, or a mapping.
pub(super) fn expected_status(node: &Node, name: &str, problems: &mut Problems) -> Option<ExpectedStatus> {
    let word_of = read_one_of(Code::UnknownVerdict, STATUSES);
    if !matches!(node.kind, NodeKind::Map(_)) {
        let status = word_of(node, &format!("the status of {name}"), problems)?;
        return Some(ExpectedStatus { status, row: None, reason_contains: None });
    }
    let fields = Fields::open(node, "an expected status", keys::cases::EXPECTED_STATUS, problems)?;
    let status = required_key(&fields, "status", node, "an expected status", problems, word_of);
    let row = fields.get("row", problems, expected_row).optional();
    let reason_contains = fields.get("reason-contains", problems, read_word).optional();
    Some(ExpectedStatus { status: status?.value, row: row?, reason_contains: reason_contains? })
}

fn expected_row(node: &Node, name: &str, problems: &mut Problems) -> Option<String> {
    let row = read_text_or_number(node, name, problems)?;
    if !ROWS.contains(&row.as_str()) {
        let message = format!("the table of statuses has no row {}", quote(&row));
        let draft = Draft::new(Code::UnknownVerdict, &node.span, message);
        problems.push(draft.help(format!("its rows are {}", in_backticks(ROWS.iter().copied()))));
        return None;
    }
    Some(row)
}

/// Reads the release that an issue is expected to be found in; `none` for no known one.
pub(super) fn expected_found_in(node: &Node, name: &str, problems: &mut Problems) -> Option<Option<String>> {
    let release = read_text_or_number(node, name, problems)?;
    Some(Some(release).filter(|release| release != NO_RELEASE))
}

/// Reads the issues that the rules of a metric are expected to count; `None` outside if something is wrong.
pub(super) fn expected_issues(
    fields: &Fields<'_>,
    key: &str,
    metric: MetricId,
    policy: Option<&Policy>,
    problems: &mut Problems,
) -> Option<Option<BTreeSet<u64>>> {
    let numbers = fields.get(key, problems, read_issue_numbers).optional()?;
    let is_measured = |policy: &Policy| policy.rules.iter().any(|rule| rule.metric == metric);
    if let (Some(span), Some(policy)) = (fields.key_span(key), policy)
        // Without such a rule nothing is counted, and an expected empty list would always hold.
        && !is_measured(policy)
    {
        let message = format!("the policy has no rule with the metric `{}`", metric.name());
        let draft = Draft::new(Code::UnknownRule, span, message);
        problems.push(draft.help(format!("add such a rule to the policy, or remove `{key}`")));
        return None;
    }
    Some(numbers.map(|numbers| numbers.into_iter().map(|number| number.0).collect()))
}
