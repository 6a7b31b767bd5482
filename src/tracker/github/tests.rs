//! What the GitHub tracker reads, and what becomes a gap.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use jiff::Timestamp;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::*;
use crate::github::testing::Fake;
use crate::model::{Candidate, IssueNumber, Release, State, StateReason, Tag, Ticket};
use crate::tracker::{CandidateRef, ExpectedLabel};

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
        "state": "OPEN", "stateReason": null, "author": null, "milestone": null,
        "labels": list(&json!([{ "name": "production-bug" }])),
        "closedByPullRequestsReferences": list(&json!([])),
        "closed": { "nodes": [] }, "reopened": { "nodes": [] }
    })
}

fn pull(number: u64, state: &str, repository: &str) -> Value {
    json!({
        "id": format!("PR_{number}"), "number": number, "state": state, "mergedAt": "2026-01-03T00:00:00Z",
        "mergeCommit": { "oid": "c0ffee" }, "repository": { "nameWithOwner": repository },
        "files": list(&json!([{ "path": "src/a.rs" }]))
    })
}

fn release(tag: &str) -> Value {
    json!({
        "tagName": tag, "name": "", "isDraft": false, "isPrerelease": false, "url": "u",
        "publishedAt": "2026-01-01T00:00:00Z", "tagCommit": { "oid": "ba5e" }
    })
}

/// A repository with two labels, no release, and these tickets under `production-bug`.
fn fake(tickets: &Value) -> Fake {
    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }, { "name": "bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([]))));
    fake.graphql("query Tickets", &json!({ "repository": { "list0": tickets } }));
    fake
}

fn gather_with(fake: &Fake, change: impl FnOnce(&mut Ask<'_>)) -> Snapshot {
    let client = fake.client();
    let tracker = GitHub::new(&client, Repository::parse("acme/shop").unwrap());
    let wants = |label: &str| label == "production-bug";
    let expected = [ExpectedLabel { source: "production-bug", matches: &wants }];
    let mut ask = Ask {
        wants_label: &wants,
        types: &[],
        can_escape: &|_, _| true,
        expected_labels: &expected,
        wants_tag: &|tag| tag.starts_with('v'),
        tags_only: false,
        candidate: CandidateRef { name: HEAD.to_owned(), ..CandidateRef::default() },
        base: &|releases: &[Release], _: &Candidate| releases.first().map(|release| release.tag.clone()),
        now: "2026-11-01T00:00:00Z".parse::<Timestamp>().unwrap(),
    };
    change(&mut ask);
    tracker.gather(&ask).unwrap()
}

fn gather(fake: &Fake) -> Snapshot {
    gather_with(fake, |_| {})
}

fn gaps(snapshot: &Snapshot) -> Vec<String> {
    snapshot.gaps.iter().map(|gap| gap.what.clone()).collect()
}

fn only_ticket(snapshot: &Snapshot) -> &Ticket {
    assert!(snapshot.gaps.is_empty(), "{:?}", snapshot.gaps);
    match snapshot.tickets.as_deref() {
        Some([ticket]) => ticket,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_field_of_a_ticket_arrives() {
    let mut full = issue(7);
    full["state"] = json!("CLOSED");
    full["stateReason"] = json!("DUPLICATE");
    full["closedAt"] = json!("2026-01-05T00:00:00Z");
    full["author"] = json!({ "login": "ada" });
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
    full["closed"] = json!({ "nodes": [
        { "createdAt": "2026-01-05T00:00:00Z", "closer": { "__typename": "Commit", "oid": "dead" } }
    ] });
    full["reopened"] = json!({ "nodes": [{ "createdAt": "2026-01-04T00:00:00Z" }] });
    let snapshot = gather(&fake(&list(&json!([full]))));
    let ticket = only_ticket(&snapshot);
    assert_eq!((ticket.state, ticket.state_reason.clone()), (State::Closed, Some(StateReason::Duplicate)));
    assert_eq!(ticket.duplicate_of, Some(IssueNumber(3)));
    assert_eq!(ticket.fields["Found in"], "v1");
    assert_eq!(ticket.issue_type.as_deref(), Some("Bug"));
    assert_eq!(ticket.milestone.as_deref(), Some("v2"));
    assert_eq!(ticket.reopened_at.unwrap().to_string(), "2026-01-04T00:00:00Z");
    let fixes: Vec<_> = ticket
        .fixes
        .iter()
        .map(|fix| (fix.pull_request, fix.commit.as_ref().map(|sha| sha.0.as_str()), fix.files.len()))
        .collect();
    let expected = [
        (None, Some("c0ffee"), 1),
        (None, Some("dead"), 0),
        (Some(9), Some("c0ffee"), 1),
        (Some(10), None, 1),
    ];
    assert_eq!(fixes, expected);
}

#[test]
fn all_pages_are_read_and_one_ticket_counts_once() {
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
    let numbers: Vec<u64> = snapshot.tickets.unwrap().iter().map(|ticket| ticket.number.0).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let asked = fake.requests();
    let last: Value = asked.last().unwrap().body_json().unwrap();
    assert_eq!(last["variables"]["after0"], "next");
    assert!(last["variables"].get("after1").is_none(), "a list that is complete is not asked for again");
}

#[test]
fn a_list_that_is_cut_short_is_a_gap_with_its_numbers() {
    let mut short = list(&json!([issue(1)]));
    short["totalCount"] = json!(4);
    let words = "read 1 of 4 tickets labelled `production-bug`: the list is not complete";
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
fn a_ticket_that_is_not_understood_is_a_gap_and_the_others_count() {
    for (key, value) in [
        ("state", json!("LOCKED")),
        ("createdAt", json!(null)),
        ("labels", json!(null)),
        ("closed", json!(null)),
        ("closedByPullRequestsReferences", json!({})),
        ("closedByPullRequestsReferences", list(&json!([{ "id": "x" }]))),
    ] {
        let mut odd = issue(1);
        odd[key] = value;
        let snapshot = gather(&fake(&list(&json!([odd, issue(2)]))));
        assert_eq!(snapshot.gaps.len(), 1, "{key}: {:?}", snapshot.gaps);
        assert!(snapshot.tickets.unwrap().iter().any(|ticket| ticket.number.0 == 2));
    }
}

#[test]
fn an_error_beside_the_data_is_a_gap() {
    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([]))));
    let error = json!({ "type": "FORBIDDEN", "message": "Resource not accessible", "path": ["repository"] });
    let data = json!({ "repository": { "list0": list(&json!([issue(1)])) } });
    fake.graphql_answer("query Tickets", &json!({ "data": data, "errors": [error] }));
    let snapshot = gather(&fake);
    assert_eq!(snapshot.tickets.as_ref().unwrap().len(), 1);
    let gap = snapshot.gaps.first().unwrap();
    assert!(
        gap.what.contains("Resource not accessible") && gap.remedy.as_ref().unwrap().contains("issues: read")
    );
}

#[test]
fn a_server_that_fails_leaves_gaps_and_no_tickets_that_look_complete() {
    let fake = Fake::start();
    fake.on("POST", "/graphql", 401, &json!({ "message": "Bad credentials" }));
    let snapshot = gather(&fake);
    assert_eq!(snapshot.tickets, None);
    assert!(gaps(&snapshot)[0].contains("not authorised"), "{:?}", snapshot.gaps);

    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([]))));
    fake.on("POST", "/graphql", 500, &json!({}));
    assert!(gaps(&gather(&fake))[0].starts_with("read 0 of an unknown number tickets labelled"));
}

