//! Documents that read issues.
//!
//! A list of issues asks for 100 × (30 labels + 25 fields + 6 pull requests + 50 events), about 11,000 nodes. A document
//! holds at most [`LISTS`] of them and 100 × 100 files: well below GitHub's limit of 500,000.

use super::Schema;

/// Number of full pages of lists in one document.
pub const LISTS: usize = 4;

/// The property that the issues of a list share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueSelector {
    /// A label: `$chosenN` is a list of one name.
    Label,
    /// An issue type: `$chosenN` is its name.
    Type,
    /// The milestone of this number: `$chosenN` is the number.
    Milestone(u64),
}

/// A page of each of several lists: `list0` after `$after0`, `list1` after `$after1` and so on. With `files`, also the
/// changed files of the pull requests in `$files`.
pub fn issue_lists_query(schema: &Schema, lists: &[IssueSelector], files: bool) -> String {
    let (mut variables, mut fields, mut changes) = (String::new(), String::new(), String::new());
    if files {
        variables.push_str(", $files: [ID!]!");
        changes = format!("  {FILES}\n");
    }
    for (index, selector) in lists.iter().enumerate() {
        let page =
            // By creation, which never changes. Ordered by update, an issue that changes meanwhile would move to
            // another page.
            format!("first: $first, after: $after{index}, orderBy: {{ field: CREATED_AT, direction: ASC }}");
        let nodes = "\n      totalCount pageInfo { hasNextPage endCursor } nodes { ...Ticket }\n    ";
        let (kind, field) = list_field(*selector, index, &page, nodes);
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
        issue_fragments(schema)
    )
}

/// Number of issues in each of several lists.
pub fn list_counts_query(lists: &[IssueSelector]) -> String {
    let (variables, fields) = list_count_fields(lists);
    format!(
        "query Counts($owner: String!, $name: String!{variables}) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
{fields}  }}
}}"
    )
}

/// The variables that select several lists, and the fields that count their issues.
pub fn list_count_fields(lists: &[IssueSelector]) -> (String, String) {
    let (mut variables, mut fields) = (String::new(), String::new());
    for (index, selector) in lists.iter().enumerate() {
        let (kind, field) = list_field(*selector, index, "first: 1", " totalCount ");
        variables.push_str(&format!(", $chosen{index}: {kind}"));
        fields.push_str(&field);
    }
    (variables, fields)
}

/// The type of the variable that selects a list, and the field `listN` with the given page and selection of fields.
fn list_field(selector: IssueSelector, index: usize, page: &str, parts: &str) -> (&'static str, String) {
    let chosen = format!("$chosen{index}");
    let (kind, field) = match selector {
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

/// The fields of an issue, as fragments.
pub fn issue_fragments(schema: &Schema) -> String {
    let issue_type = if schema.issue_types { "  issueType { id name }\n" } else { "" };
    let reason = if schema.duplicate_reason { "(enableDuplicate: true)" } else { "" };
    let duplicate =
        if schema.duplicate_of { "  duplicateOf { number repository { nameWithOwner } }\n" } else { "" };
    let fields = if schema.field_values.is_empty() {
        String::new()
    } else {
        format!(
            "  issueFieldValues(first: 25) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {} }} }}\n",
            field_value_selections(schema)
        )
    };
    format!(
        // Most issues have no more than this of each. GitHub counts the full size of a connection towards its limit
        // of nodes. Events are read from the end, since the latest ones decide.
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

/// More pull requests that close an issue.
pub fn issue_pull_requests_query() -> String {
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

/// More field values of an issue.
pub fn issue_fields_query(schema: &Schema) -> String {
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
        field_value_selections(schema)
    )
}

/// The value of each kind of field. Each kind has its own alias, because GraphQL refuses one name with several types.
fn field_value_selections(schema: &Schema) -> String {
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
pub fn changed_files_query() -> String {
    format!("query Files($files: [ID!]!) {{\n  rateLimit {{ cost }}\n  {FILES}\n}}")
}

/// Earlier events of an issue.
pub fn issue_events_query() -> String {
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

/// Kinds of events that are read: closing, reopening, labels, and references by pull requests.
const EVENT_KINDS: &str =
    "itemTypes: [CLOSED_EVENT, REOPENED_EVENT, LABELED_EVENT, UNLABELED_EVENT, CROSS_REFERENCED_EVENT]";

/// An event of an issue.
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

/// A pull request that fixes an issue. Its changed files are read separately: few are needed, and they cost the most.
pub const PULL: &str = "\
fragment Pull on PullRequest {
  id number state title body baseRefName headRefName mergedAt mergeCommit { oid } repository { nameWithOwner }
}";

/// A pull request that is not linked as a fix. Without labels: a connection for each of many pull requests costs too much.
pub const WHOLE: &str = "\
fragment Whole on PullRequest {
  ...Pull url createdAt updatedAt author { login } authorAssociation milestone { title }
}";

/// The changed files of the pull requests in `$files`.
const FILES: &str = "\
files: nodes(ids: $files) {
    ... on PullRequest { id files(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { path } } }
  }";
