//! Messages say what to do next, and commands find what they need.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/files.rs"]
mod support;

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

#[test]
fn repository_of_the_clone_is_read() {
    let config = "[remote \"origin\"]\n\turl = https://github.com/acme/shop.git\n";
    let folder = files(&[("p.yml", POLICY), (".git/config", config)]);
    for (command, exit) in [("check", 3), ("explain", 0)] {
        let mut args = vec![command, "--policy", "p.yml"];
        args.extend((command == "explain").then_some("a"));
        let output = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
            .args(args)
            .current_dir(folder.path())
            .env_clear()
            // Nothing listens there.
            .envs([("GITHUB_API_URL", "http://127.0.0.1:9"), ("ESCAPE_GATE_TIMEOUT", "1s")])
            .output()
            .unwrap();
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(exit), "{command}: {log}");
        assert!(log.contains("repository acme/shop, the origin of this clone"), "{command}: {log}");
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
