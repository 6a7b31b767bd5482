//! `missing`: the effect of a gap on the verdict.

use crate::policy::checks::known_word;
use crate::policy::code::Code;
use crate::policy::keys::{Key, Merge, ValueType, WhenOmitted};
use crate::policy::language::{Field, Fields, Problems, read_text};
use crate::policy::sections::defects::{STAND_INS, stand_ins};
use crate::policy::{Missing, Tolerance};

/// `missing`.
pub(in crate::policy) const MISSING: &[Key] = &[
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

/// Effects of a gap, from loose to strict.
const TOLERANCE: Merge = Merge::Order(&["warn", "unknown"]);

/// Reads `missing`, and the field `severity`, which is checked together with `defects.severity.untriaged`.
pub(super) fn read_missing(policy: &Fields<'_>, problems: &mut Problems) -> (Option<Missing>, Field<String>) {
    let mut severity = Field::Absent;
    let section = policy.section_or_empty("missing", MISSING, problems, |fields, problems| {
        severity = fields.get("severity", problems, read_text);
        let mut tolerance = |key| {
            fields.get(key, problems, read_text).check_or(Tolerance::Unknown, |at| {
                let name = |tolerance| if tolerance == Tolerance::Warn { "warn" } else { "unknown" };
                let what = (Code::UnknownTolerance, "an answer to missing evidence");
                known_word(at, [Tolerance::Unknown, Tolerance::Warn], name, what, problems)
            })
        };
        let (issues, tests, history) = (tolerance("issues"), tolerance("tests"), tolerance("history"));
        let (deployments, origins) = (tolerance("deployments"), tolerance("origins"));
        Some(Missing {
            issues: issues?,
            tests: tests?,
            history: history?,
            deployments: deployments?,
            origins: origins?,
        })
    });
    (section, severity)
}

fn tolerances() -> Vec<&'static str> {
    vec!["unknown", "warn"]
}
