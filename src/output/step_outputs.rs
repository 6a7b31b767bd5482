//! The step outputs that come from the report.

use super::escape::{Plain, Safe, safe};
use super::labels;
use crate::report::{Outcome, Report};

/// Name and value of each step output; a value that is missing is the empty string, never zero.
///
/// `waived` counts the rules that are broken and let pass by a waiver or an override.
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
