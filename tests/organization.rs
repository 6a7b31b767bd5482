//! `escape-gate org`: counts over the exports and snapshots of several repositories, and the gaps among them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/files.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use support::{files, run};
use tempfile::TempDir;

const POLICY: &str = r#"
version: 1
releases: { supported: 2, mature-after: 30d }
defects:
  escaped: { labels: [prod] }
  caught: { labels: [bug] }
  severity: { critical: [sev/critical], major: [sev/major] }
  component: "area/*"
  team: "team/*"
  root-cause: "root-cause/*"
rules:
  - { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }
  - { id: rate, metric: escape-rate, over: 365d, max: 90%, min-sample: 3 }
"#;

fn issue(number: u64, labels: &[&str], day: &str) -> Value {
    json!({ "number": number, "title": "t", "url": "", "state": "open", "labels": labels,
            "created-at": format!("2026-{day}T10:00:00Z"), "updated-at": format!("2026-{day}T10:00:00Z") })
}

fn snapshot(repository: &str, taken: &str, issues: &[Value]) -> Value {
    json!({
        "schema": 1, "taken-at": format!("2026-{taken}T00:00:00Z"), "repository": repository,
        "candidate": { "name": "v1.2.0", "tag": "v1.2.0", "head": "c".repeat(40) },
        "releases": [
            { "tag": "v1.0.0", "published-at": "2026-01-02T00:00:00Z" },
            { "tag": "v1.1.0", "published-at": "2026-03-02T00:00:00Z" },
        ],
        "tickets": issues,
    })
}

/// A shop whose team `a` lets a critical defect escape, and a bank with the same issue numbers.
fn shop() -> Vec<Value> {
    vec![
        issue(
            1,
            &["prod", "sev/critical", "area/cart", "team/a", "found-in/v1.0.0", "root-cause/logic"],
            "02-01",
        ),
        issue(2, &["prod", "sev/major", "area/cart", "team/b", "found-in/v1.1.0"], "04-05"),
        issue(3, &["bug", "area/cart", "team/A", "found-in/v1.0.0"], "01-15"),
        issue(4, &["prod", "sev/critical"], "05-01"),
    ]
}

fn bank() -> Vec<Value> {
    vec![
        issue(
            1,
            &["prod", "sev/major", "team/a", "area/ledger", "found-in/v1.1.0", "root-cause/logic"],
            "04-02",
        ),
        issue(2, &["bug", "team/a", "found-in/v1.0.0"], "01-20"),
    ]
}

/// Exports a snapshot into `exports` of a folder.
fn export(folder: &Path, snapshot: &Value, policy: &str) {
    fs::write(folder.join("in.json"), snapshot.to_string()).unwrap();
    let args = ["export", "--policy", policy, "--snapshot", "in.json", "--output", "exports"];
    let (code, _, log) = run(folder, &[&args[..], &["--now", "2026-06-02T03:04:05Z"]].concat());
    assert_eq!(code, 0, "{log}");
}

fn organization(folder: &Path, more: &[&str]) -> (i32, String, String) {
    let args = ["org", "--policy", "policy.yml", "--now", "2026-06-10", "exports"];
    run(folder, &[&args[..], more].concat())
}

