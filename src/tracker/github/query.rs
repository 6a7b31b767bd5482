//! The GraphQL documents.
//!
//! A list of tickets asks for 100 × (30 labels + 6 pull requests × (1 + 50 files) + 2 events + 25 fields), some 36,000
//! nodes, and a document holds at most [`LISTS`] of them: well below GitHub's limit of 500,000.

use super::schema::Schema;

/// How many lists of tickets are asked for in one document.
pub(super) const LISTS: usize = 4;

/// What the server knows, and the first page of labels and releases.
pub(super) const OVERVIEW: &str = "\
query Overview($owner: String!, $name: String!) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    hasIssuesEnabled
    labels(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { name } }
    releases(first: 100) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { tagName name isDraft isPrerelease publishedAt url tagCommit { oid } }
    }
  }
  issueKind: __type(name: \"Issue\") { fields(includeDeprecated: true) { name args { name } } }
  repositoryKind: __type(name: \"Repository\") { fields(includeDeprecated: true) { name } }
  filterKind: __type(name: \"IssueFilters\") { inputFields { name } }
  valueKind: __type(name: \"IssueFieldValue\") { possibleTypes { name } }
}";

/// A later page of labels.
pub(super) const LABELS: &str = "\
query Labels($owner: String!, $name: String!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    labels(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { name } }
  }
}";

/// A later page of releases.
pub(super) const RELEASES: &str = "\
query Releases($owner: String!, $name: String!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    releases(first: 100, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { tagName name isDraft isPrerelease publishedAt url tagCommit { oid } }
    }
  }
}";

/// A page of tags, each with the commit it leads to, through up to two annotated tags.
pub(super) const TAGS: &str = "\
query Tags($owner: String!, $name: String!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    refs(refPrefix: \"refs/tags/\", first: 100, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { name target { ...Peeled ... on Tag { tagger { date } target { ...Peeled ... on Tag { target { ...Peeled } } } } } }
    }
  }
}
fragment Peeled on GitObject { __typename oid ... on Commit { committedDate } }";

/// The issue types of the repository.
pub(super) const TYPES: &str = "\
query Types($owner: String!, $name: String!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    issueTypes(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { name } }
  }
}";

/// The commit that an expression leads to, through up to two annotated tags.
pub(super) const OBJECT: &str = "\
query Object($owner: String!, $name: String!, $expression: String!) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    object(expression: $expression) { ...Peeled ... on Tag { target { ...Peeled ... on Tag { target { ...Peeled } } } } }
  }
}
fragment Peeled on GitObject { __typename oid }";

/// The candidate, where it is a pull request, and the tickets it would close.
pub(super) const PULL_REQUEST: &str = "\
query PullRequest($owner: String!, $name: String!, $number: Int!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      closingIssuesReferences(first: 100, after: $after) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { number repository { nameWithOwner } }
      }
    }
  }
}";

/// More labels of a ticket.
pub(super) const TICKET_LABELS: &str = "\
query TicketLabels($id: ID!, $after: String) {
  rateLimit { cost }
  node(id: $id) {
    ... on Issue { labels(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { name } } }
  }
}";

/// More changed files of a pull request.
pub(super) const PULL_FILES: &str = "\
query PullFiles($id: ID!, $after: String) {
  rateLimit { cost }
  node(id: $id) {
    ... on PullRequest { files(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { path } } }
  }
}";

/// The pull request that fixes a ticket.
const PULL: &str = "\
fragment Pull on PullRequest {
  id number state mergedAt mergeCommit { oid } repository { nameWithOwner }
  files(first: 50) { totalCount pageInfo { hasNextPage endCursor } nodes { path } }
}";

