//! The command line as typed. Every option has an environment twin, so that the action can pass inputs without a shell.

mod attribute;
mod duration;
mod init;
mod policy;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::app::{
    CacheIn, Check, Collect, Command, CommentOn, CommentTo, Demo, Explain, FailOn, Notes, Part, Simulate,
    Sources,
};
use crate::output::Format;
use attribute::AttributeArgs;

/// A CI/CD quality gate for escaped defects: production bugs, test results and a policy in, one verdict out.
#[derive(Debug, Parser)]
#[command(name = "escape-gate", version, max_term_width = 110, subcommand_required = true, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    command: Verb,
    /// When to colour the text.
    #[arg(long, global = true, value_enum, default_value_t, env = "ESCAPE_GATE_COLOR")]
    color: When,
    /// Log every request, every wait, and every test report.
    #[arg(long, short, global = true, env = "ESCAPE_GATE_VERBOSE")]
    verbose: bool,
}

/// What stands below the options.
const EXIT_CODES: &str = "Exit codes: 0 pass or warn · 1 the tool failed · 2 usage or policy error · \
                          3 verdict unknown · 10 verdict fail";

/// What to do.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Gather, judge, report, and exit by the verdict.
    Check(CheckArgs),
    /// Gather, and write what was gathered as a snapshot.
    Collect(CollectArgs),
    /// Judge a built-in example: no network, no token.
    Demo(DemoArgs),
    /// Say why a rule came out as it did, or why an issue counts or does not.
    Explain(ExplainArgs),
    /// Say what this policy would have said at each of the last releases.
    Simulate(SimulateArgs),
    /// Say where a defect came from: the commit and the release that brought it in, and how sure that is.
    Attribute(AttributeArgs),
    /// Propose a policy, an issue form, a workflow and labels for a repository, and write them if that is wanted.
    Init(init::InitArgs),
    /// Check a policy, run its cases, show what holds, print the format's JSON Schema.
    Policy(policy::PolicyArgs),
}

/// Where evidence comes from.
#[derive(Debug, Args)]
struct SourceArgs {
    /// The policy file.
    #[arg(long, value_name = "FILE", default_value = ".github/escape-gate.yml", env = "ESCAPE_GATE_POLICY")]
    policy: PathBuf,
    /// Glob of test reports, `!` excludes; repeat, or one a line. Replaces the policy's `tests.reports`.
    #[arg(long, value_name = "GLOB", value_delimiter = '\n', env = "ESCAPE_GATE_REPORTS")]
    reports: Vec<String>,
    /// Folder outside of the workspace in which absolute globs may find test reports, beside `RUNNER_TEMP`; repeat, or one a line.
    #[arg(long, value_name = "DIR", value_delimiter = '\n', env = "ESCAPE_GATE_REPORTS_ROOT")]
    reports_root: Vec<String>,
    /// Outcome of the step that ran the tests: `success`, `failure`, `cancelled` or `skipped`. `failure` without a failed test in
    /// the reports, and every word but these two, is a gap. In a workflow: `${{ steps.test.outcome }}`.
    #[arg(long, value_name = "WORD", env = "ESCAPE_GATE_TESTS_OUTCOME")]
    tests_outcome: Option<String>,
    /// Snapshot of the previous release, by `escape-gate collect`, for `min: previous` on `tests.total`.
    #[arg(long, value_name = "FILE", env = "ESCAPE_GATE_TESTS_BEFORE")]
    tests_before: Option<PathBuf>,
    /// The repository on GitHub; in a workflow, the one it runs in.
    #[arg(long, value_name = "OWNER/NAME", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_REPO")]
    repo: Option<String>,
    /// The release to decide: its tag. In a workflow, what the event is about.
    #[arg(long, value_name = "TAG", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_RELEASE")]
    release: Option<String>,
    /// The commit, branch or tag to decide: beside --release, what its tag will be made from while there is none.
    #[arg(long, value_name = "REF", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_CANDIDATE")]
    candidate: Option<String>,
    /// Read this snapshot instead of GitHub, without any network; repeat, or one a line, to merge several.
    #[arg(long, value_name = "FILE", value_delimiter = '\n', env = "ESCAPE_GATE_SNAPSHOT")]
    snapshot: Vec<String>,
    /// Keep tickets and histories in this folder, so that the next run asks only for what changed. In a workflow, the runner's tool
    /// cache or temporary folder if left out.
    #[arg(long, value_name = "DIR", env = "ESCAPE_GATE_CACHE")]
    cache: Option<String>,
    /// Keep nothing, and read everything.
    #[arg(long, env = "ESCAPE_GATE_NO_CACHE")]
    no_cache: bool,
    /// How long reading from GitHub may take, waits included: `90s`, `5m`. What is not read by then is a gap.
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration::duration, env = "ESCAPE_GATE_TIMEOUT")]
    timeout: Duration,
    /// The longest first wait before a failed request is repeated; later waits double. A rate limit that names no end is
    /// waited for sixty times as long.
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::duration,
          env = "ESCAPE_GATE_RETRY_WAIT")]
    retry_wait: Duration,
}

