//! The page: one HTML file with the verdict, charts and every defect. It needs no network and can be read without its script.
//!
//! Text sections come from the tree of the report; what only the page has is a function from the report to HTML. Charts are drawn here as SVG, each with a table of its values.

mod areas_section;
mod curve_chart;
mod data;
mod defect_section;
mod horizontal_bars;
mod improve_section;
mod layout;
mod method_section;
mod organization_page;
mod rate_chart;
mod svg;
mod table;
mod trend_section;
mod vertical_bars;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::document::Document;
use super::escape::{Html, Safe, html, html_template, safe, script_text};
use crate::report::Report;
use layout::{Part, sections};
pub use organization_page::organization_page;

/// Error: the page could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The report has no data for a page.
    #[error("the report was built without the data of a page")]
    NoData,
    /// The frame has a mistake.
    #[error("failed to fill the frame of the page")]
    Frame(#[from] minijinja::Error),
    /// The data of the script is no JSON.
    #[error("failed to write the data of the page")]
    Data(#[from] serde_json::Error),
}

/// Frame around the sections.
const FRAME: &str = include_str!("html/page.html");

/// Style sheet.
const STYLE: &str = include_str!("html/page.css");

/// Script: search, sort and filters.
const SCRIPT: &str = include_str!("html/page.js");

/// Renders the page. The same report gives the same bytes.
///
/// # Errors
/// If the report has no data for a page.
pub fn html_page(report: &Report) -> Result<Safe<Html>, PageError> {
    let page = report.page.as_deref().ok_or(PageError::NoData)?;
    let document = Document::of(report);
    let of_rules = safe!("{}{}", layout::rule_table(&document), sections(&document, Part::Rules));
    let of_method = safe!("{}{}", method_section::method(page), sections(&document, Part::Method));
    let page_sections = [
        ("rules", "Rules", of_rules),
        ("tests", "Tests", sections(&document, Part::Tests)),
        ("trends", "Trends", trend_section::trends(page)),
        ("improve", "Where to improve", improve_section::improvements(report, page)),
        ("areas", "Components and teams", areas_section::areas(page)),
        ("defects", "Escaped defects", defect_section::defects(page)),
        ("excluded", "Excluded, waived, overridden", exceptions(report, &document)),
        ("method", "How the numbers are made", of_method),
    ];
    let page_sections: Vec<_> = page_sections.into_iter().filter(|(_, _, body)| !body.is_empty()).collect();
    let values = [
        ("title", title(report)),
        ("style_hash", source_hash(STYLE)),
        ("script_hash", source_hash(SCRIPT)),
        ("style", asset(STYLE)),
        ("script", asset(SCRIPT)),
        ("header", layout::header(report, page, &document)),
        ("patterns", svg::patterns()),
        ("footer", Safe::join(&document.footer, " · ")),
        ("data", data::script_data(page)?),
    ];
    Ok(html_template(FRAME, &values, &page_sections)?)
}

/// Returns a file of the program without indentation. A checkout may have its lines end in CR LF, and a browser drops the CR
/// before it computes the hash.
fn asset(text: &'static str) -> Safe<Html> {
    Safe::<Html>::from(text).replaced("\r", "").replaced("  ", "")
}

/// Returns the source expression of the content security policy that allows one inline text.
fn source_hash(text: &'static str) -> Safe<Html> {
    let digest = Sha256::digest(asset(text).as_bytes());
    Safe::of(&format!("sha256-{}", STANDARD.encode(digest)))
}

/// Returns the title of the browser's tab.
fn title(report: &Report) -> Safe<Html> {
    let candidate = report.candidate.as_ref().map_or("", |candidate| candidate.name.as_str());
    let name = [candidate, report.repository.as_deref().unwrap_or("")];
    let name: Vec<Safe<Html>> =
        name.into_iter().filter(|part| !script_text(part).is_empty()).map(html).collect();
    let verdict = report.verdict.name();
    match name.is_empty() {
        true => safe!("{} · Escape Gate", verdict),
        false => safe!("{}: {} · Escape Gate", verdict, Safe::join(&name, ", ")),
    }
}

/// Renders excluded issues, waivers and overrides, and says so if there are none.
fn exceptions(report: &Report, document: &Document<Html>) -> Safe<Html> {
    let none = |is_empty: bool, text: &'static str| if is_empty { text.into() } else { Safe::default() };
    safe!(
        "{}{}{}",
        sections(document, Part::Excluded),
        none(report.exceptions.is_empty(), "<p>No waiver and no override.</p>"),
        none(report.excluded.is_empty(), "<p>No issue is excluded.</p>")
    )
}
