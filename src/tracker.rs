//! Trackers: sources of issues, pull requests and releases.
//!
//! A tracker collects a [`Snapshot`]. Evidence that it cannot read becomes a gap in the snapshot, so that the verdict can be
//! `unknown` and say why. An error only means that the tracker cannot start.

pub mod github;
pub mod snapshot;

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::model::{Issue, IssueNumber, MergeConflict, Snapshot};

/// Evidence that a tracker is asked for. It holds questions to the policy, never the policy itself.
pub struct CollectionRequest<'a> {
    /// Returns `true` for labels whose issues may count.
    pub wants_label: &'a dyn Fn(&str) -> bool,
    /// Returns `true` for labels whose pull requests may block a release.
    pub wants_pull_label: &'a dyn Fn(&str) -> bool,
    /// Issue types whose issues may count.
    pub types: &'a [String],
    /// Milestones whose issues and pull requests may block a release. If empty, no milestone is read.
    pub milestones: &'a [WantedMilestone<'a>],
    /// Returns `true` if an issue with some of these labels and types can be an escaped defect. Otherwise, an empty result
    /// would not mean that there are no escaped defects.
    pub can_escape: &'a dyn Fn(&[String], &[String]) -> bool,
    /// Returns `true` for issues whose changed files are needed. Reading them is expensive.
    pub wants_files: &'a dyn Fn(&Issue) -> bool,
    /// Returns `true` for issues whose comments may hold results of `git bisect`.
    pub wants_comments: &'a dyn Fn(&Issue) -> bool,
    /// Every label or pattern in the policy. One that matches no label is a warning.
    pub expected_labels: &'a [ExpectedLabel<'a>],
    /// Returns `true` for tags that are releases. It selects tags without a GitHub release; GitHub releases are read
    /// whatever their tag.
    pub wants_tag: &'a dyn Fn(&str) -> bool,
    /// `true` if tags without a GitHub release count as well.
    pub tags_only: bool,
    /// Issues that are wanted whatever their labels, types and milestones, in ascending order.
    pub issues: &'a BTreeSet<IssueNumber>,
    /// The candidate.
    pub candidate: CandidateRef,
    /// Returns `true` for accounts whose role must be read. `None` if no rule is overridable.
    pub overrides: Option<&'a dyn Fn(&str) -> bool>,
    /// Environment whose deployments are wanted; `None` for no deployments.
    pub environment: Option<&'a str>,
    /// Time of the run.
    pub now: Timestamp,
}

/// A label or pattern in the policy.
pub struct ExpectedLabel<'a> {
    /// The text in the policy.
    pub source: &'a str,
    /// Returns `true` for labels that it matches.
    pub matches: &'a dyn Fn(&str) -> bool,
}

/// A milestone, or a pattern for milestones, by which the policy selects issues and pull requests.
pub struct WantedMilestone<'a> {
    /// The text in the policy, for example `v1.4.0`; `None` if the repository need not have such a milestone yet.
    pub expected: Option<&'a str>,
    /// Returns `true` for titles that it matches.
    pub matches: &'a dyn Fn(&str) -> bool,
}

/// The candidate as far as it is known before anything is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CandidateRef {
    /// Name in the report. Without the other fields, it is a branch, a tag or a commit.
    pub name: String,
    /// Tag, which may not exist yet.
    pub tag: Option<String>,
    /// Commit, or a ref that leads to it.
    pub head: Option<String>,
    /// Number, if the candidate is a pull request.
    pub pull_request: Option<u64>,
    /// The queue, if the candidate is a group of a merge queue.
    pub merge_queue: Option<MergeQueueRef>,
}

/// A group of a merge queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeQueueRef {
    /// The branch that the queue merges into.
    pub branch: String,
    /// The commit that the group was built on.
    pub base: String,
}

/// A source of evidence.
pub trait Tracker {
    /// Collects everything that the policy may count. Evidence that cannot be read becomes a gap in the snapshot.
    ///
    /// # Errors
    /// If the tracker cannot start.
    fn collect(&self, request: &CollectionRequest<'_>) -> Result<Snapshot, TrackerError>;
}

/// A reason why a tracker cannot start, or why a snapshot cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum TrackerError {
    /// Not the name of a repository.
    #[error("`{0}` is not a repository: give it as owner/name")]
    Repository(String),
    /// The snapshot file cannot be read.
    #[error("cannot read the snapshot `{}`: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// The snapshot has an unsupported schema.
    #[error("the snapshot `{}` has {found}, and this program reads schema {known}; {advice}", path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// Schema in the file, for example "schema 9".
        found: String,
        /// Newest supported schema.
        known: u32,
        /// The next step.
        advice: &'static str,
    },
    /// The snapshot is malformed.
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
    /// The snapshots do not belong together.
    #[error(transparent)]
    Conflict(#[from] MergeConflict),
    /// The snapshot cannot be written.
    #[error("cannot write the snapshot `{}`: {why}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
}
