//! The text of the files that are proposed. What comes from outside stands in double quotes, escaped.

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::practice::AttributeSource;
use super::proposal::Proposal;
use crate::policy::yaml_double_quoted;

/// The policy key for pull requests. Presets block them, so the policy has to give a reason.
const PULL_REQUESTS: &str = "\
# A pull request that has nothing to do with a defect only warns of it. Releases, pull requests to a release branch, and
# those that take a fix back are blocked. With `block` no change can be merged until every defect is fixed.
pull-requests: warn
";

/// The policy.
pub fn policy(proposal: &Proposal) -> String {
    let mut out = String::from(
        "# Which issues are escaped defects, and which limits a release has to meet.\n\
         # Check it with `escape-gate policy check`, try it with `escape-gate simulate`.\nversion: 1\n",
    );
    out.push_str(&format!("extends: [{}]\n{PULL_REQUESTS}override:\n", proposal.preset));
    out.push_str(
        "  - { key: pull-requests, reason: Defects block releases and not unrelated pull requests. }\n",
    );
    let old = proposal.old_defects.filter(|_| proposal.preset != MILD_PRESET);
    if let Some((count, _)) = old {
        out.push_str(&format!(
            "  - {{ rule: zero-critical, reason: The {count} escaped defects that were open when the policy began are debt. }}\n"
        ));
    }
    if let Some(product) = &proposal.product {
        out.push_str(&format!("product: {}\n", yaml_double_quoted(product)));
    }
    if let Some(tags) = proposal.release_tags() {
        out.push_str(&format!("releases: {{ tags: {} }}\n", yaml_double_quoted(&tags)));
    }
    out.push_str(&defects(proposal));
    if !proposal.headings.is_empty() {
        out.push_str(&format!(
            "attribution:   # headings of the issue forms that ask for a version\n  form: {{ headings: {{ read: {} }} }}\n",
            yaml_list(&proposal.headings)
        ));
    }
    if !proposal.reports.is_empty() {
        out.push_str(&format!("tests:\n  reports: {}\n", yaml_list(&proposal.reports)));
    }
    out.push_str(&rules(proposal, old));
    out
}

/// The preset that blocks nothing.
pub const MILD_PRESET: &str = "starter";

/// The section `defects`.
pub fn defects(proposal: &Proposal) -> String {
    let mut out = String::from("defects:\n");
    for (key, labels, types, about) in [
        (
            "escaped",
            &proposal.escaped,
            &proposal.escaped_types,
            "found in production: a maintainer sets it in triage",
        ),
        ("caught", &proposal.caught, &proposal.caught_types, "found before"),
    ] {
        let lists = [("labels", labels), ("types", types)].into_iter().filter(|(_, names)| !names.is_empty());
        let lists: Vec<String> = lists.map(|(name, names)| format!("{name}: {}", yaml_list(names))).collect();
        // An empty list of labels says that nothing is caught.
        let lists = if lists.is_empty() { "labels: []".to_owned() } else { lists.join(", ") };
        out.push_str(&format!("  {key}: {{ {lists} }}   # {about}\n"));
    }
    let practice = &proposal.practice;
    if !practice.blocking.is_empty() {
        out.push_str(&format!("  blocking: {{ labels: {} }}\n", yaml_list(&practice.blocking)));
    }
    out.push_str("  severity:\n");
    for (name, labels) in proposal.severity.iter().filter(|(_, labels)| !labels.is_empty()) {
        out.push_str(&format!("    {name}: {}\n", yaml_list(labels)));
    }
    out.push_str("  excluded:   # expected issues: shown, and not counted\n");
    for (class, labels) in practice.excluded.iter().filter(|(_, labels)| !labels.is_empty()) {
        out.push_str(&format!("    {class}: {}\n", yaml_list(labels)));
    }
    let source = |labels: &Option<String>, field: &Option<String>| AttributeSource {
        labels: labels.clone(),
        field: field.clone(),
        has_own_names: false,
    };
    for (key, source) in [
        ("component", &source(&proposal.component, &proposal.component_field)),
        ("team", &source(&proposal.team, &proposal.team_field)),
        ("kind", &practice.kind),
        ("found-by", &practice.found_by),
        ("root-cause", &practice.root_cause),
        ("detection-gap", &practice.detection_gap),
    ] {
        if key == "team" && source.is_empty() && proposal.has_team_owners {
            out.push_str("  team: { codeowners: true }\n");
        }
        out.push_str(&attribute(key, source));
    }
    if !practice.root_cause_needed.is_empty() {
        out.push_str(&format!("  root-cause-needed: {}\n", yaml_list(&practice.root_cause_needed)));
    }
    out
}

/// The line of an attribute: a pattern, or a mapping with the field; nothing for an empty source.
fn attribute(key: &str, source: &AttributeSource) -> String {
    let quoted = |text: &Option<String>| text.as_deref().map(yaml_double_quoted);
    match (quoted(&source.labels), quoted(&source.field)) {
        (None, None) => String::new(),
        (Some(labels), None) => format!("  {key}: {labels}\n"),
        (None, Some(field)) => format!("  {key}: {{ field: {field} }}\n"),
        (Some(labels), Some(field)) => format!("  {key}: {{ labels: {labels}, field: {field} }}\n"),
    }
}

/// The section `rules`: what the preset does not have; empty if there is nothing.
fn rules(proposal: &Proposal, old: Option<(u64, Date)>) -> String {
    // A preset that blocks nothing must not start to block because of a rule for tests.
    let level = if proposal.preset == MILD_PRESET { ", level: advisory" } else { "" };
    let mut rules = String::new();
    if let Some((_, day)) = old {
        rules.push_str(&format!("  - {{ id: zero-critical, since: {day} }}\n"));
    }
    if !proposal.practice.blocking.is_empty() {
        rules.push_str(&format!("  - {{ id: blockers, metric: blockers, max: 0{level} }}\n"));
    }
    if !proposal.reports.is_empty() {
        rules.push_str(&format!("  - {{ id: tests, metric: tests.failed, max: 0{level} }}\n"));
    }
    if rules.is_empty() { rules } else { format!("rules:\n{rules}") }
}

/// `["a", "b"]`.
pub fn yaml_list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| yaml_double_quoted(text)).collect::<Vec<_>>().join(", "))
}
