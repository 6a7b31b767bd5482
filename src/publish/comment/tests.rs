//! One comment, ours, and nothing written without need.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::*;
use crate::ci::RunAttempt;
use crate::github::testing::Fake;
use crate::publish::comparison::ComparedCounts;
use crate::publish::evaluated_commit::EvaluatedCommit;

const LIST: &str = "/repos/a/b/issues/3/comments";

fn text(body: &str) -> String {
    format!("{}\n{body}", comment_marker("main"))
}

fn shown(id: u64, body: &str) -> Value {
    json!({ "id": id, "node_id": format!("IC_{id}"), "html_url": format!("https://h/#{id}"), "body": body })
}

fn listed(comments: &[Value]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(comments)
}

fn authors(own: &[Option<bool>]) -> Value {
    let nodes = own.iter().map(|own| own.map_or(Value::Null, |own| json!({ "viewerDidAuthor": own })));
    json!({ "nodes": nodes.collect::<Vec<_>>() })
}

fn publish(fake: &Fake, body: &str) -> Result<Published, PublishError> {
    upsert_comment(&fake.client(), "a/b", 3, &Publication::new("main", body))
}

fn writes(fake: &Fake) -> Vec<String> {
    fake.rest().into_iter().filter(|line| !line.starts_with("GET")).collect()
}

fn sent(fake: &Fake, verb: &str) -> Value {
    fake.requests().iter().find(|request| request.method.as_str() == verb).unwrap().body_json().unwrap()
}

#[test]
fn no_id_can_end_the_marker() {
    let marker = comment_marker("a --> <b> &\n--!>");
    assert_eq!(marker.matches("-->").count(), 1);
    assert!(marker.ends_with(" -->") && !marker.contains('\n'));
    assert_ne!(super::comment_marker("a"), super::comment_marker("a b"));
}

#[test]
fn the_first_run_creates_one_comment_and_looks_again() {
    let fake = Fake::start();
    fake.times(1, "GET", LIST, listed(&[shown(1, "hello"), shown(2, "")]));
    fake.on("POST", LIST, 201, &shown(7, &text("new")));
    fake.times(1, "GET", LIST, listed(&[shown(1, "hello"), shown(7, &text("new"))]));
    fake.graphql("query Authors", &authors(&[Some(true)]));
    let published = publish(&fake, "new").unwrap();
    assert_eq!((published.url.as_str(), published.action), ("https://h/#7", PublishAction::Created));
    assert_eq!(writes(&fake), [format!("POST {LIST}")]);
    assert_eq!(sent(&fake, "POST"), json!({ "body": "<!-- escape-gate:main -->\nnew" }));
}

#[test]
fn an_unchanged_comment_is_not_written_whatever_its_line_endings() {
    let fake = Fake::start();
    fake.times(1, "GET", LIST, listed(&[shown(7, &text("same\n\nthing\n").replace('\n', "\r\n"))]));
    fake.graphql("query Authors", &authors(&[Some(true)]));
    let published = publish(&fake, "same\n\nthing").unwrap();
    assert_eq!((published.url.as_str(), published.action), ("https://h/#7", PublishAction::Unchanged));
    assert!(writes(&fake).is_empty());
}

#[test]
fn the_comment_is_found_on_a_later_page_and_changed() {
    let fake = Fake::start();
    let link = format!("<{}{LIST}?page=2>; rel=\"next\"", fake.url());
    fake.times(1, "GET", LIST, listed(&[shown(1, "x")]).insert_header("link", link.as_str()));
    fake.times(1, "GET", LIST, listed(&[shown(7, &text("old"))]));
    fake.graphql("query Authors", &authors(&[Some(true)]));
    fake.on("PATCH", "/repos/a/b/issues/comments/7", 200, &json!({}));
    assert_eq!(publish(&fake, "new").unwrap().action, PublishAction::Updated);
    assert_eq!(writes(&fake), ["PATCH /repos/a/b/issues/comments/7"]);
    assert_eq!(sent(&fake, "PATCH"), json!({ "body": text("new") }));
}

#[test]
fn a_forged_marker_another_gate_or_a_quoted_marker_is_never_touched() {
    let fake = Fake::start();
    let other = format!("{}\nx", comment_marker("main2"));
    let quoted = format!("> {}\nx", text("x"));
    fake.times(2, "GET", LIST, listed(&[shown(4, &text("forged")), shown(5, &other), shown(6, &quoted)]));
    fake.graphql("query Authors", &authors(&[Some(false)]));
    fake.on("POST", LIST, 201, &shown(7, &text("new")));
    assert_eq!(publish(&fake, "new").unwrap().url, "https://h/#7");
    assert_eq!(writes(&fake), [format!("POST {LIST}")]);
}

