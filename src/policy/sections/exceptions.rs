//! `waivers`, `approvers`, `overrides` and `mode`, and files that hold waivers alone.

use std::ops::Range;

use jiff::civil::Date;

use crate::model::{Tag, Version};
use crate::policy::checks::{
    all_or_none, check_date, check_issue, check_names, filled, known_word, require_keys, unknown,
    visible_text,
};
use crate::policy::code::Code;
use crate::policy::keys::{ALWAYS, Key, Merge, ValueType, WhenOmitted};
use crate::policy::language::{
    Document, Draft, Field, Fields, Node, Problems, Spanned, is_supported_version, quote, read_entries,
    read_scalar, read_text, read_texts,
};
use crate::policy::{Approvers, ExceptionRules, FollowUp, Mode, Overriders, Waiver};

/// A list of names with at least one entry.
const NAMES: ValueType = ValueType::List { of: &ValueType::Text, least: 1 };

/// A waiver.
// No key is inherited: a waiver is approved as a whole. Merging two would create one that no
// approver has seen.
pub(in crate::policy) const WAIVER: &[Key] = &[
    Key::new("rule", ValueType::Name, Merge::Own, "The waived rule.").required(),
    Key::new("issue", ValueType::Whole { most: u64::MAX }, Merge::Own, "Waives this issue."),
    Key::new("component", ValueType::Text, Merge::Own, "Waives defects of this component."),
    Key::new("release", ValueType::Text, Merge::Own, "Waives defects that were found in this release."),
    Key::new("reason", ValueType::Text, Merge::Own, "Reason. The report shows it.").required(),
    Key::new(
        "approved-by",
        ValueType::Text,
        Merge::Own,
        "Responsible person or team: `mona`, `@acme/release`.",
    )
    .required(),
    Key::new(
        "expires",
        ValueType::Date,
        Merge::Own,
        "Last day on which the waiver counts, to its end in UTC. `expires` or `ends-with` is required.",
    ),
    Key::new(
        "ends-with",
        ValueType::Text,
        Merge::Own,
        "Last release for which the waiver counts, for example `v1.5.0`.",
    ),
    Key::new(
        "follow-up",
        ValueType::Map(FOLLOW_UP),
        Merge::Own,
        "Issue that has to be closed in time. After `due`, the waiver does not count until the issue is \
         closed.",
    ),
];

/// `follow-up` of a waiver.
pub const FOLLOW_UP: &[Key] = &[
    Key::new("issue", ValueType::Whole { most: u64::MAX }, Merge::Own, "Number of the issue.").required(),
    Key::new(
        "due",
        ValueType::Date,
        Merge::Own,
        "Last day on which the waiver counts with an open issue, to its end in UTC.",
    )
    .required(),
];

/// A file that holds waivers and nothing else.
pub const WAIVER_FILE: &[Key] = &[
    Key::new("version", ValueType::Version, Merge::Own, "The version of this format: 1.").required(),
    Key::new("waivers", ValueType::Maps(WAIVER), Merge::Own, "Accepted exceptions."),
];

/// `approvers`.
// More approvers are looser, so a file may only take some out.
pub(in crate::policy) const APPROVERS: &[Key] = &[
    Key::new("users", NAMES, Merge::Within("approvers"), "Logins of people who may approve a waiver."),
    Key::new(
        "teams",
        NAMES,
        Merge::Within("approvers"),
        "Teams that may approve a waiver: `acme/release`. Membership is not checked.",
    ),
];

/// `overrides`.
// Bound to a key that every policy has: a base that omits `overrides` has chosen the default, and a
// file must not widen it.
pub(in crate::policy) const OVERRIDES: &[Key] = &[
    Key::new(
        "roles",
        ValueType::List { of: &ValueType::Word(|| ROLES.to_vec()), least: 0 },
        Merge::Within(ALWAYS),
        "Roles on the repository that may override. With an empty list, only `users` may.",
    )
    .when_omitted(WhenOmitted::Value("[maintain, admin]")),
    Key::new(
        "users",
        NAMES,
        Merge::Within(ALWAYS),
        "Logins of people who may override, whatever their role.",
    ),
];

