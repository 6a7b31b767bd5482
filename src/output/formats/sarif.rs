//! The report as SARIF 2.1.0, for code scanning: one result for each rule that does not pass, and for each gap.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::gate_alert::{GateAlert, gap_id, gate_alerts};
use crate::output::escape::{Markdown, Plain, Safe, inline, is_safe_address, prose, safe};
use crate::output::sarif_log::{sarif_location, sarif_log};
use crate::report::{GapLine, Report, RuleLine, Verdict, join_limited, metric_noun};

/// Page of the documentation that explains metrics and verdicts.
const METRICS_PAGE: &str =
    concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/v", env!("CARGO_PKG_VERSION"), "/docs/reference/metrics.md");

/// Maximum number of issues that a message names.
const NAMED_ISSUES: usize = 10;

/// Returns the SARIF log.
pub fn report_sarif(report: &Report) -> Value {
    let urls: BTreeMap<u64, &str> =
        report.defects.iter().map(|defect| (defect.number, defect.url.as_str())).collect();
    let mut rules: Vec<Value> = report.rules.iter().map(rule_descriptor).collect();
    let mut areas = BTreeSet::new();
    rules.extend(report.gaps.iter().filter(|gap| areas.insert(gap_id(gap))).map(gap_descriptor));
    let results: Vec<Value> = gate_alerts(report).iter().map(|alert| result(alert, report, &urls)).collect();
    let mut log = sarif_log("escape-gate", &rules, &results);
    // Two gates of one repository keep their alerts apart.
    log["runs"][0]["automationDetails"] =
        json!({ "id": format!("escape-gate/{}/", &*Safe::<Plain>::of(&report.id)) });
    log["runs"][0]["properties"] = json!({ "verdict": report.verdict.name() });
    log
}

/// Describes a rule, with help and a link to its metric.
fn rule_descriptor(rule: &RuleLine) -> Value {
    let noun = metric_noun(&rule.metric).unwrap_or("");
    let why = rule.why.as_ref().map(|why| Safe::<Plain>::of(why).into_string()).unwrap_or_default();
    let limit = Safe::<Plain>::of(&format!("{}: {noun}. Limit: {}.", rule.metric, rule.bound)).into_string();
    let explain = format!("escape-gate explain {}", &*Safe::<Plain>::of(&rule.id));
    let link = format!("{METRICS_PAGE}#{}", rule.metric.replace('.', ""));
    let help: Safe<Markdown> = safe!(
        "{}\n\n{}\n\nRun `{}` to see how the value comes about. [The metric]({})\n",
        prose(&limit),
        rule.why.as_deref().map(prose).unwrap_or_default(),
        inline(&explain),
        Safe::<Markdown>::from(METRICS_PAGE)
    );
    json!({
        "id": rule.id,
        "shortDescription": { "text": format!("Escape gate: {}", limit) },
        "fullDescription": { "text": if why.is_empty() { limit.clone() } else { why.clone() } },
        "help": {
            "text": format!("{limit} {why}\nRun `{explain}` to see how the value comes about.").replace("  ", " "),
            "markdown": help.into_string(),
        },
        "helpUri": link,
        "defaultConfiguration": { "level": if rule.blocks { "error" } else { "warning" } },
        "properties": { "tags": ["escaped-defects"], "metric": rule.metric },
    })
}

/// Describes missing evidence of one kind.
fn gap_descriptor(gap: &GapLine) -> Value {
    let text = format!("Escape gate: evidence about {} is missing", gap.area.name());
    let help = "Evidence that could not be read makes the verdict unknown, or warns if the policy tolerates the gap.";
    json!({
        "id": gap_id(gap),
        "shortDescription": { "text": text },
        "fullDescription": { "text": help },
        "help": { "text": help },
        "helpUri": format!("{METRICS_PAGE}#verdicts"),
        "properties": { "tags": ["escaped-defects"] },
    })
}

fn result(alert: &GateAlert<'_>, report: &Report, urls: &BTreeMap<u64, &str>) -> Value {
    let level = match alert.verdict {
        // Missing evidence blocks as a failure does.
        Verdict::Fail | Verdict::Unknown => "error",
        Verdict::Warn | Verdict::Waived => "warning",
        Verdict::Pass => "none",
    };
    let issues: Vec<String> = alert
        .rule
        .into_iter()
        .flat_map(|rule| &rule.issues)
        .map(|number| match urls.get(number) {
            Some(url) if is_safe_address(url) => format!("[#{number}]({url})"),
            Some(_) | None => format!("#{number}"),
        })
        .collect();
    let mut text = message_text(&alert.text);
    if !issues.is_empty() {
        text.push_str(&format!(". Issues: {}", join_limited(&issues, NAMED_ISSUES)));
    }
    let mut result = json!({
        "ruleId": alert.id,
        "level": level,
        "message": { "text": text },
        "locations": [sarif_location(&alert.path, alert.line)],
        // GitHub compares the first one. Without it, a rule that moves to another line would be a new alert.
        "partialFingerprints": {
            "primaryLocationLineHash": alert.fingerprint,
            "escapeGateRule/v1": alert.fingerprint,
        },
        "properties": { "verdict": alert.verdict.name() },
    });
    if alert.verdict == Verdict::Waived {
        result["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": justification(alert, report),
        }]);
    }
    result
}

/// Returns the reasons of the exceptions that let a rule pass.
fn justification(alert: &GateAlert<'_>, report: &Report) -> String {
    let of_rule = report.exceptions.iter().filter(|line| line.rules.contains(&alert.id));
    let reasons: Vec<String> = of_rule
        .map(|line| Safe::<Plain>::of(&format!("{} ({})", line.reason, line.by)).into_string())
        .collect();
    if reasons.is_empty() { alert.text.clone() } else { reasons.join("; ") }
}

/// Escapes a message, in which square brackets begin a link.
fn message_text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}
