//! Options of `attribute`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, ValueEnum};
use jiff::Timestamp;

use super::{AnswerFormat, Sources};

/// Options of `attribute`.
#[derive(Debug, Clone, Args)]
#[command(group = ArgGroup::new("subject").required(true).args(["target", "evaluate"]))]
pub struct AttributeOptions {
    /// Commit that fixes the defect, or the issue of the defect as `#12`
    #[arg(value_name = "FIX|#ISSUE", value_parser = NonEmptyStringValueParser::new())]
    pub target: Option<String>,
    /// Measure the search instead, by a file of fixes and the commits that their authors named
    #[arg(long, value_name = "FILE", requires = "repositories", env = "ESCAPE_GATE_EVALUATE")]
    pub evaluate: Option<PathBuf>,
    /// Folder with the repositories of --evaluate, as `owner/name`
    #[arg(long = "repos", value_name = "DIR", requires = "evaluate", env = "ESCAPE_GATE_REPOS")]
    pub repositories: Option<PathBuf>,
    /// With --evaluate: file for the candidates of every fix, to fit weights with
    #[arg(long, value_name = "FILE", requires = "evaluate", env = "ESCAPE_GATE_FEATURES")]
    pub features: Option<PathBuf>,
    /// Clone of the repository
    #[arg(long, value_name = "DIR", default_value = ".", env = "ESCAPE_GATE_CLONE")]
    pub clone: PathBuf,
    /// Where to look for the origin
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FROM")]
    pub from: OriginSource,
    /// Fetch the rest of a shallow clone first
    #[arg(long, env = "ESCAPE_GATE_DEEPEN")]
    pub deepen: bool,
    /// The report of the defect, if a fix is given.
    #[command(flatten)]
    pub report: DefectReport,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT")]
    pub format: AnswerFormat,
    /// Where evidence comes from.
    #[command(flatten)]
    pub sources: Sources,
}

/// The report of a defect that is given by its fix.
#[derive(Debug, Clone, Default, Args)]
pub struct DefectReport {
    /// With a fix: time when the defect was reported, for example `2026-01-31T10:00:00Z`
    ///
    /// The default is the time of the fix.
    #[arg(long, value_name = "TIME", env = "ESCAPE_GATE_REPORTED")]
    pub reported: Option<Timestamp>,
    /// With a fix: the defect was found in production
    #[arg(long, env = "ESCAPE_GATE_ESCAPED")]
    pub escaped: bool,
    /// With a fix: release in which the defect was found
    #[arg(long, value_name = "TAG", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_FOUND_IN")]
    pub found_in: Option<String>,
}

/// Where to look for an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum OriginSource {
    /// In the clone if it is full and has the fix, otherwise on the server
    #[default]
    Auto,
    /// In the clone
    Clone,
    /// On the server
    Server,
}
