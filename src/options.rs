//! The options of every command, as clap reads them. The application takes them as they are.
//!
//! Every option has an environment variable, so that the action can pass its inputs without a shell. An input has one value a
//! line, which is why lists split at line ends.

mod attribute;
mod check;
mod doctor;
mod duration;
mod export;
mod init;
mod organization;
mod output_file;
mod policy;
mod subfolder;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;

pub use attribute::{AttributeOptions, DefectReport, OriginSource};
pub use check::{CheckOptions, CommentPlace, CommentTrigger, FailOn, ReleaseNotesText};
pub use doctor::{DoctorFormat, DoctorLevel, DoctorOptions};
pub use export::ExportOptions;
pub use init::{InitChoices, InitOptions, LabelsAndTags, PRESETS, WorkflowKind};
pub use organization::{OrganizationFormat, OrganizationOptions};
pub use output_file::{OutputFile, OutputOptions};
pub use policy::{PolicyCheckOptions, PolicyCommand, PolicyFormat, PolicyShowOptions, PolicyTestOptions};

/// The path of the policy if no other is given.
pub const DEFAULT_POLICY: &str = ".github/escape-gate.yml";

/// The text below the options of `doctor`.
const DOCTOR_HELP: &str = "Example: escape-gate doctor --repo acme/shop\n\n\
                           Exit codes: 0 nothing found · 10 found · 2 usage, or no gate · 1 the tool failed\n\
                           3 nothing found, and something could not be read";

/// A command with its options.
#[derive(Debug, Clone, Subcommand)]
pub enum CliCommand {
    /// Check a release against the policy
    #[command(
        after_help = "Examples:\n  escape-gate check --repo acme/shop --release v1.4.0\n  escape-gate check --snapshot snapshot.json --format markdown"
    )]
    Check(CheckOptions),
    /// Collect the evidence and write it to a snapshot file
    #[command(after_help = "Example: escape-gate collect --repo acme/shop --out snapshot.json")]
    Collect(CollectOptions),
    /// Check a built-in example, without network and token
    #[command(after_help = "Example: escape-gate demo --write shop")]
    Demo(DemoOptions),
    /// Explain a verdict, an issue, a policy error or a metric
    #[command(
        after_help = "Examples:\n  escape-gate explain '#101' --in v7.5.1\n  escape-gate explain P012\n  escape-gate explain escape-rate"
    )]
    Explain(ExplainOptions),
    /// Write a page with the verdict, charts and every escaped defect
    ///
    /// One HTML file that needs no network, and files in other formats. The exit code says nothing of the verdict.
    #[command(
        after_help = "Example: escape-gate report --policy policy.yml --snapshot snapshot.json --html report.html"
    )]
    Report(ReportOptions),
    /// Write one run as tables for analytics
    ///
    /// Newline-delimited JSON in gzip, which DuckDB, Spark and others read. The exit code says nothing of the verdict.
    #[command(after_help = "Example: escape-gate export --snapshot snapshot.json --output exports")]
    Export(ExportOptions),
    /// Compare teams and repositories by their exports
    ///
    /// Exit code 3 if a file could not be read; the report then says which one.
    #[command(
        name = "org",
        after_help = "Example: escape-gate org --policy policy.yml exports --format markdown"
    )]
    Organization(OrganizationOptions),
    /// Evaluate the last releases by today's policy
    #[command(after_help = "Example: escape-gate simulate --repo acme/shop --last 20")]
    Simulate(SimulateOptions),
    /// Find the commit and the release that introduced a defect
    #[command(after_help = "Example: escape-gate attribute '#101' --repo acme/shop")]
    Attribute(AttributeOptions),
    /// Propose a policy, an issue form, a workflow and labels
    ///
    /// Shows every file before it writes anything, and asks first.
    #[command(after_help = "Example: escape-gate init --repo acme/shop --dry-run")]
    Init(InitOptions),
    /// Find ways around the gate in the workflows and branch rules
    #[command(after_help = DOCTOR_HELP)]
    Doctor(DoctorOptions),
    /// Validate, test and print policies
    #[command(subcommand, after_help = "Example: escape-gate policy check --strict")]
    Policy(PolicyCommand),
    /// Print the completion script of a shell
    #[command(after_help = "Example: escape-gate completions bash > escape-gate.bash")]
    Completions(CompletionsOptions),
}

