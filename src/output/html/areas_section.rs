//! Escaped defects and escape rates by component and team.

use super::super::escape::{Html, Safe, html, safe};
use super::super::labels;
use crate::report::{AreaCell, AreaRates, PageReport, percent_text};

/// Renders the table; empty if no defect has a component or a team.
pub fn areas(page: &PageReport) -> Safe<Html> {
    let Some(areas) = &page.areas else { return Safe::default() };
    let most =
        areas.rows.iter().flat_map(|row| &row.teams).filter_map(|cell| cell.escaped).max().unwrap_or(0);
    let most_of_all = areas.rows.iter().filter_map(|row| row.all.escaped).max().unwrap_or(0);
    let teams: Safe<Html> =
        areas.teams.iter().map(|name| safe!("<th scope=\"col\">{}</th>", html(name))).collect();
    let rows: Safe<Html> = areas
        .rows
        .iter()
        .map(|row| {
            let teams: Safe<Html> = row.teams.iter().map(|cell| cell_html(cell, most)).collect();
            let all = cell_html(&row.all, most_of_all);
            safe!("<tr><th scope=\"row\">{}</th>{}{}</tr>", html(&row.component), all, teams)
        })
        .collect();
    safe!(
        "<p>Number of escaped defects, and below it the escape rate: escaped ÷ (escaped + caught), of mature releases. \
         Everything that was collected. A rate needs at least {} defects.{}</p><div class=\"scroll\" tabindex=\"0\" \
         role=\"region\" aria-label=\"Table: Components and teams\"><table class=\"heat\"><thead><tr><th scope=\"col\">Component</th>\
         <th scope=\"col\">All teams</th>{}</tr></thead><tbody>{}</tbody></table></div>",
        page.rate_sample,
        hidden(areas),
        teams,
        rows
    )
}

fn hidden(areas: &AreaRates) -> Safe<Html> {
    let parts: Vec<Safe<Html>> = labels::counted_nouns(&[
        (areas.more_components, "more component", "more components"),
        (areas.more_teams, "more team", "more teams"),
    ]);
    if parts.is_empty() { Safe::default() } else { safe!(" Not shown: {}.", Safe::join(&parts, ", ")) }
}

fn cell_html(cell: &AreaCell, most: u64) -> Safe<Html> {
    let Some(escaped) = cell.escaped else { return "<td>not measured</td>".into() };
    let rate = match (&cell.rate, cell.small_sample) {
        (Some(rate), _) => safe!(
            "<small>{} of {}</small>",
            html(&percent_text(rate.numerator, rate.denominator)),
            rate.denominator
        ),
        (None, Some(sample)) => safe!("<small>of {}: too few</small>", sample),
        (None, None) => Safe::default(),
    };
    // The count is a number in the cell; the shade only repeats it.
    let shade = match (escaped * 4).checked_div(most) {
        None | Some(0) if escaped == 0 => "",
        None | Some(0 | 1) => " class=\"h1\"",
        Some(2) => " class=\"h2\"",
        Some(3) => " class=\"h3\"",
        Some(_) => " class=\"h4\"",
    };
    let count = if escaped == 0 && rate.is_empty() { "–".into() } else { safe!("{}", escaped) };
    safe!("<td{}>{}{}</td>", shade, count, rate)
}
