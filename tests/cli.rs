//! The binary as a person meets it: exit codes, messages, and the files it reads and writes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// Runs the binary in a folder, without this machine's environment.
fn run(folder: &Path, args: &[&str]) -> Output {
    run_with(folder, args, &[])
}

fn run_with(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_escape-gate"));
    command.args(args).current_dir(folder).env_clear().envs(env.iter().copied());
    command.output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn log(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The example, written out.
fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let written = run(folder.path(), &["demo", "--write", "."]);
    assert_eq!(code(&written), 0, "{}", log(&written));
    folder
}

const CHECK: [&str; 5] = ["check", "--policy", "policy.yml", "--snapshot", "snapshot.json"];

fn check(folder: &Path, more: &[&str]) -> Output {
    run(folder, &[&CHECK, more].concat())
}

#[test]
fn the_demo_fails_and_says_which_issue_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let brief = run(folder.path(), &["demo"]);
    assert_eq!(code(&brief), 10);
    assert!(out(&brief).lines().count() <= 40, "it fits a screen:\n{}", out(&brief));
    let text = out(&run(folder.path(), &["demo", "--verbose"]));
    for part in [
        "v1.4.0 is blocked",
        "zero-critical",
        "#101",
        "Merge a fix (`Fixes #101`)",
        "The comment it would post",
        "Try next",
        "open; affected: found in v1.3.0, no fix is in v1.4.0",
        "closed; fixed: #90 (a copy of #85) is in v1.4.0",
        "closed; under investigation: closed by hand after v1.4.0 was built",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "it writes nothing");
}

#[test]
fn the_written_example_comes_to_the_verdict_of_the_demo() {
    let shop = shop();
    let judged = check(shop.path(), &["--format", "json"]);
    assert_eq!(code(&judged), 10, "{}", log(&judged));
    let report: serde_json::Value = serde_json::from_str(&out(&judged)).unwrap();
    assert_eq!(report["schema"], 1);
    assert_eq!(report["rules"][0]["issues"], serde_json::json!([101]));
    assert_eq!(report["tests"]["total"], 16);
    let again = run(shop.path(), &["demo", "--write", "."]);
    assert_eq!(code(&again), 2, "it does not write over files");
}

#[test]
fn snapshots_of_two_schemas_do_not_merge() {
    let shop = shop();
    let old =
        r#"{ "schema": 1, "taken-at": "2026-10-15T09:00:00Z", "repository": "acme/shop", "tickets": [] }"#;
    fs::write(shop.path().join("old.json"), old).unwrap();
    let judged = check(shop.path(), &["--snapshot", "old.json"]);
    let said = log(&judged);
    assert_eq!(code(&judged), 2, "{said}");
    assert!(said.contains("different schemas") && said.contains("`1`") && said.contains("`2`"), "{said}");
    assert!(said.contains("collect both with the same version of `escape-gate`"), "{said}");
}

#[test]
fn exit_code_tells_how_a_run_ended() {
    let scenario = |name: &str| {
        format!("check --policy fixtures/{name}/policy.yml --snapshot fixtures/{name}/snapshot.json")
    };
    for (expected, command) in [
        (0, scenario("hotfix-passes")),
        (1, scenario("hotfix-passes") + " --report-file no/such/folder.json"),
        (2, "check --policy no-such-file.yml".into()),
        (3, scenario("unread-issues-are-unknown")),
        (10, scenario("critical-escape-fails")),
    ] {
        let args: Vec<&str> = command.split(' ').collect();
        let output = run(Path::new(env!("CARGO_MANIFEST_DIR")), &args);
        assert_eq!(code(&output), expected, "{command}\n{}{}", out(&output), log(&output));
    }
}

