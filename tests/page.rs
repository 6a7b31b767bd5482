//! The page: its numbers, its size, and that the same input gives the same bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use escape_gate::assemble::{assemble, statuses_by_line};
use escape_gate::model::Snapshot;
use escape_gate::output::html_page;
use escape_gate::policy;
use escape_gate::report::{Header, PageReport, Report, build_report};
use escape_gate::verdict::evaluate_policy;
use serde_json::{Value, json};

/// A policy with every attribute that the page shows.
const POLICY: &str = r#"
version: 1
releases: { supported: 2, mature-after: 30d }
periods:
  sprint: { starts: 2026-01-05, length: 14d }
defects:
  escaped: { labels: [prod] }
  caught: { labels: [bug] }
  severity: { critical: [sev/critical], major: [sev/major], minor: [sev/minor] }
  component: "area/*"
  team: "team/*"
  root-cause: "root-cause/*"
rules:
  - { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }
  - { id: few-escapes, metric: escaped, over: current, max: 12 }
  - { id: escape-rate, metric: escape-rate, over: 180d, max: 50%, min-sample: 15 }
"#;

/// Day of the nth release: one every four weeks.
fn day(days: u64) -> String {
    let start: jiff::Timestamp = "2025-01-06T10:00:00Z".parse().unwrap();
    (start + jiff::SignedDuration::from_hours(24 * i64::try_from(days).unwrap())).to_string()
}

/// Evidence with releases every 28 days and this many escaped defects, spread over their time.
fn snapshot(defects: u64) -> Value {
    const RELEASES: u64 = 22;
    let releases: Vec<Value> = (0..RELEASES)
        .map(|n| json!({ "tag": format!("v2.{}.{}", n / 3, n % 3), "commit": format!("{n:040x}"), "published-at": day(28 * n) }))
        .collect();
    let issue = |n: u64| {
        // Not random: every run has the same numbers. 17 and 7 share no factor with the counts of names.
        let reported = (n * 17 + n / 7) % (28 * RELEASES);
        let pick = |names: &[&str]| names[usize::try_from(n * 7 % names.len() as u64).unwrap()].to_owned();
        let labels = [
            "prod".to_owned(),
            pick(&[
                "sev/minor",
                "sev/major",
                "sev/minor",
                "sev/critical",
                "sev/minor",
                "sev/major",
                "sev/minor",
            ]),
            pick(&["area/cart", "area/checkout", "area/search", "area/account", "area/api"]),
            pick(&["team/web", "team/payments", "team/core"]),
            pick(&[
                "root-cause/missing-test",
                "root-cause/logic",
                "root-cause/load",
                "root-cause/missing-test",
            ]),
        ];
        json!({
            "number": 1000 + n, "title": format!("Cart total is wrong after a coupon is applied twice in session {n}"),
            "url": format!("https://github.com/acme/shop/issues/{}", 1000 + n), "state": "open", "labels": labels,
            "created-at": day(reported), "updated-at": day(reported),
        })
    };
    let caught = (0..60).map(|n| {
        let at = day(n * 10);
        json!({
            "number": 900_000 + n, "title": "caught", "url": "https://github.com/acme/shop/issues/1", "state": "open",
            "labels": ["bug", "area/cart"], "created-at": at, "updated-at": at,
        })
    });
    json!({
        "schema": 1, "taken-at": day(28 * RELEASES), "repository": "acme/shop",
        "candidate": { "name": "v2.8.0", "tag": "v2.8.0", "head": "c".repeat(40) },
        "releases": releases, "tickets": (0..defects).map(issue).chain(caught).collect::<Vec<_>>(),
    })
}

/// Evaluates evidence for a page.
fn evaluated(policy: &str, snapshot: &Value) -> Report {
    let policy = policy::parse(policy.as_bytes(), "policy.yml").unwrap().policy;
    let snapshot: Snapshot = serde_json::from_value(snapshot.clone()).unwrap();
    let lines = statuses_by_line(&snapshot, &policy);
    let mut evidence = assemble(snapshot, &policy);
    evidence.lines = lines;
    let evaluation = evaluate_policy(&policy, &evidence);
    let header =
        Header { id: "default".into(), dry_run: false, policy: "policy.yml".into(), cost: None, page: true };
    build_report(header, &policy, &evidence, &evaluation).with_page(&policy, &evidence, &evaluation)
}

