//! Results of `git bisect` in the comments of issues.
//!
//! They are read in every run and never cached: an issue does not change when a comment is hidden, or when its author
//! leaves the repository.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::issue::{IssueEntries, IssueEntry};
use super::paged_reader::PagedReader;
use super::query;
use crate::github::GraphqlError;
use crate::model::{Area, Bisect, Bisects, FirstBad, Issue, IssueNumber};

/// Reads the results in the comments of the wanted issues: one request for a page of issues, and one for each further
/// hundred comments of an issue. A failure belongs to its issue and is no gap: it matters only if nothing else says where
/// the defect came from.
pub(super) fn collect_bisects(
    reader: &mut PagedReader<'_>,
    entries: &IssueEntries,
    wanted: &dyn Fn(&Issue) -> bool,
) -> BTreeMap<IssueNumber, Bisects> {
    let wanted: Vec<&IssueEntry> = entries.values().filter(|entry| wanted(&entry.issue)).collect();
    let mut found = BTreeMap::new();
    let read = reader.in_batches(&wanted, |reader, batch| {
        let ids: Vec<&str> = batch.iter().map(|entry| entry.id.as_str()).collect();
        let mut answer = reader.client.graphql(&query::comments_query(), &json!({ "ids": ids }))?;
        for (at, entry) in batch.iter().enumerate() {
            let bisects = match answer.errors.iter().find(|error| concerns(error, at)) {
                Some(error) => unread_bisects(error.to_string()),
                None => issue_bisects(reader, &entry.id, answer.data["nodes"][at].take()),
            };
            found.insert(entry.issue.number, bisects);
        }
        Ok(())
    });
    if let Err((left, error)) = read {
        let unread = &wanted[wanted.len() - left..];
        found.extend(unread.iter().map(|entry| (entry.issue.number, unread_bisects(error.to_string()))));
    }
    found
}

/// Returns `true` unless an error is about another issue of a batch than the one at this position.
fn concerns(error: &GraphqlError, at: usize) -> bool {
    let mut steps = error.path.split('.');
    // In `nodes.3.comments`, the second step is the place in the batch.
    let is_of_one = steps.next() == Some("nodes");
    !is_of_one || steps.next().is_none_or(|step| step == at.to_string())
}

fn unread_bisects(why: String) -> Bisects {
    Bisects { found: Vec::new(), unread: Some(why) }
}

/// Reads the results in all comments of an issue.
fn issue_bisects(reader: &mut PagedReader<'_>, id: &str, mut node: Value) -> Bisects {
    if node["id"].as_str() != Some(id) {
        return unread_bisects("the issue did not come".to_owned());
    }
    // The list reader reports a failure as a gap, and here it belongs to the issue.
    let gaps = std::mem::take(&mut reader.gaps);
    let (first, query) = (Some(node["comments"].take()), query::issue_comments_query());
    let variables = json!({ "id": id });
    let comments =
        reader.rest_of_list(Area::Origins, "comments", first, &query, &variables, "/node/comments");
    let missing = std::mem::replace(&mut reader.gaps, gaps).pop_first();
    let mut bisects = Bisects { found: Vec::new(), unread: missing.map(|gap| gap.what) };
    for comment in comments {
        match parse_bisect_comment(&comment) {
            Some(found) => bisects.found.extend(found),
            None => {
                bisects.unread = Some("a comment came without its text, its time or its author".to_owned())
            }
        }
    }
    bisects
}

/// Parses the result in a comment: `Some(None)` for a comment without one, `None` if the comment is malformed.
fn parse_bisect_comment(comment: &Value) -> Option<Option<Bisect>> {
    let text = |key: &str| comment[key].as_str();
    let Some(result) = FirstBad::read(text("body")?) else { return Some(None) };
    Some(Some(Bisect {
        created_at: text("createdAt")?.parse().ok()?,
        url: text("url")?.to_owned(),
        // An absent author is malformed; null stands for a deleted account.
        by: comment.get("author")?["login"].as_str().map(str::to_owned),
        association: text("authorAssociation")?.to_owned(),
        hidden: comment["isMinimized"].as_bool()?,
        result,
    }))
}
