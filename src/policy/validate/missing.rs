//! `missing`: the effect of a gap on the verdict.

use super::{unknown, word};
use crate::policy::code::Code;
use crate::policy::keys::MISSING;
use crate::policy::language::{Field, Fields, Problems, read_text};
use crate::policy::{Missing, Tolerance};

/// Reads `missing`, and the field `severity`, which is checked together with `defects.severity.untriaged`.
pub(in crate::policy) fn read_missing(
    policy: &Fields<'_>,
    problems: &mut Problems,
) -> (Option<Missing>, Field<String>) {
    let mut severity = Field::Absent;
    let section = policy.section("missing", MISSING, problems, |fields, problems| {
        severity = fields.get("severity", problems, read_text);
        let mut tolerance = |key| {
            let field = fields.get(key, problems, read_text);
            field.check_or(Tolerance::Unknown, |at| {
                let name = |tolerance| if tolerance == Tolerance::Warn { "warn" } else { "unknown" };
                let found = word(at, [Tolerance::Unknown, Tolerance::Warn], name);
                if found.is_none() {
                    let what = "an answer to missing evidence";
                    problems.push(unknown(Code::UnknownTolerance, at, what, ["unknown", "warn"]));
                }
                found
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
    let unknown = Tolerance::Unknown;
    let default =
        Missing { issues: unknown, tests: unknown, history: unknown, deployments: unknown, origins: unknown };
    (section.or_default(default), severity)
}
