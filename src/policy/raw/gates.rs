//! The section `gates`: root causes by the gate that should have caught them.

use crate::policy::gates::QualityGate;
use crate::policy::keys;
use crate::policy::language::{Field, Fields, Node, Problems, Spanned, read_text, read_texts};

/// The section `gates`.
#[derive(Debug)]
pub(in crate::policy) struct RawGates {
    pub over: Field<String>,
    pub causes: Vec<(QualityGate, Field<Vec<Spanned<String>>>)>,
}

/// The section, whose keys are `over` and the gates.
pub(super) fn gates(node: &Node, name: &str, problems: &mut Problems) -> Option<RawGates> {
    let fields = Fields::open(node, name, keys::GATES, problems)?;
    let over = fields.get("over", problems, read_text);
    let causes = QualityGate::ALL.map(|gate| (gate, fields.get(gate.name(), problems, read_texts)));
    Some(RawGates { over, causes: causes.into() })
}