/// Options of `check`.
#[derive(Debug, Args)]
struct CheckArgs {
    #[command(flatten)]
    sources: SourceArgs,
    /// Where the comment goes. `auto`: to the pull request or release that a workflow runs for, else nowhere.
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_COMMENT")]
    comment: Comment,
    /// When the comment is written. `change`: if the verdict, a rule's verdict or an issue that breaks a rule is another
    /// than it says. `fail`: if the verdict is `fail` or `unknown`, and to correct a comment that is there.
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_COMMENT_ON")]
    comment_on: Moment,
    /// What the public notes of a release get: the verdict in one line without any title, the whole text, or nothing new. The
    /// whole text is in the job summary either way.
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_NOTES")]
    notes: NotesText,
    /// Also set the commit status `escape-gate` on the candidate's commit.
    #[arg(long, env = "ESCAPE_GATE_STATUS")]
    status: bool,
    /// Publish the candidate's draft release after `pass` or `warn`, if it is still what was judged.
    #[arg(long, env = "ESCAPE_GATE_PUBLISH")]
    publish: bool,
    /// The mildest verdict that makes the exit code non-zero.
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FAIL_ON")]
    fail_on: Blocking,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT")]
    format: Printed,
    /// Also write the report as JSON to this file; in a workflow, to the runner's temporary folder.
    #[arg(long, value_name = "FILE", env = "ESCAPE_GATE_REPORT_FILE")]
    report_file: Option<PathBuf>,
    /// Keeps the comments and statuses of several gates on one commit apart. If left out, the policy's path in the repository;
    /// for `.github/escape-gate.yml`, `default`.
    #[arg(long, value_name = "NAME", env = "ESCAPE_GATE_ID", value_parser = NonEmptyStringValueParser::new())]
    id: Option<String>,
    /// Report the true verdict and exit 0.
    #[arg(long, env = "ESCAPE_GATE_DRY_RUN")]
    dry_run: bool,
    #[command(flatten)]
    time: TimeArgs,
}

/// The time of evaluation.
#[derive(Debug, Args)]
struct TimeArgs {
    /// Time at which waivers hold or have expired, for example `2026-12-01` or `2026-12-01T12:00:00Z`. Default: the clock. In a
    /// workflow a time in the past is refused
    #[arg(long, value_name = "TIME", value_parser = duration::moment, env = "ESCAPE_GATE_NOW")]
    now: Option<Timestamp>,
}

/// Options of `collect`.
#[derive(Debug, Args)]
struct CollectArgs {
    #[command(flatten)]
    sources: SourceArgs,
    /// The file to write.
    #[arg(long, value_name = "FILE", default_value = "escape-gate-snapshot.json", env = "ESCAPE_GATE_OUT")]
    out: PathBuf,
    /// Gather one kind of evidence: a matrix job gathers its own tests, one job the issues.
    #[arg(long, value_enum, env = "ESCAPE_GATE_ONLY")]
    only: Option<Only>,
}

