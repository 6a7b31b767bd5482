//! Signs that an issue may have changed, other than its own time stamp: pull requests, and the repository's events.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::issue::{IssueEntries, IssueEntry, IssueReferenceNode};
use super::super::issue_list::IssueList;
use super::super::paged_reader::PagedReader;
use super::super::query;
use crate::model::{Fix, IssueNumber};

/// Longest time by which two events may be in the wrong order.
const DISORDER: SignedDuration = SignedDuration::from_mins(1);

/// Pull requests that changed, and the numbers that they mention.
#[derive(Default)]
pub struct ChangedPullRequests {
    changed: BTreeSet<u64>,
    /// Numbers that they close or mention: issues, and the pull requests of fixes.
    named: BTreeSet<u64>,
}

impl ChangedPullRequests {
    /// Returns `true` if a changed pull request closes or mentions an issue or one of its fixes, or did so before.
    pub fn touch(&self, entry: &IssueEntry) -> bool {
        let fixes = || entry.issue.fixes.iter().filter_map(Fix::own_pull_request);
        self.named.contains(&entry.issue.number.0)
            || fixes().any(|fix| self.changed.contains(&fix) || self.named.contains(&fix))
            || entry.referrers.iter().any(|pull| self.changed.contains(&pull.number))
    }
}

/// Reads the pull requests that changed. GitHub does not update an issue when a keyword in the text of a pull request links
/// or unlinks it.
pub fn changed_pull_requests(
    reader: &PagedReader<'_>,
    mut page: Value,
    since: Timestamp,
    most: usize,
) -> Result<ChangedPullRequests, String> {
    let mut pulls = ChangedPullRequests::default();
    loop {
        for pull in page["nodes"].as_array().ok_or("the changed pull requests did not come")? {
            let number = pull["number"].as_u64().ok_or("a pull request came without a number")?;
            // The latest change comes first: all that follow are older.
            if parse_time(&pull["updatedAt"])? < since {
                return Ok(pulls);
            }
            pulls.changed.insert(number);
            // An absent text is an error; null stands for an empty one.
            let text = |key: &str| pull.get(key).map(|text| text.as_str().unwrap_or_default());
            let (Some(title), Some(body)) = (text("title"), text("body")) else {
                return Err(format!("pull request {number} came without its text"));
            };
            pulls.named.extend(numbers_in(title).chain(numbers_in(body)));
            let closes = &pull["closingIssuesReferences"];
            if closes["pageInfo"]["hasNextPage"] != json!(false) {
                return Err(format!("pull request {number} closes more issues than fit a page"));
            }
            for issue in closes["nodes"].as_array().ok_or("what a pull request closes did not come")? {
                let issue = IssueReferenceNode::deserialize(issue).map_err(|why| why.to_string())?;
                if reader.is_own(&issue.repository.name_with_owner) {
                    pulls.named.insert(issue.number);
                }
            }
        }
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            return Ok(pulls);
        }
        if pulls.changed.len() > most {
            return Err(format!("more than {most} pull requests changed"));
        }
        let mut variables = reader.names();
        variables["after"] = page["pageInfo"]["endCursor"].take();
        if !variables["after"].is_string() {
            return Err("the next page of pull requests cannot be asked for".to_owned());
        }
        let query = query::changed_pull_requests_query();
        page = reader.ask_complete(&query, &variables)?["repository"]["pulls"].take();
    }
}

/// Returns the numbers that a text may refer to: `#12`, `GH-12`, `…/pull/12`, `…/issues/12`. A number too many does no harm.
fn numbers_in(text: &str) -> impl Iterator<Item = u64> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .filter_map(|digits| digits.parse().ok())
}

/// Returns the issues with an event, with their ids: those that the lists may hold. Events include a pull request that is
/// linked by hand, and every change of labels.
pub fn issues_with_events(
    reader: &PagedReader<'_>,
    entries: &IssueEntries,
    lists: &[IssueList],
    since: Timestamp,
    most: usize,
) -> Result<BTreeMap<IssueNumber, String>, String> {
    // GraphQL has no list of a repository's events.
    let path = format!("/repos/{}/issues/events?per_page=100", reader.repository);
    let (mut found, mut seen, mut newer) = (BTreeMap::new(), 0, None);
    for page in reader.client.pages(&path) {
        let page = page.map_err(|error| error.to_string())?.json;
        for event in page.as_array().ok_or("the events of the repository are not a list")? {
            let at = parse_time(&event["created_at"])?;
            if newer.is_some_and(|newer| at.duration_since(newer) > DISORDER) {
                return Err("the events of the repository are not in order".to_owned());
            }
            if at < since {
                return Ok(found);
            }
            newer = Some(at);
            let issue = &event["issue"];
            // Pull requests are read in every run.
            if issue["pull_request"].is_object() {
                continue;
            }
            let (Some(number), Some(id)) = (issue["number"].as_u64(), issue["node_id"].as_str()) else {
                return Err("an event came without its issue".to_owned());
            };
            let labels = issue["labels"].as_array().map(Vec::as_slice).unwrap_or_default();
            let kind = issue["type"]["name"].as_str();
            let milestone = issue["milestone"]["title"].as_str();
            let is_listed = |list: &IssueList| {
                list.holds(labels.iter().filter_map(|label| label["name"].as_str()), kind, milestone)
            };
            let number = IssueNumber(number);
            if entries.contains_key(&number) || lists.iter().any(is_listed) {
                found.insert(number, id.to_owned());
            }
        }
        seen += 100;
        if seen > most {
            return Err(format!("more than {most} events happened"));
        }
    }
    Ok(found)
}

fn parse_time(text: &Value) -> Result<Timestamp, String> {
    text.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| format!("{text} is not a time"))
}
