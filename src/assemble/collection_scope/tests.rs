//! Snapshots that a policy may evaluate.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use super::*;

fn policy(releases: &str, defects: &str) -> Policy {
    let rules = "rules: [{ id: a, metric: escaped, max: 0 }]";
    let text = format!("version: 1\nreleases: {{ {releases} }}\ndefects: {{ {defects} }}\n{rules}\n");
    crate::policy::parse(text.as_bytes(), "policy.yml").unwrap().policy
}

fn counting(labels: &str) -> Policy {
    policy("supported: 2", &format!("escaped: {{ labels: [{labels}] }}"))
}

fn said(gathered: &Policy, judged: &Policy) -> Vec<String> {
    scope_gaps(Some(&collection_scope_of(gathered)), judged).into_iter().map(|gap| gap.what).collect()
}

#[test]
fn a_policy_that_counts_no_more_can_judge() {
    for (gathered, judged) in [
        ("bug, prod", "bug, prod"),
        ("bug, prod", "PROD"),
        ("'regression-prod-{version}'", "'regression-prod-{version}'"),
        ("'regression-*'", "'regression-prod-{version}'"),
        ("'regression-*'", "'regression-prod-*', regression-1.2"),
        ("'regression-prod-{version}'", "regression-prod-1.4.0"),
        ("'*'", "'a-*-{version}'"),
    ] {
        assert_eq!(said(&counting(gathered), &counting(judged)), [""; 0], "{gathered} for {judged}");
    }
}

#[test]
fn uncollected_label_is_a_gap() {
    for (gathered, judged, named) in [
        ("prod", "prod, outage", "label `outage`"),
        ("regression-prod-1.4.0", "'regression-prod-{version}'", "label `regression-prod-{version}`"),
        ("'regression-prod-{version}'", "'regression-prod-*'", "label `regression-prod-*`"),
        ("'found-{version}'", "'found-1*'", "label `found-1*`"),
        ("'a-*'", "'*-a'", "label `*-a`"),
        ("'*version*'", "'found-{version}'", "label `found-{version}`"),
        ("'*v*'", "'1-{version}'", "label `1-{version}`"),
        ("'{version}s*'", "'1{version}'", "label `1{version}`"),
        ("prod", "outage, sev", "labels `outage`, `sev`"),
    ] {
        let what = said(&counting(gathered), &counting(judged));
        let expected = format!("the evidence was gathered by a policy that does not count the {named}");
        assert_eq!(what, [expected], "{gathered} for {judged}");
    }
}

#[test]
fn types_tags_and_paths_that_were_not_asked_for_are_gaps() {
    let less = policy("supported: 2", "escaped: { labels: [prod], types: [Bug] }");
    let more = policy(
        "tags: 'v*'",
        "escaped: { labels: [prod], types: [bug, Outage] }, component: { paths: { cart: ['src/cart/**'] } }",
    );
    let gaps = said(&less, &more);
    assert_eq!(gaps.len(), 3, "{gaps:?}");
    assert!(gaps[0].ends_with("the issue type `Outage`"), "{gaps:?}");
    assert!(gaps[1].ends_with("tags of the pattern `v*` as releases"), "{gaps:?}");
    assert!(gaps[2].ends_with("which paths fixes change"), "{gaps:?}");
    assert_eq!(said(&more, &less), [""; 0]);
}

#[test]
fn caught_defects_were_asked_for_too() {
    let judged = policy("supported: 2", "escaped: { labels: [prod] }, caught: { labels: [bug] }");
    assert_eq!(said(&counting("prod"), &judged).len(), 1);
    assert_eq!(said(&judged, &counting("bug")), [""; 0]);
}

#[test]
fn evidence_without_a_record_is_taken_for_complete() {
    assert_eq!(scope_gaps(None, &counting("prod")), []);
}

#[test]
fn a_record_that_is_no_pattern_covers_nothing() {
    let asked = CollectionScope { labels: BTreeSet::from(["{".to_owned()]), ..CollectionScope::default() };
    assert_eq!(scope_gaps(Some(&asked), &counting("prod")).len(), 1);
}

#[test]
fn milestones_that_were_not_asked_for_are_gaps() {
    let blocked =
        |by: &str| policy("supported: 2", &format!("escaped: {{ labels: [prod] }}, blocking: {by}"));
    let less = blocked("[{ milestone: '{candidate}' }]");
    for by in ["[{ milestone: '{candidate}' }]", "[{ labels: [prod], milestone: v1.4.0 }]"] {
        assert_eq!(said(&less, &blocked(by)), [""; 0], "{by}");
    }
    let more = blocked("[{ milestone: '{candidate}' }, { milestone: '{line}' }, { milestone: v1.4.0 }]");
    let expected =
        "the evidence was gathered by a policy that does not select by the milestones `{line}`, `v1.4.0`";
    assert_eq!(said(&less, &more), [expected]);
    assert_eq!(said(&blocked("[{ milestone: 'v*' }]"), &blocked("[{ milestone: v1.4.0 }]")), [""; 0]);
}

#[test]
fn evidence_of_one_product_is_gathered_for_all() {
    let of = |product: &str| {
        let mut policy = counting("prod");
        policy.product = Some(crate::policy::Product {
            name: product.to_owned(),
            tags: Some(LabelPattern::new(&format!("{product}-v{{version}}")).unwrap()),
            components: Vec::new(),
        });
        policy
    };
    assert_eq!(said(&of("api"), &of("web")), [""; 0]);
    let gaps = said(&policy("tags: 'web-v*'", "escaped: { labels: [prod] }"), &of("api"));
    assert!(gaps.len() == 1 && gaps[0].contains("`api-v{version}`"), "{gaps:?}");
}
