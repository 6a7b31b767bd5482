//! Comments by which maintainers override rules, and the roles of their authors.
//!
//! An unread comment or role can only keep an override from counting, so it is a warning and not a gap.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::paged_reader::PagedReader;
use super::query;
use crate::github::percent_encode;
use crate::model::{Candidate, Override, OverrideCommand, Sha, has_visible_text};
use crate::tracker::CollectionRequest;

/// Largest number of authors whose role is read. Anyone can comment, and each role costs a request.
const MOST_AUTHORS: usize = 10;

/// Reads the overrides on the candidate's pull request, on those of its group, or on the one that was merged as its commit.
/// `None` if the request wants none, or no pull request was read.
pub(super) fn collect_overrides(
    reader: &mut PagedReader<'_>,
    candidate: &Candidate,
    request: &CollectionRequest<'_>,
) -> Option<Vec<Override>> {
    let needs_role = request.overrides?;
    let head = candidate.head.as_ref()?;
    // A group has its own commit, which nobody can name in advance: its pull requests are overridden at their heads.
    let wanted: Vec<(Option<u64>, &Sha)> = match candidate.merge_group.as_slice() {
        [] => vec![(candidate.pull_request, head)],
        group => group.iter().map(|queued| (Some(queued.number), &queued.head)).collect(),
    };
    let mut overrides = Vec::new();
    let mut heads = BTreeMap::new();
    for (number, head) in wanted {
        let Some(pull) = commented_pull_request(reader, number, head) else { continue };
        let comments = newest_comments(reader, &pull);
        overrides.extend(comments.iter().filter_map(|comment| parse_override(reader, comment, &pull)));
        heads.extend(pull["number"].as_u64().map(|number| (number, head)));
    }
    if heads.is_empty() {
        return None;
    }
    read_roles(reader, &mut overrides, &heads, needs_role);
    Some(overrides)
}

/// Reads the pull request with its newest comments. `None` if there is none; also, with a warning, if it could not be read.
fn commented_pull_request(reader: &mut PagedReader<'_>, number: Option<u64>, head: &Sha) -> Option<Value> {
    let mut variables = reader.names();
    let query = match number {
        Some(number) => {
            variables["number"] = json!(number);
            query::PULL_COMMENTS
        }
        None => {
            variables["commit"] = json!(head.0);
            query::COMMIT_COMMENTS
        }
    };
    let (mut data, problem) = match reader.client.graphql(query, &variables) {
        Ok(answer) => (answer.data, answer.errors.first().map(ToString::to_string)),
        Err(error) => (Value::Null, Some(error.to_string())),
    };
    if let Some(problem) = problem {
        let remedy = "give the token `pull-requests: read`";
        reader.warn(format!(
            "overrides could not be read, so none of those unread counts: {problem}; {remedy}"
        ));
    }
    let repository = &mut data["repository"];
    if number.is_some() {
        return Some(repository["pullRequest"].take()).filter(Value::is_object);
    }
    let Value::Array(pulls) = repository["object"]["associatedPullRequests"]["nodes"].take() else {
        return None;
    };
    // GitHub also associates pull requests that only contain the commit.
    pulls.into_iter().find(|pull| pull["mergeCommit"]["oid"] == head.0.as_str())
}

/// Returns the newest comments of a pull request.
fn newest_comments(reader: &mut PagedReader<'_>, pull: &Value) -> Vec<Value> {
    let list = &pull["comments"];
    let nodes = list["nodes"].as_array().cloned().unwrap_or_default();
    if list["totalCount"].as_u64().is_none_or(|total| total > nodes.len() as u64) {
        reader.warn(format!(
            "only the newest {} comments of pull request {} were read: an older override does not count",
            nodes.len(),
            pull["number"]
        ));
    }
    nodes
}

/// Parses a comment. `None` if it is no override.
fn parse_override(reader: &mut PagedReader<'_>, comment: &Value, pull: &Value) -> Option<Override> {
    let command = OverrideCommand::read(comment["body"].as_str()?)?;
    let time = |key: &str| comment[key].as_str().and_then(|at| at.parse::<Timestamp>().ok());
    let (Some(url), Some(created_at), Some(updated_at), Some(pull_request)) =
        (comment["url"].as_str(), time("createdAt"), time("updatedAt"), pull["number"].as_u64())
    else {
        reader.warn("an override came without its time or address, and does not count".to_owned());
        return None;
    };
    Some(Override {
        url: url.to_owned(),
        updated_at,
        created_at,
        pull_request,
        by: comment["author"]["login"].as_str().map(str::to_owned),
        // A deleted account has no type. It counts as a bot, because its role cannot be read.
        bot: comment["author"]["__typename"] != "User",
        // If the field is absent, the comment counts as edited; null stands for "never".
        edited: comment.get("lastEditedAt").is_none_or(|at| !at.is_null()),
        // If the field is absent, the comment counts as hidden.
        hidden: comment["isMinimized"] != false,
        role: None,
        command,
    })
}

/// Reads the roles of authors on whose role an override depends, the newest override first. `heads` are those of the pull
/// requests.
fn read_roles(
    reader: &mut PagedReader<'_>,
    overrides: &mut [Override],
    heads: &BTreeMap<u64, &Sha>,
    needs_role: &dyn Fn(&str) -> bool,
) {
    overrides.sort_by_key(|one| std::cmp::Reverse(one.created_at));
    let mut known: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut unasked = BTreeSet::new();
    for one in overrides {
        let Some(by) = one.by.clone() else { continue };
        let may_count = !one.bot
            && !one.edited
            && !one.hidden
            && heads.get(&one.pull_request).is_some_and(|head| one.command.is_for(&head.0))
            && has_visible_text(&one.command.reason);
        // A role costs a request, so read only those that decide.
        if !may_count || !needs_role(&by) {
            continue;
        }
        if !known.contains_key(&by) && known.len() == MOST_AUTHORS {
            unasked.insert(by);
            continue;
        }
        let role = known.entry(by.clone()).or_insert_with(|| repository_role(reader, &by));
        one.role.clone_from(role);
    }
    if !unasked.is_empty() {
        reader.warn(format!(
            "{} more people wrote overrides: their roles were not asked for, and their comments do not count",
            unasked.len()
        ));
    }
}

/// Reads an account's role on the repository. `None`, with a warning, if the server does not say.
fn repository_role(reader: &mut PagedReader<'_>, login: &str) -> Option<String> {
    let path = format!("/repos/{}/collaborators/{}/permission", reader.repository, percent_encode(login));
    let problem = match reader.client.get(&path) {
        Ok(answer) => match answer.json["role_name"].as_str() {
            Some(role) => return Some(role.to_owned()),
            None => "the server names no role".to_owned(),
        },
        Err(error) => error.to_string(),
    };
    reader
        .warn(format!("the role of {login} could not be read, so their override does not count: {problem}"));
    None
}