/// Roles that can be given the right to override. Everybody has `read` on a public repository.
const ROLES: [&str; 4] = ["admin", "maintain", "write", "triage"];

/// Roles that may override if the policy does not name any.
const OVERRIDERS: [&str; 2] = ["maintain", "admin"];

/// Reads everything that a policy says about exceptions, and the places of its waivers. `rules` are the ids of the rules, if
/// they are known.
pub(super) fn read_exceptions(
    policy: &Fields<'_>,
    rules: Option<&[String]>,
    problems: &mut Problems,
) -> (Option<ExceptionRules>, Vec<Range<usize>>) {
    let mode = policy.get("mode", problems, read_text).check_or(Mode::Enforce, |at| {
        known_word(at, Mode::ALL, Mode::name, (Code::UnknownMode, "a mode"), problems)
    });
    let approvers = policy.section("approvers", APPROVERS, problems, read_approvers).optional();
    let overriders = policy.section_or_empty("overrides", OVERRIDES, problems, read_overriders);
    let waivers = policy.get("waivers", problems, open_waivers);
    let known = approvers.as_ref().and_then(Option::as_ref);
    let spans = waivers.good().map(|at| at.value.iter().map(|one| one.span().clone()).collect());
    let waivers = waivers.check_or(Vec::new(), |at| {
        all_or_none(&at.value, |waiver| read_waiver(waiver, rules, known, problems))
    });
    let exceptions = (|| {
        Some(ExceptionRules {
            mode: mode?,
            waivers: waivers?,
            approvers: approvers?,
            overriders: overriders?,
        })
    })();
    (exceptions, spans.unwrap_or_default())
}

/// Reads the waivers of a file that holds nothing else; `None` if something is wrong with one of them.
pub(in crate::policy) fn read_waiver_file(
    document: Document,
    rules: &[String],
    approvers: Option<&Approvers>,
    problems: &mut Problems,
) -> Option<Vec<Waiver>> {
    if !is_supported_version(&document.root, problems) {
        return None;
    }
    for tag in document.tags {
        problems.push(tag);
    }
    let fields = Fields::open(&document.root, "a file of waivers", WAIVER_FILE, problems)?;
    fields.get("waivers", problems, open_waivers).check_or(Vec::new(), |at| {
        all_or_none(&at.value, |waiver| read_waiver(waiver, Some(rules), approvers, problems))
    })
}

/// Opens a list of waivers. Entries that are not mappings are reported and left out.
fn open_waivers<'n>(node: &'n Node, name: &str, problems: &mut Problems) -> Option<Vec<Fields<'n>>> {
    read_entries(node, name, problems, |item, problems| Fields::open(item, "a waiver", WAIVER, problems))
}

