//! Results of `git bisect` in the comments of tickets.
//!
//! They are read in every run, and no cache holds them: that a comment was hidden, or that its author belongs to the
//! repository no more, does not touch the ticket.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::query;
use super::reader::{PagedList, PagedReader};
use super::ticket::IssueEntry;
use crate::github::GraphqlError;
use crate::model::{Area, Bisect, Bisects, FirstBad, Issue, IssueNumber};

/// What the comments of the wanted tickets say: a request for as many tickets as a page has, and one for each further
/// hundred comments of one of them. What did not come is told of each ticket, for it matters only where nothing else says
/// where the defect came from.
pub(super) fn gather(
    reader: &mut PagedReader<'_>,
    entries: &BTreeMap<IssueNumber, IssueEntry>,
    wanted: &dyn Fn(&Issue) -> bool,
) -> BTreeMap<IssueNumber, Bisects> {
    let wanted = entries.values().filter(|entry| wanted(&entry.ticket));
    let all: Vec<(IssueNumber, &str)> =
        wanted.map(|entry| (entry.ticket.number, entry.id.as_str())).collect();
    let (mut found, mut open) = (BTreeMap::new(), all.as_slice());
    while !open.is_empty() {
        let size = open.len().min(reader.page_size as usize);
        let (batch, rest) = open.split_at(size);
        let ids: Vec<&str> = batch.iter().map(|(_, id)| *id).collect();
        match reader.client.graphql(&query::comments(), &json!({ "ids": ids })) {
            Ok(mut answer) => {
                for (at, (number, id)) in batch.iter().enumerate() {
                    let bisects = match answer.errors.iter().find(|error| concerns(error, at)) {
                        Some(error) => unread(error.to_string()),
                        None => of_ticket(reader, id, answer.data["nodes"][at].take()),
                    };
                    found.insert(*number, bisects);
                }
                open = rest;
            }
            Err(error) if reader.halve(&error, size as u32) => {}
            Err(error) => {
                found.extend(open.iter().map(|(number, _)| (*number, unread(error.to_string()))));
                break;
            }
        }
    }
    found
}

/// True unless an error is about another ticket of a batch than this.
fn concerns(error: &GraphqlError, at: usize) -> bool {
    let mut steps = error.path.split('.');
    let is_of_one = steps.next() == Some("nodes");
    !is_of_one || steps.next().is_none_or(|step| step == at.to_string())
}

fn unread(why: String) -> Bisects {
    Bisects { found: Vec::new(), unread: Some(why) }
}

/// What all comments of a ticket say.
fn of_ticket(reader: &mut PagedReader<'_>, id: &str, mut node: Value) -> Bisects {
    if node["id"].as_str() != Some(id) {
        return unread("the ticket did not come".to_owned());
    }
    let gaps = std::mem::take(&mut reader.gaps);
    let listing = PagedList::new(Area::Origins, "comments");
    let first = node["comments"].take();
    let comments =
        reader.list(listing, first, &query::ticket_comments(), &json!({ "id": id }), "/node/comments");
    let missing = std::mem::replace(&mut reader.gaps, gaps).pop_first();
    let mut bisects = Bisects { found: Vec::new(), unread: missing.map(|gap| gap.what) };
    for comment in comments {
        match read(&comment) {
            Some(found) => bisects.found.extend(found),
            None => {
                bisects.unread = Some("a comment came without its text, its time or its author".to_owned())
            }
        }
    }
    bisects
}

/// A comment's result, if it has one; none if the comment is not what comments look like.
fn read(comment: &Value) -> Option<Option<Bisect>> {
    let text = |key: &str| comment[key].as_str();
    let Some(result) = FirstBad::read(text("body")?) else { return Some(None) };
    Some(Some(Bisect {
        created_at: text("createdAt")?.parse().ok()?,
        url: text("url")?.to_owned(),
        // Absent is not the same as null, which stands for an account that is gone.
        by: comment.get("author")?["login"].as_str().map(str::to_owned),
        association: text("authorAssociation")?.to_owned(),
        hidden: comment["isMinimized"].as_bool()?,
        result,
    }))
}
