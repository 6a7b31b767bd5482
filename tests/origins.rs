//! Where defects came from, as `check` finds it out in a real repository.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/git.rs"]
mod support;

use std::fs;
use std::process::Output;

use serde_json::{Value, json};
use support::{git, run};
use tempfile::TempDir;

/// A policy with a rule that goes by origins, and one that does not.
const POLICY: &str = "version: 1
defects:
  escaped: { labels: [prod] }
  severity: { critical: [critical], minor: [minor], untriaged: minor }
rules:
  - { id: seen-soon, metric: time-to-detect, max: 90d }
  - { id: record, metric: escaped, max: 9 }
";

fn at(day: i64) -> String {
    format!("2023-11-{:02}T22:13:20Z", 14 + day)
}

/// A repository in `whole`: line 2 is broken on day 1 and released in v1.1.0 the same day; line 3 is broken on day 2 and
/// released in v1.2.0. Both are repaired on day 5 and 6, the second by a message that names the culprit.
struct Shop {
    folder: TempDir,
    guilty: String,
}

impl Shop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let whole = folder.path().join("whole");
        fs::create_dir(&whole).unwrap();
        git(&whole, 0, &["init", "--quiet", "--initial-branch=main"]);
        let change = |day: i64, text: &str, message: &str| {
            fs::write(whole.join("a.c"), text).unwrap();
            git(&whole, day, &["add", "a.c"]);
            git(&whole, day, &["commit", "--quiet", "-m", message]);
            git(&whole, day, &["rev-parse", "HEAD"])
        };
        change(0, "int a;\nint b = 1;\nint c = 1;\n", "Begin");
        git(&whole, 0, &["tag", "v1.0.0"]);
        let guilty = change(1, "int a;\nint b = 2;\nint c = 1;\n", "Change the number");
        git(&whole, 1, &["tag", "v1.1.0"]);
        let other = change(2, "int a;\nint b = 2;\nint c = 2;\n", "Change the other number");
        git(&whole, 2, &["tag", "v1.2.0"]);
        let first = change(5, "int a;\nint b = 1;\nint c = 2;\n", "Correct the number");
        let named = format!("Correct the other number\n\nFixes: {}", &other[..12]);
        let second = change(6, "int a;\nint b = 1;\nint c = 1;\n", &named);
        let ticket = |number: u64, label: &str, reported: i64, fix: &str, fixed: i64| {
            json!({
                "number": number, "updated-at": at(fixed), "title": "Wrong number", "url": "", "labels": ["prod", label],
                "state": "closed", "created-at": at(reported), "closed-at": at(fixed),
                "fixes": [{ "commit": fix, "merged-at": at(fixed) }],
            })
        };
        let mut open = ticket(9, "minor", 4, "", 4);
        open["state"] = json!("open");
        open["fixes"] = json!([]);
        let snapshot = json!({
            "schema": 1, "taken-at": at(9),
            "releases": [
                { "tag": "v1.0.0", "published-at": at(0) }, { "tag": "v1.1.0", "published-at": at(1) },
                { "tag": "v1.2.0", "published-at": at(2) },
            ],
            "tickets": [ticket(7, "critical", 4, &first, 5), ticket(8, "minor", 4, &second, 6), open],
        });
        fs::write(folder.path().join("snapshot.json"), snapshot.to_string()).unwrap();
        fs::write(folder.path().join("policy.yml"), POLICY).unwrap();
        Self { folder, guilty }
    }

    /// Runs the program in one of the folders.
    fn gate(&self, folder: &str, args: &[&str], env: &[(&str, &str)]) -> Output {
        let folder = self.folder.path().join(folder);
        run(env!("CARGO_BIN_EXE_escape-gate"), &folder, args, env)
    }

    /// The report of `check` in one of the folders, with its exit code.
    fn check(&self, folder: &str, snapshot: &str, env: &[(&str, &str)]) -> (Option<i32>, Value) {
        let args = ["check", "--policy", "../policy.yml", "--snapshot", snapshot, "--format", "json"];
        let output = self.gate(folder, &args, env);
        let report = serde_json::from_slice(&output.stdout);
        (output.status.code(), report.unwrap_or_else(|_| panic!("{}", text(&output.stderr))))
    }

    fn policy(&self, text: &str) {
        fs::write(self.folder.path().join("policy.yml"), text).unwrap();
    }

    fn elsewhere(&self, name: &str) {
        fs::create_dir(self.folder.path().join(name)).unwrap();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn rule<'r>(report: &'r Value, id: &str) -> &'r Value {
    report["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == id).unwrap()
}

fn defect(report: &Value, number: u64) -> &Value {
    report["defects"].as_array().unwrap().iter().find(|defect| defect["number"] == number).unwrap()
}

