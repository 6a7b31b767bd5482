//! Actors of issue events, references to fixes, and pull requests that block a release.

use super::*;
use crate::model::{Actor, Closing, PullRequest};

/// An answer about one pull request, to which nothing refers.
pub(super) fn no_references() -> Value {
    references(&json!([]))
}

fn references(nodes: &Value) -> Value {
    let page = json!({ "pageInfo": { "hasPreviousPage": false, "startCursor": null }, "nodes": nodes });
    json!({ "pulls": [{ "references": page }] })
}

/// A pull request to a release branch.
pub(super) fn port(number: u64, body: &str, repository: &str) -> Value {
    let mut port = pull(number, "MERGED", repository);
    port["__typename"] = json!("PullRequest");
    port["body"] = json!(body);
    port["baseRefName"] = json!("release-1.1");
    for key in ["createdAt", "updatedAt"] {
        port[key] = json!("2026-01-04T00:00:00Z");
    }
    port["url"] = json!("u");
    port["author"] = json!({ "login": "ported-by" });
    port["authorAssociation"] = json!("CONTRIBUTOR");
    port["milestone"] = json!({ "title": "v1.1.1" });
    port
}

fn reference(source: Value) -> Value {
    json!({ "__typename": "CrossReferencedEvent", "createdAt": "2026-01-04T00:00:00Z", "source": source })
}

fn event(kind: &str, day: u8, actor: &Value) -> Value {
    json!({ "__typename": kind, "createdAt": format!("2026-01-0{day}T00:00:00Z"), "label": { "name": "affects-1.1" },
        "closer": null, "actor": actor })
}

fn with_events(nodes: &Value) -> Value {
    let mut issue = issue(7);
    issue["state"] = json!("CLOSED");
    issue["events"]["nodes"] = nodes.clone();
    issue
}

fn numbers(pulls: Option<&[PullRequest]>) -> Vec<u64> {
    pulls.unwrap().iter().map(|pull| pull.number).collect()
}

#[test]
fn labels_and_closing_name_their_actor() {
    let (person, bot) =
        (json!({ "__typename": "User", "login": "ada" }), json!({ "__typename": "Bot", "login": "triage" }));
    let events = json!([
        event("LabeledEvent", 1, &bot),
        event("UnlabeledEvent", 2, &Value::Null),
        event("ClosedEvent", 3, &person)
    ]);
    let snapshot = gather(&fake(&list(&json!([with_events(&events)]))));
    let issue = only_issue(&snapshot);
    let by: Vec<_> =
        issue.label_history.as_ref().unwrap().events.iter().map(|event| event.by.clone()).collect();
    assert_eq!(by, [Some(Actor { login: Some("triage".into()), bot: true }), None]);
    let ada = Actor { login: Some("ada".into()), bot: false };
    assert_eq!(issue.closing, Some(Closing { by: Some(ada), change: None }));
}

#[test]
fn event_without_actor_is_a_gap() {
    let mut silent = event("LabeledEvent", 1, &Value::Null);
    silent.as_object_mut().unwrap().remove("actor");
    let snapshot = gather(&fake(&list(&json!([with_events(&json!([silent]))]))));
    assert_eq!(gaps(&snapshot), ["an event of issue #7 could not be read"]);
}

#[test]
fn closing_change_of_another_repository_carries_its_name() {
    let closers = [
        (port(12, "", "acme/shop"), "#12"),
        (port(12, "", "acme/parser"), "acme/parser#12"),
        (
            json!({ "__typename": "Commit", "oid": "dead", "repository": { "nameWithOwner": "Acme/Shop" } }),
            "dead",
        ),
        (
            json!({ "__typename": "Commit", "oid": "dead", "repository": { "nameWithOwner": "acme/parser" } }),
            "acme/parser@dead",
        ),
    ];
    for (closer, expected) in closers {
        let mut closed = event("ClosedEvent", 3, &Value::Null);
        closed["closer"] = closer;
        let fake = fake(&list(&json!([with_events(&json!([closed]))])));
        fake.graphql("query References", &no_references());
        fake.graphql("query Files", &json!({ "files": [{ "id": "PR_12", "files": list(&json!([])) }] }));
        let snapshot = gather(&fake);
        let issue = only_issue(&snapshot);
        assert_eq!(issue.closing.as_ref().unwrap().change.as_deref(), Some(expected));
        assert_eq!(issue.fixes[0].repository.is_some(), expected.starts_with("acme/"), "{expected}");
    }
}

#[test]
fn unknown_state_of_a_fix_is_a_gap() {
    let mut odd = issue(7);
    odd["closedByPullRequestsReferences"] = list(&json!([pull(9, "QUEUED", "acme/shop")]));
    let snapshot = gather(&fake(&list(&json!([odd]))));
    assert_eq!(
        gaps(&snapshot),
        ["pull request #9 of issue #7 is neither open nor merged nor closed but `QUEUED`"]
    );
}

