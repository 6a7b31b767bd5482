//! The weakest quality gate: the one that should have caught the most escaped defects, and advice to strengthen it.

use serde::Serialize;

use super::percent_text;
use crate::model::IssueNumber;
use crate::policy::QualityGate;
use crate::verdict::{EscapesByQualityGate, MissedDefects};

/// Escaped defects by the quality gate that should have caught them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct GateReport {
    /// Scope, for example `reported in the last 90 days`.
    pub over: String,
    /// Number of escaped defects.
    pub defects: u64,
    /// Number of escaped defects that go by their detection gap.
    pub with_detection_gap: u64,
    /// Number of escaped defects without a detection gap that go by their root cause.
    pub with_root_cause: u64,
    /// Number of escaped defects with neither a detection gap nor a root cause.
    pub without_cause: u64,
    /// Number of escaped defects whose detection gap or root cause belongs to no quality gate.
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct GateLine {
    /// Name of the quality gate, for example `unit`.
    pub gate: &'static str,
    /// Numbers of the defects that it should have caught.
    pub issues: Vec<u64>,
    /// Numbers of the `issues` that go by the detection gap; the others go by the root cause.
    pub by_detection_gap: Vec<u64>,
}

/// Summarizes the escaped defects by quality gate.
pub fn gate_report(escapes: &EscapesByQualityGate, over: String) -> GateReport {
    let most = escapes.gates.first().map_or(0, |missed| missed.issues.len());
    // All that tie: naming only the first would send a team to the wrong gate.
    let weakest: Vec<&MissedDefects> =
        escapes.gates.iter().filter(|missed| missed.issues.len() == most).collect();
    let (with_gap, with_root_cause) = (escapes.by_detection_gap, escapes.by_root_cause);
    let without = escapes.defects.saturating_sub(with_gap + with_root_cause);
    let unmapped = escapes.unmapped.len() as u64;
    let cause = match (with_gap, with_root_cause) {
        (0, _) => "a root cause",
        (_, 0) => "a detection gap",
        (_, _) => "a detection gap or a root cause",
    };
    let of = with_gap + with_root_cause;
    let share = format!("{} ({most} of {of} with {cause})", percent_text(most as u64, of));
    let names: Vec<&str> = weakest.iter().map(|missed| missed.gate.name()).collect();
    let mut summary = match names.as_slice() {
        [only] => format!("The weakest quality gate is {only}: it should have caught {share}"),
        several => format!(
            "The weakest quality gates are {}, at a tie: each should have caught {share}",
            several.join(" and ")
        ),
    };
    if with_gap > 0 && with_root_cause > 0 {
        let counts = weakest.iter().map(|missed| {
            let gaps = missed.by_detection_gap.len();
            format!("{gaps} by detection gap and {} by root cause", missed.issues.len() - gaps)
        });
        let counts: Vec<String> = match names.as_slice() {
            [_] => counts.collect(),
            several => several.iter().zip(counts).map(|(name, count)| format!("{name} {count}")).collect(),
        };
        summary.push_str(&format!("; {}", counts.join(", ")));
    }
    if unmapped > 0 {
        summary.push_str(&format!("; {unmapped} with {cause} that fits no gate"));
    }
    if without > 0 {
        summary.push_str(&format!("; {without} without {cause}"));
    }
    summary.push('.');
    let numbers = |issues: &[IssueNumber]| issues.iter().map(|number| number.0).collect();
    GateReport {
        over,
        defects: escapes.defects,
        with_detection_gap: with_gap,
        with_root_cause,
        without_cause: without,
        unmapped,
        weakest: names,
        summary,
        strategy: weakest.iter().map(|missed| gate_advice(missed.gate).to_owned()).collect(),
        gates: escapes
            .gates
            .iter()
            .map(|missed| GateLine {
                gate: missed.gate.name(),
                issues: numbers(&missed.issues),
                by_detection_gap: numbers(&missed.by_detection_gap),
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
