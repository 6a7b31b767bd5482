//! The tables of the policy, one for each mapping, in the order in which a policy is shown.

use super::exceptions::{ALWAYS, APPROVERS, OVERRIDES, WAIVER, modes};
use super::learning::{COMPONENT, DEPLOYMENTS, GATES, TEAM};
use super::origins::{ATTRIBUTION, confidences, since};
use super::pull_requests::{ON, PULL_REQUESTS};
use super::selectors::{BLOCKER_TYPE, CAUGHT_TYPE, ESCAPED_TYPE};
use super::types::{
    LIMIT, MAYBE_PATTERNS, NAMING, OVER, PATTERN, PATTERNS, RELEASE_OR_LINE, ROW, SAMPLE, SELECTIONS,
    default_over,
};
use super::{Key, Merge, ValueType, WhenOmitted};
use policy_lang::OVERRIDE;

use crate::model::{DefectAttribute, MetricId, PeriodName, Severity, Status};
use crate::policy::{Insufficient, Investigation, RuleLevel, TrendDirection};

/// A whole policy.
pub const POLICY: &[Key] = &[
    Key::new(
        "version",
        ValueType::Version,
        Merge::Own,
        "The version of this format: 1. It is read before anything else.",
    )
    .required(),
    Key::new(
        "extends",
        ValueType::List { of: &ValueType::Text, least: 1 },
        Merge::Own,
        "Policies to inherit from: a file beside this one (`base.yml`), a file of another repository at a commit \
         (`owner/name//path/base.yml@<40 hex digits>`), or a preset (`starter`, `zero-critical`, `mature`, \
         `high-performing`). The most restrictive value wins, key by key.",
    ),
    Key::new(
        "override",
        ValueType::Maps(OVERRIDE),
        Merge::Own,
        "What this policy loosens of those that it inherits from, each with a reason. The report prints them.",
    ),
    Key::new(
        "mode",
        ValueType::Word(modes),
        Merge::Order(&["observe", "enforce"]),
        "Whether a failed rule blocks, or the verdict is only shown.",
    )
    .when_omitted(WhenOmitted::Value("enforce")),
    Key::new("releases", ValueType::Map(RELEASES), Merge::Keys, "Which releases exist and how they age."),
    Key::new("lines", ValueType::Map(LINES), Merge::Keys, "What labels of release lines say."),
    Key::new(
        "periods",
        ValueType::NamedMaps { keys: PERIOD, longest: PeriodName::LONGEST },
        Merge::Stands(None),
        "Periods that repeat from a first day, by name, for `over`: `sprint`.",
    ),
    Key::new(
        "defects",
        ValueType::Map(DEFECTS),
        Merge::Keys,
        "Issues that count as defects, and their attributes.",
    ),
    Key::new("attribution", ValueType::Map(ATTRIBUTION), Merge::Keys, "How a defect comes to its release."),
    Key::new("tests", ValueType::Map(TESTS), Merge::Keys, "Test results."),
    Key::new(
        "missing",
        ValueType::Map(MISSING),
        Merge::Keys,
        "What evidence that could not be read does to the verdict.",
    ),
    Key::new(
        "deployments",
        ValueType::Map(DEPLOYMENTS),
        Merge::Keys,
        "What was deployed, for the change failure rate.",
    ),
    Key::new(
        "gates",
        ValueType::Map(GATES),
        Merge::Keys,
        "Which quality gate should have caught which root cause.",
    ),
    PULL_REQUESTS,
    Key::new("rules", ValueType::Maps(RULE), Merge::Rules, "The rules. All of them have to hold.").required(),
    Key::new(
        "waivers",
        ValueType::Maps(WAIVER),
        Merge::Adds,
        "Recorded exceptions, each with reason, approver and expiry.",
    ),
    Key::new("approvers", ValueType::Map(APPROVERS), Merge::Keys, "Who may approve a waiver."),
    Key::new("overrides", ValueType::Map(OVERRIDES), Merge::Keys, "Who may override an overridable rule."),
];