/// Options of `explain`.
#[derive(Debug, Args)]
struct ExplainArgs {
    /// The id of a rule, or the number of an issue.
    #[arg(value_name = "RULE|#ISSUE", value_parser = NonEmptyStringValueParser::new())]
    what: String,
    /// Release to look at instead of the candidate, for example `v7.5.1`: shows the status of the issue there.
    #[arg(long = "in", value_name = "TAG", value_parser = NonEmptyStringValueParser::new())]
    in_release: Option<String>,
    #[command(flatten)]
    sources: SourceArgs,
    #[command(flatten)]
    time: TimeArgs,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT")]
    format: Told,
}

/// Options of `simulate`.
#[derive(Debug, Args)]
struct SimulateArgs {
    #[command(flatten)]
    sources: SourceArgs,
    /// How many releases, the newest first.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000), env = "ESCAPE_GATE_LAST")]
    last: u32,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT")]
    format: Told,
}

/// Options of `demo`.
#[derive(Debug, Args)]
struct DemoArgs {
    /// Write the example's files into this new folder instead of judging it.
    #[arg(long, value_name = "DIR", env = "ESCAPE_GATE_WRITE")]
    write: Option<PathBuf>,
}

/// When to colour.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum When {
    /// On a terminal that does not ask for plain text (`NO_COLOR`).
    #[default]
    Auto,
    Always,
    Never,
}

/// Where the comment goes.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Comment {
    #[default]
    Auto,
    Pr,
    Release,
    None,
}

/// When the comment is written.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Moment {
    #[default]
    Always,
    Change,
    Fail,
}

/// What the notes of a release get.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum NotesText {
    Full,
    #[default]
    Line,
    None,
}

/// What blocks.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Blocking {
    /// Only `fail`.
    Fail,
    /// `fail` and `unknown`.
    #[default]
    Unknown,
    /// Nothing.
    Never,
}

/// What to print of an explanation or a simulation.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Told {
    #[default]
    Text,
    Json,
}

/// What to print.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Printed {
    #[default]
    Text,
    Markdown,
    Json,
    Annotations,
}

/// One kind of evidence.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Only {
    Issues,
    Tests,
}

