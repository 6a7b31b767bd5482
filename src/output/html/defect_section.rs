//! The table of defects. The first rows are HTML; the script adds the others from the data.

use super::super::escape::{Html, Safe, html, html_link, safe, truncate_text};
use crate::report::{DefectRow, PageReport, Severity, Status};

/// Number of rows in the document; the script has the others as data.
pub const STATIC_ROWS: usize = 200;

/// Number of characters of a title. GitHub allows 256.
const TITLE: usize = 256;

/// Filters with the names of their fields.
const FILTERS: [(&str, &str); 5] = [
    ("severity", "Severity"),
    ("found", "Found in"),
    ("status", "Status"),
    ("component", "Component"),
    ("team", "Team"),
];

/// Renders the filters and the table.
pub fn defects(page: &PageReport) -> Safe<Html> {
    if !page.collected {
        return "<p>Not measured: issues or releases were not collected.</p>".into();
    }
    if page.defects.is_empty() {
        return "<p>No escaped defect was found.</p>".into();
    }
    let lines: Safe<Html> =
        page.lines.iter().map(|line| safe!("<th scope=\"col\">In {}</th>", html(&line.release))).collect();
    let rows: Safe<Html> = page.defects.iter().take(STATIC_ROWS).map(defect_row).collect();
    let rest = match page.defects.len().saturating_sub(STATIC_ROWS) {
        0 => Safe::default(),
        more => safe!("; {} more need the script", more),
    };
    safe!(
        "<form id=\"filters\" class=\"filters\" role=\"search\" aria-label=\"Defects\" hidden><label>Search\
         <input name=\"q\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"></label>{}</form>\
         <div class=\"count\"><span id=\"shown\" role=\"status\">{} shown{}</span><button type=\"button\" id=\"reset\" hidden>\
         Reset</button></div><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table: Escaped defects\">\
         <table id=\"defect-table\"><thead><tr><th scope=\"col\">Issue</th><th scope=\"col\">Title</th><th scope=\"col\">Severity\
         </th><th scope=\"col\">Found in</th><th scope=\"col\">Reported</th><th scope=\"col\">Status</th><th scope=\"col\">\
         Component</th><th scope=\"col\">Team</th>{}</tr></thead><tbody>{}</tbody></table></div><div class=\"count\">\
         <button type=\"button\" id=\"more\" hidden>Show more</button></div>",
        FILTERS.iter().map(filter).collect::<Safe<Html>>(),
        page.defects.len().min(STATIC_ROWS),
        rest,
        lines,
        rows
    )
}

fn filter((name, label): &(&'static str, &'static str)) -> Safe<Html> {
    safe!("<label>{}<select name=\"{}\"><option value=\"\">All</option></select></label>", *label, *name)
}

/// Renders a row. End tags that HTML does not need are left out: they would be a tenth of the page.
fn defect_row(row: &DefectRow) -> Safe<Html> {
    let number = html_link(&safe!("#{}", row.number), &row.url);
    let lines: Safe<Html> = row.lines.iter().map(|status| safe!("<td>{}", status_word(*status))).collect();
    safe!(
        "<tr><td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}{}\n",
        number,
        html(&shown_title(row)),
        severity_word(row.severity),
        row.found_in.as_deref().map(html).unwrap_or_default(),
        html(&row.reported.to_string()),
        status_text(row),
        names(&row.components),
        names(&row.teams),
        lines
    )
}

/// Returns the title, cut at the length that GitHub allows.
pub fn shown_title(row: &DefectRow) -> String {
    truncate_text(row.title.trim(), TITLE)
}

/// Returns the word of a severity.
pub fn severity_word(severity: Option<Severity>) -> &'static str {
    severity.map_or("untriaged", Severity::name)
}

/// Returns the word of a status.
pub fn status_word(status: Option<Status>) -> &'static str {
    status.map_or("unknown", Status::words)
}

fn status_text(row: &DefectRow) -> Safe<Html> {
    let rules: Vec<Safe<Html>> = row.breaks.iter().map(|rule| html(rule)).collect();
    if rules.is_empty() {
        return status_word(row.status).into();
    }
    safe!("{}; fails {}", status_word(row.status), Safe::join(&rules, ", "))
}

fn names(all: &[String]) -> Safe<Html> {
    let all: Vec<Safe<Html>> = all.iter().map(|name| html(name)).collect();
    Safe::join(&all, ", ")
}
