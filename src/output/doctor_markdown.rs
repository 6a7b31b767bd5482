//! Findings of `doctor` as Markdown.

use super::escape::{Markdown, Safe, code_block, inline_code, prose, safe};
use crate::report::{DoctorReport, Finding, FindingLevel};

/// Renders the result for a comment or a job summary.
pub fn doctor_markdown(report: &DoctorReport) -> String {
    let mut out: Safe<Markdown> = safe!("### {}\n", prose(&report.headline));
    for finding in &report.findings {
        out.push(finding_block(finding));
    }
    if !report.ignored.is_empty() {
        out.push("\n**Ignored**\n\n");
        for ignored in &report.ignored {
            let (finding, reason) = (&ignored.finding, prose(&ignored.reason));
            let until =
                ignored.until.as_ref().map_or_else(Safe::default, |day| safe!(" until {}", prose(day)));
            let by = inline_code(&ignored.by);
            out.push(safe!("- `{}` at {}{}: {} ({})\n", finding.id, place(finding), until, reason, by));
        }
    }
    if !report.not_known.is_empty() {
        out.push("\n**Not known**\n\n");
        for one in &report.not_known {
            out.push(safe!("- {}: {}\n", prose(&one.subject), prose(&one.why)));
        }
    }
    out.into_string()
}

fn finding_block(finding: &Finding) -> Safe<Markdown> {
    let sign = match finding.level {
        FindingLevel::Error => "❌",
        FindingLevel::Warning => "⚠️",
        FindingLevel::Note => "ℹ️",
    };
    let mut out =
        safe!("\n{} **{}** at {}: {}\n\n", sign, finding.id, place(finding), prose(&finding.problem));
    out.push(safe!("{}. Way: {}\n", prose(finding.why), prose(&finding.way)));
    out.push("\n");
    out.push(code_block("yaml", &finding.fix));
    out
}

fn place(finding: &Finding) -> Safe<Markdown> {
    match finding.line {
        0 => inline_code(&finding.file),
        line => inline_code(&format!("{}:{line}", finding.file)),
    }
}
