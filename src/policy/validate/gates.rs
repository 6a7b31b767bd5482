//! `gates`: root causes by the quality gate that should have caught them.

use super::scope::check_over;
use super::{empty_list, pattern};
use crate::model::{Anchored, same_name};
use crate::policy::LabelPattern;
use crate::policy::code::Code;
use crate::policy::gates::{QualityGate, QualityGates};
use crate::policy::keys::GATES;
use crate::policy::language::{Draft, Field, Fields, Problems, Spanned, quote, read_text, read_texts};

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
