//! Documents that read pull requests.

use super::issues::{PULL, WHOLE};

/// References to each of the pull requests in `$pulls`.
pub fn fix_references_query() -> String {
    format!(
        "query References($pulls: [ID!]!) {{
  rateLimit {{ cost }}
  pulls: nodes(ids: $pulls) {{
    ... on PullRequest {{ references: timelineItems(last: 25, {REFERENCES} }}
  }}
}}
{PULL}
{WHOLE}"
    )
}

/// Earlier references to a pull request.
pub fn pull_request_references_query() -> String {
    format!(
        "query PullReferences($id: ID!, $before: String) {{
  rateLimit {{ cost }}
  node(id: $id) {{
    ... on PullRequest {{ references: timelineItems(last: 100, before: $before, {REFERENCES} }}
  }}
}}
{PULL}
{WHOLE}"
    )
}

/// A page of the pull requests that have one of `$labels`, with their label events.
pub fn labelled_pull_requests_query() -> String {
    format!(
        "query LabelledPulls($owner: String!, $name: String!, $labels: [String!]!, $first: Int!, $after: String) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
    pullRequests(labels: $labels, {PAGE}
  }}
}}
{PULL}
{WHOLE}"
    )
}

/// A page of the pull requests in the milestone `$number`, with their label events.
pub fn milestone_pull_requests_query() -> String {
    format!(
        "query MilestonePulls($owner: String!, $name: String!, $number: Int!, $first: Int!, $after: String) {{
  rateLimit {{ cost }}
  repository(owner: $owner, name: $name) {{
    milestone(number: $number) {{ pullRequests({PAGE} }}
  }}
}}
{PULL}
{WHOLE}"
    )
}

/// A page of pull requests, with their fields.
// Hardly any pull request has more than 100 labels: a second page of them is a gap and not read.
const PAGE: &str = "\
first: $first, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        ...Whole
        labels(first: 100) { pageInfo { hasNextPage } nodes { name } }
        events: timelineItems(last: 50, itemTypes: [LABELED_EVENT, UNLABELED_EVENT]) {
          pageInfo { hasPreviousPage }
          nodes {
            __typename
            ... on LabeledEvent { createdAt label { name } actor { __typename login } }
            ... on UnlabeledEvent { createdAt label { name } actor { __typename login } }
          }
        }
      }
    }";

/// A page of references, with the pull requests that they come from.
// GitHub links a backport to no issue. Only a mention of the original pull request leads to it.
const REFERENCES: &str = "\
itemTypes: [CROSS_REFERENCED_EVENT]) {
      pageInfo { hasPreviousPage startCursor }
      nodes { ... on CrossReferencedEvent { source { __typename ... on PullRequest { ...Whole } } } }
    }";
