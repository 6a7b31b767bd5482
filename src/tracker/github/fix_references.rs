//! Pull requests that refer to the pull request of a fix: backports, which GitHub links to no issue.
//!
//! One request covers as many pull requests as a page has. References to an issue itself come with the issue.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::issue::{IssueEntries, MergedPullRequest};
use super::paged_reader::PagedReader;
use super::pull_request::referring_pull_request;
use super::query;
use crate::model::{Area, IssueNumber, PullRequest};

/// Fixes whose referring pull requests are wanted.
#[derive(Default)]
pub(super) struct FixReferences {
    /// Number of the pull request and the issues that it fixes, by the pull request's GraphQL id.
    wanted: BTreeMap<String, (u64, Vec<IssueNumber>)>,
}

impl FixReferences {
    /// Adds the fixes of an issue, except those of another repository: its commits are not in this history.
    pub(super) fn want(&mut self, issue: IssueNumber, merged: &[MergedPullRequest]) {
        for pull in merged.iter().filter(|pull| pull.fix.repository.is_none()) {
            let (_, issues) = self.wanted.entry(pull.id.clone()).or_insert((pull.number, Vec::new()));
            issues.push(issue);
        }
    }

    /// Reads the references, and adds them to the issues.
    pub(super) fn finish(self, reader: &mut PagedReader<'_>, entries: &mut IssueEntries) {
        let all: Vec<_> = self.wanted.into_iter().collect();
        let read = reader.in_batches(&all, |reader, batch| {
            let ids: Vec<&str> = batch.iter().map(|(id, _)| id.as_str()).collect();
            let (query, variables) = (query::fix_references_query(), json!({ "pulls": ids }));
            let mut data = reader.try_ask(Area::Issues, "references to fixes", &query, &variables)?;
            for (at, (id, (number, issues))) in batch.iter().enumerate() {
                // GitHub returns `nodes` in the order of the ids, with null for an absent one.
                let last = data["pulls"].get_mut(at).map_or(Value::Null, |node| node["references"].take());
                let found = pull_request_referrers(reader, id, *number, last);
                for issue in issues {
                    if let Some(entry) = entries.get_mut(issue) {
                        entry.refer(&found);
                    }
                }
            }
            Ok(())
        });
        if let Err((left, error)) = read {
            reader.issue_gap(format!("references to {left} fixes could not be read: {error}"));
        }
    }
}

/// Returns the pull requests that refer to a pull request. `last` is the last page of its references.
fn pull_request_referrers(
    reader: &mut PagedReader<'_>,
    id: &str,
    number: u64,
    last: Value,
) -> Vec<PullRequest> {
    let what = format!("references to pull request #{number}");
    let query = query::pull_request_references_query();
    let (events, more) = reader.timeline(&what, id, last, &query, "/node/references");
    if more {
        reader.issue_gap(format!("not all {what} came"));
    }
    let sources = events.into_iter().map(|mut event| event["source"].take());
    sources.filter_map(|source| referring_pull_request(reader, source)).collect()
}