/// `releases`.
pub const RELEASES: &[Key] = &[
    Key::new(
        "tags",
        PATTERN,
        Merge::Stands(None),
        "Tags that count as releases; all published releases if left out.",
    ),
    Key::new(
        "supported",
        ValueType::Whole { most: u32::MAX as u64 },
        Merge::Greater,
        "How many of the newest releases are in production.",
    )
    .when_omitted(WhenOmitted::Value("2")),
    Key::new(
        "mature-after",
        ValueType::Duration,
        Merge::Stands(Some(ALWAYS)),
        "Younger releases stay out of rates, never out of counts: `30d`, `4w`.",
    )
    .when_omitted(WhenOmitted::Value("30d")),
    Key::new(
        "hotfix-within",
        ValueType::Hours,
        Merge::Stands(Some(ALWAYS)),
        "A release that follows another within this time and fixes an escaped defect of it is its hotfix: `72h`, `3d`.",
    )
    .when_omitted(WhenOmitted::Value("72h")),
    Key::new(
        "failure-within",
        ValueType::Hours,
        Merge::Stands(Some(ALWAYS)),
        "A defect makes its release fail only if it is reported within this time after the publication: `7d`.",
    ),
];

/// `lines`.
pub const LINES: &[Key] = &[Key::new(
    "complete",
    ValueType::Truth,
    Merge::Stands(Some(ALWAYS)),
    "Whether `affects-*` labels name every affected release line.",
)
.when_omitted(WhenOmitted::Value("false"))];

/// A period.
pub const PERIOD: &[Key] = &[
    Key::new("starts", ValueType::Date, Merge::Own, "The first day of one of its repetitions, in UTC.")
        .required(),
    Key::new("length", ValueType::Duration, Merge::Own, "Its length: `2w`, `10d`.").required(),
];

/// `defects`.
pub const DEFECTS: &[Key] = &[
    Key::new(
        "escaped",
        ValueType::Alternatives(&ESCAPED_TYPE),
        Merge::Adds,
        "Issues found in production: any of these labels or types, or a list of alternatives.",
    ),
    Key::new(
        "caught",
        ValueType::Alternatives(&CAUGHT_TYPE),
        Merge::Within("defects.escaped"),
        "Issues found before production, unless they are escaped; in the same form as `escaped`.",
    ),
    Key::new(
        "blocking",
        ValueType::Alternatives(&BLOCKER_TYPE),
        Merge::Adds,
        "Issues and pull requests that block a release until they are done: one alternative, or a list.",
    ),
    Key::new(
        "pre-releases",
        ValueType::Word(pre_releases),
        Merge::Stands(Some(ALWAYS)),
        "`caught`: a label that names a pre-release makes a defect caught.",
    ),
    Key::new(
        "closed-without-change",
        ValueType::Word(closed_by_hand),
        Merge::Order(&["fixed", "unknown"]),
        "What an issue is that was closed as completed, and no change is linked to it.",
    )
    .when_omitted(WhenOmitted::Value("fixed")),
    Key::new(
        "status",
        ValueType::Maps(STATUS),
        Merge::Adds,
        "What people say about single issues in a release or a release line; it outweighs all other evidence.",
    ),
    Key::new(
        "excluded",
        ValueType::Named(&PATTERNS),
        Merge::Within("defects.escaped"),
        "Expected production issues, by class: they do not count and are always shown.",
    ),
    Key::new(
        "severity",
        ValueType::Map(SEVERITY),
        Merge::Keys,
        "Labels of each severity. The most severe one wins.",
    ),
    Key::new(
        "component",
        ValueType::AnyOf(&[NAMING, ValueType::Map(COMPONENT)]),
        Merge::Stands(None),
        "Labels that name a component: `area/*`.",
    ),
    Key::new(
        "team",
        ValueType::AnyOf(&[NAMING, ValueType::Map(TEAM)]),
        Merge::Stands(None),
        "Labels that name a team: `team/*`.",
    ),
    Key::new("kind", NAMING, Merge::Stands(None), "Labels that name a kind: `kind/*`."),
    Key::new("found-by", NAMING, Merge::Stands(None), "Labels that name who found it: `found-by/*`."),
    Key::new("root-cause", NAMING, Merge::Stands(None), "Labels that record a root cause: `root-cause/*`."),
    Key::new(
        "root-cause-needed",
        MAYBE_PATTERNS,
        Merge::Adds,
        "Labels that say that the root cause is still to be found; they outweigh a recorded one.",
    ),
];

