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
    Key::new("rule", ValueType::Name, Merge::Own, "The rule that it is an exception to.").required(),
    Key::new("issue", ValueType::Whole { most: u64::MAX }, Merge::Own, "Waives this issue."),
    Key::new("component", ValueType::Text, Merge::Own, "Waives defects of this component."),
    Key::new("release", ValueType::Text, Merge::Own, "Waives defects that were found in this release."),
    Key::new("reason", ValueType::Text, Merge::Own, "Why. It stands in the report.").required(),
    Key::new("approved-by", ValueType::Text, Merge::Own, "Who answers for it: a login or a team.").required(),
    Key::new("expires", ValueType::Date, Merge::Own, "The last day on which it holds, to its end in UTC."),
    Key::new("ends-with", ValueType::Text, Merge::Own, "The last release for which it holds: a tag."),
    Key::new("follow-up", ValueType::Map(FOLLOW_UP), Merge::Own, "An issue that has to be closed in time."),
];

/// `follow-up` of a waiver.
pub const FOLLOW_UP: &[Key] = &[
    Key::new("issue", ValueType::Whole { most: u64::MAX }, Merge::Own, "The number of the issue.").required(),
    Key::new("due", ValueType::Date, Merge::Own, "The last day without its being closed, to its end in UTC.")
        .required(),
];

/// A file that holds waivers and nothing else.
pub const WAIVER_FILE: &[Key] = &[
    Key::new("version", ValueType::Version, Merge::Own, "The version of this format: 1.").required(),
    Key::new("waivers", ValueType::Maps(WAIVER), Merge::Own, "Recorded exceptions."),
];

/// `approvers`.
// More approvers are looser, so a file may only take some out.
pub const APPROVERS: &[Key] = &[
    Key::new("users", NAMES, Merge::Within("approvers"), "Logins of those who may approve a waiver."),
    Key::new("teams", NAMES, Merge::Within("approvers"), "Teams that may: `acme/release`."),
];

/// `overrides`.
// Bound to a key that every policy has: a base that omits `overrides` has chosen the default, and a
// file must not widen it.
pub const OVERRIDES: &[Key] = &[
    Key::new(
        "roles",
        ValueType::List { of: &ValueType::Word(roles), least: 0 },
        Merge::Within(ALWAYS),
        "Roles on the repository that may override.",
    )
    .when_omitted(WhenOmitted::Value("[maintain, admin]")),
    Key::new("users", NAMES, Merge::Within(ALWAYS), "People who may, whatever their role."),
];

fn roles() -> Vec<&'static str> {
    vec!["admin", "maintain", "write", "triage"]
}

/// The words of `mode`.
pub(super) fn modes() -> Vec<&'static str> {
    [Mode::Enforce, Mode::Observe].map(Mode::name).to_vec()
}
