//! The tables: one a mapping, in the order in which a policy is shown.

use super::exceptions::{ALWAYS, APPROVERS, OVERRIDES, WAIVER, modes};
use super::learning::{COMPONENT, DEPLOYMENTS, GATES, TEAM};
use super::origins::{ATTRIBUTION, confidences, since};
use super::{Key, Merge, Shape, Silence};
use crate::model::{Attribute, MetricId, Severity};
use crate::policy::{Course, Level};

/// A list of patterns with at least one entry.
const PATTERNS: Shape = Shape::List { of: &Shape::Pattern, least: 1 };

/// A list of patterns that may be empty.
const MAYBE_PATTERNS: Shape = Shape::List { of: &Shape::Pattern, least: 0 };

/// A list of texts that may be empty.
const MAYBE_TEXTS: Shape = Shape::List { of: &Shape::Text, least: 0 };

/// A whole policy.
pub const POLICY: &[Key] = &[
    Key::new(
        "version",
        Shape::Version,
        Merge::Own,
        "The version of this format: 1. It is read before anything else.",
    )
    .required(),
    Key::new(
        "extends",
        Shape::List { of: &Shape::Text, least: 1 },
        Merge::Own,
        "Policies to inherit from: a file beside this one (`base.yml`), a file of another repository at a commit \
         (`owner/name//path/base.yml@<40 hex digits>`), or a preset (`starter`, `zero-critical`, `mature`, \
         `high-performing`). The most restrictive value wins, key by key.",
    ),
    Key::new(
        "override",
        Shape::Maps(OVERRIDE),
        Merge::Own,
        "What this policy loosens of those that it inherits from, each with a reason. The report prints them.",
    ),
    Key::new(
        "mode",
        Shape::Word(modes),
        Merge::Order(&["observe", "enforce"]),
        "Whether a breach blocks, or the verdict is only shown.",
    )
    .silent(Silence::Value("enforce")),
    Key::new("releases", Shape::Map(RELEASES), Merge::Keys, "Which releases exist and how they age."),
    Key::new("defects", Shape::Map(DEFECTS), Merge::Keys, "Which tickets count, and as what."),
    Key::new("attribution", Shape::Map(ATTRIBUTION), Merge::Keys, "How a defect comes to its release."),
    Key::new("tests", Shape::Map(TESTS), Merge::Keys, "Test results."),
    Key::new(
        "missing",
        Shape::Map(MISSING),
        Merge::Keys,
        "What evidence that could not be read does to the verdict.",
    ),
    Key::new(
        "deployments",
        Shape::Map(DEPLOYMENTS),
        Merge::Keys,
        "What was deployed, for the change failure rate.",
    ),
    Key::new(
        "gates",
        Shape::Map(GATES),
        Merge::Keys,
        "Which quality gate should have caught which root cause.",
    ),
    Key::new("rules", Shape::Maps(RULE), Merge::Rules, "The rules. All of them have to hold.").required(),
    Key::new(
        "waivers",
        Shape::Maps(WAIVER),
        Merge::Adds,
        "Recorded exceptions, each with reason, approver and expiry.",
    ),
    Key::new("approvers", Shape::Map(APPROVERS), Merge::Keys, "Who may approve a waiver."),
    Key::new("overrides", Shape::Map(OVERRIDES), Merge::Keys, "Who may override an overridable rule."),
];

/// An entry of `override`.
pub const OVERRIDE: &[Key] = &[
    Key::new("rule", Shape::Name, Merge::Own, "The inherited rule that this policy loosens."),
    Key::new("remove", Shape::Name, Merge::Own, "The inherited rule that this policy does without."),
    Key::new(
        "key",
        Shape::Text,
        Merge::Own,
        "The inherited key that this policy loosens: `releases.supported`.",
    ),
    Key::new("reason", Shape::Text, Merge::Own, "Why. The report prints it.").required(),
];

/// `releases`.
pub const RELEASES: &[Key] = &[
    Key::new(
        "tags",
        Shape::Pattern,
        Merge::Stands(None),
        "Tags that count as releases; all published releases if left out.",
    ),
    Key::new(
        "supported",
        Shape::Whole { most: u32::MAX as u64 },
        Merge::Greater,
        "How many of the newest releases are in production.",
    )
    .silent(Silence::Value("2")),
    Key::new(
        "mature-after",
        Shape::Duration,
        Merge::Stands(Some(ALWAYS)),
        "Younger releases stay out of rates, never out of counts: `30d`, `4w`.",
    )
    .silent(Silence::Value("30d")),
    Key::new(
        "hotfix-within",
        Shape::Hours,
        Merge::Stands(Some(ALWAYS)),
        "A release that follows another within this time and fixes an escaped defect of it is its hotfix: `72h`, `3d`.",
    )
    .silent(Silence::Value("72h")),
];

