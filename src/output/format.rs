//! The output formats and their names.

use std::fmt;
use std::str::FromStr;

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
    /// The page with charts and every escaped defect.
    Html,
    /// SARIF 2.1.0 for code scanning.
    Sarif,
    /// JUnit XML: a rule is a test case.
    Junit,
    /// CSV of every escaped defect.
    Csv,
    /// OpenMetrics text.
    OpenMetrics,
    /// Badge as SVG.
    Badge,
    /// Badge as JSON for the endpoint of shields.io.
    Shields,
    /// Message for Slack.
    Slack,
    /// Message for Microsoft Teams.
    Teams,
    /// Code quality report of GitLab.
    CodeQuality,
}

impl Format {
    /// All formats, in the order of the documentation.
    pub const ALL: [Self; 14] = [
        Self::Text,
        Self::Markdown,
        Self::Json,
        Self::Annotations,
        Self::Html,
        Self::Sarif,
        Self::Junit,
        Self::Csv,
        Self::OpenMetrics,
        Self::Badge,
        Self::Shields,
        Self::Slack,
        Self::Teams,
        Self::CodeQuality,
    ];

    /// Returns the name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Annotations => "annotations",
            Self::Html => "html",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Csv => "csv",
            Self::OpenMetrics => "openmetrics",
            Self::Badge => "badge",
            Self::Shields => "shields",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::CodeQuality => "codequality",
        }
    }

    /// Returns `true` if the format shows every escaped defect, which needs the data of the page.
    pub fn needs_page(self) -> bool {
        matches!(self, Self::Html | Self::Csv)
    }

    /// Returns `true` if people read the format in a log. The others are documents for programs.
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Text | Self::Markdown)
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
#[error("unknown format `{0}`: use one of {list}", list = Format::ALL.map(Format::name).join(", "))]
pub struct UnknownFormat(pub String);
