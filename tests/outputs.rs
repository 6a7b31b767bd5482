//! Reports for other tools, from the real binary: the files of `--output`, their failures, and what they say of a verdict.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use escape_gate::output::Format;
use serde_json::Value;
use tempfile::TempDir;
use test_reports::{Reruns, read_report};

const CHECK: [&str; 7] =
    ["check", "--policy", "policy.yml", "--snapshot", "snapshot.json", "--now", "2026-11-20"];

/// Runs the binary in a folder, without this machine's environment.
fn run(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_escape-gate"));
    command.args(args).current_dir(folder).env_clear().envs(env.iter().copied());
    command.output().unwrap()
}

fn log(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The example, written out. Its verdict is `fail`.
fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let written = run(folder.path(), &["demo", "--write", "."], &[]);
    assert!(written.status.success(), "{}", log(&written));
    folder
}

#[test]
fn every_format_at_once_is_what_each_prints() {
    let shop = shop();
    let values: Vec<String> = Format::ALL.iter().map(|format| format!("{format}=out.{format}")).collect();
    // The environment has one file a line, and the end of a block of YAML.
    let all = run(shop.path(), &CHECK, &[("ESCAPE_GATE_OUTPUT", &format!("{}\n", values.join("\n")))]);
    assert_eq!(all.status.code(), Some(10), "{}", log(&all));
    for format in Format::ALL {
        let printed = run(shop.path(), &[&CHECK[..], &["--format", format.name()]].concat(), &[]);
        assert_eq!(printed.status.code(), Some(10), "{}", log(&printed));
        let written = fs::read(shop.path().join(format!("out.{format}"))).unwrap();
        assert!(!written.is_empty() && written == printed.stdout, "{format}");
    }
}

#[test]
fn report_writes_the_files_of_check_and_exits_0() {
    let shop = shop();
    let outputs = ["--output", "sarif=a.sarif", "--html", "a.html"];
    let checked = run(shop.path(), &[&CHECK[..], &outputs[..]].concat(), &[]);
    assert_eq!(checked.status.code(), Some(10), "{}", log(&checked));
    let read = |name: &str| fs::read(shop.path().join(name)).unwrap();
    let by_check = [read("a.sarif"), read("a.html")];
    let reported = run(shop.path(), &[&["report"], &CHECK[1..], &outputs[..]].concat(), &[]);
    assert_eq!(reported.status.code(), Some(0), "{}", log(&reported));
    assert_eq!(by_check, [read("a.sarif"), read("a.html")]);
    assert_eq!(String::from_utf8(reported.stdout).unwrap(), "Wrote a.html, a.sarif: verdict fail\n");
}

#[test]
fn failed_write_exits_1_and_leaves_the_others() {
    let shop = shop();
    let outputs = ["--output", "junit=no/such/a.xml", "--output", "csv=b.csv", "--output", "sarif=."];
    for more in [&[][..], &["--fail-on", "never"], &["--dry-run"]] {
        let output = run(shop.path(), &[&CHECK[..], &outputs[..], more].concat(), &[]);
        assert_eq!(output.status.code(), Some(1), "{}", log(&output));
        let said = log(&output);
        assert!(said.contains("failed to write the junit output to "), "{said}");
        assert!(said.contains("failed to write the sarif output to "), "{said}");
        assert!(fs::read_to_string(shop.path().join("b.csv")).unwrap().starts_with("number,title,"));
    }
}

#[test]
fn mistake_in_an_output_is_a_usage_error_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    for (args, message) in [
        (&["check", "--output", "sarf=a"][..], "unknown format `sarf`: use one of text, markdown, json"),
        (&["check", "--output", "gate.sarif"], "write FORMAT=FILE, for example `sarif=gate.sarif`"),
        (&["check", "--output", "csv=a", "--html", "a"], "two outputs are written to a"),
        (&["check", "--output", "csv=a", "--report-file", "a"], "--report-file and another output"),
        (&["report"], "there is nothing to write: add --html FILE or --output FORMAT=FILE"),
    ] {
        let output = run(folder.path(), args, &[]);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(log(&output).contains(message), "{args:?}: {}", log(&output));
    }
}

