//! Which quality gate lets the most through.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::evidence::Evidence;
use crate::metric::measure;
use crate::model::{DefectFilter, IssueNumber, MetricId, Over, Scope};
use crate::policy::{QualityGate, QualityGates};

/// Escaped defects by the gate that should have caught them.
#[derive(Debug, Clone)]
pub struct EscapesByQualityGate {
    /// What was looked at.
    pub over: Over,
    /// What that came to, for a person.
    pub basis: String,
    /// How many escaped defects there are.
    pub defects: u64,
    /// How many of them have a root cause by name.
    pub with_root_cause: u64,
    /// Those whose root causes fit no gate.
    pub unmapped: Vec<IssueNumber>,
    /// The defects of each gate that has any, the weakest gate first. With root causes of two gates a defect is in both.
    pub gates: Vec<(QualityGate, Vec<IssueNumber>)>,
}

/// Sorts the escaped defects by gate; none if no defect has a root cause that a gate should have caught.
pub fn escapes_by_quality_gate(table: &QualityGates, evidence: &Evidence) -> Option<EscapesByQualityGate> {
    let measured = measure(MetricId::Escaped, evidence, &Scope::new(table.over, DefectFilter::default()));
    let mut gates: BTreeMap<QualityGate, Vec<IssueNumber>> = BTreeMap::new();
    let (mut with_root_cause, mut unmapped) = (0, Vec::new());
    // A root cause is looked up once, however many defects have it.
    let mut known: HashMap<&str, Option<QualityGate>> = HashMap::new();
    let in_scope = |number: &IssueNumber| measured.against.binary_search(number).is_ok();
    for defect in evidence.escaped()?.filter(|defect| in_scope(&defect.number())) {
        if defect.root_causes.is_empty() {
            continue;
        }
        with_root_cause += 1;
        let mut found: Vec<QualityGate> = defect
            .root_causes
            .iter()
            .filter_map(|cause| *known.entry(cause).or_insert_with(|| table.gate_of(cause)))
            .collect();
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            unmapped.push(defect.number());
        }
        for gate in found {
            gates.entry(gate).or_default().push(defect.number());
        }
    }
    let mut gates: Vec<(QualityGate, Vec<IssueNumber>)> = gates.into_iter().collect();
    gates.sort_by_key(|(gate, defects)| (Reverse(defects.len()), *gate));
    (!gates.is_empty()).then_some(EscapesByQualityGate {
        over: table.over,
        basis: measured.basis,
        defects: measured.against.len() as u64,
        with_root_cause,
        unmapped,
        gates,
    })
}
