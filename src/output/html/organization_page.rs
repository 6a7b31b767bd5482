//! The page of an organization: the frame, style and tables of the report's page.

use super::super::escape::{Html, Safe, html, html_prose, html_template, safe};
use super::super::organization::{
    OrganizationTable, VALUE_HEADINGS, incomplete_text, legend_text, scope_text, values,
};
use super::table::{data_table, numbers, words};
use super::{FRAME, PageError, SCRIPT, STYLE, asset, source_hash};
use crate::report::OrganizationReport;

/// Number of rows of a table. A browser shows 500 at once.
const ROWS: usize = 500;

/// Renders the page. The same report gives the same bytes.
///
/// # Errors
/// If the frame has a mistake.
pub fn organization_page(report: &OrganizationReport) -> Result<Safe<Html>, PageError> {
    let mut sections = vec![("quarters", "Quarters", quarters(report))];
    sections.extend(OrganizationTable::ALL.iter().filter(|table| !table.rows(report).is_empty()).map(
        |table| {
            let (id, title, _) = table.titles();
            (id, title, group_table(table, report))
        },
    ));
    let values = [
        ("title", safe!("{} · Escape Gate", scope_text::<Html>(report))),
        ("style_hash", source_hash(STYLE)),
        ("script_hash", source_hash(SCRIPT)),
        ("style", asset(STYLE)),
        ("script", asset(SCRIPT)),
        ("header", header(report)),
        ("patterns", Safe::default()),
        ("footer", footer(report)),
        // The script finds no table of defects, and does nothing.
        ("data", "{}".into()),
    ];
    Ok(html_template(FRAME, &values, &sections)?)
}

fn header(report: &OrganizationReport) -> Safe<Html> {
    let facts: Safe<Html> = VALUE_HEADINGS
        .iter()
        .zip(values::<Html>(&report.total))
        .map(|(heading, value)| safe!("<div><dt>{}</dt><dd>{}</dd></div>", *heading, value))
        .collect();
    safe!(
        "<header><p class=\"place\">Escape Gate</p><h1>Escaped defects: {}</h1>{}<dl class=\"facts\">{}</dl></header>",
        scope_text::<Html>(report),
        gaps(report),
        facts
    )
}

/// Renders the sources that are missing. They stand in the head: every number below may be too low.
fn gaps(report: &OrganizationReport) -> Safe<Html> {
    let Some(incomplete) = incomplete_text::<Html>(report) else { return Safe::default() };
    let lines: Safe<Html> = report
        .gaps
        .iter()
        .map(|gap| safe!("<li><code>{}</code>: {}</li>", html(&gap.place), html_prose(&gap.what)))
        .collect();
    safe!("<p class=\"headline\"><strong>{}</strong></p><ul class=\"list\">{}</ul>", incomplete, lines)
}

fn quarters(report: &OrganizationReport) -> Safe<Html> {
    let rows: Vec<Vec<Safe<Html>>> = report
        .quarters
        .iter()
        .zip(&report.total.by_quarter)
        .map(|(name, counts)| vec![html(name), safe!("{}", counts.critical), safe!("{}", counts.major)])
        .collect();
    let columns = [words("Quarter"), numbers("Critical"), numbers("Major")];
    data_table(&"Escaped defects by quarter".into(), &columns, &rows)
}

fn group_table(table: &OrganizationTable, report: &OrganizationReport) -> Safe<Html> {
    let (_, title, names) = table.titles();
    let all = table.rows(report);
    let columns: Vec<_> = names
        .iter()
        .map(|heading| words(heading))
        .chain(
            VALUE_HEADINGS
                .iter()
                .enumerate()
                .map(|(at, heading)| if at < 3 { numbers(heading) } else { words(heading) }),
        )
        .collect();
    let rows: Vec<Vec<Safe<Html>>> = all
        .iter()
        .take(ROWS)
        .map(|row| {
            let mut cells = table.names(row, &html);
            cells.extend(values(row));
            cells
        })
        .collect();
    let more = all.len().saturating_sub(ROWS);
    let more = if more > 0 {
        safe!("<p class=\"soft\">And {} more: <code>--format json</code> has all.</p>", more)
    } else {
        Safe::default()
    };
    safe!("<p>{}</p>{}{}", html(&legend_text(report)), data_table(&title.into(), &columns, &rows), more)
}

fn footer(report: &OrganizationReport) -> Safe<Html> {
    safe!(
        "Escape Gate {}. Evaluated {}. Policy {}.",
        html(report.version),
        report.evaluated_at.strftime("%Y-%m-%d %H:%M UTC"),
        html(&report.policy)
    )
}