/// An entry of `defects.status`.
pub const STATUS: &[Key] = &[
    Key::new("issue", ValueType::Whole { most: u64::MAX }, Merge::Own, "The issue.").required(),
    Key::new("in", RELEASE_OR_LINE, Merge::Own, "The release, or its line: `v1.6.0`, `1.6`.").required(),
    Key::new("is", ValueType::Word(statuses), Merge::Own, "The status of the release for the issue.")
        .required(),
    Key::new("by", ValueType::Text, Merge::Own, "Who says so: a login. It stands in the report.").required(),
    Key::new("reason", ValueType::Text, Merge::Own, "Why. It stands in the report.").required(),
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
        "What a defect without any of these labels counts as.",
    )
    .when_omitted(WhenOmitted::Value("critical")),
];

/// `tests`.
pub const TESTS: &[Key] = &[
    Key::new(
        "reports",
        ValueType::List { of: &ValueType::Text, least: 1 },
        Merge::Globs,
        "Globs of test reports; a leading `!` takes out.",
    ),
    Key::new(
        "reruns",
        ValueType::Word(reruns),
        Merge::Order(&["by-name", "reported"]),
        "Which results are reruns of one test: those of which the report says so, or also a failure and then one pass of one \
         name in one suite.",
    )
    .when_omitted(WhenOmitted::Value("reported")),
    Key::new(
        "expect",
        ValueType::List { of: &ValueType::AnyOf(&[ValueType::Text, ValueType::Map(EXPECTED_REPORTS)]), least: 1 },
        Merge::Adds,
        "Globs that each have to match a report that was read: a module that wrote none is a gap.",
    ),
];

/// An entry of `tests.expect`.
pub const EXPECTED_REPORTS: &[Key] = &[
    Key::new("glob", ValueType::Text, Merge::Own, "Glob over the paths of reports: `payment/**/*.xml`.")
        .required(),
    Key::new(
        "at-least",
        ValueType::Whole { most: u32::MAX as u64 },
        Merge::Own,
        "Number of reports that have to match.",
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
        "Deployments, where a rule asks for the change failure rate.",
    )
    .when_omitted(WhenOmitted::Value("unknown")),
    Key::new(
        "origins",
        ValueType::Word(tolerances),
        TOLERANCE,
        "The history that defects came from, where a rule goes by that.",
    )
    .when_omitted(WhenOmitted::Value("unknown")),
    Key::new("severity", ValueType::Word(stand_ins), STAND_INS, "The same as `defects.severity.untriaged`.")
        .when_omitted(WhenOmitted::Elsewhere("critical")),
];

