//! The page: one HTML file with the verdict, charts and every defect. It needs no network and can be read without its script.
//!
//! A section is a function from the report to HTML. Charts are drawn here as SVG, each with a table of its values.

mod areas_section;
mod curve_chart;
mod data;
mod defect_section;
mod exception_section;
mod horizontal_bars;
mod improve_section;
mod method_section;
mod organization_page;
mod rate_chart;
mod rule_section;
mod svg;
mod table;
mod trend_section;
mod verdict_header;
mod vertical_bars;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::escape::{Html, Safe, html, html_template, safe, script_text};
use crate::report::Report;
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
    let sections = [
        ("rules", "Rules", rule_section::rules(report)),
        ("trends", "Trends", trend_section::trends(page)),
        ("improve", "Where to improve", improve_section::improvements(report, page)),
        ("areas", "Components and teams", areas_section::areas(page)),
        ("defects", "Escaped defects", defect_section::defects(page)),
        ("excluded", "Excluded, waived, overridden", exception_section::exceptions(report, page)),
        ("method", "How the numbers are made", method_section::method(report, page)),
    ];
    let sections: Vec<_> = sections.into_iter().filter(|(_, _, body)| !body.is_empty()).collect();
    let values = [
        ("title", title(report)),
        ("style_hash", source_hash(STYLE)),
        ("script_hash", source_hash(SCRIPT)),
        ("style", asset(STYLE)),
        ("script", asset(SCRIPT)),
        ("header", verdict_header::header(report, page)),
        ("patterns", svg::patterns()),
        ("footer", footer(report)),
        ("data", data::script_data(page)?),
    ];
    Ok(html_template(FRAME, &values, &sections)?)
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

fn footer(report: &Report) -> Safe<Html> {
    safe!(
        "Escape Gate {}. Evidence of {}. Policy {}.",
        html(report.version),
        report.evaluated_at.strftime("%Y-%m-%d %H:%M UTC"),
        html(&report.policy)
    )
}