/// The exit code and the JSON report.
fn report(folder: &Path) -> (i32, Value) {
    let (code, out, log) = organization(folder, &["--format", "json", "--quarters", "2"]);
    (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{code} {out} {log}")))
}

/// A folder with exports of two repositories.
fn two_repositories() -> TempDir {
    let folder = files(&[("policy.yml", POLICY)]);
    export(folder.path(), &snapshot("acme/shop", "06-01", &shop()), "policy.yml");
    export(folder.path(), &snapshot("acme/bank", "06-01", &bank()), "policy.yml");
    folder
}

/// The only file of a table of a repository.
fn table_file(folder: &Path, table: &str, repository: &str) -> PathBuf {
    let day = folder.join(format!("exports/{table}/repository=acme%2F{repository}/date=2026-06-02"));
    fs::read_dir(day).unwrap().next().unwrap().unwrap().path()
}

fn names(rows: &Value, key: &str) -> Vec<Value> {
    rows.as_array().unwrap().iter().map(|row| row[key].clone()).collect()
}

#[test]
fn issues_of_two_repositories_with_one_number_both_count() {
    let folder = two_repositories();
    let (code, report) = report(folder.path());
    assert_eq!(code, 0, "{report}");
    let total = &report["total"];
    assert_eq!(
        (&total["repositories"], &total["escaped"], &total["critical"]),
        (&json!(2), &json!(4), &json!(2))
    );
    assert_eq!(report["quarters"], json!(["2026-Q1", "2026-Q2"]));
    assert_eq!(total["by-quarter"], json!([{ "critical": 1, "major": 0 }, { "critical": 1, "major": 2 }]));
    let rate = &total["escape-rate"];
    assert_eq!(
        (&rate["numerator"], &rate["denominator"], &rate["small-sample"]),
        (&json!(4), &json!(6), &json!(false))
    );
    // Published by Wilson's formula for 4 of 6.
    assert!((rate["low"].as_f64().unwrap() - 0.29999).abs() < 1e-4, "{rate}");
    let failed = &total["change-failure-rate"];
    assert_eq!((&failed["numerator"], &failed["denominator"]), (&json!(3), &json!(4)));
    assert_eq!(total["weakest"], json!(["unit"]));
    assert_eq!((&total["waivers"], &total["time-to-detect"]), (&json!(0), &Value::Null));
}

#[test]
fn groups_are_sorted_and_spellings_of_a_team_are_one() {
    let folder = two_repositories();
    let (_, report) = report(folder.path());
    assert_eq!(names(&report["repositories"], "repository"), ["acme/shop", "acme/bank"]);
    let teams = &report["teams"];
    assert_eq!(names(teams, "team"), [json!("A"), Value::Null, json!("b")]);
    let of_a = teams.as_array().unwrap().iter().find(|row| row["team"] == "A").unwrap();
    assert_eq!((&of_a["repositories"], &of_a["escaped"]), (&json!(2), &json!(2)));
    assert_eq!(of_a["escape-rate"]["denominator"], 4);
    // Two releases of each repository; one of each failed by a defect of the team.
    assert_eq!(
        (&of_a["change-failure-rate"]["numerator"], &of_a["change-failure-rate"]["denominator"]),
        (&json!(2), &json!(4))
    );
    // A waiver is of a repository, not of a team.
    assert_eq!(of_a["waivers"], Value::Null);
    let of_b = teams.as_array().unwrap().iter().find(|row| row["team"] == "b").unwrap();
    assert_eq!(of_b["escape-rate"]["small-sample"], true);
    let cart = report["areas"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["team"] == "A" && row["component"] == "cart");
    assert_eq!(cart.unwrap()["repository"], "acme/shop");
}

#[test]
fn newest_export_of_a_repository_counts_and_nothing_twice() {
    let folder = two_repositories();
    let before = report(folder.path()).1;
    // The same again, and an older one.
    export(folder.path(), &snapshot("acme/shop", "06-01", &shop()), "policy.yml");
    export(folder.path(), &snapshot("acme/shop", "05-20", &[]), "policy.yml");
    assert_eq!(report(folder.path()).1, before);
    export(folder.path(), &snapshot("acme/shop", "06-02", &shop()[..1]), "policy.yml");
    let (_, after) = report(folder.path());
    assert_eq!((&after["total"]["escaped"], &after["total"]["repositories"]), (&json!(2), &json!(2)));
}

#[test]
fn two_gates_of_a_repository_count_an_issue_once() {
    let folder = two_repositories();
    let before = report(folder.path()).1;
    fs::write(folder.path().join("other.yml"), POLICY).unwrap();
    let mut more = shop();
    more.push(issue(9, &["prod", "team/b"], "05-02"));
    export(folder.path(), &snapshot("acme/shop", "05-30", &more), "other.yml");
    let (_, after) = report(folder.path());
    let escaped = |report: &Value| report["total"]["escaped"].as_u64().unwrap();
    assert_eq!(escaped(&after), escaped(&before) + 1);
    assert_eq!(after["total"]["change-failure-rate"]["denominator"], 4);
}

#[test]
fn snapshots_count_like_exports() {
    let folder = two_repositories();
    let exported = report(folder.path()).1;
    fs::remove_dir_all(folder.path().join("exports")).unwrap();
    fs::create_dir_all(folder.path().join("exports/x")).unwrap();
    for (name, issues) in [("shop", shop()), ("bank", bank())] {
        let text = snapshot(&format!("acme/{name}"), "06-01", &issues).to_string();
        fs::write(folder.path().join(format!("exports/x/{name}.json")), text).unwrap();
    }
    assert_eq!(report(folder.path()), (0, exported.clone()));
    // An older snapshot of one repository changes nothing.
    let old = snapshot("acme/shop", "05-01", &[]).to_string();
    fs::write(folder.path().join("exports/old.json"), old).unwrap();
    assert_eq!(report(folder.path()), (0, exported));
}

/// Damages the exports, and returns the report, which has to name what is missing.
fn damaged(damage: impl Fn(&Path)) -> Value {
    let folder = two_repositories();
    damage(folder.path());
    let (code, report) = report(folder.path());
    assert_eq!((code, &report["complete"]), (3, &json!(false)), "{report}");
    for format in ["text", "markdown", "html"] {
        let (code, out, _) = organization(folder.path(), &["--format", format]);
        assert_eq!(code, 3);
        assert!(out.contains("Incomplete: 1 source could not be read"), "{format}: {out}");
    }
    report
}

#[test]
fn repository_with_an_unreadable_table_is_a_gap() {
    let truncate = |folder: &Path| {
        let file = table_file(folder, "defects", "shop");
        let bytes = fs::read(&file).unwrap();
        fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
    };
    let report = damaged(truncate);
    assert_eq!(report["total"]["repositories"], 1);
    let gap = &report["gaps"][0];
    assert!(gap["place"].as_str().unwrap().starts_with("defects/repository=acme%2Fshop/"), "{gap}");
    assert!(gap["what"].as_str().unwrap().contains("no complete gzip file"), "{gap}");

    let report = damaged(|folder| fs::remove_file(table_file(folder, "releases", "shop")).unwrap());
    assert_eq!(report["total"]["repositories"], 1);

    let report = damaged(|folder| fs::write(table_file(folder, "runs", "bank"), b"no gzip").unwrap());
    assert!(report["gaps"].to_string().contains("runs/repository=acme%2Fbank"), "{report}");
}

#[test]
fn table_of_another_run_is_a_gap() {
    let swap = |folder: &Path| {
        fs::copy(table_file(folder, "defects", "bank"), table_file(folder, "defects", "shop")).unwrap();
    };
    let report = damaged(swap);
    assert!(report["gaps"].to_string().contains("it has 2 rows, and the run wrote 4"), "{report}");
}

#[test]
fn files_that_belong_to_nothing_are_gaps() {
    let report = damaged(|folder| fs::write(folder.join("exports/stray.ndjson.gz"), b"").unwrap());
    assert_eq!(report["total"]["repositories"], 2);
    let report = damaged(|folder| fs::write(folder.join("exports/config.json"), b"{}").unwrap());
    assert!(report["gaps"][0]["place"] == "config.json", "{report}");
    // Text for people is no source.
    let folder = two_repositories();
    fs::write(folder.path().join("exports/README.md"), "hello").unwrap();
    assert_eq!(self::report(folder.path()).0, 0);
}

#[test]
fn run_without_issues_is_a_gap_and_not_zero() {
    let folder = two_repositories();
    let mut without = snapshot("acme/lab", "06-01", &[]);
    without["tickets"] = Value::Null;
    export(folder.path(), &without, "policy.yml");
    let (code, report) = report(folder.path());
    assert_eq!((code, &report["total"]["repositories"]), (3, &json!(2)));
    assert!(report["gaps"][0]["what"].as_str().unwrap().contains("has no defects"), "{report}");
}

#[test]
fn folder_without_sources_is_an_error() {
    let folder = files(&[("policy.yml", POLICY), ("exports/README.md", "")]);
    let (code, _, log) = organization(folder.path(), &[]);
    assert!(code == 2 && log.contains("has no export"), "{code} {log}");
    let (code, _, log) = run(folder.path(), &["org", "--policy", "policy.yml", "nowhere"]);
    assert!(code == 2 && log.contains("nowhere is no folder"), "{code} {log}");
}

#[test]
fn hostile_names_are_escaped_in_every_format() {
    let folder = files(&[("policy.yml", POLICY)]);
    let hostile = "team/<script>alert(1)</script>|`\u{1b}[31m\n::error::x";
    let issues = [issue(1, &["prod", hostile], "04-02")];
    export(folder.path(), &snapshot("acme/<b>|shop", "06-01", &issues), "policy.yml");
    for format in ["text", "markdown", "html", "json"] {
        let (code, out, log) = organization(folder.path(), &["--format", format]);
        assert_eq!(code, 0, "{log}");
        assert!(!out.contains('\u{1b}') && !out.contains("\n::error"), "{format}: {out}");
        if format == "html" {
            assert!(!out.contains("<script>alert") && !out.contains("<b>|shop"), "{out}");
        }
        if format == "markdown" {
            let table = out.lines().filter(|line| line.contains("alert(1)") || line.contains("alert&#40;1"));
            assert!(
                table.clone().count() > 0 && table.clone().all(|line| !line.contains("<script>")),
                "{out}"
            );
        }
    }
}

#[test]
fn same_exports_give_the_same_bytes_in_any_format() {
    let folder = two_repositories();
    for format in ["text", "markdown", "html", "json"] {
        let print = || organization(folder.path(), &["--format", format]).1;
        assert_eq!(print(), print());
        assert!(print().contains("acme/shop"), "{format}");
    }
}
