//! Options of `org`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{DEFAULT_POLICY, EvaluationTime};

/// Options of `org`.
#[derive(Debug, Clone, Args)]
pub struct OrganizationOptions {
    /// Folder with exports, or with snapshots (`*.json`)
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// Policy by which snapshots are read, and which says how small a sample may be
    ///
    /// Exports keep what the policy of each repository decided.
    #[arg(long, value_name = "FILE", default_value = DEFAULT_POLICY, env = "ESCAPE_GATE_POLICY")]
    pub policy: PathBuf,
    /// Number of calendar quarters, including the running one
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=40), env = "ESCAPE_GATE_QUARTERS")]
    pub quarters: u32,
    /// The time of evaluation.
    #[command(flatten)]
    pub time: EvaluationTime,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT", help_heading = "Output")]
    pub format: OrganizationFormat,
}

/// Format of `org`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum OrganizationFormat {
    /// Text for a terminal
    #[default]
    Text,
    /// Markdown for a job summary
    Markdown,
    /// JSON with every group
    Json,
    /// One HTML file that needs no network
    Html,
}
