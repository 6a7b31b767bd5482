//! Waivers, who may approve one, and who may override a rule.

use jiff::civil::Date;

use super::super::code::Code;
use super::super::raw::{RawApprovers, RawFollowUp, RawOverriders, RawPolicy, RawWaiver};
use super::super::{Approvers, ExceptionRules, FollowUp, Mode, Overriders, Waiver};
use super::status::visible_text;
use super::{bound, empty_list, unknown, word};
use crate::model::{IssueNumber, Tag, Version};
use crate::policy::language::{Draft, Field, Problems, Scalar, Spanned, quote};

/// Roles that can be given the right to override. Everybody has `read` on a public repository.
const ROLES: [&str; 4] = ["admin", "maintain", "write", "triage"];

/// Roles that may override where a policy does not say.
const OVERRIDERS: [&str; 2] = ["maintain", "admin"];

/// Everything that a policy says about exceptions; none if something is wrong with it, which is then reported.
pub(super) fn exceptions(raw: &RawPolicy, problems: &mut Problems) -> Option<ExceptionRules> {
    let mode = mode(&raw.mode, problems);
    let approvers = approvers(&raw.approvers, problems);
    let overriders = overriders(&raw.overrides, problems);
    // Without good rules, each waiver would be of a rule that does not exist.
    let rules: Option<Vec<&str>> = raw.rules.good().and_then(|rules| {
        rules.value.iter().map(|rule| rule.id.good().map(|id| id.value.as_str())).collect()
    });
    let known = approvers.as_ref().and_then(Option::as_ref);
    let waivers = waivers(&raw.waivers, rules.as_deref(), known, problems);
    Some(ExceptionRules { mode: mode?, waivers: waivers?, approvers: approvers?, overriders: overriders? })
}

/// The waivers of rules with these ids, where they are known; none if something is wrong with one of them.
pub(in crate::policy) fn waivers(
    field: &Field<Vec<RawWaiver>>,
    rules: Option<&[&str]>,
    approvers: Option<&Approvers>,
    problems: &mut Problems,
) -> Option<Vec<Waiver>> {
    match field {
        Field::Absent => Some(Vec::new()),
        Field::Bad => None,
        Field::Good(at) => {
            let read: Vec<Option<Waiver>> =
                at.value.iter().map(|one| waiver(one, rules, approvers, problems)).collect();
            read.into_iter().collect()
        }
    }
}

fn waiver(
    raw: &RawWaiver,
    rules: Option<&[&str]>,
    approvers: Option<&Approvers>,
    problems: &mut Problems,
) -> Option<Waiver> {
    let rule = required(&raw.rule, "rule", raw, problems);
    let rule = rule.and_then(|at| match rules {
        Some(rules) if !rules.contains(&at.value.as_str()) => {
            problems.push(unknown(Code::UnknownRule, at, "a rule of this policy", rules.iter().copied()));
            None
        }
        Some(_) | None => Some(at.value.clone()),
    });
    let issue = match &raw.issue {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(at) => issue(at, problems).map(Some),
    };
    let component = optional(&raw.component, "`component`", problems);
    let release = optional(&raw.release, "`release`", problems);
    let reason = required(&raw.reason, "reason", raw, problems)
        .and_then(|at| visible_text(at, "a reason", "write a text", problems));
    let approver = required(&raw.approved_by, "approved-by", raw, problems);
    let approved_by = approver.and_then(|at| approved(at, approvers, problems));
    let (expires, ends_with) = ends(raw, problems);
    let follow_up = match &raw.follow_up {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(at) => follow_up(at, problems).map(Some),
    };
    Some(Waiver {
        rule: rule?,
        issue: issue?,
        component: component?,
        release: release?.map(Tag),
        reason: reason?,
        approved_by: approved_by?,
        expires: expires?,
        ends_with: ends_with?,
        follow_up: follow_up?,
        file: String::new(),
    })
}

/// The day and the release that a waiver ends with, at least one of them; each is `None` if it is wrong, which is then
/// reported.
fn ends(raw: &RawWaiver, problems: &mut Problems) -> (Option<Option<Date>>, Option<Option<Tag>>) {
    if raw.expires.is_absent() && raw.ends_with.is_absent() {
        let draft =
            Draft::new(Code::MissingKey, &raw.span, "a waiver needs an end: `expires` or `ends-with`");
        problems.push(draft.help("add `expires: 2026-12-01`, or `ends-with: v1.5.0`"));
        return (None, None);
    }
    let expires = match &raw.expires {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(at) => {
            let help =
                "write year, month and day: `2026-12-01`; the waiver holds to the end of that day in UTC";
            date(at, help, problems).map(Some)
        }
    };
    let ends_with = optional(&raw.ends_with, "`ends-with`", problems);
    let is_line = |tag: &String| Version::parse(tag).is_some_and(|version| version.is_wildcard());
    let ends_with = match raw.ends_with.good().filter(|at| is_line(&at.value)) {
        Some(at) => {
            let message =
                format!("{} is a line of releases, and a waiver ends with one release", quote(&at.value));
            problems.push(Draft::new(Code::BadPattern, &at.span, message).help("write its tag: `v1.5.0`"));
            None
        }
        None => ends_with,
    };
    (expires, ends_with.map(|tag| tag.map(Tag)))
}

