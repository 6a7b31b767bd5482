//! Which comments are read as overrides, and what is asked about whom.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::*;
use crate::github::testing::Fake;
use crate::tracker::CandidateRef;
use crate::tracker::github::RepositoryName;

const HEAD: &str = "0123456789abcdef00000000000000000000000a";

fn comment(number: u64, login: &str, body: &str) -> Value {
    json!({
        "body": body, "url": format!("https://github.com/acme/shop/pull/7#issuecomment-{number}"),
        "createdAt": format!("2026-01-01T00:00:{number:02}Z"), "updatedAt": "2026-01-02T00:00:00Z",
        "lastEditedAt": null, "isMinimized": false, "author": { "__typename": "User", "login": login }
    })
}

fn pull(comments: &Value) -> Value {
    let total = comments.as_array().unwrap().len();
    json!({ "number": 7, "mergeCommit": { "oid": HEAD }, "comments": { "totalCount": total, "nodes": comments } })
}

/// Reads the overrides of a pull request or, without one, of the commit. Returns them with the warnings.
fn read_with(
    fake: &Fake,
    pull: Option<u64>,
    needs_role: &dyn Fn(&str) -> bool,
) -> (Option<Vec<Override>>, String) {
    let (client, repository) = (fake.client(), RepositoryName::parse("acme/shop").unwrap());
    let mut reader = PagedReader::new(&client, &repository);
    let candidate = Candidate {
        name: "x".into(),
        tag: None,
        head: Some(Sha(HEAD.into())),
        pull_request: pull,
        branch: None,
        ..Candidate::default()
    };
    let ask = CollectionRequest {
        wants_label: &|_| true,
        wants_pull_label: &|_| false,
        types: &[],
        milestones: &[],
        can_escape: &|_, _| true,
        expected_labels: &[],
        wants_tag: &|_| true,
        issues: &BTreeSet::new(),
        tags_only: false,
        candidate: CandidateRef::default(),
        wants_files: &|_| true,
        wants_comments: &|_| false,
        overrides: Some(needs_role),
        environment: None,
        now: Timestamp::UNIX_EPOCH,
    };
    let read = collect_overrides(&mut reader, &candidate, &ask);
    assert!(reader.gaps.is_empty(), "an unread override is no gap: {:?}", reader.gaps);
    (read, reader.warnings.iter().map(|one| one.0.clone() + "\n").collect())
}

fn read_pull(fake: &Fake, comments: &Value) -> (Vec<Override>, String) {
    fake.graphql("query PullComments", &json!({ "repository": { "pullRequest": pull(comments) } }));
    let (read, warnings) = read_with(fake, Some(7), &|_| true);
    (read.unwrap(), warnings)
}

fn role_of(fake: &Fake, login: &str, body: &Value) {
    fake.on("GET", &format!("/repos/acme/shop/collaborators/{login}/permission"), 200, body);
}

