//! Values of an organization as Markdown.

use super::escape::{Markdown, Safe, inline_code, prose, safe, truncate_text};
use super::organization::{
    OrganizationTable, VALUE_HEADINGS, incomplete_text, legend_text, quarter_lines, scope_text, values,
};
use crate::report::OrganizationReport;

/// Number of rows of a table. A job summary may have 1 MiB.
const ROWS: usize = 100;

/// Number of gaps that are named.
const GAPS: usize = 50;

/// Longest name in characters.
const NAME_LENGTH: usize = 120;

/// Renders the report for a job summary.
pub fn organization_markdown(report: &OrganizationReport) -> String {
    let name = |text: &str| inline_code(&truncate_text(text.trim(), NAME_LENGTH));
    let mut out: Safe<Markdown> = safe!("## Escaped defects: {}\n", scope_text::<Markdown>(report));
    if let Some(incomplete) = incomplete_text::<Markdown>(report) {
        out.push(safe!("\n**{}**\n\n", incomplete));
        for gap in report.gaps.iter().take(GAPS) {
            out.push(safe!("- {}: {}\n", name(&gap.place), prose(&gap.what)));
        }
        let more = report.gaps.len().saturating_sub(GAPS);
        if more > 0 {
            out.push(safe!("- and {} more\n", more));
        }
    }
    out.push("\n| Value | All repositories |\n|---|---|\n");
    for (heading, value) in VALUE_HEADINGS.iter().zip(values::<Markdown>(&report.total)) {
        out.push(safe!("| {} | {} |\n", *heading, value));
    }
    out.push("\n");
    for line in quarter_lines::<Markdown>(report) {
        out.push(safe!("- {}\n", line));
    }
    for table in OrganizationTable::ALL {
        let rows = table.rows(report);
        if rows.is_empty() {
            continue;
        }
        let (_, title, names) = table.titles();
        out.push(safe!("\n### {}\n\n", title));
        let headings: Vec<Safe<Markdown>> =
            names.iter().chain(&VALUE_HEADINGS).map(|heading| Safe::from(*heading)).collect();
        out.push(safe!("| {} |\n|", Safe::join(&headings, " | ")));
        headings.iter().for_each(|_| out.push("---|"));
        out.push("\n");
        for row in rows.iter().take(ROWS) {
            let mut cells = table.names(row, &name);
            cells.extend(values(row));
            out.push(safe!("| {} |\n", Safe::join(&cells, " | ")));
        }
        let more = rows.len().saturating_sub(ROWS);
        if more > 0 {
            out.push(safe!("\nAnd {} more: `--format json` has all.\n", more));
        }
    }
    out.push(safe!("\n{}\n", prose(&legend_text(report))));
    out.into_string()
}
