//! `init` as typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::{duration, lines};
use crate::app::{CacheIn, Choices, Command, Init, Names, Sources, Workflow};

/// Options of `init`.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The repository whose labels and releases are looked at; if left out, the one that the clone came from.
    #[arg(long, value_name = "OWNER/NAME", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_REPO")]
    repo: Option<String>,
    /// Look at no repository, and propose the usual names.
    #[arg(long, env = "ESCAPE_GATE_OFFLINE")]
    offline: bool,
    /// Ask nothing, and write. Files that are there are not replaced.
    #[arg(long, short, env = "ESCAPE_GATE_YES", conflicts_with = "dry_run")]
    yes: bool,
    /// Ask nothing, write nothing, and show what would be written.
    #[arg(long, env = "ESCAPE_GATE_DRY_RUN")]
    dry_run: bool,
    /// Replace files that are there.
    #[arg(long, env = "ESCAPE_GATE_FORCE")]
    force: bool,
    /// The policy file.
    #[arg(long, value_name = "FILE", default_value = ".github/escape-gate.yml", env = "ESCAPE_GATE_POLICY")]
    policy: PathBuf,
    /// The rules to begin with.
    #[arg(long, value_enum, env = "ESCAPE_GATE_PRESET")]
    preset: Option<Preset>,
    /// Label of bugs that were found in production; repeat, or one a line.
    #[arg(long, value_name = "LABEL", value_delimiter = '\n', env = "ESCAPE_GATE_ESCAPED")]
    escaped: Vec<String>,
    /// Label of bugs that were found before.
    #[arg(long, value_name = "LABEL", value_delimiter = '\n', env = "ESCAPE_GATE_CAUGHT")]
    caught: Vec<String>,
    /// Label of critical bugs.
    #[arg(long, value_name = "LABEL", value_delimiter = '\n', env = "ESCAPE_GATE_CRITICAL")]
    critical: Vec<String>,
    /// Label of major bugs.
    #[arg(long, value_name = "LABEL", value_delimiter = '\n', env = "ESCAPE_GATE_MAJOR")]
    major: Vec<String>,
    /// Label of minor bugs.
    #[arg(long, value_name = "LABEL", value_delimiter = '\n', env = "ESCAPE_GATE_MINOR")]
    minor: Vec<String>,
    /// Labels that name a component, with `*` for the name: `area/*`.
    #[arg(long, value_name = "PATTERN", env = "ESCAPE_GATE_COMPONENT")]
    component: Option<String>,
    /// Labels that name a team, with `*` for the name: `team/*`.
    #[arg(long, value_name = "PATTERN", env = "ESCAPE_GATE_TEAM")]
    team: Option<String>,
    /// Tags that are releases: `v*`. `*` stands for every published release.
    #[arg(long, value_name = "PATTERN", env = "ESCAPE_GATE_TAGS")]
    tags: Option<String>,
    /// Glob of test reports; repeat, or one a line.
    #[arg(long, value_name = "GLOB", value_delimiter = '\n', env = "ESCAPE_GATE_REPORTS")]
    reports: Vec<String>,
    /// When the gate runs: for each pull request, or for a draft release, which it publishes.
    #[arg(long, value_enum, env = "ESCAPE_GATE_WORKFLOW")]
    workflow: Option<When>,
    /// Write no issue form.
    #[arg(long, env = "ESCAPE_GATE_NO_FORM")]
    no_form: bool,
    /// The repository that the workflow builds Escape Gate from.
    #[arg(long, value_name = "OWNER/NAME", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_GATE")]
    gate: Option<String>,
    /// How long reading from GitHub may take, waits included: `90s`, `5m`.
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration::duration, env = "ESCAPE_GATE_TIMEOUT")]
    timeout: Duration,
    /// The longest first wait before a failed request is repeated; later waits double.
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::duration,
          env = "ESCAPE_GATE_RETRY_WAIT")]
    retry_wait: Duration,
}

/// The rules to begin with.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Preset {
    Starter,
    ZeroCritical,
    Mature,
    HighPerforming,
}

/// When the gate runs.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum When {
    PullRequest,
    Publish,
    None,
}

impl InitArgs {
    /// What was typed, for the application.
    pub fn resolve(self, verbose: bool) -> Command {
        let preset = self.preset.map(|preset| match preset {
            Preset::Starter => "starter",
            Preset::ZeroCritical => "zero-critical",
            Preset::Mature => "mature",
            Preset::HighPerforming => "high-performing",
        });
        let workflow = self.workflow.map(|when| match when {
            When::PullRequest => Workflow::PullRequest,
            When::Publish => Workflow::Publish,
            When::None => Workflow::None,
        });
        Command::Init(Init {
            sources: Sources {
                policy: self.policy,
                reports: Vec::new(),
                report_roots: Vec::new(),
                tests_outcome: None,
                tests_before: None,
                repository: self.repo,
                release: None,
                candidate: None,
                snapshots: Vec::new(),
                cache: CacheIn::Nowhere,
                timeout: self.timeout,
                retry_wait: self.retry_wait,
            },
            choices: Choices {
                preset: preset.map(str::to_owned),
                names: Names {
                    escaped: lines(self.escaped),
                    caught: lines(self.caught),
                    critical: lines(self.critical),
                    major: lines(self.major),
                    minor: lines(self.minor),
                    component: self.component,
                    team: self.team,
                    tags: self.tags,
                },
                reports: lines(self.reports),
                workflow,
                no_form: self.no_form,
            },
            offline: self.offline,
            yes: self.yes,
            dry_run: self.dry_run,
            force: self.force,
            gate: self.gate,
            verbose,
        })
    }
}
