//! Evidence that the GitHub tracker reads, and failures that become gaps.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod candidate;
mod changes;
mod milestones;
mod numbered;

use jiff::Timestamp;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::*;
use crate::github::testing::Fake;
use crate::model::{ChangeState, Issue, IssueNumber, IssueState, Role, StateReason};
use crate::tracker::{CandidateRef, ExpectedLabel};

static NO_ISSUES: BTreeSet<IssueNumber> = BTreeSet::new();

const HEAD: &str = "00000000000000000000000000000000000000aa";

fn list(nodes: &Value) -> Value {
    let total = nodes.as_array().unwrap().len();
    json!({ "totalCount": total, "pageInfo": { "hasNextPage": false, "endCursor": null }, "nodes": nodes })
}

fn first_of(total: u64, nodes: &Value) -> Value {
    json!({ "totalCount": total, "pageInfo": { "hasNextPage": true, "endCursor": "next" }, "nodes": nodes })
}

fn kinds() -> Value {
    json!({ "fields": [
        { "name": "issueType", "args": [] }, { "name": "issueFieldValues", "args": [] },
        { "name": "duplicateOf", "args": [] }, { "name": "stateReason", "args": [{ "name": "enableDuplicate" }] }
    ] })
}

fn overview(labels: &Value, releases: &Value) -> Value {
    json!({
        "repository": { "hasIssuesEnabled": true, "labels": labels, "releases": releases },
        "issueKind": kinds(),
        "repositoryKind": { "fields": [{ "name": "issueTypes" }] },
        "filterKind": { "inputFields": [{ "name": "type" }] },
        "valueKind": { "possibleTypes": [{ "name": "IssueFieldTextValue" }] }
    })
}

fn issue(number: u64) -> Value {
    json!({
        "id": format!("I_{number}"), "number": number, "title": "t", "url": "u", "body": "b",
        "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-02T00:00:00Z", "closedAt": null,
        "state": "OPEN", "stateReason": null, "author": null, "authorAssociation": "NONE", "milestone": null,
        "labels": list(&json!([{ "name": "production-bug" }])),
        "closedByPullRequestsReferences": list(&json!([])),
        "events": { "pageInfo": { "hasPreviousPage": false, "startCursor": null }, "nodes": [] }
    })
}

fn pull(number: u64, state: &str, repository: &str) -> Value {
    json!({
        "id": format!("PR_{number}"), "number": number, "state": state, "mergedAt": "2026-01-03T00:00:00Z",
        "title": "Keep orders", "body": "Fixes #7", "baseRefName": "main", "headRefName": "fix-orders",
        "mergeCommit": { "oid": "c0ffee" }, "repository": { "nameWithOwner": repository }
    })
}

fn release(tag: &str) -> Value {
    json!({
        "tagName": tag, "name": "", "isDraft": false, "isPrerelease": false, "url": "u",
        "publishedAt": "2026-01-01T00:00:00Z", "tagCommit": { "oid": "ba5e" }
    })
}

/// A repository with two labels, no release, and these issues under `production-bug`.
fn fake(issues: &Value) -> Fake {
    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }, { "name": "bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([]))));
    fake.graphql("query Tickets", &json!({ "repository": { "list0": issues } }));
    fake
}

