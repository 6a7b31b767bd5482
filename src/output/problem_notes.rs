//! Refused writes, below the report in the job summary.

use super::escape::{Markdown, Safe, inline_code, prose, safe};

/// Renders each problem as a note. The first line is text; further lines, such as a permission to copy, are code.
pub fn problem_notes(problems: &[String]) -> Safe<Markdown> {
    let note = |problem: &String| {
        let mut lines = problem.lines();
        let mut out = safe!("\n> [!WARNING]\n> {}", prose(lines.next().unwrap_or_default()));
        out.push(lines.map(|line| safe!("<br>{}", inline_code(line))).collect::<Safe<Markdown>>());
        out.push("\n");
        out
    };
    problems.iter().map(note).collect()
}