#[test]
fn a_policy_with_several_mistakes_shows_all_of_them_in_their_places() {
    let shop = shop();
    let policy = "version: 1\ndefects: { escaped: { lables: [bug] } }\nrules:\n  - { id: A, metric: escapd, max: -1 }\n";
    fs::write(shop.path().join("policy.yml"), policy).unwrap();
    let output = check(shop.path(), &[]);
    assert_eq!(code(&output), 2);
    assert!(out(&output).is_empty());
    let text = log(&output);
    for part in ["policy.yml:2", "lables", "labels", "policy.yml:4", "escapd", "escaped", "-1", "A"] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[test]
fn what_cannot_be_a_policy_is_never_taken_for_a_default_one() {
    let shop = shop();
    let policy = shop.path().join("policy.yml");
    let bomb = format!("a: &a [{}]\nb: [{}]\n", "x,".repeat(100_000), "*a,".repeat(100_000));
    let nested: String = (1..40).map(|n| format!("k{n}: &k{n} [*k{0},*k{0},*k{0}]\n", n - 1)).collect();
    for text in [
        "",
        "# nothing\n",
        "version: 1\n---\nversion: 1\n",
        "rules: [",
        "42",
        bomb.as_str(),
        &format!("k0: &k0 x\n{nested}"),
    ] {
        fs::write(&policy, text).unwrap();
        assert_eq!(code(&check(shop.path(), &[])), 2, "{}", text.get(..40).unwrap_or(text));
    }
    fs::remove_file(&policy).unwrap();
    let missing = check(shop.path(), &[]);
    assert_eq!(code(&missing), 2);
    assert!(log(&missing).contains("policy.yml"), "{}", log(&missing));
    fs::create_dir(&policy).unwrap();
    assert_eq!(code(&check(shop.path(), &[])), 2);
}

#[test]
fn a_damaged_snapshot_is_refused_with_its_place() {
    let shop = shop();
    let path = shop.path().join("snapshot.json");
    let whole = fs::read_to_string(&path).unwrap();
    for (damaged, part) in [
        (whole[..whole.len() / 2].to_owned(), "line"),
        (whole.replacen("\"schema\": 2", "\"schema\": 3", 1), "schema 3"),
        (whole.replacen("\"labels\"", "\"lables\"", 1), "lables"),
        (String::new(), "empty"),
    ] {
        fs::write(&path, damaged).unwrap();
        let output = check(shop.path(), &[]);
        assert_eq!(code(&output), 2, "{}", out(&output));
        assert!(log(&output).contains(part), "{}", log(&output));
    }
}

#[test]
fn snapshots_of_matrix_jobs_merge_in_any_order() {
    let shop = shop();
    fs::rename(shop.path().join("reports/e2e.xml"), shop.path().join("e2e.xml")).unwrap();
    for (out, glob) in [("unit.json", "reports/*.xml"), ("e2e.json", "e2e.xml")] {
        let args = ["collect", "--policy", "policy.yml", "--only", "tests", "--reports", glob, "--out", out];
        let collected = run(shop.path(), &args);
        assert_eq!(code(&collected), 0, "{}", log(&collected));
    }
    let judge = |order: [&str; 2]| {
        let more = ["--snapshot", order[0], "--snapshot", order[1], "--format", "json"];
        serde_json::from_str::<serde_json::Value>(&out(&check(shop.path(), &more))).unwrap()
    };
    let report = judge(["unit.json", "e2e.json"]);
    assert_eq!(report["tests"]["total"], 16);
    assert_eq!(report["tests"]["files"], 3);
    assert_eq!(report, judge(["e2e.json", "unit.json"]));
}

#[test]
fn a_failing_test_in_one_leg_is_not_hidden_by_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "policy.yml",
        "version: 1\ndefects: { escaped: { labels: [x] } }\nrules: [{ id: tests, metric: tests.failed, max: 0 }]\n",
    );
    let snapshot = r#"{"schema":1,"taken-at":"2026-01-01T00:00:00Z","releases":[],"tickets":[]}"#;
    write("snapshot.json", snapshot);
    write("linux.xml", r#"<testsuite tests="1"><testcase classname="a" name="b"/></testsuite>"#);
    write(
        "mac.xml",
        r#"<testsuite tests="1"><testcase classname="a" name="b"><failure/></testcase></testsuite>"#,
    );
    let output = check(folder.path(), &["--reports", "*.xml"]);
    assert_eq!(code(&output), 10, "{}", out(&output));
    assert_eq!(code(&check(folder.path(), &["--reports", "*.xml", "--reports", "!mac.xml"])), 0);
    assert_eq!(code(&check(folder.path(), &["--reports", "none/*.xml"])), 3);
}

