//! Real reports with the counts that other projects' own tests expect of them, and bad reports that fool other gates.
//!
//! They lie in a folder beside the checkout (`ESCAPE_GATE_SHARED`, by default `../shared`), which a stranger does not
//! have: without it nothing is tested here, and the output says so.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use test_reports::{ReadOptions, ReadReports, Reruns, TestTotals, read_reports};

/// Entries of `expected.json` that this reader counts differently on purpose. The reasons are in
/// `COUNTING.md`.
const DECISIONS: &[(&str, &str, [u64; 4])] = &[
    // A pass before the failure is no rerun.
    ("flaky_retries/flaky_success_first.xml", "check_retries=true", [3, 1, 2, 0]),
    // Failed outweighs disabled.
    ("issues/testFailedDisabled.xml", "tests and skipped", [1, 0, 1, 0]),
    // What was read before the damage counts, beside the gap.
    ("sf-reports/TEST-test.CorruptTest.xml", "parse error", [1, 0, 1, 0]),
];

#[test]
fn corpus_counts_match_the_projects_or_documented_differences() {
    let Some(corpus) = corpus() else { return };
    let expected: Vec<Value> =
        serde_json::from_slice(&std::fs::read(corpus.join("junit/expected.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for entry in &expected {
        let file = entry["file"].as_str().unwrap();
        // Where the project merges what has one name, the policy says so.
        let reruns = match entry["mode"].as_str() {
            Some("merge-retries") => Reruns::ByName,
            _ => Reruns::Reported,
        };
        let read = read_corpus_report(&corpus, file, reruns);
        let totals = read.evidence.totals();
        let counts = [totals.total, totals.passed, totals.failed + totals.errors, totals.skipped];
        let keys = ["tests", "passed", "failed", "skipped"];
        let differs =
            keys.iter().zip(counts).any(|(key, count)| entry[key].as_u64().is_some_and(|e| e != count));
        let mode = entry["basis"].as_str().unwrap();
        let decision =
            DECISIONS.iter().find(|(path, basis, _)| file.ends_with(path) && mode.starts_with(basis));
        if decision.map_or(differs, |(_, _, decided)| *decided != counts) {
            let wanted: Vec<_> = keys.iter().map(|key| entry[key].clone()).collect();
            wrong.push(format!(
                "{file}\n  basis {mode}\n  expected {wanted:?}, counted {counts:?}\n  {:?} {:?}",
                read.gaps, read.warnings
            ));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_bad_report_of_the_corpus_looks_green() {
    let Some(corpus) = corpus() else { return };
    let cases: BTreeMap<String, Value> =
        serde_json::from_slice(&std::fs::read(corpus.join("edge/cases.json")).unwrap()).unwrap();
    for (case, about) in &cases {
        let folder = corpus.join("edge").join(case);
        for reruns in [Reruns::Reported, Reruns::ByName] {
            let read = read_corpus_folder(&folder, "**/*.xml", reruns);
            let totals = read.evidence.totals();
            let green = read.gaps.is_empty() && totals.failed == 0 && totals.errors == 0;
            // Nothing in this report says that it lists a rerun: only the policy can.
            let should = case == "e18_rerun_as_cases" && reruns == Reruns::ByName;
            assert_eq!(green, should, "{case} ({about}): {totals:?} {:?}", read.gaps);
        }
    }
}

#[test]
fn every_bad_report_of_the_corpus_has_its_true_counts() {
    let Some(corpus) = corpus() else { return };
    // Case, and total, failed, errors, skipped, flaky, runs; the truth as `cases.json` tells it.
    let truths = [
        ("e06_declared_zero_failures", [2, 1, 0, 0, 0, 2]),
        ("e07_declared_one_failure", [2, 0, 1, 0, 0, 2]),
        ("e08_nested_deep", [2, 1, 0, 0, 0, 2]),
        ("e09_suite_level_error", [0, 0, 1, 0, 0, 0]),
        ("e10_skipped_and_failed", [2, 1, 0, 0, 0, 2]),
        ("e11_namespace", [2, 1, 0, 0, 0, 2]),
        ("e12_utf16", [2, 1, 0, 0, 0, 2]),
        ("e13_utf8_bom", [2, 1, 0, 0, 0, 2]),
        ("e14_time_comma", [2, 1, 0, 0, 0, 2]),
        ("e15_gtest_disabled", [3, 1, 0, 1, 0, 3]),
        ("e16_latin1", [2, 1, 0, 0, 0, 2]),
        ("e17_control_char", [2, 1, 0, 0, 0, 2]),
        ("e18_rerun_as_cases", [1, 0, 0, 0, 1, 2]),
        ("e19_surefire_flaky", [2, 1, 0, 0, 1, 4]),
        ("e20_two_files_same_test", [1, 1, 0, 0, 0, 2]),
    ];
    for (case, [total, failed, errors, skipped, flaky, runs]) in truths {
        let read = read_corpus_folder(&corpus.join("edge").join(case), "*.xml", Reruns::ByName);
        let TestTotals { passed, suite_errors, .. } = read.evidence.totals();
        let truth = TestTotals { total, passed, failed, errors, skipped, flaky, suite_errors, runs };
        assert_eq!(read.evidence.totals(), truth, "{case}");
        assert_eq!(passed + failed + errors + skipped, total + suite_errors, "{case}");
        assert_eq!(read.gaps, [], "{case}");
    }
}

/// Reads one report of the corpus.
fn read_corpus_report(corpus: &Path, file: &str, reruns: Reruns) -> ReadReports {
    let path = corpus.join(file);
    let name = path.file_name().unwrap().to_str().unwrap();
    read_corpus_folder(path.parent().unwrap(), &globset::escape(name), reruns)
}

/// Reads the reports that a glob finds.
fn read_corpus_folder(folder: &Path, glob: &str, reruns: Reruns) -> ReadReports {
    let options = ReadOptions { reruns, ..ReadOptions::default() };
    read_reports(folder, &[glob.to_owned()], &options).unwrap()
}

/// The corpus, if it is here.
fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("ESCAPE_GATE_SHARED").map_or(beside, PathBuf::from);
    let corpus = shared.join("corpus");
    if corpus.is_dir() {
        return Some(corpus);
    }
    // The reports belong to other projects and are not in the repository: a checkout alone does without them, and says so.
    println!("left out: the corpus of public test reports is not at {}", corpus.display());
    None
}