#[test]
fn of_two_from_a_race_the_oldest_stays_with_the_newest_text() {
    let fake = Fake::start();
    fake.times(1, "GET", LIST, listed(&[]));
    fake.on("POST", LIST, 201, &shown(8, &text("new")));
    fake.times(1, "GET", LIST, listed(&[shown(8, &text("new")), shown(7, &text("theirs"))]));
    fake.graphql("query Authors", &authors(&[Some(true), Some(true)]));
    fake.on("PATCH", "/repos/a/b/issues/comments/7", 200, &json!({}));
    fake.on("DELETE", "/repos/a/b/issues/comments/8", 204, &json!(null));
    assert_eq!(publish(&fake, "new").unwrap().url, "https://h/#7");
    let expected = [
        format!("POST {LIST}"),
        "PATCH /repos/a/b/issues/comments/7".into(),
        "DELETE /repos/a/b/issues/comments/8".into(),
    ];
    assert_eq!(writes(&fake), expected);
}

#[test]
fn a_duplicate_that_cannot_be_removed_is_told_and_no_failure() {
    let fake = Fake::start();
    fake.times(1, "GET", LIST, listed(&[shown(7, &text("x")), shown(8, &text("x"))]));
    fake.graphql("query Authors", &authors(&[Some(true), Some(true)]));
    fake.on("DELETE", "/repos/a/b/issues/comments/8", 403, &json!({ "message": "no" }));
    let published = publish(&fake, "x").unwrap();
    assert_eq!(published.action, PublishAction::Unchanged);
    assert!(published.notes[0].contains("https://h/#8 is still there"));
}

#[test]
fn a_create_that_failed_after_taking_effect_is_not_repeated() {
    for status in [429, 500, 502] {
        let fake = Fake::start();
        fake.times(1, "GET", LIST, listed(&[]));
        fake.on("POST", LIST, status, &json!({ "message": "no" }));
        fake.times(1, "GET", LIST, listed(&[shown(7, &text("new"))]));
        fake.graphql("query Authors", &authors(&[Some(true)]));
        assert_eq!(publish(&fake, "new").unwrap().url, "https://h/#7", "{status}");
        assert_eq!(writes(&fake), [format!("POST {LIST}")], "{status}");
    }
}

#[test]
fn a_create_that_failed_without_effect_is_made_again_after_a_look() {
    let fake = Fake::start();
    fake.times(2, "GET", LIST, listed(&[]));
    fake.times(1, "POST", LIST, ResponseTemplate::new(500));
    fake.times(1, "POST", LIST, ResponseTemplate::new(201).set_body_json(shown(7, &text("new"))));
    fake.times(1, "GET", LIST, listed(&[shown(7, &text("new"))]));
    fake.graphql("query Authors", &authors(&[Some(true)]));
    assert_eq!(publish(&fake, "new").unwrap().action, PublishAction::Created);
    let lines = fake.rest();
    assert_eq!(lines, ["GET", "POST", "GET", "POST", "GET"].map(|verb| format!("{verb} {LIST}")));
}

#[test]
fn a_comment_deleted_meanwhile_is_looked_for_again() {
    let fake = Fake::start();
    fake.times(1, "GET", LIST, listed(&[shown(7, &text("old"))]));
    fake.graphql("query Authors", &authors(&[Some(true)]));
    fake.times(2, "GET", LIST, listed(&[]));
    fake.on("POST", LIST, 201, &shown(9, &text("new")));
    assert_eq!(publish(&fake, "new").unwrap().url, "https://h/#9");
}

#[test]
fn nothing_is_written_while_it_is_unknown_what_is_there() {
    let unknown_author = Fake::start();
    unknown_author.times(1, "GET", LIST, listed(&[shown(7, &text("x"))]));
    let refusal =
        json!({ "data": { "nodes": [null] }, "errors": [{ "type": "FORBIDDEN", "message": "no" }] });
    unknown_author.graphql_answer("query Authors", &refusal);
    assert!(matches!(publish(&unknown_author, "new"), Err(PublishError::Unclear { .. })));
    assert!(writes(&unknown_author).is_empty());

    let unreadable = Fake::start();
    unreadable.on("GET", LIST, 500, &json!({}));
    assert!(publish(&unreadable, "new").is_err());
    assert!(writes(&unreadable).is_empty());
}

