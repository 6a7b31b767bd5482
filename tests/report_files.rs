//! Which test reports the program reads, and how it counts what they hold.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Runs `check` in a folder with these options and variables.
fn check(folder: &Path, more: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_escape-gate"));
    command.args(["check", "--policy", "policy.yml", "--snapshot", "snapshot.json"]).args(more);
    command.current_dir(folder).env_clear().envs(env.iter().copied()).output().unwrap()
}

/// Standard output and standard error.
fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// A workspace with a policy about failed tests.
fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let policy = "version: 1\ndefects: { escaped: { labels: [x] } }\nrules: [{ id: tests, metric: tests.failed, max: 0 }]\n";
    let snapshot = r#"{"schema":1,"taken-at":"2026-01-01T00:00:00Z","releases":[],"tickets":[]}"#;
    fs::write(folder.path().join("policy.yml"), policy).unwrap();
    fs::write(folder.path().join("snapshot.json"), snapshot).unwrap();
    folder
}

#[test]
fn failed_tests_beyond_those_kept_by_name_are_counted() {
    let folder = workspace();
    for leg in ["a", "b"] {
        let case =
            |n: u8| format!("<testcase classname='{leg}' name='t{n}'><failure message='m'/></testcase>");
        let cases: String = (0..150).map(case).collect();
        fs::write(folder.path().join(format!("{leg}.xml")), format!("<testsuite>{cases}</testsuite>"))
            .unwrap();
    }
    let (json, _) = texts(&check(folder.path(), &["--reports", "*.xml", "--format", "json"], &[]));
    let report: Value = serde_json::from_str(&json).unwrap();
    let tests = &report["tests"];
    assert_eq!(tests["failed"], 300);
    let named = tests["notable"].as_array().unwrap().len() as u64;
    assert_eq!(named + tests["more"].as_u64().unwrap(), 300);
    let (text, _) = texts(&check(folder.path(), &["--reports", "*.xml"], &[]));
    let shown = text.lines().filter(|line| line.contains(" › t")).count() as u64;
    assert!(text.contains(&format!("and {} more", 300 - shown)), "{text}");
    let (comment, _) = texts(&check(folder.path(), &["--reports", "*.xml", "--format", "markdown"], &[]));
    assert!(comment.contains(&format!("and {} more\n", 300 - named)), "{comment}");
}

#[test]
fn absolute_globs_need_a_folder_that_may_be_read() {
    let (folder, other) = (workspace(), tempfile::tempdir().unwrap());
    fs::write(other.path().join("r.xml"), "<testsuite><testcase name='a'/></testsuite>").unwrap();
    let root = other.path().to_str().unwrap();
    let glob = format!("{root}/*.xml");
    let code = |more: &[&str], env: &[(&str, &str)]| {
        check(folder.path(), &[&["--reports", &glob], more].concat(), env).status.code()
    };
    assert_eq!(code(&[], &[("RUNNER_TEMP", root)]), Some(0));
    assert_eq!(code(&["--reports-root", root], &[]), Some(0));
    assert_eq!(code(&[], &[("ESCAPE_GATE_REPORTS_ROOT", root)]), Some(0));
    let refused = check(folder.path(), &["--reports", &glob], &[("RUNNER_TEMP", "/nowhere")]);
    assert_eq!(refused.status.code(), Some(2));
    let (_, log) = texts(&refused);
    assert!(log.contains(&format!("add `--reports-root {root}`")), "{log}");
}