#[test]
fn references_to_an_issue_and_its_fixes_are_read() {
    let mut fixed = with_events(&json!([
        reference(port(21, "For #7", "acme/shop")),
        reference(json!({ "__typename": "Issue" })),
        reference(port(5, "See acme/shop#7", "acme/parser")),
    ]));
    fixed["closedByPullRequestsReferences"] = list(&json!([pull(9, "MERGED", "acme/shop")]));
    let fake = fake(&list(&json!([fixed])));
    let found = json!([
        reference(port(20, "Backport of #9", "acme/shop")),
        reference(port(21, "For #7", "acme/shop"))
    ]);
    fake.graphql("query References", &references(&found));
    fake.graphql("query Files", &json!({ "files": [{ "id": "PR_9", "files": list(&json!([])) }] }));
    let snapshot = gather(&fake);
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    assert_eq!(numbers(snapshot.pull_requests.as_deref()), [20, 21]);
    let port = &snapshot.pull_requests.as_ref().unwrap()[0];
    assert_eq!(
        (port.state, port.base.as_deref(), &*port.body),
        (ChangeState::Merged, Some("release-1.1"), "Backport of #9")
    );
    assert_eq!((port.author_role, port.milestone.as_deref()), (Some(Role::Reporter), Some("v1.1.1")));
    let asked = fake
        .requests()
        .iter()
        .filter(|request| String::from_utf8_lossy(&request.body).contains("query References"))
        .count();
    assert_eq!(asked, 1);
}

#[test]
fn references_that_do_not_come_are_a_gap() {
    for answer in [json!({ "pulls": [null] }), json!({ "pulls": null }), json!(null)] {
        let mut fixed = issue(7);
        fixed["closedByPullRequestsReferences"] = list(&json!([pull(9, "MERGED", "acme/shop")]));
        let fake = fake(&list(&json!([fixed])));
        fake.graphql("query References", &answer);
        fake.graphql("query Files", &json!({ "files": [{ "id": "PR_9", "files": list(&json!([])) }] }));
        let gaps = gaps(&gather(&fake));
        assert!(gaps.iter().any(|gap| gap.starts_with("references to")), "{answer}: {gaps:?}");
    }
}

#[test]
fn earlier_references_are_followed() {
    let mut fixed = issue(7);
    fixed["closedByPullRequestsReferences"] = list(&json!([pull(9, "MERGED", "acme/shop")]));
    let fake = fake(&list(&json!([fixed])));
    let mut last = references(&json!([reference(port(21, "", "acme/shop"))]));
    last["pulls"][0]["references"]["pageInfo"] = json!({ "hasPreviousPage": true, "startCursor": "before" });
    fake.graphql("query References", &last);
    let earlier = references(&json!([reference(port(20, "", "acme/shop"))]))["pulls"][0].clone();
    fake.graphql("query PullReferences", &json!({ "node": earlier }));
    fake.graphql("query Files", &json!({ "files": [{ "id": "PR_9", "files": list(&json!([])) }] }));
    let snapshot = gather(&fake);
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    assert_eq!(numbers(snapshot.pull_requests.as_deref()), [20, 21]);
}

#[test]
fn pull_requests_are_read_by_label_with_its_actor() {
    let fake = fake(&list(&json!([])));
    let mut blocker = port(30, "", "acme/shop");
    let labelled = event("LabeledEvent", 4, &json!({ "__typename": "User", "login": "ada" }));
    blocker["labels"] = json!({ "pageInfo": { "hasNextPage": false }, "nodes": [{ "name": "bug" }] });
    blocker["events"] = json!({ "pageInfo": { "hasPreviousPage": false }, "nodes": [labelled] });
    fake.graphql(
        "query LabelledPulls",
        &json!({ "repository": { "pullRequests": list(&json!([blocker])) } }),
    );
    let snapshot = gather_with(&fake, |ask| ask.wants_pull_label = &|label| label == "bug");
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    let [pull] = snapshot.pull_requests.as_deref().unwrap() else { panic!("{:?}", snapshot.pull_requests) };
    assert_eq!(pull.labels, ["bug"]);
    let history = pull.label_history.as_ref().unwrap();
    assert_eq!(history.events[0].by.as_ref().unwrap().login.as_deref(), Some("ada"));
    assert!(gather(&fake).pull_requests.unwrap().is_empty(), "nobody asked");
}

#[test]
fn list_of_pull_requests_cut_short_is_a_gap() {
    let fake = fake(&list(&json!([])));
    let mut page = list(&json!([]));
    page["totalCount"] = json!(3);
    fake.graphql("query LabelledPulls", &json!({ "repository": { "pullRequests": page } }));
    let snapshot = gather_with(&fake, |ask| ask.wants_pull_label = &|label| label == "bug");
    assert_eq!(gaps(&snapshot), ["read 0 of 3 pull requests labelled `bug`: the list is not complete"]);
}
