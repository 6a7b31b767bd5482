//! A snapshot as it was when a release was about to be published, as far as that is known today.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::comparison_base::comparison_base;
use super::issue_at::{issues_at, pull_requests_at};
use crate::model::{
    Area, Candidate, Commits, Issue, IssueNumber, IssueState, OLD_SCHEMA, Origins, Release, Snapshot,
};
use crate::policy::Policy;

/// Returns the snapshot of the instant before a release was published, with that release as its candidate.
///
/// With schema 2 the commit graph says what the release contains, and issues have the labels and the state that they had then. With
/// schema 1, which has neither, issues have the labels of today, one that was reopened since counts as open, and the commits of a
/// release are inferred from the times at which fixes were merged.
pub fn as_of(snapshot: &Snapshot, release: &Release, policy: &Policy) -> Snapshot {
    if snapshot.schema > OLD_SCHEMA {
        by_graph(snapshot, release)
    } else {
        by_times(snapshot, release, policy)
    }
}

/// Evidence of schema 2.
fn by_graph(snapshot: &Snapshot, release: &Release) -> Snapshot {
    let moment = release.published_at.unwrap_or(snapshot.taken_at);
    let issues = issues_at(snapshot, moment);
    let (mut releases, candidate) = (releases_before(snapshot, moment), as_candidate(release));
    // A draft has a tag and a commit, but is not published: exactly what a candidate is just before
    // its release.
    releases.push(Release { draft: true, published_at: None, ..release.clone() });
    // Test reports and deployments of the past are not in the snapshot, so their gaps would concern
    // another release.
    let is_needed = |area: Area| matches!(area, Area::Issues | Area::History);
    Snapshot {
        candidate: Some(candidate),
        releases: snapshot.releases.as_ref().map(|_| releases),
        origins: snapshot.origins.as_ref().map(|origins| origins_at(origins, issues.as_deref())),
        issues,
        pull_requests: pull_requests_at(snapshot, moment),
        history: snapshot.history.clone(),
        repository: snapshot.repository.clone(),
        asked: snapshot.asked.clone(),
        gaps: snapshot.gaps.iter().filter(|gap| is_needed(gap.area)).cloned().collect(),
        warnings: snapshot.warnings.clone(),
        ..Snapshot::empty(moment)
    }
}

/// The releases that were published before a moment.
fn releases_before(snapshot: &Snapshot, moment: Timestamp) -> Vec<Release> {
    let is_past = |release: &&Release| release.published_at.is_some_and(|at| at < moment);
    snapshot.releases.iter().flatten().filter(is_past).cloned().collect()
}

/// A release as a candidate.
fn as_candidate(release: &Release) -> Candidate {
    Candidate {
        name: release.tag.0.clone(),
        tag: Some(release.tag.clone()),
        head: release.commit.clone(),
        ..Candidate::default()
    }
}

/// Evidence of schema 1.
fn by_times(snapshot: &Snapshot, release: &Release, policy: &Policy) -> Snapshot {
    let moment = release.published_at.unwrap_or(snapshot.taken_at);
    let mut releases = releases_before(snapshot, moment);
    let issues: Option<Vec<Issue>> = snapshot.issues.as_ref().map(|issues| {
        issues
            .iter()
            .filter(|issue| issue.created_at < moment)
            .map(|issue| past_issue(issue, moment))
            .collect()
    });
    let mut candidate = as_candidate(release);
    candidate.commits = comparison_base(policy, &releases, &candidate).map(|base| {
        let since = releases.iter().find(|r| r.tag == base).and_then(|r| r.published_at);
        let fixes = issues.iter().flatten().flat_map(|issue| &issue.fixes);
        // `None` sorts before every time: a change that is not merged is never included.
        let within = fixes.filter(|fix| fix.merged_at > since);
        Commits { base, ids: within.filter_map(|fix| fix.commit.clone()).collect(), closes: BTreeSet::new() }
    });
    releases.push(Release { draft: true, published_at: None, ..release.clone() });
    Snapshot {
        schema: snapshot.schema,
        candidate: Some(candidate),
        releases: snapshot.releases.as_ref().map(|_| releases),
        origins: snapshot.origins.as_ref().map(|origins| origins_at(origins, issues.as_deref())),
        issues,
        repository: snapshot.repository.clone(),
        asked: snapshot.asked.clone(),
        gaps: snapshot.gaps.iter().filter(|gap| gap.area == Area::Issues).cloned().collect(),
        warnings: snapshot.warnings.clone(),
        ..Snapshot::empty(moment)
    }
}

