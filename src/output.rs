//! Outputs: one file a format, each draws a [`Report`] as text. Nothing here reads, decides or prints.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

pub mod escape;

mod annotations;
#[cfg(test)]
mod examples;
mod explain;
mod json;
mod labels;
mod markdown;
mod no_verdict;
mod policy_test;
mod problem_notes;
mod release_notes;
mod simulation;
mod status;
mod step_outputs;
mod text;

use std::fmt;
use std::str::FromStr;

use crate::report::Report;

pub use annotations::{annotations, warning_annotation};
pub use explain::explanation_text;
pub use json::{to_json, write_json};
pub use markdown::{COMMENT_LIMIT, markdown};
pub use no_verdict::{no_verdict_annotations, no_verdict_line, no_verdict_markdown, no_verdict_status};
pub use policy_test::policy_test_text;
pub use problem_notes::problem_notes;
pub use release_notes::notes_line;
pub use simulation::simulation_text;
pub use status::status_description;
pub use step_outputs::step_outputs;
pub use text::{TextOptions, report_text};

/// A form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For a person at a terminal.
    #[default]
    Text,
    /// For a comment, a job summary, release notes.
    Markdown,
    /// For a machine.
    Json,
    /// Workflow commands that GitHub Actions shows beside the code.
    Annotations,
}

impl Format {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Text, Self::Markdown, Self::Json, Self::Annotations];

    /// The name used on the command line.
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

/// No format has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown format `{0}`; there are text, markdown, json and annotations")]
pub struct UnknownFormat(pub String);

/// What a format may be told about the place it is printed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenderOptions {
    /// The terminal.
    pub text: TextOptions,
    /// The most characters of a Markdown document.
    pub markdown_limit: usize,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { text: TextOptions::default(), markdown_limit: COMMENT_LIMIT }
    }
}

/// The report in one format.
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