/// `defects`.
pub const DEFECTS: &[Key] = &[
    Key::new(
        "escaped",
        Shape::Map(ESCAPED),
        Merge::Keys,
        "Tickets found in production: any of these labels or types.",
    ),
    Key::new(
        "caught",
        Shape::Map(CAUGHT),
        Merge::Keys,
        "Tickets found before production: any of these labels or types, unless they are escaped.",
    ),
    Key::new(
        "excluded",
        Shape::Named(&PATTERNS),
        Merge::Within("defects.escaped"),
        "Expected production issues, by class: they do not count and are always shown.",
    ),
    Key::new("severity", Shape::Map(SEVERITY), Merge::Keys, "Labels of each severity. The heaviest holds."),
    Key::new(
        "component",
        Shape::NamingOr(COMPONENT),
        Merge::Stands(None),
        "Labels that name a component: `area/*`.",
    ),
    Key::new("team", Shape::NamingOr(TEAM), Merge::Stands(None), "Labels that name a team: `team/*`."),
    Key::new("kind", Shape::Naming, Merge::Stands(None), "Labels that name a kind: `kind/*`."),
    Key::new("found-by", Shape::Naming, Merge::Stands(None), "Labels that name who found it: `found-by/*`."),
    Key::new(
        "root-cause",
        Shape::Naming,
        Merge::Stands(None),
        "Labels that record a root cause: `root-cause/*`.",
    ),
    Key::new(
        "root-cause-needed",
        MAYBE_PATTERNS,
        Merge::Adds,
        "Labels that say that the root cause is still to be found; they outweigh a recorded one.",
    ),
];

/// `defects.escaped`.
pub const ESCAPED: &[Key] = &[
    Key::new("labels", MAYBE_PATTERNS, Merge::Adds, "Labels, `*` and `{version}` stand for something else."),
    Key::new("types", MAYBE_TEXTS, Merge::Adds, "Issue types."),
];

/// `defects.caught`: more of them make a rate milder.
pub const CAUGHT: &[Key] = &[
    Key::new(
        "labels",
        MAYBE_PATTERNS,
        Merge::Within("defects.escaped"),
        "Labels, `*` and `{version}` stand for something else.",
    ),
    Key::new("types", MAYBE_TEXTS, Merge::Within("defects.escaped"), "Issue types."),
];

/// What an untriaged defect counts as, from mild to strict.
const STAND_INS: Merge = Merge::Order(&["minor", "major", "critical", "unknown"]);

/// `defects.severity`.
pub const SEVERITY: &[Key] = &[
    Key::new("critical", PATTERNS, Merge::Adds, "Labels of critical defects."),
    Key::new("major", PATTERNS, Merge::Stands(Some("defects.severity")), "Labels of major defects."),
    Key::new("minor", PATTERNS, Merge::Stands(Some("defects.severity")), "Labels of minor defects."),
    Key::new(
        "untriaged",
        Shape::Word(stand_ins),
        STAND_INS,
        "What a defect without any of these labels counts as.",
    )
    .silent(Silence::Value("critical")),
];

/// `tests`.
pub const TESTS: &[Key] = &[Key::new(
    "reports",
    Shape::List { of: &Shape::Text, least: 1 },
    Merge::Globs,
    "Globs of test reports; a leading `!` takes out.",
)];

/// Whether a gap may be lived with, from mild to strict.
const TOLERANCE: Merge = Merge::Order(&["warn", "unknown"]);

