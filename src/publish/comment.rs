//! The sticky comment of a pull request: one a gate, found again by a hidden marker, changed only when its text changes.
//!
//! Anyone can write the marker into a comment, so a comment is ours only if this token wrote it. Two jobs may both
//! create one: after creating, each looks again, the oldest stays and takes the newer text.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::outcome::{PublishAction, PublishError, Published, same, within};
use super::text::{Publication, WriteCondition};
use crate::github::{ApiError, Client, encode};

/// The most characters that a comment holds, the marker included.
pub const LIMIT: usize = 65_536;

/// How often a comment that others delete or write is looked for again.
const LOOKS: u32 = 5;

/// Whether comments are written by the one who asks.
const AUTHORS: &str = "\
query Authors($ids: [ID!]!) {
  rateLimit { cost }
  nodes(ids: $ids) { ... on IssueComment { id viewerDidAuthor } }
}";

/// How many comments are asked about at once.
const BATCH: usize = 100;

/// A comment of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PostedComment {
    id: u64,
    node: String,
    url: String,
    body: String,
}

/// The GraphQL documents that publishing sends, by name, for checking against a schema.
pub fn documents() -> Vec<(&'static str, String)> {
    vec![("authors", AUTHORS.to_owned())]
}

/// The hidden first line of a gate's comment. No id can end the HTML comment it stands in.
pub fn marker(gate_id: &str) -> String {
    format!("<!-- escape-gate:{} -->", encode(gate_id))
}

/// Makes sure that the pull request has one comment of this gate, with this text; or none, if it is not wanted.
///
/// # Errors
/// If the text is too long, or the server refuses or fails; nothing is written twice for that.
pub fn upsert(
    client: &Client,
    repository: &str,
    pull_request: u64,
    wanted: &Publication<'_>,
) -> Result<Published, PublishError> {
    let marker = marker(wanted.gate_id);
    let text = format!("{marker}\n{}", wanted.marked());
    within(&text, LIMIT, "a comment")?;
    let place = CommentTarget { client, repository, pull_request, marker: &marker };
    let mut attempt = 1;
    loop {
        let error = match place.settle(wanted, &text) {
            Ok(published) => return Ok(published),
            Err(error) => error,
        };
        // Somebody deleted the comment between the look and the change: another look settles it.
        let deleted = matches!(&error, PublishError::Api(ApiError::NotFound { place, .. }) if place.starts_with("PATCH"));
        let again = if deleted { attempt < LOOKS } else { error.pause(client, attempt) };
        if !again {
            return Err(error);
        }
        attempt += 1;
    }
}

/// Where the comment belongs.
struct CommentTarget<'a> {
    client: &'a Client,
    repository: &'a str,
    pull_request: u64,
    marker: &'a str,
}

