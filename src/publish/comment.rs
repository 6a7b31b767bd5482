//! The sticky comment of a pull request: one per gate, found by a hidden marker, written only when its text changes.
//!
//! Anyone can write the marker into a comment, so only comments of this token count. Two jobs may create a comment at the
//! same time. Therefore each looks again after creating: the oldest comment stays and takes the newest text.

#[cfg(test)]
mod tests;

use std::cell::OnceCell;

use serde_json::{Value, json};

use super::publication::{Publication, WriteCondition, stamped_counts};
use super::published::{
    PublishAction, PublishError, Published, check_length, is_same_text, list_entries, retry, unclear,
};
use crate::github::{ApiError, Client, percent_encode};

/// Largest number of characters in a comment, with the marker.
pub const LIMIT: usize = 65_536;

/// Number of looks for a comment that other writers delete.
// A writer that deletes the comment each time does so on purpose. Five looks bridge every race.
const LOOKS: u32 = 5;

/// Asks which comments this token wrote.
const AUTHORS: &str = "\
query Authors($ids: [ID!]!) {
  rateLimit { cost }
  nodes(ids: $ids) { ... on IssueComment { id viewerDidAuthor } }
}";

/// Largest number of ids that GitHub takes in one request.
const BATCH: usize = 100;

/// A comment as REST shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PostedComment {
    id: u64,
    node: String,
    url: String,
    body: String,
}

/// Returns the GraphQL documents of publishing, by name, for checking against a schema.
pub fn publish_documents() -> Vec<(&'static str, String)> {
    vec![("authors", AUTHORS.to_owned())]
}

/// Returns the hidden first line of a gate's comment. The encoding keeps an id from ending the HTML comment.
pub fn comment_marker(gate_id: &str) -> String {
    format!("<!-- escape-gate:{} -->", percent_encode(gate_id))
}

/// Gives the pull request one comment of this gate with this text. Without a comment, [`WriteCondition::Present`] creates
/// none.
///
/// # Errors
/// If the text is too long, or the server refuses or fails.
pub fn upsert_comment(
    client: &Client,
    repository: &str,
    pull_request: u64,
    wanted: &Publication<'_>,
) -> Result<Published, PublishError> {
    let marker = comment_marker(wanted.gate_id);
    check_length(&format!("{marker}\n{}", wanted.marked()), LIMIT, "a comment")?;
    let earlier = OnceCell::new();
    let target = CommentTarget { client, repository, pull_request, marker: &marker, earlier };
    // `retry` is for failures of the network. A deleted comment is none, so it has a loop of its
    // own.
    let write = || retry(client, || target.write_once(wanted));
    // Another writer may delete the comment between the look and the change: look again.
    let is_deleted = |result: &Result<Published, PublishError>| matches!(result, Err(PublishError::Api(ApiError::NotFound { place, .. })) if place.starts_with("PATCH"));
    (1..LOOKS).map(|_| write()).find(|result| !is_deleted(result)).unwrap_or_else(write)
}

/// The pull request, and the marker of its comment.
struct CommentTarget<'a> {
    client: &'a Client,
    repository: &'a str,
    pull_request: u64,
    marker: &'a str,
    /// Counts of the comment at the first look. A repeated attempt may find the comment that it wrote.
    earlier: OnceCell<Option<String>>,
}

