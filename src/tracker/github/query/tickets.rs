//! Documents that bring tickets.
//!
//! A list of tickets asks for 100 × (30 labels + 25 fields + 6 pull requests + 50 events), some 11,000 nodes, and a document
//! holds at most [`LISTS`] of them and 100 × 100 files: well below GitHub's limit of 500,000.

use super::Schema;

/// How many lists of tickets are asked for in one document.
pub const LISTS: usize = 4;

/// By what a list of tickets is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueSelector {
    /// They have a label: `$chosenN` is a list of one name.
    Label,
    /// They are of a type: `$chosenN` is its name.
    Type,
    /// They are in the milestone of this number: `$chosenN` is the number.
    Milestone(u64),
}

/// A page of each of several lists, `list0`, `list1` and so on, from `$after0`, `$after1` and so on; with `files`, also the
/// file lists of the pull requests in `$files`.
pub fn tickets(schema: &Schema, lists: &[IssueSelector], files: bool) -> String {
    let (mut variables, mut fields, mut changes) = (String::new(), String::new(), String::new());
    if files {
        variables.push_str(", $files: [ID!]!");
        changes = format!("  {FILES}\n");
    }
    for (index, choice) in lists.iter().enumerate() {
        let page =
            format!("first: $first, after: $after{index}, orderBy: {{ field: CREATED_AT, direction: ASC }}");
        let nodes = "\n      totalCount pageInfo { hasNextPage endCursor } nodes { ...Ticket }\n    ";
        let (kind, field) = list(*choice, index, &page, nodes);
        variables.push_str(&format!(", $chosen{index}: {kind}, $after{index}: String"));
        fields.push_str(&field);
    }
    format!(
        "query Tickets($owner: String!, $name: String!, $first: Int!{variables}) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
{fields}  }}
{changes}}}
{}",
        shape(schema)
    )
}

/// How many tickets each of several lists has.
pub fn counts(lists: &[IssueSelector]) -> String {
    let (variables, fields) = counted(lists);
    format!(
        "query Counts($owner: String!, $name: String!{variables}) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
{fields}  }}
}}"
    )
}

/// The variables that choose several lists, and the fields that count their tickets.
pub fn counted(lists: &[IssueSelector]) -> (String, String) {
    let (mut variables, mut fields) = (String::new(), String::new());
    for (index, choice) in lists.iter().enumerate() {
        let (kind, field) = list(*choice, index, "first: 1", " totalCount ");
        variables.push_str(&format!(", $chosen{index}: {kind}"));
        fields.push_str(&field);
    }
    (variables, fields)
}

/// A list: the type of the variable that chooses it, and the field `listN` with this page and these parts of it.
fn list(choice: IssueSelector, index: usize, page: &str, parts: &str) -> (&'static str, String) {
    let chosen = format!("$chosen{index}");
    let (kind, field) = match choice {
        IssueSelector::Label => ("[String!]!", format!("issues(labels: {chosen}, {page}) {{{parts}}}")),
        IssueSelector::Type => {
            ("String!", format!("issues(filterBy: {{ type: {chosen} }}, {page}) {{{parts}}}"))
        }
        IssueSelector::Milestone(_) => {
            ("Int!", format!("milestone(number: {chosen}) {{ issues({page}) {{{parts}}} }}"))
        }
    };
    (kind, format!("    list{index}: {field}\n"))
}

/// What is read of a ticket, as fragments.
pub fn shape(schema: &Schema) -> String {
    let issue_type = if schema.issue_types { "  issueType { id name }\n" } else { "" };
    let reason = if schema.duplicate_reason { "(enableDuplicate: true)" } else { "" };
    let duplicate =
        if schema.duplicate_of { "  duplicateOf { number repository { nameWithOwner } }\n" } else { "" };
    let fields = if schema.field_values.is_empty() {
        String::new()
    } else {
        format!(
            "  issueFieldValues(first: 25) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {} }} }}\n",
            field_values(schema)
        )
    };
    format!(
        "fragment Ticket on Issue {{
  id number title url body createdAt updatedAt closedAt state
  stateReason{reason}
  author {{ login }} authorAssociation
  milestone {{ id title }}
  labels(first: 30) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ name }} }}
{issue_type}{duplicate}{fields}  closedByPullRequestsReferences(first: 5, includeClosedPrs: true) {{
    totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ ...Pull }}
  }}
  events: timelineItems(last: 50, {EVENT_KINDS}) {{
    pageInfo {{ hasPreviousPage startCursor }} nodes {{ ...Event }}
  }}
}}
{EVENT}
{PULL}
{WHOLE}"
    )
}