#[test]
fn a_heavy_query_is_asked_again_for_half_a_page() {
    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([]))));
    fake.times(2, "POST", "/graphql", ResponseTemplate::new(502));
    fake.graphql("query Tickets", &json!({ "repository": { "list0": list(&json!([issue(1)])) } }));
    let snapshot = gather(&fake);
    only_ticket(&snapshot);
    let last: Value = fake.requests().last().unwrap().body_json().unwrap();
    assert_eq!(last["variables"]["first"], 50);
}

#[test]
fn long_lists_inside_a_ticket_are_followed() {
    let mut long = issue(1);
    long["labels"] = first_of(2, &json!([{ "name": "production-bug" }]));
    let mut big = pull(9, "MERGED", "acme/shop");
    big["files"] = first_of(2, &json!([{ "path": "a" }]));
    long["closedByPullRequestsReferences"] = list(&json!([big]));
    let fake = fake(&list(&json!([long])));
    let rest = |key: &str, text: &str| {
        let mut page = list(&json!([{ key: text }]));
        page["totalCount"] = json!(2);
        page
    };
    fake.graphql("query TicketLabels", &json!({ "node": { "labels": rest("name", "sev/critical") } }));
    fake.graphql("query PullFiles", &json!({ "node": { "files": rest("path", "b") } }));
    let snapshot = gather(&fake);
    let ticket = only_ticket(&snapshot);
    assert_eq!(ticket.labels, ["production-bug", "sev/critical"]);
    assert_eq!(ticket.fixes[0].files, ["a", "b"]);
}

