//! One pull request, from GitHub's JSON into the model.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::nodes::{AuthorNode, MilestoneNode, RepositoryNode, author_role};
use super::paged_reader::PagedReader;
use crate::model::{Area, ChangeState, PullRequest, Sha};

/// Fields of every pull request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PullRequestNode {
    /// GraphQL id.
    pub id: String,
    pub number: u64,
    /// `OPEN`, `MERGED` or `CLOSED`.
    pub state: String,
    pub title: String,
    #[serde(default)]
    pub body: Option<String>,
    /// Branch that the pull request targets.
    pub base_ref_name: String,
    /// Branch that the pull request comes from.
    pub head_ref_name: String,
    #[serde(default)]
    pub merged_at: Option<Timestamp>,
    /// Commit on the target branch.
    #[serde(default)]
    pub merge_commit: Option<CommitNode>,
    pub repository: RepositoryNode,
}

/// A commit.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CommitNode {
    /// Id in hexadecimal digits.
    pub oid: String,
    /// Time of the commit, where the query asks for it.
    #[serde(default)]
    pub committed_date: Option<Timestamp>,
}

/// Fields of a pull request that is not linked to an issue as its fix.
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
    /// Returns the state; `None` if this version does not know it.
    pub(super) fn state(&self) -> Option<ChangeState> {
        match self.state.as_str() {
            "OPEN" => Some(ChangeState::Open),
            "MERGED" => Some(ChangeState::Merged),
            "CLOSED" => Some(ChangeState::Closed),
            _ => None,
        }
    }
}

/// Parses a pull request, without its labels. `None` if it belongs to another repository, whose commits are not in this
/// history. Also `None`, with a gap, if it is malformed.
pub(super) fn parse_pull_request(reader: &mut PagedReader<'_>, json: Value) -> Option<PullRequest> {
    let number = json["number"].as_u64().map_or_else(|| "without a number".to_owned(), |n| format!("#{n}"));
    let what = format!("pull request {number}");
    let node: FullPullRequestNode = reader.parse(Area::Issues, &what, json)?;
    let pull = node.pull;
    if !reader.is_own(&pull.repository.name_with_owner) {
        return None;
    }
    let Some(state) = pull.state() else {
        unknown_state(reader, &number, &pull.state);
        return None;
    };
    let is_merged = state == ChangeState::Merged;
    Some(PullRequest {
        number: pull.number,
        title: pull.title,
        // An empty description is null.
        body: pull.body.unwrap_or_default(),
        url: node.url,
        author: node.author.map(|author| author.login),
        author_role: Some(author_role(&node.author_association)),
        state,
        base: Some(pull.base_ref_name),
        head_branch: Some(pull.head_ref_name),
        commit: pull.merge_commit.filter(|_| is_merged).map(|commit| Sha(commit.oid)),
        merged_at: pull.merged_at.filter(|_| is_merged),
        created_at: node.created_at,
        updated_at: node.updated_at,
        labels: Vec::new(),
        label_history: None,
        milestone: node.milestone.map(|milestone| milestone.title),
    })
}

/// Notes a pull request with a state that this version does not know.
pub(super) fn unknown_state(reader: &mut PagedReader<'_>, name: &str, state: &str) {
    let what = format!("pull request {name} is neither open nor merged nor closed but `{state}`");
    reader.gap(Area::Issues, what, Some("update Escape Gate"));
}

/// Returns the pull request that a reference comes from. `None` for an issue, and for a source that the token may not see.
pub(super) fn referring_pull_request(reader: &mut PagedReader<'_>, source: Value) -> Option<PullRequest> {
    if source["__typename"] != "PullRequest" {
        return None;
    }
    parse_pull_request(reader, source)
}
