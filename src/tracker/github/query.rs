//! The GraphQL documents.

mod comments;
mod pulls;
mod refresh;
mod tickets;

use super::schema::Schema;

pub(super) use comments::{comments, ticket_comments};
pub(super) use pulls::{labelled_pulls, milestone_pulls, pull_references, references};
pub(super) use refresh::{changed, names, probe, pulls, reread, ticket};
pub(super) use tickets::{
    IssueSelector, LISTS, counts, files, shape, ticket_events, ticket_fields, ticket_pulls, tickets,
};

/// What the server knows, and the first page of labels and releases.
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

/// The milestones of the repository, open and closed.
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

/// The candidate, where it is a pull request, and the tickets it would close.
pub(super) const PULL_REQUEST: &str = "\
query PullRequest($owner: String!, $name: String!, $number: Int!) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { headRefOid baseRefName } }
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

/// The newest comments of the pull requests that brought a commit in.
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

/// Every document, for a server that knows everything and for one that knows the least, by name.
pub(super) fn documents() -> Vec<(&'static str, String)> {
    let complete = Schema::complete();
    let least = Schema::read(&serde_json::json!({ "issueKind": { "fields": [] } }));
    let mut all: Vec<(&'static str, String)> = [
        ("overview", OVERVIEW),
        ("labels", LABELS),
        ("releases", RELEASES),
        ("tags", TAGS),
        ("types", TYPES),
        ("milestones", MILESTONES),
        ("object", OBJECT),
        ("pull-request", PULL_REQUEST),
        ("ticket-labels", TICKET_LABELS),
        ("pull-files", PULL_FILES),
        ("pull-comments", PULL_COMMENTS),
        ("commit-comments", COMMIT_COMMENTS),
    ]
    .map(|(name, text)| (name, text.to_owned()))
    .into();
    let lists =
        [IssueSelector::Label, IssueSelector::Type, IssueSelector::Label, IssueSelector::Milestone(1)];
    all.push(("ticket-pulls", ticket_pulls()));
    all.push(("ticket-fields", ticket_fields(&complete)));
    all.push(("counts", counts(&lists)));
    all.push(("tickets", tickets(&complete, &lists[..LISTS], true)));
    all.push(("tickets-least", tickets(&least, &[IssueSelector::Label], false)));
    all.push(("ticket-events", ticket_events()));
    all.push(("comments", comments()));
    all.push(("ticket-comments", ticket_comments()));
    all.push(("files", files()));
    all.push(("references", references()));
    all.push(("pull-references", pull_references()));
    all.push(("labelled-pulls", labelled_pulls()));
    all.push(("milestone-pulls", milestone_pulls()));
    all.push(("probe", probe(&complete, &lists)));
    all.push(("ticket", ticket(&complete)));
    all.push(("names", names(&complete)));
    all.push(("changed", changed(&complete)));
    all.push(("pulls", pulls()));
    all.push(("probe-least", probe(&least, &[IssueSelector::Label])));
    all.push(("reread", reread(&complete)));
    all
}