#[test]
fn in_a_clone_every_escaped_defect_comes_to_its_origin() {
    let shop = Shop::new();
    let (code, report) = shop.check("whole", "../snapshot.json", &[]);
    assert_eq!(code, Some(0), "{report:#}");
    let blamed = &defect(&report, 7)["introduced"];
    assert_eq!((&blamed["commit"], &blamed["release"]), (&json!(shop.guilty), &json!("v1.1.0")));
    assert_eq!((&blamed["method"], &blamed["days-from-release"]), (&json!("blame"), &json!(3)));
    let named = &defect(&report, 8)["introduced"];
    assert_eq!((&named["method"], &named["confidence"]), (&json!("regressed-by"), &json!("certain")));
    assert_eq!(named["release"], json!("v1.2.0"));
    let detection = &report["detection"];
    // 3 days from v1.1.0 and 2 days from v1.2.0.
    assert_eq!(detection["from-release"]["median-seconds"], json!(5 * 86_400 / 2));
    assert_eq!(detection["coverage"], json!("2 of 3: 1 named by developers, 1 inferred; 1 not fixed yet"));
    assert_eq!(detection["agreement"], json!("blame agreed on 1 of 1"));
}

#[test]
fn a_collected_snapshot_is_judged_without_the_clone_as_in_it() {
    let shop = Shop::new();
    let args = [
        "collect",
        "--policy",
        "../policy.yml",
        "--snapshot",
        "../snapshot.json",
        "--out",
        "../collected.json",
    ];
    let output = shop.gate("whole", &args, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("2 origins"), "{}", text(&output.stderr));
    shop.elsewhere("elsewhere");
    let in_clone = shop.check("whole", "../snapshot.json", &[]);
    assert_eq!(shop.check("elsewhere", "../collected.json", &[("PATH", "/nonexistent")]), in_clone);
    assert_ne!(shop.check("elsewhere", "../snapshot.json", &[]), in_clone);
}

#[test]
fn shallow_clone_gap_affects_only_rules_about_origins() {
    let shop = Shop::new();
    let whole = format!("file://{}", shop.folder.path().join("whole").display());
    git(shop.folder.path(), 7, &["clone", "--quiet", "--depth=3", &whole, "shallow"]);
    let (code, report) = shop.check("shallow", "../snapshot.json", &[]);
    assert_eq!(code, Some(3));
    assert_eq!(rule(&report, "seen-soon")["verdict"], json!("unknown"));
    assert_eq!(rule(&report, "record")["verdict"], json!("pass"));
    let gap = &report["gaps"][0];
    assert_eq!(gap["area"], json!("origins"));
    assert!(gap["remedy"].as_str().unwrap().contains("fetch-depth: 0"), "{gap}");
    assert_eq!(report["gaps"].as_array().unwrap().len(), 1);
    assert_eq!(defect(&report, 7)["introduced"]["commit"], Value::Null, "the boundary is nobody's origin");
}

#[test]
fn snapshot_run_fetches_nothing() {
    let shop = Shop::new();
    let whole = format!("file://{}", shop.folder.path().join("whole").display());
    git(shop.folder.path(), 7, &["clone", "--quiet", "--depth=3", &whole, "shallow"]);
    let server = [("GITHUB_API_URL", "http://127.0.0.1:9"), ("GITHUB_TOKEN", "ghs_token")];
    for (history, what) in
        [("deepen", "the clone is shallow"), ("api", "reads the commits from GitHub"), ("auto", "shallow")]
    {
        shop.policy(&POLICY.replace("rules:", &format!("attribution: {{ history: {history} }}\nrules:")));
        let (code, report) = shop.check("shallow", "../snapshot.json", &server);
        assert_eq!(code, Some(3));
        assert!(report["gaps"][0]["what"].as_str().unwrap().contains(what), "{report:#}");
    }
    let shallow = shop.folder.path().join("shallow");
    assert_eq!(git(&shallow, 7, &["rev-parse", "--is-shallow-repository"]), "true");
}

#[test]
fn missing_history_without_such_a_rule_changes_no_verdict() {
    let shop = Shop::new();
    shop.elsewhere("elsewhere");
    let rules = POLICY.replace("  - { id: seen-soon, metric: time-to-detect, max: 90d }\n", "");
    shop.policy(&rules);
    let (code, report) = shop.check("elsewhere", "../snapshot.json", &[("PATH", "/nonexistent")]);
    assert_eq!((code, &report["verdict"]), (Some(0), &json!("pass")));
    assert_eq!((&report["warnings"], &report["detection"]), (&json!([]), &Value::Null), "nobody asked");
    shop.policy(&rules.replace("rules:", "attribution: { introduced-in: [override, blame] }\nrules:"));
    let (code, report) = shop.check("elsewhere", "../snapshot.json", &[]);
    assert_eq!((code, &report["verdict"]), (Some(0), &json!("pass")));
    assert!(report["warnings"][0].as_str().unwrap().contains("no clone"), "{report:#}");
}

