//! The weakest gate: which quality gate should have caught the most of what escaped, and what would strengthen it.

use serde::Serialize;

use super::percent_text;
use crate::policy::QualityGate;
use crate::verdict::EscapesByQualityGate;

/// Escaped defects by the gate that should have caught them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GateReport {
    /// What was looked at: "reported in the last 90 days".
    pub over: String,
    /// How many escaped defects there are.
    pub defects: u64,
    /// How many of them have a root cause by name.
    pub with_root_cause: u64,
    /// How many have none, and so say nothing about any gate.
    pub without_root_cause: u64,
    /// How many have root causes that fit no gate.
    pub unmapped: u64,
    /// The gates that let the most through: several if they tie.
    pub weakest: Vec<&'static str>,
    /// The finding in one sentence.
    pub summary: String,
    /// What would strengthen the weakest gates, a sentence for each.
    pub strategy: Vec<String>,
    /// Every gate that let something through, the weakest first.
    pub gates: Vec<GateLine>,
}

/// One gate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GateLine {
    /// Its name.
    pub gate: &'static str,
    /// The defects that it should have caught.
    pub issues: Vec<u64>,
}

/// What the report says of the gates.
pub fn gate_report(escapes: &EscapesByQualityGate, over: String) -> GateReport {
    let most = escapes.gates.first().map_or(0, |(_, defects)| defects.len());
    let weakest: Vec<QualityGate> =
        escapes.gates.iter().filter(|(_, defects)| defects.len() == most).map(|(gate, _)| *gate).collect();
    let with = escapes.with_root_cause;
    let without = escapes.defects.saturating_sub(with);
    let unmapped = escapes.unmapped.len() as u64;
    let share = format!("{} ({most} of {with} with a root cause)", percent_text(most as u64, with));
    let names: Vec<&str> = weakest.iter().map(|gate| gate.name()).collect();
    let mut summary = match names.as_slice() {
        [only] => format!("The weakest gate is {only}: it should have caught {share}"),
        several => format!(
            "The weakest gates are {}, at a tie: each should have caught {share}",
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

/// What strengthens a gate.
fn gate_advice(gate: QualityGate) -> &'static str {
    match gate {
        QualityGate::Review => {
            "Review: read such changes with a checklist made of these root causes, and design before code."
        }
        QualityGate::Unit => {
            "MetricUnit tests: test the edges and the error paths of the parts that these defects were in."
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