#[test]
fn words_of_the_policy_that_name_nothing_are_noticed() {
    let fake = fake(&list(&json!([])));
    let snapshot = gather_with(&fake, |ask| {
        ask.wants_label = &|label| label == "prodution-bug";
        ask.expected_labels = &[];
    });
    assert!(
        gaps(&snapshot)[0].starts_with("no label or type of the policy exists in acme/shop: it has 2 labels")
    );
    assert_eq!(snapshot.tickets, None);

    let expected = [ExpectedLabel { source: "production-bgu", matches: &|_| false }];
    let client = fake.client();
    let tracker = GitHub::new(&client, Repository::parse("acme/shop").unwrap());
    let ask = Ask {
        wants_label: &|label| label == "production-bug",
        types: &[],
        can_escape: &|_, _| true,
        expected_labels: &expected,
        wants_tag: &|_| false,
        tags_only: false,
        candidate: CandidateRef { name: HEAD.to_owned(), ..CandidateRef::default() },
        base: &|_, _| None,
        now: Timestamp::UNIX_EPOCH,
    };
    let snapshot = tracker.gather(&ask).unwrap();
    let warning = &snapshot.warnings.first().unwrap().0;
    assert!(
        warning.contains("`production-bgu`") && warning.contains("nearest: `production-bug`"),
        "{warning}"
    );
}

#[test]
fn an_old_server_is_asked_only_for_what_it_knows() {
    let fake = Fake::start();
    let mut old = overview(&list(&json!([{ "name": "production-bug" }])), &list(&json!([])));
    old["issueKind"] = json!({ "fields": [{ "name": "title", "args": [] }] });
    old["valueKind"] = json!(null);
    fake.graphql("query Overview", &old);
    fake.graphql("query Tickets", &json!({ "repository": { "list0": list(&json!([issue(1)])) } }));
    let types = ["Bug".to_owned()];
    let client = fake.client();
    let ask = Ask {
        wants_label: &|_| true,
        types: &types,
        can_escape: &|_, _| true,
        expected_labels: &[],
        wants_tag: &|_| false,
        tags_only: false,
        candidate: CandidateRef { name: HEAD.to_owned(), ..CandidateRef::default() },
        base: &|_, _| None,
        now: Timestamp::UNIX_EPOCH,
    };
    let snapshot = GitHub::new(&client, Repository::parse("acme/shop").unwrap()).gather(&ask).unwrap();
    only_ticket(&snapshot);
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

/// A repository with the release v1 and no tickets.
fn released() -> Fake {
    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([release("v1")]))));
    fake.graphql("query Tickets", &json!({ "repository": { "list0": list(&json!([])) } }));
    fake
}

fn commit(sha: &str, message: &str) -> Value {
    json!({ "sha": sha, "commit": { "message": message } })
}

#[test]
fn the_candidates_commits_are_read_over_all_pages() {
    let fake = released();
    let at = format!("/repos/acme/shop/compare/ba5e...{HEAD}");
    let first = json!({ "total_commits": 2, "commits": [commit("a", "Fixes #5")] });
    let link = format!("<{}{at}?page=2>; rel=\"next\"", fake.url());
    let page = ResponseTemplate::new(200).set_body_json(first).insert_header("link", link.as_str());
    fake.times(1, "GET", &at, page);
    fake.on("GET", &at, 200, &json!({ "total_commits": 2, "commits": [commit("b", "closes acme/shop#6")] }));
    let snapshot = gather(&fake);
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    let commits = snapshot.candidate.unwrap().commits.unwrap();
    assert_eq!(commits.base, Tag("v1".to_owned()));
    assert_eq!(commits.ids.len(), 2);
    assert_eq!(commits.closes.into_iter().collect::<Vec<_>>(), [IssueNumber(5), IssueNumber(6)]);
}

#[test]
fn commits_that_did_not_all_come_are_a_gap_in_the_history() {
    let at = format!("/repos/acme/shop/compare/ba5e...{HEAD}");
    for (status, body) in [
        (200, json!({ "total_commits": 2, "commits": [commit("a", "")] })),
        (200, json!({ "total_commits": 1, "commits": [{ "sha": "a" }] })),
        (200, json!({ "commits": [] })),
        (200, json!([])),
        (404, json!({ "message": "Not Found" })),
    ] {
        let fake = released();
        fake.on("GET", &at, status, &body);
        let snapshot = gather(&fake);
        assert_eq!(snapshot.gaps.len(), 1, "{body}: {:?}", snapshot.gaps);
        assert_eq!(snapshot.gaps.first().unwrap().area, Area::History);
        assert_eq!(snapshot.candidate.unwrap().commits, None);
    }
}