#[test]
fn waivers_are_evaluated_at_the_time_of_the_run() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/waived-rule-warns");
    let at = |now: &str, more: &[(&str, &str)]| {
        let env = [&[("ESCAPE_GATE_NOW", now)], more].concat();
        run_with(&fixture, &CHECK, &env)
    };
    assert_eq!(code(&at("2026-09-02T00:00:00Z", &[])), 0);
    assert_eq!(code(&at("2099-01-01", &[])), 10, "old evidence keeps no waiver alive");
    let workflow = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_REPOSITORY", "acme/shop"),
        ("GITHUB_API_URL", "https://api.example"),
        ("GITHUB_SERVER_URL", "https://example"),
        ("GITHUB_SHA", "0123456789012345678901234567890123456789"),
        ("GITHUB_EVENT_NAME", "schedule"),
    ];
    let past = at("2020-01-01", &workflow);
    assert_eq!(code(&past), 2);
    assert!(log(&past).contains("--now 2020-01-01T00:00:00Z is in the past"), "{}", log(&past));
}

#[test]
fn options_can_be_given_by_environment_and_an_unknown_one_is_refused() {
    let shop = shop();
    let env = [("ESCAPE_GATE_POLICY", "policy.yml"), ("ESCAPE_GATE_SNAPSHOT", "snapshot.json")];
    assert_eq!(code(&run_with(shop.path(), &["check"], &env)), 10);
    let never = [env[0], env[1], ("ESCAPE_GATE_FAIL_ON", "never")];
    assert_eq!(code(&run_with(shop.path(), &["check"], &never)), 0);
    let empty: Vec<(&str, &str)> = [
        "RELEASE",
        "COMMENT",
        "FORMAT",
        "FAIL_ON",
        "ID",
        "REPORT_FILE",
        "REPORTS",
        "REPO",
        "DRY_RUN",
        "COLOR",
    ]
    .iter()
    .map(|name| (Box::leak(format!("ESCAPE_GATE_{name}").into_boxed_str()) as &str, ""))
    .chain(env)
    .collect();
    let unset = run_with(shop.path(), &["check"], &empty);
    assert_eq!(code(&unset), 10, "{}", log(&unset));
    assert_eq!(code(&run(shop.path(), &["check", "--polcy", "x"])), 2);
    assert_eq!(code(&run(shop.path(), &[])), 2);
    assert_eq!(code(&run(shop.path(), &["--help"])), 0);
}

#[test]
fn without_a_repository_or_a_snapshot_it_says_what_to_give() {
    let shop = shop();
    let output = run(shop.path(), &["check", "--policy", "policy.yml"]);
    assert_eq!(code(&output), 2);
    assert!(log(&output).contains("--repo") && log(&output).contains("--snapshot"), "{}", log(&output));
}

#[test]
fn no_name_becomes_a_command_of_the_runner() {
    let shop = shop();
    let named = run(shop.path(), &["check", "--policy", "policy.yml", "--snapshot", "##[error]owned"]);
    assert!(!log(&named).contains("##[error]"), "{}", log(&named));
    fs::write(shop.path().join("policy.yml"), "version: 1\n\"::error::owned\": 1\n\"##[error]owned\": 2\n")
        .unwrap();
    let text = log(&check(shop.path(), &[]));
    assert!(text.contains("owned") && !text.contains("##[error]"), "{text}");
    assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{text}");
}

