//! Documents that tell what changed since an earlier reading.

use super::Schema;
use super::tickets::{IssueSelector, counted, shape};

/// How many tickets each list has now, the names behind `$ids`, and the first page of what changed.
pub fn probe(schema: &Schema, lists: &[IssueSelector]) -> String {
    let (variables, fields) = counted(lists);
    format!(
        "query Probe($owner: String!, $name: String!, $since: DateTime!, $ids: [ID!]!{variables}) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
{fields}    changed: issues(filterBy: {{ since: $since }}, {CHANGED}
    pulls: pullRequests({PULLS}
  }}
  {}
}}
{}",
        named(schema),
        shape(schema)
    )
}

/// The names behind more `$ids`.
pub fn names(schema: &Schema) -> String {
    format!("query Names($ids: [ID!]!) {{\n  rateLimit {{ cost }}\n  {}\n}}", named(schema))
}

/// A later page of the tickets that changed.
pub fn changed(schema: &Schema) -> String {
    format!(
        "query Changed($owner: String!, $name: String!, $since: DateTime!, $after: String) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
    changed: issues(filterBy: {{ since: $since }}, after: $after, {CHANGED}
  }}
}}
{}",
        shape(schema)
    )
}

/// A later page of pull requests, those that changed last first.
pub fn pulls() -> String {
    format!(
        "query Pulls($owner: String!, $name: String!, $after: String) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
    pulls: pullRequests(after: $after, {PULLS}
  }}
}}"
    )
}

/// Tickets by their ids.
pub fn reread(schema: &Schema) -> String {
    format!(
        "query Reread($ids: [ID!]!) {{
  rateLimit {{ cost }}
  nodes(ids: $ids) {{ ...Ticket }}
}}
{}",
        shape(schema)
    )
}

/// One ticket by its number.
pub fn ticket(schema: &Schema) -> String {
    format!(
        "query NumberedTicket($owner: String!, $name: String!, $number: Int!) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{ issue(number: $number) {{ ...Ticket }} }}
}}
{}",
        shape(schema)
    )
}

/// The names behind `$ids`: of milestones, and of issue types where the server has them.
fn named(schema: &Schema) -> String {
    let types = if schema.issue_types { " ... on IssueType { name }" } else { "" };
    format!("names: nodes(ids: $ids) {{ id ... on Milestone {{ name: title }}{types} }}")
}

/// The tickets that changed. All tickets of the repository are asked, labelled or not: one may have lost its
/// label.
const CHANGED: &str = "\
first: 100, orderBy: { field: UPDATED_AT, direction: ASC }) {
      totalCount pageInfo { hasNextPage endCursor } nodes { ...Ticket }
    }";

/// What a changed pull request is known by, the tickets that it closes, and the text in which it may name others.
const PULLS: &str = "\
first: 100, orderBy: { field: UPDATED_AT, direction: DESC }) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        number updatedAt title body
        closingIssuesReferences(first: 50) { pageInfo { hasNextPage } nodes { number repository { nameWithOwner } } }
      }
    }";
