//! GraphQL documents.

mod comments;
mod issues;
mod pull_requests;
mod refresh;

use super::schema::Schema;

pub(super) use comments::{comments_query, issue_comments_query};
pub(super) use issues::{
    IssueSelector, LISTS, changed_files_query, issue_events_query, issue_fields_query, issue_fragments,
    issue_lists_query, issue_pull_requests_query, list_counts_query,
};
pub(super) use pull_requests::{
    fix_references_query, labelled_pull_requests_query, milestone_pull_requests_query,
    pull_request_references_query,
};
pub(super) use refresh::{
    changed_issues_query, changed_pull_requests_query, issues_by_id_query, names_query, numbered_issue_query,
    probe_query,
};

/// The parts of the server's schema that vary, and the first page of labels and releases.
// `__type` hides deprecated fields by default, but the server still answers them.
pub(super) const OVERVIEW: &str = "\
query Overview($owner: String!, $name: String!) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    hasIssuesEnabled
    newest: issues(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { updatedAt } }
    newestPull: pullRequests(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { updatedAt } }
    labels(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { id name } }
    releases(first: 100) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { tagName name isDraft isPrerelease publishedAt url tagCommit { oid committedDate } }
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
    labels(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id name } }
  }
}";

/// A later page of releases.
pub(super) const RELEASES: &str = "\
query Releases($owner: String!, $name: String!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    releases(first: 100, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { tagName name isDraft isPrerelease publishedAt url tagCommit { oid committedDate } }
    }
  }
}";

/// A page of tags, each with the commit that it leads to, through up to two annotated tags.
// A tag of a tag of a tag does not occur in practice: it becomes a gap.
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

/// A page of the repository's issue types.
pub(super) const TYPES: &str = "\
query Types($owner: String!, $name: String!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    issueTypes(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { name } }
  }
}";

/// A page of the repository's issue fields.
pub(super) const FIELDS: &str = "\
query Fields($owner: String!, $name: String!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    issueFields(first: 100, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { ... on IssueFieldCommon { name } }
    }
  }
}";

/// The number of open issues that have one of the labels, and the oldest of them.
pub(super) const OPEN_ISSUES: &str = "\
query OpenIssues($owner: String!, $name: String!, $labels: [String!]) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    issues(first: 1, states: [OPEN], labels: $labels, orderBy: { field: CREATED_AT, direction: ASC }) {
      totalCount nodes { createdAt }
    }
  }
}";

/// A page of the repository's milestones, open and closed.
pub(super) const MILESTONES: &str = "\
query Milestones($owner: String!, $name: String!, $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    milestones(first: 100, after: $after, states: [OPEN, CLOSED], orderBy: { field: NUMBER, direction: ASC }) {
      totalCount pageInfo { hasNextPage endCursor } nodes { id number title }
    }
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

/// The head and the target branch of a pull request.
pub(super) const PULL_REQUEST: &str = "\
query PullRequest($owner: String!, $name: String!, $number: Int!) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { headRefOid baseRefName } }
}";

/// The entries of a merge queue.
pub(super) const MERGE_QUEUE: &str = "\
query MergeQueue($owner: String!, $name: String!, $branch: String!) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    mergeQueue(branch: $branch) {
      entries(first: 100) { totalCount nodes { position headCommit { oid } pullRequest { number headRefOid } } }
    }
  }
}";

/// The newest comments of the candidate's pull request.
pub(super) const PULL_COMMENTS: &str = "\
query PullComments($owner: String!, $name: String!, $number: Int!) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { ...Commented } }
}
fragment Commented on PullRequest {
  number
  comments(last: 100) { totalCount nodes { body url createdAt updatedAt lastEditedAt isMinimized author { __typename login } } }
}";

/// The newest comments of the pull requests that contain a commit.
pub(super) const COMMIT_COMMENTS: &str = "\
query CommitComments($owner: String!, $name: String!, $commit: GitObjectID!) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    object(oid: $commit) {
      ... on Commit { associatedPullRequests(first: 10) { nodes { mergeCommit { oid } ...Commented } } }
    }
  }
}
fragment Commented on PullRequest {
  number
  comments(last: 100) { totalCount nodes { body url createdAt updatedAt lastEditedAt isMinimized author { __typename login } } }
}";

/// More labels of an issue.
pub(super) const ISSUE_LABELS: &str = "\
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

/// Returns every document by name, for the newest server and for the oldest one.
pub(super) fn query_documents() -> Vec<(&'static str, String)> {
    let complete = Schema::complete();
    let least = Schema::read(&serde_json::json!({ "issueKind": { "fields": [] } }));
    let (label, milestone) = (IssueSelector::Label, IssueSelector::Milestone(1));
    let lists = [label, IssueSelector::Type, label, milestone];
    vec![
        ("overview", OVERVIEW.to_owned()),
        ("labels", LABELS.to_owned()),
        ("releases", RELEASES.to_owned()),
        ("tags", TAGS.to_owned()),
        ("types", TYPES.to_owned()),
        ("fields", FIELDS.to_owned()),
        ("open-issues", OPEN_ISSUES.to_owned()),
        ("milestones", MILESTONES.to_owned()),
        ("object", OBJECT.to_owned()),
        ("pull-request", PULL_REQUEST.to_owned()),
        ("ticket-labels", ISSUE_LABELS.to_owned()),
        ("pull-files", PULL_FILES.to_owned()),
        ("merge-queue", MERGE_QUEUE.to_owned()),
        ("pull-comments", PULL_COMMENTS.to_owned()),
        ("commit-comments", COMMIT_COMMENTS.to_owned()),
        ("ticket-pulls", issue_pull_requests_query()),
        ("ticket-fields", issue_fields_query(&complete)),
        ("counts", list_counts_query(&lists)),
        ("tickets", issue_lists_query(&complete, &lists[..LISTS], true)),
        ("tickets-least", issue_lists_query(&least, &[label], false)),
        ("ticket-events", issue_events_query()),
        ("comments", comments_query()),
        ("ticket-comments", issue_comments_query()),
        ("files", changed_files_query()),
        ("references", fix_references_query()),
        ("pull-references", pull_request_references_query()),
        ("labelled-pulls", labelled_pull_requests_query()),
        ("milestone-pulls", milestone_pull_requests_query()),
        ("probe", probe_query(&complete, &lists)),
        ("ticket", numbered_issue_query(&complete)),
        ("names", names_query(&complete)),
        ("changed", changed_issues_query(&complete)),
        ("pulls", changed_pull_requests_query()),
        ("probe-least", probe_query(&least, &[label])),
        ("reread", issues_by_id_query(&complete)),
    ]
}
