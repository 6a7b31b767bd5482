//! The tables of the policy, one for each mapping, in the order in which a policy is shown.

use super::exceptions::{ALWAYS, APPROVERS, OVERRIDES, WAIVER, modes};
use super::learning::{COMPONENT, DEPLOYMENTS, DETECTION_GAP, FOUND_BY, GATES, KIND, ROOT_CAUSE, TEAM};
use super::origins::ATTRIBUTION;
use super::product::PRODUCT_KEY;
use super::pull_requests::PULL_REQUESTS;
use super::rules::RULE;
use super::selectors::{BLOCKER_TYPE, CAUGHT_TYPE, ESCAPED_TYPE};
use super::types::{MAYBE_PATTERNS, NAMING, PATTERN, PATTERNS, RELEASE_OR_LINE};
use super::{Key, Merge, ValueType, WhenOmitted};
use policy_lang::OVERRIDE;

use crate::model::{PeriodName, Severity, Status};

/// A whole policy.
pub const POLICY: &[Key] = &[
    Key::new(
        "version",
        ValueType::Version,
        Merge::Own,
        "Version of this format. It is read before anything else.",
    )
    .required(),
    Key::new(
        "extends",
        ValueType::List { of: &ValueType::Text, least: 1 },
        Merge::Own,
        "Policies to inherit from: a file next to this one (`base.yml`), a file of another repository at \
         a commit (`owner/name//path/base.yml@<40 hex digits>`), or a preset (`starter`, `zero-critical`, \
         `mature`, `high-performing`). The most restrictive value wins, key by key.",
    ),
    Key::new(
        "override",
        ValueType::Maps(OVERRIDE),
        Merge::Own,
        "Relaxations of inherited values, each with a reason that the report prints. An entry names one \
         `rule`, `remove` or `key`.",
    ),
    Key::new(
        "mode",
        ValueType::Word(modes),
        Merge::Order(&["observe", "enforce"]),
        "`observe` shows the true verdict and blocks nothing: the exit code is 0, and no draft is \
         published.",
    )
    .when_omitted(WhenOmitted::Value("enforce")),
    Key::new(
        "releases",
        ValueType::Map(RELEASES),
        Merge::Keys,
        "Tags that are releases, and how releases age.",
    ),
    PRODUCT_KEY,
    Key::new("lines", ValueType::Map(LINES), Merge::Keys, "Meaning of labels that name release lines."),
    Key::new(
        "periods",
        ValueType::NamedMaps { keys: PERIOD, longest: PeriodName::LONGEST },
        Merge::Stands(None),
        "Periods that repeat without a gap, by a name of your choice, for `over`.",
    ),
    Key::new(
        "defects",
        ValueType::Map(DEFECTS),
        Merge::Keys,
        "Issues that count as defects, and their attributes.",
    ),
    Key::new(
        "attribution",
        ValueType::Map(ATTRIBUTION),
        Merge::Keys,
        "How a defect is assigned to releases.",
    ),
    Key::new("tests", ValueType::Map(TESTS), Merge::Keys, "Test reports to read."),
    Key::new(
        "missing",
        ValueType::Map(MISSING),
        Merge::Keys,
        "Effect of evidence that could not be read: `unknown` makes the verdict `unknown`, `warn` only \
         shows the gap.",
    ),
    Key::new(
        "deployments",
        ValueType::Map(DEPLOYMENTS),
        Merge::Keys,
        "Deployments, for the change failure rate.",
    ),
    Key::new(
        "gates",
        ValueType::Map(GATES),
        Merge::Keys,
        "Root causes that each quality gate should have caught. The report names the weakest quality \
         gate.",
    ),
    PULL_REQUESTS,
    Key::new("rules", ValueType::Maps(RULE), Merge::Rules, "Rules. All of them have to pass.").required(),
    Key::new(
        "waivers",
        ValueType::Maps(WAIVER),
        Merge::Adds,
        "Accepted exceptions, each with reason, approver and end. Conditions are joined by \"and\".",
    ),
    Key::new(
        "approvers",
        ValueType::Map(APPROVERS),
        Merge::Keys,
        "People and teams that may approve a waiver. Without this section, everyone who may change the \
         file.",
    ),
    Key::new(
        "overrides",
        ValueType::Map(OVERRIDES),
        Merge::Keys,
        "People who may override an overridable rule for one commit, by a comment.",
    ),
];

