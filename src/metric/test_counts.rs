//! Counts over test results.

use crate::evidence::Evidence;
use crate::model::{Area, Details, Lack, Measurement, MetricValue, MissingReason, Ratio, TestTotals};

/// One of the counts.
pub fn measure_test_count(evidence: &Evidence, pick: impl Fn(&TestTotals) -> u64) -> Measurement {
    measure_tests(evidence, |totals| MetricValue::Count(pick(totals)))
}

/// Number of tests of the earlier release that the run was given; `None` if it was given none.
pub fn earlier_total(evidence: &Evidence) -> Option<Measurement> {
    let before = evidence.tests_before.as_ref()?;
    let nothing = Measurement::missing("", Lack::NotYet);
    Some(Measurement { value: MetricValue::Count(before.total), basis: before.name.clone(), ..nothing })
}

/// Passed ÷ (passed + failed + errors). A flaky test passed in the end and counts as passed.
pub fn pass_rate(evidence: &Evidence) -> Measurement {
    measure_tests(evidence, |totals| {
        let denominator = totals.passed + totals.failed + totals.errors;
        // A run in which every test was skipped has no rate. 100 % would let it pass.
        if denominator == 0 {
            return MetricValue::Missing(MissingReason {
                reason: "no test ran to a result".into(),
                lack: Lack::Undefined,
            });
        }
        MetricValue::Ratio(Ratio { numerator: totals.passed, denominator })
    })
}

/// A value over the totals, where there are any.
fn measure_tests(evidence: &Evidence, value: impl Fn(&TestTotals) -> MetricValue) -> Measurement {
    let Some(tests) = &evidence.tests else {
        return Measurement::missing(
            "no test reports were asked for; name them under `tests.reports`",
            Lack::Undefined,
        );
    };
    let files = tests.files.len();
    // Reports were expected and none was readable. Zero failed tests would be a lie.
    if files == 0 {
        return Measurement::missing("no test report could be read", Lack::Unread(Area::Tests));
    }
    let totals = tests.totals();
    let s = if files == 1 { "report" } else { "reports" };
    Measurement {
        value: value(&totals),
        against: Vec::new(),
        basis: format!("{files} {s}"),
        notes: Vec::new(),
        undecided: Vec::new(),
        details: Details::default(),
    }
}
