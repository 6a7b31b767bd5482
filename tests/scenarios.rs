//! Walks `fixtures/`: each folder with a `policy.yml` is a scenario, judged by the real binary from inside the folder.
//!
//! `expected.txt` holds the exit code and the text output; `expected.md` and `expected.json`, where a folder has them,
//! hold those formats. `UPDATE_EXPECTED=1 cargo test --test scenarios` writes them anew: read the difference.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn every_scenario_comes_out_as_expected() {
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let mut differences = Vec::new();
    for folder in scenarios() {
        let text = folder.join("expected.txt");
        let mut wanted = vec![(text, "text")];
        for (file, format) in [("expected.md", "markdown"), ("expected.json", "json")] {
            if folder.join(file).exists() {
                wanted.push((folder.join(file), format));
            }
        }
        for (file, format) in wanted {
            let got = judge(&folder, format);
            if update {
                fs::write(&file, &got).unwrap();
            }
            let expected = fs::read_to_string(&file).unwrap_or_default();
            if expected != got {
                differences.push(format!("{}\n{}", file.display(), first_difference(&expected, &got)));
            }
        }
    }
    assert!(differences.is_empty(), "{} differ:\n\n{}", differences.len(), differences.join("\n\n"));
}

#[test]
fn the_name_of_a_scenario_is_its_promise() {
    for folder in scenarios() {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(folder.join("expected.txt")).unwrap();
        let exit = text.lines().next().unwrap();
        let promised = match name.rsplit('-').next().unwrap() {
            "passes" | "pass" | "holds" | "warns" => Some("exit 0"),
            "fails" => Some("exit 10"),
            "unknown" => Some("exit 3"),
            _ => None,
        };
        assert!(promised.is_none_or(|promised| promised == exit), "{name}: {exit}");
    }
}

#[test]
fn there_are_scenarios_of_every_verdict() {
    let exits: Vec<String> = scenarios()
        .iter()
        .map(|folder| {
            fs::read_to_string(folder.join("expected.txt")).unwrap().lines().next().unwrap().to_owned()
        })
        .collect();
    assert!(exits.len() >= 20, "{} scenarios", exits.len());
    for exit in ["exit 0", "exit 3", "exit 10"] {
        assert!(exits.iter().filter(|e| *e == exit).count() >= 5, "{exit}");
    }
}

/// Every folder of `fixtures/` that holds a policy and a snapshot.
fn scenarios() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("policy.yml").exists() && path.join("snapshot.json").exists())
        .collect();
    found.sort();
    found
}

/// Time of a scenario's evidence: waivers hold or have expired by it, whenever the test runs.
fn taken_at(folder: &Path) -> String {
    let text = fs::read_to_string(folder.join("snapshot.json")).unwrap();
    let snapshot: serde_json::Value = serde_json::from_str(&text).unwrap();
    snapshot["taken-at"].as_str().unwrap().to_owned()
}

/// Exit code, output and log of the binary for one scenario; for other formats than text the output alone.
fn judge(folder: &Path, format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
        .args(["check", "--policy", "policy.yml", "--snapshot", "snapshot.json", "--format", format])
        .args(["--now", &taken_at(folder)])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let (out, log) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    if format != "text" {
        return out;
    }
    let log = if log.is_empty() { String::new() } else { format!("\n--- log\n{log}") };
    format!("exit {}\n\n{out}{log}", output.status.code().unwrap())
}

/// The first line that differs, with its number.
fn first_difference(expected: &str, got: &str) -> String {
    let lines = expected.lines().map(Some).chain(std::iter::repeat(None));
    let pairs = lines.zip(got.lines().map(Some).chain(std::iter::repeat(None)));
    for (number, (expected, got)) in (1..).zip(pairs) {
        if expected != got {
            return format!("line {number}\n  expected: {}\n  got:      {}", show(expected), show(got));
        }
        if expected.is_none() {
            break;
        }
    }
    "they differ in line ends".into()
}

/// A line, or that there is none.
fn show(line: Option<&str>) -> String {
    line.map_or_else(|| "(the end)".into(), |line| format!("{line:?}"))
}
