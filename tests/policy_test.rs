//! `escape-gate policy test` as a person meets it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/files.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::files;

/// Runs cases: the exit code, standard output and the log.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    support::run(folder, &[&["policy", "test"], args].concat())
}

const POLICY: &str = "version: 1
defects: { escaped: { labels: [production-bug] }, severity: { critical: [sev/critical] } }
rules:
  - { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }
  - { id: tests, metric: tests.failed, max: 0, level: advisory }
";

/// A file with one case; the open critical defect breaks the rule.
fn case(name: &str, given: &str, expect: &str) -> String {
    let ticket = "{ number: 41, labels: [production-bug, sev/critical], opened: 2026-08-20 }";
    format!(
        "version: 1\ncases:\n  - name: {name}\n    given: {{ releases: [{{ tag: v1.0.0, published: 2026-08-01 }}], tickets: [{ticket}]{given} }}\n    expect: {{ {expect} }}\n"
    )
}

/// The documentation's example, by the name in the first line of each block.
fn documented() -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/policy-tests.md");
    let page = fs::read_to_string(page).unwrap();
    let blocks = page.split("```yaml\n# ").skip(1).map(|rest| rest.split("```").next().unwrap());
    let named = blocks.map(|block| block.split_once('\n').unwrap());
    named.map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

#[test]
fn the_documented_example_is_what_it_says() {
    let documented = documented();
    let given: Vec<(&str, &str)> =
        documented.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(given.len(), 2, "a policy and a file of cases");
    let folder = files(&given);
    let (code, out, log) = run(folder.path(), &[]);
    assert_eq!(code, 0, "{out}{log}");
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/policy-tests.md"))
            .unwrap();
    assert!(page.contains(&format!("$ escape-gate policy test\n{out}```")), "{out}");
}

#[test]
fn failed_case_is_reported_with_actual_result_and_reason() {
    let good = case("blocks", "", "verdict: fail, rules: { zero-critical: { value: 1, issues: [41] } }");
    let bad = case(
        "ships",
        "",
        "verdict: pass, rules: { zero-critical: { verdict: pass, value: 0, issues: [] }, tests: pass }",
    );
    let folder = files(&[
        (".github/escape-gate.yml", POLICY),
        (".github/escape-gate/tests/a.yml", &good),
        (".github/escape-gate/tests/b.yaml", &bad),
        (".github/escape-gate/tests/notes.md", "no cases"),
    ]);
    let (code, out, log) = run(folder.path(), &[]);
    assert_eq!(code, 10, "{out}{log}");
    for line in [
        "pass  blocks",
        "FAIL  ships (line 3)",
        "verdict: expected pass, came fail",
        "verdict of zero-critical: expected pass, came fail",
        "the candidate is blocked: critical defect #41 An issue of the case is not fixed in it (rule `zero-critical`)\n",
        "value of zero-critical: expected 0, came 1",
        "issues of zero-critical: expected none, came #41",
        "verdict of tests: expected pass, came unknown",
        "2 cases: 1 passed, 1 failed",
    ] {
        assert!(out.contains(line), "{line} is missing in\n{out}");
    }
    let (code, out, _) = run(folder.path(), &["--format", "json"]);
    let trial: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &trial["schema"], &trial["passed"], &trial["failed"]),
        (10, &1.into(), &1.into(), &1.into())
    );
    let failed = &trial["cases"][1];
    assert_eq!(
        (&failed["name"], &failed["line"], &failed["passed"]),
        (&"ships".into(), &3.into(), &false.into())
    );
    assert_eq!(failed["mismatches"][2]["of"], "value", "{out}");
    let (code, out, _) = run(folder.path(), &[".github/escape-gate/tests/a.yml"]);
    assert!(code == 0 && out.contains("1 case: 1 passed"), "{out}");
}

/// A file of the project.
fn of_project(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn example_cases_pass() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let (code, out, log) = run(&folder, &["cases"]);
    assert!(code == 0 && out.contains("16 cases: 16 passed"), "{out}{log}");
}