fn read_waiver(
    waiver: &Fields<'_>,
    rules: Option<&[String]>,
    approvers: Option<&Approvers>,
    problems: &mut Problems,
) -> Option<Waiver> {
    require_keys(waiver, "a waiver", problems);
    let rule = waiver.get("rule", problems, read_text);
    let rule = rule.good().and_then(|at| match rules {
        Some(rules) if !rules.contains(&at.value) => {
            let known = rules.iter().map(String::as_str);
            problems.push(unknown(Code::UnknownRule, at, "a rule of this policy", known));
            None
        }
        Some(_) | None => Some(at.value.clone()),
    });
    let issue = waiver.get("issue", problems, read_scalar).check_optional(|at| check_issue(at, problems));
    let component = optional(waiver, "component", problems);
    let release = optional(waiver, "release", problems);
    let reason = waiver.get("reason", problems, read_text);
    let reason = reason.good().and_then(|at| visible_text(at, "a reason", "write a text", problems));
    let approver = waiver.get("approved-by", problems, read_text);
    let approved_by = approver.good().and_then(|at| approved(at, approvers, problems));
    let (expires, ends_with) = read_ends(waiver, problems);
    let follow_up = waiver.section("follow-up", FOLLOW_UP, problems, read_follow_up).optional();
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

/// Returns the day and the release that a waiver ends with, at least one of them; each is `None` if it is wrong, which is then
/// reported.
fn read_ends(waiver: &Fields<'_>, problems: &mut Problems) -> (Option<Option<Date>>, Option<Option<Tag>>) {
    if waiver.is_absent("expires") && waiver.is_absent("ends-with") {
        let draft =
            Draft::new(Code::MissingKey, waiver.span(), "a waiver needs an end: `expires` or `ends-with`");
        problems.push(draft.help("add `expires: 2026-12-01`, or `ends-with: v1.5.0`"));
        return (None, None);
    }
    let help = "write year, month and day: `2026-12-01`; the waiver holds to the end of that day in UTC";
    let expires =
        waiver.get("expires", problems, read_text).check_optional(|at| check_date(at, help, problems));
    let ends_with = waiver.get("ends-with", problems, read_text).check_optional(|at| {
        let tag = filled(at, "`ends-with`", problems)?;
        // A line has no last release until it is abandoned, so the waiver would never end.
        if Version::parse(&at.value).is_some_and(|version| version.is_wildcard()) {
            let message =
                format!("{} is a line of releases, and a waiver ends with one release", quote(&at.value));
            problems.push(Draft::new(Code::BadPattern, &at.span, message).help("write its tag: `v1.5.0`"));
            return None;
        }
        Some(Tag(tag))
    });
    (expires, ends_with)
}

fn read_follow_up(fields: &Fields<'_>, problems: &mut Problems) -> Option<FollowUp> {
    for key in ["issue", "due"] {
        if fields.is_absent(key) {
            let message = format!("`follow-up` needs `{key}`");
            let draft = Draft::new(Code::MissingKey, fields.span(), message);
            problems.push(draft.help("write `follow-up: { issue: 12, due: 2026-12-31 }`"));
        }
    }
    let number = fields.get("issue", problems, read_scalar);
    let issue = number.good().and_then(|at| check_issue(at, problems));
    let help = "write year, month and day: `2026-12-31`; the issue may be open to the end of that day in UTC";
    let due = fields.get("due", problems, read_text);
    let due = due.good().and_then(|at| check_date(at, help, problems));
    Some(FollowUp { issue: issue?, due: due? })
}

/// Returns a text that may be omitted; `None` outside if it is wrong.
fn optional(fields: &Fields<'_>, key: &str, problems: &mut Problems) -> Option<Option<String>> {
    let field = fields.get(key, problems, read_text);
    field.check_optional(|at| filled(at, &format!("`{key}`"), problems))
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

fn read_approvers(fields: &Fields<'_>, problems: &mut Problems) -> Option<Approvers> {
    // An empty `approvers:` looks like a restriction and restricts nothing.
    if fields.is_absent("users") && fields.is_absent("teams") {
        let draft = Draft::new(Code::MissingKey, fields.span(), "`approvers` names nobody");
        problems.push(draft.help("add `users` or `teams`, or leave `approvers` out"));
        return None;
    }
    let (users, teams) =
        (fields.get("users", problems, read_texts), fields.get("teams", problems, read_texts));
    let (users, teams) = (check_names(&users, "`users`", problems), check_names(&teams, "`teams`", problems));
    Some(Approvers { users: users?.unwrap_or_default(), teams: teams?.unwrap_or_default() })
}

fn read_overriders(fields: &Fields<'_>, problems: &mut Problems) -> Option<Overriders> {
    let written = fields.get("roles", problems, read_texts);
    let people = fields.get("users", problems, read_texts);
    let users = check_names(&people, "`users`", problems);
    let roles = match &written {
        // No role may override, but the named users may.
        Field::Good(at) if at.value.is_empty() && people.good().is_some() => Some(Some(Vec::new())),
        Field::Absent | Field::Bad | Field::Good(_) => check_names(&written, "`roles`", problems),
    };
    let mut is_known = true;
    for role in written.good().map(|at| at.value.as_slice()).unwrap_or_default() {
        if !ROLES.contains(&role.value.as_str()) {
            is_known = false;
            let what = "a role that can be given this right";
            problems.push(unknown(Code::UnknownRole, role, what, ROLES));
        }
    }
    let roles = roles?.unwrap_or_else(|| OVERRIDERS.map(str::to_owned).to_vec());
    let users = users?.unwrap_or_default();
    is_known.then_some(Overriders { roles, users })
}
