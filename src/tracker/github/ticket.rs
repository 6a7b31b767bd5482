//! One issue, from GitHub's shape into ours.

mod events;
mod fixes;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::query;
use super::reader::{PagedList, PagedReader};
use super::references;
use super::schema::Schema;
use crate::model::{Area, Issue, IssueNumber, IssueState, PullRequest, Role, StateReason};

pub(super) use events::label_event;
pub(super) use fixes::MergedPullRequest;

/// A ticket, and what it takes to tell later whether it is still the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IssueEntry {
    /// GitHub's name for it over all repositories.
    pub id: String,
    /// As it was read.
    pub ticket: Issue,
    /// True if it may become another without being touched itself.
    pub doubtful: bool,
    /// The pull requests that refer to it or to one of its fixes, by number.
    pub referrers: Vec<PullRequest>,
}

impl IssueEntry {
    /// Adds pull requests that refer to it or to one of its fixes, each once.
    pub(super) fn refer(&mut self, pulls: &[PullRequest]) {
        self.referrers.extend(pulls.iter().cloned());
        self.referrers.sort_by_key(|pull| pull.number);
        self.referrers.dedup_by_key(|pull| pull.number);
    }
}

/// The plain fields of an issue; its lists are read apart, for they may go on.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IssueNode {
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
    author: Option<AuthorNode>,
    author_association: String,
    #[serde(default)]
    milestone: Option<MilestoneNode>,
    #[serde(default)]
    issue_type: Option<NamedNode>,
    #[serde(default)]
    duplicate_of: Option<IssueReferenceNode>,
}

/// Who wrote something.
#[derive(Deserialize)]
pub(super) struct AuthorNode {
    /// The account's name.
    pub login: String,
}

/// A milestone.
#[derive(Deserialize)]
pub(super) struct MilestoneNode {
    /// One line of text.
    pub title: String,
}

#[derive(Deserialize)]
struct NamedNode {
    name: String,
}

/// An issue of this or another repository.
#[derive(Deserialize)]
pub(super) struct IssueReferenceNode {
    /// Its number there.
    pub number: u64,
    /// Where it is.
    pub repository: RepositoryNode,
}

/// A repository's full name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RepositoryNode {
    /// `owner/name`.
    pub name_with_owner: String,
}

/// The ticket, and the merged pull requests that fix it; none, and a gap, if it is not what an issue looks like.
pub(super) fn read(
    reader: &mut PagedReader<'_>,
    schema: &Schema,
    mut json: Value,
) -> Option<(IssueEntry, Vec<MergedPullRequest>)> {
    let warnings = reader.warnings.len();
    let number = json["number"].as_u64().map_or_else(|| "without a number".to_owned(), |n| format!("#{n}"));
    reader.learn(&json["milestone"], "title");
    reader.learn(&json["issueType"], "name");
    let lists = ["labels", "issueFieldValues", "closedByPullRequestsReferences", "events"]
        .map(|list| json[list].take());
    let issue: IssueNode = match serde_path_to_error::deserialize(json) {
        Ok(issue) => issue,
        Err(why) => {
            let what = format!("ticket {number} could not be read: {}: {}", why.path(), why.inner());
            reader.gap(Area::Issues, what, None);
            return None;
        }
    };
    let state = match issue.state.as_str() {
        "OPEN" => IssueState::Open,
        "CLOSED" => IssueState::Closed,
        other => {
            let what = format!("ticket {number} is neither open nor closed but `{other}`");
            reader.gap(Area::Issues, what, Some("update Escape Gate"));
            return None;
        }
    };
    let [labels, values, pulls, events] = lists;
    let here = reader.repository.to_string();
    let mut history = events::read(reader, &issue.id, &number, events);
    if state == IssueState::Closed && history.closed.is_none() && history.labels.more {
        reader.gap(Area::Issues, format!("what closed ticket {number} was not among its events"), None);
    }
    let closing = history.closed.as_ref().filter(|_| state == IssueState::Closed);
    let closing = closing.map(|closed| fixes::closing(reader, closed));
    let fixes = fixes::read(reader, &issue.id, &number, pulls, history.closed.as_mut());
    let referrers: Vec<PullRequest> =
        history.referrers.into_iter().filter_map(|source| references::source(reader, source)).collect();
    let fields = fields_of(reader, schema, &issue.id, &number, values);
    let ticket = Issue {
        labels: labels_of(reader, &issue.id, &number, labels),
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
        reopened_at: history.reopened,
        milestone: issue.milestone.map(|milestone| milestone.title),
        fields,
        fixes: fixes.all,
        label_history: Some(history.labels),
        bisects: None,
        key: None,
        author_role: Some(role(&issue.author_association)),
        closing,
    };
    // Whether a field's new value, or an option's new name, touches the ticket is not documented. And a warning would not
    // be said again if the ticket were not read again.
    let doubtful = fixes.may_change || !ticket.fields.is_empty() || reader.warnings.len() != warnings;
    let mut entry = IssueEntry { id: issue.id, ticket, doubtful, referrers: Vec::new() };
    entry.refer(&referrers);
    Some((entry, fixes.merged))
}

/// What the author of something is to the repository. A word that this version does not know is that of a reporter, whose
/// text takes no defect out of a release.
pub(super) fn role(association: &str) -> Role {
    match association {
        "OWNER" | "MEMBER" | "COLLABORATOR" => Role::Maintainer,
        _ => Role::Reporter,
    }
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
fn labels_of(reader: &mut PagedReader<'_>, id: &str, number: &str, first: Value) -> Vec<String> {
    let listing = PagedList::new(Area::Issues, format!("labels of ticket {number}"));
    let variables = serde_json::json!({ "id": id });
    let items = reader.list(listing, first, query::TICKET_LABELS, &variables, "/node/labels");
    strings(reader, &items, "name", number)
}

/// All issue fields of a ticket that have a value.
fn fields_of(
    reader: &mut PagedReader<'_>,
    schema: &Schema,
    id: &str,
    number: &str,
    first: Value,
) -> BTreeMap<String, String> {
    // The list is null in repositories that cannot have fields; errors about it are gaps already.
    if schema.field_values.is_empty() || first.is_null() {
        return BTreeMap::new();
    }
    let listing = PagedList::new(Area::Issues, format!("fields of ticket {number}"));
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

/// One text of each item; a gap if an item has none.
pub(super) fn strings(reader: &mut PagedReader<'_>, items: &[Value], key: &str, of: &str) -> Vec<String> {
    let mut texts = Vec::with_capacity(items.len());
    texts.extend(items.iter().filter_map(|item| item[key].as_str().map(str::to_owned)));
    if texts.len() != items.len() {
        reader.gap(
            Area::Issues,
            format!("{} entries of {of} came without a {key}", items.len() - texts.len()),
            None,
        );
    }
    texts
}
