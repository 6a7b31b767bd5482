//! Reads the closing of an issue and the changes that are linked to it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::code::Code;
use super::super::keys;
use super::CaseContext;
use super::actor::{REPORTER, case_actor};
use super::read::{read_moment, read_number, read_word, required_key};
use crate::model::{ChangeState, Closing, Fix, Sha};
use crate::policy::language::{
    Draft, Field, Fields, Node, NodeKind, Problems, Spanned, quote, read_text_or_number,
};

/// A closing as a case gives it.
pub(super) struct CaseClosing {
    /// When.
    pub at: Timestamp,
    by: Option<String>,
    change: Option<ClosingChange>,
}

/// The change that closed an issue.
enum ClosingChange {
    /// A pull request of the case.
    PullRequest(u64, Fix),
    /// A commit.
    Commit(Sha),
    /// A change of another repository.
    Elsewhere(String),
}

/// Reads `closed`: when, or a mapping.
pub(super) fn case_closing(
    node: &Node,
    name: &str,
    context: &CaseContext<'_>,
    problems: &mut Problems,
) -> Option<CaseClosing> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        return Some(CaseClosing { at: read_moment(node, name, problems)?, by: None, change: None });
    }
    let fields = Fields::open(node, name, keys::cases::CLOSED, problems)?;
    let at = required_key(&fields, "at", node, name, problems, read_moment);
    let by = fields.get("by", problems, read_word).optional();
    let change = fields
        .get("change", problems, |node, name, problems| {
            let value = read_text_or_number(node, name, problems)?;
            closing_change(&Spanned { value, span: node.span.clone() }, context, problems)
        })
        .optional();
    Some(CaseClosing { at: at?.value, by: by?, change: change? })
}

fn closing_change(
    at: &Spanned<String>,
    context: &CaseContext<'_>,
    problems: &mut Problems,
) -> Option<ClosingChange> {
    let text = at.value.as_str();
    if let Ok(number) = text.strip_prefix('#').unwrap_or(text).parse::<u64>() {
        let at = Spanned { value: number, span: at.span.clone() };
        return linked_pull_request(&at, context, problems)
            .map(|fix| ClosingChange::PullRequest(number, fix));
    }
    // `acme/parser#12` closes the issue from another repository, whose commits are not in the case.
    if !context.history.has(text) && text.contains(['#', '@']) {
        return Some(ClosingChange::Elsewhere(text.to_owned()));
    }
    context.history.commit(at, problems).map(ClosingChange::Commit)
}

/// A pull request of the case, as a fix.
fn linked_pull_request(
    number: &Spanned<u64>,
    context: &CaseContext<'_>,
    problems: &mut Problems,
) -> Option<Fix> {
    let found = context.pulls.get(&number.value);
    if found.is_none() {
        let message = format!("the case has no pull request {}", quote(&number.value.to_string()));
        let draft = Draft::new(Code::OddEvidence, &number.span, message);
        problems.push(draft.help("add it to `pull-requests`"));
    }
    found.map(super::pull_request::CasePull::to_fix)
}

/// Reads the number of a linked pull request.
pub(super) fn linked_fix(node: &Node, context: &CaseContext<'_>, problems: &mut Problems) -> Option<Fix> {
    let value = read_number(node, "an entry of `linked`", problems)?;
    linked_pull_request(&Spanned { value, span: node.span.clone() }, context, problems)
}

impl CaseClosing {
    /// Returns the closing of the issue; `None` if the case says no more than when, and has no history. The change that closed it is
    /// linked to it, as on GitHub.
    pub fn take(
        self,
        author: Option<&str>,
        context: &CaseContext<'_>,
        fixes: &mut Vec<Fix>,
    ) -> Option<Closing> {
        if self.by.is_none() && self.change.is_none() && context.history.graph.is_none() {
            return None;
        }
        let by = self.by.map(|by| case_actor(&by, author.unwrap_or(REPORTER), context.policy));
        let change = self.change.map(|change| match change {
            ClosingChange::PullRequest(number, fix) => {
                // A pull request that closes an issue is linked to it on GitHub as well.
                if !fixes.iter().any(|known| known.pull_request == Some(number)) {
                    fixes.push(fix);
                }
                format!("#{number}")
            }
            ClosingChange::Commit(commit) => {
                if !fixes.iter().any(|known| known.commit.as_ref() == Some(&commit)) {
                    fixes.push(Fix {
                        commit: Some(commit.clone()),
                        merged_at: Some(self.at),
                        state: Some(ChangeState::Merged),
                        ..Fix::default()
                    });
                }
                commit.0
            }
            ClosingChange::Elsewhere(name) => name,
        });
        Some(Closing { by, change })
    }
}

/// Reads the issue fields of an issue.
pub(super) fn case_issue_fields(
    fields: &Fields<'_>,
    problems: &mut Problems,
) -> Option<BTreeMap<String, String>> {
    // A value that is no mapping has been reported.
    let is_good = fields.node("fields").is_none_or(|node| matches!(node.kind, NodeKind::Map(_)));
    let read = fields.open_keys("fields", problems, read_text_or_number);
    let values = read.into_iter().map(|(name, field)| match field {
        Field::Good(at) => Some((name.value, at.value)),
        Field::Bad | Field::Absent => None,
    });
    values.collect::<Option<_>>().filter(|_| is_good)
}
