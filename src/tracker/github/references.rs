//! What refers to the pull request of a fix: backports, which GitHub links to no issue.
//!
//! One request tells of as many pull requests as a page has. What refers to the issue itself comes with the issue.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::pull;
use super::query;
use super::reader::PagedReader;
use super::ticket::{IssueEntry, MergedPullRequest};
use crate::model::{Area, IssueNumber, PullRequest};

/// Number of further pages of references that are read. More of them point at a pull request that a bot lists everywhere.
const PAGES: usize = 10;

/// Fixes of which it is wanted what refers to them.
#[derive(Default)]
pub(super) struct FixReferences {
    /// By the id of the pull request: its number, and the issues that it fixes.
    wanted: BTreeMap<String, (u64, Vec<IssueNumber>)>,
}

impl FixReferences {
    /// Wants what refers to the fixes of an issue. Those of another repository are not in this one's history.
    pub(super) fn want(&mut self, issue: IssueNumber, merged: &[MergedPullRequest]) {
        for pull in merged.iter().filter(|pull| pull.fix.repository.is_none()) {
            let (_, issues) = self.wanted.entry(pull.id.clone()).or_insert((pull.number, Vec::new()));
            issues.push(issue);
        }
    }

    /// Reads them, and gives each issue what refers to its fixes.
    pub(super) fn finish(
        self,
        reader: &mut PagedReader<'_>,
        entries: &mut BTreeMap<IssueNumber, IssueEntry>,
    ) {
        let all: Vec<_> = self.wanted.into_iter().collect();
        let mut open = all.as_slice();
        while !open.is_empty() {
            let size = open.len().min(reader.page_size as usize);
            let (batch, rest) = open.split_at(size);
            let ids: Vec<&str> = batch.iter().map(|(id, _)| id.as_str()).collect();
            let what = "what refers to fixes";
            match reader.try_ask(Area::Issues, what, &query::references(), &json!({ "pulls": ids })) {
                Ok(mut data) => {
                    for (at, (id, (number, issues))) in batch.iter().enumerate() {
                        let found = of_pull(reader, id, *number, data["pulls"].get_mut(at).map(Value::take));
                        for issue in issues {
                            if let Some(entry) = entries.get_mut(issue) {
                                entry.refer(&found);
                            }
                        }
                    }
                    open = rest;
                }
                Err(error) if reader.halve(&error, size as u32) => {}
                Err(error) => {
                    let count = open.len();
                    let what = format!("what refers to {count} fixes could not be read: {error}");
                    reader.gap(Area::Issues, what, None);
                    return;
                }
            }
        }
    }
}

/// The pull requests that refer to one.
fn of_pull(reader: &mut PagedReader<'_>, id: &str, number: u64, node: Option<Value>) -> Vec<PullRequest> {
    let mut page = node.map_or(Value::Null, |mut node| node["references"].take());
    let mut found = Vec::new();
    for _ in 0..=PAGES {
        let Value::Array(events) = page["nodes"].take() else {
            reader.gap(Area::Issues, format!("what refers to pull request #{number} did not come"), None);
            return found;
        };
        for mut event in events {
            found.extend(source(reader, event["source"].take()));
        }
        let before = match page["pageInfo"]["hasPreviousPage"].as_bool() {
            Some(false) => return found,
            Some(true) => page["pageInfo"]["startCursor"].take(),
            None => Value::Null,
        };
        if !before.is_string() {
            break;
        }
        let (what, variables) =
            (format!("what refers to pull request #{number}"), json!({ "id": id, "before": before }));
        let document = query::pull_references();
        let Some(mut data) = reader.ask(Area::Issues, &what, &document, &variables) else { return found };
        page = data["node"]["references"].take();
    }
    reader.gap(Area::Issues, format!("not everything that refers to pull request #{number} came"), None);
    found
}

/// The pull request that a reference comes from. `None` for an issue, and for what the token may not see.
pub(super) fn source(reader: &mut PagedReader<'_>, source: Value) -> Option<PullRequest> {
    if source["__typename"] != "PullRequest" {
        return None;
    }
    pull::read(reader, source)
}
