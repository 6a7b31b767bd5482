//! Options of `doctor`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::RequestLimits;

/// Options of `doctor`.
#[derive(Debug, Clone, Args)]
#[command(mut_arg("timeout", |timeout| timeout.default_value("1m")))]
pub struct DoctorOptions {
    /// Folder of the repository
    #[arg(long, value_name = "DIR", default_value = ".", env = "ESCAPE_GATE_PATH")]
    pub path: PathBuf,
    /// Further gate: a workflow file, a job, and perhaps a step by id, name or number
    ///
    /// For example `release.yml:test`. Steps that run Escape Gate are found without it. Repeat the option, or write one a line.
    #[arg(long = "gate", value_name = "FILE:JOB[/STEP]", value_delimiter = '\n', env = "ESCAPE_GATE_GATES")]
    pub gates: Vec<String>,
    /// Job that publishes although none of its commands is known to
    ///
    /// Repeat the option, or write one a line.
    #[arg(long, value_name = "FILE:JOB", value_delimiter = '\n', env = "ESCAPE_GATE_PUBLISHES")]
    pub publishes: Vec<String>,
    /// Lowest level to show
    #[arg(long = "min", value_name = "LEVEL", value_enum, default_value_t = DoctorLevel::Note, env = "ESCAPE_GATE_MIN", help_heading = "Output")]
    pub least: DoctorLevel,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT", help_heading = "Output")]
    pub format: DoctorFormat,
    /// Lowest level that ends with exit code 10
    #[arg(long = "fail-on", value_name = "LEVEL", value_enum, default_value_t = DoctorLevel::Error, env = "ESCAPE_GATE_DOCTOR_FAIL_ON", help_heading = "Exit code")]
    pub fail_on: DoctorLevel,
    /// Repository whose branches, environments and workflows are read from GitHub
    ///
    /// With a token, the default is the repository of the workflow or of the clone. Without a token and this option, nothing is read.
    #[arg(long = "repo", value_name = "OWNER/NAME", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_REPO", help_heading = "GitHub")]
    pub repository: Option<String>,
    /// Branch whose rules are read; the default branch by default. Repeat the option, or write one a line
    #[arg(
        long = "branch",
        value_name = "BRANCH",
        value_delimiter = '\n',
        env = "ESCAPE_GATE_BRANCHES",
        help_heading = "GitHub"
    )]
    pub branches: Vec<String>,
    /// JSON file with the answers of GitHub, to read instead of the network: `{ "GET /path": body }`
    #[arg(long, value_name = "FILE", env = "ESCAPE_GATE_ANSWERS", help_heading = "GitHub")]
    pub answers: Option<PathBuf>,
    /// How long reading from GitHub may take.
    #[command(flatten)]
    pub limits: RequestLimits,
}

/// A level of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DoctorLevel {
    /// A release or a merge can pass without the gate
    Error,
    /// The gate can be weakened or get stuck
    Warning,
    /// Everything
    Note,
}

/// The format of the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum DoctorFormat {
    /// Text for a terminal
    #[default]
    Text,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Markdown, for a comment or a job summary
    Markdown,
}
