//! Properties of any evidence.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// The tests of each outcome.
fn lists(tests: &mut Records) -> [&mut Vec<TestId>; 6] {
    [
        &mut tests.passed,
        &mut tests.skipped,
        &mut tests.flaky,
        &mut tests.failed,
        &mut tests.error,
        &mut tests.suite_errors,
    ]
}

/// A report with tests from a small pool, so that reports share some.
fn report() -> impl Strategy<Value = ReportFile> {
    let case = (0..40_u128, 0..5_usize);
    ("[ab]", 0..3_u128, proptest::collection::btree_map(case.prop_map(|c| c.0), 0..6_usize, 0..30)).prop_map(
        |(path, digest, cases)| {
            let mut tests = Records::default();
            for (id, outcome) in cases {
                // Spread over the whole range, as hashes are.
                let id = TestId(id.wrapping_mul(u128::MAX / 40));
                lists(&mut tests).into_iter().nth(outcome).unwrap().push(id);
            }
            for list in lists(&mut tests) {
                list.sort_unstable();
            }
            ReportFile {
                path,
                digest: TestId(digest),
                format: ReportFormat::Junit,
                encoding: "UTF-8".to_owned(),
                complete: true,
                runs: tests.len(),
                tests,
                details: vec![],
                mentions: BTreeSet::new(),
            }
        },
    )
}

fn evidence() -> impl Strategy<Value = TestEvidence> {
    proptest::collection::vec(report(), 0..4).prop_map(TestEvidence::new)
}

proptest! {
    #[test]
    fn merging_is_associative_commutative_and_idempotent(a in evidence(), b in evidence(), c in evidence()) {
        let merge = |x: &TestEvidence, y: &TestEvidence| x.clone().merge(y.clone());
        prop_assert_eq!(merge(&a, &b), merge(&b, &a));
        prop_assert_eq!(merge(&merge(&a, &b), &c), merge(&a, &merge(&b, &c)));
        prop_assert_eq!(merge(&a, &a), a);
    }

    #[test]
    fn totals_add_up_and_more_evidence_never_hides_a_failure(a in evidence(), b in evidence()) {
        let bad = |t: TestTotals| t.failed + t.errors;
        let one = a.totals();
        prop_assert_eq!(one.passed + one.failed + one.errors + one.skipped, one.total + one.suite_errors);
        prop_assert!(one.flaky <= one.passed);
        // Reports of another leg.
        let other = b.files.into_iter().map(|file| ReportFile { digest: TestId(file.digest.0 + 100), ..file });
        let both = a.merge(TestEvidence::new(other.collect())).totals();
        prop_assert!(bad(both) >= bad(one) && both.total >= one.total && both.skipped <= one.skipped + both.total - one.total);
    }

    #[test]
    fn evidence_survives_being_written_and_read(a in evidence()) {
        let text = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(serde_json::from_str::<TestEvidence>(&text).unwrap(), a);
    }
}

#[test]
fn totals_over_many_tests_in_many_reports_are_exact() {
    let spread = |n: u128| TestId(n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835));
    let file = |name: &str, failed: std::ops::Range<u128>, passed: std::ops::Range<u128>| {
        let list = |range: std::ops::Range<u128>| {
            let mut ids: Vec<_> = range.map(spread).collect();
            ids.sort_unstable();
            ids
        };
        ReportFile {
            path: name.to_owned(),
            digest: TestId(0),
            format: ReportFormat::Junit,
            encoding: "UTF-8".to_owned(),
            complete: true,
            runs: 0,
            tests: Records { failed: list(failed), passed: list(passed), ..Records::default() },
            details: vec![],
            mentions: BTreeSet::new(),
        }
    };
    let evidence = TestEvidence::new(vec![file("a", 0..10, 10..200_000), file("b", 20..30, 30..250_000)]);
    let TestTotals { total, failed, passed, .. } = evidence.totals();
    assert_eq!((total, failed, passed), (250_000, 20, 249_980));
}

#[test]
fn a_snapshot_with_anything_unknown_or_out_of_order_is_refused() {
    let ids = |text: &str| serde_json::from_str::<Records>(&format!("{{\"passed\":\"{text}\"}}"));
    let (one, two) = ("0".repeat(31) + "1", "0".repeat(31) + "2");
    assert!(ids(&(one.clone() + &two)).is_ok());
    for wrong in [two.clone() + &one, one.clone() + &one, "0".repeat(31), "G".repeat(32), "é".repeat(16)] {
        assert!(ids(&wrong).is_err(), "{wrong}");
    }
    assert!(serde_json::from_str::<Records>("{\"pased\":\"\"}").is_err());
}
