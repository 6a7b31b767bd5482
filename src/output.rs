//! Outputs: one file per format, each renders a [`Report`] as text. Nothing here reads, evaluates or prints.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

pub mod escape;

mod annotations;
mod doctor;
mod doctor_markdown;
mod doctor_sarif;
mod document;
#[cfg(test)]
mod examples;
mod explain;
mod format;
mod formats;
mod html;
mod json;
mod labels;
mod markdown;
mod no_verdict;
mod organization;
mod organization_markdown;
mod policy_test;
mod problem_notes;
mod release_notes;
mod sarif_log;
mod simulation;
mod step_outputs;
mod text;

use crate::report::Report;

pub use annotations::{annotations, warning_annotation};
pub use doctor::{doctor_annotations, doctor_text};
pub use doctor_markdown::doctor_markdown;
pub use doctor_sarif::doctor_sarif;
pub use explain::explanation_text;
pub use format::{Format, UnknownFormat};
pub use formats::{
    badge_svg, code_quality, defect_csv, junit_xml, openmetrics, report_sarif, shields_badge, slack_message,
    teams_message,
};
pub use html::{PageError, html_page, organization_page};
pub use json::{to_json, write_json};
pub use markdown::{COMMENT_LIMIT, markdown};
pub use no_verdict::{no_verdict_annotations, no_verdict_line, no_verdict_markdown, no_verdict_status};
pub use organization::organization_text;
pub use organization_markdown::organization_markdown;
pub use policy_test::policy_test_text;
pub use problem_notes::problem_notes;
pub use release_notes::notes_line;
pub use simulation::simulation_text;
pub use step_outputs::{status_description, step_outputs};
pub use text::{TextOptions, report_text};

/// Properties of the place that the report is printed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenderOptions {
    /// Color and width of the terminal.
    pub text: TextOptions,
    /// Maximum length of a Markdown document in UTF-16 units.
    pub markdown_limit: usize,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { text: TextOptions::default(), markdown_limit: COMMENT_LIMIT }
    }
}

/// Renders the report in one format.
///
/// # Errors
/// If the format needs the data of a page, and the report was built without it.
pub fn render(format: Format, report: &Report, options: &RenderOptions) -> Result<String, PageError> {
    Ok(match format {
        Format::Text => report_text(report, &options.text).into_string(),
        Format::Markdown => markdown(report, options.markdown_limit).into_string(),
        Format::Json => to_json(report),
        Format::Annotations => annotations(report).into_string(),
        Format::Html => html_page(report)?.into_string(),
        Format::Sarif => to_json(&report_sarif(report)),
        Format::Junit => junit_xml(report).into_string(),
        Format::Csv => defect_csv(report)?.into_string(),
        Format::OpenMetrics => openmetrics(report).into_string(),
        Format::Badge => badge_svg(report).into_string(),
        Format::Shields => to_json(&shields_badge(report)),
        Format::Slack => to_json(&slack_message(report)),
        Format::Teams => to_json(&teams_message(report)),
        Format::CodeQuality => to_json(&code_quality(report)),
    })
}

#[cfg(test)]
mod tests;
