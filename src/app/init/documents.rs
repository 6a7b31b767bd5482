//! The text of the files that are proposed. What comes from outside stands in double quotes, escaped.

#[cfg(test)]
mod tests;

use super::proposal::Proposal;
use crate::model::{Release, Version};
use crate::output::escape::is_unprintable;
use crate::policy::{LabelPattern, yaml_double_quoted};

/// Number of releases that the issue form offers.
const OFFERED: usize = 20;

/// The option of the form that names no release, so that the time of the report decides.
const ANOTHER: &str = "Another one, or not known";

/// The policy key for pull requests. Presets block them, so the policy has to give a reason.
const PULL_REQUESTS: &str = "\
# A pull request that has nothing to do with a defect only warns of it. Releases, pull requests to a release branch, and
# those that take a fix back are blocked. With `block` no change can be merged until every defect is fixed.
pull-requests: warn
override:
  - { key: pull-requests, reason: Defects block releases and not unrelated pull requests. }
";

/// The policy.
pub fn policy(proposal: &Proposal) -> String {
    let mut out = String::from(
        "# Which issues are escaped defects, and which bounds a release has to keep.\n\
         # Check it with `escape-gate policy check`, try it with `escape-gate simulate`.\nversion: 1\n",
    );
    out.push_str(&format!("extends: [{}]\n", proposal.preset));
    out.push_str(PULL_REQUESTS);
    if let Some(tags) = &proposal.tags {
        out.push_str(&format!("releases: {{ tags: {} }}\n", yaml_double_quoted(tags)));
    }
    out.push_str("defects:\n");
    out.push_str(&format!(
        "  escaped: {{ labels: {} }}   # found in production\n",
        yaml_list(&proposal.escaped)
    ));
    out.push_str(&format!("  caught: {{ labels: {} }}   # found before\n", yaml_list(&proposal.caught)));
    out.push_str("  severity:\n");
    for (name, labels) in proposal.severity.iter().filter(|(_, labels)| !labels.is_empty()) {
        out.push_str(&format!("    {name}: {}\n", yaml_list(labels)));
    }
    for (key, pattern) in [("component", &proposal.component), ("team", &proposal.team)] {
        if let Some(pattern) = pattern {
            out.push_str(&format!("  {key}: {}\n", yaml_double_quoted(pattern)));
        }
    }
    if !proposal.reports.is_empty() {
        out.push_str(&format!("tests:\n  reports: {}\n", yaml_list(&proposal.reports)));
        // A preset that blocks nothing is not to be made to block by the way.
        let level = if proposal.preset == "starter" { ", level: advisory" } else { "" };
        out.push_str(&format!("rules:\n  - {{ id: tests, metric: tests.failed, max: 0{level} }}\n"));
    }
    out
}

/// The issue form. The gate reads the release from its section `Version`.
pub fn form(proposal: &Proposal, releases: &[Release]) -> String {
    let mut out =
        String::from("name: Production bug\ndescription: Something is wrong in a released version.\n");
    if let Some(label) = proposal.form_label() {
        out.push_str(&format!("labels: [{}]\n", yaml_double_quoted(label)));
    }
    out.push_str("body:\n");
    let offered = offered(proposal, releases);
    let version =
        "    attributes:\n      label: Version\n      description: The release in which it was seen.\n";
    if offered.is_empty() {
        out.push_str(&format!("  - type: input\n    id: version\n{version}"));
    } else {
        out.push_str(&format!(
            "  # Add each new release at the top of the options: Escape Gate reads from here where a defect was found.\n  - type: dropdown\n    id: version\n{version}      options:\n"
        ));
        for tag in offered.iter().map(String::as_str).chain([ANOTHER]) {
            out.push_str(&format!("        - {}\n", yaml_double_quoted(tag)));
        }
    }
    out.push_str("    validations:\n      required: true\n");
    out.push_str(
        "  - type: textarea\n    id: what-happened\n    attributes:\n      label: What happened\n      \
         description: What you did, what you expected, and what came instead.\n    validations:\n      required: true\n",
    );
    out
}

/// The tags of the newest releases that users have, the newest first.
fn offered(proposal: &Proposal, releases: &[Release]) -> Vec<String> {
    let counts = proposal.tags.as_deref().and_then(|tags| LabelPattern::new(tags).ok());
    let mut users_have: Vec<&Release> = releases
        .iter()
        .filter(|release| !release.draft && !release.prerelease && release.published_at.is_some())
        .filter(|release| counts.as_ref().is_none_or(|pattern| pattern.matches(&release.tag.0).is_some()))
        .filter(|release| !release.tag.0.contains(is_unprintable))
        .collect();
    users_have.sort_by(|a, b| {
        let version = |release: &Release| Version::parse(&release.tag.0);
        b.published_at.cmp(&a.published_at).then_with(|| match (version(a), version(b)) {
            (Some(a), Some(b)) => b.compare(&a),
            (None, _) | (_, None) => b.tag.cmp(&a.tag),
        })
    });
    let mut tags: Vec<String> = Vec::new();
    for release in users_have {
        // A form with an option twice, or with the reserved `None`, is refused.
        let is_new = !tags.iter().any(|tag| tag.eq_ignore_ascii_case(&release.tag.0));
        if is_new && !release.tag.0.eq_ignore_ascii_case("none") {
            tags.push(release.tag.0.clone());
        }
    }
    tags.truncate(OFFERED);
    tags
}

/// `["a", "b"]`.
fn yaml_list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| yaml_double_quoted(text)).collect::<Vec<_>>().join(", "))
}