#[test]
fn without_git_what_people_say_still_counts() {
    let shop = Shop::new();
    let said = "attribution:\n  overrides:\n    - { issue: 7, introduced-in: v1.0.0, reason: Seen in the logs. }\nrules:";
    shop.policy(&POLICY.replace("rules:", said));
    let (code, report) = shop.check("whole", "../snapshot.json", &[("PATH", "/nonexistent")]);
    assert_eq!(code, Some(3));
    assert!(report["gaps"][0]["what"].as_str().unwrap().contains("no `git`"), "{report:#}");
    let origin = &defect(&report, 7)["introduced"];
    assert_eq!((&origin["release"], &origin["days-from-release"]), (&json!("v1.0.0"), &json!(4)));
    assert!(origin["evidence"].as_str().unwrap().contains("Seen in the logs."));
}

#[test]
fn the_policy_may_name_a_commit_and_then_history_says_its_release() {
    let shop = Shop::new();
    let said = format!(
        "attribution:\n  introduced-in: [override]\n  overrides:\n    - {{ issue: 8, introduced-in: \"{}\", reason: Bisected. }}\nrules:",
        &shop.guilty[..10]
    );
    shop.policy(&POLICY.replace("rules:", &said));
    let (_, report) = shop.check("whole", "../snapshot.json", &[]);
    let origin = &defect(&report, 8)["introduced"];
    assert_eq!((&origin["method"], &origin["release"]), (&json!("override"), &json!("v1.1.0")));
    assert_eq!(origin["commit"], json!(shop.guilty));
    // Blame is not asked for, so that what it would say is no origin.
    assert_eq!(defect(&report, 7)["introduced"]["release"], Value::Null);
}

#[test]
fn the_repository_of_another_project_says_nothing() {
    let shop = Shop::new();
    shop.elsewhere("other");
    let other = shop.folder.path().join("other");
    git(&other, 0, &["init", "--quiet", "--initial-branch=main"]);
    git(&other, 0, &["commit", "--quiet", "--allow-empty", "-m", "Begin"]);
    let (code, report) = shop.check("other", "../snapshot.json", &[]);
    assert_eq!(code, Some(3));
    assert!(report["gaps"][0]["what"].as_str().unwrap().contains("neither the tags"), "{report:#}");
}

#[test]
fn a_tag_that_stands_elsewhere_than_its_release_chooses_no_origin() {
    let shop = Shop::new();
    let path = shop.folder.path().join("snapshot.json");
    let mut snapshot: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    snapshot["releases"][1]["commit"] = json!(shop.guilty);
    fs::write(&path, snapshot.to_string()).unwrap();
    assert_eq!(shop.check("whole", "../snapshot.json", &[]).0, Some(0));
    let whole = shop.folder.path().join("whole");
    git(&whole, 7, &["tag", "--force", "v1.1.0", "HEAD"]);
    let gap = |what: &str| {
        let (code, report) = shop.check("whole", "../snapshot.json", &[]);
        assert_eq!(code, Some(3));
        assert!(report["gaps"][0]["what"].as_str().unwrap().contains(what), "{report:#}");
    };
    gap("the tag v1.1.0 of the clone is not at");
    git(&whole, 7, &["tag", "--delete", "v1.1.0"]);
    gap("without the tag v1.1.0");
}

#[test]
fn lookup_limit_prefers_severe_defects_and_counts_the_rest() {
    let shop = Shop::new();
    shop.policy(&POLICY.replace("rules:", "attribution: { at-most: 1 }\nrules:"));
    let (_, report) = shop.check("whole", "../snapshot.json", &[]);
    assert_eq!(defect(&report, 7)["introduced"]["release"], json!("v1.1.0"));
    let coverage = report["detection"]["coverage"].as_str().unwrap();
    assert_eq!(coverage, "1 of 3: 0 named by developers, 1 inferred; 1 not fixed yet, 1 not looked at");
}

#[test]
fn an_explanation_says_where_a_defect_came_from() {
    let shop = Shop::new();
    let explain = |what: &str| {
        let args = ["explain", what, "--policy", "../policy.yml", "--snapshot", "../snapshot.json"];
        text(&shop.gate("whole", &args, &[]).stdout)
    };
    let issue = explain("#7");
    assert!(
        issue.contains(&format!("with v1.1.0 by {} (inferred, by blame)", &shop.guilty[..12])),
        "{issue}"
    );
    let rule = explain("seen-soon");
    assert!(rule.contains("3 days from the release to its report"), "{rule}");
    assert!(rule.contains("it is not fixed yet, and nobody says where it came from"), "{rule}");
}
