//! One issue, from GitHub's shape into ours.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::query;
use super::reader::{Listing, Reader};
use super::schema::Schema;
use crate::model::{Area, Fix, IssueNumber, Sha, State, StateReason, Ticket};

/// The plain fields of an issue; its lists are read apart, for they may go on.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Issue {
    id: String,
    number: u64,
    title: String,
    url: String,
    #[serde(default)]
    body: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(default)]
    closed_at: Option<Timestamp>,
    state: String,
    #[serde(default)]
    state_reason: Option<String>,
    #[serde(default)]
    author: Option<Author>,
    #[serde(default)]
    milestone: Option<Milestone>,
    #[serde(default)]
    issue_type: Option<Named>,
    #[serde(default)]
    duplicate_of: Option<Reference>,
    closed: Events,
    reopened: Events,
}

#[derive(Deserialize)]
struct Author {
    login: String,
}

#[derive(Deserialize)]
struct Milestone {
    title: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// An issue of this or another repository.
#[derive(Deserialize)]
pub(super) struct Reference {
    /// Its number there.
    pub number: u64,
    /// Where it is.
    pub repository: Home,
}

/// A repository's full name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Home {
    /// `owner/name`.
    pub name_with_owner: String,
}

#[derive(Deserialize)]
struct Events {
    nodes: Vec<Option<Event>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    created_at: Timestamp,
    #[serde(default)]
    closer: Value,
}

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

impl Events {
    /// The last event.
    fn last(self) -> Option<Event> {
        self.nodes.into_iter().flatten().next_back()
    }
}

/// The ticket; none, and a gap, if it is not what an issue looks like.
pub(super) fn read(reader: &mut Reader<'_>, schema: &Schema, mut json: Value) -> Option<Ticket> {
    let number = json["number"].as_u64().map_or_else(|| "without a number".to_owned(), |n| format!("#{n}"));
    let lists =
        ["labels", "issueFieldValues", "closedByPullRequestsReferences"].map(|list| json[list].take());
    let issue: Issue = match serde_path_to_error::deserialize(json) {
        Ok(issue) => issue,
        Err(why) => {
            let what = format!("ticket {number} could not be read: {}: {}", why.path(), why.inner());
            reader.gap(Area::Issues, what, None);
            return None;
        }
    };
    let state = match issue.state.as_str() {
        "OPEN" => State::Open,
        "CLOSED" => State::Closed,
        other => {
            let what = format!("ticket {number} is neither open nor closed but `{other}`");
            reader.gap(Area::Issues, what, Some("update Escape Gate"));
            return None;
        }
    };
    let [labels, values, pulls] = lists;
    let here = reader.repository.to_string();
    let closed = issue.closed.last();
    Some(Ticket {
        labels: labels_of(reader, &issue.id, &number, labels),
        fields: fields_of(reader, schema, &issue.id, &number, values),
        fixes: fixes_of(reader, &issue.id, &number, pulls, closed),
        number: IssueNumber(issue.number),
        updated_at: issue.updated_at,
        title: issue.title,
        url: issue.url,
        body: issue.body.unwrap_or_default(),
        author: issue.author.map(|author| author.login),
        issue_type: issue.issue_type.map(|kind| kind.name),
        state,
        state_reason: issue.state_reason.map(reason),
        duplicate_of: issue
            .duplicate_of
            .filter(|other| other.repository.name_with_owner.eq_ignore_ascii_case(&here))
            .map(|other| IssueNumber(other.number)),
        created_at: issue.created_at,
        closed_at: issue.closed_at,
        reopened_at: issue.reopened.last().map(|event| event.created_at),
        milestone: issue.milestone.map(|milestone| milestone.title),
    })
}

/// Why a ticket is in its state.
fn reason(name: String) -> StateReason {
    match name.as_str() {
        "COMPLETED" => StateReason::Completed,
        "NOT_PLANNED" => StateReason::NotPlanned,
        "DUPLICATE" => StateReason::Duplicate,
        "REOPENED" => StateReason::Reopened,
        _ => StateReason::Other(name),
    }
}

/// All labels of a ticket.
fn labels_of(reader: &mut Reader<'_>, id: &str, number: &str, first: Value) -> Vec<String> {
    let listing = Listing::new(Area::Issues, format!("labels of ticket {number}"));
    let variables = serde_json::json!({ "id": id });
    let items = reader.list(listing, first, query::TICKET_LABELS, &variables, "/node/labels");
    strings(reader, &items, "name", number)
}