fn page(report: &Report) -> &PageReport {
    report.page.as_deref().unwrap()
}

/// The tooltips of marks with one of these classes, in the order of the page.
fn tooltips<'h>(html: &'h str, class: &str) -> Vec<&'h str> {
    let end = format!(" class=\"{class}\"><title>");
    let marks = html.split(end.as_str()).skip(1);
    marks.map(|rest| rest.split_once("</title>").unwrap().0).collect()
}

#[test]
fn page_of_500_defects_has_at_most_150_kilobytes() {
    let html = html_page(&evaluated(POLICY, &snapshot(500))).unwrap();
    println!("500 defects: {} bytes", html.len());
    assert!(html.len() <= 150_000, "{} bytes", html.len());
}

#[test]
fn page_of_20_000_defects_has_at_most_3_2_megabytes() {
    let html = html_page(&evaluated(POLICY, &snapshot(20_000))).unwrap();
    println!("20,000 defects: {} bytes", html.len());
    assert!(html.len() <= 3_200_000, "{} bytes", html.len());
    // Every defect is in the page, once.
    let (document, data) = html.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    let data: Value = serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
    let in_document = document.matches("<tr><td><a href=\"https://github.com/acme/shop/issues/").count();
    assert_eq!((in_document, data["rows"].as_array().unwrap().len()), (200, 19_800));
}

#[test]
fn same_input_gives_the_same_bytes() {
    let once = || html_page(&evaluated(POLICY, &snapshot(300))).unwrap();
    assert_eq!(once(), once());
}

#[test]
fn bars_of_releases_have_the_numbers_of_the_model() {
    let report = evaluated(POLICY, &snapshot(500));
    let html = html_page(&report).unwrap();
    for (class, kind, part) in
        [("s0", "critical", 0), ("s1", "major", 1), ("s2", "minor", 2), ("s3", "untriaged", 3)]
    {
        let (releases, periods) = (&page(&report).releases, &page(&report).periods);
        let bars = releases.iter().map(|bar| (bar.release.clone(), bar.counts));
        let bars = bars.chain(periods.iter().flat_map(|series| {
            series.periods.iter().map(|period| {
                let start = period.name.strip_prefix("sprint 2026-").and_then(|rest| rest.split_once(" to "));
                (start.map_or_else(|| period.name.clone(), |(day, _)| day.to_owned()), period.counts)
            })
        }));
        let expected: Vec<String> = bars
            .map(|(name, counts)| (name, counts.unwrap().parts()[part]))
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| format!("{name}: {count} {kind}"))
            .collect();
        assert_eq!(tooltips(&html, class), expected);
    }
    let releases = page(&report).releases.iter().map(|bar| bar.counts.unwrap().total()).sum::<u64>();
    let all = page(&report).defects.len() as u64 - page(&report).without_release;
    assert!(
        releases <= all && releases * 10 > all * 8,
        "{releases} of {all}: the chart has the last 20 of 22"
    );
    let quarters: u64 = page(&report).periods[0].periods.iter().map(|one| one.counts.unwrap().total()).sum();
    assert_eq!(quarters, 500, "each defect is in one quarter");
}

#[test]
fn every_defect_is_in_the_counts_of_statuses() {
    let report = evaluated(POLICY, &snapshot(120));
    let own: u64 = page(&report).candidate_statuses.parts().iter().sum();
    assert_eq!(own, 120);
    assert_eq!(page(&report).lines.len(), 4);
    for line in &page(&report).lines {
        assert_eq!(line.counts.parts().iter().sum::<u64>(), 120, "{}", line.line);
    }
    let by_rule: BTreeMap<&str, usize> =
        report.rules.iter().map(|rule| (rule.id.as_str(), rule.issues.len())).collect();
    let rows = page(&report).defects.iter();
    let failing = rows.filter(|row| row.breaks.iter().any(|rule| &**rule == "zero-critical")).count();
    assert_eq!(failing, by_rule["zero-critical"]);
}