/// A workflow's variables that name a summary in this folder.
fn workflow(folder: &Path) -> Vec<(&'static str, String)> {
    fs::write(folder.join("summary.md"), "").unwrap();
    vec![
        ("GITHUB_ACTIONS", "true".into()),
        ("GITHUB_STEP_SUMMARY", folder.join("summary.md").display().to_string()),
    ]
}

#[test]
fn in_a_workflow_every_failure_is_an_annotation_and_in_the_summary() {
    let shop = shop();
    let variables = workflow(shop.path());
    let env: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fs::write(shop.path().join("bad.yml"), "version: 1\nrules:\n  - { id: a, metrik: escaped, max: 0 }\n")
        .unwrap();
    for (args, expected, told) in [
        (vec!["check", "--policy", "bad.yml"], 1, "REPOSITORY"),
        (vec!["check", "--polcy", "bad.yml"], 2, "--polcy"),
        (vec!["collect", "--snapshot", "none.json"], 1, "REPOSITORY"),
    ] {
        let output = run_with(shop.path(), &args, &env);
        assert_eq!(code(&output), expected, "{}", log(&output));
        assert!(log(&output).lines().any(|line| line.starts_with("::error ")), "{}", log(&output));
        let summary = fs::read_to_string(shop.path().join("summary.md")).unwrap();
        assert!(summary.contains("could not evaluate") && summary.contains(told), "{args:?}: {summary}");
        fs::write(shop.path().join("summary.md"), "").unwrap();
    }
}

#[test]
fn no_color_reaches_a_pipe() {
    let shop = shop();
    assert!(!out(&check(shop.path(), &[])).contains('\u{1b}'));
    assert!(out(&check(shop.path(), &["--color", "always"])).contains('\u{1b}'));
}

