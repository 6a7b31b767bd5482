//! One issue, from GitHub's JSON into the model.

mod events;
mod fixes;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::nodes::{AuthorNode, MilestoneNode, NamedNode, RepositoryNode, author_role};
use super::paged_reader::PagedReader;
use super::pull_request::referring_pull_request;
use super::query;
use super::schema::Schema;
use crate::model::{Area, Issue, IssueNumber, IssueState, PullRequest, StateReason};

pub(super) use events::label_event;
pub(super) use fixes::MergedPullRequest;

/// Issues by number.
pub(super) type IssueEntries = BTreeMap<IssueNumber, IssueEntry>;

/// An issue, with the facts that tell a later run whether the issue may have changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IssueEntry {
    /// GraphQL id.
    pub id: String,
    pub issue: Issue,
    /// `true` if the issue may change without an update that GitHub reports.
    pub doubtful: bool,
    /// Pull requests that refer to the issue or to one of its fixes, by number.
    pub referrers: Vec<PullRequest>,
}

impl IssueEntry {
    /// Adds pull requests that refer to the issue or to one of its fixes, each once.
    pub(super) fn refer(&mut self, pulls: &[PullRequest]) {
        self.referrers.extend(pulls.iter().cloned());
        self.referrers.sort_by_key(|pull| pull.number);
        self.referrers.dedup_by_key(|pull| pull.number);
    }
}

/// Plain fields of an issue. Its lists are read separately because they may have more pages.
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

/// An issue of this or another repository.
#[derive(Deserialize)]
pub(super) struct IssueReferenceNode {
    pub number: u64,
    pub repository: RepositoryNode,
}

/// Reads an issue with all pages of its lists, and the merged pull requests that fix it. `None`, with a gap, if the issue
/// is malformed.
pub(super) fn read_issue(
    reader: &mut PagedReader<'_>,
    schema: &Schema,
    mut json: Value,
) -> Option<(IssueEntry, Vec<MergedPullRequest>)> {
    let warnings = reader.warnings.len();
    let number = json["number"].as_u64().map_or_else(|| "without a number".to_owned(), |n| format!("#{n}"));
    reader.learn(&json["milestone"], "title");
    reader.learn(&json["issueType"], "name");
    let [labels, values, pulls, events] =
        ["labels", "issueFieldValues", "closedByPullRequestsReferences", "events"]
            .map(|list| json[list].take());
    let node: IssueNode = reader.parse(Area::Issues, &format!("issue {number}"), json)?;
    let state = match node.state.as_str() {
        "OPEN" => IssueState::Open,
        "CLOSED" => IssueState::Closed,
        other => {
            let what = format!("issue {number} is neither open nor closed but `{other}`");
            reader.gap(Area::Issues, what, Some("update Escape Gate"));
            return None;
        }
    };
    let mut events = events::read_issue_events(reader, &node.id, &number, events);
    // The closing can be on an earlier page that was not read.
    if state == IssueState::Closed && events.closed.is_none() && events.labels.more {
        reader.issue_gap(format!("what closed issue {number} was not among its events"));
    }
    let closing = events.closed.as_ref().filter(|_| state == IssueState::Closed);
    let closing = closing.map(|closed| fixes::closing(reader, closed));
    let fixes = fixes::read_issue_fixes(reader, &node.id, &number, pulls, events.closed.as_mut());
    let referrers: Vec<PullRequest> =
        events.referrers.into_iter().filter_map(|source| referring_pull_request(reader, source)).collect();
    let fields = fields_of(reader, schema, &node.id, &number, values);
    let issue = Issue {
        labels: labels_of(reader, &node.id, &number, labels),
        number: IssueNumber(node.number),
        updated_at: node.updated_at,
        title: node.title,
        url: node.url,
        body: node.body.unwrap_or_default(),
        author: node.author.map(|author| author.login),
        issue_type: node.issue_type.map(|kind| kind.name),
        state,
        state_reason: node.state_reason.map(parse_state_reason),
        duplicate_of: node
            .duplicate_of
            // The number of an issue elsewhere would name another issue here.
            .filter(|other| reader.is_own(&other.repository.name_with_owner))
            .map(|other| IssueNumber(other.number)),
        created_at: node.created_at,
        closed_at: node.closed_at,
        reopened_at: events.reopened,
        milestone: node.milestone.map(|milestone| milestone.title),
        fields,
        fixes: fixes.all,
        label_history: Some(events.labels),
        bisects: None,
        key: None,
        author_role: Some(author_role(&node.author_association)),
        closing,
    };
    // GitHub does not document whether a new field value or a renamed option updates the issue. An issue with warnings is
    // read again so that the next run repeats them.
    let doubtful = fixes.may_change || !issue.fields.is_empty() || reader.warnings.len() != warnings;
    let mut entry = IssueEntry { id: node.id, issue, doubtful, referrers: Vec::new() };
    entry.refer(&referrers);
    Some((entry, fixes.merged))
}

/// Parses the reason for an issue's state.
fn parse_state_reason(name: String) -> StateReason {
    match name.as_str() {
        "COMPLETED" => StateReason::Completed,
        "NOT_PLANNED" => StateReason::NotPlanned,
        "DUPLICATE" => StateReason::Duplicate,
        "REOPENED" => StateReason::Reopened,
        _ => StateReason::Other(name),
    }
}

/// Reads all labels of an issue.
fn labels_of(reader: &mut PagedReader<'_>, id: &str, number: &str, first: Value) -> Vec<String> {
    let (what, variables) = (format!("labels of issue {number}"), json!({ "id": id }));
    let query = query::ISSUE_LABELS;
    let items = reader.rest_of_list(Area::Issues, &what, Some(first), query, &variables, "/node/labels");
    reader.text_fields(&items, "name", number)
}

/// Reads all issue fields that have a value.
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
    let (what, query) = (format!("fields of issue {number}"), query::issue_fields_query(schema));
    let (variables, pointer) = (json!({ "id": id }), "/node/issueFieldValues");
    let items = reader.rest_of_list(Area::Issues, &what, Some(first), &query, &variables, pointer);
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
            // A multi-select field without a choice has neither.
            (_, None) if item["__typename"] == "IssueFieldMultiSelectValue" => {}
            (_, _) => {
                let kind = item["__typename"].as_str().unwrap_or("unknown kind");
                reader.warn(format!("a field of issue {number} is of a kind that is not known: {kind}"));
            }
        }
    }
    fields
}