/// More pull requests that close a ticket.
pub(super) fn ticket_pulls() -> String {
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
pub(super) fn ticket_fields(schema: &Schema) -> String {
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

/// Every document, for a server that knows everything and for one that knows the least, by name.
pub(super) fn documents() -> Vec<(&'static str, String)> {
    let complete = Schema::complete();
    let least = Schema::read(&serde_json::json!({ "issueKind": { "fields": [] } }));
    let constant = [OVERVIEW, LABELS, RELEASES, TAGS, TYPES, OBJECT, PULL_REQUEST, TICKET_LABELS, PULL_FILES];
    let names = [
        "overview",
        "labels",
        "releases",
        "tags",
        "types",
        "object",
        "pull-request",
        "ticket-labels",
        "pull-files",
    ];
    let mut all: Vec<(&'static str, String)> =
        names.into_iter().zip(constant).map(|(name, text)| (name, text.to_owned())).collect();
    let lists = [Choice::Label, Choice::Type, Choice::Label, Choice::Type];
    all.push(("ticket-pulls", ticket_pulls()));
    all.push(("ticket-fields", ticket_fields(&complete)));
    all.push(("counts", counts(&lists)));
    all.push(("tickets", tickets(&complete, &lists[..LISTS])));
    all.push(("tickets-least", tickets(&least, &[Choice::Label])));
    all
}

/// By what a list of tickets is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// They have a label: `$chosenN` is a list of one name.
    Label,
    /// They are of a type: `$chosenN` is its name.
    Type,
}

/// A page of each of several lists, `list0`, `list1` and so on, from `$after0`, `$after1` and so on.
pub(super) fn tickets(schema: &Schema, lists: &[Choice]) -> String {
    let mut variables = String::new();
    let mut fields = String::new();
    for (index, choice) in lists.iter().enumerate() {
        let (kind, argument) = chosen(*choice, index);
        variables.push_str(&format!(", $chosen{index}: {kind}, $after{index}: String"));
        fields.push_str(&format!(
            "    list{index}: issues({argument}, first: $first, after: $after{index}, \
             orderBy: {{ field: CREATED_AT, direction: ASC }}) {{\n      \
             totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ ...Ticket }}\n    }}\n"
        ));
    }
    format!(
        "query Tickets($owner: String!, $name: String!, $first: Int!{variables}) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
{fields}  }}
}}
{}
{PULL}",
        ticket(schema)
    )
}

/// How many tickets each of several lists has.
pub(super) fn counts(lists: &[Choice]) -> String {
    let mut variables = String::new();
    let mut fields = String::new();
    for (index, choice) in lists.iter().enumerate() {
        let (kind, argument) = chosen(*choice, index);
        variables.push_str(&format!(", $chosen{index}: {kind}"));
        fields.push_str(&format!("    list{index}: issues({argument}, first: 1) {{ totalCount }}\n"));
    }
    format!(
        "query Counts($owner: String!, $name: String!{variables}) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
{fields}  }}
}}"
    )
}

/// By what a list is chosen: the variable's type, and the argument.
fn chosen(choice: Choice, index: usize) -> (&'static str, String) {
    match choice {
        Choice::Label => ("[String!]!", format!("labels: $chosen{index}")),
        Choice::Type => ("String!", format!("filterBy: {{ type: $chosen{index} }}")),
    }
}

/// What is read of a ticket.
fn ticket(schema: &Schema) -> String {
    let issue_type = if schema.issue_types { "  issueType { name }\n" } else { "" };
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
  author {{ login }}
  milestone {{ title }}
  labels(first: 30) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ name }} }}
{issue_type}{duplicate}{fields}  closedByPullRequestsReferences(first: 5, includeClosedPrs: true) {{
    totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ ...Pull }}
  }}
  closed: timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) {{
    nodes {{ ... on ClosedEvent {{ createdAt closer {{ __typename ... on Commit {{ oid }} ... on PullRequest {{ ...Pull }} }} }} }}
  }}
  reopened: timelineItems(last: 1, itemTypes: [REOPENED_EVENT]) {{
    nodes {{ ... on ReopenedEvent {{ createdAt }} }}
  }}
}}"
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
