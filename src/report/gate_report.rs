//! The weakest quality gate: the one that should have caught the most escaped defects, and advice to strengthen it.

use serde::Serialize;

use super::percent_text;
use crate::policy::QualityGate;
use crate::verdict::EscapesByQualityGate;

/// Escaped defects by the quality gate that should have caught them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GateReport {
    /// Scope, for example `reported in the last 90 days`.
    pub over: String,
    /// Number of escaped defects.
    pub defects: u64,
    /// Number of escaped defects with a root cause.
    pub with_root_cause: u64,
    /// Number of escaped defects without a root cause.
    pub without_root_cause: u64,
    /// Number of escaped defects whose root cause belongs to no quality gate.
    pub unmapped: u64,
    /// Quality gates that missed the most defects; several if they tie.
    pub weakest: Vec<&'static str>,
    /// Summary, one sentence.
    pub summary: String,
    /// Advice for each weakest quality gate, one sentence each.
    pub strategy: Vec<String>,
    /// Quality gates that missed a defect, weakest first.
    pub gates: Vec<GateLine>,
}

/// One quality gate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GateLine {
    /// Name of the quality gate, for example `unit`.
    pub gate: &'static str,
    /// Numbers of the defects that it should have caught.
    pub issues: Vec<u64>,
}

/// Summarizes the escaped defects by quality gate.
pub fn gate_report(escapes: &EscapesByQualityGate, over: String) -> GateReport {
    let most = escapes.gates.first().map_or(0, |(_, defects)| defects.len());
    let weakest: Vec<QualityGate> =
        // All that tie: naming only the first would send a team to the wrong gate.
        escapes.gates.iter().filter(|(_, defects)| defects.len() == most).map(|(gate, _)| *gate).collect();
    let with = escapes.with_root_cause;
    let without = escapes.defects.saturating_sub(with);
    let unmapped = escapes.unmapped.len() as u64;
    let share = format!("{} ({most} of {with} with a root cause)", percent_text(most as u64, with));
    let names: Vec<&str> = weakest.iter().map(|gate| gate.name()).collect();
    let mut summary = match names.as_slice() {
        [only] => format!("The weakest quality gate is {only}: it should have caught {share}"),
        several => format!(
            "The weakest quality gates are {}, at a tie: each should have caught {share}",
            several.join(" and ")
        ),
    };
    if unmapped > 0 {
        summary.push_str(&format!("; {unmapped} with a root cause that fits no gate"));
    }
    if without > 0 {
        summary.push_str(&format!("; {without} without a root cause"));
    }
    summary.push('.');
    GateReport {
        over,
        defects: escapes.defects,
        with_root_cause: with,
        without_root_cause: without,
        unmapped,
        weakest: names,
        summary,
        strategy: weakest.into_iter().map(|gate| gate_advice(gate).to_owned()).collect(),
        gates: escapes
            .gates
            .iter()
            .map(|(gate, defects)| GateLine {
                gate: gate.name(),
                issues: defects.iter().map(|number| number.0).collect(),
            })
            .collect(),
    }
}

fn gate_advice(gate: QualityGate) -> &'static str {
    match gate {
        QualityGate::Review => {
            "Review: read such changes with a checklist made of these root causes, and design before code."
        }
        QualityGate::Unit => {
            "Unit tests: test the edges and the error paths of the parts that these defects were in."
        }
        QualityGate::Integration => {
            "Integration tests: test the parts together, with real schemas, versions and data at their seams."
        }
        QualityGate::EndToEnd => {
            "End-to-end tests: walk through the journeys that broke, as a user meets them."
        }
        QualityGate::Performance => {
            "Performance tests: run load and soak tests with the figures of production before a release."
        }
        QualityGate::Security => {
            "Security tests: scan code and dependencies on every change, and test what an attacker would try."
        }
        QualityGate::Monitoring => {
            "Monitoring: roll out in steps, and alert on the signals that would have shown these defects at once."
        }
    }
}