/// `releases`.
pub const RELEASES: &[Key] = &[
    Key::new(
        "tags",
        PATTERN,
        Merge::Stands(None),
        "Tags that count as releases, also without a GitHub release. By default, every published release.",
    ),
    Key::new(
        "supported",
        ValueType::Whole { most: u32::MAX as u64 },
        Merge::Greater,
        "Number of newest releases that are supported in production.",
    )
    .when_omitted(WhenOmitted::Value("2")),
    Key::new(
        "mature-after",
        ValueType::Duration,
        Merge::Stands(Some(ALWAYS)),
        "Younger releases are excluded from rates, never from counts.",
    )
    .when_omitted(WhenOmitted::Value("30d")),
    Key::new(
        "hotfix-within",
        ValueType::Hours,
        Merge::Stands(Some(ALWAYS)),
        "A release that follows another within this time and fixes an escaped defect of it is its hotfix.",
    )
    .when_omitted(WhenOmitted::Value("72h")),
    Key::new(
        "failure-within",
        ValueType::Hours,
        Merge::Stands(Some(ALWAYS)),
        "A defect makes its release fail only if it is reported within this time after the publication. \
         By default, at any time.",
    ),
];

/// `lines`.
pub const LINES: &[Key] = &[Key::new(
    "complete",
    ValueType::Truth,
    Merge::Stands(Some(ALWAYS)),
    "`true` if `affects-*` labels name every affected release line. A line that no label of an issue \
     names is then not affected.",
)
.when_omitted(WhenOmitted::Value("false"))];

/// A period.
pub const PERIOD: &[Key] = &[
    Key::new("starts", ValueType::Date, Merge::Own, "First day of one of its repetitions, in UTC.")
        .required(),
    Key::new("length", ValueType::Duration, Merge::Own, "Length of one repetition.").required(),
];

/// `defects`.
pub const DEFECTS: &[Key] = &[
    Key::new(
        "escaped",
        ValueType::Alternatives(&ESCAPED_TYPE),
        Merge::Adds,
        "Issues found in production. A rule that counts defects needs it.",
    ),
    Key::new(
        "caught",
        ValueType::Alternatives(&CAUGHT_TYPE),
        Merge::Within("defects.escaped"),
        "Issues found before production, unless they are escaped.",
    ),
    Key::new(
        "blocking",
        ValueType::Alternatives(&BLOCKER_TYPE),
        Merge::Adds,
        "Issues and pull requests that block a release until they are done, escaped defects or not.",
    ),
    Key::new(
        "pre-releases",
        ValueType::Word(pre_releases),
        Merge::Stands(Some(ALWAYS)),
        "With `caught`, a label that names a pre-release makes a defect caught.",
    ),
    Key::new(
        "closed-without-change",
        ValueType::Word(closed_by_hand),
        Merge::Order(&["fixed", "unknown"]),
        "Status of an issue that a person closed as completed without a linked change.",
    )
    .when_omitted(WhenOmitted::Value("fixed")),
    Key::new(
        "status",
        ValueType::Maps(STATUS),
        Merge::Adds,
        "Status of single issues in a release or a release line, as people state it. It outweighs all \
         other evidence.",
    ),
    Key::new(
        "excluded",
        ValueType::Named(&PATTERNS),
        Merge::Within("defects.escaped"),
        "Expected production issues, by a class of your choice: they do not count and are always shown.",
    ),
    Key::new(
        "severity",
        ValueType::Map(SEVERITY),
        Merge::Keys,
        "Labels of each severity. If an issue has several, the most severe applies.",
    ),
    Key::new(
        "component",
        ValueType::AnyOf(&[NAMING, ValueType::Map(COMPONENT)]),
        Merge::Stands(None),
        "Labels or a field that name a component: the text at the `*`, as in `area/*`.",
    ),
    Key::new(
        "team",
        ValueType::AnyOf(&[NAMING, ValueType::Map(TEAM)]),
        Merge::Stands(None),
        "Labels or a field that name a team, as in `team/*`.",
    ),
    KIND,
    FOUND_BY,
    ROOT_CAUSE,
    DETECTION_GAP,
    Key::new(
        "root-cause-needed",
        MAYBE_PATTERNS,
        Merge::Adds,
        "Labels that say that the root cause is still to be found. They outweigh a recorded one.",
    ),
];

/// An entry of `defects.status`.
pub const STATUS: &[Key] = &[
    Key::new("issue", ValueType::Whole { most: u64::MAX }, Merge::Own, "The issue.").required(),
    Key::new("in", RELEASE_OR_LINE, Merge::Own, "A release (`v1.6.0`) or a release line (`1.6`, `1.6.x`).")
        .required(),
    Key::new("is", ValueType::Word(statuses), Merge::Own, "Status of the release for the issue.").required(),
    Key::new("by", ValueType::Text, Merge::Own, "Login of the person who says so. The report shows it.")
        .required(),
    Key::new("reason", ValueType::Text, Merge::Own, "Reason. The report shows it.").required(),
];

