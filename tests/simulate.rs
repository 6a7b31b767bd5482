//! `escape-gate simulate` on a snapshot with a commit graph.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/files.rs"]
mod support;

use serde_json::{Value, json};
use support::files;

const POLICY: &str = "version: 1
defects: { escaped: { labels: [production-bug] }, severity: { critical: [sev/critical] } }
rules:
  - { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }
";

/// The id of a commit: a word without digits is none.
fn id(digit: char) -> String {
    format!("{digit}1").repeat(20)
}

fn commit(digit: char, parent: Option<char>, day: &str, message: &str) -> Value {
    json!({ "id": id(digit), "parents": parent.map(id).into_iter().collect::<Vec<_>>(),
            "committed-at": format!("{day}T10:00:00Z"), "authored-at": format!("{day}T09:00:00Z"), "message": message })
}

/// Found in v1.0.0, fixed in v1.1.0, and v1.2.0 takes the fix back; v1.0.1 is of the older line and never had it.
fn snapshot() -> Value {
    let commits = json!([
        commit('a', None, "2026-01-01", "Work"),
        commit('b', Some('a'), "2026-02-10", "Keep the order (#2)"),
        commit('c', Some('b'), "2026-04-10", &format!("Revert it\n\nThis reverts commit {}.", id('b'))),
        commit('d', Some('a'), "2026-03-10", "Another fix"),
    ]);
    let release = |tag: &str, digit: char, day: &str| json!({ "tag": tag, "commit": id(digit), "published-at": format!("{day}T12:00:00Z") });
    let event = |label: &str, day: &str| json!({ "at": format!("{day}T10:00:00Z"), "set": true, "label": label, "by": { "login": "ada" } });
    json!({
        "schema": 2, "taken-at": "2026-06-01T00:00:00Z", "repository": "acme/shop",
        "releases": [
            release("v1.0.0", 'a', "2026-01-02"), release("v1.1.0", 'b', "2026-02-12"),
            release("v1.0.1", 'd', "2026-03-12"), release("v1.2.0", 'c', "2026-04-12"),
        ],
        "issues": [{
            "number": 1, "title": "t", "url": "", "author": "eve", "author-role": "reporter", "state": "closed",
            "state-reason": "completed", "created-at": "2026-02-01T10:00:00Z", "updated-at": "2026-02-10T10:00:00Z",
            "closed-at": "2026-02-10T10:00:00Z", "closing": { "by": { "login": "ada" }, "change": "#2" },
            "labels": ["production-bug", "sev/critical", "found-in/v1.0.0"],
            "label-history": { "events": [
                event("production-bug", "2026-02-02"), event("sev/critical", "2026-02-02"),
                event("found-in/v1.0.0", "2026-02-02"),
            ] },
            "fixes": [{ "pull-request": 2, "commit": id('b'), "merged-at": "2026-02-10T10:00:00Z",
                        "state": "merged", "base": "main", "title": "Keep the order" }],
        }],
        "pull-requests": [],
        "history": { "commits": commits, "default-branch": "main", "branches": { "main": id('c') } },
    })
}

/// The verdict at each release, the newest first, and the text for a person.
fn simulate(snapshot: &Value) -> (Vec<String>, String) {
    let text = snapshot.to_string();
    let folder = files(&[("policy.yml", POLICY), ("snapshot.json", &text)]);
    let args = ["simulate", "--policy", "policy.yml", "--snapshot", "snapshot.json"];
    let (code, out, log) = support::run(folder.path(), &[&args[..], &["--format", "json"]].concat());
    assert_eq!(code, 0, "{log}");
    let json: Value = serde_json::from_str(&out).unwrap();
    let verdicts = json["releases"].as_array().unwrap().iter().map(|release| {
        format!("{} {}", release["tag"].as_str().unwrap(), release["verdict"].as_str().unwrap())
    });
    (verdicts.collect(), support::run(folder.path(), &args).1)
}

#[test]
fn commit_graph_decides_what_a_past_release_contained() {
    let (verdicts, text) = simulate(&snapshot());
    // By the times of merging alone, v1.0.1 and v1.2.0 would have the fix.
    assert_eq!(verdicts, ["v1.2.0 fail", "v1.0.1 fail", "v1.1.0 pass", "v1.0.0 pass"]);
    assert!(text.contains("Seen as of each release"), "{text}");
}

#[test]
fn label_set_later_does_not_count_before() {
    let mut snapshot = snapshot();
    snapshot["issues"][0]["label-history"]["events"][0]["at"] = json!("2026-04-01T10:00:00Z");
    let (verdicts, _) = simulate(&snapshot);
    assert_eq!(verdicts, ["v1.2.0 fail", "v1.0.1 pass", "v1.1.0 pass", "v1.0.0 pass"]);
}

#[test]
fn past_release_outside_the_graph_is_unknown() {
    let mut snapshot = snapshot();
    snapshot["releases"][2]["commit"] = json!(id('e'));
    let (verdicts, _) = simulate(&snapshot);
    assert_eq!(verdicts[1], "v1.0.1 unknown");
}