#[test]
fn what_was_not_collected_is_not_zero() {
    let mut evidence = snapshot(3);
    evidence["tickets"] = Value::Null;
    let report = evaluated(POLICY, &evidence);
    assert!(page(&report).releases.iter().all(|bar| bar.counts.is_none()));
    assert_eq!(page(&report).age_curves, None);
    let html = html_page(&report).unwrap();
    assert!(html.contains("Not measured: issues or releases were not collected."));
    assert!(!html.contains("No escaped defect was found"));
}

#[test]
fn small_sample_has_no_rate() {
    let report = evaluated(POLICY, &snapshot(8));
    let html = html_page(&report).unwrap();
    assert_eq!(page(&report).rate_sample, 15);
    for series in &page(&report).periods {
        assert!(
            series.periods.iter().all(|period| period.rate.as_ref().is_none_or(|rate| rate.denominator < 15))
        );
    }
    assert_eq!(tooltips(&html, "dot"), [""; 0]);
    assert!(html.contains("fewer than 15"));
    let areas = page(&report).areas.as_ref().unwrap();
    let cells: Vec<_> = areas.rows.iter().flat_map(|row| &row.teams).collect();
    assert!(cells.iter().all(|cell| cell.rate.as_ref().is_none_or(|rate| rate.denominator >= 15)));
    assert!(cells.iter().any(|cell| cell.small_sample.is_some_and(|sample| sample < 15)));
}

/// Issues of releases that had 1 to 3 defects in their first days, and of the newest one, which has four on day 9.
#[test]
fn young_release_is_compared_at_equal_age() {
    let mut issues = Vec::new();
    let mut report = |days: u64| {
        let number = 100 + issues.len() as u64;
        issues.push(json!({
            "number": number, "title": "t", "url": "u", "state": "open", "labels": ["prod", "sev/minor"],
            "created-at": day(days), "updated-at": day(days),
        }));
    };
    for release in 0..6 {
        for n in 0..1 + release % 2 {
            report(40 * release + 2 + n);
        }
        report(40 * release + 20);
    }
    (0..4).for_each(|n| report(240 + n));
    let releases: Vec<Value> =
        (0..7).map(|n| json!({ "tag": format!("v1.{n}.0"), "published-at": day(40 * n) })).collect();
    let evidence = json!({ "schema": 1, "taken-at": day(249), "releases": releases, "tickets": issues });
    let report = evaluated(POLICY, &evidence);
    let newest = &page(&report).age_curves.as_ref().unwrap().newest;
    assert_eq!((newest.day, newest.escaped, newest.earlier.as_slice()), (9, 4, &[1, 2, 1, 2, 1, 2][..]));
    let html = html_page(&report).unwrap();
    let expected = newest.expected.as_ref().unwrap();
    let sentence = format!(
        "v1.6.0: 4 on day 9. The last 6 releases had 1.5 by then on average; 80 % interval {}–{}.",
        expected.low, expected.high
    );
    // No line breaks before a percent sign.
    assert!(html.replace('\u{a0}', " ").contains(&sentence), "{sentence}");
    assert!(expected.high < 4, "four are more than usual: {expected:?}");
    let horizon = newest.horizon.as_ref().unwrap();
    assert!(horizon.low >= 4 && horizon.day == 30, "what has happened is in the forecast: {horizon:?}");
}

/// Prints the forecasts on the histories of the repository that have enough releases.
#[test]
fn forecasts_on_example_histories_hold_the_known_numbers() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<_> =
        fs::read_dir(root.join("fixtures")).unwrap().map(|one| one.unwrap().path()).collect();
    folders.push(root.join("demo"));
    folders.sort();
    let mut forecasts = 0;
    for folder in folders {
        let read = |name: &str| fs::read_to_string(folder.join(name));
        let (Ok(policy), Ok(snapshot)) = (read("policy.yml"), read("snapshot.json")) else { continue };
        let (Ok(_), Ok(snapshot)) =
            (policy::parse(policy.as_bytes(), "policy.yml"), serde_json::from_str(&snapshot))
        else {
            continue;
        };
        let report = evaluated(&policy, &snapshot);
        let Some(curves) = &page(&report).age_curves else { continue };
        let newest = &curves.newest;
        for forecast in [&newest.expected, &newest.horizon, &curves.candidate].into_iter().flatten() {
            println!("{}: {forecast:?}, now {} on day {}", folder.display(), newest.escaped, newest.day);
            assert!(forecast.low <= forecast.high && forecast.releases >= 3);
            forecasts += 1;
        }
    }
    assert!(forecasts > 0, "no history has three releases before the newest one");
}

