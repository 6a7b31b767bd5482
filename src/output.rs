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
mod html;
mod json;
mod labels;
mod markdown;
mod no_verdict;
mod policy_test;
mod problem_notes;
mod release_notes;
mod simulation;
mod step_outputs;
mod text;

use std::fmt;
use std::str::FromStr;

use crate::report::Report;

pub use annotations::{annotations, warning_annotation};
pub use doctor::{doctor_annotations, doctor_text};
pub use doctor_markdown::doctor_markdown;
pub use doctor_sarif::doctor_sarif;
pub use explain::explanation_text;
pub use html::{PageError, html_page};
pub use json::{to_json, write_json};
pub use markdown::{COMMENT_LIMIT, markdown};
pub use no_verdict::{no_verdict_annotations, no_verdict_line, no_verdict_markdown, no_verdict_status};
pub use policy_test::policy_test_text;
pub use problem_notes::problem_notes;
pub use release_notes::notes_line;
pub use simulation::simulation_text;
pub use step_outputs::{status_description, step_outputs};
pub use text::{TextOptions, report_text};

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Text for a terminal.
    #[default]
    Text,
    /// Markdown for a comment, a job summary or release notes.
    Markdown,
    /// JSON for programs.
    Json,
    /// Workflow commands that GitHub Actions shows next to the code.
    Annotations,
}

impl Format {
    /// All formats, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Text, Self::Markdown, Self::Json, Self::Annotations];

    /// Returns the name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Annotations => "annotations",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// Error: no format has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown format `{0}`; there are text, markdown, json and annotations")]
pub struct UnknownFormat(pub String);

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
pub fn render(format: Format, report: &Report, options: &RenderOptions) -> String {
    match format {
        Format::Text => report_text(report, &options.text).into_string(),
        Format::Markdown => markdown(report, options.markdown_limit).into_string(),
        Format::Json => to_json(report),
        Format::Annotations => annotations(report).into_string(),
    }
}

#[cfg(test)]
mod tests;
