//! Results of policy test cases for a terminal.

use super::escape::{Safe, Terminal, safe};
use super::labels;
use super::text::join_lines;
use crate::report::{CaseResult, Mismatch, PolicyTestReport};

/// Maximum length of a text in characters.
// A case may expect thousands of issues. The beginning shows the difference in most cases.
const TEXT_LENGTH: usize = 400;

/// Renders one line per case. Below a failed case: expected value, actual value and reason. The last line counts the cases.
pub fn policy_test_text(tests: &PolicyTestReport) -> String {
    let mut lines: Vec<Safe<Terminal>> = Vec::new();
    let mut file = None;
    for case in &tests.cases {
        if file.replace(&case.file) != Some(&case.file) {
            lines.push(cut_to_line(&case.file));
        }
        lines.extend(case_result_lines(case));
    }
    let count = labels::counted_noun::<Terminal>(tests.passed + tests.failed, "case", "cases");
    lines.push(safe!("{}: {} passed, {} failed", count, tests.passed, tests.failed));
    join_lines(lines)
}

fn case_result_lines(case: &CaseResult) -> Vec<Safe<Terminal>> {
    if case.passed {
        return vec![safe!("  pass  {}", cut_to_line(&case.name))];
    }
    let mut lines = vec![safe!("  FAIL  {} (line {})", cut_to_line(&case.name), case.line)];
    for Mismatch { rule, issue, of, expected, came, reason } in &case.mismatches {
        let what = match (rule, issue) {
            (Some(rule), _) => safe!("{} of {}", *of, cut_to_line(rule)),
            (None, Some(number)) => safe!("{} of #{}", *of, *number),
            (None, None) => safe!("{}", *of),
        };
        let (expected, came) = (cut_to_line(expected), cut_to_line(came));
        lines.push(safe!("        {}: expected {}, came {}", what, expected, came));
        lines.push(safe!("          {}", cut_to_line(reason)));
    }
    lines
}

fn cut_to_line(text: &str) -> Safe<Terminal> {
    Safe::<Terminal>::of(text).cut(TEXT_LENGTH)
}