#[test]
fn a_pull_request_brings_its_head_and_the_tickets_it_closes() {
    let fake = released();
    let references = list(&json!([
        { "number": 5, "repository": { "nameWithOwner": "acme/shop" } },
        { "number": 6, "repository": { "nameWithOwner": "other/repo" } }
    ]));
    let pull = json!({ "headRefOid": HEAD, "closingIssuesReferences": references });
    fake.graphql("query PullRequest", &json!({ "repository": { "pullRequest": pull } }));
    let at = format!("/repos/acme/shop/compare/ba5e...{HEAD}");
    fake.on("GET", &at, 200, &json!({ "total_commits": 0, "commits": [] }));
    let snapshot = gather_with(&fake, |ask| {
        ask.candidate =
            CandidateRef { name: "#3".to_owned(), pull_request: Some(3), ..CandidateRef::default() };
    });
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    let candidate = snapshot.candidate.unwrap();
    assert_eq!(candidate.head.unwrap().0, HEAD);
    assert_eq!(candidate.commits.unwrap().closes.into_iter().collect::<Vec<_>>(), [IssueNumber(5)]);
}

#[test]
fn a_draft_is_decided_by_what_it_will_be_made_from() {
    let fake = released();
    let drafts = json!([{ "tag_name": "v2", "target_commitish": "main" }]);
    fake.on("GET", "/repos/acme/shop/releases", 200, &drafts);
    fake.graphql("refs/tags/v2", &json!({ "repository": { "object": null } }));
    let object = json!({ "__typename": "Commit", "oid": HEAD });
    fake.graphql("\"expression\":\"main\"", &json!({ "repository": { "object": object } }));
    let at = format!("/repos/acme/shop/compare/ba5e...{HEAD}");
    fake.on("GET", &at, 200, &json!({ "total_commits": 0, "commits": [] }));
    let draft = |ask: &mut Ask<'_>| {
        ask.candidate =
            CandidateRef { name: "v2".to_owned(), tag: Some("v2".to_owned()), ..CandidateRef::default() };
    };
    let absent = gather_with(&fake, draft);
    assert!(gaps(&absent)[0].contains("the tag v2 does not exist"), "{:?}", absent.gaps);

    let with_draft = Fake::start();
    let mut v2 = release("v2");
    v2["isDraft"] = json!(true);
    v2["publishedAt"] = json!(null);
    v2["tagCommit"] = json!(null);
    let labels = list(&json!([{ "name": "production-bug" }]));
    with_draft.graphql("query Overview", &overview(&labels, &list(&json!([release("v1"), v2]))));
    with_draft.graphql("query Tickets", &json!({ "repository": { "list0": list(&json!([])) } }));
    with_draft.graphql("refs/tags/v2", &json!({ "repository": { "object": null } }));
    with_draft.graphql(
        "\"expression\":\"main\"",
        &json!({ "repository": { "object": { "__typename": "Commit", "oid": HEAD } } }),
    );
    with_draft.on("GET", "/repos/acme/shop/releases", 200, &drafts);
    with_draft.on("GET", &at, 200, &json!({ "total_commits": 0, "commits": [] }));
    let snapshot = gather_with(&with_draft, draft);
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    assert_eq!(snapshot.candidate.unwrap().head.unwrap().0, HEAD);
}

#[test]
fn tags_without_a_release_count_where_they_are_asked_for() {
    let fake = released();
    let annotated = json!({ "__typename": "Tag", "oid": "t", "tagger": { "date": "2026-02-01T10:00:00+02:00" },
        "target": { "__typename": "Commit", "oid": "c", "committedDate": "2026-01-01T00:00:00Z" } });
    let light = json!({ "__typename": "Commit", "oid": "d", "committedDate": "2026-01-01T00:00:00Z" });
    let tags = list(&json!([
        { "name": "v1", "target": light }, { "name": "v3", "target": annotated }, { "name": "other", "target": light },
        { "name": "vtree", "target": { "__typename": "Tree", "oid": "e" } }
    ]));
    fake.graphql("query Tags", &json!({ "repository": { "refs": tags } }));
    let snapshot = gather_with(&fake, |ask| {
        ask.tags_only = true;
        ask.base = &|_, _| None;
    });
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    let releases = snapshot.releases.unwrap();
    let found: Vec<_> = releases.iter().map(|release| release.tag.0.as_str()).collect();
    assert_eq!(found, ["v1", "v3"]);
    assert_eq!(releases[1].commit.as_ref().unwrap().0, "c");
    assert_eq!(releases[1].published_at.unwrap().to_string(), "2026-02-01T08:00:00Z");

    let fake = released();
    let nowhere = list(&json!([{ "name": "v4", "target": null }]));
    fake.graphql("query Tags", &json!({ "repository": { "refs": nowhere } }));
    let snapshot = gather_with(&fake, |ask| {
        ask.tags_only = true;
        ask.base = &|_, _| None;
    });
    assert_eq!(gaps(&snapshot), ["where tag v4 leads could not be read"]);
}

#[test]
fn a_repository_is_two_plain_words() {
    for wrong in ["", "acme", "acme/", "/shop", "a/b/c", "a/b?c", "../x", "a/.."] {
        assert!(Repository::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Repository::parse("acme/shop.js").unwrap().to_string(), "acme/shop.js");
}
