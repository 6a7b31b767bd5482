//! One pull request, from GitHub's shape into ours.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::reader::PagedReader;
use super::ticket::{AuthorNode, MilestoneNode, RepositoryNode, role};
use crate::model::{Area, ChangeState, PullRequest, Sha};

/// What is read of every pull request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PullRequestNode {
    /// GitHub's name for it over all repositories.
    pub id: String,
    /// Number within its repository.
    pub number: u64,
    /// `OPEN`, `MERGED`, `CLOSED`.
    pub state: String,
    /// One line of text.
    pub title: String,
    /// Description, possibly empty.
    #[serde(default)]
    pub body: Option<String>,
    /// Branch that it targets.
    pub base_ref_name: String,
    /// Branch that it comes from.
    pub head_ref_name: String,
    /// Time when it was merged.
    #[serde(default)]
    pub merged_at: Option<Timestamp>,
    /// Commit on the base branch.
    #[serde(default)]
    pub merge_commit: Option<CommitNode>,
    /// Where it is.
    pub repository: RepositoryNode,
}

/// A commit's id.
#[derive(Deserialize)]
pub(super) struct CommitNode {
    /// In hexadecimal digits.
    pub oid: String,
}

/// What is read of a pull request that is no linked fix.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FullPullRequestNode {
    #[serde(flatten)]
    pull: PullRequestNode,
    url: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(default)]
    author: Option<AuthorNode>,
    author_association: String,
    #[serde(default)]
    milestone: Option<MilestoneNode>,
}

impl PullRequestNode {
    /// Whether it is proposed, in, or dropped; `None` for a state that this version does not know.
    pub(super) fn state(&self) -> Option<ChangeState> {
        match self.state.as_str() {
            "OPEN" => Some(ChangeState::Open),
            "MERGED" => Some(ChangeState::Merged),
            "CLOSED" => Some(ChangeState::Closed),
            _ => None,
        }
    }

    /// Returns `true` if it belongs to the repository that is read.
    pub(super) fn is_own(&self, reader: &PagedReader<'_>) -> bool {
        self.repository.name_with_owner.eq_ignore_ascii_case(&reader.repository.to_string())
    }
}

/// Reads a pull request, without its labels. `None` if it belongs to another repository, whose commits are not in this
/// one's history; also, with a gap, if it is not what a pull request looks like.
pub(super) fn read(reader: &mut PagedReader<'_>, json: Value) -> Option<PullRequest> {
    let number = json["number"].as_u64().map_or_else(|| "without a number".to_owned(), |n| format!("#{n}"));
    let whole: FullPullRequestNode = match serde_path_to_error::deserialize(json) {
        Ok(whole) => whole,
        Err(why) => {
            let what = format!("pull request {number} could not be read: {}: {}", why.path(), why.inner());
            reader.gap(Area::Issues, what, None);
            return None;
        }
    };
    if !whole.pull.is_own(reader) {
        return None;
    }
    let Some(state) = whole.pull.state() else {
        unknown_state(reader, &number, &whole.pull.state);
        return None;
    };
    let is_merged = state == ChangeState::Merged;
    let pull = whole.pull;
    Some(PullRequest {
        number: pull.number,
        title: pull.title,
        body: pull.body.unwrap_or_default(),
        url: whole.url,
        author: whole.author.map(|author| author.login),
        author_role: Some(role(&whole.author_association)),
        state,
        base: Some(pull.base_ref_name),
        head_branch: Some(pull.head_ref_name),
        commit: pull.merge_commit.filter(|_| is_merged).map(|commit| Sha(commit.oid)),
        merged_at: pull.merged_at.filter(|_| is_merged),
        created_at: whole.created_at,
        updated_at: whole.updated_at,
        labels: Vec::new(),
        label_history: None,
        milestone: whole.milestone.map(|milestone| milestone.title),
    })
}

/// Notes a pull request whose state this version does not know.
pub(super) fn unknown_state(reader: &mut PagedReader<'_>, name: &str, state: &str) {
    let what = format!("pull request {name} is neither open nor merged nor closed but `{state}`");
    reader.gap(Area::Issues, what, Some("update Escape Gate"));
}
