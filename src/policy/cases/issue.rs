//! The issues of a case.

use std::collections::{BTreeMap, BTreeSet};

use super::super::code::Code;
use super::super::keys;
use super::CaseContext;
use super::actor::{REPORTER, case_label_history, case_labels};
use super::closed::{case_closing, case_issue_fields, linked_fix};
use super::pull_request::filled_text;
use super::read::{
    read_each, read_flag, read_moment, read_number, read_number_up_to, read_one_of, read_word, required_key,
};
use crate::model::{Fix, Issue, IssueNumber, IssueState, Role, Sha, StateReason};
use crate::policy::language::{Draft, Field, Fields, Node, Problems, read_text, read_texts};
use jiff::Timestamp;

/// The most issues that a case may have.
// `count: 1000000000` in a case would fill the memory.
const MOST_ISSUES: u64 = 10_000;

/// The issue field that says in which release a defect was found.
const FOUND_IN_FIELD: &str = "Found in";

/// The issues, and the commits of their fixes that the candidate has.
pub(super) fn case_issues(
    node: &Node,
    name: &str,
    context: &CaseContext<'_>,
    problems: &mut Problems,
) -> Option<(Vec<Issue>, BTreeSet<Sha>)> {
    let mut in_candidate = BTreeSet::new();
    let mut all: BTreeMap<IssueNumber, Issue> = BTreeMap::new();
    let mut complete = true;
    read_each(node, name, problems, |item, problems| {
        let several = case_issue(item, context, &mut in_candidate, problems)?;
        if all.len() as u64 + several.len() as u64 > MOST_ISSUES {
            let draft =
                Draft::new(Code::TooBig, &item.span, format!("the case has more than {MOST_ISSUES} issues"));
            problems.push(draft.help("give a snapshot for a whole history"));
            return None;
        }
        for one in several {
            let number = one.number;
            if all.insert(number, one).is_some() {
                let message = format!("issue {number} is in the case twice");
                let draft = Draft::new(Code::OddEvidence, &item.span, message);
                problems
                    .push(draft.help("give each issue a number of its own; `count` takes those that follow"));
                complete = false;
                break;
            }
        }
        Some(())
    })?;
    complete.then(|| (all.into_values().collect(), in_candidate))
}

