//! `policy check`, `policy show`, `policy schema`, `policy test` as typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand, ValueEnum};

use super::{Told, duration};
use crate::app::{CacheIn, Command, PolicyCheck, PolicyFormat, PolicyShow, PolicyTest, Sources};

/// Options of `policy`.
#[derive(Debug, Args)]
pub(super) struct PolicyArgs {
    #[command(subcommand)]
    verb: PolicyVerb,
}

/// What to do with a policy.
#[derive(Debug, Subcommand)]
enum PolicyVerb {
    /// Validate policies, and look for what is probably not meant. Exit code 2 if one is refused.
    Check(CheckArgs),
    /// Print what holds: inherited values and defaults, each with the place it comes from.
    Show(ShowArgs),
    /// Print the JSON Schema of the policy format.
    Schema,
    /// Run cases: given tickets and test results, expected verdicts. Exit code 10 if one comes out otherwise.
    Test(TestArgs),
}

/// Options of `policy check`.
#[derive(Debug, Args)]
struct CheckArgs {
    /// The policy files.
    #[arg(value_name = "FILE", default_value = ".github/escape-gate.yml", env = "ESCAPE_GATE_POLICY")]
    files: Vec<PathBuf>,
    /// Take warnings for errors.
    #[arg(long, env = "ESCAPE_GATE_STRICT")]
    strict: bool,
    /// Also look for the policy's labels in this repository on GitHub.
    #[arg(long, value_name = "OWNER/NAME", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_REPO")]
    repo: Option<String>,
    #[command(flatten)]
    reading: ReadingArgs,
}

/// Options of `policy show`.
#[derive(Debug, Args)]
struct ShowArgs {
    /// The policy file.
    #[arg(value_name = "FILE", default_value = ".github/escape-gate.yml", env = "ESCAPE_GATE_POLICY")]
    file: PathBuf,
    /// What to print.
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_POLICY_FORMAT")]
    format: Shown,
    #[command(flatten)]
    reading: ReadingArgs,
}

/// Options of `policy test`.
#[derive(Debug, Args)]
struct TestArgs {
    /// Files of cases, or folders of them; in the variable one a line. If left out, the folder `tests` beside the
    /// policy's waivers: `.github/escape-gate/tests`.
    #[arg(value_name = "FILE", value_delimiter = '\n', env = "ESCAPE_GATE_CASES")]
    files: Vec<PathBuf>,
    /// The policy of the cases that name none.
    #[arg(long, value_name = "FILE", default_value = ".github/escape-gate.yml", env = "ESCAPE_GATE_POLICY")]
    policy: PathBuf,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT")]
    format: Told,
    #[command(flatten)]
    reading: ReadingArgs,
}

/// How patiently GitHub is read, where a policy inherits from there.
#[derive(Debug, Args)]
struct ReadingArgs {
    /// How long reading from GitHub may take, waits included: `90s`, `5m`.
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration::duration, env = "ESCAPE_GATE_TIMEOUT")]
    timeout: Duration,
    /// The longest first wait before a failed request is repeated; later waits double.
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::duration,
          env = "ESCAPE_GATE_RETRY_WAIT")]
    retry_wait: Duration,
}

/// What to print.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Shown {
    /// A policy that stands alone and says the same.
    #[default]
    Yaml,
    Json,
}

impl PolicyArgs {
    /// What was typed, for the application.
    pub fn resolve(self, color: bool, verbose: bool) -> Command {
        match self.verb {
            PolicyVerb::Check(args) => {
                let sources =
                    args.reading.resolve(args.files.first().cloned().unwrap_or_default(), args.repo);
                let (files, strict) = (args.files, args.strict);
                Command::PolicyCheck(PolicyCheck { files, strict, sources, color, verbose })
            }
            PolicyVerb::Show(args) => Command::PolicyShow(PolicyShow {
                sources: args.reading.resolve(args.file, None),
                format: match args.format {
                    Shown::Yaml => PolicyFormat::Yaml,
                    Shown::Json => PolicyFormat::Json,
                },
                verbose,
            }),
            PolicyVerb::Schema => Command::PolicySchema,
            PolicyVerb::Test(args) => Command::PolicyTest(PolicyTest {
                files: args.files.into_iter().filter(|path| !path.as_os_str().is_empty()).collect(),
                sources: args.reading.resolve(args.policy, None),
                json: matches!(args.format, Told::Json),
                verbose,
            }),
        }
    }
}

impl ReadingArgs {
    fn resolve(self, policy: PathBuf, repository: Option<String>) -> Sources {
        let Self { timeout, retry_wait } = self;
        Sources {
            policy,
            reports: Vec::new(),
            report_roots: Vec::new(),
            tests_outcome: None,
            tests_before: None,
            repository,
            release: None,
            candidate: None,
            snapshots: Vec::new(),
            cache: CacheIn::Nowhere,
            timeout,
            retry_wait,
        }
    }
}
