//! Documents that read the comments of issues.

/// The first 100 comments of each issue in `$ids`: about 10,000 nodes for 100 issues.
pub fn comments_query() -> String {
    format!(
        "query Comments($ids: [ID!]!) {{
  rateLimit {{ cost }}
  nodes(ids: $ids) {{ ... on Issue {{ id comments(first: 100) {{ ...Page }} }} }}
}}
{PAGE}"
    )
}

/// A later page of the comments of an issue.
pub fn issue_comments_query() -> String {
    format!(
        "query TicketComments($id: ID!, $after: String) {{
  rateLimit {{ cost }}
  node(id: $id) {{ ... on Issue {{ comments(first: 100, after: $after) {{ ...Page }} }} }}
}}
{PAGE}"
    )
}

/// A page of comments, with their fields.
// GitHub calls a hidden comment minimized.
const PAGE: &str = "\
fragment Page on IssueCommentConnection {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { body url createdAt isMinimized authorAssociation author { login } }
}";
