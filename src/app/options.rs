//! What the application can be asked for: the command line, resolved.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use super::init::proposal::Choices;
use crate::output::Format;

/// What to do.
#[derive(Debug, Clone)]
pub enum Command {
    /// Gather, judge, report.
    Check(Check),
    /// Gather and write a snapshot.
    Collect(Collect),
    /// Judge the built-in example.
    Demo(Demo),
    /// Say why.
    Explain(Explain),
    /// Judge past releases.
    Simulate(Simulate),
    /// Find where a defect came from.
    Attribute(Attribute),
    /// Propose files for a repository.
    Init(Init),
    /// Validate policies.
    PolicyCheck(PolicyCheck),
    /// Print what holds.
    PolicyShow(PolicyShow),
    /// Print the JSON Schema of the policy format.
    PolicySchema,
    /// Run the cases of policies.
    PolicyTest(PolicyTest),
}

/// Where evidence comes from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The policy file.
    pub policy: PathBuf,
    /// Globs of test reports in place of the policy's; empty if it decides.
    pub reports: Vec<String>,
    /// Folders beside the workspace in which absolute globs may find test reports.
    pub report_roots: Vec<PathBuf>,
    /// Outcome of the step that ran the tests, for example `failure`; `None` if it was not given.
    pub tests_outcome: Option<String>,
    /// Snapshot of the previous release, whose tests a rule compares with; `None` if it was not given.
    pub tests_before: Option<PathBuf>,
    /// `owner/name`, in place of the workflow's.
    pub repository: Option<String>,
    /// The tag to decide, in place of the workflow's.
    pub release: Option<String>,
    /// The commit, branch or tag to decide, in place of the workflow's or of the release's own.
    pub candidate: Option<String>,
    /// Snapshots to read in place of GitHub.
    pub snapshots: Vec<PathBuf>,
    /// Where tickets are kept from run to run.
    pub cache: CacheIn,
    /// How long reading from GitHub may take, waits included.
    pub timeout: Duration,
    /// The longest first wait before a failed request is repeated.
    pub retry_wait: Duration,
}

/// Options of `check`.
#[derive(Debug, Clone)]
pub struct Check {
    /// Where evidence comes from.
    pub sources: Sources,
    /// Where the comment goes.
    pub comment: CommentTo,
    /// When it is written.
    pub comment_on: CommentOn,
    /// Also set a commit status.
    pub status: bool,
    /// Publish the draft release that passed.
    pub publish: bool,
    /// What makes the exit code non-zero.
    pub fail_on: FailOn,
    /// What is printed.
    pub format: Format,
    /// Where the report goes as JSON.
    pub report_file: Option<PathBuf>,
    /// What the notes of a release get.
    pub notes: Notes,
    /// Keeps several gates apart; none if the policy's path does.
    pub id: Option<String>,
    /// Report and do not block.
    pub dry_run: bool,
    /// Time at which exceptions hold or have ended; `None` for the clock.
    pub now: Option<Timestamp>,
    /// Colour the text.
    pub color: bool,
    /// Log more.
    pub verbose: bool,
}

impl Check {
    /// The name of the gate. The run has set it by the policy's path if nobody gave one.
    pub fn gate_id(&self) -> &str {
        self.id.as_deref().unwrap_or("default")
    }
}

/// What the notes of a release get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notes {
    /// The whole text, with the titles of defects.
    Full,
    /// One line without any title.
    Line,
    /// Nothing new; a text of the gate that is there already becomes the line.
    Nothing,
}

/// Options of `collect`.
#[derive(Debug, Clone)]
pub struct Collect {
    /// Where evidence comes from.
    pub sources: Sources,
    /// The file to write.
    pub out: PathBuf,
    /// One kind of evidence; none for all.
    pub only: Option<Part>,
    /// Log more.
    pub verbose: bool,
}

/// Options of `explain`.
#[derive(Debug, Clone)]
pub struct Explain {
    /// A rule's id, or an issue's number with or without its sign.
    pub what: String,
    /// Tag of the release to look at instead of the candidate.
    pub release: Option<String>,
    /// Time at which exceptions hold or have ended; `None` for the clock.
    pub now: Option<Timestamp>,
    /// Where evidence comes from.
    pub sources: Sources,
    /// Print a document for a machine.
    pub json: bool,
    /// Log more.
    pub verbose: bool,
}

