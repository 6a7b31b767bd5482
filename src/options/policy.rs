//! Options of `policy check`, `policy show`, `policy schema` and `policy test`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand, ValueEnum};

use super::{AnswerFormat, DEFAULT_POLICY, RequestLimits};

/// A command about policies, with its options.
#[derive(Debug, Clone, Subcommand)]
pub enum PolicyCommand {
    /// Validate policies and warn about likely mistakes
    ///
    /// Exits 2 if a policy is refused.
    #[command(after_help = "Example: escape-gate policy check --strict")]
    Check(PolicyCheckOptions),
    /// Print the effective policy
    ///
    /// Prints inherited values and defaults, each with the place that it comes from.
    #[command(after_help = "Example: escape-gate policy show --format json")]
    Show(PolicyShowOptions),
    /// Print the JSON Schema of the policy format
    #[command(after_help = "Example: escape-gate policy schema > policy.schema.json")]
    Schema,
    /// Run test cases: issues and test results with expected verdicts
    ///
    /// Exits 10 if a verdict is not the expected one.
    #[command(after_help = "Example: escape-gate policy test .github/escape-gate/tests")]
    Test(PolicyTestOptions),
}

/// Options of `policy check`.
#[derive(Debug, Clone, Args)]
pub struct PolicyCheckOptions {
    /// Policy files, instead of the one of --policy
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Policy file
    #[arg(long, value_name = "FILE", default_value = DEFAULT_POLICY, env = "ESCAPE_GATE_POLICY")]
    pub policy: PathBuf,
    /// Treat warnings as errors
    #[arg(long, env = "ESCAPE_GATE_STRICT")]
    pub strict: bool,
    /// Repository on GitHub in which to look for the labels of the policy
    #[arg(long = "repo", value_name = "OWNER/NAME", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_REPO")]
    pub repository: Option<String>,
    /// How long reading from GitHub may take.
    #[command(flatten)]
    pub limits: RequestLimits,
}

/// Options of `policy show`.
#[derive(Debug, Clone, Args)]
pub struct PolicyShowOptions {
    /// Policy file, instead of the one of --policy
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Policy file
    #[arg(long, value_name = "FILE", default_value = DEFAULT_POLICY, env = "ESCAPE_GATE_POLICY")]
    pub policy: PathBuf,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_POLICY_FORMAT")]
    pub format: PolicyFormat,
    /// How long reading from GitHub may take.
    #[command(flatten)]
    pub limits: RequestLimits,
}

/// Options of `policy test`.
#[derive(Debug, Clone, Args)]
pub struct PolicyTestOptions {
    /// Files with test cases, or folders of such files
    ///
    /// In the variable, one a line. The default is the folder `tests` next to the policy's waivers, for example
    /// `.github/escape-gate/tests`.
    #[arg(value_name = "FILE", value_delimiter = '\n', env = "ESCAPE_GATE_CASES")]
    pub files: Vec<PathBuf>,
    /// Policy of the cases that name none
    #[arg(long, value_name = "FILE", default_value = DEFAULT_POLICY, env = "ESCAPE_GATE_POLICY")]
    pub policy: PathBuf,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT")]
    pub format: AnswerFormat,
    /// How long reading from GitHub may take.
    #[command(flatten)]
    pub limits: RequestLimits,
}

/// A format of the effective policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum PolicyFormat {
    /// A policy with the same effect that inherits nothing, with comments
    #[default]
    Yaml,
    /// One JSON document
    Json,
}
