//! Where tickets and releases come from.
//!
//! A tracker gathers a [`Snapshot`]. What it cannot read becomes a gap in there, so that the verdict can be `unknown`
//! and say why; an error is only for what keeps it from starting.

pub mod github;
pub mod snapshot;

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::model::{Issue, IssueNumber, MergeConflict, Snapshot};

/// What a tracker is asked for. The policy itself stays out of sight.
pub struct CollectionRequest<'a> {
    /// True for labels whose tickets may count.
    pub wants_label: &'a dyn Fn(&str) -> bool,
    /// True for labels whose pull requests may block a release.
    pub wants_pull_label: &'a dyn Fn(&str) -> bool,
    /// Issue types whose tickets may count.
    pub types: &'a [String],
    /// Milestones whose issues and pull requests may block a release; without any, no milestone is read.
    pub milestones: &'a [WantedMilestone<'a>],
    /// True if these labels and types of the repository leave room for an escaped defect. Where they do not, no defect
    /// can be told from none.
    pub can_escape: &'a dyn Fn(&[String], &[String]) -> bool,
    /// True for tickets of which it matters what files their fixes change. They are dear to read.
    pub wants_files: &'a dyn Fn(&Issue) -> bool,
    /// True for tickets in whose comments results of `git bisect` are looked for.
    pub wants_comments: &'a dyn Fn(&Issue) -> bool,
    /// Every label or pattern that the policy names, for whatever purpose: one that matches no label is a warning.
    pub expected_labels: &'a [ExpectedLabel<'a>],
    /// True for tags that are releases. All GitHub releases are gathered whatever their tag; this chooses among the
    /// tags without one.
    pub wants_tag: &'a dyn Fn(&str) -> bool,
    /// Whether tags without a GitHub release count too.
    pub tags_only: bool,
    /// Issues that are wanted whatever their labels, types and milestones, in ascending order.
    pub issues: &'a BTreeSet<IssueNumber>,
    /// What the run decides about.
    pub candidate: CandidateRef,
    /// Where overrides are wanted: true for people whose role they depend on. None where nothing can be overridden.
    pub overrides: Option<&'a dyn Fn(&str) -> bool>,
    /// The environment whose deployments are wanted, if any are.
    pub environment: Option<&'a str>,
    /// When the run takes place.
    pub now: Timestamp,
}

/// A label or a pattern as the policy writes it.
pub struct ExpectedLabel<'a> {
    /// As written.
    pub source: &'a str,
    /// True for the labels it stands for.
    pub matches: &'a dyn Fn(&str) -> bool,
}

/// A milestone, or several by a pattern, that the policy selects issues and pull requests by.
pub struct WantedMilestone<'a> {
    /// As written, for example `v1.4.0`; `None` if the repository may have none of that title yet.
    pub expected: Option<&'a str>,
    /// True for the titles it stands for.
    pub matches: &'a dyn Fn(&str) -> bool,
}

/// The candidate as far as it is known before anything is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CandidateRef {
    /// How a person names it. Where nothing else is given, it is taken for a branch, a tag or a commit.
    pub name: String,
    /// Its tag, which may not exist yet.
    pub tag: Option<String>,
    /// Its commit, or a ref that leads there.
    pub head: Option<String>,
    /// The pull request, if it is one.
    pub pull_request: Option<u64>,
}

/// A source of tickets and releases.
pub trait Tracker {
    /// Everything the policy may count. What cannot be read is a gap in the snapshot.
    ///
    /// # Errors
    /// If it is impossible to start.
    fn collect(&self, ask: &CollectionRequest<'_>) -> Result<Snapshot, TrackerError>;
}

/// What keeps a tracker from starting.
#[derive(Debug, thiserror::Error)]
pub enum TrackerError {
    /// Not a repository's name.
    #[error("`{0}` is not a repository: give it as owner/name")]
    Repository(String),
    /// A snapshot file that cannot be read at all.
    #[error("cannot read the snapshot `{}`: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// A snapshot of another version.
    #[error("the snapshot `{}` has {found}, and this program reads schema {known}; {advice}", path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// Its version, as written.
        found: String,
        /// The version that is understood.
        known: u32,
        /// What to do about it.
        advice: &'static str,
    },
    /// A snapshot whose content is not understood.
    #[error("the snapshot `{}` is damaged at {place}: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Line, column and key path.
        place: String,
        /// The reason.
        why: String,
    },
    /// No snapshot was named.
    #[error("no snapshot file was named")]
    NoFiles,
    /// Snapshots that do not belong together.
    #[error(transparent)]
    Conflict(#[from] MergeConflict),
    /// A snapshot that cannot be written.
    #[error("cannot write the snapshot `{}`: {why}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
}