fn gather_with(fake: &Fake, change: impl FnOnce(&mut CollectionRequest<'_>)) -> Snapshot {
    let client = fake.client();
    let tracker = GitHub::new(&client, RepositoryName::parse("acme/shop").unwrap());
    let wants = |label: &str| label == "production-bug";
    let expected = [ExpectedLabel { source: "production-bug", matches: &wants }];
    let mut ask = CollectionRequest {
        wants_label: &wants,
        wants_pull_label: &|_| false,
        types: &[],
        milestones: &[],
        can_escape: &|_, _| true,
        wants_files: &|_| true,
        wants_comments: &|_| false,
        expected_labels: &expected,
        wants_tag: &|tag| tag.starts_with('v'),
        issues: &NO_ISSUES,
        tags_only: false,
        candidate: CandidateRef { name: HEAD.to_owned(), ..CandidateRef::default() },
        overrides: None,
        environment: None,
        now: "2026-11-01T00:00:00Z".parse::<Timestamp>().unwrap(),
    };
    change(&mut ask);
    tracker.collect(&ask).unwrap()
}

/// Everything about one commit, and no commits before it.
fn of_head() -> CollectionRequest<'static> {
    CollectionRequest {
        wants_label: &|_| true,
        wants_pull_label: &|_| false,
        types: &[],
        milestones: &[],
        can_escape: &|_, _| true,
        wants_files: &|_| true,
        wants_comments: &|_| false,
        expected_labels: &[],
        wants_tag: &|_| false,
        issues: &NO_ISSUES,
        tags_only: false,
        candidate: CandidateRef { name: HEAD.to_owned(), ..CandidateRef::default() },
        overrides: None,
        environment: None,
        now: Timestamp::UNIX_EPOCH,
    }
}

fn gather(fake: &Fake) -> Snapshot {
    gather_with(fake, |_| {})
}

fn gaps(snapshot: &Snapshot) -> Vec<String> {
    snapshot.gaps.iter().map(|gap| gap.what.clone()).collect()
}