/// A rule.
pub const RULE: &[Key] = &[
    Key::new("id", ValueType::Name, Merge::Stands(None), "Names the rule in reports. No two rules share one.")
        .required(),
    Key::new("metric", ValueType::Word(metrics), Merge::Stands(None), "What is measured.").required(),
    Key::new(
        "where",
        SELECTIONS,
        Merge::Stands(None),
        "Which defects are looked at; all if left out.",
    )
    .when_omitted(WhenOmitted::Meaning("all defects")),
    Key::new(
        "over",
        OVER,
        Merge::Stands(None),
        "Over which releases or which period; that of the metric if left out.",
    )
    .when_omitted(WhenOmitted::Computed(default_over)),
    Key::new(
        "per",
        ValueType::Word(groups),
        Merge::Stands(None),
        "Every group by this attribute is judged by itself.",
    )
    .when_omitted(WhenOmitted::Meaning("all together")),
    Key::new(
        "trend",
        ValueType::Map(TREND),
        Merge::Keys,
        "The newer half of a row is compared with the older half.",
    ),
    Key::new("max", LIMIT, Merge::Smaller, "The rule fails above it. A value equal to it keeps it."),
    Key::new("min", LIMIT, Merge::Greater, "The rule fails below it. A value equal to it keeps it."),
    Key::new(
        "warn",
        LIMIT,
        Merge::Warn,
        "A stricter limit on the same side: the rule warns beyond it.",
    ),
    Key::new(
        "min-sample",
        ValueType::Whole { most: u64::MAX },
        Merge::Greater,
        "For ratios and times: with a smaller denominator, or over fewer defects, there is not enough data yet.",
    ),
    Key::new(
        "insufficient",
        ValueType::Word(insufficient),
        Merge::Order(&["pass", "warn", "unknown"]),
        "Verdict of the rule while there is not enough data yet: too small a sample, no release or defect in scope, too \
         short a past.",
    )
    .when_omitted(WhenOmitted::Meaning("warn")),
    Key::new("sample", SAMPLE, Merge::Stands(None), "For the coverages: only a sample is looked at.")
        .when_omitted(WhenOmitted::Meaning("no sample")),
    Key::new(
        "confidence",
        ValueType::Word(confidences),
        Merge::Stands(None),
        "The least that an origin has to be sure, where the rule goes by where defects came from.",
    )
    .when_omitted(WhenOmitted::Meaning("as sure as usual")),
    Key::new(
        "since",
        ValueType::AnyOf(&[ValueType::Word(since), ValueType::Date]),
        Merge::Stands(None),
        "For `unfixed`, `blockers` and `escaped`: the day from which reports count; older ones are listed as debt. For \
         `time-to-detect`: what the time is counted from; from the release if left out.",
    )
    .when_omitted(WhenOmitted::Meaning("release")),
    Key::new(
        "hotfix",
        ValueType::Word(hotfixes),
        Merge::Order(&["warn", "block"]),
        "For `unfixed`: `warn` lets a hotfix that fixes a counted defect through; the rest warns.",
    )
    .when_omitted(WhenOmitted::Meaning("block")),
    Key::new(
        "under-investigation",
        ValueType::Word(investigations),
        Merge::Order(&["ignore", "warn", "count"]),
        "For `unfixed`: what a defect does of which nothing says whether it is in the candidate.",
    )
    .when_omitted(WhenOmitted::Meaning("warn")),
    Key::new(
        "level",
        ValueType::Word(levels),
        Merge::Order(&["advisory", "overridable", "mandatory"]),
        "Effect of a failed rule: it blocks; it blocks unless a maintainer overrides it; it is only shown.",
    )
    .when_omitted(WhenOmitted::Value("mandatory")),
    ON,
    Key::new("why", ValueType::Text, Merge::Nearest, "Why the rule exists. It stands in the report."),
];

/// Keys of an attribute of `where` that is neither a value nor a list.
pub const NOT: &[Key] =
    &[Key::new("not", ValueType::Text, Merge::Own, "None of these values: one, or a list.").required()];

/// `trend`.
pub const TREND: &[Key] = &[
    Key::new("over", ROW, Merge::Stands(None), "A row of periods or releases: `4 quarters`.").required(),
    Key::new(
        "must",
        ValueType::Word(courses),
        Merge::Order(&["not-increase", "decrease"]),
        "What the newer half of the row must do.",
    )
    .required(),
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

fn hotfixes() -> Vec<&'static str> {
    vec!["block", "warn"]
}

fn insufficient() -> Vec<&'static str> {
    Insufficient::ALL.map(Insufficient::name).to_vec()
}

fn investigations() -> Vec<&'static str> {
    Investigation::ALL.map(Investigation::name).to_vec()
}

fn courses() -> Vec<&'static str> {
    [TrendDirection::NotIncrease, TrendDirection::Decrease].map(TrendDirection::name).to_vec()
}

fn stand_ins() -> Vec<&'static str> {
    Severity::ALL.map(Severity::name).into_iter().chain(["unknown"]).collect()
}

fn tolerances() -> Vec<&'static str> {
    vec!["unknown", "warn"]
}

fn metrics() -> Vec<&'static str> {
    MetricId::ALL.map(MetricId::name).to_vec()
}

fn attributes() -> Vec<&'static str> {
    DefectAttribute::ALL.map(DefectAttribute::name).to_vec()
}

/// Returns the attributes that `per` can group by: an excluded class is no group of defects.
fn groups() -> Vec<&'static str> {
    attributes().into_iter().filter(|name| *name != DefectAttribute::Class.name()).collect()
}

fn levels() -> Vec<&'static str> {
    [RuleLevel::Mandatory, RuleLevel::Overridable, RuleLevel::Advisory].map(RuleLevel::name).to_vec()
}