#[test]
fn table_of_statuses_is_shown_in_the_words_of_the_product() {
    let page = of_project("docs/explanation/status.md");
    let cases = of_project("examples/cases/rows.yml");
    let shown: Vec<&str> =
        cases.split("reason-contains: ").skip(1).map(|rest| rest.split(" } } }").next().unwrap()).collect();
    assert_eq!(shown.len(), 11, "one case a row");
    for line in shown {
        let line = &line[1..line.len() - 1];
        assert!(page.contains(line), "{line} is missing in docs/explanation/status.md");
    }
}

#[test]
fn documented_history_is_blocked() {
    let page = of_project("docs/reference/policy-tests.md");
    let snippet = page.split("```yaml\ngiven:\n").nth(1).unwrap().split("```").next().unwrap();
    let labels = "[production-bug, sev/critical, { name: found-in/v1.1.0, at: 2026-02-21 }]";
    let case = format!(
        "version: 1\npolicy: policy.yml\ngiven:\n{snippet}  releases: [{{ tag: v1.1.0, published: 2026-01-02, commit: m1 }}]
  pull-requests: [{{ number: 2, commit: fix }}]
  issues: [{{ number: 1, labels: {labels}, opened: 2026-02-20, closed: {{ at: 2026-03-01, change: 2 }} }}]
cases: [{{ name: documented, expect: {{ verdict: fail, status: {{ 1: {{ status: affected, row: 4 }} }} }} }}]\n"
    );
    let folder = files(&[("policy.yml", &of_project("examples/policies/shop.yml")), ("a.yml", &case)]);
    let (code, out, log) = run(folder.path(), &["a.yml"]);
    assert!(code == 0, "{out}{log}");
}

#[test]
fn unexpected_status_is_named_with_its_reason() {
    let graph = "history: { commits: [{ name: m1, date: 2026-01-01 }, { name: f2, date: 2026-02-02 }] }";
    let releases = "releases: [{ tag: v1.0.0, published: 2026-01-02, commit: m1 }]";
    let issue = "issues: [{ number: 1, labels: [production-bug, sev/critical], opened: 2026-02-01 }]";
    let expect = "status: { 1: { status: fixed, row: 3, reason-contains: the fix }, 7: affected }, found-in: { 1: v0.9.0 }, unfixed: []";
    let case = format!(
        "version: 1\ncases: [{{ name: a, given: {{ {graph}, {releases}, {issue}, candidate: {{ tag: v1.1.0, commit: f2 }} }}, expect: {{ {expect} }} }}]\n"
    );
    let folder = files(&[(".github/escape-gate.yml", POLICY), ("a.yml", &case)]);
    let (code, out, log) = run(folder.path(), &["a.yml"]);
    assert_eq!(code, 10, "{out}{log}");
    for line in [
        "status of #1: expected fixed, came affected",
        "row of #1: expected 3, came 9",
        "reason of #1: expected the fix, came affected: reported when v1.0.0 was the newest release",
        "status of #7: expected affected, came nothing",
        "found-in of #1: expected v0.9.0, came v1.0.0",
        "unfixed: expected none, came #1",
    ] {
        assert!(out.contains(line), "{line} is missing in\n{out}");
    }
    let (_, out, _) = run(folder.path(), &["a.yml", "--format", "json"]);
    let trial: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(trial["cases"][0]["mismatches"][0]["issue"], 1, "{out}");
}

#[test]
fn nothing_to_run_is_no_pass() {
    let folder = files(&[(".github/escape-gate.yml", POLICY), ("empty/notes.md", "")]);
    for args in [&[][..], &["empty"], &["none.yml"]] {
        let (code, out, log) = run(folder.path(), args);
        assert!(code == 2 && out.is_empty() && log.contains("cases"), "{args:?}: {code} {out}{log}");
    }
}

#[test]
fn all_file_problems_are_shown_before_any_case_runs() {
    let folder = files(&[
        (".github/escape-gate.yml", &POLICY.replace("max: 0", "maxi: 0")),
        ("good.yml", POLICY),
        ("a.yml", &case("a", "", "verdict: pass")),
        ("b.yml", &case("b", ", now: soon", "verdict: fail").replace("cases:", "policy: good.yml\ncases:")),
        ("c.yml", &case("c", "", "verdict: fail").replace("cases:", "policy: none.yml\ncases:")),
    ]);
    let (code, out, log) = run(folder.path(), &["a.yml", "b.yml", "c.yml"]);
    assert!(code == 2 && out.is_empty(), "{out}");
    for part in ["maxi", "b.yml:5", "P094", "none.yml", "P001"] {
        assert!(log.contains(part), "{part} is missing in {log}");
    }
    let (_, _, log) = run(folder.path(), &["b.yml"]);
    assert!(log.contains("the file of cases `b.yml` is refused: 1 error"), "{log}");
}

