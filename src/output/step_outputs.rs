//! Step outputs of the action and the description of a commit status.

use super::escape::{Plain, Safe, safe};
use super::labels;
use crate::report::{Report, Verdict};

/// Returns name and value of each step output. A missing value is an empty string, never zero.
///
/// `waived` counts the failed rules that a waiver or an override lets pass.
/// `tests-failed` is the metric `tests.failed`: tests that failed or ended in an error.
pub fn step_outputs(report: &Report) -> Vec<(&'static str, Safe<Plain>)> {
    let count = |count: Option<u64>| count.map_or_else(Safe::default, |count| safe!("{}", count));
    let totals = &report.totals;
    let waived = report.rules.iter().filter(|rule| rule.verdict == Verdict::Waived).count();
    vec![
        ("verdict", report.verdict.name().into()),
        ("escaped", count(totals.escaped)),
        ("critical", count(totals.critical)),
        ("escape-rate", totals.escape_rate.as_ref().map_or_else(Safe::default, labels::percent_number)),
        ("tests-total", count(report.tests.as_ref().map(|tests| tests.total))),
        ("tests-failed", count(report.tests.as_ref().map(|tests| tests.failed + tests.errors))),
        ("waived", safe!("{}", waived)),
    ]
}

/// Returns the description of a commit status: the verdict in one sentence.
pub fn status_description(report: &Report) -> Safe<Plain> {
    Safe::of(&report.headline)
}