fn only_issue(snapshot: &Snapshot) -> &Issue {
    assert!(snapshot.gaps.is_empty(), "{:?}", snapshot.gaps);
    match snapshot.issues.as_deref() {
        Some([issue]) => issue,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_field_of_an_issue_arrives() {
    let mut full = issue(7);
    full["state"] = json!("CLOSED");
    full["stateReason"] = json!("DUPLICATE");
    full["closedAt"] = json!("2026-01-05T00:00:00Z");
    full["author"] = json!({ "login": "ada" });
    full["authorAssociation"] = json!("COLLABORATOR");
    full["milestone"] = json!({ "title": "v2" });
    full["issueType"] = json!({ "name": "Bug" });
    full["duplicateOf"] = json!({ "number": 3, "repository": { "nameWithOwner": "Acme/Shop" } });
    full["issueFieldValues"] = list(&json!([
        { "__typename": "IssueFieldTextValue", "field": { "name": "Found in" }, "text": "v1" }
    ]));
    full["closedByPullRequestsReferences"] = list(&json!([
        pull(9, "MERGED", "acme/shop"),
        pull(10, "OPEN", "acme/shop"),
        pull(11, "CLOSED", "acme/shop"),
        pull(12, "MERGED", "other/repo")
    ]));
    let event = |kind: &str, day: u8, more: (&str, Value)| json!({ "__typename": kind, "createdAt": format!("2026-01-0{day}T00:00:00Z"), "actor": null, more.0: more.1 });
    full["events"]["nodes"] = json!([
        event("ClosedEvent", 3, ("closer", json!(null))),
        event("LabeledEvent", 3, ("label", json!({ "name": "bug" }))),
        event("ReopenedEvent", 4, ("id", json!("x"))),
        event("UnlabeledEvent", 4, ("label", json!({ "name": "bug" }))),
        event("ClosedEvent", 5, ("closer", json!({ "__typename": "Commit", "oid": "dead" })))
    ]);
    let fake = fake(&list(&json!([full])));
    let files =
        |number: u8| json!({ "id": format!("PR_{number}"), "files": list(&json!([{ "path": "src/a.rs" }])) });
    fake.graphql("query Files", &json!({ "files": [files(9), files(12)] }));
    fake.graphql("query References", &changes::no_references());
    let snapshot = gather(&fake);
    let issue = only_issue(&snapshot);
    assert_eq!((issue.state, issue.state_reason.clone()), (IssueState::Closed, Some(StateReason::Duplicate)));
    assert_eq!(issue.duplicate_of, Some(IssueNumber(3)));
    assert_eq!(issue.fields["Found in"], "v1");
    assert_eq!(issue.author_role, Some(Role::Maintainer));
    assert_eq!(issue.issue_type.as_deref(), Some("Bug"));
    assert_eq!(issue.milestone.as_deref(), Some("v2"));
    assert_eq!(issue.reopened_at.unwrap().to_string(), "2026-01-04T00:00:00Z");
    let history = issue.label_history.as_ref().unwrap();
    assert!(!history.more);
    let events: Vec<_> =
        history.events.iter().map(|one| (one.set, one.at.to_string(), &*one.label)).collect();
    let at = |day: u8| format!("2026-01-0{day}T00:00:00Z");
    assert_eq!(events, [(true, at(3), "bug"), (false, at(4), "bug")]);
    let fixes: Vec<_> = issue
        .fixes
        .iter()
        .map(|fix| (fix.pull_request, fix.commit.as_ref().map(|sha| sha.0.as_str()), fix.files.len()))
        .collect();
    let expected = [
        (None, Some("dead"), 0),
        (Some(9), Some("c0ffee"), 1),
        (Some(10), None, 0),
        (Some(11), None, 0),
        (Some(12), Some("c0ffee"), 1),
    ];
    assert_eq!(fixes, expected);
    let places: Vec<_> = issue.fixes.iter().map(|fix| fix.repository.as_deref()).collect();
    assert_eq!(places, [None, None, None, None, Some("other/repo")]);
    use ChangeState::{Closed, Merged, Open};
    let states: Vec<_> = issue.fixes.iter().filter_map(|fix| fix.state).collect();
    assert_eq!(states, [Merged, Merged, Open, Closed, Merged]);
    let fix = &issue.fixes[1];
    let texts =
        (fix.base.as_deref(), fix.head_branch.as_deref(), fix.title.as_deref(), fix.description.as_deref());
    assert_eq!(texts, (Some("main"), Some("fix-orders"), Some("Keep orders"), Some("Fixes #7")));
}

#[test]
fn all_pages_are_read_and_an_issue_counts_once() {
    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }, { "name": "Escaped" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([]))));
    let pages = json!({ "repository": {
        "list0": first_of(3, &json!([issue(1), issue(2)])), "list1": list(&json!([issue(2)]))
    } });
    fake.times(1, "POST", "/graphql", ResponseTemplate::new(200).set_body_json(json!({ "data": pages })));
    let fake_last = json!({ "repository": { "list0": list(&json!([issue(3)])) } });
    let mut last = fake_last;
    last["repository"]["list0"]["totalCount"] = json!(3);
    fake.graphql("query Tickets", &last);
    let snapshot = gather_with(&fake, |ask| ask.wants_label = &|_| true);
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    let numbers: Vec<u64> = snapshot.issues.unwrap().iter().map(|issue| issue.number.0).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let asked = fake.requests();
    let last: Value = asked.last().unwrap().body_json().unwrap();
    assert_eq!(last["variables"]["after0"], "next");
    assert!(last["variables"].get("after1").is_none(), "a list that is complete is not asked for again");
}

#[test]
fn incomplete_list_is_a_gap_with_its_counts() {
    let mut short = list(&json!([issue(1)]));
    short["totalCount"] = json!(4);
    let words = "read 1 of 4 issues labelled `production-bug`: the list is not complete";
    assert_eq!(gaps(&gather(&fake(&short))), [words]);
    let null = json!({ "totalCount": 2, "pageInfo": { "hasNextPage": false }, "nodes": [issue(1), null] });
    assert_eq!(gaps(&gather(&fake(&null))).len(), 1);
    let circle = first_of(9, &json!([issue(1)]));
    assert!(gaps(&gather(&fake(&circle)))[0].contains("the next page cannot be asked for"));
    for broken in [json!(null), json!({}), json!({ "nodes": [] }), json!({ "nodes": null, "pageInfo": {} })] {
        assert_eq!(gaps(&gather(&fake(&broken))).len(), 1, "{broken}");
    }
}