/// Where evidence comes from.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Evidence")]
pub struct Sources {
    /// Policy file
    #[arg(long, value_name = "FILE", default_value = DEFAULT_POLICY, env = "ESCAPE_GATE_POLICY")]
    pub policy: PathBuf,
    /// Globs of test reports; `!` excludes
    ///
    /// Repeat the option, or write one glob a line. Replaces `tests.reports` of the policy.
    #[arg(long, value_name = "GLOB", value_delimiter = '\n', env = "ESCAPE_GATE_REPORTS")]
    pub reports: Vec<String>,
    /// Folders outside of the workspace where absolute globs may find test reports
    ///
    /// In addition to `RUNNER_TEMP`. Repeat the option, or write one folder a line.
    #[arg(
        long = "reports-root",
        value_name = "DIR",
        value_delimiter = '\n',
        env = "ESCAPE_GATE_REPORTS_ROOT"
    )]
    pub report_roots: Vec<String>,
    /// Outcome of the step that ran the tests: `success`, `failure`, `cancelled` or `skipped`
    ///
    /// In a workflow: `${{ steps.test.outcome }}`. Any outcome except `success` is a gap, unless it is `failure` and a test in
    /// the reports failed.
    #[arg(long, value_name = "WORD", env = "ESCAPE_GATE_TESTS_OUTCOME")]
    pub tests_outcome: Option<String>,
    /// Snapshot of the previous release, for rules with `min: previous` on `tests.total`
    #[arg(long, value_name = "FILE", env = "ESCAPE_GATE_TESTS_BEFORE")]
    pub tests_before: Option<PathBuf>,
    /// Repository on GitHub; in a workflow, the one that it runs in
    #[arg(long = "repo", value_name = "OWNER/NAME", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_REPO",
          help_heading = "GitHub")]
    pub repository: Option<String>,
    /// Tag of the release to check; in a workflow, the one of the event
    #[arg(long, value_name = "TAG", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_RELEASE")]
    pub release: Option<String>,
    /// Commit, branch or tag to check
    ///
    /// With --release: the commit that the tag will point to, if the tag does not exist yet.
    #[arg(long, value_name = "REF", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_CANDIDATE")]
    pub candidate: Option<String>,
    /// Snapshot files to read instead of GitHub, without any network
    ///
    /// Repeat the option, or write one file a line, to merge several.
    #[arg(long = "snapshot", value_name = "FILE", value_delimiter = '\n', env = "ESCAPE_GATE_SNAPSHOT")]
    pub snapshots: Vec<String>,
    /// Folder that keeps issues and histories, so that the next run reads only changes
    ///
    /// In a workflow on a runner of GitHub, the default is the tool cache or the temporary folder of the runner. Elsewhere, nothing
    /// is kept.
    #[arg(long, value_name = "DIR", env = "ESCAPE_GATE_CACHE", help_heading = "GitHub")]
    pub cache: Option<String>,
    /// Keep nothing, and read everything again
    #[arg(long, env = "ESCAPE_GATE_NO_CACHE", help_heading = "GitHub")]
    pub no_cache: bool,
    /// How long reading from GitHub may take.
    #[command(flatten)]
    pub limits: RequestLimits,
}

/// How long reading from GitHub may take.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "GitHub")]
pub struct RequestLimits {
    /// Time limit for reading from GitHub, including waits: `90s`, `5m`
    ///
    /// Evidence that is not read by then is a gap.
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration::parse_duration, env = "ESCAPE_GATE_TIMEOUT")]
    pub timeout: Duration,
    /// Longest first wait before a failed request is repeated; later waits double
    ///
    /// If a rate limit does not say when it ends, the wait is 60 times as long.
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::parse_duration, env = "ESCAPE_GATE_RETRY_WAIT")]
    pub retry_wait: Duration,
}

/// The time of evaluation.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Verdict")]
pub struct EvaluationTime {
    /// Time at which waivers apply or have expired, for example `2026-12-01` or `2026-12-01T12:00:00Z`
    ///
    /// The default is the clock. In a workflow, a time in the past is refused.
    #[arg(long, value_name = "TIME", value_parser = duration::parse_evaluation_time, env = "ESCAPE_GATE_NOW")]
    pub now: Option<Timestamp>,
}

/// Options of `collect`.
#[derive(Debug, Clone, Args)]
pub struct CollectOptions {
    /// Where evidence comes from.
    #[command(flatten)]
    pub sources: Sources,
    /// File to write
    #[arg(long, value_name = "FILE", default_value = "escape-gate-snapshot.json", env = "ESCAPE_GATE_OUT")]
    pub out: PathBuf,
    /// Collect one kind of evidence only
    ///
    /// For example, each matrix job collects its own tests, and one job the issues.
    #[arg(long, value_enum, env = "ESCAPE_GATE_ONLY")]
    pub only: Option<EvidenceKind>,
}

/// Options of `explain`.
#[derive(Debug, Clone, Args)]
pub struct ExplainOptions {
    /// Rule, issue, code of a policy error, metric, finding of `doctor`, or `verdicts`
    ///
    /// Codes, metrics, findings and `verdicts` need no policy and no repository. If the policy has a rule with the name of a metric,
    /// the rule is explained.
    #[arg(value_name = "RULE|#ISSUE|CODE|METRIC|FINDING", value_parser = NonEmptyStringValueParser::new())]
    pub subject: String,
    /// Release in which to show the status of the issue, instead of the candidate
    #[arg(long = "in", value_name = "TAG", value_parser = NonEmptyStringValueParser::new())]
    pub in_release: Option<String>,
    /// Where evidence comes from.
    #[command(flatten)]
    pub sources: Sources,
    /// The time of evaluation.
    #[command(flatten)]
    pub time: EvaluationTime,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT")]
    pub format: AnswerFormat,
}

