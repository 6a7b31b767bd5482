//! Pull requests other than linked fixes: those that refer to a fix, or that block a release by a label.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::actor::Role;
use super::issue::{ChangeState, LabelHistory};
use release_history::Sha;
use release_history::changes::PullRequestText;

/// A pull request of the repository. Text fields are untrusted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PullRequest {
    /// Number within the repository.
    pub number: u64,
    /// One line of text.
    pub title: String,
    /// Description as Markdown, possibly empty.
    #[serde(default)]
    pub body: String,
    /// Address of its page.
    #[serde(default)]
    pub url: String,
    /// Login of the author; `None` for a deleted account.
    #[serde(default)]
    pub author: Option<String>,
    /// Role of the author; `None` if the tracker does not give it.
    #[serde(default)]
    pub author_role: Option<Role>,
    /// State of the pull request.
    pub state: ChangeState,
    /// Branch that it targets, for example `release-1.1`.
    #[serde(default)]
    pub base: Option<String>,
    /// Branch that it comes from, for example `cherry-pick-of-#2`.
    #[serde(default)]
    pub head_branch: Option<String>,
    /// Commit on the base branch; `None` unless merged.
    #[serde(default)]
    pub commit: Option<Sha>,
    /// Time when it was merged.
    #[serde(default)]
    pub merged_at: Option<Timestamp>,
    /// Time when it was opened.
    pub created_at: Timestamp,
    /// Time of the last change; the newer of two copies wins a merge.
    pub updated_at: Timestamp,
    /// Label names, in the tracker's spelling; empty for a pull request that was read only because it refers to a fix.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Changes of labels; `None` if they were not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_history: Option<LabelHistory>,
    /// Title of the milestone.
    #[serde(default)]
    pub milestone: Option<String>,
}

impl PullRequest {
    /// Returns the texts that may name other changes.
    pub fn text(&self) -> PullRequestText<'_> {
        PullRequestText {
            number: self.number,
            title: &self.title,
            body: &self.body,
            head_branch: self.head_branch.as_deref(),
            commit: self.commit.as_ref().filter(|_| self.state == ChangeState::Merged),
            merged_at: self.merged_at,
        }
    }
}
