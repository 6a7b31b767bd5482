//! A snapshot as it was when a release was about to be published, as far as that is known today.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::comparison_base::comparison_base;
use super::issue_at::{PullRequestTimes, pull_requests_at};
use super::issue_versions::IssueVersions;
use super::read_issue::ReadIssue;
use super::{apply_origins, assemble_parts};
use crate::evidence::Evidence;
use crate::model::{Area, Candidate, Commits, IssueNumber, OLD_SCHEMA, Origins, Release, Snapshot};
use crate::policy::Policy;

/// A snapshot as it was at past moments.
pub struct PastSnapshots<'s> {
    snapshot: &'s Snapshot,
    policy: &'s Policy,
    issues: Option<Vec<IssueVersions<'s>>>,
    pull_requests: PullRequestTimes,
}

/// A snapshot of a past moment.
struct PastSnapshot {
    snapshot: Snapshot,
    issues: Option<Vec<Arc<ReadIssue>>>,
}

impl<'s> PastSnapshots<'s> {
    /// Prepares a snapshot for evaluations of its past.
    pub fn new(snapshot: &'s Snapshot, policy: &'s Policy) -> Self {
        let pull_requests = PullRequestTimes::of(snapshot);
        let is_old = snapshot.schema == OLD_SCHEMA;
        let versions = |issue| IssueVersions::new(issue, is_old, &pull_requests);
        let issues = snapshot.issues.as_ref().map(|issues| issues.iter().map(versions).collect());
        Self { snapshot, policy, issues, pull_requests }
    }

    /// Returns the evidence of the instant before a release was published, with that release as its candidate.
    ///
    /// With schema 2 the commit graph says what the release contains, and issues have the labels and the state that they had then.
    /// With schema 1, which has neither, issues have the labels of today, one that was reopened since counts as open, and the commits
    /// of a release are inferred from the times at which fixes were merged.
    pub fn assemble(&self, release: &Release) -> Evidence {
        let PastSnapshot { mut snapshot, issues } = self.before(release);
        let origins = snapshot.origins.take();
        let history = self.snapshot.history.as_ref().filter(|_| self.snapshot.schema > OLD_SCHEMA);
        let (mut evidence, _) = assemble_parts(snapshot, issues, history, self.policy, None);
        apply_origins(&mut evidence, origins.as_ref(), self.policy);
        evidence
    }

    fn before(&self, release: &Release) -> PastSnapshot {
        let moment = release.published_at.unwrap_or(self.snapshot.taken_at);
        let issues = self.issues.as_ref().map(|all| {
            let mut issues = Vec::with_capacity(all.len());
            issues.extend(all.iter().filter_map(|versions| versions.at(moment, &self.pull_requests)));
            issues
        });
        let snapshot = if self.snapshot.schema > OLD_SCHEMA {
            by_graph(self.snapshot, issues.as_deref(), release, moment)
        } else {
            by_times(self.snapshot, issues.as_deref(), release, moment, self.policy)
        };
        PastSnapshot { snapshot, issues }
    }
}

/// Evidence of schema 2.
fn by_graph(
    snapshot: &Snapshot,
    issues: Option<&[Arc<ReadIssue>]>,
    release: &Release,
    moment: Timestamp,
) -> Snapshot {
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
        origins: snapshot.origins.as_ref().map(|origins| origins_at(origins, issues)),
        pull_requests: pull_requests_at(snapshot, moment),
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
fn by_times(
    snapshot: &Snapshot,
    issues: Option<&[Arc<ReadIssue>]>,
    release: &Release,
    moment: Timestamp,
    policy: &Policy,
) -> Snapshot {
    let mut releases = releases_before(snapshot, moment);
    let mut candidate = as_candidate(release);
    candidate.commits = comparison_base(policy, &releases, &candidate).map(|base| {
        let since = releases.iter().find(|r| r.tag == base).and_then(|r| r.published_at);
        let fixes = issues.into_iter().flatten().flat_map(|read| &read.issue.fixes);
        // `None` sorts before every time: a change that is not merged is never included.
        let within = fixes.filter(|fix| fix.merged_at > since);
        Commits { base, ids: within.filter_map(|fix| fix.commit.clone()).collect(), closes: BTreeSet::new() }
    });
    releases.push(Release { draft: true, published_at: None, ..release.clone() });
    Snapshot {
        schema: snapshot.schema,
        candidate: Some(candidate),
        releases: snapshot.releases.as_ref().map(|_| releases),
        origins: snapshot.origins.as_ref().map(|origins| origins_at(origins, issues)),
        repository: snapshot.repository.clone(),
        asked: snapshot.asked.clone(),
        gaps: snapshot.gaps.iter().filter(|gap| gap.area == Area::Issues).cloned().collect(),
        warnings: snapshot.warnings.clone(),
        ..Snapshot::empty(moment)
    }
}

/// The origins that could be told then: those of defects that were fixed.
fn origins_at(origins: &Origins, issues: Option<&[Arc<ReadIssue>]>) -> Origins {
    let fixed = issues.into_iter().flatten().filter(|read| !read.issue.fixes.is_empty());
    let fixed: BTreeSet<IssueNumber> = fixed.map(|read| read.issue.number).collect();
    let mut then = origins.clone();
    then.found.retain(|one| fixed.contains(&one.issue));
    then
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::IssueState;

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
        let PastSnapshot { snapshot: then, issues } = PastSnapshots::new(&snapshot, &policy).before(&v2);
        assert_eq!(then.taken_at, v2.published_at.unwrap());
        let issues: Vec<_> = issues.unwrap().iter().map(|read| Arc::clone(&read.issue)).collect();
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