/// The origins that could be told then: those of defects that were fixed.
fn origins_at(origins: &Origins, issues: Option<&[Issue]>) -> Origins {
    let fixed = issues.into_iter().flatten().filter(|issue| !issue.fixes.is_empty());
    let fixed: BTreeSet<IssueNumber> = fixed.map(|issue| issue.number).collect();
    let mut then = origins.clone();
    then.found.retain(|one| fixed.contains(&one.issue));
    then
}

/// An issue of schema 1 as it was at a moment after it was opened.
fn past_issue(issue: &Issue, moment: Timestamp) -> Issue {
    let mut then = issue.clone();
    // A fix that was merged later must not let a past release pass: the release cannot have
    // contained it.
    then.fixes.retain(|fix| fix.merged_at.is_some_and(|merged| merged < moment));
    then.reopened_at = issue.reopened_at.filter(|at| *at < moment);
    let closed_later = issue.closed_at.is_none_or(|at| at >= moment);
    if closed_later {
        then.state = IssueState::Open;
        then.state_reason = None;
        then.closed_at = None;
        then.duplicate_of = None;
    }
    then
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SNAPSHOT: &str = r#"{
      "schema": 1, "taken-at": "2026-09-01T00:00:00Z",
      "releases": [
        { "tag": "v1", "published-at": "2026-01-01T00:00:00Z" },
        { "tag": "v2", "published-at": "2026-03-01T00:00:00Z", "commit": "c2" },
        { "tag": "v3", "published-at": "2026-06-01T00:00:00Z" }
      ],
      "tickets": [
        { "number": 1, "title": "fixed in v2", "url": "", "updated-at": "2026-02-02T00:00:00Z", "created-at": "2026-02-01T00:00:00Z",
          "labels": ["bug"], "state": "closed", "state-reason": "completed", "closed-at": "2026-02-02T00:00:00Z",
          "fixes": [{ "pull-request": 11, "commit": "f1", "merged-at": "2026-02-02T00:00:00Z" }] },
        { "number": 2, "title": "fixed in v3", "url": "", "updated-at": "2026-04-01T00:00:00Z", "created-at": "2026-02-01T00:00:00Z",
          "labels": ["bug"], "state": "closed", "state-reason": "completed", "closed-at": "2026-04-01T00:00:00Z",
          "fixes": [{ "pull-request": 12, "commit": "f2", "merged-at": "2026-04-01T00:00:00Z" }] },
        { "number": 3, "title": "not known yet", "url": "", "updated-at": "2026-03-02T00:00:00Z", "created-at": "2026-03-02T00:00:00Z",
          "labels": ["bug"], "state": "open" }
      ],
      "origins": { "found": [
        { "issue": 1, "confidence": "inferred", "method": "blame", "evidence": "by its fix" },
        { "issue": 2, "confidence": "inferred", "method": "blame", "evidence": "by its fix" }
      ] }
    }"#;

    #[test]
    fn nothing_is_known_that_was_not_known_then() {
        let snapshot: Snapshot = serde_json::from_str(SNAPSHOT).unwrap();
        let policy = "version: 1\ndefects: { escaped: { labels: [bug] } }\nrules: [{ id: a, metric: unfixed, max: 0 }]\n";
        let policy = crate::policy::parse(policy.as_bytes(), "policy.yml").unwrap().policy;
        let v2 = snapshot.releases.as_ref().unwrap()[1].clone();
        let then = as_of(&snapshot, &v2, &policy);
        assert_eq!(then.taken_at, v2.published_at.unwrap());
        let issues = then.issues.unwrap();
        let states: Vec<_> = issues.iter().map(|t| (t.number.0, t.state, t.fixes.len())).collect();
        assert_eq!(states, [(1, IssueState::Closed, 1), (2, IssueState::Open, 0)]);
        let published = |r: &&Release| !r.draft;
        let tags: Vec<_> =
            then.releases.as_ref().unwrap().iter().filter(published).map(|r| r.tag.0.clone()).collect();
        assert_eq!(tags, ["v1"]);
        let origins = then.origins.unwrap().found;
        assert_eq!(origins.iter().map(|one| one.issue.0).collect::<Vec<_>>(), [1], "#2 had no fix yet");
        let candidate = then.candidate.unwrap();
        assert_eq!(candidate.head.unwrap().0, "c2");
        let ids: Vec<_> = candidate.commits.unwrap().ids.into_iter().map(|id| id.0).collect();
        assert_eq!(ids, ["f1"]);
    }
}
