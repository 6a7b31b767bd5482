//! `escape-gate init`: what it shows, what it writes, and what it leaves alone.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::rc::Rc;

use escape_gate::app::{self, Run};
use escape_gate::cli::Cli;
use escape_gate::output::TextOptions;
use tempfile::TempDir;

const POLICY: &str = ".github/escape-gate.yml";
const FORM: &str = ".github/ISSUE_TEMPLATE/production-bug.yml";
const WORKFLOW: &str = ".github/workflows/escape-gate.yml";

/// Runs the binary without a terminal.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_escape-gate"));
    command.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Runs it for a person who types this.
fn talk(folder: &Path, args: &[&str], typed: &str) -> (u8, String, String) {
    let arguments = ["escape-gate", "init"].iter().chain(args).map(OsString::from);
    let cli = Cli::read(arguments).unwrap();
    let (mut out, mut typed) = (Vec::new(), typed.as_bytes());
    let said = Rc::new(RefCell::new(String::new()));
    let into = Rc::clone(&said);
    let mut run = Run {
        env: &|_| None,
        folder: folder.to_owned(),
        log_is_terminal: false,
        answers: Some(&mut typed),
        now: "2026-09-01T00:00:00Z".parse().unwrap(),
        out: &mut out,
        log: Rc::new(move |line| into.borrow_mut().push_str(&format!("{line}\n"))),
        notice: &|_| {},
        verbose: false,
        text: TextOptions::default(),
        limits: cli.command.limits(),
        ci: None,
    };
    let exit = app::run_command(cli.command, &mut run).unwrap_or_else(|failure| panic!("{failure}"));
    let said = said.borrow().clone();
    (exit.code(), String::from_utf8(out).unwrap(), said)
}

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

fn is_empty(folder: &TempDir) -> bool {
    fs::read_dir(folder.path()).unwrap().next().is_none()
}

#[test]
fn without_a_terminal_and_without_a_word_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, log) = run(folder.path(), &["init"]);
    assert!(code == 2 && out.is_empty() && log.contains("--yes") && log.contains("--dry-run"), "{out}{log}");
    let (code, out, log) = run(folder.path(), &["init", "--dry-run"]);
    assert_eq!(code, 0, "{log}");
    for part in [POLICY, FORM, WORKFLOW, "(new)", "gh label create", "OWNER"] {
        assert!(out.contains(part), "{part} is missing in {out}");
    }
    assert!(
        log.contains("were not looked at") && log.contains("give --yes in the place of --dry-run"),
        "{log}"
    );
    assert!(is_empty(&folder));
}

#[test]
fn what_is_shown_is_what_is_written_and_is_a_good_policy() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, log) = run(folder.path(), &["init", "--yes", "--offline", "--preset", "high-performing"]);
    assert_eq!(code, 0, "{log}");
    for path in [POLICY, FORM, WORKFLOW] {
        assert!(out.contains(&format!("==> {path} (new)\n{}\n", read(&folder, path))), "{path}\n{out}");
        assert!(log.contains(&format!("wrote {path}\n")), "{log}");
    }
    let (code, out, log) = run(folder.path(), &["policy", "check", "--strict"]);
    assert_eq!(code, 0, "{out}{log}");
}

#[test]
fn existing_file_stops_all_writes_unless_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let init = |more: &[&str]| run(folder.path(), &[&["init", "--yes", "--offline"], more].concat());
    fs::create_dir_all(folder.path().join(".github/workflows")).unwrap();
    fs::write(folder.path().join(WORKFLOW), "theirs").unwrap();
    let (code, _, log) = init(&[]);
    assert!(code == 2 && log.contains(WORKFLOW) && log.contains("--force"), "{log}");
    assert_eq!(read(&folder, WORKFLOW), "theirs");
    assert!(!folder.path().join(POLICY).exists());
    assert_eq!(init(&["--force"]).0, 0);
    assert!(read(&folder, WORKFLOW).starts_with("name: Escape gate"));
    let (code, out, log) = init(&[]);
    assert!(
        code == 0 && out.contains("(is like this already)") && log.contains("nothing was written"),
        "{out}{log}"
    );
}

