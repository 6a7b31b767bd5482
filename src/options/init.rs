//! Options of `init`.

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};

use super::{DEFAULT_POLICY, RequestLimits, drop_blanks};

/// The names of the presets, from mild to strict, each with its effect.
pub const PRESETS: [(&str, &str); 4] = [
    ("starter", "everything is shown and nothing blocks"),
    ("zero-critical", "an unfixed critical defect blocks"),
    ("mature", "also an escape rate above 5 %"),
    ("high-performing", "above 2 %, and each escape is learnt from"),
];

/// Options of `init`.
#[derive(Debug, Clone, Args)]
#[command(mut_arg("timeout", |timeout| timeout.default_value("1m")))]
pub struct InitOptions {
    /// Repository whose labels and releases are read; the default is the origin of the clone
    #[arg(long = "repo", value_name = "OWNER/NAME", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_REPO")]
    pub repository: Option<String>,
    /// Read no repository, and propose the usual names
    #[arg(long, env = "ESCAPE_GATE_OFFLINE")]
    pub offline: bool,
    /// Ask nothing, and write the files that do not exist yet
    #[arg(long, short, env = "ESCAPE_GATE_YES", conflicts_with = "dry_run")]
    pub yes: bool,
    /// Ask nothing, write nothing, and show the files
    #[arg(long, env = "ESCAPE_GATE_DRY_RUN")]
    pub dry_run: bool,
    /// Replace existing files
    #[arg(long, env = "ESCAPE_GATE_FORCE")]
    pub force: bool,
    /// Policy file
    #[arg(long, value_name = "FILE", default_value = DEFAULT_POLICY, env = "ESCAPE_GATE_POLICY")]
    pub policy: PathBuf,
    /// Write templates to adapt into this folder, and nothing else
    #[arg(long, value_name = "DIR", env = "ESCAPE_GATE_TEMPLATES")]
    pub templates: Option<PathBuf>,
    /// The parts of the proposal that are chosen.
    #[command(flatten)]
    pub choices: InitChoices,
    /// Action that the workflow uses, with the commit of a release
    #[arg(long, value_name = "OWNER/NAME@COMMIT", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_GATE")]
    pub gate: Option<String>,
    /// How long reading from GitHub may take.
    #[command(flatten)]
    pub limits: RequestLimits,
}

/// The parts of the proposal that are chosen by options; `init` asks for the others.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Proposal")]
pub struct InitChoices {
    /// Rules to begin with
    #[arg(long, value_parser = presets(), env = "ESCAPE_GATE_PRESET")]
    pub preset: Option<String>,
    /// Labels and tags.
    #[command(flatten)]
    pub names: LabelsAndTags,
    /// Globs of test reports; repeat, or write one a line
    #[arg(long, value_name = "GLOB", value_delimiter = '\n', env = "ESCAPE_GATE_REPORTS")]
    pub reports: Vec<String>,
    /// Product of the policy, if the tags name several
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_PRODUCT")]
    pub product: Option<String>,
    /// Owner of the policy and its waivers, for CODEOWNERS: a team or a login; repeat, or write one a line
    #[arg(long = "owner", value_name = "OWNER", value_delimiter = '\n', env = "ESCAPE_GATE_OWNER")]
    pub owners: Vec<String>,
    /// When the gate runs
    #[arg(long, value_enum, env = "ESCAPE_GATE_WORKFLOW")]
    pub workflow: Option<WorkflowKind>,
    /// Write no issue form
    #[arg(long, env = "ESCAPE_GATE_NO_FORM")]
    pub no_form: bool,
}

/// Labels and tags of a repository: chosen by options, or recognized. An empty value is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct LabelsAndTags {
    /// Labels of bugs that were found in production; repeat, or write one a line
    #[arg(long, value_name = "LABEL", value_delimiter = '\n', env = "ESCAPE_GATE_ESCAPED")]
    pub escaped: Vec<String>,
    /// Labels of bugs that were found before production
    #[arg(long, value_name = "LABEL", value_delimiter = '\n', env = "ESCAPE_GATE_CAUGHT")]
    pub caught: Vec<String>,
    /// Labels of critical bugs
    #[arg(long, value_name = "LABEL", value_delimiter = '\n', env = "ESCAPE_GATE_CRITICAL")]
    pub critical: Vec<String>,
    /// Labels of major bugs
    #[arg(long, value_name = "LABEL", value_delimiter = '\n', env = "ESCAPE_GATE_MAJOR")]
    pub major: Vec<String>,
    /// Labels of minor bugs
    #[arg(long, value_name = "LABEL", value_delimiter = '\n', env = "ESCAPE_GATE_MINOR")]
    pub minor: Vec<String>,
    /// Labels that name a component, with `*` for the name: `area/*`
    #[arg(long, value_name = "PATTERN", env = "ESCAPE_GATE_COMPONENT")]
    pub component: Option<String>,
    /// Labels that name a team, with `*` for the name: `team/*`
    #[arg(long, value_name = "PATTERN", env = "ESCAPE_GATE_TEAM")]
    pub team: Option<String>,
    /// Tags that are releases: `v*`. `*` stands for every published release
    #[arg(long, value_name = "PATTERN", env = "ESCAPE_GATE_TAGS")]
    pub tags: Option<String>,
}

/// When the gate runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WorkflowKind {
    /// For each pull request
    PullRequest,
    /// For a draft release, which the gate publishes
    Publish,
    /// Never: write no workflow
    None,
}

impl InitChoices {
    /// Trims the values of lists, and drops their blank lines.
    pub(super) fn drop_blank_lines(&mut self) {
        let LabelsAndTags { escaped, caught, critical, major, minor, .. } = &mut self.names;
        [escaped, caught, critical, major, minor, &mut self.reports, &mut self.owners]
            .into_iter()
            .for_each(drop_blanks);
    }
}

impl WorkflowKind {
    /// Parses the name of the option's value; `None` if it is none of them.
    pub fn parse(name: &str) -> Option<Self> {
        Self::from_str(name, false).ok()
    }
}

fn presets() -> PossibleValuesParser {
    PossibleValuesParser::new(PRESETS.map(|(name, effect)| PossibleValue::new(name).help(effect)))
}
