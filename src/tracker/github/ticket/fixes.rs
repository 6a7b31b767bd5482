//! The changes that close a ticket.

use serde_json::{Value, json};

use super::super::pull::{PullRequestNode, unknown_state};
use super::super::query;
use super::super::reader::{PagedList, PagedReader};
use super::events::ClosedEvent;
use crate::model::{Area, ChangeState, Closing, Fix, Sha};

/// The changes that close a ticket.
pub struct IssueFixes {
    /// All of them.
    pub all: Vec<Fix>,
    /// Those that came by a merged pull request.
    pub merged: Vec<MergedPullRequest>,
    /// True if one of them is open, or lies in another repository: such a one changes without the ticket being touched.
    pub may_change: bool,
}

/// A merged pull request, of which the files may be asked for.
pub struct MergedPullRequest {
    /// GitHub's name for it over all repositories.
    pub id: String,
    /// Its number, for a person.
    pub number: u64,
    /// The fix that it is.
    pub fix: Fix,
}

/// The changes that close a ticket: its linked pull requests, dropped ones too, and what closed it last. The files of the
/// pull requests are still to be read.
pub fn read(
    reader: &mut PagedReader<'_>,
    id: &str,
    number: &str,
    first: Value,
    closed: Option<&mut ClosedEvent>,
) -> IssueFixes {
    let listing = PagedList::new(Area::Issues, format!("pull requests of ticket {number}"));
    let pointer = "/node/closedByPullRequestsReferences";
    let mut pulls = reader.list(listing, first, &query::ticket_pulls(), &json!({ "id": id }), pointer);
    let mut fixes = IssueFixes { all: Vec::new(), merged: Vec::new(), may_change: false };
    if let Some(closed) = closed {
        match closed.closer["__typename"].as_str() {
            Some("Commit") => match closed.closer["oid"].as_str() {
                Some(oid) => fixes.all.push(Fix {
                    commit: Some(Sha(oid.to_owned())),
                    merged_at: Some(closed.at),
                    repository: elsewhere(reader, &closed.closer),
                    state: Some(ChangeState::Merged),
                    ..Fix::default()
                }),
                None => {
                    reader.gap(
                        Area::Issues,
                        format!("the commit that closed ticket {number} did not come"),
                        None,
                    );
                }
            },
            Some("PullRequest") if !pulls.iter().any(|pull| pull["id"] == closed.closer["id"]) => {
                pulls.push(closed.closer.take());
            }
            // Closed by hand, by a project, or by a pull request that is known already.
            Some(_) | None => {}
        }
    }
    for pull in pulls {
        take(reader, pull, number, &mut fixes);
    }
    fixes.all.sort();
    fixes.all.dedup();
    fixes
}

/// How an issue was last closed.
pub fn closing(reader: &PagedReader<'_>, closed: &ClosedEvent) -> Closing {
    let closer = &closed.closer;
    let place = elsewhere(reader, closer);
    let change = match (closer["__typename"].as_str(), closer["number"].as_u64(), closer["oid"].as_str()) {
        (Some("PullRequest"), Some(number), _) => Some(format!("{}#{number}", place.unwrap_or_default())),
        (Some("Commit"), _, Some(oid)) => {
            Some(place.map_or_else(|| oid.to_owned(), |place| format!("{place}@{oid}")))
        }
        _ => None,
    };
    Closing { by: closed.by.clone(), change }
}

/// `owner/name` of the repository that a change is in, if it is another one.
fn elsewhere(reader: &PagedReader<'_>, change: &Value) -> Option<String> {
    let place = change["repository"]["nameWithOwner"].as_str()?;
    (!place.eq_ignore_ascii_case(&reader.repository.to_string())).then(|| place.to_owned())
}

/// Takes a pull request as a fix. One that was dropped fixes nothing, and is kept to be shown.
fn take(reader: &mut PagedReader<'_>, json: Value, number: &str, fixes: &mut IssueFixes) {
    let pull: PullRequestNode = match serde_path_to_error::deserialize(json) {
        Ok(pull) => pull,
        Err(why) => {
            let (path, why) = (why.path(), why.inner());
            let what = format!("a pull request of ticket {number} could not be read: {path}: {why}");
            reader.gap(Area::Issues, what, None);
            return;
        }
    };
    let Some(state) = pull.state() else {
        unknown_state(reader, &format!("#{} of ticket {number}", pull.number), &pull.state);
        return;
    };
    let is_own = pull.is_own(reader);
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