/// One entry: an issue, or several that differ by their numbers alone.
fn case_issue(
    node: &Node,
    context: &CaseContext<'_>,
    in_candidate: &mut BTreeSet<Sha>,
    problems: &mut Problems,
) -> Option<Vec<Issue>> {
    const REASONS: &[&str] = &["completed", "not-planned", "duplicate"];
    const ROLES: &[&str] = &["maintainer", "reporter"];
    let fields = Fields::open(node, "an issue", keys::cases::TICKET, problems)?;
    let first = required_key(&fields, "number", node, "an issue", problems, read_number);
    let count = fields.get("count", problems, read_number_up_to(MOST_ISSUES)).optional();
    let title = fields.get("title", problems, read_text).optional();
    let labels = fields.get("labels", problems, case_labels).optional();
    let issue_type = fields.get("type", problems, read_word).optional();
    let own_fields = case_issue_fields(&fields, problems);
    let author = fields.get("author", problems, read_word).optional();
    let role = fields.get("author-role", problems, read_one_of(Code::OddEvidence, ROLES)).optional();
    let body = filled_text(&fields, "body", context.history, problems);
    let opened = required_key(&fields, "opened", node, "an issue", problems, read_moment);
    let closed = fields
        .get("closed", problems, |node, name, problems| case_closing(node, name, context, problems))
        .optional();
    let closed_at = closed.as_ref().and_then(Option::as_ref).map(|closed| closed.at);
    let reopened = fields.get("reopened", problems, read_moment).optional();
    let reason = fields.get("reason", problems, read_one_of(Code::OddEvidence, REASONS)).optional();
    let duplicate_of = fields.get("duplicate-of", problems, read_number).optional();
    let milestone = fields.get("milestone", problems, read_text).optional();
    let found_in = fields.get("found-in", problems, read_word).optional();
    let linked = fields
        .get("linked", problems, |node, name, problems| {
            read_each(node, name, problems, |item, problems| linked_fix(item, context, problems))
        })
        .optional();
    let changes = fields
        .get("fixes", problems, |node, name, problems| {
            read_each(node, name, problems, |item, problems| case_fix(item, closed_at, context, problems))
        })
        .optional();
    let closing = closed?;
    let closed = closed_at;
    let (first, opened, reopened) = (first?.value, opened?.value, reopened?);
    let (reason, duplicate_of, author) = (reason?, duplicate_of?.map(IssueNumber), author?);
    let mut odd = |problem: bool, message: &str, help: &str| {
        if problem {
            problems.push(Draft::new(Code::OddEvidence, &node.span, message).help(help));
        }
        problem
    };
    let is_odd = odd(
        closed.is_some_and(|at| at < opened),
        "the issue was closed before it was opened",
        "exchange the times",
    ) | odd(
        reopened.is_some_and(|at| at < opened),
        "the issue was reopened before it was opened",
        "exchange the times",
    ) | odd(
        closed.is_none() && reason.is_some(),
        "an open issue has no reason for being closed",
        "add `closed`, or remove `reason`",
    ) | odd(
        reason.is_some_and(|reason| reason != "duplicate") && duplicate_of.is_some(),
        "a duplicate is closed as one",
        "write `reason: duplicate`, or remove `duplicate-of`",
    );
    let state_reason = match (closed, reason) {
        (Some(_), Some("not-planned")) => Some(StateReason::NotPlanned),
        (Some(_), Some("duplicate")) => Some(StateReason::Duplicate),
        // Naming the original says it already.
        (Some(_), None) if duplicate_of.is_some() => Some(StateReason::Duplicate),
        (Some(_), _) => Some(StateReason::Completed),
        (None, _) => reopened.map(|_| StateReason::Reopened),
    };
    let changes = changes?.unwrap_or_default();
    let mut own_fixes = Vec::new();
    for (at, change) in changes.into_iter().enumerate() {
        let mut fix = change.fix;
        if fix.commit.is_none() && (fix.merged_at.is_some() || change.in_candidate) {
            fix.commit = Some(Sha(format!("fix {} of issue {first}", at + 1)));
        }
        if change.in_candidate {
            in_candidate.extend(fix.commit.clone());
        }
        own_fixes.push(fix);
    }
    own_fixes.extend(linked?.into_iter().flatten());
    let closing = closing.map(|closed| closed.take(author.as_deref(), context, &mut own_fixes));
    let has_history = context.history.graph.is_some();
    let merged = own_fixes.iter().filter_map(|fix| fix.merged_at).max();
    let labels = labels?.unwrap_or_default();
    let login = author.as_deref().unwrap_or(REPORTER);
    let history = case_label_history(&labels, has_history, opened, login, context.policy);
    let labelled = history.iter().flat_map(|history| &history.events).map(|event| event.at).max();
    let one = Issue {
        number: IssueNumber(first),
        updated_at: [Some(opened), closed, reopened, merged, labelled]
            .into_iter()
            .flatten()
            .max()
            .unwrap_or(opened),
        title: title?.unwrap_or_else(|| "An issue of the case".into()),
        url: String::new(),
        body: body?.unwrap_or_default(),
        // Whoever opened it is not who triages it.
        author: author.or_else(|| history.is_some().then(|| REPORTER.to_owned())),
        labels: labels.into_iter().map(|label| label.name).collect(),
        issue_type: issue_type?,
        fields: own_fields?
            .into_iter()
            .chain(found_in?.map(|release| (FOUND_IN_FIELD.to_owned(), release)))
            .collect(),
        state: if closed.is_some() { IssueState::Closed } else { IssueState::Open },
        state_reason,
        duplicate_of,
        created_at: opened,
        closed_at: closed,
        reopened_at: reopened,
        milestone: milestone?,
        fixes: own_fixes,
        label_history: history,
        bisects: None,
        key: None,
        author_role: role?.map(|role| if role == "maintainer" { Role::Maintainer } else { Role::Reporter }),
        closing: closing.flatten(),
    };
    let count = count?.unwrap_or(1);
    let last = first.checked_add(count.saturating_sub(1));
    if is_odd
        || odd(
            count == 0 || last.is_none(),
            "`count` must be at least 1, and the last number must fit into 64 bits",
            "write `count: 1` or more",
        )
    {
        return None;
    }
    Some((0..count).map(|more| Issue { number: IssueNumber(first + more), ..one.clone() }).collect())
}

/// A change, and whether the candidate has it.
struct CaseFix {
    fix: Fix,
    in_candidate: bool,
}

fn case_fix(
    node: &Node,
    closed: Option<Timestamp>,
    context: &CaseContext<'_>,
    problems: &mut Problems,
) -> Option<CaseFix> {
    let fields = Fields::open(node, "a fix", keys::cases::FIX, problems)?;
    let pull_request = fields.get("pull-request", problems, read_number).optional();
    let merged = fields.get("merged", problems, read_moment).optional();
    let commit = fields.get("commit", problems, read_word);
    let in_candidate = fields.get("in-candidate", problems, read_flag).optional()?.unwrap_or(false);
    let files = fields.get("files", problems, read_texts).optional();
    let commit = match commit {
        Field::Bad => return None,
        Field::Absent => None,
        Field::Good(at) => Some(context.history.commit(&at, problems)?),
    };
    if context.history.refuse(&fields, &["in-candidate"], false, problems) {
        return None;
    }
    let (pull_request, mut merged) = (pull_request?, merged?);
    let says_nothing = pull_request.is_none() && merged.is_none() && commit.is_none() && !in_candidate;
    let odd = if in_candidate && !context.has_candidate {
        Some(("there is no candidate that could have the fix", "add `candidate: v1.5.0`"))
    } else if says_nothing {
        Some(("nothing is said of the fix", "give `pull-request`, `merged`, `commit` or `in-candidate`"))
    } else {
        None
    };
    if let Some((message, help)) = odd {
        problems.push(Draft::new(Code::OddEvidence, &node.span, message).help(help));
        return None;
    }
    if merged.is_none() && (in_candidate || commit.is_some()) {
        merged = closed;
        if merged.is_none() {
            let message = "a fix of an open issue needs `merged`";
            problems.push(Draft::new(Code::MissingKey, &node.span, message).help("add `merged`"));
            return None;
        }
    }
    let files: Vec<String> = files?.into_iter().flatten().map(|one| one.value).collect();
    let fix = Fix { pull_request, commit, merged_at: merged, files, ..Fix::default() };
    Some(CaseFix { fix, in_candidate })
}
