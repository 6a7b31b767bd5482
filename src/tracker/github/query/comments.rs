//! Documents that bring the comments of tickets.

/// The first hundred comments of each of the tickets in `$ids`: of a hundred tickets some 10,000 nodes.
pub fn comments() -> String {
    format!(
        "query Comments($ids: [ID!]!) {{
  rateLimit {{ cost }}
  nodes(ids: $ids) {{ ... on Issue {{ id comments(first: 100) {{ ...Page }} }} }}
}}
{PAGE}"
    )
}

/// A later page of the comments of a ticket.
pub fn ticket_comments() -> String {
    format!(
        "query TicketComments($id: ID!, $after: String) {{
  rateLimit {{ cost }}
  node(id: $id) {{ ... on Issue {{ comments(first: 100, after: $after) {{ ...Page }} }} }}
}}
{PAGE}"
    )
}

/// A page of comments, and what is read of each.
const PAGE: &str = "\
fragment Page on IssueCommentConnection {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { body url createdAt isMinimized authorAssociation author { login } }
}";
