//! Findings of `doctor` as SARIF 2.1.0, for GitHub's code scanning.

use serde_json::{Value, json};

use super::sarif_log::{sarif_location, sarif_log};
use crate::report::{DoctorReport, Finding, FindingLevel};

/// Returns the SARIF document.
pub fn doctor_sarif(report: &DoctorReport) -> Value {
    let mut ids: Vec<(&str, &str)> =
        report.findings.iter().map(|finding| (finding.id, finding.why)).collect();
    ids.sort_unstable();
    ids.dedup();
    let rules: Vec<Value> =
        ids.iter().map(|(id, why)| json!({ "id": id, "shortDescription": { "text": why } })).collect();
    let results: Vec<Value> = report.findings.iter().map(result).collect();
    sarif_log("escape-gate doctor", &rules, &results)
}

fn result(finding: &Finding) -> Value {
    let level = match finding.level {
        FindingLevel::Error => "error",
        FindingLevel::Warning => "warning",
        FindingLevel::Note => "note",
    };
    json!({
        "ruleId": finding.id,
        "level": level,
        "message": { "text": format!("{}. Way: {}. Fix:\n{}", finding.problem, finding.way, finding.fix) },
        // Rules of a branch are in no file: their line is 0.
        "locations": [sarif_location(&finding.file, Some(finding.line as u64))],
    })
}