#[test]
fn malformed_issue_is_a_gap() {
    for (key, value) in [
        ("state", json!("LOCKED")),
        ("createdAt", json!(null)),
        ("labels", json!(null)),
        ("events", json!(null)),
        ("events", json!({ "pageInfo": { "hasPreviousPage": true }, "nodes": [] })),
        ("closedByPullRequestsReferences", json!({})),
        ("closedByPullRequestsReferences", list(&json!([{ "id": "x" }]))),
    ] {
        let mut odd = issue(1);
        odd[key] = value;
        let snapshot = gather(&fake(&list(&json!([odd, issue(2)]))));
        assert_eq!(snapshot.gaps.len(), 1, "{key}: {:?}", snapshot.gaps);
        assert!(snapshot.issues.unwrap().iter().any(|issue| issue.number.0 == 2));
    }
}

#[test]
fn error_next_to_data_is_a_gap() {
    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([]))));
    let error = json!({ "type": "FORBIDDEN", "message": "Resource not accessible", "path": ["repository"] });
    let data = json!({ "repository": { "list0": list(&json!([issue(1)])) } });
    fake.graphql_answer("query Tickets", &json!({ "data": data, "errors": [error] }));
    let snapshot = gather(&fake);
    assert_eq!(snapshot.issues.as_ref().unwrap().len(), 1);
    let gap = snapshot.gaps.first().unwrap();
    assert!(
        gap.what.contains("Resource not accessible") && gap.remedy.as_ref().unwrap().contains("issues: read")
    );
}

#[test]
fn failing_server_leaves_gaps() {
    let fake = Fake::start();
    fake.on("POST", "/graphql", 401, &json!({ "message": "Bad credentials" }));
    let snapshot = gather(&fake);
    assert_eq!(snapshot.issues, None);
    let gap = &gaps(&snapshot)[0];
    assert!(gap.contains("not authorized") && gap.contains("gh auth token"), "{gap}");

    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([]))));
    fake.on("POST", "/graphql", 500, &json!({}));
    assert!(gaps(&gather(&fake))[0].starts_with("read 0 of an unknown number issues labelled"));
}

#[test]
fn heavy_query_is_repeated_with_half_a_page() {
    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([]))));
    fake.times(2, "POST", "/graphql", ResponseTemplate::new(502));
    fake.graphql("query Tickets", &json!({ "repository": { "list0": list(&json!([issue(1)])) } }));
    let snapshot = gather(&fake);
    only_issue(&snapshot);
    let last: Value = fake.requests().last().unwrap().body_json().unwrap();
    assert_eq!(last["variables"]["first"], 50);
}

#[test]
fn long_lists_inside_an_issue_are_followed() {
    let mut long = issue(1);
    long["labels"] = first_of(2, &json!([{ "name": "production-bug" }]));
    long["closedByPullRequestsReferences"] = list(&json!([pull(9, "MERGED", "acme/shop")]));
    let labelled = |day: u8| json!({ "__typename": "LabeledEvent", "createdAt": format!("2026-01-0{day}T00:00:00Z"), "label": { "name": "x" }, "actor": null });
    long["events"] =
        json!({ "pageInfo": { "hasPreviousPage": true, "startCursor": "before" }, "nodes": [labelled(2)] });
    let fake = fake(&list(&json!([long])));
    let big = json!({ "id": "PR_9", "files": first_of(2, &json!([{ "path": "a" }])) });
    fake.graphql("query Files", &json!({ "files": [big] }));
    fake.graphql("query References", &changes::no_references());
    let earlier = json!({ "pageInfo": { "hasPreviousPage": false }, "nodes": [labelled(1)] });
    fake.graphql("query TicketEvents", &json!({ "node": { "timelineItems": earlier } }));
    let rest = |key: &str, text: &str| {
        let mut page = list(&json!([{ key: text }]));
        page["totalCount"] = json!(2);
        page
    };
    fake.graphql("query TicketLabels", &json!({ "node": { "labels": rest("name", "sev/critical") } }));
    fake.graphql("query PullFiles", &json!({ "node": { "files": rest("path", "b") } }));
    let snapshot = gather(&fake);
    let issue = only_issue(&snapshot);
    assert_eq!(issue.labels, ["production-bug", "sev/critical"]);
    assert_eq!(issue.fixes[0].files, ["a", "b"]);
    let days = issue.label_history.as_ref().unwrap().events.iter().map(|event| event.at.to_string());
    assert!(days.eq(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]));
}

