//! Options of `check`.

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValue};
use clap::{Args, ValueEnum};

use super::{EvaluationTime, OutputOptions, Sources};
use crate::output::Format;

/// Options of `check`.
#[derive(Debug, Clone, Args)]
pub struct CheckOptions {
    /// Where evidence comes from.
    #[command(flatten)]
    pub sources: Sources,
    /// The time of evaluation.
    #[command(flatten)]
    pub time: EvaluationTime,
    /// Where to comment
    #[arg(
        long,
        value_name = "PLACE",
        value_enum,
        default_value_t,
        env = "ESCAPE_GATE_COMMENT",
        help_heading = "Comment"
    )]
    pub comment: CommentPlace,
    /// When to comment
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        env = "ESCAPE_GATE_COMMENT_ON",
        help_heading = "Comment"
    )]
    pub comment_on: CommentTrigger,
    /// Text for the public notes of a release; the job summary has the full text in any case
    #[arg(
        long,
        value_name = "TEXT",
        value_enum,
        default_value_t,
        env = "ESCAPE_GATE_NOTES",
        help_heading = "Comment"
    )]
    pub notes: ReleaseNotesText,
    /// Also set the commit status `escape-gate` on the candidate's commit
    #[arg(long, env = "ESCAPE_GATE_STATUS", help_heading = "Comment")]
    pub status: bool,
    /// Publish the draft release of the candidate after `pass` or `warn`
    ///
    /// Only if the draft still points to the commit that was checked.
    #[arg(long, env = "ESCAPE_GATE_PUBLISH", help_heading = "Comment")]
    pub publish: bool,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT", help_heading = "Output")]
    pub format: Format,
    /// File to which the report is written as JSON; in a workflow, the default is a file in `RUNNER_TEMP`
    #[arg(long, value_name = "FILE", env = "ESCAPE_GATE_REPORT_FILE", help_heading = "Output")]
    pub report_file: Option<PathBuf>,
    /// Further files to write.
    #[command(flatten)]
    pub files: OutputOptions,
    /// Name that separates the comments and statuses of several gates on one commit
    ///
    /// The default is the path of the policy in the repository; for `.github/escape-gate.yml`, it is `default`.
    #[arg(long, value_name = "NAME", env = "ESCAPE_GATE_ID", value_parser = NonEmptyStringValueParser::new(),
          help_heading = "Comment")]
    pub id: Option<String>,
    /// Mildest verdict that makes the exit code non-zero
    #[arg(
        long,
        value_name = "VERDICT",
        value_enum,
        default_value_t,
        env = "ESCAPE_GATE_FAIL_ON",
        help_heading = "Verdict"
    )]
    pub fail_on: FailOn,
    /// Report the true verdict, and exit 0
    #[arg(long, env = "ESCAPE_GATE_DRY_RUN", help_heading = "Verdict")]
    pub dry_run: bool,
}

impl CheckOptions {
    /// The name of the gate. The run has set it by the policy's path if no name was given.
    pub fn gate_id(&self) -> &str {
        self.id.as_deref().unwrap_or("default")
    }
}

/// Where the gate comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum CommentPlace {
    /// On the pull request or release that the workflow runs for, otherwise nowhere
    #[default]
    Auto,
    /// On the pull request
    #[value(name = "pr")]
    PullRequest,
    /// In the notes of the release
    Release,
    /// Nowhere
    None,
}

/// When the gate comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum CommentTrigger {
    /// At every run
    #[default]
    Always,
    /// If the verdict, the verdict of a rule, or an issue that fails a rule differs from the last comment
    Change,
    /// If the verdict is `fail` or `unknown`, and to correct an existing comment
    Fail,
}

/// The text for the notes of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ReleaseNotesText {
    /// The full text, with the titles of defects
    Full,
    /// The verdict in one line, without any title
    #[default]
    Line,
    /// No new text; an existing text of the gate becomes the line
    None,
}

/// The verdicts that make the exit code non-zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FailOn {
    /// `fail`
    Fail,
    /// `fail` and `unknown`
    #[default]
    Unknown,
    /// None
    Never,
}

// By hand: `output` does not name clap.
impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}
