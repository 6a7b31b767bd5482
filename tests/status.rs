//! Scenarios of a defect's status, in `fixtures/status.json`: each becomes a real git history, a snapshot and a policy, and the
//! product is run on them. `ESCAPE_GATE_STATUS_SCENARIOS` names another file of the same shape, which is run instead.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod status {
    pub mod policy;
    pub mod repository;
    pub mod snapshot;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What a scenario expects and what came out; empty if they agree.
fn mismatches(scenario: &Value, folder: &Path) -> Vec<String> {
    let built = status::repository::build(&scenario["history"], &scenario["candidate"], folder);
    let snapshot = status::snapshot::of(scenario, &built);
    let text = serde_json::to_string_pretty(&snapshot).unwrap();
    fs::write(folder.join("snapshot.json"), text).unwrap();
    fs::write(folder.join("policy.yml"), status::policy::of(scenario)).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
        .args(["check", "--policy", "policy.yml", "--snapshot", "snapshot.json", "--format", "json"])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let Ok(report) = serde_json::from_slice::<Value>(&run.stdout) else {
        return vec![format!("no report: {}", String::from_utf8_lossy(&run.stderr))];
    };
    compare(&scenario["expect"], scenario, &report)
}

fn compare(expect: &Value, scenario: &Value, report: &Value) -> Vec<String> {
    let first = scenario["tickets"].get(0).map_or(Value::Null, |ticket| ticket["number"].clone());
    let number = [&expect["ticket"], &expect["pull_request"], &first]
        .into_iter()
        .find_map(Value::as_u64)
        .expect("a scenario is about an issue or a pull request");
    let in_list = |list: &str| {
        report[list].as_array().into_iter().flatten().find(|one| one["number"].as_u64() == Some(number))
    };
    let line = ["statuses", "blockers"].into_iter().find_map(in_list).unwrap_or(&Value::Null);
    let rule = |id: &str| report["rules"].as_array().into_iter().flatten().find(|rule| rule["id"] == id);
    let counted = |id: &str| {
        let issues = rule(id).map_or(&Value::Null, |rule| &rule["issues"]);
        issues.as_array().is_some_and(|issues| issues.iter().any(|issue| issue.as_u64() == Some(number)))
    };
    let row = line["status"]["row"].as_str().map(|row| row.trim_end_matches(['a', 'b']).to_owned());
    let mut wrong = Vec::new();
    let mut check = |what: &str, expected: &Value, got: Value| {
        if *expected != got {
            wrong.push(format!("{what} is {got}, not {expected}"));
        }
    };
    check("status", &expect["status"], line["status"]["status"].clone());
    check("counted_by_unfixed", &expect["counted_by_unfixed"], counted("unfixed").into());
    check("counted_by_blockers", &expect["counted_by_blockers"], counted("blockers").into());
    check("found_in", &expect["found_in"], line["found-in"].clone());
    if !expect["row"].is_null() {
        check("row", &expect["row"].to_string().into(), row.into());
    }
    if !expect["confidence"].is_null() {
        check("confidence", &expect["confidence"], line["status"]["confidence"].clone());
    }
    if !expect["verdict"].is_null() {
        let rule = rule("unfixed").unwrap_or(&Value::Null);
        check("verdict", &expect["verdict"], rule["verdict"].clone());
    }
    if !wrong.is_empty() {
        wrong.push(format!("shown: {}", line["status"]["shown"]));
    }
    wrong
}

/// The mismatches of each scenario, found side by side.
fn mismatches_of_all(scenarios: &[Value]) -> Vec<Vec<String>> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = scenarios.len().div_ceil(threads).max(1);
    let run = |some: &[Value]| -> Vec<Vec<String>> {
        let one = |scenario: &Value| mismatches(scenario, tempfile::tempdir().unwrap().path());
        some.iter().map(one).collect()
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> = scenarios.chunks(share).map(|some| scope.spawn(move || run(some))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

#[test]
fn every_scenario_has_the_expected_status() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/status.json");
    let file = std::env::var_os("ESCAPE_GATE_STATUS_SCENARIOS").map_or(own, PathBuf::from);
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let scenarios: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut failed = Vec::new();
    for (scenario, wrong) in scenarios.iter().zip(mismatches_of_all(&scenarios)) {
        if !wrong.is_empty() {
            let id = scenario["id"].as_str().unwrap_or("?").to_owned();
            println!("{id}: {}\n    {}", scenario["title"].as_str().unwrap_or(""), wrong.join("\n    "));
            failed.push(id);
        }
    }
    println!("{} passed, {} failed", scenarios.len() - failed.len(), failed.len());
    assert!(!scenarios.is_empty(), "{} holds no scenario", file.display());
    assert!(failed.is_empty(), "failed: {}", failed.join(", "));
}