#[test]
fn unknown_names_of_the_policy_are_reported() {
    let fake = fake(&list(&json!([])));
    let snapshot = gather_with(&fake, |ask| {
        ask.wants_label = &|label| label == "prodution-bug";
        ask.expected_labels = &[];
    });
    assert!(
        gaps(&snapshot)[0].starts_with("no label or type of the policy exists in acme/shop: it has 2 labels")
    );
    assert_eq!(snapshot.issues, None);

    let expected = [ExpectedLabel { source: "production-bgu", matches: &|_| false }];
    let client = fake.client();
    let tracker = GitHub::new(&client, RepositoryName::parse("acme/shop").unwrap());
    let ask = CollectionRequest {
        wants_label: &|label| label == "production-bug",
        expected_labels: &expected,
        ..of_head()
    };
    let snapshot = tracker.collect(&ask).unwrap();
    let warning = &snapshot.warnings.first().unwrap().0;
    assert!(warning.contains("`production-bgu`"), "{warning}");
    assert!(warning.contains("nearest: `production-bug`"), "{warning}");
}

#[test]
fn old_server_is_asked_only_for_known_fields() {
    let fake = Fake::start();
    let mut old = overview(&list(&json!([{ "name": "production-bug" }])), &list(&json!([])));
    old["issueKind"] = json!({ "fields": [{ "name": "title", "args": [] }] });
    old["valueKind"] = json!(null);
    fake.graphql("query Overview", &old);
    fake.graphql("query Tickets", &json!({ "repository": { "list0": list(&json!([issue(1)])) } }));
    let types = ["Bug".to_owned()];
    let client = fake.client();
    let ask = CollectionRequest { types: &types, ..of_head() };
    let snapshot = GitHub::new(&client, RepositoryName::parse("acme/shop").unwrap()).collect(&ask).unwrap();
    only_issue(&snapshot);
    assert!(snapshot.warnings.first().unwrap().0.contains("no issue types"));
    let last: Value = fake.requests().last().unwrap().body_json().unwrap();
    let document = last["query"].as_str().unwrap();
    for absent in ["issueType", "issueFieldValues", "duplicateOf", "enableDuplicate", "filterBy"] {
        assert!(!document.contains(absent), "{absent}");
    }
}

#[test]
fn switched_off_issues_are_a_gap() {
    let fake = Fake::start();
    let mut off = overview(&list(&json!([{ "name": "production-bug" }])), &list(&json!([])));
    off["repository"]["hasIssuesEnabled"] = json!(false);
    fake.graphql("query Overview", &off);
    fake.graphql("query Tickets", &json!({ "repository": { "list0": list(&json!([])) } }));
    assert!(gaps(&gather(&fake))[0].contains("switched off"));
}

#[test]
fn repository_name_is_owner_and_name() {
    for wrong in ["", "acme", "acme/", "/shop", "a/b/c", "a/b?c", "../x", "a/.."] {
        assert!(RepositoryName::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(RepositoryName::parse("acme/shop.js").unwrap().to_string(), "acme/shop.js");
}
