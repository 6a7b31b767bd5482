//! `escape-gate policy` as a person meets it, and files that inherit from one another on a disk.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/files.rs"]
mod support;

use std::fs;
use std::path::Path;

use support::{files, run};

const GOOD: &str = "version: 1\nrules: [{ id: tests, metric: tests.failed, max: 0 }]\n";
const ODD: &str = "version: 1\nrules: [{ id: tests, metric: tests.total, min: 0 }]\n";
const BAD: &str = "version: 1\nrules: [{ id: tests, metrik: tests.failed, max: 0 }]\n";

#[test]
fn policy_check_lists_all_problems_and_sets_exit_code() {
    let folder = files(&[("good.yml", GOOD), ("odd.yml", ODD), ("bad.yml", BAD)]);
    let check = |args: &[&str]| run(folder.path(), &[&["policy", "check"], args].concat());
    assert_eq!(check(&["good.yml"]).0, 0);
    let (code, out, _) = check(&["odd.yml"]);
    assert!(
        code == 0 && out.contains("warning[P105]") && out.contains("odd.yml: 1 rule, 1 warning"),
        "{out}"
    );
    assert_eq!(check(&["--strict", "odd.yml"]).0, 2);
    assert_eq!(check(&["--strict", "good.yml"]).0, 0);
    let (code, out, _) = check(&["good.yml", "bad.yml", "odd.yml", "none.yml"]);
    assert_eq!(code, 2);
    for part in ["good.yml: 1 rule", "error[P011]", "warning[P105]", "error[P001]"] {
        assert!(out.contains(part), "{part} is missing in {out}");
    }
    assert_eq!(check(&[]).0, 2, "the default policy is not there");
}

#[test]
fn a_policy_inherits_from_files_of_its_repository_and_from_no_others() {
    let outside = files(&[("base.yml", GOOD)]);
    let folder = files(&[
        ("repo/.git/HEAD", ""),
        ("repo/.github/escape-gate.yml", "version: 1\nextends: [../policies/base.yml]\n"),
        ("repo/policies/base.yml", GOOD),
        ("repo/.github/up.yml", "version: 1\nextends: [../../base.yml]\n"),
        ("repo/.github/link.yml", "version: 1\nextends: [linked.yml]\n"),
        ("base.yml", GOOD),
    ]);
    let repository = folder.path().join("repo");
    let (code, out, log) = run(&repository, &["policy", "check"]);
    assert!(code == 0 && out.contains("inherits from 1 policy"), "{out}{log}");
    let (code, out, _) = run(&repository, &["policy", "check", ".github/up.yml"]);
    assert!(code == 2 && out.contains("error[P073]"), "{out}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outside.path().join("base.yml"), repository.join(".github/linked.yml"))
            .unwrap();
        let (code, out, _) = run(&repository, &["policy", "check", ".github/link.yml"]);
        assert!(code == 2 && out.contains("error[P073]"), "{out}");
    }
    drop(outside);
    fs::remove_file(repository.join("policies/base.yml")).unwrap();
    let (code, out, _) = run(&repository, &["policy", "check"]);
    assert!(code == 2 && out.contains("error[P072]"), "{out}");
}

#[test]
fn check_refuses_a_policy_with_an_unreadable_base() {
    let folder = files(&[(
        "policy.yml",
        "version: 1\nextends: [gone.yml]\nrules: [{ id: t, metric: tests.failed, max: 0 }]\n",
    )]);
    let (code, out, log) =
        run(folder.path(), &["check", "--policy", "policy.yml", "--snapshot", "none.json"]);
    assert_eq!(code, 2);
    assert!(out.is_empty() && log.contains("error[P072]") && log.contains("gone.yml"), "{log}");
}

#[test]
fn what_is_shown_says_where_each_value_comes_from() {
    let folder = files(&[
        (
            "base.yml",
            "version: 1\nreleases: { supported: 3 }\nrules:\n  - { id: tests, metric: tests.failed, max: 0 }\n",
        ),
        (
            "policy.yml",
            "version: 1\nextends: [base.yml]\noverride: [{ rule: tests, reason: Two flaky ones. }]\nrules:\n  - { id: tests, max: 2 }\n",
        ),
    ]);
    let (code, out, log) = run(folder.path(), &["policy", "show", "policy.yml"]);
    assert_eq!(code, 0, "{log}");
    for part in [
        "# inherits base.yml (sha256:",
        "# loosened: `max` of the rule `tests`, 2 (policy.yml:5) instead of 0 (base.yml:4): Two flaky ones.",
        "  supported: 3 ",
        "# base.yml:2",
        "    max: 2 ",
        "# policy.yml:5",
        "mature-after: 30d",
        "# default",
    ] {
        assert!(out.contains(part), "{part} is missing in\n{out}");
    }
    fs::write(folder.path().join("shown.yml"), &out).unwrap();
    assert_eq!(run(folder.path(), &["policy", "check", "--strict", "shown.yml"]).0, 0);
    let (_, json, _) = run(folder.path(), &["policy", "show", "policy.yml", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["policy"]["rules"][0]["max"], 2);
    assert_eq!(json["origins"]["/rules/0/max"], "policy.yml:5");
    assert_eq!(json["origins"]["/rules/0/metric"], "base.yml:4");
    assert_eq!(json["loosened"][0]["reason"], "Two flaky ones.");
}

#[test]
fn the_schema_is_printed_as_it_is_committed() {
    let (code, out, _) = run(Path::new("."), &["policy", "schema"]);
    let committed =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema/escape-gate.schema.json")).unwrap();
    assert!(code == 0 && out == committed);
}