impl CommentTarget<'_> {
    /// Looks, then creates, changes or leaves alone. Safe to repeat at any point.
    fn settle(&self, wanted: &Publication<'_>, text: &str) -> Result<Published, PublishError> {
        let mut mine = self.find()?;
        let mut action = PublishAction::Updated;
        if mine.is_empty() {
            if wanted.when == WriteCondition::Present {
                return Ok(Published {
                    url: String::new(),
                    action: PublishAction::Skipped,
                    notes: Vec::new(),
                });
            }
            wanted.judged.confirm(self.client, self.repository, None)?;
            let created = self.create(text)?;
            action = PublishAction::Created;
            mine = self.find()?;
            // A list may lag behind.
            if mine.iter().all(|comment| comment.id != created.id) {
                mine.push(created);
            }
            mine.sort_by_key(|comment| comment.id);
        }
        let Some((oldest, others)) = mine.split_first() else {
            return Err(PublishError::Unclear { what: "the comment is not where it was created".to_owned() });
        };
        let there = oldest.body.split_once('\n').map_or("", |(_, rest)| rest);
        if !same(&oldest.body, text) && !wanted.may_stay(there) {
            if let Err(newer) = wanted.outranks(there) {
                // Nobody else would remove the one that this run has just created.
                others.iter().for_each(|other| drop(self.remove(other)));
                return Err(newer);
            }
            wanted.judged.confirm(self.client, self.repository, None)?;
            let path = format!("/repos/{}/issues/comments/{}", self.repository, oldest.id);
            self.client.patch(&path, &json!({ "body": text }))?;
        } else if action == PublishAction::Updated {
            action = PublishAction::Unchanged;
        }
        let notes = others.iter().filter_map(|other| self.remove(other)).collect();
        Ok(Published { url: oldest.url.clone(), action, notes })
    }

    /// Creates a comment.
    fn create(&self, text: &str) -> Result<PostedComment, PublishError> {
        let path = format!("/repos/{}/issues/{}/comments", self.repository, self.pull_request);
        let created = self.client.post(&path, &json!({ "body": text }))?;
        comment(&created.json).ok_or_else(|| PublishError::Unclear {
            what: "the server does not say what it created".to_owned(),
        })
    }

    /// Removes a duplicate. That it could not be removed is worth a note, and no failure.
    fn remove(&self, duplicate: &PostedComment) -> Option<String> {
        let path = format!("/repos/{}/issues/comments/{}", self.repository, duplicate.id);
        match self.client.delete(&path) {
            Ok(_) | Err(ApiError::NotFound { .. }) => None,
            Err(error) => Some(format!("the duplicate comment {} is still there: {error}", duplicate.url)),
        }
    }

    /// This gate's comments by this token, over all pages, the oldest first.
    fn find(&self) -> Result<Vec<PostedComment>, PublishError> {
        let path = format!("/repos/{}/issues/{}/comments?per_page=100", self.repository, self.pull_request);
        let unclear = |what: &str| PublishError::Unclear { what: what.to_owned() };
        let mut marked = Vec::new();
        for page in self.client.pages(&path) {
            let page = page?.json;
            for entry in page.as_array().ok_or_else(|| unclear("the comments are not a list"))? {
                // A comment without a text cannot hold the marker.
                let text = entry["body"].as_str().unwrap_or("");
                if text.lines().next().is_some_and(|line| line.trim() == self.marker) {
                    marked.push(comment(entry).ok_or_else(|| unclear("a comment came without its id"))?);
                }
            }
        }
        let mut mine = Vec::new();
        for batch in marked.chunks(BATCH) {
            let own = self.own(batch)?;
            mine.extend(batch.iter().zip(own).filter(|(_, own)| *own).map(|(comment, _)| comment.clone()));
        }
        mine.sort_by_key(|comment| comment.id);
        Ok(mine)
    }

    /// Which of these comments this token wrote. Deleted ones are not ours any more.
    fn own(&self, comments: &[PostedComment]) -> Result<Vec<bool>, PublishError> {
        let ids: Vec<&str> = comments.iter().map(|comment| comment.node.as_str()).collect();
        let answer = self.client.graphql(AUTHORS, &json!({ "ids": ids }))?;
        let unclear = |why: &dyn std::fmt::Display| PublishError::Unclear {
            what: format!("who wrote the comments is not known: {why}"),
        };
        if let Some(error) = answer.errors.iter().find(|error| error.kind.as_deref() != Some("NOT_FOUND")) {
            return Err(unclear(error));
        }
        let nodes = answer.data["nodes"].as_array().filter(|nodes| nodes.len() == comments.len());
        let nodes = nodes.ok_or_else(|| unclear(&"the answer is not complete"))?;
        nodes
            .iter()
            .map(|node| {
                if node.is_null() {
                    return Ok(false);
                }
                node["viewerDidAuthor"].as_bool().ok_or_else(|| unclear(&"the answer is not complete"))
            })
            .collect()
    }
}

/// A comment as REST shows it.
fn comment(json: &Value) -> Option<PostedComment> {
    Some(PostedComment {
        id: json["id"].as_u64()?,
        node: json["node_id"].as_str()?.to_owned(),
        url: json["html_url"].as_str()?.to_owned(),
        body: json["body"].as_str()?.to_owned(),
    })
}
