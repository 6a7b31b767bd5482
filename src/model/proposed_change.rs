//! A pull request, or a group of them in a merge queue, before it is merged.

use std::collections::BTreeSet;

use release_history::IssueNumber;

/// What a change that is not merged yet means for the release.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProposedChange {
    /// Why it is evaluated like the release, for example "it targets the release branch `release-1.4`": a clause. `None` if it
    /// goes to a branch from which no release is made.
    pub like_release: Option<String>,
    /// Issues and pull requests that the base branch has fixed or done, and the base branch with this change has not.
    pub takes_back: BTreeSet<IssueNumber>,
}
