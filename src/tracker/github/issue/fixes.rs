//! Changes that close an issue.

use serde_json::{Value, json};

use super::super::paged_reader::PagedReader;
use super::super::pull_request::{PullRequestNode, unknown_state};
use super::super::query;
use super::events::ClosedEvent;
use crate::model::{Area, ChangeState, Closing, Fix, Sha};

/// Changes that close an issue.
pub struct IssueFixes {
    pub all: Vec<Fix>,
    /// Those that are merged pull requests.
    pub merged: Vec<MergedPullRequest>,
    /// `true` if a fix is open or in another repository: it may change without an update of the issue.
    pub may_change: bool,
}

/// A merged pull request whose changed files and references may be wanted.
pub struct MergedPullRequest {
    /// GraphQL id.
    pub id: String,
    pub number: u64,
    pub fix: Fix,
}

/// Reads the changes that close an issue: its linked pull requests, closed ones too, and the change that closed it last.
/// The changed files of the pull requests are read later.
pub fn read_issue_fixes(
    reader: &mut PagedReader<'_>,
    id: &str,
    number: &str,
    first: Value,
    closed: Option<&mut ClosedEvent>,
) -> IssueFixes {
    let what = format!("pull requests of issue {number}");
    let (query, variables) = (query::issue_pull_requests_query(), json!({ "id": id }));
    let pointer = "/node/closedByPullRequestsReferences";
    let mut pulls = reader.rest_of_list(Area::Issues, &what, Some(first), &query, &variables, pointer);
    let mut fixes = IssueFixes { all: Vec::new(), merged: Vec::new(), may_change: false };
    if let Some(closed) = closed {
        match closed.closer["__typename"].as_str() {
            Some("Commit") => match closed.closer["oid"].as_str() {
                Some(oid) => fixes.all.push(Fix {
                    commit: Some(Sha(oid.to_owned())),
                    // GitHub does not say when a commit was pushed. On the default branch, that closes the issue at
                    // once.
                    merged_at: Some(closed.at),
                    repository: other_repository(reader, &closed.closer),
                    state: Some(ChangeState::Merged),
                    ..Fix::default()
                }),
                None => reader.issue_gap(format!("the commit that closed issue {number} did not come")),
            },
            // A pull request can close an issue by a commit message, without being linked.
            Some("PullRequest") if !pulls.iter().any(|pull| pull["id"] == closed.closer["id"]) => {
                pulls.push(closed.closer.take());
            }
            // Closed by hand, by a project, or by a pull request that is linked already.
            Some(_) | None => {}
        }
    }
    for pull in pulls {
        add_fix(reader, pull, number, &mut fixes);
    }
    fixes.all.sort();
    fixes.all.dedup();
    fixes
}

/// Returns who and which change closed an issue last.
pub fn closing(reader: &PagedReader<'_>, closed: &ClosedEvent) -> Closing {
    let closer = &closed.closer;
    let place = other_repository(reader, closer);
    let change = match (closer["__typename"].as_str(), closer["number"].as_u64(), closer["oid"].as_str()) {
        (Some("PullRequest"), Some(number), _) => Some(format!("{}#{number}", place.unwrap_or_default())),
        (Some("Commit"), _, Some(oid)) => {
            Some(place.map_or_else(|| oid.to_owned(), |place| format!("{place}@{oid}")))
        }
        _ => None,
    };
    Closing { by: closed.by.clone(), change }
}

/// Returns the `owner/name` of a change's repository if it is another one.
fn other_repository(reader: &PagedReader<'_>, change: &Value) -> Option<String> {
    let place = change["repository"]["nameWithOwner"].as_str()?;
    (!reader.is_own(place)).then(|| place.to_owned())
}

/// Adds a pull request as a fix. One that was closed without a merge fixes nothing, but is shown.
fn add_fix(reader: &mut PagedReader<'_>, json: Value, number: &str, fixes: &mut IssueFixes) {
    let what = format!("a pull request of issue {number}");
    let Some(pull) = reader.parse::<PullRequestNode>(Area::Issues, &what, json) else { return };
    let Some(state) = pull.state() else {
        return unknown_state(reader, &format!("#{} of issue {number}", pull.number), &pull.state);
    };
    let is_own = reader.is_own(&pull.repository.name_with_owner);
    let is_merged = state == ChangeState::Merged;
    fixes.may_change |= state == ChangeState::Open || !is_own;
    let fix = Fix {
        pull_request: Some(pull.number),
        commit: pull.merge_commit.filter(|_| is_merged).map(|commit| Sha(commit.oid)),
        merged_at: pull.merged_at.filter(|_| is_merged),
        files: Vec::new(),
        repository: (!is_own).then_some(pull.repository.name_with_owner),
        state: Some(state),
        base: Some(pull.base_ref_name),
        head_branch: Some(pull.head_ref_name),
        title: Some(pull.title),
        description: pull.body.filter(|text| !text.trim().is_empty()),
    };
    if is_merged {
        fixes.merged.push(MergedPullRequest { id: pull.id, number: pull.number, fix: fix.clone() });
    }
    fixes.all.push(fix);
}
