//! Findings that comments and policies accept, with the real binary. A pull request cannot accept the findings about itself.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/git.rs"]
mod git_support;
#[path = "support/files.rs"]
#[allow(dead_code)]
mod support;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use git_support::git;
use support::files;

/// A gate with a job next to it that publishes. `above` stands above the job.
fn workflow(above: &str) -> String {
    format!(
        "on: {{ push: {{ tags: ['v*'] }} }}\njobs:\n  gate:\n    runs-on: ubuntu-latest\n    permissions: {{ contents: read, issues: read, \
         pull-requests: read }}\n    steps:\n      - uses: acme/escape-gate@v1\n{above}  nightly:\n    runs-on: ubuntu-latest\n    steps:\n      \
         - run: npm publish\n"
    )
}

fn policy(more: &str) -> String {
    format!(
        "version: 1\ndefects: {{ escaped: {{ labels: [x] }} }}\nrules: [{{ id: few, metric: escaped, max: 5 }}]\n{more}"
    )
}

const FINDING: &str = "publish-not-behind-gate";
const ENTRY: &str = "doctor:\n  ignore:\n    - { id: publish-not-behind-gate, at: 'ci.yml:nightly', until: 2999-12-31, reason: a bucket }\n";
const COMMENT: &str = "  # escape-gate: ignore[publish-not-behind-gate] until 2999-12-31: a bucket\n";

/// Runs `doctor` in a folder: exit code, and the report.
fn doctor(folder: &Path, env: &[(&str, &str)]) -> (i32, Value) {
    let args = ["doctor", "--format", "json"];
    let output = git_support::run(env!("CARGO_BIN_EXE_escape-gate"), folder, &args, env);
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{log}"));
    (output.status.code().unwrap(), report)
}

/// Returns the finding about publishing, from a list of a report.
fn finding<'r>(report: &'r Value, list: &str) -> Option<&'r Value> {
    let all = report[list].as_array().unwrap().iter();
    all.map(|one| one.get("finding").unwrap_or(one)).find(|one| one["id"] == FINDING)
}

#[test]
fn policy_accepts_a_finding_at_its_place_until_its_day() {
    let entry = |text: &str| format!("doctor:\n  ignore:\n    - {{ {text} }}\n");
    for (more, is_accepted) in [
        (String::new(), false),
        (entry("id: publish-not-behind-gate, reason: a bucket"), true),
        (entry("id: publish-not-behind-gate, at: ci.yml, reason: a bucket"), true),
        (entry("id: publish-not-behind-gate, at: .github/workflows/ci.yml, reason: a bucket"), true),
        (
            entry("id: publish-not-behind-gate, at: 'ci.yml:nightly', reason: a bucket, until: 2999-12-31"),
            true,
        ),
        (entry("id: publish-not-behind-gate, at: 'ci.yml:gate', reason: a bucket"), false),
        (entry("id: publish-not-behind-gate, at: release.yml, reason: a bucket"), false),
        (entry("id: publish-not-behind-gate, at: i.yml, reason: a bucket"), false),
        (entry("id: publish-path-without-gate, reason: another finding"), false),
        (entry("id: publish-not-behind-gate, reason: a bucket, until: 2020-01-31"), false),
    ] {
        let folder = files(&[
            (".github/workflows/ci.yml", &workflow("")),
            (".github/escape-gate.yml", &policy(&more)),
        ]);
        let (code, report) = doctor(folder.path(), &[]);
        assert_eq!(code, if is_accepted { 0 } else { 10 }, "{more}: {report:#}");
        assert_eq!(finding(&report, "findings").is_none(), is_accepted, "{more}");
        assert_eq!(finding(&report, "ignored").is_some(), is_accepted, "{more}");
        let headline = report["headline"].as_str().unwrap();
        assert_eq!(headline.contains("1 finding ignored"), is_accepted, "{headline}");
        if is_accepted {
            assert_eq!(report["ignored"][0]["reason"], "a bucket");
            assert_eq!(report["ignored"][0]["by"], ".github/escape-gate.yml:6");
        }
        let unused = report["findings"].as_array().unwrap().iter().find(|one| one["id"] == "ignore-unused");
        let is_unused = !is_accepted && !more.is_empty() && !more.contains("2020");
        assert_eq!(unused.is_some(), is_unused, "{more}");
        if let Some(unused) = unused {
            assert_eq!((&unused["file"], &unused["line"]), (&json!(".github/escape-gate.yml"), &json!(6)));
        }
    }
}

#[test]
fn inherited_entry_accepts_and_names_its_file() {
    let folder = files(&[
        (".github/workflows/ci.yml", &workflow("")),
        (".github/escape-gate.yml", "version: 1\nextends: [base.yml]\n"),
        (".github/base.yml", &policy(ENTRY)),
    ]);
    let (code, report) = doctor(folder.path(), &[]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["ignored"][0]["by"], ".github/base.yml:6");
}