impl CommentTarget<'_> {
    /// Looks, then creates, changes or keeps the comment. Safe to repeat at any point.
    fn write_once(&self, wanted: &Publication<'_>) -> Result<Published, PublishError> {
        let mut mine = self.find()?;
        let mut action = PublishAction::Updated;
        if mine.is_empty() {
            if wanted.when == WriteCondition::Present {
                return Ok(Published::new("", PublishAction::Skipped));
            }
            // As late as possible: a push between the evaluation and now makes the text outdated.
            wanted.evaluated.confirm(self.client, self.repository, None)?;
            self.earlier.get_or_init(|| None);
            let created = self.create(&self.text(wanted))?;
            action = PublishAction::Created;
            mine = self.find()?;
            // GitHub's list may lag behind.
            if mine.iter().all(|comment| comment.id != created.id) {
                mine.push(created);
            }
            mine.sort_by_key(|comment| comment.id);
        }
        // Two runs may create a comment at the same moment. The oldest stays, because people may
        // have linked to it.
        let Some((oldest, others)) = mine.split_first() else {
            return Err(unclear("the comment is not where it was created"));
        };
        let present = oldest.body.split_once('\n').map_or("", |(_, rest)| rest);
        self.earlier.get_or_init(|| stamped_counts(present));
        let text = self.text(wanted);
        if !is_same_text(&oldest.body, &text) && !wanted.may_stay(present) {
            if let Err(newer) = wanted.outranks(present) {
                // No other run would remove the comment that this run has just created.
                others.iter().for_each(|other| drop(self.remove(other)));
                return Err(newer);
            }
            wanted.evaluated.confirm(self.client, self.repository, None)?;
            let path = format!("/repos/{}/issues/comments/{}", self.repository, oldest.id);
            self.client.patch(&path, &json!({ "body": text }))?;
        } else if action == PublishAction::Updated {
            action = PublishAction::Unchanged;
        }
        let notes = others.iter().filter_map(|other| self.remove(other)).collect();
        Ok(Published { url: oldest.url.clone(), action, notes })
    }

    /// Returns the comment's text, with the differences from the comment at the first look.
    fn text(&self, wanted: &Publication<'_>) -> String {
        let earlier = self.earlier.get().and_then(Option::as_deref);
        format!("{}\n{}", self.marker, wanted.marked_since(earlier))
    }

    fn create(&self, text: &str) -> Result<PostedComment, PublishError> {
        let path = format!("/repos/{}/issues/{}/comments", self.repository, self.pull_request);
        let created = self.client.post(&path, &json!({ "body": text }))?;
        parse_comment(&created.json).ok_or_else(|| unclear("the server does not say what it created"))
    }

    /// Removes a duplicate. Returns a note if that fails: the gate's text is in its place all the same.
    fn remove(&self, duplicate: &PostedComment) -> Option<String> {
        let path = format!("/repos/{}/issues/comments/{}", self.repository, duplicate.id);
        match self.client.delete(&path) {
            Ok(_) | Err(ApiError::NotFound { .. }) => None,
            Err(error) => Some(format!("the duplicate comment {} is still there: {error}", duplicate.url)),
        }
    }

    /// Finds this gate's comments by this token, the oldest first.
    fn find(&self) -> Result<Vec<PostedComment>, PublishError> {
        let path = format!("/repos/{}/issues/{}/comments?per_page=100", self.repository, self.pull_request);
        let mut marked = Vec::new();
        for entry in list_entries(self.client, &path, "comments") {
            let entry = entry?;
            // A comment without a text cannot hold the marker.
            let text = entry["body"].as_str().unwrap_or("");
            // Only the first line: a comment that quotes the gate's comment contains the marker
            // too.
            if text.lines().next().is_some_and(|line| line.trim() == self.marker) {
                marked.push(parse_comment(&entry).ok_or_else(|| unclear("a comment came without its id"))?);
            }
        }
        let mut mine = Vec::new();
        for batch in marked.chunks(BATCH) {
            // Anyone can write the marker into a comment. Changing a comment of another account
            // fails, and deleting it would be wrong.
            let own = self.own(batch)?;
            mine.extend(batch.iter().zip(own).filter(|(_, own)| *own).map(|(comment, _)| comment.clone()));
        }
        mine.sort_by_key(|comment| comment.id);
        Ok(mine)
    }

    /// Returns for each comment whether this token wrote it. A deleted comment counts as not written by it.
    fn own(&self, comments: &[PostedComment]) -> Result<Vec<bool>, PublishError> {
        let ids: Vec<&str> = comments.iter().map(|comment| comment.node.as_str()).collect();
        let answer = self.client.graphql(AUTHORS, &json!({ "ids": ids }))?;
        let unknown =
            |why: &dyn std::fmt::Display| unclear(format!("who wrote the comments is not known: {why}"));
        if let Some(error) = answer.errors.iter().find(|error| error.kind.as_deref() != Some("NOT_FOUND")) {
            return Err(unknown(error));
        }
        let nodes = answer.data["nodes"].as_array().filter(|nodes| nodes.len() == comments.len());
        let own = nodes.and_then(|nodes| {
            nodes
                .iter()
                .map(|node| if node.is_null() { Some(false) } else { node["viewerDidAuthor"].as_bool() })
                .collect()
        });
        own.ok_or_else(|| unknown(&"the answer is not complete"))
    }
}

/// Parses a comment. `None` if it is malformed.
fn parse_comment(json: &Value) -> Option<PostedComment> {
    Some(PostedComment {
        id: json["id"].as_u64()?,
        node: json["node_id"].as_str()?.to_owned(),
        url: json["html_url"].as_str()?.to_owned(),
        body: json["body"].as_str()?.to_owned(),
    })
}