#[test]
fn formats_for_a_terminal_obey_no_text_in_a_workflow() {
    let shop = shop();
    let snapshot = fs::read_to_string(shop.path().join("snapshot.json")).unwrap();
    let mut snapshot: Value = serde_json::from_str(&snapshot).unwrap();
    for issue in snapshot["issues"].as_array_mut().unwrap() {
        issue["title"] = "##[error]owned".into();
    }
    fs::write(shop.path().join("snapshot.json"), snapshot.to_string()).unwrap();
    let event = shop.path().join("event.json");
    fs::write(&event, "{}").unwrap();
    let env = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_NAME", "push"),
        ("GITHUB_REF", "refs/heads/main"),
        ("GITHUB_REPOSITORY", "acme/shop"),
        ("GITHUB_SHA", "0123456789012345678901234567890123456789"),
        ("GITHUB_API_URL", "http://127.0.0.1:9"),
        ("GITHUB_SERVER_URL", "http://127.0.0.1:9"),
        ("GITHUB_RUN_ID", "1"),
        ("GITHUB_RUN_ATTEMPT", "1"),
        ("GITHUB_EVENT_PATH", event.to_str().unwrap()),
    ];
    let check = ["check", "--policy", "policy.yml", "--snapshot", "snapshot.json", "--comment", "none"];
    for format in Format::ALL.iter().filter(|format| **format != Format::Annotations) {
        let output = run(shop.path(), &[&check[..], &["--format", format.name()]].concat(), &env);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            text.contains("owned") || !has_titles(*format),
            "{format}: {text}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        // Our own annotations follow a text for people.
        let commands = text.lines().filter(|line| !line.starts_with("::") && line.contains("##["));
        assert_eq!(commands.count(), 0, "{format}: {text}");
    }
}

/// Returns `true` if a format has the titles of defects.
fn has_titles(format: Format) -> bool {
    let without = [Format::Sarif, Format::CodeQuality, Format::OpenMetrics, Format::Badge, Format::Shields];
    !without.contains(&format)
}

#[test]
fn sarif_points_at_the_line_of_the_rule() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = root().join("fixtures/critical-escape-fails");
    fs::copy(fixture.join("snapshot.json"), folder.path().join("snapshot.json")).unwrap();
    let policy = fs::read_to_string(fixture.join("policy.yml")).unwrap();
    fs::write(folder.path().join("base.yml"), &policy).unwrap();
    let own = "version: 1\nextends: [base.yml]\nrules:\n  - { id: of-this-file, metric: escaped, over: all, max: 0 }\n";
    fs::write(folder.path().join("policy.yml"), own).unwrap();
    let output = run(folder.path(), &[&CHECK[..], &["--format", "sarif"]].concat(), &[]);
    assert_eq!(output.status.code(), Some(10), "{}", log(&output));
    let sarif: Value = serde_json::from_slice(&output.stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() >= 2, "{results:?}");
    for result in results {
        let id = result["ruleId"].as_str().unwrap();
        let place = &result["locations"][0]["physicalLocation"];
        let file = place["artifactLocation"]["uri"].as_str().unwrap();
        assert_eq!(file, if id == "of-this-file" { "policy.yml" } else { "base.yml" });
        let line = place["region"]["startLine"].as_u64().unwrap();
        let text = fs::read_to_string(folder.path().join(file)).unwrap();
        let text = text.lines().nth(usize::try_from(line).unwrap() - 1).unwrap();
        assert!(text.contains(&format!("id: {id}")), "{id}: {text}");
    }
}

#[test]
fn junit_of_every_scenario_is_as_red_as_its_verdict() {
    let scenarios: Vec<PathBuf> = fs::read_dir(root().join("fixtures"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("policy.yml").exists() && path.join("snapshot.json").exists())
        .collect();
    assert!(scenarios.len() > 100, "{}", scenarios.len());
    for folder in scenarios {
        let snapshot: Value =
            serde_json::from_str(&fs::read_to_string(folder.join("snapshot.json")).unwrap()).unwrap();
        let now = snapshot["taken-at"].as_str().unwrap();
        let args = [
            "check",
            "--policy",
            "policy.yml",
            "--snapshot",
            "snapshot.json",
            "--now",
            now,
            "--format",
            "junit",
        ];
        let output = run(&folder, &args, &[]);
        // The exit code of an observed failure is 0.
        let observed = String::from_utf8_lossy(&output.stdout).contains("name=\"dry-run\" value=\"true\"");
        let code = output.status.code().unwrap();
        // The policies of some scenarios are refused.
        if code == 2 {
            assert!(output.stdout.is_empty());
            continue;
        }
        let read = read_report("gate.xml", &output.stdout, Reruns::default());
        assert!(read.gaps.is_empty(), "{}: {:?}", folder.display(), read.gaps);
        let totals = read.evidence.totals();
        let (red, failed) = (totals.failed + totals.errors, totals.failed);
        match code {
            0 => assert!(red == 0 || observed, "{}: {totals:?}", folder.display()),
            3 => assert!(failed == 0 && red > 0, "{}: {totals:?}", folder.display()),
            10 => assert!(failed > 0, "{}: {totals:?}", folder.display()),
            _ => panic!("{}: exit code {code}: {}", folder.display(), log(&output)),
        }
    }
}

/// The folder of Cargo.toml.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
