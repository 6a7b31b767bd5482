//! Escaped defects by quality gate, to show which one to improve.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::evidence::Evidence;
use crate::metric::measure;
use crate::model::{DefectFilter, IssueNumber, MetricId, Over, Scope};
use crate::policy::{QualityGate, QualityGates};

/// Escaped defects by the quality gate that should have caught them.
#[derive(Debug, Clone)]
pub struct EscapesByQualityGate {
    /// Scope of the table.
    pub over: Over,
    /// Display text of the resolved scope.
    pub basis: String,
    /// Number of escaped defects in scope.
    pub defects: u64,
    /// Number of escaped defects in scope with a root cause label.
    pub with_root_cause: u64,
    /// Escaped defects whose root causes belong to no quality gate.
    pub unmapped: Vec<IssueNumber>,
    /// Defects of each quality gate, the weakest quality gate first. A defect with root causes of two quality gates is in both.
    pub gates: Vec<(QualityGate, Vec<IssueNumber>)>,
}

/// Groups the escaped defects by quality gate; `None` if no defect has a root cause that belongs to one.
pub fn escapes_by_quality_gate(table: &QualityGates, evidence: &Evidence) -> Option<EscapesByQualityGate> {
    let measured = measure(MetricId::Escaped, evidence, &Scope::new(table.over, DefectFilter::default()));
    let mut gates: BTreeMap<QualityGate, Vec<IssueNumber>> = BTreeMap::new();
    let (mut with_root_cause, mut unmapped) = (0, Vec::new());
    // Look up each root cause once: a lookup matches every pattern of the policy.
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
        // Two root causes of one quality gate count a defect once.
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
    // The gate itself breaks ties, so that the weakest one is the same in every run.
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