/// Options of `report`.
#[derive(Debug, Clone, Args)]
pub struct ReportOptions {
    /// Where evidence comes from.
    #[command(flatten)]
    pub sources: Sources,
    /// The time of evaluation.
    #[command(flatten)]
    pub time: EvaluationTime,
    /// Files to write, at least one.
    #[command(flatten)]
    pub files: OutputOptions,
}

/// Options of `simulate`.
#[derive(Debug, Clone, Args)]
pub struct SimulateOptions {
    /// Where evidence comes from.
    #[command(flatten)]
    pub sources: Sources,
    /// Number of releases, the newest first
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000), env = "ESCAPE_GATE_LAST")]
    pub last: u32,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT")]
    pub format: AnswerFormat,
}

/// Options of `demo`.
#[derive(Debug, Clone, Args)]
pub struct DemoOptions {
    /// New folder to write the files of the example into, instead of checking it
    #[arg(long, value_name = "DIR", env = "ESCAPE_GATE_WRITE")]
    pub write: Option<PathBuf>,
}

/// Options of `completions`.
#[derive(Debug, Clone, Args)]
pub struct CompletionsOptions {
    /// Shell
    #[arg(value_enum)]
    pub shell: Shell,
    /// The script, which the definition of the command line adds.
    #[arg(skip)]
    pub script: String,
}

/// The format of an answer that has no other formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum AnswerFormat {
    /// Text for people
    #[default]
    Text,
    /// One JSON document
    Json,
}

/// One kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EvidenceKind {
    /// Issues, releases and commits
    Issues,
    /// Test reports
    Tests,
}

impl CliCommand {
    /// Returns how long reading from GitHub may take; zero for a command that never reads from there.
    pub fn limits(&self) -> RequestLimits {
        match self {
            Self::Check(options) => options.sources.limits,
            Self::Collect(options) => options.sources.limits,
            Self::Explain(options) => options.sources.limits,
            Self::Report(options) => options.sources.limits,
            Self::Export(options) => options.sources.limits,
            Self::Simulate(options) => options.sources.limits,
            Self::Attribute(options) => options.sources.limits,
            Self::Init(options) => options.limits,
            Self::Doctor(options) => options.limits,
            Self::Policy(PolicyCommand::Check(options)) => options.limits,
            Self::Policy(PolicyCommand::Show(options)) => options.limits,
            Self::Policy(PolicyCommand::Test(options)) => options.limits,
            Self::Policy(PolicyCommand::Schema)
            | Self::Demo(_)
            | Self::Organization(_)
            | Self::Completions(_) => RequestLimits::default(),
        }
    }

    /// Trims the values of lists, and drops their blank lines.
    pub fn drop_blank_lines(&mut self) {
        match self {
            Self::Check(CheckOptions { files, .. }) | Self::Report(ReportOptions { files, .. }) => {
                drop_blanks(&mut files.outputs);
            }
            Self::Collect(_)
            | Self::Demo(_)
            | Self::Explain(_)
            | Self::Export(_)
            | Self::Organization(_)
            | Self::Simulate(_)
            | Self::Attribute(_)
            | Self::Init(_)
            | Self::Doctor(_)
            | Self::Policy(_)
            | Self::Completions(_) => {}
        }
        let sources = match self {
            Self::Check(options) => &mut options.sources,
            Self::Collect(options) => &mut options.sources,
            Self::Explain(options) => &mut options.sources,
            Self::Report(options) => &mut options.sources,
            Self::Export(options) => &mut options.sources,
            Self::Simulate(options) => &mut options.sources,
            Self::Attribute(options) => &mut options.sources,
            Self::Init(options) => return options.choices.drop_blank_lines(),
            Self::Doctor(options) => {
                return [&mut options.gates, &mut options.publishes, &mut options.branches]
                    .into_iter()
                    .for_each(drop_blanks);
            }
            Self::Policy(PolicyCommand::Test(options)) => {
                return options.files.retain(|path| !path.as_os_str().is_empty());
            }
            Self::Demo(_) | Self::Policy(_) | Self::Organization(_) | Self::Completions(_) => return,
        };
        [&mut sources.reports, &mut sources.report_roots, &mut sources.snapshots]
            .into_iter()
            .for_each(drop_blanks);
        sources.tests_outcome =
            sources.tests_outcome.take().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
    }
}

/// Trims values, and drops the blank ones.
fn drop_blanks(values: &mut Vec<String>) {
    *values = values.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect();
}
