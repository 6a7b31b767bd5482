//! The issues and tags that a policy asks for, and the gaps of a snapshot that was collected for another policy.

use std::collections::BTreeSet;

use crate::model::{Area, CollectionScope, Gap, same_name};
use crate::policy::{LabelPattern, MilestonePattern, Policy, Selector};

/// The beginning of a gap.
const GATHERED: &str = "the evidence was gathered by a policy";

/// The remedy for a snapshot that was collected for another policy.
const ANEW: &str = "Gather it anew with this policy (`escape-gate collect --policy`).";

/// Returns the scope of a policy, as a snapshot records it.
pub fn collection_scope_of(policy: &Policy) -> CollectionScope {
    let sources = |patterns: &mut dyn Iterator<Item = &LabelPattern>| {
        patterns.map(|pattern| pattern.source().to_owned()).collect()
    };
    CollectionScope {
        labels: sources(&mut selected_labels(policy)),
        types: selected_types(policy).cloned().collect(),
        milestones: selected_milestones(policy).map(|milestone| milestone.source().to_owned()).collect(),
        // With tags of one product alone, all tags are collected: those of the others are recognized by them.
        tags: match (&policy.releases.tags, policy.tag_patterns().next()) {
            (None, Some(_)) => BTreeSet::from(["*".to_owned()]),
            (_, _) => sources(&mut policy.tag_patterns()),
        },
        all_paths: policy.defects.go_by_path(),
    }
}

/// Returns a gap for each part of the policy's scope that the snapshot was not collected for: issues may be missing unnoticed.
pub fn scope_gaps(asked: Option<&CollectionScope>, policy: &Policy) -> Vec<Gap> {
    // Snapshots that were written by hand or by an older version have no record. They are taken for
    // complete.
    let Some(asked) = asked else { return Vec::new() };
    let mut gaps = Vec::new();
    let mut gap = |what: String| {
        gaps.push(Gap { area: Area::Issues, place: None, what, remedy: Some(ANEW.to_owned()) });
    };
    let known = recorded_patterns(&asked.labels);
    let labels = selected_labels(policy).filter(|label| !known.iter().any(|known| known.covers(label)));
    if let Some(names) = quoted_list("label", labels.map(LabelPattern::source)) {
        gap(format!("{GATHERED} that does not count the {names}"));
    }
    let types = selected_types(policy).filter(|kind| !asked.types.iter().any(|known| same_name(known, kind)));
    if let Some(names) = quoted_list("issue type", types.map(String::as_str)) {
        gap(format!("{GATHERED} that does not count the {names}"));
    }
    let known = recorded_patterns(&asked.milestones);
    let is_known = |milestone: &&MilestonePattern| {
        LabelPattern::new(milestone.source())
            .is_ok_and(|wanted| known.iter().any(|known| known.covers(&wanted)))
    };
    let milestones = selected_milestones(policy).filter(|milestone| !is_known(milestone));
    if let Some(names) = quoted_list("milestone", milestones.map(MilestonePattern::source)) {
        gap(format!("{GATHERED} that does not select by the {names}"));
    }
    let known = recorded_patterns(&asked.tags);
    let tags = policy.tag_patterns().filter(|tags| !known.iter().any(|known| known.covers(tags)));
    if let Some(names) = quoted_list("pattern", tags.map(LabelPattern::source)) {
        gap(format!("{GATHERED} that does not count tags of the {names} as releases"));
    }
    if policy.defects.go_by_path() && !asked.all_paths {
        gap(format!("{GATHERED} that does not ask which paths fixes change"));
    }
    gaps
}

/// The labels whose lists hold the issues that a policy counts.
fn selected_labels(policy: &Policy) -> impl Iterator<Item = &LabelPattern> {
    policy_selectors(policy).flat_map(Selector::listed_labels)
}

/// The issue types whose lists hold the issues that a policy counts.
fn selected_types(policy: &Policy) -> impl Iterator<Item = &String> {
    policy_selectors(policy).flat_map(Selector::listed_types)
}

/// The milestones whose lists hold the issues and pull requests that block a release.
fn selected_milestones(policy: &Policy) -> impl Iterator<Item = &MilestonePattern> {
    policy_selectors(policy).flat_map(Selector::listed_milestones)
}

/// The selectors of a policy.
fn policy_selectors(policy: &Policy) -> impl Iterator<Item = &Selector> {
    let blocking = policy.defects.blocking.as_ref().map(|blocking| &blocking.selector);
    [&policy.defects.escaped, &policy.defects.caught].into_iter().chain(blocking)
}

/// Recorded patterns. One that is none stands for no label.
fn recorded_patterns<'a>(recorded: impl IntoIterator<Item = &'a String>) -> Vec<LabelPattern> {
    // A snapshot is untrusted input. A broken pattern covers nothing, which can only add a gap.
    recorded.into_iter().filter_map(|source| LabelPattern::new(source).ok()).collect()
}

/// "label `a`", "labels `a`, `b`"; none if there is nothing.
fn quoted_list<'a>(noun: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let plural = if names.len() > 1 { "s" } else { "" };
    (!names.is_empty()).then(|| format!("{noun}{plural} {}", names.join(", ")))
}

#[cfg(test)]
mod tests;
