//! The report in the code quality format of GitLab: one entry for each rule that does not pass, and for each gap.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::gate_alert::{GateAlert, gate_alerts};
use crate::report::{Report, Verdict};

/// Returns the list of entries.
pub fn code_quality(report: &Report) -> Value {
    // GitLab keeps one entry of those that share a fingerprint.
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let entry = |alert: &GateAlert<'_>| {
        let count = seen.entry(alert.fingerprint.clone()).or_default();
        *count += 1;
        let suffix = if *count > 1 { format!("-{count}") } else { String::new() };
        json!({
            "description": alert.text,
            "check_name": alert.id,
            "fingerprint": format!("{}{suffix}", alert.fingerprint),
            "severity": severity(alert.verdict),
            "location": { "path": alert.path, "lines": { "begin": alert.line.unwrap_or(1) } },
        })
    };
    gate_alerts(report).iter().map(entry).collect()
}

/// Returns the severity of a verdict, of GitLab's `info`, `minor`, `major`, `critical` and `blocker`.
fn severity(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail => "blocker",
        Verdict::Unknown => "critical",
        Verdict::Warn => "minor",
        Verdict::Waived | Verdict::Pass => "info",
    }
}
