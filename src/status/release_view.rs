//! Describes the release, branch or pull request for which a status is decided.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::{Commits, Sha, Tag};
use release_history::graph::Contained;

/// A release, a branch or a pull request, with the releases before it and its commits.
pub struct ReleaseView<'a> {
    /// Displayed name: `v1.6.0`, `main`, `#9`.
    pub name: String,
    /// Tag; `None` if this is no release.
    pub tag: Option<&'a Tag>,
    /// Release line, for example `7.5`; `None` if it is on no line.
    pub line: Option<String>,
    /// Numbers of the pull requests that it merges: that of the pull request, or those of the group in a merge queue.
    pub merges: BTreeSet<u64>,
    /// Branch that it is on, or that the pull request targets.
    pub branch: Option<String>,
    /// Name of the default branch.
    pub default_branch: String,
    /// Tags of this release and of those before it: releases that its history contains, or that are not higher within its
    /// product.
    pub not_after: BTreeSet<Tag>,
    /// Tags of the releases that its history contains, including itself.
    pub contains: BTreeSet<Tag>,
    /// Time of its commit; `None` if that is not known.
    pub committed_at: Option<Timestamp>,
    /// Commits that it contains.
    pub contents: ReleaseContents<'a>,
}

/// The commits of a release.
pub enum ReleaseContents<'a> {
    /// Commits by the commit graph.
    Graph(Contained),
    /// A list of commits since a release, as in snapshots of schema 1.
    Listed {
        /// The commits.
        commits: &'a Commits,
        /// Time when the release that they are counted from was published.
        base_published: Option<Timestamp>,
    },
    /// The first release: it contains every change that was merged.
    First,
    /// The commits were not collected; the text says why.
    Unread(String),
}

impl ReleaseContents<'_> {
    /// Returns `true` if the list contains a change; `None` if its contents are a graph or were not read.
    pub fn lists(&self, commit: &Sha, merged_at: Option<Timestamp>) -> Option<bool> {
        match self {
            Self::Listed { commits, base_published } => {
                // The list begins at the base release, which contains everything that was merged before it.
                let is_older =
                    merged_at.is_some_and(|merged| base_published.is_some_and(|base| merged <= base));
                Some(commits.ids.contains(commit) || is_older)
            }
            // Nothing was published before, so every merged change ships for the first time.
            Self::First => Some(true),
            Self::Graph(_) | Self::Unread(_) => None,
        }
    }
}