/// More pull requests that close a ticket.
pub fn ticket_pulls() -> String {
    format!(
        "query TicketPulls($id: ID!, $after: String) {{
  rateLimit {{ cost }}
  node(id: $id) {{
    ... on Issue {{
      closedByPullRequestsReferences(first: 20, after: $after, includeClosedPrs: true) {{
        totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ ...Pull }}
      }}
    }}
  }}
}}
{PULL}"
    )
}

/// More field values of a ticket.
pub fn ticket_fields(schema: &Schema) -> String {
    format!(
        "query TicketFields($id: ID!, $after: String) {{
  rateLimit {{ cost }}
  node(id: $id) {{
    ... on Issue {{
      issueFieldValues(first: 100, after: $after) {{
        totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {} }}
      }}
    }}
  }}
}}",
        field_values(schema)
    )
}

/// The value of each kind of field. Each has an alias of its own: their types differ.
fn field_values(schema: &Schema) -> String {
    let mut parts = String::from("__typename");
    for (kind, alias) in [
        ("IssueFieldDateValue", "date"),
        ("IssueFieldMultiSelectValue", "options"),
        ("IssueFieldNumberValue", "number"),
        ("IssueFieldSingleSelectValue", "option"),
        ("IssueFieldTextValue", "text"),
    ] {
        if schema.field_values.iter().any(|known| known == kind) {
            parts.push_str(&format!(
                " ... on {kind} {{ field {{ ... on IssueFieldCommon {{ name }} }} {alias}: value }}"
            ));
        }
    }
    parts
}

/// The changed files of pull requests, by their ids.
pub fn files() -> String {
    format!("query Files($files: [ID!]!) {{\n  rateLimit {{ cost }}\n  {FILES}\n}}")
}

/// Earlier events of a ticket.
pub fn ticket_events() -> String {
    format!(
        "query TicketEvents($id: ID!, $before: String) {{
  rateLimit {{ cost }}
  node(id: $id) {{
    ... on Issue {{
      timelineItems(last: 100, before: $before, {EVENT_KINDS}) {{
        pageInfo {{ hasPreviousPage startCursor }} nodes {{ ...Event }}
      }}
    }}
  }}
}}
{EVENT}
{PULL}
{WHOLE}"
    )
}

/// The events that are read: what and who closed a ticket, that it was reopened, who labelled it when, and which pull
/// requests refer to it.
const EVENT_KINDS: &str =
    "itemTypes: [CLOSED_EVENT, REOPENED_EVENT, LABELED_EVENT, UNLABELED_EVENT, CROSS_REFERENCED_EVENT]";

/// An event of a ticket.
const EVENT: &str = "\
fragment Event on IssueTimelineItems {
  __typename
  ... on ClosedEvent {
    createdAt actor { __typename login }
    closer { __typename ... on Commit { oid repository { nameWithOwner } } ... on PullRequest { ...Pull } }
  }
  ... on ReopenedEvent { createdAt }
  ... on LabeledEvent { createdAt label { name } actor { __typename login } }
  ... on UnlabeledEvent { createdAt label { name } actor { __typename login } }
  ... on CrossReferencedEvent { createdAt source { __typename ... on PullRequest { ...Whole } } }
}";

/// The pull request that fixes a ticket. Its files are read apart, for few are needed and they cost the most.
pub const PULL: &str = "\
fragment Pull on PullRequest {
  id number state title body baseRefName headRefName mergedAt mergeCommit { oid } repository { nameWithOwner }
}";

/// A pull request that is no linked fix. Without its labels: they would be a connection for each of many pull requests.
pub const WHOLE: &str = "\
fragment Whole on PullRequest {
  ...Pull url createdAt updatedAt author { login } authorAssociation milestone { title }
}";

/// The changed files of the pull requests in `$files`.
const FILES: &str = "\
files: nodes(ids: $files) {
    ... on PullRequest { id files(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { path } } }
  }";