/// `missing`.
pub const MISSING: &[Key] = &[
    Key::new("issues", Shape::Word(tolerances), TOLERANCE, "Tickets and releases that could not be read.")
        .silent(Silence::Value("unknown")),
    Key::new(
        "tests",
        Shape::Word(tolerances),
        TOLERANCE,
        "Test reports that are missing or could not be read.",
    )
    .silent(Silence::Value("unknown")),
    Key::new(
        "history",
        Shape::Word(tolerances),
        TOLERANCE,
        "Commits between releases that could not be read.",
    )
    .silent(Silence::Value("unknown")),
    Key::new(
        "deployments",
        Shape::Word(tolerances),
        TOLERANCE,
        "Deployments, where a rule asks for the change failure rate.",
    )
    .silent(Silence::Value("unknown")),
    Key::new(
        "origins",
        Shape::Word(tolerances),
        TOLERANCE,
        "The history that defects came from, where a rule goes by that.",
    )
    .silent(Silence::Value("unknown")),
    Key::new("severity", Shape::Word(stand_ins), STAND_INS, "The same as `defects.severity.untriaged`.")
        .silent(Silence::Elsewhere("critical")),
];

/// A rule.
pub const RULE: &[Key] = &[
    Key::new("id", Shape::Name, Merge::Stands(None), "Names the rule in reports. No two rules share one.")
        .required(),
    Key::new("metric", Shape::Word(metrics), Merge::Stands(None), "What is measured.").required(),
    Key::new(
        "where",
        Shape::Chosen(attributes),
        Merge::Stands(None),
        "Which defects are looked at; all if left out.",
    )
    .silent(Silence::Meaning("all defects")),
    Key::new(
        "over",
        Shape::Over,
        Merge::Stands(None),
        "Over which releases or which period; that of the metric if left out.",
    )
    .silent(Silence::OfMetric),
    Key::new(
        "per",
        Shape::Word(groups),
        Merge::Stands(None),
        "Every group by this attribute is judged by itself.",
    )
    .silent(Silence::Meaning("all together")),
    Key::new(
        "trend",
        Shape::Map(TREND),
        Merge::Keys,
        "The newer half of a row is held against the older half.",
    ),
    Key::new("max", Shape::Bound, Merge::Smaller, "The rule fails above it. A value equal to it keeps it."),
    Key::new("min", Shape::Bound, Merge::Greater, "The rule fails below it. A value equal to it keeps it."),
    Key::new(
        "warn",
        Shape::Bound,
        Merge::Warn,
        "A stricter limit on the same side: the rule warns beyond it.",
    ),
    Key::new(
        "min-sample",
        Shape::Whole { most: u64::MAX },
        Merge::Greater,
        "For ratios and times: with a smaller denominator, or over fewer defects, the rule is `unknown`.",
    ),
    Key::new("sample", Shape::Sample, Merge::Stands(None), "For the coverages: only a sample is looked at.")
        .silent(Silence::Meaning("no sample")),
    Key::new(
        "confidence",
        Shape::Word(confidences),
        Merge::Stands(None),
        "The least that an origin has to be sure, where the rule goes by where defects came from.",
    )
    .silent(Silence::Meaning("as sure as usual")),
    Key::new(
        "since",
        Shape::Word(since),
        Merge::Stands(None),
        "What a time to detect is counted from; from the release if left out.",
    )
    .silent(Silence::Meaning("release")),
    Key::new(
        "level",
        Shape::Word(levels),
        Merge::Order(&["advisory", "overridable", "mandatory"]),
        "What a breach does: it blocks; it blocks unless somebody with the right overrides it; it is shown.",
    )
    .silent(Silence::Value("mandatory")),
    Key::new("why", Shape::Text, Merge::Nearest, "Why the rule exists. It stands in the report."),
];

/// What stands behind an attribute of `where`, if it is neither a value nor a list.
pub const NOT: &[Key] =
    &[Key::new("not", Shape::Text, Merge::Own, "None of these values: one, or a list.").required()];

/// `trend`.
pub const TREND: &[Key] = &[
    Key::new("over", Shape::Row, Merge::Stands(None), "A row of periods or releases: `4 quarters`.")
        .required(),
    Key::new(
        "must",
        Shape::Word(courses),
        Merge::Order(&["not-increase", "decrease"]),
        "What the newer half of the row must do.",
    )
    .required(),
];

fn courses() -> Vec<&'static str> {
    [Course::NotIncrease, Course::Decrease].map(Course::name).to_vec()
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
    Attribute::ALL.map(Attribute::name).to_vec()
}

/// What is excluded is no group of defects.
fn groups() -> Vec<&'static str> {
    attributes().into_iter().filter(|name| *name != Attribute::Class.name()).collect()
}

fn levels() -> Vec<&'static str> {
    [Level::Mandatory, Level::Overridable, Level::Advisory].map(Level::name).to_vec()
}
