//! Walks `fixtures/reports/`: a folder for each format, and in it reports and what they come to (`expected.json`).
//! A stranger adds a file, not code.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

/// Expected result of reading a report.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Expected {
    total: u64,
    passed: u64,
    failed: u64,
    errors: u64,
    skipped: u64,
    flaky: u64,
    /// Messages of the tests worth naming, in their order.
    messages: Vec<String>,
    /// A part of each gap.
    gaps: Vec<String>,
}

#[test]
fn every_fixture_comes_to_what_stands_beside_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reports");
    let mut wrong = Vec::new();
    for folder in std::fs::read_dir(&root).unwrap() {
        let folder = folder.unwrap().path();
        let expected: BTreeMap<String, Expected> =
            serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
        let present = std::fs::read_dir(&folder).unwrap().count() - 1;
        assert_eq!(present, expected.len(), "{}: each file needs an entry", folder.display());
        for (file, expected) in expected {
            let read = test_reports::read_reports(
                &folder,
                &[globset::escape(&file)],
                &test_reports::ReadOptions::default(),
            )
            .unwrap();
            let t = read.evidence.totals();
            let gaps: Vec<String> = read.gaps.iter().map(|g| g.what.clone()).collect();
            let gaps_fit = gaps.len() == expected.gaps.len()
                && gaps.iter().zip(&expected.gaps).all(|(gap, part)| gap.contains(part.as_str()));
            let seen = Expected {
                total: t.total,
                passed: t.passed,
                failed: t.failed,
                errors: t.errors,
                skipped: t.skipped,
                flaky: t.flaky,
                messages: read.evidence.notable().into_iter().filter_map(|c| c.message).collect(),
                gaps: if gaps_fit { expected.gaps.clone() } else { gaps },
            };
            // Messages matter where the fixture names them.
            let seen =
                if expected.messages.is_empty() { Expected { messages: vec![], ..seen } } else { seen };
            if seen != expected {
                wrong.push(format!(
                    "{}/{file}:\n  expected {expected:?}\n  seen     {seen:?}",
                    folder.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
