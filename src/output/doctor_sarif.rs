//! Findings of `doctor` as SARIF 2.1.0, for GitHub's code scanning.

use serde_json::{Value, json};

use crate::report::{DoctorReport, Finding, FindingLevel};

/// Returns the SARIF document.
pub fn doctor_sarif(report: &DoctorReport) -> Value {
    let mut ids: Vec<(&str, &str)> =
        report.findings.iter().map(|finding| (finding.id, finding.why)).collect();
    ids.sort_unstable();
    ids.dedup();
    let rules: Vec<Value> =
        ids.iter().map(|(id, why)| json!({ "id": id, "shortDescription": { "text": why } })).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "escape-gate doctor", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "results": report.findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding) -> Value {
    let level = match finding.level {
        FindingLevel::Error => "error",
        FindingLevel::Warning => "warning",
        FindingLevel::Note => "note",
    };
    // Rules of a branch are in no file, and code scanning refuses line 0.
    let mut place = json!({ "artifactLocation": { "uri": finding.file } });
    if finding.line > 0 {
        place["region"] = json!({ "startLine": finding.line });
    }
    json!({
        "ruleId": finding.id,
        "level": level,
        "message": { "text": format!("{}. Way: {}. Fix:\n{}", finding.problem, finding.way, finding.fix) },
        "locations": [{ "physicalLocation": place }],
    })
}
