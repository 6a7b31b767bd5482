//! The table of quality gates.

use super::super::code::Code;
use super::super::gates::{QualityGate, QualityGates};
use super::super::raw::RawGates;
use super::{empty_list, pattern, scope};
use crate::model::{Anchored, same_name};
use crate::policy::language::{Draft, Field, Problems, Spanned, quote};

/// The table; none if something is wrong with it, which is then reported.
pub(super) fn gates(
    field: &Field<RawGates>,
    periods: Option<&[Anchored]>,
    problems: &mut Problems,
) -> Option<QualityGates> {
    let built_in = QualityGates::built_in();
    let raw = match field {
        Field::Absent => return Some(built_in),
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let over = match &raw.over {
        Field::Absent => Some(built_in.over),
        Field::Bad => None,
        Field::Good(at) => scope::over(at, None, periods, problems),
    };
    let mut seen: Vec<(QualityGate, &Spanned<String>)> = Vec::new();
    let mut own = Some(Vec::new());
    for (gate, field) in &raw.causes {
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
    Some(QualityGates { over: over?, own: own? })
}