/// `None` if it is wrong, which is then reported.
fn follow_up(at: &Spanned<RawFollowUp>, problems: &mut Problems) -> Option<FollowUp> {
    let Spanned { value: raw, span } = at;
    for (key, is_absent) in [("issue", raw.issue.is_absent()), ("due", raw.due.is_absent())] {
        if is_absent {
            let draft = Draft::new(Code::MissingKey, span, format!("`follow-up` needs `{key}`"));
            problems.push(draft.help("write `follow-up: { issue: 12, due: 2026-12-31 }`"));
        }
    }
    let issue = raw.issue.good().and_then(|at| issue(at, problems));
    let help = "write year, month and day: `2026-12-31`; the issue may be open to the end of that day in UTC";
    let due = raw.due.good().and_then(|at| date(at, help, problems));
    Some(FollowUp { issue: issue?, due: due? })
}

/// The number of an issue. They begin with one.
pub(super) fn issue(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<IssueNumber> {
    let number = bound::whole(at, "`issue`", problems)?;
    if number == 0 {
        let draft = Draft::new(Code::Zero, &at.span, "there is no issue 0");
        problems.push(draft.help("write the number of the issue, without `#`"));
        return None;
    }
    Some(IssueNumber(number))
}

fn required<'r>(
    field: &'r Field<String>,
    key: &str,
    waiver: &RawWaiver,
    problems: &mut Problems,
) -> Option<&'r Spanned<String>> {
    if field.is_absent() {
        let draft = Draft::new(Code::MissingKey, &waiver.span, format!("a waiver needs `{key}`"));
        problems.push(draft.help(format!("add `{key}`")));
    }
    field.good()
}

/// A text that may be left out: none outside if it is wrong.
fn optional(field: &Field<String>, what: &str, problems: &mut Problems) -> Option<Option<String>> {
    match field {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(at) => filled(at, what, problems).map(Some),
    }
}

/// A text that is not blank. An empty condition would match nothing, an empty reason says nothing.
fn filled(at: &Spanned<String>, what: &str, problems: &mut Problems) -> Option<String> {
    let text = at.value.trim();
    if text.is_empty() {
        problems.push(Draft::new(Code::EmptyText, &at.span, format!("{what} is empty")).help("write a text"));
        return None;
    }
    Some(text.to_owned())
}

fn approved(at: &Spanned<String>, approvers: Option<&Approvers>, problems: &mut Problems) -> Option<String> {
    let name = visible_text(at, "`approved-by`", "write a text", problems)?;
    match approvers {
        Some(approvers) if !approvers.include(&name) => {
            let known = approvers.users.iter().chain(&approvers.teams).map(String::as_str);
            let what = "among the `approvers` of this policy";
            problems.push(unknown(Code::NotAnApprover, at, what, known));
            None
        }
        Some(_) | None => Some(name),
    }
}

/// A date; `None` if it is none, which is then reported with this help.
pub(super) fn date(at: &Spanned<String>, help: &str, problems: &mut Problems) -> Option<Date> {
    let date = at.value.parse::<Date>().ok().filter(|date| date.to_string() == at.value);
    if date.is_none() {
        let message = format!("{} is not a date", quote(&at.value));
        problems.push(Draft::new(Code::BadDate, &at.span, message).help(help));
    }
    date
}

fn mode(field: &Field<String>, problems: &mut Problems) -> Option<Mode> {
    let all = [Mode::Enforce, Mode::Observe];
    let at = match field {
        Field::Absent => return Some(Mode::Enforce),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    let found = word(at, all, Mode::name);
    if found.is_none() {
        problems.push(unknown(Code::UnknownMode, at, "a mode", all.map(Mode::name)));
    }
    found
}

/// None inside if the policy does not say who approves.
fn approvers(field: &Field<RawApprovers>, problems: &mut Problems) -> Option<Option<Approvers>> {
    let at = match field {
        Field::Absent => return Some(None),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    if at.value.users.is_absent() && at.value.teams.is_absent() {
        let draft = Draft::new(Code::MissingKey, &at.span, "`approvers` names nobody");
        problems.push(draft.help("add `users` or `teams`, or leave `approvers` out"));
        return None;
    }
    let users = names(&at.value.users, "`users`", problems);
    let teams = names(&at.value.teams, "`teams`", problems);
    Some(Some(Approvers { users: users?.unwrap_or_default(), teams: teams?.unwrap_or_default() }))
}

fn overriders(field: &Field<RawOverriders>, problems: &mut Problems) -> Option<Overriders> {
    let usual = || OVERRIDERS.map(str::to_owned).to_vec();
    let raw = match field {
        Field::Absent => return Some(Overriders { roles: usual(), users: Vec::new() }),
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let users = names(&raw.users, "`users`", problems);
    let roles = match &raw.roles {
        // Nobody by role, and somebody by name.
        Field::Good(at) if at.value.is_empty() && raw.users.good().is_some() => Some(Some(Vec::new())),
        Field::Absent | Field::Bad | Field::Good(_) => names(&raw.roles, "`roles`", problems),
    };
    let mut known = true;
    for role in raw.roles.good().map(|at| at.value.as_slice()).unwrap_or_default() {
        if !ROLES.contains(&role.value.as_str()) {
            known = false;
            let what = "a role that can be given this right";
            problems.push(unknown(Code::UnknownRole, role, what, ROLES));
        }
    }
    let (roles, users) = (roles?.unwrap_or_else(usual), users?.unwrap_or_default());
    known.then_some(Overriders { roles, users })
}

/// A list of names, none of them blank; none inside if there is no list.
pub(super) fn names(
    field: &Field<Vec<Spanned<String>>>,
    what: &str,
    problems: &mut Problems,
) -> Option<Option<Vec<String>>> {
    match field {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(at) if at.value.is_empty() => {
            problems.push(empty_list(at, what));
            None
        }
        Field::Good(at) => {
            let read: Vec<Option<String>> =
                at.value.iter().map(|one| filled(one, "a name", problems)).collect();
            read.into_iter().collect::<Option<Vec<_>>>().map(Some)
        }
    }
}
