//! Documents that bring pull requests.

use super::tickets::{PULL, WHOLE};

/// What refers to each of the pull requests in `$pulls`.
pub fn references() -> String {
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
pub fn pull_references() -> String {
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

/// A page of the pull requests that have one of `$labels`, with who labelled them when.
pub fn labelled_pulls() -> String {
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

/// A page of the pull requests in the milestone `$number`, with who labelled them when.
pub fn milestone_pulls() -> String {
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

/// A page of pull requests, and what is read of each.
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

/// What is read of references.
const REFERENCES: &str = "\
itemTypes: [CROSS_REFERENCED_EVENT]) {
      pageInfo { hasPreviousPage startCursor }
      nodes { ... on CrossReferencedEvent { source { __typename ... on PullRequest { ...Whole } } } }
    }";