/// All issue fields of a ticket that have a value.
fn fields_of(
    reader: &mut Reader<'_>,
    schema: &Schema,
    id: &str,
    number: &str,
    first: Value,
) -> BTreeMap<String, String> {
    // The list is null in repositories that cannot have fields; errors about it are gaps already.
    if schema.field_values.is_empty() || first.is_null() {
        return BTreeMap::new();
    }
    let listing = Listing::new(Area::Issues, format!("fields of ticket {number}"));
    let variables = serde_json::json!({ "id": id });
    let document = query::ticket_fields(schema);
    let items = reader.list(listing, first, &document, &variables, "/node/issueFieldValues");
    let mut fields = BTreeMap::new();
    for item in items {
        let value =
            ["option", "text", "date", "number", "options"].iter().find_map(|alias| match &item[alias] {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
            });
        match (item["field"]["name"].as_str(), value) {
            (Some(name), Some(value)) => {
                fields.insert(name.to_owned(), value);
            }
            // A multi-select field that holds nothing has neither.
            (_, None) if item["__typename"] == "IssueFieldMultiSelectValue" => {}
            (_, _) => {
                let kind = item["__typename"].as_str().unwrap_or("unknown kind");
                reader.warn(format!("a field of ticket {number} is of a kind that is not known: {kind}"));
            }
        }
    }
    fields
}

/// The changes that close a ticket: linked pull requests that are open or merged, and what closed it last.
fn fixes_of(
    reader: &mut Reader<'_>,
    id: &str,
    number: &str,
    first: Value,
    closed: Option<Event>,
) -> Vec<Fix> {
    let listing = Listing::new(Area::Issues, format!("pull requests of ticket {number}"));
    let variables = serde_json::json!({ "id": id });
    let mut pulls = reader.list(
        listing,
        first,
        &query::ticket_pulls(),
        &variables,
        "/node/closedByPullRequestsReferences",
    );
    let mut fixes = Vec::new();
    if let Some(event) = closed {
        match event.closer["__typename"].as_str() {
            Some("Commit") => match event.closer["oid"].as_str() {
                Some(oid) => fixes.push(Fix {
                    pull_request: None,
                    commit: Some(Sha(oid.to_owned())),
                    merged_at: Some(event.created_at),
                    files: Vec::new(),
                }),
                None => reader.gap(
                    Area::Issues,
                    format!("the commit that closed ticket {number} did not come"),
                    None,
                ),
            },
            Some("PullRequest") if !pulls.iter().any(|pull| pull["id"] == event.closer["id"]) => {
                pulls.push(event.closer);
            }
            // Closed by hand, by a project, or by a pull request that is known already.
            Some(_) | None => {}
        }
    }
    fixes.extend(pulls.into_iter().filter_map(|pull| fix(reader, pull, number)));
    fixes.sort();
    fixes.dedup();
    fixes
}

/// A pull request as a fix; none if it was closed without merging.
fn fix(reader: &mut Reader<'_>, mut json: Value, number: &str) -> Option<Fix> {
    let first = json["files"].take();
    let pull: Pull = match serde_path_to_error::deserialize(json) {
        Ok(pull) => pull,
        Err(why) => {
            let what = format!(
                "a pull request of ticket {number} could not be read: {}: {}",
                why.path(),
                why.inner()
            );
            reader.gap(Area::Issues, what, None);
            return None;
        }
    };
    let merged = match pull.state.as_str() {
        "OPEN" => false,
        "MERGED" => true,
        _ => return None,
    };
    let here = pull.repository.name_with_owner.eq_ignore_ascii_case(&reader.repository.to_string());
    Some(Fix {
        // A number of another repository would name something else here.
        pull_request: here.then_some(pull.number),
        commit: pull.merge_commit.filter(|_| merged).map(|commit| Sha(commit.oid)),
        merged_at: pull.merged_at.filter(|_| merged),
        files: files_of(reader, &pull.id, pull.number, first),
    })
}

/// All paths that a pull request changes. The list is null where the difference is gone.
fn files_of(reader: &mut Reader<'_>, id: &str, pull: u64, first: Value) -> Vec<String> {
    if first.is_null() {
        reader.warn(format!("the changed files of pull request {pull} are not available"));
        return Vec::new();
    }
    let listing = Listing::new(Area::Issues, format!("files of pull request {pull}"));
    let variables = serde_json::json!({ "id": id });
    let items = reader.list(listing, first, query::PULL_FILES, &variables, "/node/files");
    strings(reader, &items, "path", &format!("(pull request {pull})"))
}

/// One text of each item; a gap if an item has none.
fn strings(reader: &mut Reader<'_>, items: &[Value], key: &str, of: &str) -> Vec<String> {
    let texts: Vec<String> = items.iter().filter_map(|item| item[key].as_str().map(str::to_owned)).collect();
    if texts.len() != items.len() {
        reader.gap(
            Area::Issues,
            format!("{} entries of {of} came without a {key}", items.len() - texts.len()),
            None,
        );
    }
    texts
}
