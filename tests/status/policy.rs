//! A scenario's sketch of a policy, in the policy's own keys.

use serde_json::Value;

/// The policy as YAML.
pub fn of(scenario: &Value) -> String {
    let sketch = &scenario["policy"];
    let mut text = String::from("version: 1\n");
    if let Some(tags) = sketch["tags"].as_str() {
        text.push_str(&format!("releases: {{ tags: \"{tags}\" }}\n"));
    }
    if sketch["lines-complete"] == true {
        text.push_str("lines: { complete: true }\n");
    }
    let by_bot = |label: &Value| label["by"] == "bot";
    let tickets = scenario["tickets"].as_array().into_iter().flatten();
    if tickets.flat_map(|ticket| ticket["labels"].as_array().into_iter().flatten()).any(by_bot) {
        text.push_str("attribution: { bots: [triage-bot] }\n");
    }
    text.push_str("defects:\n  escaped: { labels: [production-bug] }\n");
    if sketch["severity"] == true {
        text.push_str("  severity: { critical: [sev/critical], minor: [sev/minor] }\n");
    }
    for (class, label) in sketch["excluded"].as_object().into_iter().flatten() {
        text.push_str(&format!("  excluded: {{ {class}: [{label}] }}\n"));
    }
    for key in ["pre-releases", "closed-without-change"] {
        if let Some(value) = sketch[key].as_str() {
            text.push_str(&format!("  {key}: {value}\n"));
        }
    }
    let blocking = &sketch["blocking"];
    if let Some(keys) = blocking.as_object() {
        let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        text.push_str(&format!("  blocking: {{ {} }}\n", keys.join(", ")));
    }
    if let Some(entries) = sketch["status"].as_object() {
        text.push_str("  status:\n");
        for (issue, entry) in entries {
            let scope = if entry["release"].is_null() { &entry["line"] } else { &entry["release"] };
            text.push_str(&format!(
                "    - {{ issue: {issue}, in: {scope}, is: {}, by: {}, reason: {} }}\n",
                entry["status"], entry["by"], entry["reason"]
            ));
        }
    }
    text.push_str("rules:\n");
    let mut rule = String::from("id: unfixed, metric: unfixed, max: 0");
    for key in ["hotfix", "since", "under-investigation"] {
        if let Some(value) = sketch["rule"][key].as_str() {
            rule.push_str(&format!(", {key}: {value}"));
        }
    }
    text.push_str(&format!("  - {{ {rule} }}\n"));
    if !blocking.is_null() {
        text.push_str("  - { id: blockers, metric: blockers, max: 0 }\n");
    }
    text
}
