//! What lies exactly on a boundary: an hour, an instant or a number more or less is another verdict.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use escape_gate::assemble::assemble;
use escape_gate::model::Snapshot;
use escape_gate::policy;
use escape_gate::verdict::{Evaluation, Verdict, evaluate_policy};
use serde_json::{Value, json};

/// The verdict on the only rule of a policy.
fn verdict(policy: &str, snapshot: &Value) -> Verdict {
    let policy = policy::parse(policy.as_bytes(), "policy.yml").unwrap().policy;
    let snapshot: Snapshot = serde_json::from_value(snapshot.clone()).unwrap();
    let evidence = assemble(snapshot, &policy);
    let Evaluation { findings, .. } = evaluate_policy(&policy, &evidence);
    findings[0].result.verdict
}

/// Evidence of schema 1 as it was on 2026-06-15.
fn snapshot(releases: Value, issues: Value) -> Value {
    json!({ "schema": 1, "taken-at": "2026-06-15T00:00:00Z", "releases": releases, "tickets": issues })
}

/// An escaped defect.
fn defect(number: u64, created_at: &str, more: Value) -> Value {
    let mut issue = json!({
        "number": number, "title": "t", "url": "u", "state": "open", "labels": ["prod"],
        "created-at": created_at, "updated-at": created_at,
    });
    issue.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    issue
}

fn policy(rule: &str) -> String {
    format!("version: 1\ndefects: {{ escaped: {{ labels: [prod] }} }}\nrules: [{{ id: it, {rule} }}]\n")
}

#[test]
fn hotfix_in_the_last_second_of_its_time_is_one() {
    let policy = "releases: { mature-after: 1d, hotfix-within: 72h }\n".to_owned()
        + &policy("metric: change-failure-rate, over: all, max: 0%");
    for (hotfix, expected) in
        [("2026-04-04T12:00:00Z", Verdict::Fail), ("2026-04-04T12:00:01Z", Verdict::Pass)]
    {
        // Nothing says where it was found, so that the release fails by its hotfix alone.
        let fix = json!([{ "pull-request": 9, "commit": "f1", "merged-at": "2026-04-03T00:00:00Z" }]);
        let fixed = json!({ "state": "closed", "state-reason": "completed", "closed-at": "2026-04-03T00:00:00Z", "fixes": fix });
        let releases = json!([
            { "tag": "v1.0.0", "published-at": "2026-04-01T12:00:00Z" },
            { "tag": "v1.0.1", "published-at": hotfix },
        ]);
        let evidence = snapshot(releases, json!([defect(1, "2026-04-02T00:00:00Z", fixed)]));
        assert_eq!(
            verdict(&format!("attribution: {{ found-in: [label] }}\n{policy}"), &evidence),
            expected,
            "{hotfix}"
        );
    }
}

#[test]
fn period_holds_its_first_instant_and_not_the_one_before() {
    let policy = policy("metric: escaped, over: quarter, max: 0");
    for (created, expected) in [
        ("2026-04-01T00:00:00Z", Verdict::Fail),
        ("2026-03-31T23:59:59.999999999Z", Verdict::Pass),
        ("2026-06-15T00:00:00Z", Verdict::Fail),
    ] {
        let evidence = snapshot(json!([]), json!([defect(1, created, json!({}))]));
        assert_eq!(verdict(&policy, &evidence), expected, "{created}");
    }
}

#[test]
fn row_of_days_begins_after_the_instant_so_many_days_ago() {
    let policy = policy("metric: escaped, over: 90d, max: 0");
    for (created, expected) in
        [("2026-03-17T00:00:00Z", Verdict::Pass), ("2026-03-17T00:00:00.000000001Z", Verdict::Fail)]
    {
        let evidence = snapshot(json!([]), json!([defect(1, created, json!({}))]));
        assert_eq!(verdict(&policy, &evidence), expected, "{created}");
    }
}

/// Six defects reported at a time, and so many at another.
fn rising(now: &str, before: u64, then: &str) -> Value {
    let now = (1..=6).map(|number| defect(number, now, json!({})));
    let then = (1..=before).map(|number| defect(10 + number, then, json!({})));
    // A period before the first release is none.
    snapshot(json!([{ "tag": "v1", "published-at": "2025-01-01T00:00:00Z" }]), now.chain(then).collect())
}

#[test]
fn trend_fails_from_the_smallest_sample_on() {
    // Eight defects in both halves, where the rule does not say; nine where it asks for nine.
    let usual = policy("metric: escaped, trend: { over: 2 quarters, must: not-increase }");
    let own = policy("metric: escaped, min-sample: 9, trend: { over: 2 quarters, must: not-increase }");
    for (policy, before, expected) in [
        (&usual, 2, Verdict::Fail),
        (&usual, 1, Verdict::Warn),
        (&own, 3, Verdict::Fail),
        (&own, 2, Verdict::Warn),
    ] {
        assert_eq!(
            verdict(policy, &rising("2026-02-01T00:00:00Z", before, "2025-11-01T00:00:00Z")),
            expected,
            "{before} before: {policy}"
        );
    }
}

#[test]
fn breach_of_a_moving_bound_is_not_proven_beside_a_gap() {
    let mut evidence = rising("2026-05-01T00:00:00Z", 1, "2026-02-01T00:00:00Z");
    evidence["gaps"] = json!([{ "area": "issues", "place": null, "what": "cut short", "remedy": null }]);
    let fixed = policy("metric: escaped, over: quarter, max: 5");
    assert_eq!(verdict(&fixed, &evidence), Verdict::Fail, "more issues can only add to six");
    let moving = policy("metric: escaped, over: quarter, max: previous");
    assert_eq!(verdict(&moving, &evidence), Verdict::Unknown, "more issues may raise the bound, too");
}
