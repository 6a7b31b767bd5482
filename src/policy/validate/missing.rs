//! `missing`: the effect of a gap on the verdict.

use super::known_word;
use crate::policy::code::Code;
use crate::policy::keys::MISSING;
use crate::policy::language::{Field, Fields, Problems, read_text};
use crate::policy::{Missing, Tolerance};

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
