//! The versions that an issue had in the past, each read once.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::issue_at::{PullRequestTimes, issue_at, old_issue_at};
use super::read_issue::ReadIssue;
use crate::model::Issue;

/// The versions of an issue. Most issues change a few times in their life, and a simulation asks for them at each release.
pub struct IssueVersions<'i> {
    issue: &'i Issue,
    /// `true` for evidence of schema 1.
    is_old: bool,
    /// Times of the changes, the oldest first.
    changes: Vec<Timestamp>,
    /// The version before the first change, and the one after each change.
    versions: Vec<OnceLock<Arc<ReadIssue>>>,
}

impl<'i> IssueVersions<'i> {
    /// Finds the times at which an issue changed.
    pub fn new(issue: &'i Issue, is_old: bool, pull_requests: &PullRequestTimes) -> Self {
        let merged = issue.fixes.iter().filter_map(|fix| fix.merged_at);
        let proposed = issue.fixes.iter().filter_map(|fix| pull_requests.opened_at(fix.own_pull_request()?));
        let labeled = issue.label_history.iter().flat_map(|history| &history.events).map(|event| event.at);
        let bisected = issue.bisects.iter().flat_map(|bisects| &bisects.found).map(|one| one.created_at);
        let mut changes: Vec<Timestamp> = merged
            .chain(proposed)
            .chain(labeled)
            .chain(bisected)
            .chain(issue.reopened_at)
            .chain(issue.closed_at)
            .collect();
        changes.sort_unstable();
        changes.dedup();
        let versions = (0..=changes.len()).map(|_| OnceLock::new()).collect();
        Self { issue, is_old, changes, versions }
    }

    /// Returns the issue as it was just before a moment; `None` if it was not open yet.
    pub fn at(&self, moment: Timestamp, pull_requests: &PullRequestTimes) -> Option<Arc<ReadIssue>> {
        if self.issue.created_at >= moment {
            return None;
        }
        let read = || {
            Arc::new(ReadIssue::new(match self.is_old {
                true => old_issue_at(self.issue, moment),
                false => issue_at(self.issue, pull_requests, moment),
            }))
        };
        let version = self.changes.partition_point(|change| *change < moment);
        Some(Arc::clone(self.versions[version].get_or_init(read)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::{OLD_SCHEMA, Snapshot};

    /// Each field that differs between two moments is a change: a version that is kept for too long would show the future.
    #[test]
    fn versions_are_those_of_each_moment() {
        let text = r#"{ "schema": 2, "taken-at": "2026-12-01T00:00:00Z", "issues": [{
            "number": 1, "title": "t", "url": "", "created-at": "2026-01-01T12:00:00Z", "updated-at": "2026-11-01T00:00:00Z",
            "state": "closed", "state-reason": "completed", "closed-at": "2026-09-01T12:00:00Z",
            "reopened-at": "2026-08-01T12:00:00Z", "labels": ["a", "b"],
            "label-history": { "events": [
                { "at": "2026-02-01T12:00:00Z", "set": true, "label": "a" },
                { "at": "2026-03-01T12:00:00Z", "set": true, "label": "b" },
                { "at": "2026-10-01T12:00:00Z", "set": false, "label": "c" }] },
            "fixes": [{ "pull-request": 2, "commit": "f2", "merged-at": "2026-05-01T12:00:00Z", "state": "merged" },
                      { "pull-request": 3, "state": "open" }] }],
          "pull-requests": [
            { "number": 2, "title": "t", "state": "merged", "commit": "f2", "merged-at": "2026-05-01T12:00:00Z",
              "created-at": "2026-04-01T12:00:00Z", "updated-at": "2026-05-01T12:00:00Z" },
            { "number": 3, "title": "t", "state": "open", "created-at": "2026-06-01T12:00:00Z",
              "updated-at": "2026-06-01T12:00:00Z" }] }"#;
        let mut snapshot: Snapshot = serde_json::from_str(text).unwrap();
        for schema in [snapshot.schema, OLD_SCHEMA] {
            snapshot.schema = schema;
            let pull_requests = PullRequestTimes::of(&snapshot);
            let issue = &snapshot.issues.as_ref().unwrap()[0];
            let versions = IssueVersions::new(issue, schema == OLD_SCHEMA, &pull_requests);
            let mut moment: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
            let mut seen = 0;
            // Half a day at a time, twice: the second time every version is known.
            for at in 0..2 * 730 {
                if at == 730 {
                    moment = "2026-01-01T00:00:00Z".parse().unwrap();
                }
                moment += jiff::SignedDuration::from_hours(12);
                let expected = (issue.created_at < moment).then(|| match schema == OLD_SCHEMA {
                    true => old_issue_at(issue, moment),
                    false => issue_at(issue, &pull_requests, moment),
                });
                let found = versions.at(moment, &pull_requests);
                assert_eq!(found.as_ref().map(|read| &*read.issue), expected.as_ref(), "{moment}");
                seen += usize::from(found.is_some());
            }
            assert!(seen > 700 && versions.versions.iter().filter(|one| one.get().is_some()).count() > 8);
        }
    }
}
