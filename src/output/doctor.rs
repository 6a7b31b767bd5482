//! Findings of `doctor` for a terminal.

use super::escape::{Safe, Terminal, WorkflowCommand, safe, workflow_command};
use super::text::join_lines;
use crate::report::{DoctorReport, Finding, FindingLevel, IgnoredFinding};

/// Renders the result: the headline, each finding with way, reason and fix, then what is ignored and what is not known.
pub fn doctor_text(report: &DoctorReport) -> String {
    let mut lines: Vec<Safe<Terminal>> = vec![Safe::of(&report.headline)];
    for finding in &report.findings {
        lines.push(Safe::from(""));
        lines.extend(finding_lines(finding));
    }
    if !report.ignored.is_empty() {
        lines.push(Safe::from(""));
        lines.push(safe!("Ignored: {}", report.ignored.len()));
        lines.extend(report.ignored.iter().map(ignored_line));
    }
    if !report.not_known.is_empty() {
        lines.push(Safe::from(""));
        lines.push(Safe::from("Not known:"));
        let line = |subject: &str, why: &str| {
            safe!("  {}: {}", Safe::<Terminal>::of(subject), Safe::<Terminal>::of(why))
        };
        lines.extend(report.not_known.iter().map(|one| line(&one.subject, &one.why)));
    }
    join_lines(lines)
}

fn finding_lines(finding: &Finding) -> Vec<Safe<Terminal>> {
    let text = |text: &str| Safe::<Terminal>::of(text);
    let place = if finding.line > 0 {
        safe!("{}:{}", text(&finding.file), finding.line)
    } else {
        text(&finding.file)
    };
    let mut lines = vec![
        safe!("{}[{}] {}", finding.level.name(), finding.id, text(&finding.problem)),
        safe!("  at   {}", place),
        safe!("  way  {}", text(&finding.way)),
        safe!("  why  {}", finding.why),
    ];
    let mut fix = finding.fix.lines();
    lines.extend(fix.next().map(|line| safe!("  fix  {}", indented(line))));
    lines.extend(fix.map(|line| safe!("       {}", indented(line))));
    lines
}

/// Returns a line of YAML with its indentation, which the escaping would trim.
fn indented(line: &str) -> Safe<Terminal> {
    let depth = line.len() - line.trim_start().len();
    let mut out = Safe::default();
    (0..depth).for_each(|_| out.push(" "));
    out.push(Safe::<Terminal>::of(line));
    out
}

fn ignored_line(ignored: &IgnoredFinding) -> Safe<Terminal> {
    let IgnoredFinding { finding, reason, until, by } = ignored;
    let text = |text: &str| Safe::<Terminal>::of(text);
    let until = until.as_ref().map_or_else(Safe::default, |until| safe!(" until {}", text(until)));
    let (file, line) = (text(&finding.file), finding.line);
    safe!("  {} at {}:{}{}: {} ({})", finding.id, file, line, until, text(reason), text(by))
}

/// Renders each finding as a workflow command, which GitHub shows next to the line of the workflow.
pub fn doctor_annotations(report: &DoctorReport) -> Safe<WorkflowCommand> {
    report.findings.iter().map(annotation).collect()
}

fn annotation(finding: &Finding) -> Safe<WorkflowCommand> {
    let level = match finding.level {
        FindingLevel::Error => "error",
        FindingLevel::Warning => "warning",
        FindingLevel::Note => "notice",
    };
    let line = finding.line.max(1).to_string();
    let properties = [("file", finding.file.as_str()), ("line", &line), ("title", finding.id)];
    workflow_command(level, &properties, &format!("{}\n{}\n{}", finding.problem, finding.way, finding.fix))
}