#[test]
fn damaged_report_of_a_case_is_a_gap() {
    let report = "<testsuite name='s'><testcase name='t'><failure/></testcase></testsuite>";
    let expect = "rules: { tests: { value: 1 } }";
    let folder = files(&[
        (".github/escape-gate.yml", POLICY),
        ("cases/build/TEST-a.xml", report),
        ("cases/globs.yml", &case("globs", ", tests: { reports: ['build/*.xml'] }", expect)),
        ("cases/inline.yml", &case("inline", &format!(", tests: {{ inline: [\"{report}\"] }}"), expect)),
        (
            "cases/cut.yml",
            &case(
                "cut",
                ", tests: { inline: [\"<testsuite name='s'><testcase\"] }",
                "rules: { tests: unknown }",
            ),
        ),
        ("cases/none.yml", &case("none", ", tests: { reports: ['no/*.xml'] }", "rules: { tests: unknown }")),
    ]);
    let (code, out, log) = run(folder.path(), &["cases"]);
    assert!(code == 0 && out.contains("4 cases: 4 passed"), "{out}{log}");
}

#[test]
fn case_applies_waivers_at_its_own_time() {
    let waiver = "version: 1\nwaivers: [{ rule: zero-critical, issue: 41, reason: r, approved-by: mona, expires: 2026-08-31 }]\n";
    let folder = files(&[
        (".github/escape-gate.yml", POLICY),
        (".github/escape-gate/waivers/a.yml", waiver),
        ("cases/a.yml", &case("holds", ", now: 2026-08-31", "rules: { zero-critical: waived }")),
        ("cases/b.yml", &case("has expired", ", now: 2026-09-01", "rules: { zero-critical: fail }")),
    ]);
    let (code, out, log) = run(folder.path(), &["cases"]);
    assert!(code == 0 && out.contains("2 cases: 2 passed"), "{out}{log}");
}

#[test]
fn the_name_of_a_case_is_shown_and_not_obeyed() {
    let folder = files(&[
        (".github/escape-gate.yml", POLICY),
        ("a.yml", &case("\"a\\e[2Jb\\n::error::c\"", "", "verdict: pass")),
    ]);
    let (_, out, _) = run(folder.path(), &["a.yml"]);
    assert!(out.contains("FAIL  a␛[2Jb⏎::error::c") && !out.contains('\u{1b}'), "{out}");
}

#[test]
fn a_case_on_a_snapshot_comes_to_the_verdict_of_the_scenario() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut cases = String::from("version: 1\ncases:\n");
    let mut count = 0;
    for entry in fs::read_dir(root).unwrap() {
        let scenario: PathBuf = entry.unwrap().path();
        let name = scenario.file_name().unwrap().to_str().unwrap();
        let verdict = match name.rsplit('-').next().unwrap() {
            "passes" => "pass",
            "warns" => "warn",
            "fails" => "fail",
            "unknown" => "unknown",
            _ => continue,
        };
        // Reports and owners lie in the folder of the scenario, which is not the one of the cases.
        let alone = fs::read_dir(&scenario).unwrap().all(|entry| entry.unwrap().path().is_file());
        let policy = fs::read_to_string(scenario.join("policy.yml")).unwrap_or_default();
        if alone && scenario.join("snapshot.json").exists() && !policy.contains("reports:") {
            let folder = scenario.display();
            cases.push_str(&format!(
                "  - {{ name: {name}, policy: '{folder}/policy.yml', given: {{ snapshot: '{folder}/snapshot.json' }}, expect: {{ verdict: {verdict} }} }}\n"
            ));
            count += 1;
        }
    }
    assert!(count > 50, "{count} scenarios");
    let folder = files(&[("cases.yml", &cases)]);
    let (code, out, log) = run(folder.path(), &["cases.yml"]);
    assert!(code == 0 && out.contains(&format!("{count} cases: {count} passed")), "{out}{log}");
}
