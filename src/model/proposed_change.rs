//! A pull request, or a group of them in a merge queue, before it is merged.

use std::collections::BTreeSet;

use release_history::IssueNumber;

/// Effect of a pull request on the release.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProposedChange {
    /// Reason why it is evaluated like the release, for example "it targets the release branch `release-1.4`": a clause. `None`
    /// if it targets another branch.
    pub like_release: Option<String>,
    /// Issues and pull requests that are fixed or done on the base branch, and no longer with this change.
    pub takes_back: BTreeSet<IssueNumber>,
}
