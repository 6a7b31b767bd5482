//! What became of the cases of a policy, for a person at a terminal.

use super::escape::{Safe, Terminal, safe};
use super::labels;
use crate::report::{CaseResult, Mismatch, PolicyTestReport};

/// The longest text of a line.
const WIDEST: usize = 400;

/// A line a case; below a failed one what was expected, what came, and why. Then how many there were.
pub fn policy_test_text(trial: &PolicyTestReport) -> String {
    let mut lines: Vec<Safe<Terminal>> = Vec::new();
    let mut file = None;
    for case in &trial.cases {
        if file.replace(&case.file) != Some(&case.file) {
            lines.push(text(&case.file));
        }
        lines.extend(case_result_lines(case));
    }
    let count = labels::counted_noun::<Terminal>(trial.passed + trial.failed, "case", "cases");
    lines.push(safe!("{}: {} passed, {} failed", count, trial.passed, trial.failed));
    lines.into_iter().map(|line| format!("{line}\n")).collect()
}

fn case_result_lines(case: &CaseResult) -> Vec<Safe<Terminal>> {
    if case.passed {
        return vec![safe!("  pass  {}", text(&case.name))];
    }
    let head = safe!("  FAIL  {} (line {})", text(&case.name), case.line);
    let mut lines = vec![head];
    for one in &case.mismatches {
        let Mismatch { rule, issue, of, expected, came, reason } = one;
        let what = match (rule, issue) {
            (Some(rule), _) => safe!("{} of {}", *of, text(rule)),
            (None, Some(number)) => safe!("{} of #{}", *of, *number),
            (None, None) => safe!("{}", *of),
        };
        lines.push(safe!("        {}: expected {}, came {}", what, text(expected), text(came)));
        lines.push(safe!("          {}", text(reason)));
    }
    lines
}

fn text(text: &str) -> Safe<Terminal> {
    Safe::<Terminal>::of(text).cut(WIDEST)
}