#[test]
fn override_is_read_with_its_author_role() {
    let fake = Fake::start();
    role_of(&fake, "mona", &json!({ "permission": "write", "role_name": "maintain", "user": null }));
    let text = format!("/escape-gate override {HEAD} clean-record: it is known");
    let (read, warnings) =
        read_pull(&fake, &json!([comment(1, "mona", "What now?"), comment(2, "mona", &text)]));
    assert_eq!(warnings, "");
    let [one] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!((one.by.as_deref(), one.role.as_deref(), one.bot), (Some("mona"), Some("maintain"), false));
    assert_eq!((one.pull_request, one.edited, one.command.reason.as_str()), (7, false, "it is known"));
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn role_is_not_read_for_a_comment_that_cannot_count() {
    let fake = Fake::start();
    let good = format!("/escape-gate override {HEAD} why");
    let mut bot = comment(1, "robot", &good);
    bot["author"]["__typename"] = json!("Bot");
    let mut edited = comment(2, "editor", &good);
    edited["lastEditedAt"] = json!("2026-01-03T00:00:00Z");
    let mut silent = comment(3, "silent", &good);
    silent.as_object_mut().unwrap().remove("lastEditedAt");
    let mut hidden = comment(6, "hidden", &good);
    hidden["isMinimized"] = json!(true);
    let mut unsaid = comment(7, "unsaid", &good);
    unsaid.as_object_mut().unwrap().remove("isMinimized");
    let mut ghost = comment(4, "ghost", &good);
    ghost["author"] = json!(null);
    let other = comment(5, "other", "/escape-gate override 1123456789abcdef why");
    let mute = comment(6, "mute", "/escape-gate override 0123456789abcdef");
    let (read, _) = read_pull(&fake, &json!([bot, edited, silent, hidden, unsaid, ghost, other, mute]));
    assert_eq!(read.len(), 8);
    assert!(read.iter().all(|one| one.role.is_none()));
    assert_eq!(read.iter().filter(|one| one.bot).count(), 2, "no author is no person");
    assert_eq!(read.iter().filter(|one| one.edited).count(), 2, "not told is not unedited");
    assert_eq!(read.iter().filter(|one| one.hidden).count(), 2, "not told is not shown");
    assert_eq!(fake.rest(), [] as [String; 0]);
}

#[test]
fn author_named_by_the_policy_needs_no_role() {
    let fake = Fake::start();
    let text = format!("/escape-gate override {HEAD} why");
    let comments = json!([comment(1, "mona", &text)]);
    fake.graphql("query PullComments", &json!({ "repository": { "pullRequest": pull(&comments) } }));
    let (read, warnings) = read_with(&fake, Some(7), &|login| login != "mona");
    assert_eq!((read.unwrap().len(), warnings.as_str()), (1, ""));
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn unreadable_role_is_a_warning() {
    let fake = Fake::start();
    let text = format!("/escape-gate override {HEAD} why");
    role_of(&fake, "old", &json!({ "permission": "admin" }));
    let (read, warnings) = read_pull(&fake, &json!([comment(1, "mona", &text), comment(2, "old", &text)]));
    assert!(read.iter().all(|one| one.role.is_none()));
    assert!(warnings.contains("the role of mona could not be read"), "{warnings}");
    assert!(warnings.contains("the role of old could not be read"), "{warnings}");
}

#[test]
fn number_of_read_roles_is_limited() {
    let fake = Fake::start();
    let text = format!("/escape-gate override {HEAD} why");
    let crowd: Vec<Value> = (0..30).map(|number| comment(number, &format!("user{number}"), &text)).collect();
    let (_, warnings) = read_pull(&fake, &json!(crowd));
    assert_eq!(fake.requests().len(), 1 + MOST_AUTHORS);
    assert!(warnings.contains("20 more people wrote overrides"), "{warnings}");
}

#[test]
fn comments_that_do_not_come_are_told() {
    let fake = Fake::start();
    let mut cut = pull(&json!([]));
    cut["comments"]["totalCount"] = json!(170);
    fake.graphql("query PullComments", &json!({ "repository": { "pullRequest": cut } }));
    let (read, warnings) = read_with(&fake, Some(7), &|_| true);
    assert_eq!(read.unwrap(), []);
    assert!(warnings.contains("only the newest 0 comments of pull request 7 were read"), "{warnings}");

    let refused = Fake::start();
    let error = json!({ "type": "FORBIDDEN", "path": ["repository"], "message": "Resource not accessible" });
    refused
        .graphql_answer("query PullComments", &json!({ "data": { "repository": null }, "errors": [error] }));
    let (read, warnings) = read_with(&refused, Some(7), &|_| true);
    assert_eq!(read, None);
    assert!(warnings.contains("overrides could not be read"), "{warnings}");
}

#[test]
fn only_the_pull_request_merged_as_the_commit_counts() {
    let fake = Fake::start();
    let text = format!("/escape-gate override {HEAD} why");
    let mut other = pull(&json!([comment(1, "mona", &text)]));
    other["mergeCommit"] = json!(null);
    let own = pull(&json!([comment(2, "hubot", &text)]));
    let nodes =
        json!({ "repository": { "object": { "associatedPullRequests": { "nodes": [other, own] } } } });
    fake.graphql("query CommitComments", &nodes);
    let (read, _) = read_with(&fake, None, &|_| false);
    let authors: Vec<_> = read.unwrap().into_iter().filter_map(|one| one.by).collect();
    assert_eq!(authors, ["hubot"]);
}