#[test]
fn options_decide_what_is_proposed() {
    let folder = tempfile::tempdir().unwrap();
    let args = [
        "init",
        "--yes",
        "--offline",
        "--policy",
        "gates/web.yml",
        "--escaped",
        "live",
        "--escaped",
        "it's \"x\"",
        "--component",
        "area/*",
        "--tags",
        "web-*",
        "--reports",
        "build/**/*.xml",
        "--workflow",
        "publish",
        "--gate",
        "acme/escape-gate@3f2a9d1c5b7e80642a19f0d3c4b5a69788776655",
        "--no-form",
        "--owner",
        "acme/release\nmona",
        "--repo",
        "acme/shop",
    ];
    let (code, out, log) = run(folder.path(), &args);
    assert_eq!(code, 0, "{log}");
    assert_eq!(read(&folder, ".github/CODEOWNERS").lines().count(), 5);
    let policy = read(&folder, "gates/web.yml");
    for part in [
        "[\"live\", \"it's \\\"x\\\"\"]",
        "component: \"area/*\"",
        "tags: \"web-*\"",
        "build/**/*.xml",
        "id: tests",
    ] {
        assert!(policy.contains(part), "{part} is missing in {policy}");
    }
    let workflow = read(&folder, WORKFLOW);
    for part in [
        "policy: \"gates/web.yml\"",
        "publish: true",
        "- uses: acme/escape-gate@3f2a9d1c5b7e80642a19f0d3c4b5a69788776655\n",
    ] {
        assert!(workflow.contains(part), "{part} is missing in {workflow}");
    }
    assert!(!folder.path().join(FORM).exists());
    assert!(out.contains(r#"gh label create --repo 'acme/shop' --color b60205 --description 'A defect that was found in production' 'it'\''s "x"'"#), "{out}");
    assert!(!out.contains("OWNER/") && !out.contains("replace"), "{out}");
}

#[test]
fn invalid_options_are_refused_before_writing() {
    let folder = tempfile::tempdir().unwrap();
    for (args, part) in [
        (["--critical", "P1", "--major", "P1"], "P057"),
        (["--component", "area", "--team", "team/*"], "write `\"area/*\"`"),
        (["--escaped", "bad{", "--team", "team/*"], "P056"),
        (["--gate", "acme/x/y", "--team", "team/*"], "acme/x/y"),
        (["--gate", "acme/x@main", "--team", "team/*"], "name the action by its full commit id"),
        (["--owner", "two words", "--team", "team/*"], "invalid owner `two words`"),
        (["--product", "api", "--team", "team/*"], "unknown product `api`"),
    ] {
        let (code, out, log) = run(folder.path(), &[&["init", "--yes", "--offline"][..], &args].concat());
        assert!(code == 2 && out.is_empty() && log.contains(part), "{args:?}: {code} {log}");
    }
    assert!(is_empty(&folder));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(outside.path(), folder.path().join(".github")).unwrap();
    let (code, _, log) = run(folder.path(), &["init", "--yes", "--offline", "--force"]);
    assert!(code == 2 && log.contains("link"), "{log}");
    assert!(is_empty(&outside));
}

#[test]
fn files_are_written_only_after_preview_and_confirmation() {
    let folder = tempfile::tempdir().unwrap();
    let answers = "zero-critical\nlive\n".to_owned() + &"\n".repeat(11) + "yes\n";
    let (code, out, said) = talk(folder.path(), &["--offline"], &answers);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("found in production [production-bug]")
            && said.contains("Write .github/escape-gate.yml"),
        "{said}"
    );
    let policy = read(&folder, POLICY);
    assert!(policy.contains("extends: [zero-critical]") && policy.contains("[\"live\"]"), "{policy}");
    assert!(out.contains(&policy));
}

#[test]
fn whoever_goes_away_or_does_not_agree_leaves_everything_as_it_was() {
    let proposal = "\n".repeat(13);
    for typed in [
        String::new(),
        "\n\n".into(),
        proposal.clone(),
        proposal.clone() + "yes",
        proposal.clone() + "\n",
        proposal + "no\n",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (code, _, said) = talk(folder.path(), &["--offline"], &typed);
        assert!(code == 0 && said.contains("nothing was written"), "{said}");
        assert!(is_empty(&folder), "{typed:?}");
    }
}

#[test]
fn a_person_is_asked_for_each_file_that_would_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join(".github/workflows")).unwrap();
    fs::write(folder.path().join(WORKFLOW), "theirs").unwrap();
    fs::write(folder.path().join(POLICY), "theirs").unwrap();
    let (_, _, said) = talk(folder.path(), &["--offline"], &("\n".repeat(13) + "no\nyes\nyes\n"));
    assert!(said.contains(&format!("{POLICY} exists. Replace it?")), "{said}");
    assert_eq!(read(&folder, POLICY), "theirs");
    assert!(read(&folder, WORKFLOW).starts_with("name: Escape gate"));
    assert!(folder.path().join(FORM).exists());
}

