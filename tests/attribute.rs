//! `attribute` as a person meets it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/git.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use support::{git, run};

fn attribute(folder: &Path, args: &[&str]) -> Output {
    run(env!("CARGO_BIN_EXE_escape-gate"), folder, &[&["attribute"], args].concat(), &[])
}

/// A repository `acme/shop` whose line 2 is broken on day 1, released in v1.1.0, and repaired on day 3. Returns the commit
/// that broke it and the one that repaired it.
fn shop(folder: &Path) -> (String, String) {
    fs::create_dir_all(folder).unwrap();
    git(folder, 0, &["init", "--quiet", "--initial-branch=main"]);
    let change = |day: i64, text: &str, message: &str| {
        fs::write(folder.join("a.c"), text).unwrap();
        git(folder, day, &["add", "--all"]);
        git(folder, day, &["commit", "--quiet", "-m", message]);
        git(folder, day, &["rev-parse", "HEAD"])
    };
    change(0, "int a;\nint b = 1;\n", "Begin");
    git(folder, 0, &["tag", "v1.0.0"]);
    let guilty = change(1, "int a;\nint b = 2;\n", "Change the number");
    git(folder, 1, &["tag", "v1.1.0"]);
    (guilty, change(3, "int a;\nint b = 1;\n", "Correct the number"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_fix_leads_to_its_origin_in_text_and_in_json() {
    let folder = tempfile::tempdir().unwrap();
    let (guilty, fix) = shop(folder.path());
    let output = attribute(folder.path(), &["HEAD", "--escaped"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    assert!(shown.contains(&guilty[..12]) && shown.contains("first in   v1.1.0"), "{shown}");
    let output = attribute(folder.path(), &[&fix, "--format", "json"]);
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["origin"]["commit"], json!(guilty));
    assert_eq!(record["method"], json!("blame"));
}

#[test]
fn an_issue_of_a_snapshot_leads_to_the_origin_of_its_fix() {
    let folder = tempfile::tempdir().unwrap();
    let (guilty, fix) = shop(folder.path());
    let policy = "version: 1\ndefects:\n  escaped: { labels: [prod] }\nrules:\n  - { id: a, metric: escaped, max: 0 }\n";
    fs::write(folder.path().join("policy.yml"), policy).unwrap();
    let at = |day: i64| format!("2023-11-{:02}T22:13:20Z", 14 + day);
    let snapshot = json!({
        "schema": 1, "taken-at": at(9),
        "releases": [
            { "tag": "v1.0.0", "published-at": at(0) }, { "tag": "v1.1.0", "published-at": at(1) },
        ],
        "tickets": [{
            "number": 7, "updated-at": at(4), "title": "Wrong number", "url": "", "labels": ["prod"],
            "state": "closed", "created-at": at(2), "closed-at": at(4),
            "fixes": [{ "commit": fix, "merged-at": at(4) }],
        }],
    });
    fs::write(folder.path().join("snapshot.json"), snapshot.to_string()).unwrap();
    let args = ["#7", "--policy", "policy.yml", "--snapshot", "snapshot.json", "--format", "json"];
    let output = attribute(folder.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["origin"]["commit"], json!(guilty));
    assert_eq!(record["origin"]["release"], json!("v1.1.0"));
    let unknown = attribute(folder.path(), &["#8", "--policy", "policy.yml", "--snapshot", "snapshot.json"]);
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn without_git_it_says_how_to_get_it() {
    let folder = tempfile::tempdir().unwrap();
    let empty = [("PATH", "/nonexistent")];
    let output = run(env!("CARGO_BIN_EXE_escape-gate"), folder.path(), &["attribute", "HEAD"], &empty);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("apt-get install git"), "{}", text(&output.stderr));
}

#[test]
fn what_names_no_commit_is_said_and_is_no_crash() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(attribute(folder.path(), &["HEAD"]).status.code(), Some(1), "no repository");
    shop(folder.path());
    for name in ["no-such-branch", "--escaped", "v9", "#x"] {
        assert_eq!(attribute(folder.path(), &[name]).status.code(), Some(2), "{name}");
    }
    assert_eq!(attribute(folder.path(), &["HEAD", "--found-in", "v9"]).status.code(), Some(2));
    assert_eq!(attribute(folder.path(), &["HEAD", "--evaluate", "x", "--repos", "."]).status.code(), Some(2));
}

#[test]
fn evaluation_on_pairs_ignores_author_statements() {
    let folder = tempfile::tempdir().unwrap();
    let (guilty, fix) = shop(&folder.path().join("acme/shop"));
    let pairs = json!([
        { "repo": "acme/shop", "fix": fix, "inducing": [guilty], "kind": ["fixes-trailer"], "language": ["c"] },
        { "repo": "acme/absent", "fix": fix, "inducing": [guilty] },
        { "repo": "../escape", "fix": fix, "inducing": [guilty] },
    ]);
    fs::write(folder.path().join("pairs.json"), pairs.to_string()).unwrap();
    let args = ["--evaluate", "pairs.json", "--repos", ".", "--features", "candidates.ndjson"];
    let output = attribute(folder.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("F1                  1.000"), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("acme/absent: not in"), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("left out            2 of 3: 2 without a repository"));
    let line = fs::read_to_string(folder.path().join("candidates.ndjson")).unwrap();
    let line: Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
    assert_eq!(
        line["features"].as_array().unwrap().len(),
        line["candidates"][0]["features"].as_array().unwrap().len()
    );
}

#[test]
fn a_pair_that_is_not_judged_is_counted_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (guilty, fix) = shop(&folder.path().join("acme/shop"));
    let root = git(&folder.path().join("acme/shop"), 0, &["rev-parse", "v1.0.0"]);
    let pair =
        |fix: &str, inducing: &[&str]| json!({ "repo": "acme/shop", "fix": fix, "inducing": inducing });
    let evaluate = |pairs: &Value| {
        fs::write(folder.path().join("pairs.json"), pairs.to_string()).unwrap();
        attribute(folder.path(), &["--evaluate", "pairs.json", "--repos", "."])
    };
    let output = evaluate(&json!([
        pair(&fix[..8], &[&guilty[..7]]),
        pair(&fix, &[&guilty]),
        pair(&guilty, &[]),
        pair(&"0".repeat(40), &[&guilty]),
        pair(&guilty, &["not hexadecimal"]),
        pair(&root, &[&guilty]),
    ]));
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(
        shown.contains("recall              0.500  1 of 2"),
        "the first commit counts, unanswered: {shown}"
    );
    let why =
        "left out            4 of 6: 2 with a commit that is not there, 1 without an origin, 1 listed twice";
    assert!(shown.contains(why), "{shown}");
    for (pairs, why) in [
        (json!([]), "the list is empty"),
        (json!({ "repo": "acme/shop" }), "holds no pairs"),
        (
            json!([pair("abc", &[])]),
            "no pair could be judged; left out 1 of 1: 1 with a commit that is not there",
        ),
    ] {
        let output = evaluate(&pairs);
        assert_eq!(output.status.code(), Some(2), "{pairs}");
        assert!(text(&output.stderr).contains(why), "{}", text(&output.stderr));
    }
}
