//! Documents that read the changes since an earlier run.

use super::Schema;
use super::issues::{IssueSelector, issue_fragments, list_count_fields};

/// The present number of issues in each list, the names behind `$ids`, and the first page of changed issues and pull requests.
pub fn probe_query(schema: &Schema, lists: &[IssueSelector]) -> String {
    let (variables, fields) = list_count_fields(lists);
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
        names_field(schema),
        issue_fragments(schema)
    )
}

/// The names behind more `$ids`.
pub fn names_query(schema: &Schema) -> String {
    format!("query Names($ids: [ID!]!) {{\n  rateLimit {{ cost }}\n  {}\n}}", names_field(schema))
}

/// A later page of the changed issues.
pub fn changed_issues_query(schema: &Schema) -> String {
    format!(
        "query Changed($owner: String!, $name: String!, $since: DateTime!, $after: String) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
    changed: issues(filterBy: {{ since: $since }}, after: $after, {CHANGED}
  }}
}}
{}",
        issue_fragments(schema)
    )
}

/// A later page of pull requests, the latest change first.
pub fn changed_pull_requests_query() -> String {
    format!(
        "query Pulls($owner: String!, $name: String!, $after: String) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
    pulls: pullRequests(after: $after, {PULLS}
  }}
}}"
    )
}

/// Issues by their ids.
pub fn issues_by_id_query(schema: &Schema) -> String {
    format!(
        "query Reread($ids: [ID!]!) {{
  rateLimit {{ cost }}
  nodes(ids: $ids) {{ ...Ticket }}
}}
{}",
        issue_fragments(schema)
    )
}

/// One issue by its number.
pub fn numbered_issue_query(schema: &Schema) -> String {
    format!(
        "query NumberedTicket($owner: String!, $name: String!, $number: Int!) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{ issue(number: $number) {{ ...Ticket }} }}
}}
{}",
        issue_fragments(schema)
    )
}

/// The names behind `$ids`: of milestones and, if the server has them, of issue types.
fn names_field(schema: &Schema) -> String {
    let types = if schema.issue_types { " ... on IssueType { name }" } else { "" };
    format!("names: nodes(ids: $ids) {{ id ... on Milestone {{ name: title }}{types} }}")
}

/// The changed issues of the whole repository, labelled or not: an issue may have lost its label.
const CHANGED: &str = "\
first: 100, orderBy: { field: UPDATED_AT, direction: ASC }) {
      totalCount pageInfo { hasNextPage endCursor } nodes { ...Ticket }
    }";

/// Changed pull requests, with the issues that they close and the texts that may mention others.
// GitHub has no filter by time here. The latest change comes first, so that reading ends at the first older one.
const PULLS: &str = "\
first: 100, orderBy: { field: UPDATED_AT, direction: DESC }) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        number updatedAt title body
        closingIssuesReferences(first: 50) { pageInfo { hasNextPage } nodes { number repository { nameWithOwner } } }
      }
    }";