/// A repository whose base branch and whose pull request have these files; the pull request is checked out.
fn pull_request(base: (&str, &str), head: (&str, &str)) -> (tempfile::TempDir, String) {
    let folder = files(&[]);
    let write = |(workflow, policy): (&str, &str)| {
        fs::create_dir_all(folder.path().join(".github/workflows")).unwrap();
        fs::write(folder.path().join(".github/workflows/ci.yml"), workflow).unwrap();
        fs::write(folder.path().join(".github/escape-gate.yml"), policy).unwrap();
    };
    git(folder.path(), 0, &["init", "-q"]);
    write(base);
    git(folder.path(), 1, &["add", "."]);
    git(folder.path(), 1, &["commit", "-qm", "base"]);
    let commit = git(folder.path(), 1, &["rev-parse", "HEAD"]);
    write(head);
    git(folder.path(), 2, &["add", "."]);
    git(folder.path(), 2, &["commit", "-qm", "change", "--allow-empty"]);
    (folder, commit)
}

/// Runs `doctor` for a pull request to the commit.
fn doctor_on_change(folder: &Path, base: &str) -> (i32, Value) {
    let head = git(folder, 3, &["rev-parse", "HEAD"]);
    let event = folder.join(".git/event.json");
    let payload = json!({
        "pull_request": {
            "number": 7,
            "head": { "sha": head, "ref": "change", "repo": { "id": 1, "full_name": "acme/shop", "fork": false } },
            "base": { "sha": base, "ref": "main", "repo": { "id": 1, "full_name": "acme/shop", "fork": false } },
        },
        "repository": { "id": 1, "full_name": "acme/shop" },
    });
    fs::write(&event, payload.to_string()).unwrap();
    doctor(
        folder,
        &[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REPOSITORY", "acme/shop"),
            ("GITHUB_EVENT_NAME", "pull_request"),
            ("GITHUB_REF", "refs/pull/7/merge"),
            ("GITHUB_SHA", &head),
            // Nothing listens there.
            ("GITHUB_API_URL", "http://127.0.0.1:9"),
            ("GITHUB_GRAPHQL_URL", "http://127.0.0.1:9/graphql"),
            ("GITHUB_SERVER_URL", "http://127.0.0.1:9"),
            ("GITHUB_RUN_ID", "1"),
            ("GITHUB_EVENT_PATH", event.to_str().unwrap()),
            ("ESCAPE_GATE_TIMEOUT", "1s"),
        ],
    )
}

#[test]
fn pull_request_cannot_accept_its_own_finding() {
    let (plain, commented) = (workflow(""), workflow(COMMENT));
    let (none, accepting) = (policy(""), policy(ENTRY));
    let longer = |text: &str| text.replace("2999", "3999");
    let moved = commented.replace(COMMENT, "").replace("  gate:\n", &format!("{COMMENT}  gate:\n"));
    let other_job = commented.replace("nightly:", "weekly:");
    let whole_file = format!("{}{plain}", COMMENT.trim_start());
    let expired = commented.replace("2999", "2020");
    for (name, base, head, is_accepted) in [
        ("nothing accepts it", (&plain, &none), (&plain, &none), false),
        ("comment of the base", (&commented, &none), (&commented, &none), true),
        ("entry of the base", (&plain, &accepting), (&plain, &accepting), true),
        ("new comment", (&plain, &none), (&commented, &none), false),
        ("new comment above the file", (&plain, &none), (&whole_file, &none), false),
        ("new entry", (&plain, &none), (&plain, &accepting), false),
        ("comment taken away", (&commented, &none), (&plain, &none), false),
        ("comment of another job", (&moved, &none), (&commented, &none), false),
        ("comment of a renamed job", (&other_job, &none), (&commented, &none), false),
        ("prolonged comment that still counts", (&commented, &none), (&longer(&commented), &none), true),
        ("prolonged entry that still counts", (&plain, &accepting), (&plain, &longer(&accepting)), true),
        ("prolonged comment that expired", (&expired, &none), (&commented, &none), false),
    ] {
        let (folder, commit) = pull_request((base.0, base.1), (head.0, head.1));
        let (code, report) = doctor_on_change(folder.path(), &commit);
        assert_eq!(code, if is_accepted { 0 } else { 10 }, "{name}: {report:#}");
        assert_eq!(finding(&report, "ignored").is_some(), is_accepted, "{name}");
        let problem = finding(&report, "findings").map(|one| one["problem"].as_str().unwrap().to_owned());
        if name.starts_with("new ") {
            assert!(problem.unwrap().contains("counts when the base branch has it"), "{name}");
        } else if name.ends_with("expired") {
            assert!(problem.unwrap().contains("expired on 2020-12-31"), "{name}");
        }
        // Outside of a pull request, the entries of the checkout count.
        let is_accepted = finding(&doctor(folder.path(), &[]).1, "ignored").is_some();
        let has_entry = head.0.contains("ignore[") || head.1.contains("ignore:");
        assert_eq!(is_accepted, has_entry, "{name}");
    }
}

#[test]
fn unread_base_branch_accepts_nothing() {
    let (workflow, policy) = (workflow(COMMENT), policy(""));
    let (folder, _) = pull_request((&workflow, &policy), (&workflow, &policy));
    let (code, report) = doctor_on_change(folder.path(), &"0".repeat(40));
    assert_eq!(code, 10);
    assert!(finding(&report, "ignored").is_none());
    let not_known = report["not-known"].as_array().unwrap().iter();
    let subjects: Vec<&str> = not_known.map(|one| one["subject"].as_str().unwrap()).collect();
    assert!(subjects.iter().any(|one| one.contains("of the base branch")), "{subjects:?}");
}
