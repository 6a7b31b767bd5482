//! Milestones that are looked for, and candidates that none stands for.

#![allow(clippy::unwrap_used)]

use super::*;

fn policy(blocking: &str) -> Policy {
    let text = format!(
        "version: 1\ndefects: {{ escaped: {{ labels: [bug] }}, blocking: {blocking} }}\nrules: [{{ id: a, metric: blockers, max: 0 }}]\n"
    );
    crate::policy::parse(text.as_bytes(), "policy.yml").unwrap().policy
}

fn gap(milestone: &str, candidate: &CandidateRef) -> Option<String> {
    let policy = policy(&format!("[{{ milestone: '{milestone}' }}]"));
    let variables = Variables::of(candidate.tag.as_deref().unwrap_or(&candidate.name));
    unnamed(&policy, candidate, &variables).map(|gap| gap.what)
}

fn named(name: &str) -> CandidateRef {
    CandidateRef { name: name.to_owned(), ..CandidateRef::default() }
}

fn tagged(tag: &str) -> CandidateRef {
    CandidateRef { tag: Some(tag.to_owned()), ..named(tag) }
}

#[test]
fn only_milestones_that_no_label_and_no_type_narrows_are_listed() {
    let policy = policy(
        "[{ milestone: '{candidate}' }, { labels: [a], milestone: x }, { type: Bug, milestone: y }, { milestone: 'v*' }]",
    );
    assert_eq!(
        blocking_milestones(&policy).map(MilestonePattern::source).collect::<Vec<_>>(),
        ["{candidate}", "v*"]
    );
    assert_eq!(blocking_milestones(&policy).map(expected_title).collect::<Vec<_>>(), [None, Some("v*")]);
}

#[test]
fn branch_is_no_release_and_a_gap() {
    let what = "`defects.blocking` selects by the milestone `{candidate}`, and `main` names no release";
    assert_eq!(gap("{candidate}", &named("main")).as_deref(), Some(what));
    for milestone in ["{line}", "Release {candidate}", "{line}.x"] {
        assert!(gap(milestone, &named("main")).is_some(), "{milestone}");
    }
    assert_eq!(gap("v1.4.0", &named("main")), None);
}

#[test]
fn release_has_its_milestone() {
    for milestone in ["{candidate}", "{line}", "Release {candidate}", "{line}.x"] {
        assert_eq!(gap(milestone, &tagged("v1.4.0")), None, "{milestone}");
        assert_eq!(gap(milestone, &named("1.4.0")), None, "{milestone}");
    }
    assert_eq!(gap("{candidate}", &tagged("nightly")), None);
    assert!(gap("{line}", &tagged("nightly")).is_some());
}

#[test]
fn pull_request_needs_no_milestone() {
    let pull = CandidateRef { pull_request: Some(7), ..named("#7") };
    assert_eq!(gap("{candidate}", &pull), None);
    assert_eq!(gap("{line}", &named("gh-readonly-queue/main/pr-5-1a2b3c4")), None);
}
