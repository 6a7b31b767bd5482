//! An issue as the tracker gives it, before the policy is applied.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::actor::{Actor, Role};
use release_history::changes::PullRequestText;
use release_history::origins::issue_text::IssueText;
use release_history::{Bisects, IssueNumber, Sha};

/// An issue as the tracker gives it. Text fields are untrusted: anyone may have written them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Issue {
    /// Issue number.
    pub number: IssueNumber,
    /// Name within a tracker that does not number its issues, for example `SHOP-12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Time of the last change; the newer of two copies wins a merge.
    pub updated_at: Timestamp,
    /// One line of text.
    pub title: String,
    /// Address of its page.
    pub url: String,
    /// The description as Markdown, possibly empty.
    #[serde(default)]
    pub body: String,
    /// Login of the author; `None` for a deleted account.
    #[serde(default)]
    pub author: Option<String>,
    /// Role of the author; `None` if the tracker does not give it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_role: Option<Role>,
    /// Label names, in the tracker's spelling.
    #[serde(default, deserialize_with = "exact")]
    pub labels: Vec<String>,
    /// Issue type, if the organization uses types.
    #[serde(default)]
    pub issue_type: Option<String>,
    /// Issue fields by name, if the organization uses fields.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Open or closed.
    pub state: IssueState,
    /// Reason for the state.
    #[serde(default)]
    pub state_reason: Option<StateReason>,
    /// The issue it duplicates.
    #[serde(default)]
    pub duplicate_of: Option<IssueNumber>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last closed.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    /// The last closing; `None` while it is open, and in snapshots of schema 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Closing>,
    /// Time when it was last reopened: an older fix did not work.
    #[serde(default)]
    pub reopened_at: Option<Timestamp>,
    /// The milestone's title: a fix target, never read as "found in".
    #[serde(default)]
    pub milestone: Option<String>,
    /// The changes that close it, or would on merge.
    #[serde(default, deserialize_with = "exact")]
    pub fixes: Vec<Fix>,
    /// Changes of labels; `None` if the tracker was not asked, as in snapshots of earlier versions of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_history: Option<LabelHistory>,
    /// Results of `git bisect` in its comments; `None` if they were not collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bisects: Option<Bisects>,
}

impl Issue {
    /// The texts that may name the origin of a defect.
    pub fn origin_text(&self) -> IssueText<'_> {
        // Anybody can link a pull request to an issue; only a merged one has been looked at.
        let merged = self.fixes.iter().filter(|fix| fix.commit.is_some());
        IssueText {
            number: self.number,
            author: self.author.as_deref(),
            labels: &self.labels,
            fields: &self.fields,
            body: &self.body,
            bisects: self.bisects.as_ref(),
            fixes: merged
                .filter_map(|fix| Some((fix.own_pull_request()?, fix.description.as_deref()?)))
                .collect(),
        }
    }

    /// Drops texts, labels and fields to save memory. Only classification reads them.
    pub fn forget_texts(&mut self) {
        self.body = String::new();
        self.labels = Vec::new();
        self.fields = BTreeMap::new();
        self.milestone = None;
        self.label_history = None;
        self.bisects = None;
        for fix in &mut self.fixes {
            fix.title = None;
            fix.description = None;
        }
    }
}

/// The last closing of an issue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Closing {
    /// The account that closed it, or whose merge closed it; `None` for a deleted account.
    #[serde(default)]
    pub by: Option<Actor>,
    /// The change that closed it, for a person: `#2`, `acme/parser#12`, a commit id; `None` if it was closed by hand.
    #[serde(default)]
    pub change: Option<String>,
}

/// A list that takes no more room than it needs: most issues have one fix, and a list that grows makes room for four.
fn exact<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    let mut list = Vec::deserialize(from)?;
    list.shrink_to_fit();
    Ok(list)
}

/// When labels were set and removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LabelHistory {
    /// The changes, oldest first.
    #[serde(deserialize_with = "exact")]
    pub events: Vec<LabelEvent>,
    /// `true` if there are earlier changes that were not read.
    #[serde(default)]
    pub more: bool,
}

/// A label that was set or removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LabelEvent {
    /// Time of the change.
    pub at: Timestamp,
    /// `true` if the label was set; `false` if it was removed.
    pub set: bool,
    /// Name of the label, as the tracker gives it now.
    pub label: String,
    /// Account that set or removed it; `None` for a deleted account, and in snapshots of schema 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
}

/// State of an issue in the tracker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssueState {
    /// Still open.
    Open,
    /// Closed, for whatever reason.
    Closed,
}

/// Reason for the state of an issue. A reason this version does not know is kept by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StateReason {
    /// Done.
    Completed,
    /// Closed without a change.
    NotPlanned,
    /// Closed as a duplicate of another issue.
    Duplicate,
    /// Open again after it was closed.
    Reopened,
    /// A reason that this version does not know.
    Other(String),
}

/// A change linked to an issue as its fix: a pull request, or a commit pushed without one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fix {
    /// Number of the pull request in its repository, if the change came by one.
    #[serde(default)]
    pub pull_request: Option<u64>,
    /// Commit on the target branch; `None` while the pull request is open.
    #[serde(default)]
    pub commit: Option<Sha>,
    /// When it was merged (or, for a bare commit, when it closed the issue).
    #[serde(default)]
    pub merged_at: Option<Timestamp>,
    /// Paths it changes. GitHub is asked for them only if the issue is a closed escaped defect, or another is its
    /// duplicate, or where components or teams go by path.
    #[serde(default, deserialize_with = "exact")]
    pub files: Vec<String>,
    /// `owner/name` of the repository that the change is in, if it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Proposed, in, or dropped; `None` in snapshots of schema 1, where a change with a commit is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ChangeState>,
    /// Branch that the pull request targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Branch that the pull request comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_branch: Option<String>,
    /// Title of the pull request. Untrusted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Description of the pull request. Untrusted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Fix {
    /// The text of the pull request; `None` if it fixes nothing or belongs to another repository.
    pub fn pull_request_text(&self) -> Option<PullRequestText<'_>> {
        Some(PullRequestText {
            number: self.own_pull_request().filter(|_| !self.is_dropped())?,
            title: self.title.as_deref().unwrap_or_default(),
            body: self.description.as_deref().unwrap_or_default(),
            head_branch: self.head_branch.as_deref(),
            commit: self.commit.as_ref(),
            merged_at: self.merged_at,
        })
    }

    /// Number of the pull request, if it belongs to the repository of the issue.
    pub fn own_pull_request(&self) -> Option<u64> {
        self.pull_request.filter(|_| self.repository.is_none())
    }

    /// Returns `true` if the pull request was closed without merging: it fixes nothing.
    pub fn is_dropped(&self) -> bool {
        self.state == Some(ChangeState::Closed)
    }
}

/// State of a pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeState {
    /// Not merged yet.
    Open,
    /// In its base branch.
    Merged,
    /// Closed without merging.
    Closed,
}
