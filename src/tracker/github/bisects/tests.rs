//! Bisect results in comments, and failures that concern only one issue.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::*;
use crate::github::testing::Fake;
use crate::tracker::github::RepositoryName;

const ID: &str = "0123456789abcdef0123456789abcdef01234567";

fn entry(number: u64) -> (IssueNumber, IssueEntry) {
    let issue = json!({
        "number": number, "title": "t", "url": "u", "state": "open",
        "created-at": "2026-01-01T00:00:00Z", "updated-at": "2026-01-01T00:00:00Z",
    });
    let entry = json!({ "id": format!("I_{number}"), "issue": issue, "doubtful": false, "referrers": [] });
    (IssueNumber(number), serde_json::from_value(entry).unwrap())
}

fn comment(body: &str) -> Value {
    json!({
        "body": body, "url": "u", "createdAt": "2026-01-02T00:00:00Z", "isMinimized": false,
        "authorAssociation": "MEMBER", "author": { "login": "mona" },
    })
}

fn result() -> Value {
    comment(&format!("```\n{ID} is the first bad commit\n```"))
}

/// A page of comments; of so many, with another page behind it if there is a cursor.
fn page(comments: &[Value], total: u64, cursor: Option<&str>) -> Value {
    json!({
        "totalCount": total, "nodes": comments,
        "pageInfo": { "hasNextPage": cursor.is_some(), "endCursor": cursor },
    })
}

fn node(number: u64, comments: &Value) -> Value {
    json!({ "id": format!("I_{number}"), "comments": comments })
}

/// Reads the results of these issues; no gap or warning may remain.
fn read_of(fake: &Fake, numbers: &[u64]) -> BTreeMap<IssueNumber, Bisects> {
    let (client, repository) = (fake.client(), RepositoryName::parse("acme/shop").unwrap());
    let mut reader = PagedReader::new(&client, &repository);
    let entries = numbers.iter().copied().map(entry).collect();
    let found = collect_bisects(&mut reader, &entries, &|issue| issue.number != IssueNumber(9));
    assert_eq!((reader.gaps.len(), reader.warnings.len()), (0, 0));
    found
}

fn digits(bisects: &Bisects) -> (Vec<&str>, Option<&str>) {
    (bisects.found.iter().map(|one| &one.result.commit[..7]).collect(), bisects.unread.as_deref())
}

#[test]
fn results_are_read_from_all_pages() {
    let fake = Fake::start();
    let first = node(1, &page(&[comment("Hello"), result()], 3, Some("c")));
    let nodes = [first, node(2, &page(&[], 0, None))];
    fake.graphql("query Comments", &json!({ "nodes": nodes }));
    let later = page(&[comment("7654321 is the first 'bad' commit")], 3, None);
    fake.graphql("query TicketComments", &json!({ "node": { "comments": later } }));
    let found = read_of(&fake, &[1, 2, 9]);
    assert_eq!(found.len(), 2, "nobody wants the third");
    assert_eq!(digits(&found[&IssueNumber(1)]), (vec!["0123456", "7654321"], None));
    assert_eq!(found[&IssueNumber(2)], Bisects::default());
    let one = &found[&IssueNumber(1)].found[0];
    assert_eq!((one.by.as_deref(), one.association.as_str(), one.hidden), (Some("mona"), "MEMBER", false));
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn unwanted_comments_are_not_requested() {
    let fake = Fake::start();
    assert!(read_of(&fake, &[9]).is_empty());
    assert_eq!(fake.requests().len(), 0);
}

#[test]
fn missing_page_concerns_only_its_issue() {
    let whole = || node(2, &page(&[result()], 1, None));
    let error = |path: Value| json!([{ "type": "INTERNAL", "path": path, "message": "Boom" }]);
    let first_only = [
        json!({ "data": { "nodes": [null, whole()] } }),
        json!({ "data": { "nodes": [node(7, &page(&[], 0, None)), whole()] } }),
        json!({ "data": { "nodes": [node(1, &json!(null)), whole()] } }),
        json!({ "data": { "nodes": [node(1, &page(&[], 1, None)), whole()] } }),
        json!({ "data": { "nodes": [node(1, &page(&[], 200, Some("c"))), whole()] } }),
        json!({ "data": { "nodes": [node(1, &page(&[], 0, None)), whole()] }, "errors": error(json!(["nodes", 0, "comments"])) }),
    ];
    for answer in first_only {
        let fake = Fake::start();
        fake.graphql_answer("query Comments", &answer);
        let found = read_of(&fake, &[1, 2]);
        assert!(found[&IssueNumber(1)].unread.is_some(), "{answer}");
        assert_eq!(digits(&found[&IssueNumber(2)]), (vec!["0123456"], None), "{answer}");
    }
    let fake = Fake::start();
    let answer = json!({ "data": { "nodes": [whole(), whole()] }, "errors": error(json!(null)) });
    fake.graphql_answer("query Comments", &answer);
    assert!(read_of(&fake, &[1, 2]).values().all(|one| one.unread.is_some()));
    assert!(read_of(&Fake::start(), &[1, 2]).values().all(|one| one.unread.is_some()));
}

#[test]
fn malformed_comment_is_unread() {
    for key in ["body", "createdAt", "url", "isMinimized", "authorAssociation", "author"] {
        let mut strange = result();
        strange.as_object_mut().unwrap().remove(key);
        let fake = Fake::start();
        fake.graphql("query Comments", &json!({ "nodes": [node(1, &page(&[strange, result()], 2, None))] }));
        let found = read_of(&fake, &[1]);
        assert!(found[&IssueNumber(1)].unread.is_some(), "{key}");
    }
    let fake = Fake::start();
    let mut gone = result();
    gone["author"] = json!(null);
    fake.graphql("query Comments", &json!({ "nodes": [node(1, &page(&[gone], 1, None))] }));
    assert_eq!(read_of(&fake, &[1])[&IssueNumber(1)].found[0].by, None);
}

#[test]
fn heavy_query_is_asked_in_halves() {
    let fake = Fake::start();
    fake.times(2, "POST", "/graphql", ResponseTemplate::new(502));
    let one = |number: u64| json!({ "nodes": [node(number, &page(&[result()], 1, None))] });
    fake.graphql("\"I_1\"", &one(1));
    fake.graphql("\"I_2\"", &one(2));
    let found = read_of(&fake, &[1, 2]);
    assert!(found.values().all(|one| digits(one) == (vec!["0123456"], None)), "{found:?}");
}
