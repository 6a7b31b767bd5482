//! Messages say what to do next, and commands find what they need.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/files.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{files, run};

const POLICY: &str =
    "version: 1\ndefects: { escaped: { labels: [bug] } }\nrules: [{ id: a, metric: unfixed, max: 0 }]\n";

#[test]
fn missing_policy_names_the_command_that_proposes_one() {
    let empty = files(&[]);
    let (code, _, log) = run(empty.path(), &["check", "--repo", "acme/shop"]);
    assert_eq!(code, 2);
    assert!(log.contains("run `escape-gate init` to propose a policy"), "{log}");
}

#[test]
fn check_without_repository_names_the_ways_to_give_one() {
    let folder = files(&[("p.yml", POLICY)]);
    let (code, _, log) = run(folder.path(), &["check", "--policy", "p.yml"]);
    assert_eq!(code, 2);
    for part in ["--repo owner/name", "--snapshot FILE", "escape-gate demo"] {
        assert!(log.contains(part), "{part} is missing in {log}");
    }
}

const CLONE: &str = "[remote \"origin\"]\n\turl = https://github.com/acme/shop.git\n";

/// Runs a command in a folder with a token, and with no server behind it: exit code, standard output and log.
fn run_with_token(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        // Nothing listens there.
        .envs([
            ("GITHUB_API_URL", "http://127.0.0.1:9"),
            ("ESCAPE_GATE_RETRY_WAIT", "1ms"),
            ("ESCAPE_GATE_TIMEOUT", "1s"),
            ("GITHUB_TOKEN", "ghs_token"),
        ])
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn repository_of_the_clone_is_read() {
    let folder = files(&[
        (".github/escape-gate.yml", POLICY),
        (".git/config", CLONE),
        (".git/worktrees/fix/commondir", "../..\n"),
        ("src/deep/main.c", ""),
        ("fix/.git", "gitdir: ../.git/worktrees/fix\n"),
        ("fix/.github/escape-gate.yml", POLICY),
        ("fix/src/main.c", ""),
    ]);
    for place in ["", "src", "src/deep", "fix", "fix/src"] {
        for (args, exit) in [
            (&["check"][..], 3),
            (&["explain", "a"], 0),
            (&["simulate"], 2),
            (&["collect", "--out", "s.json"], 0),
        ] {
            let (code, _, log) = run_with_token(&folder.path().join(place), args);
            assert_eq!(code, exit, "{args:?} in {place}: {log}");
            assert!(
                log.contains("repository acme/shop, the origin of this clone"),
                "{args:?} in {place}: {log}"
            );
        }
        assert!(folder.path().join(place).join("s.json").exists(), "paths of options start from {place}");
    }
}

#[test]
fn doctor_examines_the_clone_around_its_folder() {
    let workflow = "on: push\njobs:\n  gate:\n    steps: [{ uses: acme/escape-gate@v1 }]\n";
    let folder = files(&[
        (".github/workflows/ci.yml", workflow),
        (".github/escape-gate.yml", POLICY),
        (".git/config", CLONE),
        ("src/main.c", ""),
    ]);
    for place in ["", "src"] {
        let (code, out, log) = run_with_token(&folder.path().join(place), &["doctor"]);
        assert_eq!(code, 3, "{place}: {out}{log}");
        // With a token, the repository of the clone is asked.
        assert!(out.contains("default branch: ") && out.contains("/repos/acme/shop"), "{place}: {out}");
        let (code, out, _) = run(&folder.path().join(place), &["doctor"]);
        assert!(code == 0 && out.contains("GitHub was not asked"), "{place}: {out}");
    }
}

#[test]
fn command_in_a_subfolder_reads_what_the_top_has() {
    let policy = "version: 1\ntests: { reports: [\"out/*.xml\"] }\nrules: [{ id: tests, metric: tests.failed, max: 0 }]\n";
    let report = |failed: &str| {
        format!("<testsuite name=\"s\" tests=\"1\"><testcase name=\"a\">{failed}</testcase></testsuite>")
    };
    let snapshot = r#"{ "schema": 1, "taken-at": "2026-06-15T00:00:00Z", "releases": [], "tickets": [] }"#;
    let folder = files(&[
        (".github/escape-gate.yml", policy),
        (".git/config", CLONE),
        ("out/TEST-a.xml", &report("")),
        ("src/out/TEST-b.xml", &report("<failure/>")),
        ("src/evidence.json", snapshot),
    ]);
    let check = |more: &[&str]| {
        let args = [&["check", "--snapshot", "evidence.json"], more].concat();
        run(&folder.path().join("src"), &args).0
    };
    // The globs of the policy start at the top, those of an option in the folder of the run.
    assert_eq!(check(&[]), 0);
    assert_eq!(check(&["--reports", "out/*.xml"]), 10);
    assert_eq!(check(&["--reports", "./**/*.xml", "--reports", "!out/TEST-b.xml"]), 3);
    check(&["--output", "csv=rules.csv", "--html", "page.html", "--report-file", "report.json"]);
    for name in ["rules.csv", "page.html", "report.json"] {
        assert!(folder.path().join("src").join(name).exists(), "{name}");
    }
    assert_eq!(run(&folder.path().join("src"), &["policy", "show"]).0, 0);
    // A policy of its own folder wins.
    fs::create_dir_all(folder.path().join("src/.github")).unwrap();
    fs::write(folder.path().join("src/.github/escape-gate.yml"), policy).unwrap();
    assert_eq!(check(&[]), 10);
}

#[test]
fn workflow_takes_the_policy_of_its_own_folder_only() {
    let folder = files(&[(".github/escape-gate.yml", POLICY), (".git/config", CLONE), ("src/main.c", "")]);
    let output = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
        .args(["policy", "check"])
        .current_dir(folder.path().join("src"))
        .env_clear()
        .env("GITHUB_ACTIONS", "true")
        .output()
        .unwrap();
    assert_ne!(output.status.code(), Some(0), "a deleted policy must not be replaced by another one");
}

#[test]
fn missing_token_is_named_before_anything_is_asked() {
    let folder = files(&[("p.yml", POLICY), (".git/config", CLONE)]);
    for args in [
        &["check", "--policy", "p.yml"][..],
        &["check", "--policy", "p.yml", "--repo", "acme/shop"],
        &["simulate", "--policy", "p.yml"],
        &["explain", "a", "--policy", "p.yml"],
        &["policy", "check", "p.yml", "--repo", "acme/shop"],
    ] {
        let (code, _, log) = run(folder.path(), args);
        assert_eq!(code, 2, "{args:?}: {log}");
        for part in ["GITHUB_TOKEN", "gh auth token", "also in public repositories"] {
            assert!(log.contains(part), "{args:?}: {part} is missing in {log}");
        }
    }
}

#[test]
fn policy_commands_take_a_policy_like_the_others() {
    let folder = files(&[("p.yml", POLICY), ("q.yml", POLICY)]);
    for args in [
        &["policy", "check", "--policy", "p.yml"][..],
        &["policy", "check", "p.yml", "q.yml"],
        &["policy", "show", "--policy", "p.yml"],
        &["policy", "show", "p.yml"],
    ] {
        let (code, out, log) = run(folder.path(), args);
        assert_eq!(code, 0, "{args:?}: {log}");
        assert!(out.contains("p.yml") && out.contains("q.yml") == args.contains(&"q.yml"), "{args:?}: {out}");
    }
    let (code, _, log) = run(folder.path(), &["policy", "show"]);
    assert!(code == 2 && log.contains(".github/escape-gate.yml"), "{log}");
}

#[test]
fn label_of_an_expected_issue_is_named() {
    let folder = files(&[]);
    run(folder.path(), &["demo", "--write", "."]);
    let (_, out, _) = run(
        folder.path(),
        &["check", "--policy", "policy.yml", "--snapshot", "snapshot.json", "--format", "json"],
    );
    assert!(
        out.contains("An expected issue? Label it `cause/infra`, `cause/vendor` or `cause/novel`."),
        "{out}"
    );
}
