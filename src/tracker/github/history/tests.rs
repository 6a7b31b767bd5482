#![allow(clippy::unwrap_used)]
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::*;
use crate::github::testing::Fake;

const ID: &str = "0123456789012345678901234567890123456789";

fn history(client: &Client) -> History<'_> {
    History::new(client, Repository::parse("acme/shop").unwrap())
}

fn commit(files: &Value) -> Value {
    json!({
        "sha": ID, "parents": [{ "sha": ID.replace('0', "1") }], "files": files,
        "commit": {
            "message": "Fix it\n", "author": { "name": "Ann", "email": "ann@example.org" },
            "committer": { "date": "2026-01-02T03:04:05Z" },
        },
    })
}

fn file(path: &str) -> Value {
    json!({ "filename": path, "status": "modified", "additions": 1, "deletions": 1, "patch": "@@ -1 +1 @@\n-a\n+b" })
}

#[test]
fn a_commit_comes_with_all_pages_of_its_files_and_is_asked_for_once() {
    let fake = Fake::start();
    let path = format!("/repos/acme/shop/commits/{ID}");
    let link = format!("<{}{path}?page=2>; rel=\"next\"", fake.url());
    let first = ResponseTemplate::new(200).insert_header("link", link.as_str());
    fake.times(1, "GET", &path, first.set_body_json(commit(&json!([file("a.c")]))));
    fake.on("GET", &path, 200, &commit(&json!([file("b.c")])));
    let client = fake.client();
    let history = history(&client);
    let found = history.commit(ID).unwrap().unwrap();
    let paths: Vec<&str> = found.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["a.c", "b.c"]);
    assert_eq!((found.message.as_str(), found.author.as_str()), ("Fix it\n", "Ann <ann@example.org>"));
    assert_eq!(history.commit(ID).unwrap().unwrap(), found);
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn what_is_not_there_is_told_apart_from_what_could_not_be_read() {
    let fake = Fake::start();
    fake.on("GET", "/repos/acme/shop/commits/1234567", 422, &json!({ "message": "No commit found" }));
    fake.on("GET", "/repos/acme/shop/commits/2234567", 403, &json!({ "message": "no" }));
    fake.on("GET", "/repos/acme/shop/commits/3234567", 200, &json!({ "sha": ID }));
    let mut strange = file("a.c");
    strange["status"] = json!("evaporated");
    fake.on("GET", "/repos/acme/shop/commits/4234567", 200, &commit(&json!([strange])));
    let many: Vec<Value> = (0..3000).map(|at| file(&format!("{at}.c"))).collect();
    fake.on("GET", "/repos/acme/shop/commits/5234567", 200, &commit(&json!(many)));
    let client = fake.client();
    let history = history(&client);
    assert_eq!(history.commit("1234567"), Ok(None));
    assert_eq!(history.commit("9234567"), Ok(None));
    for unread in ["2234567", "3234567", "4234567", "5234567"] {
        assert!(history.commit(unread).is_err(), "{unread}");
    }
}

#[test]
fn a_comparison_without_a_status_is_no_answer() {
    let fake = Fake::start();
    let (a, b, c) = (Sha("a".into()), Sha("b".into()), Sha("c".into()));
    fake.on("GET", "/repos/acme/shop/compare/a...b", 200, &json!({ "status": "ahead" }));
    fake.on("GET", "/repos/acme/shop/compare/b...a", 200, &json!({ "status": "behind" }));
    fake.on("GET", "/repos/acme/shop/compare/a...c", 200, &json!({ "total_commits": 1 }));
    let client = fake.client();
    let history = history(&client);
    assert_eq!((history.is_ancestor(&a, &b), history.is_ancestor(&b, &a)), (Ok(true), Ok(false)));
    assert_eq!((history.is_ancestor(&a, &b), history.is_ancestor(&a, &a)), (Ok(true), Ok(true)));
    assert_eq!(fake.requests().len(), 2, "an answer is kept");
    assert!(history.is_ancestor(&a, &c).is_err());
    assert!(history.is_ancestor(&b, &c).is_err(), "a comparison that is not there says nothing");
}

#[test]
fn nothing_is_asked_once_the_allowance_runs_low() {
    let fake = Fake::start();
    let low = ResponseTemplate::new(200).insert_header("x-ratelimit-remaining", "99");
    fake.times(9, "GET", "/repos/acme/shop/compare/a...b", low.set_body_json(json!({ "status": "ahead" })));
    let client = fake.client();
    let history = history(&client);
    let (a, b) = (Sha("a".into()), Sha("b".into()));
    assert_eq!(history.is_ancestor(&a, &b), Ok(true));
    assert_eq!(history.is_low(), Some(99));
    assert_eq!(history.is_ancestor(&a, &b), Ok(true), "what is known is still told");
    assert!(history.is_ancestor(&b, &a).unwrap_err().contains("99 requests"));
    assert!(history.commit(ID).is_err() && history.blame(&a, "a.c").is_err());
    assert!(history.contents(&a, "a.c").is_err() && history.merge_of(1).is_err());
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn a_blame_that_failed_or_came_without_ranges_is_no_blame() {
    for answer in [
        json!({ "data": { "repository": { "object": null } } }),
        json!({ "data": { "repository": { "object": { "blame": { "ranges": [{ "startingLine": 0 }] } } } } }),
        json!({ "data": { "repository": null }, "errors": [{ "type": "INTERNAL", "message": "too large" }] }),
    ] {
        let fake = Fake::start();
        fake.graphql_answer("query Blame", &answer);
        let client = fake.client();
        assert!(history(&client).blame(&Sha(ID.into()), "a.c").is_err(), "{answer}");
    }
    let fake = Fake::start();
    let range = json!({ "startingLine": 2, "endingLine": 4, "commit": { "oid": ID } });
    fake.graphql("query Blame", &json!({ "repository": { "object": { "blame": { "ranges": [range] } } } }));
    let client = fake.client();
    let found = history(&client).blame(&Sha(ID.into()), "a.c").unwrap();
    assert_eq!(*found, [Range { commit: Sha(ID.into()), first: 2, last: 4 }]);
}
