#![allow(clippy::unwrap_used)]
use serde_json::{Value, json};

use crate::assemble::assemble;
use crate::evidence::Evidence;
use crate::model::{Confidence, DefectOrigin, IssueNumber, NoOrigin, OriginMethod, Snapshot};
use crate::policy::parse;

/// One escaped defect, #1, reported on 2026-04-01, with a fix.
fn evidence(attribution: &str, body: &str, origins: &Value) -> Evidence {
    let snapshot = json!({
        "schema": 1, "taken-at": "2026-06-01T00:00:00Z",
        "releases": [
            { "tag": "v1.0.0", "published-at": "2026-01-01T00:00:00Z" },
            { "tag": "v1.1.0-rc.1", "published-at": "2026-02-01T00:00:00Z", "prerelease": true },
            { "tag": "v1.1.0", "published-at": "2026-03-01T00:00:00Z" },
            { "tag": "v1.2.0", "published-at": "2026-05-01T00:00:00Z" },
        ],
        "tickets": [{
            "number": 1, "updated-at": "2026-04-01T00:00:00Z", "title": "", "url": "", "labels": ["prod"], "body": body,
            "state": "closed", "created-at": "2026-04-01T00:00:00Z",
            "fixes": [{ "commit": "f1", "merged-at": "2026-04-02T00:00:00Z" }],
        }],
        "origins": origins,
    });
    let snapshot: Snapshot = serde_json::from_value(snapshot).unwrap();
    let policy = format!(
        "version: 1\ndefects: {{ escaped: {{ labels: [prod] }} }}\nattribution: {attribution}\n\
         rules: [{{ id: t, metric: time-to-detect, max: 90d }}]\n"
    );
    assemble(snapshot, &parse(policy.as_bytes(), "policy.yml").unwrap().policy)
}

fn introduced(attribution: &str, body: &str, origins: &Value) -> DefectOrigin {
    let evidence = evidence(attribution, body, origins);
    evidence.defect(IssueNumber(1)).unwrap().introduced.as_deref().unwrap().clone()
}

/// An origin by blame, in a release.
fn blamed(release: &str) -> Value {
    json!({ "found": [{
        "issue": 1, "confidence": "inferred", "method": "blame", "evidence": "likely", "release": release,
        "released-at": "2026-03-01T00:00:00Z", "commit": "c1", "committed-at": "2026-02-20T00:00:00Z",
    }] })
}

const ALL: &str = "{ introduced-in: [override, regressed-by, blame] }";
const OWN: &str = "{ overrides: [{ issue: 1, introduced-in: 1.0.0, reason: Bisected. }] }";

#[test]
fn the_policy_outweighs_the_ticket_and_the_ticket_outweighs_history() {
    let release = |attribution, body| introduced(attribution, body, &blamed("v1.1.0")).release.unwrap().0;
    assert_eq!(release(OWN, "Introduced-in: v1.1.0"), "v1.0.0");
    assert_eq!(release(ALL, "Introduced-in: v1.0.0"), "v1.0.0");
    assert_eq!(release(ALL, ""), "v1.1.0");
}

#[test]
fn a_release_that_the_defect_cannot_have_come_in_with_is_none() {
    for release in ["v1.2.0", "v1.1.0-rc.1", "v9"] {
        let found = introduced(ALL, "", &blamed(release));
        assert_eq!((found.release, found.released_at), (None, None), "{release}");
        assert!(found.commit.is_some() && found.evidence.contains(release), "{}", found.evidence);
        let said = introduced(ALL, &format!("Introduced-in: {release}"), &json!({ "found": [] }));
        assert_eq!((said.release, said.method), (None, OriginMethod::None), "{release}");
    }
}

#[test]
fn a_word_that_names_nothing_is_told_and_history_answers() {
    let found = introduced(ALL, "Introduced-in: v7.7.7", &blamed("v1.1.0"));
    assert_eq!(found.method, OriginMethod::Blame);
    assert!(found.evidence.contains("names no known release"), "{}", found.evidence);
    let slip = "{ overrides: [{ issue: 1, introduced-in: v7, reason: a }, { issue: 8, introduced-in: v1, reason: b }] }";
    let warnings = evidence(slip, "", &blamed("v1.1.0")).warnings;
    let said: Vec<&str> = warnings.iter().map(|warning| warning.0.as_str()).collect();
    assert!(said.iter().any(|one| one.contains("#1 came from: `v7`")), "{said:?}");
    assert!(said.iter().any(|one| one.contains("#8 came from, which is no escaped defect")), "{said:?}");
}

#[test]
fn what_the_policy_does_not_go_by_is_no_origin() {
    let found = introduced("{ introduced-in: [override, regressed-by] }", "", &blamed("v1.1.0"));
    assert_eq!((found.confidence, found.nothing), (Confidence::None, Some(NoOrigin::NotAskedFor)));
    assert_eq!((found.release, found.committed_at), (None, None));
}

#[test]
fn no_history_is_a_gap_unless_somebody_s_word_settles_it() {
    let gaps = |attribution, body, origins: Value| {
        let gaps = evidence(attribution, body, &origins).gaps;
        gaps.into_iter().map(|gap| gap.area.name()).collect::<Vec<_>>()
    };
    assert_eq!(gaps(ALL, "", Value::Null), ["origins"]);
    assert_eq!(gaps(ALL, "Introduced-in: v1.0.0", Value::Null), [""; 0]);
    assert_eq!(gaps(OWN, "", Value::Null), [""; 0]);
    assert_eq!(gaps(ALL, "", blamed("v1.1.0")), [""; 0]);
}

#[test]
fn origins_from_fewer_methods_are_a_gap() {
    let gaps = |methods: Value| -> Vec<String> {
        let origins = json!({ "found": [], "methods": methods });
        evidence(ALL, "", &origins).gaps.into_iter().map(|gap| gap.what).collect()
    };
    let by = "the evidence was gathered by a policy that does not look for origins by";
    assert_eq!(gaps(json!(["override"])), [format!("{by} `regressed-by` or `blame`")]);
    assert_eq!(gaps(json!(["override", "regressed-by"])), [format!("{by} `blame`")]);
    assert_eq!(gaps(json!(["override", "regressed-by", "blame"])), [""; 0]);
    assert_eq!(gaps(Value::Null), [""; 0], "what is not recorded is taken for complete");
}
