//! Keys for learning from defects: their attributes, deployments, quality gates.

use super::types::{FILLED_TEXT, GLOBS, NAMING, OVER, PATTERN, TRUTH_OR_PATH};
use super::{Key, Merge, ValueType};

/// Names of root causes or detection gaps.
const CAUSES: ValueType = ValueType::List { of: &PATTERN, least: 1 };

/// `defects.kind`, `found-by`, `root-cause` and `detection-gap`, as mappings.
pub const NAMES: &[Key] =
    &[Key::new("labels", NAMING, Merge::Own, "Labels that name it; the `*` stands for the name."), FIELD];

const FIELD: Key = Key::new(
    "field",
    FILLED_TEXT,
    Merge::Own,
    "Issue field that holds the name, or several names with commas between them.",
);

/// A pattern, or a mapping of `labels` and `field`.
const NAMED: ValueType = ValueType::AnyOf(&[NAMING, ValueType::Map(NAMES)]);

/// `defects.kind`.
pub const KIND: Key =
    Key::new("kind", NAMED, Merge::Stands(None), "Labels or a field that name a kind: `kind/*`.");

/// `defects.found-by`.
pub const FOUND_BY: Key = Key::new(
    "found-by",
    NAMED,
    Merge::Stands(None),
    "Labels or a field that name who found it: `found-by/*`.",
);

/// `defects.root-cause`.
pub const ROOT_CAUSE: Key = Key::new(
    "root-cause",
    NAMED,
    Merge::Stands(None),
    "Labels or a field that record a root cause: `root-cause/*`. A section `### Root cause` records one too.",
);

/// `defects.detection-gap`.
pub const DETECTION_GAP: Key = Key::new(
    "detection-gap",
    NAMED,
    Merge::Stands(None),
    "Labels or a field that record why no quality gate caught the defect: `detection-gap/*`. A section `### Detection gap` \
     records it too. Names such as `review`, `unit`, `integration`, `end-to-end`, `performance`, `security` and `monitoring` \
     give the weakest quality gate; other names are allowed.",
);

/// `defects.component`, as a mapping.
pub const COMPONENT: &[Key] = &[
    Key::new(
        "labels",
        NAMING,
        Merge::Own,
        "Labels that name a component: the text at the `*`, as in `area/*`.",
    ),
    FIELD,
    Key::new(
        "paths",
        GLOBS,
        Merge::Own,
        "Globs of each component, for defects without a component label: their fixes change these paths.",
    ),
];

/// `defects.team`, as a mapping.
pub const TEAM: &[Key] = &[
    Key::new("labels", NAMING, Merge::Own, "Labels that name a team, as in `team/*`."),
    FIELD,
    Key::new(
        "codeowners",
        TRUTH_OR_PATH,
        Merge::Own,
        "`true`, or the path of a CODEOWNERS file: the owners of changed paths are the teams of defects \
         without a team label.",
    ),
];

/// `deployments`.
// Another environment is neither stricter nor looser, so the inherited one stays.
pub const DEPLOYMENTS: &[Key] = &[Key::new(
    "environment",
    ValueType::Text,
    Merge::Stands(None),
    "The environment whose failed deployments and rollbacks count, by its name on GitHub.",
)
.required()];

/// `gates`. No rule goes by it.
// A report only. The nearer file may say what it likes, since no verdict depends on it.
pub const GATES: &[Key] = &[
    Key::new("over", OVER, Merge::Nearest, "Scope of the escaped defects. By default, `90d`."),
    Key::new("review", CAUSES, Merge::Nearest, "Root causes and detection gaps that review should catch."),
    Key::new("unit", CAUSES, Merge::Nearest, "Root causes and detection gaps that unit tests should catch."),
    Key::new(
        "integration",
        CAUSES,
        Merge::Nearest,
        "Root causes and detection gaps that integration tests should catch.",
    ),
    Key::new(
        "end-to-end",
        CAUSES,
        Merge::Nearest,
        "Root causes and detection gaps that end-to-end tests should catch.",
    ),
    Key::new(
        "performance",
        CAUSES,
        Merge::Nearest,
        "Root causes and detection gaps that performance tests should catch.",
    ),
    Key::new(
        "security",
        CAUSES,
        Merge::Nearest,
        "Root causes and detection gaps that security tests should catch.",
    ),
    Key::new(
        "monitoring",
        CAUSES,
        Merge::Nearest,
        "Root causes and detection gaps that monitoring should catch.",
    ),
];