#[test]
fn report_and_check_write_the_same_page() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_escape-gate"))
            .args(arguments)
            .args(["--policy", "policy.yml", "--snapshot", "snapshot.json", "--now", "2026-11-20", "--html"])
            .arg(folder.path().join(format!("{}.html", arguments[0])))
            .current_dir(&demo)
            .env_clear()
            .output()
            .unwrap()
    };
    let (report, check) = (run(&["report"]), run(&["check"]));
    assert_eq!((report.status.code(), check.status.code()), (Some(0), Some(10)));
    assert!(String::from_utf8_lossy(&report.stdout).ends_with("report.html: verdict fail\n"));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("report.html"), read("check.html"));
    assert!(read("report.html").starts_with("<!doctype html>"));
}

#[test]
fn page_in_a_missing_folder_is_an_error() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    let output = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
        .args([
            "report",
            "--policy",
            "policy.yml",
            "--snapshot",
            "snapshot.json",
            "--html",
            "no/such/out.html",
        ])
        .current_dir(&demo)
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("failed to write the html output to"));
}

#[test]
fn no_test_report_is_not_zero_failed_tests() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    // The globs of the policy match nothing in this folder.
    let output = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
        .args(["report", "--html", "out.html", "--policy"])
        .arg(demo.join("policy.yml"))
        .arg("--snapshot")
        .arg(demo.join("snapshot.json"))
        .current_dir(folder.path())
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let html = fs::read_to_string(folder.path().join("out.html")).unwrap();
    assert!(html.contains("<dt>Failed tests</dt><dd>not measured<small>"));
}

#[test]
fn report_on_5000_defects_and_10000_failed_tests_is_short() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "policy.yml",
        &format!(
            "{POLICY}  - {{ id: tests, metric: tests.failed, max: 0 }}\ntests: {{ reports: [\"t.xml\"] }}\n"
        ),
    );
    write("snapshot.json", &snapshot(5_000).to_string());
    let case = |n: u32| {
        format!(
            "<testcase classname=\"com.acme.shop.OrderTest\" name=\"order {n} is kept at midnight\"><failure message=\"expected 3, was {n}\"/></testcase>"
        )
    };
    let cases: String = (0..10_000).map(case).collect();
    write("t.xml", &format!("<testsuite name=\"s\">{cases}</testsuite>"));
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
            .args(["check", "--policy", "policy.yml", "--snapshot", "snapshot.json"])
            .args(arguments)
            .current_dir(folder.path())
            .env_clear()
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(10), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let comment = run(&["--format", "markdown", "--html", "page.html"]);
    // The hidden lines of a published comment have at most 300 bytes.
    assert!(comment.len() + 300 <= 20_000, "{} bytes", comment.len());
    assert!(comment.contains("**Failed tests (10000)**"));
    let (_, list) = comment.split_once("**Escaped defects (").unwrap();
    let (count, list) = list.split_once(")**").unwrap();
    let count: usize = count.parse().unwrap();
    assert!(count > 1_000, "{count}");
    let (named, rest) = list.split_once("- and ").unwrap();
    let named = named.lines().filter(|line| line.starts_with("- ")).count();
    assert!(named <= 50 && rest.starts_with(&format!("{} more\n", count - named)), "{named} named");
    let text = run(&[]);
    assert!(text.lines().count() <= 120, "{} lines", text.lines().count());
    assert!(text.contains("and 9980 more"), "{text}");
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert!(page.len() <= 1_000_000, "{} bytes", page.len());
    assert!(page.contains("<dt>Failed tests</dt><dd>10000<small>"));
}
