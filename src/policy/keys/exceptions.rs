//! The tables of waivers, of who may approve them and of who may override a rule.

use super::{Key, Merge, ValueType, WhenOmitted};
use crate::policy::Mode;

/// A list of names with at least one entry.
const NAMES: ValueType = ValueType::List { of: &ValueType::Text, least: 1 };

/// Every policy says it, so that leaving a key out that is bound to it is a word too.
pub(super) const ALWAYS: &str = "version";

/// A waiver.
// No key is inherited: a waiver is approved as a whole. Merging two would create one that no
// approver has seen.
pub const WAIVER: &[Key] = &[
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
pub const APPROVERS: &[Key] = &[
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
pub const OVERRIDES: &[Key] = &[
    Key::new(
        "roles",
        ValueType::List { of: &ValueType::Word(roles), least: 0 },
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

fn roles() -> Vec<&'static str> {
    vec!["admin", "maintain", "write", "triage"]
}

/// The words of `mode`.
pub(super) fn modes() -> Vec<&'static str> {
    [Mode::Enforce, Mode::Observe].map(Mode::name).to_vec()
}