/// Severities of an untriaged defect, from loose to strict.
// `unknown` is the strictest: the rule has no verdict.
const STAND_INS: Merge = Merge::Order(&["minor", "major", "critical", "unknown"]);

/// `defects.severity`.
pub const SEVERITY: &[Key] = &[
    Key::new("critical", PATTERNS, Merge::Adds, "Labels of critical defects."),
    Key::new("major", PATTERNS, Merge::Stands(Some("defects.severity")), "Labels of major defects."),
    Key::new("minor", PATTERNS, Merge::Stands(Some("defects.severity")), "Labels of minor defects."),
    Key::new(
        "untriaged",
        ValueType::Word(stand_ins),
        STAND_INS,
        "Severity of a defect without any of these labels. With `unknown`, a rule on a severity is then \
         `unknown`.",
    )
    .when_omitted(WhenOmitted::Value("critical")),
];

/// `tests`.
pub const TESTS: &[Key] = &[
    Key::new(
        "reports",
        ValueType::List { of: &ValueType::Text, least: 1 },
        Merge::Globs,
        "Globs of test reports. `**` crosses folders; a leading `!` excludes files.",
    ),
    Key::new(
        "reruns",
        ValueType::Word(reruns),
        Merge::Order(&["by-name", "reported"]),
        "Results that are reruns of one test: those that the test report marks, or also failures and then \
         one pass of one name in one suite.",
    )
    .when_omitted(WhenOmitted::Value("reported")),
    Key::new(
        "expect",
        ValueType::List {
            of: &ValueType::AnyOf(&[ValueType::Text, ValueType::Map(EXPECTED_REPORTS)]),
            least: 1,
        },
        Merge::Adds,
        "Required test reports. Each glob has to match a report that was read; otherwise there is a gap.",
    ),
];

/// An entry of `tests.expect`.
pub const EXPECTED_REPORTS: &[Key] = &[
    Key::new(
        "glob",
        ValueType::Text,
        Merge::Own,
        "Glob over the paths of test reports, in an archive also over the path of the archive.",
    )
    .required(),
    Key::new(
        "at-least",
        ValueType::Whole { most: u32::MAX as u64 },
        Merge::Own,
        "Number of test reports that have to match.",
    )
    .when_omitted(WhenOmitted::Value("1")),
];

/// Effects of a gap, from loose to strict.
const TOLERANCE: Merge = Merge::Order(&["warn", "unknown"]);

/// `missing`.
pub const MISSING: &[Key] = &[
    Key::new("issues", ValueType::Word(tolerances), TOLERANCE, "Issues and releases that could not be read.")
        .when_omitted(WhenOmitted::Value("unknown")),
    Key::new(
        "tests",
        ValueType::Word(tolerances),
        TOLERANCE,
        "Test reports that are missing or could not be read.",
    )
    .when_omitted(WhenOmitted::Value("unknown")),
    Key::new(
        "history",
        ValueType::Word(tolerances),
        TOLERANCE,
        "Commits between releases that could not be read.",
    )
    .when_omitted(WhenOmitted::Value("unknown")),
    Key::new(
        "deployments",
        ValueType::Word(tolerances),
        TOLERANCE,
        "Deployments, if a rule uses the change failure rate.",
    )
    .when_omitted(WhenOmitted::Value("unknown")),
    Key::new("origins", ValueType::Word(tolerances), TOLERANCE, "Origins of defects, if a rule uses them.")
        .when_omitted(WhenOmitted::Value("unknown")),
    Key::new("severity", ValueType::Word(stand_ins), STAND_INS, "The same as `defects.severity.untriaged`.")
        .when_omitted(WhenOmitted::Elsewhere("critical")),
];

fn pre_releases() -> Vec<&'static str> {
    vec!["caught"]
}

fn closed_by_hand() -> Vec<&'static str> {
    vec!["fixed", "unknown"]
}

fn reruns() -> Vec<&'static str> {
    vec!["reported", "by-name"]
}

fn statuses() -> Vec<&'static str> {
    Status::ALL.map(Status::name).to_vec()
}

fn stand_ins() -> Vec<&'static str> {
    Severity::ALL.map(Severity::name).into_iter().chain(["unknown"]).collect()
}

fn tolerances() -> Vec<&'static str> {
    vec!["unknown", "warn"]
}
