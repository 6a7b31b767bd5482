//! The changes that close a ticket.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::query;
use super::super::reader::{Listing, Reader};
use super::Home;
use crate::model::{Area, Fix, Sha};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pull {
    id: String,
    number: u64,
    state: String,
    #[serde(default)]
    merged_at: Option<Timestamp>,
    #[serde(default)]
    merge_commit: Option<Commit>,
    repository: Home,
}

#[derive(Deserialize)]
struct Commit {
    oid: String,
}

/// The changes that close a ticket.
pub struct Fixes {
    /// All of them.
    pub all: Vec<Fix>,
    /// Those that came by a merged pull request.
    pub merged: Vec<Merged>,
    /// True if one of them is open, or lies in another repository: such a one changes without the ticket being touched.
    pub may_change: bool,
}

/// A merged pull request, of which the files may be asked for.
pub struct Merged {
    /// GitHub's name for it over all repositories.
    pub id: String,
    /// Its number, for a person.
    pub number: u64,
    /// The fix that it is.
    pub fix: Fix,
}

/// The changes that close a ticket: linked pull requests that are open or merged, and what closed it last. The files of
/// the pull requests are still to be read.
pub fn read(
    reader: &mut Reader<'_>,
    id: &str,
    number: &str,
    first: Value,
    closed: Option<(Timestamp, Value)>,
) -> Fixes {
    let listing = Listing::new(Area::Issues, format!("pull requests of ticket {number}"));
    let pointer = "/node/closedByPullRequestsReferences";
    let mut pulls = reader.list(listing, first, &query::ticket_pulls(), &json!({ "id": id }), pointer);
    let mut fixes = Fixes { all: Vec::new(), merged: Vec::new(), may_change: false };
    if let Some((at, closer)) = closed {
        match closer["__typename"].as_str() {
            Some("Commit") => match closer["oid"].as_str() {
                Some(oid) => fixes.all.push(Fix {
                    pull_request: None,
                    commit: Some(Sha(oid.to_owned())),
                    merged_at: Some(at),
                    files: Vec::new(),
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
            Some("PullRequest") if !pulls.iter().any(|pull| pull["id"] == closer["id"]) => pulls.push(closer),
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

/// Takes a pull request as a fix, unless it was closed without merging.
fn take(reader: &mut Reader<'_>, json: Value, number: &str, fixes: &mut Fixes) {
    let pull: Pull = match serde_path_to_error::deserialize(json) {
        Ok(pull) => pull,
        Err(why) => {
            let (path, why) = (why.path(), why.inner());
            let what = format!("a pull request of ticket {number} could not be read: {path}: {why}");
            reader.gap(Area::Issues, what, None);
            return;
        }
    };
    let here = pull.repository.name_with_owner.eq_ignore_ascii_case(&reader.repository.to_string());
    let merged = pull.state == "MERGED";
    fixes.may_change |= pull.state == "OPEN" || !here;
    if !merged && pull.state != "OPEN" {
        return;
    }
    let fix = Fix {
        // A number of another repository would name something else here.
        pull_request: here.then_some(pull.number),
        commit: pull.merge_commit.filter(|_| merged).map(|commit| Sha(commit.oid)),
        merged_at: pull.merged_at.filter(|_| merged),
        files: Vec::new(),
        ..Fix::default()
    };
    if merged {
        fixes.merged.push(Merged { id: pull.id, number: pull.number, fix: fix.clone() });
    }
    fixes.all.push(fix);
}
