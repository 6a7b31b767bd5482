//! Step outputs of the action and the description of a commit status.

use super::escape::{Plain, Safe, safe};
use super::labels;
use crate::report::{Outcome, Report};

/// Returns name and value of each step output. A missing value is an empty string, never zero.
///
/// `waived` counts the failed rules that a waiver or an override lets pass.
/// `tests-failed` is the metric `tests.failed`: tests that failed or ended in an error.
pub fn step_outputs(report: &Report) -> Vec<(&'static str, Safe<Plain>)> {
    let count = |count: Option<u64>| count.map_or_else(Safe::default, |count| safe!("{}", count));
    let totals = &report.totals;
    let waived = report.rules.iter().filter(|rule| rule.verdict == Outcome::Waived).count();
    vec![
        ("verdict", labels::outcome(report.verdict).into()),
        ("escaped", count(totals.escaped)),
        ("critical", count(totals.critical)),
        ("escape-rate", totals.escape_rate.as_ref().map_or_else(Safe::default, labels::percent_number)),
        ("tests-total", count(report.tests.as_ref().map(|tests| tests.total))),
        ("tests-failed", count(report.tests.as_ref().map(|tests| tests.failed + tests.errors))),
        ("waived", safe!("{}", waived)),
    ]
}