/// Options of `simulate`.
#[derive(Debug, Clone)]
pub struct Simulate {
    /// Where evidence comes from.
    pub sources: Sources,
    /// How many releases.
    pub last: u32,
    /// Print a document for a machine.
    pub json: bool,
    /// Log more.
    pub verbose: bool,
}

/// Options of `demo`.
#[derive(Debug, Clone)]
pub struct Demo {
    /// A new folder to write the example into.
    pub write: Option<PathBuf>,
    /// Colour the text.
    pub color: bool,
}

/// Where tickets are kept from run to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheIn {
    /// Where the runner keeps such things; without a runner, nowhere.
    Runner,
    /// In this folder.
    Folder(PathBuf),
    /// Nowhere.
    Nowhere,
}

/// Options of `attribute`.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// What is asked about.
    pub subject: Subject,
    /// Where an issue is read from.
    pub sources: Sources,
    /// Where the origin is looked for.
    pub from: From,
    /// The clone.
    pub folder: PathBuf,
    /// A shallow clone may be fetched whole.
    pub deepen: bool,
    /// When a fix's defect was reported; none if the fix's own time stands for it.
    pub reported: Option<Timestamp>,
    /// A fix's defect was seen in production.
    pub escaped: bool,
    /// The release that a fix's defect was found in.
    pub found_in: Option<String>,
    /// Print JSON.
    pub json: bool,
    /// Log more.
    pub verbose: bool,
}

/// Options of `policy check`.
#[derive(Debug, Clone)]
pub struct PolicyCheck {
    /// The policies.
    pub files: Vec<PathBuf>,
    /// Take warnings for errors.
    pub strict: bool,
    /// How to read what they inherit, and the repository whose labels are looked through.
    pub sources: Sources,
    /// Colour the text.
    pub color: bool,
    /// Log more.
    pub verbose: bool,
}

/// Where an origin is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// In the clone if it is whole, else on the server.
    Auto,
    /// In the clone.
    Clone,
    /// On the server.
    Server,
}

/// What `attribute` is asked about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// The defect that a commit fixes: a branch, a tag, an id.
    Fix(String),
    /// The defect of the issue of this number.
    Issue(u64),
    /// The search itself, held against fixes whose origin is known.
    Pairs {
        /// The fixes.
        pairs: PathBuf,
        /// The folder of their repositories.
        repositories: PathBuf,
        /// Where the features of all candidates go.
        features: Option<PathBuf>,
    },
}

/// Options of `policy show`.
#[derive(Debug, Clone)]
pub struct PolicyShow {
    /// The policy, and how to read what it inherits.
    pub sources: Sources,
    /// What is printed.
    pub format: PolicyFormat,
    /// Log more.
    pub verbose: bool,
}

/// Options of `init`.
#[derive(Debug, Clone)]
pub struct Init {
    /// The policy to write, and how to read a repository.
    pub sources: Sources,
    /// What was chosen by options.
    pub choices: Choices,
    /// Look at no repository.
    pub offline: bool,
    /// Ask nothing, and write.
    pub yes: bool,
    /// Ask nothing, and write nothing.
    pub dry_run: bool,
    /// Replace files that are there.
    pub force: bool,
    /// The repository that the workflow builds Escape Gate from.
    pub gate: Option<String>,
    /// Log more.
    pub verbose: bool,
}

/// Options of `policy test`.
#[derive(Debug, Clone)]
pub struct PolicyTest {
    /// Files of cases, or folders of them; none for the policy's own folder.
    pub files: Vec<PathBuf>,
    /// The policy of cases that name none, and how to read what it inherits.
    pub sources: Sources,
    /// Print a document for a machine.
    pub json: bool,
    /// Log more.
    pub verbose: bool,
}

/// A form of the policy that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyFormat {
    /// A policy that stands alone, with comments.
    Yaml,
    /// For a machine.
    Json,
}

/// Where the comment goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentTo {
    /// To the pull request or release that the workflow runs for.
    Auto,
    /// To the pull request.
    PullRequest,
    /// Into the release's notes.
    Release,
    /// Nowhere.
    Nowhere,
}

/// When the comment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentOn {
    /// At every run.
    Always,
    /// If the verdict, a rule's verdict or an issue that breaks a rule is another than the comment says.
    Change,
    /// If the verdict is `fail` or `unknown`, and to correct a comment that is there.
    Fail,
}

/// What makes the exit code non-zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// A breach only.
    Fail,
    /// A breach, or incomplete evidence.
    Unknown,
    /// Nothing.
    Never,
}

/// One kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Tickets, releases and commits.
    Issues,
    /// Test reports.
    Tests,
}