#[test]
fn a_refused_write_names_the_permission_and_is_not_repeated() {
    let fake = Fake::start();
    fake.times(9, "GET", LIST, listed(&[]));
    let refusal = ResponseTemplate::new(403)
        .set_body_json(json!({ "message": "Resource not accessible by integration" }))
        .insert_header("x-accepted-github-permissions", "pull_requests=write");
    fake.times(9, "POST", LIST, refusal);
    let error = publish(&fake, "new").unwrap_err();
    assert_eq!(error.permissions().unwrap().block(), "permissions:\n  pull-requests: write\n");
    assert_eq!(writes(&fake).len(), 1);
}

#[test]
fn a_text_beyond_the_limit_is_an_error_before_anything_is_asked() {
    let fake = Fake::start();
    let room = LIMIT - comment_marker("main").len() - 1;
    assert!(matches!(publish(&fake, &"é".repeat(room + 1)), Err(PublishError::TooLong { .. })));
    assert!(fake.requests().is_empty());
}

#[test]
fn outdated_commit_writes_no_comment() {
    for (own, verb) in [(false, "POST"), (true, "PATCH")] {
        let fake = Fake::start();
        let there = if own { vec![shown(7, &text("old"))] } else { Vec::new() };
        fake.times(9, "GET", LIST, listed(&there));
        fake.graphql("query Authors", &authors(&[Some(true)]));
        fake.on("GET", "/repos/a/b/pulls/3", 200, &json!({ "head": { "sha": "new" } }));
        let evaluated = EvaluatedCommit::PullRequest { number: 3, commit: "old" };
        let error = upsert_comment(
            &fake.client(),
            "a/b",
            3,
            &Publication { evaluated, ..Publication::new("main", "x") },
        )
        .unwrap_err();
        assert!(
            error.to_string().contains("pull request 3 was evaluated at old and leads to new"),
            "{verb}: {error}"
        );
        assert!(writes(&fake).is_empty(), "{verb}");
    }
}

#[test]
fn earlier_run_deletes_its_own_comment() {
    let attempt = |id| Some(RunAttempt { id, attempt: 1 });
    let newer = Publication { state: "s", run: attempt(8), ..Publication::new("main", "newer") };
    let older = Publication { state: "t", run: attempt(7), ..Publication::new("main", "older") };
    let body = |text: &Publication<'_>| format!("{}\n{}", comment_marker("main"), text.marked());
    let fake = Fake::start();
    fake.times(1, "GET", LIST, listed(&[]));
    fake.on("POST", LIST, 201, &shown(9, &body(&older)));
    fake.times(1, "GET", LIST, listed(&[shown(8, &body(&newer)), shown(9, &body(&older))]));
    fake.graphql("query Authors", &authors(&[Some(true), Some(true)]));
    fake.on("DELETE", "/repos/a/b/issues/comments/9", 204, &json!(null));
    let error = upsert_comment(&fake.client(), "a/b", 3, &older).unwrap_err();
    assert!(matches!(error, PublishError::NewerRun(RunAttempt { id: 8, .. })), "{error}");
    assert_eq!(writes(&fake), [format!("POST {LIST}"), "DELETE /repos/a/b/issues/comments/9".into()]);
}

#[test]
fn comparison_survives_a_lost_answer() {
    let counts = |critical| ComparedCounts { scope: "a".into(), counts: vec![("critical", critical)] };
    let (before, now) = (counts(1), counts(2));
    let plain = Publication { state: "s", ..Publication::new("main", "<sub>x</sub>\n") };
    let old = Publication { counts: Some(&before), ..plain };
    let new = Publication { counts: Some(&now), ..plain };
    let body = |text: &Publication<'_>| format!("{}\n{}", comment_marker("main"), text.marked());
    let fake = Fake::start();
    let path = "/repos/a/b/issues/comments/7";
    // The first write arrives and its answer does not. The second look finds the own counts.
    fake.times(1, "GET", LIST, listed(&[shown(7, &body(&old))]));
    fake.times(1, "GET", LIST, listed(&[shown(7, &body(&new))]));
    fake.graphql("query Authors", &authors(&[Some(true)]));
    fake.times(1, "PATCH", path, ResponseTemplate::new(502));
    fake.on("PATCH", path, 200, &json!({}));
    upsert_comment(&fake.client(), "a/b", 3, &new).unwrap();
    let bodies = fake.requests();
    let written = bodies.iter().filter(|request| request.method.as_str() == "PATCH");
    let written: Vec<Value> = written.map(|request| request.body_json().unwrap()).collect();
    assert_eq!(written.len(), 2);
    for json in written {
        let text = json["body"].as_str().unwrap();
        assert!(text.ends_with("<sub>x · since the last comment: +1 critical</sub>\n"), "{text}");
    }
}