#[test]
fn lines_for_owners_are_added_only_with_consent() {
    const OWNERS: &str = ".github/CODEOWNERS";
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join(".github")).unwrap();
    fs::write(folder.path().join(OWNERS), "* @acme/all").unwrap();
    let args = ["--offline", "--owner", "@acme/release"];
    let (_, _, said) = talk(folder.path(), &args, &("\n".repeat(12) + "no\nyes\n"));
    assert!(said.contains("CODEOWNERS exists. Add the lines at its end?"), "{said}");
    assert_eq!(read(&folder, OWNERS), "* @acme/all");
    let (code, out, log) = run(folder.path(), &[&["init", "--yes"], &args[..]].concat());
    assert_eq!(code, 0, "{log}");
    assert!(
        out.contains("needs these lines") && out.contains("/.github/escape-gate/ @acme/release"),
        "{out}"
    );
    assert_eq!(read(&folder, OWNERS), "* @acme/all");
    assert_eq!(run(folder.path(), &[&["init", "--yes", "--force"], &args[..]].concat()).0, 0);
    let owners = read(&folder, OWNERS);
    assert!(
        owners.starts_with("* @acme/all\n\n#")
            && owners.contains("\n/.github/escape-gate.yml @acme/release\n"),
        "{owners}"
    );
    let again = run(folder.path(), &[&["init", "--yes", "--force"], &args[..]].concat());
    assert!(!again.1.contains("needs these lines"), "{}", again.1);
    assert_eq!(read(&folder, OWNERS), owners);
}

#[test]
fn without_an_owner_the_next_step_has_the_lines() {
    let folder = tempfile::tempdir().unwrap();
    let (_, out, _) = run(folder.path(), &["init", "--yes", "--offline"]);
    assert!(
        out.contains("add to .github/CODEOWNERS, with your team")
            && out.contains("\n    /.github/escape-gate.yml @ORG/TEAM\n"),
        "{out}"
    );
}

#[test]
fn templates_are_written_once_and_pass_their_own_cases() {
    let folder = tempfile::tempdir().unwrap();
    let templates =
        |more: &[&str]| run(folder.path(), &[&["init", "--templates", "practice"], more].concat());
    let (code, out, log) = templates(&["--dry-run"]);
    assert!(code == 0 && out.contains("practice/post-mortem.md: would be written"), "{out}{log}");
    assert!(is_empty(&folder));
    assert_eq!(templates(&[]).0, 0);
    fs::write(folder.path().join("practice/post-mortem.md"), "ours").unwrap();
    let (code, out, _) = templates(&[]);
    assert!(code == 0 && out.contains("practice/post-mortem.md: exists, and is kept"), "{out}");
    assert!(out.contains("practice/labels.yml: is like this already"), "{out}");
    assert_eq!(read(&folder, "practice/post-mortem.md"), "ours");
    assert_eq!(templates(&["--force"]).0, 0);
    assert!(read(&folder, "practice/post-mortem.md").starts_with("# Post-mortem"));
    for preset in ["starter", "zero-critical", "mature", "high-performing"] {
        let policy = format!("practice/policies/{preset}.yml");
        let (code, out, log) = run(folder.path(), &["policy", "check", "--strict", &policy]);
        assert_eq!(code, 0, "{preset}: {out}{log}");
    }
    let cases =
        ["policy", "test", "--policy", "practice/policies/zero-critical.yml", "practice/policies/cases.yml"];
    let (code, out, log) = run(folder.path(), &cases);
    assert_eq!(code, 0, "{out}{log}");
    assert!(out.contains("3 passed"), "{out}");
}

#[test]
fn tests_of_the_build_files_are_proposed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("package.json"), r#"{ "devDependencies": { "jest": "29" } }"#).unwrap();
    let (code, out, log) = run(folder.path(), &["init", "--yes", "--offline"]);
    assert_eq!(code, 0, "{log}");
    assert!(log.contains("Jest (package.json): test reports in junit.xml"), "{log}");
    assert!(out.contains("So that Jest writes test reports: npm install --save-dev jest-junit"), "{out}");
    assert!(read(&folder, POLICY).contains("reports: [\"junit.xml\"]"));
    let workflow = read(&folder, WORKFLOW);
    let step = "      - run: |\n          npm ci\n          npx jest --ci --reporters=default --reporters=jest-junit\n        id: test\n";
    assert!(
        workflow.contains(step) && workflow.contains("tests-outcome: ${{ steps.test.outcome }}"),
        "{workflow}"
    );
}
