//! A release, a branch or a pull request, as the place from which a defect is looked at.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::{Commits, Sha, Tag};
use release_history::graph::Contained;

/// What is asked about: a release, a branch, or a pull request.
pub struct ReleaseView<'a> {
    /// How a person names it: `v1.6.0`, `main`, `#9`.
    pub name: String,
    /// Its tag, if it is a release.
    pub tag: Option<&'a Tag>,
    /// Its release line, for example `7.5`; `None` for what is on no line.
    pub line: Option<String>,
    /// The pull request, if it is one.
    pub pull_request: Option<u64>,
    /// The branch that it is on, or that the pull request targets.
    pub branch: Option<String>,
    /// Name of the default branch.
    pub default_branch: String,
    /// Tags of this release and of those before it: contained in its history, or not higher within its product.
    pub not_after: BTreeSet<Tag>,
    /// Tags of the releases that it contains, itself included.
    pub contains: BTreeSet<Tag>,
    /// Time of its commit; `None` if that is not known.
    pub committed_at: Option<Timestamp>,
    /// What it contains.
    pub contents: ReleaseContents<'a>,
}

/// The commits of a release.
pub enum ReleaseContents<'a> {
    /// By the commit graph.
    Graph(Contained),
    /// By a list of commits since a release, as in snapshots of schema 1.
    Listed {
        /// The commits.
        commits: &'a Commits,
        /// Time when the release that they are counted from was published.
        base_published: Option<Timestamp>,
    },
    /// Nothing came before it, so that it contains whatever was merged.
    First,
    /// They could not be read.
    Unread(String),
}

impl ReleaseContents<'_> {
    /// Whether a listed change is there; `None` if a list cannot say it.
    pub fn lists(&self, commit: &Sha, merged_at: Option<Timestamp>) -> Option<bool> {
        match self {
            Self::Listed { commits, base_published } => {
                // What came before the base is not in the list.
                let is_older =
                    merged_at.is_some_and(|merged| base_published.is_some_and(|base| merged <= base));
                Some(commits.ids.contains(commit) || is_older)
            }
            Self::First => Some(true),
            Self::Graph(_) | Self::Unread(_) => None,
        }
    }
}
