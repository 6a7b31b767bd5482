//! `gates`: root causes and detection gaps by the quality gate that should have caught them.

use crate::model::{Anchored, same_name};
use crate::policy::checks::{empty_list, pattern};
use crate::policy::code::Code;
use crate::policy::keys::{Key, Merge, OVER, PATTERN, ValueType};
use crate::policy::language::{Draft, Field, Fields, Problems, Spanned, quote, read_text, read_texts};
use crate::policy::matcher::LabelPattern;
use crate::policy::scopes::check_over;
use crate::policy::{QualityGate, QualityGates};

/// `gates`. No rule goes by it.
// A report only. The nearer file may say what it likes, since no verdict depends on it.
pub(in crate::policy) const GATES: &[Key] = &[
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

/// Names of root causes or detection gaps.
const CAUSES: ValueType = ValueType::List { of: &PATTERN, least: 1 };

/// Reads `gates`; `None` if something in it is wrong.
pub(super) fn read_gates(
    policy: &Fields<'_>,
    periods: Option<&[Anchored]>,
    problems: &mut Problems,
) -> Option<QualityGates> {
    policy.section_or_empty("gates", GATES, problems, |fields, problems| {
        let over = fields.get("over", problems, read_text);
        let over = over.check_or(QualityGates::built_in().over, |at| check_over(at, None, periods, problems));
        let causes = QualityGate::ALL.map(|gate| (gate, fields.get(gate.name(), problems, read_texts)));
        let own = check_causes(&causes, problems);
        Some(QualityGates { over: over?, own: own? })
    })
}

/// Returns the patterns of each quality gate. Reports an invalid one, or one of two quality gates, and returns `None`.
fn check_causes(
    causes: &[(QualityGate, Field<Vec<Spanned<String>>>)],
    problems: &mut Problems,
) -> Option<Vec<(QualityGate, Vec<LabelPattern>)>> {
    let mut seen: Vec<(QualityGate, &Spanned<String>)> = Vec::new();
    let mut own = Some(Vec::new());
    for (gate, field) in causes {
        let at = match field {
            Field::Absent => continue,
            Field::Bad => {
                own = None;
                continue;
            }
            Field::Good(at) => at,
        };
        if at.value.is_empty() {
            problems.push(empty_list(at, &format!("`{}`", gate.name())));
            own = None;
        }
        let mut patterns = Vec::new();
        for item in &at.value {
            if let Some((other, first)) = seen.iter().find(|(_, one)| same_name(&one.value, &item.value)) {
                let message = format!("the root cause {} stands at two gates", quote(&item.value));
                problems.push(
                    Draft::new(Code::CauseAtTwoGates, &item.span, message)
                        .label(gate.name())
                        .see(&first.span, other.name())
                        .help("keep it at the gate that should have caught it"),
                );
                own = None;
            }
            seen.push((*gate, item));
            patterns.push(pattern(item, "a pattern of root causes", problems));
        }
        let patterns: Option<Vec<_>> = patterns.into_iter().collect();
        own = own.zip(patterns).map(|(mut own, patterns)| {
            own.push((*gate, patterns));
            own
        });
    }
    own
}