impl Cli {
    /// Reads the command line. An environment variable that is empty counts as unset: that is how the action passes an
    /// input that was left out.
    ///
    /// # Errors
    /// If it cannot be read, or asks for help or the version.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut command = without_empty_variables(Self::command());
        let matches = command.try_get_matches_from_mut(arguments)?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }

    /// The command line without the variables that cannot be read, where all that was typed is one command, as the action
    /// does: what it says of comments still holds. None where an argument may be the mistake.
    pub fn without_mistakes(arguments: impl IntoIterator<Item = OsString>) -> Option<Self> {
        let typed: Vec<OsString> = arguments.into_iter().collect();
        if typed.len() != 2 {
            return None;
        }
        let command = without_empty_variables(Self::command());
        let fits = |command: clap::Command| command.try_get_matches_from(&typed).is_ok();
        let given = |arg: &clap::Arg| arg.get_env().is_some_and(|name| std::env::var_os(name).is_some());
        let verb = command.find_subcommand(&typed[1])?;
        let set: Vec<clap::Id> =
            verb.get_arguments().filter(|arg| given(arg)).map(|arg| arg.get_id().clone()).collect();
        let only = |kept: &dyn Fn(&clap::Id) -> bool| {
            let forget = |arg: clap::Arg| if kept(arg.get_id()) { arg } else { arg.env(None::<&str>) };
            command.clone().mut_args(forget).mut_subcommand(verb.get_name(), |verb| verb.mut_args(forget))
        };
        let good: Vec<&clap::Id> = set.iter().filter(|id| fits(only(&|other| other == *id))).collect();
        let mut rest = only(&|id| good.contains(&id));
        Self::from_arg_matches(&rest.try_get_matches_from_mut(&typed).ok()?).ok()
    }

    /// What was typed, for the application. `terminal` says whether standard output is one.
    pub fn resolve(self, terminal: bool, no_color: bool) -> Command {
        let color = match self.color {
            When::Auto => terminal && !no_color,
            When::Always => true,
            When::Never => false,
        };
        match self.command {
            Verb::Check(args) => Command::Check(Check {
                sources: args.sources.resolve(),
                comment: match args.comment {
                    Comment::Auto => CommentTo::Auto,
                    Comment::Pr => CommentTo::PullRequest,
                    Comment::Release => CommentTo::Release,
                    Comment::None => CommentTo::Nowhere,
                },
                comment_on: match args.comment_on {
                    Moment::Always => CommentOn::Always,
                    Moment::Change => CommentOn::Change,
                    Moment::Fail => CommentOn::Fail,
                },
                notes: match args.notes {
                    NotesText::Full => Notes::Full,
                    NotesText::Line => Notes::Line,
                    NotesText::None => Notes::Nothing,
                },
                status: args.status,
                publish: args.publish,
                fail_on: match args.fail_on {
                    Blocking::Fail => FailOn::Fail,
                    Blocking::Unknown => FailOn::Unknown,
                    Blocking::Never => FailOn::Never,
                },
                format: match args.format {
                    Printed::Text => Format::Text,
                    Printed::Markdown => Format::Markdown,
                    Printed::Json => Format::Json,
                    Printed::Annotations => Format::Annotations,
                },
                report_file: args.report_file,
                id: args.id,
                dry_run: args.dry_run,
                now: args.time.now,
                color,
                verbose: self.verbose,
            }),
            Verb::Collect(args) => Command::Collect(Collect {
                sources: args.sources.resolve(),
                out: args.out,
                only: args.only.map(|only| match only {
                    Only::Issues => Part::Issues,
                    Only::Tests => Part::Tests,
                }),
                verbose: self.verbose,
            }),
            Verb::Explain(args) => Command::Explain(Explain {
                what: args.what,
                release: args.in_release,
                now: args.time.now,
                sources: args.sources.resolve(),
                json: matches!(args.format, Told::Json),
                verbose: self.verbose,
            }),
            Verb::Simulate(args) => Command::Simulate(Simulate {
                sources: args.sources.resolve(),
                last: args.last,
                json: matches!(args.format, Told::Json),
                verbose: self.verbose,
            }),
            Verb::Demo(args) => Command::Demo(Demo { write: args.write, color }),
            Verb::Attribute(args) => Command::Attribute(args.resolve(self.verbose)),
            Verb::Init(args) => args.resolve(self.verbose),
            Verb::Policy(args) => args.resolve(color, self.verbose),
        }
    }
}

/// The command with no variable behind an option whose variable is empty, its subcommands likewise.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty =
        |arg: &clap::Arg| arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
    command
        .mut_args(|arg| if is_empty(&arg) { arg.env(None::<&str>) } else { arg })
        .mut_subcommands(without_empty_variables)
}

/// Values that stand one a line, without blanks around them.
fn lines(values: Vec<String>) -> Vec<String> {
    values.iter().map(|v| v.trim()).filter(|v| !v.is_empty()).map(str::to_owned).collect()
}

impl SourceArgs {
    fn resolve(self) -> Sources {
        Sources {
            policy: self.policy,
            reports: lines(self.reports),
            report_roots: lines(self.reports_root).into_iter().map(PathBuf::from).collect(),
            tests_outcome: self
                .tests_outcome
                .map(|word| word.trim().to_owned())
                .filter(|word| !word.is_empty()),
            tests_before: self.tests_before,
            repository: self.repo,
            release: self.release,
            candidate: self.candidate,
            snapshots: lines(self.snapshot).into_iter().map(PathBuf::from).collect(),
            cache: match self.cache {
                _ if self.no_cache => CacheIn::Nowhere,
                None => CacheIn::Runner,
                Some(folder) if folder.is_empty() => CacheIn::Nowhere,
                Some(folder) => CacheIn::Folder(folder.into()),
            },
            timeout: self.timeout,
            retry_wait: self.retry_wait,
        }
    }
}
