//! How the test step ended, beside what its reports say.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const POLICY: &str = "version: 1
tests: { reports: [\"junit/*.xml\"] }
rules: [{ id: tests, metric: tests.failed, max: 0 }]
";

const SNAPSHOT: &str = r#"{ "schema": 2, "taken-at": "2026-09-01T09:00:00Z", "releases": [], "issues": [], "history": { "commits": [] } }"#;

const PASSED: &str = r#"<testsuite name="s"><testcase name="a"/><testcase name="b"/></testsuite>"#;

const FAILED: &str = r#"<testsuite name="s"><testcase name="a"/><testcase name="b"><failure message="no"/></testcase></testsuite>"#;

/// A folder with a policy, a snapshot without tests, and one report.
fn folder(report: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("junit")).unwrap();
    for (name, text) in [("policy.yml", POLICY), ("snapshot.json", SNAPSHOT), ("junit/s.xml", report)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Exit code, and all that was printed.
fn run(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_escape-gate"));
    command.args(args).current_dir(folder).env_clear().envs(env.iter().copied());
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

const CHECK: [&str; 5] = ["check", "--policy", "policy.yml", "--snapshot", "snapshot.json"];

#[test]
fn outcome_decides_beside_the_reports() {
    let (passed, failed) = (folder(PASSED), folder(FAILED));
    for (report, outcome, code, says) in [
        (&passed, "success", 0, "PASS"),
        (&passed, "", 0, "PASS"),
        (&passed, "  ", 0, "PASS"),
        (&passed, "failure", 3, "the test step failed and no report says why"),
        (&passed, "cancelled", 3, "the test step was cancelled"),
        (&passed, "skipped", 3, "the test step was skipped"),
        (&passed, "neutral", 3, "ended as `neutral`"),
        (&passed, "SUCCESS", 3, "ended as `SUCCESS`"),
        (&passed, "success failure", 3, "ended as `success failure`"),
        (&failed, "success", 10, "FAIL"),
        (&failed, "failure", 10, "FAIL"),
        (&failed, "cancelled", 10, "FAIL"),
        (&failed, "", 10, "FAIL"),
    ] {
        let by_option = run(report.path(), &[&CHECK[..], &["--tests-outcome", outcome]].concat(), &[]);
        let by_variable = run(report.path(), &CHECK, &[("ESCAPE_GATE_TESTS_OUTCOME", outcome)]);
        for (exit, text) in [by_option, by_variable] {
            assert_eq!(exit, code, "{outcome}: {text}");
            assert!(text.contains(says), "{outcome}: {text}");
        }
    }
}

#[test]
fn outcome_stays_in_the_snapshot() {
    let folder = folder(PASSED);
    let collect = ["collect", "--only", "tests", "--policy", "policy.yml", "--out"];
    for (out, outcome) in [("good.json", "success"), ("bad.json", "failure")] {
        let (exit, text) =
            run(folder.path(), &[&collect[..], &[out, "--tests-outcome", outcome]].concat(), &[]);
        assert_eq!(exit, 0, "{text}");
    }
    let check = |more: &[&str]| run(folder.path(), &[&CHECK, more].concat(), &[]);
    assert_eq!(check(&["--snapshot", "good.json"]).0, 0);
    let (exit, text) = check(&["--snapshot", "good.json", "--snapshot", "bad.json"]);
    assert_eq!(exit, 3, "{text}");
    assert!(text.contains("the test step failed and no report says why"), "{text}");
    // A later run that says `success` does not take back what the snapshot holds.
    assert_eq!(check(&["--snapshot", "bad.json", "--tests-outcome", "success"]).0, 3);
}

#[test]
fn failed_tests_of_one_leg_do_not_explain_another() {
    let (passed, failed) = (folder(PASSED), folder(FAILED));
    let policy = POLICY.replace("max: 0", "max: 5");
    for folder in [&passed, &failed] {
        fs::write(folder.path().join("policy.yml"), &policy).unwrap();
        let collect =
            ["collect", "--only", "tests", "--policy", "policy.yml", "--tests-outcome", "failure", "--out"];
        assert_eq!(run(folder.path(), &[&collect[..], &["leg.json"]].concat(), &[]).0, 0);
    }
    let other = failed.path().join("leg.json");
    let check = |legs: &[&str]| run(passed.path(), &[&CHECK, legs].concat(), &[]).0;
    assert_eq!(check(&["--snapshot", other.to_str().unwrap()]), 0, "five failed tests are allowed");
    assert_eq!(check(&["--snapshot", other.to_str().unwrap(), "--snapshot", "leg.json"]), 3);
}

#[test]
fn fewer_tests_than_the_release_before_fail() {
    let folder = folder(PASSED);
    let policy = POLICY.replace("tests.failed, max: 0", "tests.total, min: previous");
    fs::write(folder.path().join("policy.yml"), &policy).unwrap();
    let run = |args: &[&str]| run(folder.path(), args, &[]);
    let collect = ["collect", "--only", "tests", "--policy", "policy.yml", "--out", "before.json"];
    let report = |tests: usize| {
        let cases: String = (0..tests).map(|n| format!("<testcase name='t{n}'/>")).collect();
        fs::write(folder.path().join("junit/s.xml"), format!("<testsuite name='s'>{cases}</testsuite>"))
            .unwrap();
    };
    report(3);
    assert_eq!(run(&collect).0, 0);
    let with = [&CHECK[..], &["--tests-before", "before.json"]].concat();
    for (tests, code) in [(3, 0), (4, 0), (2, 10)] {
        report(tests);
        let (exit, text) = run(&with);
        assert_eq!(exit, code, "{tests}: {text}");
    }
    let (exit, text) = run(&CHECK);
    assert_eq!(exit, 0, "{text}");
    assert!(text.contains("Not enough data yet: there is no earlier value"), "{text}");
    fs::copy(folder.path().join("snapshot.json"), folder.path().join("before.json")).unwrap();
    assert_eq!(run(&with).0, 3, "a snapshot without tests is a gap");
    assert_eq!(run(&[&CHECK[..], &["--tests-before", "nowhere.json"]].concat()).0, 2);
}

#[test]
fn failed_step_without_any_report_is_a_gap() {
    let folder = folder(PASSED);
    let policy =
        "version: 1\ndefects: { escaped: { labels: [p] } }\nrules: [{ id: none, metric: unfixed, max: 0 }]\n";
    fs::write(folder.path().join("policy.yml"), policy).unwrap();
    assert_eq!(run(folder.path(), &CHECK, &[]).0, 0);
    let (exit, text) = run(folder.path(), &CHECK, &[("ESCAPE_GATE_TESTS_OUTCOME", "failure")]);
    assert_eq!(exit, 3, "{text}");
}

#[test]
fn expected_reports_without_a_glob_of_reports_are_missing() {
    let folder = folder(PASSED);
    let policy = "version: 1\ntests: { expect: [\"junit/*.xml\"] }\ndefects: { escaped: { labels: [p] } }\n\
                  rules: [{ id: none, metric: unfixed, max: 0 }]\n";
    fs::write(folder.path().join("policy.yml"), policy).unwrap();
    let (exit, text) = run(folder.path(), &CHECK, &[]);
    assert_eq!(exit, 3, "{text}");
    assert!(text.contains("`tests.expect` asks for at least 1 report"), "{text}");
    assert_eq!(run(folder.path(), &[&CHECK[..], &["--reports", "junit/*.xml"]].concat(), &[]).0, 0);
}