#[test]
fn explain_tells_of_every_issue_why_it_counts_or_does_not() {
    let shop = shop();
    let sources = ["--policy", "policy.yml", "--snapshot", "snapshot.json"];
    let explain =
        |what: &str, more: &[&str]| run(shop.path(), &[&["explain", what], &sources[..], more].concat());
    let rule = explain("zero-critical", &[]);
    assert_eq!(code(&rule), 0, "{}", log(&rule));
    let text = out(&rule);
    for part in
        ["zero-critical: fail", "Counts (", "#101 ", "Does not count (", "the rule asks for another severity"]
    {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    let issue = explain("#101", &[]);
    assert!(out(&issue).contains("zero-critical: counts"), "{}", out(&issue));
    assert_eq!(out(&issue), out(&explain("101", &[])));
    let unread = out(&explain("#999999", &[]));
    assert!(unread.contains("was not read") && unread.contains("production-bug"), "{unread}");
    assert!(unread.contains("zero-critical: undecided: it was not read"), "{unread}");
    assert!(unread.contains("tests: does not count: the rule does not count defects"), "{unread}");
    let json: serde_json::Value =
        serde_json::from_str(&out(&explain("zero-critical", &["--format", "json"]))).unwrap();
    let defects = json["about"]["rule"]["defects"].as_array().unwrap();
    let counted = defects.iter().filter(|one| one["answer"] == "counts").count();
    assert_eq!(json["about"]["rule"]["rule"]["value"]["count"], counted);
    let unknown = explain("zero-critcal", &[]);
    assert_eq!(code(&unknown), 2);
    assert!(log(&unknown).contains("did you mean `zero-critical`?"), "{}", log(&unknown));
}

/// The example with a waiver beside its policy.
fn waived(waiver: &str) -> TempDir {
    let shop = shop();
    fs::create_dir_all(shop.path().join("policy/waivers")).unwrap();
    let text =
        format!("version: 1\nwaivers:\n  - {{ {waiver}, reason: The fix waits., approved-by: mona }}\n");
    fs::write(shop.path().join("policy/waivers/a.yml"), text).unwrap();
    shop
}

#[test]
fn explain_says_that_an_issue_is_waived_and_by_which_waiver() {
    let sources = ["--policy", "policy.yml", "--snapshot", "snapshot.json"];
    let by = "waived until 2099-01-01 by mona in `policy/waivers/a.yml`";
    let shop = waived("rule: zero-critical, issue: 101, expires: 2099-01-01");
    let explain = |what: &str| out(&run(shop.path(), &[&["explain", what], &sources[..]].concat()));
    let issue = explain("#101");
    assert!(issue.contains(&format!("zero-critical: waived: {by} (#101): The fix waits.")), "{issue}");
    let rule = explain("zero-critical");
    assert!(rule.contains("Waived (1)") && !rule.contains("Counts ("), "{rule}");
    let shop = waived("rule: zero-critical, expires: 2099-01-01");
    let issue = out(&run(shop.path(), &[&["explain", "#101"], &sources[..]].concat()));
    let counts = issue.lines().find(|line| line.contains("zero-critical: counts")).unwrap();
    assert!(counts.ends_with(&format!("; {by} (the whole rule): The fix waits.")), "{issue}");
    let shop = waived("rule: zero-critical, issue: 101, expires: 2020-01-01");
    let issue = out(&run(shop.path(), &[&["explain", "#101"], &sources[..]].concat()));
    assert!(issue.contains("zero-critical: counts") && !issue.contains("waived"), "{issue}");
}

#[test]
fn simulate_ends_waivers_and_lists_assumed_ones() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "snapshot.json",
        r#"{ "schema": 1, "taken-at": "2026-09-01T00:00:00Z",
            "releases": [
              { "tag": "v1", "published-at": "2026-01-01T00:00:00Z" },
              { "tag": "v2", "published-at": "2026-03-01T00:00:00Z" },
              { "tag": "v3", "published-at": "2026-06-01T00:00:00Z" }
            ],
            "tickets": [{ "number": 1, "title": "t", "url": "u", "labels": ["bug"], "state": "open",
              "updated-at": "2026-02-01T00:00:00Z", "created-at": "2026-02-01T00:00:00Z" }] }"#,
    );
    let simulate = |waivers: &str, more: &[&str]| {
        write(
            "policy.yml",
            &format!(
                "version: 1\ndefects: {{ escaped: {{ labels: [bug] }} }}\n\
                 rules: [{{ id: none, metric: unfixed, max: 0 }}]\nwaivers: [{waivers}]\n"
            ),
        );
        let args = ["simulate", "--policy", "policy.yml", "--snapshot", "snapshot.json"];
        let run = run(folder.path(), &[&args, more].concat());
        assert_eq!(code(&run), 0, "{}", log(&run));
        out(&run)
    };
    let waiver = |expires: &str| {
        format!("{{ rule: none, issue: 1, reason: r, approved-by: mona, expires: {expires} }}")
    };
    let verdicts = |waivers: &str| -> Vec<String> {
        let json: serde_json::Value =
            serde_json::from_str(&simulate(waivers, &["--format", "json"])).unwrap();
        let releases = json["releases"].as_array().unwrap().iter();
        releases.map(|release| release["rules"][0]["verdict"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(verdicts(""), ["fail", "fail", "pass"]);
    assert_eq!(verdicts(&waiver("2026-02-28")), ["fail", "fail", "pass"]);
    assert_eq!(verdicts(&waiver("2026-04-01")), ["fail", "waived", "pass"]);
    assert_eq!(verdicts(&waiver("2099-01-01")), ["waived", "waived", "pass"]);
    let text = simulate(&waiver("2099-01-01"), &[]);
    assert!(text.contains("  waiver of `none`, #1 in policy.yml: taken to hold at v3, v2\n"), "{text}");
    assert!(text.contains("A waiver has no start date"), "{text}");
    assert!(!simulate("", &[]).contains("start date"));
}

#[test]
fn simulate_judges_past_releases_by_what_was_known_then() {
    let shop = shop();
    let simulate = ["simulate", "--policy", "policy.yml", "--snapshot", "snapshot.json"];
    let text = run(shop.path(), &[&simulate[..], &["--last", "2"]].concat());
    assert_eq!(code(&text), 0, "{}", log(&text));
    let lines = out(&text);
    assert!(lines.contains("of 2 releases would have been blocked"), "{lines}");
    assert!(lines.contains("tests: not simulated"), "{lines}");
    let json = run(shop.path(), &[&simulate[..], &["--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&out(&json)).unwrap();
    let snapshot: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(shop.path().join("snapshot.json")).unwrap()).unwrap();
    let published = |r: &&serde_json::Value| {
        r["draft"] != true && r["prerelease"] != true && !r["published-at"].is_null()
    };
    let releases = snapshot["releases"].as_array().unwrap().iter().filter(published).count();
    assert_eq!(json["releases"].as_array().unwrap().len(), releases);
}

#[test]
fn verbose_lists_each_report_and_changes_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("policy.yml", "version: 1\nrules:\n  - { id: tests, metric: tests.failed, max: 0 }\n");
    write("a.xml", "<testsuite><testcase name='t'/><testcase name='u'/></testsuite>");
    write("b\u{1b}[31m.xml", "<coverage/>");
    let collect = |more: &[&str]| {
        let args =
            ["collect", "--only", "tests", "--policy", "policy.yml", "--reports", "*.xml", "--out", "s.json"];
        let collect = run(folder.path(), &[&args, more].concat());
        assert_eq!(code(&collect), 0, "{}", log(&collect));
        let mut snapshot: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(folder.path().join("s.json")).unwrap()).unwrap();
        snapshot["taken-at"] = serde_json::Value::Null;
        (log(&collect), snapshot)
    };
    let (quiet, one) = collect(&[]);
    let (verbose, two) = collect(&["--verbose"]);
    assert_eq!(one, two, "what was read, and not how long it took");
    assert!(!quiet.contains("a.xml: "), "{quiet}");
    assert!(verbose.contains("read a.xml: JUnit XML in UTF-8, 2 tests, 63 B in "), "{verbose}");
    assert!(verbose.contains("[31m.xml: no test report, 11 B in "), "{verbose}");
    // A log is no terminal: nothing in it moves a cursor, neither a bar nor the name of a file.
    assert!(!verbose.contains('\u{1b}'), "{verbose:?}");
}

/// Whoever could put a link to a trusted policy into their own folder could otherwise waive what they like beside it.
#[cfg(unix)]
#[test]
fn waivers_are_read_next_to_the_link_target() {
    let folder = shop();
    let root = folder.path();
    fs::create_dir_all(root.join("own/policy/waivers")).unwrap();
    std::os::unix::fs::symlink("../policy.yml", root.join("own/policy.yml")).unwrap();
    let waiver = "version: 1\nwaivers:\n  - { rule: zero-critical, reason: x, approved-by: me, expires: 2099-01-01 }\n";
    let judged = || run(root, &["check", "--policy", "own/policy.yml", "--snapshot", "snapshot.json"]);
    fs::write(root.join("own/policy/waivers/a.yml"), waiver).unwrap();
    assert!(!out(&judged()).contains("by an exception"), "{}", out(&judged()));
    fs::create_dir_all(root.join("policy/waivers")).unwrap();
    fs::write(root.join("policy/waivers/a.yml"), waiver).unwrap();
    assert!(out(&judged()).contains("by an exception"), "{}", out(&judged()));
}

#[test]
fn waivers_that_cannot_be_read_are_an_error() {
    let folder = shop();
    fs::create_dir_all(folder.path().join("policy")).unwrap();
    fs::write(folder.path().join("policy/waivers"), "no folder").unwrap();
    let run = check(folder.path(), &[]);
    assert_eq!(code(&run), 2);
    assert!(log(&run).contains("policy/waivers"), "{}", log(&run));
}
