//! Escaped defects by quality gate, to show which one to improve.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::evidence::Evidence;
use crate::metric::measure;
use crate::model::{DefectFilter, IssueNumber, MetricId, Over, Scope};
use crate::policy::{QualityGate, QualityGates};

/// Escaped defects by the quality gate that should have caught them. A defect goes by its detection gap if one is recorded by
/// name, or else by its root cause.
#[derive(Debug, Clone)]
pub struct EscapesByQualityGate {
    /// Scope of the table.
    pub over: Over,
    /// Display text of the resolved scope.
    pub basis: String,
    /// Number of escaped defects in scope.
    pub defects: u64,
    /// Number of escaped defects in scope that go by their detection gap.
    pub by_detection_gap: u64,
    /// Number of escaped defects in scope that go by their root cause.
    pub by_root_cause: u64,
    /// Escaped defects whose detection gaps or root causes belong to no quality gate.
    pub unmapped: Vec<IssueNumber>,
    /// Quality gates that missed a defect, the weakest first. A defect that names two quality gates is in both.
    pub gates: Vec<MissedDefects>,
}

/// Escaped defects that one quality gate should have caught.
#[derive(Debug, Clone)]
pub struct MissedDefects {
    /// The quality gate.
    pub gate: QualityGate,
    /// The defects, by number.
    pub issues: Vec<IssueNumber>,
    /// The part of `issues` that goes by the detection gap.
    pub by_detection_gap: Vec<IssueNumber>,
}

/// Groups the escaped defects by quality gate; `None` if no defect has a detection gap or root cause that belongs to one.
pub fn escapes_by_quality_gate(table: &QualityGates, evidence: &Evidence) -> Option<EscapesByQualityGate> {
    let measured = measure(MetricId::Escaped, evidence, &Scope::new(table.over, DefectFilter::default()));
    let mut gates: BTreeMap<QualityGate, MissedDefects> = BTreeMap::new();
    let (mut by_detection_gap, mut by_root_cause, mut unmapped) = (0, 0, Vec::new());
    // Look up each name once: a lookup matches every pattern of the policy.
    let mut known: HashMap<(bool, &str), Option<QualityGate>> = HashMap::new();
    let in_scope = |number: &IssueNumber| measured.against.binary_search(number).is_ok();
    for defect in evidence.escaped()?.filter(|defect| in_scope(&defect.number())) {
        let by_gap = !defect.detection_gap.names.is_empty();
        let names = if by_gap { &defect.detection_gap.names } else { &defect.root_cause.names };
        if names.is_empty() {
            continue;
        }
        if by_gap {
            by_detection_gap += 1;
        } else {
            by_root_cause += 1;
        }
        let gate_of =
            |name: &str| if by_gap { table.gate_of_detection_gap(name) } else { table.gate_of(name) };
        let mut found: Vec<QualityGate> = names
            .iter()
            .filter_map(|name| *known.entry((by_gap, name)).or_insert_with(|| gate_of(name)))
            .collect();
        // Two names of one quality gate count a defect once.
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            unmapped.push(defect.number());
        }
        for gate in found {
            let none = || MissedDefects { gate, issues: Vec::new(), by_detection_gap: Vec::new() };
            let missed = gates.entry(gate).or_insert_with(none);
            missed.issues.push(defect.number());
            if by_gap {
                missed.by_detection_gap.push(defect.number());
            }
        }
    }
    let mut gates: Vec<MissedDefects> = gates.into_values().collect();
    // The gate itself breaks ties, so that the weakest one is the same in every run.
    gates.sort_by_key(|missed| (Reverse(missed.issues.len()), missed.gate));
    (!gates.is_empty()).then_some(EscapesByQualityGate {
        over: table.over,
        basis: measured.basis,
        defects: measured.against.len() as u64,
        by_detection_gap,
        by_root_cause,
        unmapped,
        gates,
    })
}
