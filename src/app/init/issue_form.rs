//! The issue form that is proposed. It asks for what the policy reads, and sets no label but that for triage.

use super::practice::{AttributeSource, DETECTION_GAP, FOUND_BY, KIND, LabelFamily, names_of};
use super::proposal::Proposal;
use crate::model::{Release, Version};
use crate::output::escape::is_unprintable;
use crate::policy::{Captures, LabelPattern, yaml_double_quoted};

/// Number of releases that the issue form offers.
pub const OFFERED: usize = 20;

/// The option of the form that names no release, so that the time of the report decides.
pub const ANOTHER: &str = "Another one, or not known";

/// Number of components that the issue form offers. Of more, a text field is easier.
const MOST_COMPONENTS: usize = 30;

/// The issue form. The gate reads the release from its section `Version`.
pub fn form(proposal: &Proposal, releases: &[Release], labels: &[String]) -> String {
    let mut out =
        String::from("name: Production bug\ndescription: Something is wrong in a released version.\n");
    if let Some(label) = proposal.practice.triage.as_deref() {
        out.push_str(&format!(
            "# The form does not set the label of escaped defects: a maintainer does, in triage. Labels of a form are the reporter's words.\n\
             labels: [{}]\n",
            yaml_double_quoted(label)
        ));
    }
    out.push_str("body:\n");
    let practice = &proposal.practice;
    let offered = offered(proposal, releases);
    let about = "The release in which it was seen.";
    if offered.is_empty() {
        out.push_str(&field("input", "version", "Version", about, &[], true));
    } else {
        out.push_str("  # Add each new release at the top of the options: Escape Gate reads from here where a defect was found.\n");
        let options: Vec<String> = offered.into_iter().chain([ANOTHER.to_owned()]).collect();
        out.push_str(&field("dropdown", "version", "Version", about, &options, true));
    }
    let about = "What you did, what you expected, and what came instead.";
    out.push_str(&field("textarea", "what-happened", "What happened", about, &[], true));
    let severities = proposal.severity.iter().filter(|(_, labels)| !labels.is_empty());
    let severities: Vec<String> = severities.map(|(name, _)| capitalized(name)).collect();
    let about = "Critical: data loss, a security breach or a complete outage. A maintainer sets the label.";
    out.push_str(&field("dropdown", "severity", "Severity", about, &severities, true));
    let components = choices(proposal.component.as_deref(), labels);
    let kind = if components.is_empty() { "input" } else { "dropdown" };
    out.push_str(&field(
        kind,
        "component",
        "Component",
        "The part of the product, if you know it.",
        &components,
        false,
    ));
    out.push_str(&family_field(&KIND, &practice.kind, "kind", "Kind", "The kind of defect."));
    let about = "By a user, by monitoring, or by the team itself.";
    out.push_str(&family_field(&FOUND_BY, &practice.found_by, "found-by", "How it was found", about));
    out.push_str("  # Maintainers answer the next two after the analysis.\n");
    let about = "For maintainers, after the analysis: the cause, or the address of the post-mortem.";
    out.push_str(&field("textarea", "root-cause", "Root cause", about, &[], false));
    let about = "For maintainers, after the analysis: the quality gate that should have caught it.";
    out.push_str(&family_field(
        &DETECTION_GAP,
        &practice.detection_gap,
        "detection-gap",
        "Detection gap",
        about,
    ));
    out
}

/// One field, as GitHub's issue forms write it.
fn field(kind: &str, id: &str, label: &str, about: &str, options: &[String], required: bool) -> String {
    let mut out = format!(
        "  - type: {kind}\n    id: {id}\n    attributes:\n      label: {label}\n      description: {}\n",
        yaml_double_quoted(about)
    );
    if !options.is_empty() {
        out.push_str("      options:\n");
        for option in options {
            out.push_str(&format!("        - {}\n", yaml_double_quoted(option)));
        }
    }
    out.push_str(&format!("    validations:\n      required: {required}\n"));
    out
}

/// A field with the names of a family; nothing if the repository has names of its own, which the form does not know.
fn family_field(
    family: &LabelFamily,
    source: &AttributeSource,
    id: &str,
    label: &str,
    about: &str,
) -> String {
    if !source.is_new(family) {
        return String::new();
    }
    let names: Vec<String> = family.names.iter().map(|(name, _)| (*name).to_owned()).collect();
    field("dropdown", id, label, about, &names, false)
}

/// The names that labels of a pattern give; empty if there are none, or too many to choose from.
fn choices(pattern: Option<&str>, labels: &[String]) -> Vec<String> {
    let mut names: Vec<String> = pattern.map(|pattern| names_of(pattern, labels)).unwrap_or_default();
    names.retain(|name| {
        !name.is_empty() && !name.contains(is_unprintable) && !name.eq_ignore_ascii_case("none")
    });
    names.sort_by_key(|name| name.to_lowercase());
    // GitHub refuses a form with an option twice.
    names.dedup_by_key(|name| name.to_lowercase());
    if names.len() > MOST_COMPONENTS { Vec::new() } else { names }
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The tags of the newest releases that users have, the newest first.
pub fn offered(proposal: &Proposal, releases: &[Release]) -> Vec<String> {
    let tags = proposal.release_tags();
    let counts = tags.and_then(|tags| LabelPattern::new(&tags).ok());
    // Of one product only its own releases. Names are compared without case, as the policy does.
    let is_own = |found: Captures<'_>| {
        let named = proposal.product.as_deref().zip(found.product);
        named.is_none_or(|(own, product)| own.eq_ignore_ascii_case(product))
    };
    let mut users_have: Vec<&Release> = releases
        .iter()
        .filter(|release| !release.draft && !release.prerelease && release.published_at.is_some())
        .filter(|release| {
            counts.as_ref().is_none_or(|pattern| pattern.matches(&release.tag.0).is_some_and(is_own))
        })
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
