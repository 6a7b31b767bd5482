//! Keys for learning from defects: components and teams by path, deployments, quality gates.

use super::types::{GLOBS, NAMING, OVER, PATTERN, TRUTH_OR_PATH};
use super::{Key, Merge, ValueType};

/// Root causes of a gate.
const CAUSES: ValueType = ValueType::List { of: &PATTERN, least: 1 };

/// `defects.component`, as a mapping.
pub const COMPONENT: &[Key] = &[
    Key::new(
        "labels",
        NAMING,
        Merge::Own,
        "Labels that name a component: the text at the `*`, as in `area/*`.",
    ),
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
    Key::new("review", CAUSES, Merge::Nearest, "Root causes that review should catch."),
    Key::new("unit", CAUSES, Merge::Nearest, "Root causes that unit tests should catch."),
    Key::new("integration", CAUSES, Merge::Nearest, "Root causes that integration tests should catch."),
    Key::new("end-to-end", CAUSES, Merge::Nearest, "Root causes that end-to-end tests should catch."),
    Key::new("performance", CAUSES, Merge::Nearest, "Root causes that performance tests should catch."),
    Key::new("security", CAUSES, Merge::Nearest, "Root causes that security tests should catch."),
    Key::new("monitoring", CAUSES, Merge::Nearest, "Root causes that monitoring should catch."),
];
