//! Issues and pull requests as they were at a moment of the past.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::model::{ChangeState, Fix, Issue, IssueState, LabelHistory, PullRequest, Snapshot, StateReason};

/// Times at which pull requests were opened.
pub struct PullRequestTimes(HashMap<u64, Timestamp>);

impl PullRequestTimes {
    /// Returns the times of the pull requests of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut times = HashMap::new();
        for pull in snapshot.pull_requests.iter().flatten() {
            let first = times.entry(pull.number).or_insert(pull.created_at);
            *first = pull.created_at.min(*first);
        }
        Self(times)
    }

    /// Returns the time at which a pull request was opened; `None` if it was not read.
    pub fn opened_at(&self, number: u64) -> Option<Timestamp> {
        self.0.get(&number).copied()
    }
}

/// The pull requests of a snapshot that were there at a moment, as they were then.
pub fn pull_requests_at(snapshot: &Snapshot, moment: Timestamp) -> Option<Vec<PullRequest>> {
    let pulls = snapshot.pull_requests.as_ref()?.iter().filter(|pull| pull.created_at < moment);
    let at = |pull: &PullRequest| {
        let mut then = pull.clone();
        // One that was closed without merging stays closed: no time of that is recorded.
        if pull.merged_at.is_some_and(|merged| merged >= moment) {
            (then.state, then.merged_at, then.commit) = (ChangeState::Open, None, None);
        }
        set_back(&mut then.labels, &mut then.label_history, moment);
        then.updated_at = then.updated_at.min(moment);
        then
    };
    Some(pulls.map(at).collect())
}

/// Returns an issue of schema 2 as it was at a moment after it was opened. Its title, description, fields, milestone and time of the
/// last change are those of today, since no tracker says when they changed.
pub fn issue_at(issue: &Issue, pull_requests: &PullRequestTimes, moment: Timestamp) -> Issue {
    let is_past = |at: &Timestamp| *at < moment;
    let mut then = issue.clone();
    then.fixes = issue.fixes.iter().filter_map(|fix| fix_at(fix, pull_requests, moment)).collect();
    set_back(&mut then.labels, &mut then.label_history, moment);
    if let Some(bisects) = &mut then.bisects {
        bisects.found.retain(|one| one.created_at < moment);
    }
    then.reopened_at = issue.reopened_at.filter(is_past);
    then.closed_at = issue.closed_at.filter(is_past);
    // `None` sorts before every time, so an issue that was never reopened counts as closed.
    let is_closed = then.closed_at.is_some() && then.closed_at >= then.reopened_at;
    if !is_closed {
        then.state = IssueState::Open;
        (then.state_reason, then.closing, then.duplicate_of) = (None, None, None);
    } else if issue.state == IssueState::Open {
        // It was reopened since. Why it had been closed is not kept.
        then.state = IssueState::Closed;
        // Completed is by far the most common reason.
        (then.state_reason, then.closing) = (Some(StateReason::Completed), None);
    }
    then
}

/// Returns an issue of schema 1 as it was at a moment after it was opened.
pub fn old_issue_at(issue: &Issue, moment: Timestamp) -> Issue {
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

/// A linked change as it was at a moment; `None` if it was not there. One that was merged later was open then if its pull request is
/// among those that had been opened before.
fn fix_at(fix: &Fix, pull_requests: &PullRequestTimes, moment: Timestamp) -> Option<Fix> {
    if fix.merged_at.is_some_and(|merged| merged < moment) || fix.is_dropped() {
        return Some(fix.clone());
    }
    let number = fix.own_pull_request()?;
    pull_requests.opened_at(number).is_some_and(|at| at < moment).then(|| Fix {
        state: Some(ChangeState::Open),
        commit: None,
        merged_at: None,
        ..fix.clone()
    })
}

/// Takes back what was labelled at a moment or later. Without a history of labels those of today stay.
fn set_back(labels: &mut Vec<String>, history: &mut Option<LabelHistory>, moment: Timestamp) {
    let Some(history) = history else { return };
    // GitHub compares label names without regard to case.
    let is_same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    // Of two events at one time the later in the list is the later one.
    // Undo from the newest to the oldest, so that a label that was set, removed and set again ends
    // as it was.
    for event in history.events.iter().rev().filter(|event| event.at >= moment) {
        labels.retain(|label| !is_same(label, &event.label));
        if !event.set {
            labels.push(event.label.clone());
        }
    }
    // Attribution reads the history too. An event of the future would tell it who labels the issue
    // later.
    history.events.retain(|event| event.at < moment);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn snapshot(issue: &str) -> Snapshot {
        let text = format!(
            r#"{{ "schema": 2, "taken-at": "2026-09-01T00:00:00Z", "issues": [{{ "number": 1, "title": "t", "url": "",
                 "created-at": "2026-01-01T00:00:00Z", "updated-at": "2026-08-01T00:00:00Z", {issue} }}] }}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn past_issue(snapshot: &Snapshot, moment: Timestamp) -> Issue {
        issue_at(&snapshot.issues.as_ref().unwrap()[0], &PullRequestTimes::of(snapshot), moment)
    }

    fn at(issue: &str, month: u8) -> Issue {
        let moment = format!("2026-{month:02}-01T00:00:00Z").parse().unwrap();
        past_issue(&snapshot(issue), moment)
    }

    #[test]
    fn labels_are_those_of_the_moment() {
        let issue = r#""state": "open", "labels": ["bug", "fixed-in/v3", "area/x"], "label-history": { "events": [
            { "at": "2026-01-02T00:00:00Z", "set": true, "label": "bug" },
            { "at": "2026-02-02T00:00:00Z", "set": true, "label": "sev/critical" },
            { "at": "2026-04-02T00:00:00Z", "set": false, "label": "Sev/critical" },
            { "at": "2026-05-02T00:00:00Z", "set": true, "label": "fixed-in/v3" }] }"#;
        assert_eq!(at(issue, 6).labels, ["bug", "fixed-in/v3", "area/x"]);
        assert_eq!(at(issue, 5).labels, ["bug", "area/x"]);
        assert_eq!(at(issue, 3).labels, ["bug", "area/x", "Sev/critical"]);
        assert_eq!(at(issue, 3).label_history.unwrap().events.len(), 2);
        assert_eq!(at(r#""state": "open", "labels": ["bug"]"#, 3).labels, ["bug"], "nothing says when");
    }

    #[test]
    fn closings_and_reopenings_are_those_of_the_moment() {
        let reopened =
            r#""state": "open", "closed-at": "2026-03-15T00:00:00Z", "reopened-at": "2026-05-15T00:00:00Z""#;
        let states = |issue: &str, months: [u8; 3]| months.map(|month| at(issue, month).state);
        assert_eq!(states(reopened, [3, 5, 6]), [IssueState::Open, IssueState::Closed, IssueState::Open]);
        assert_eq!(at(reopened, 5).reopened_at, None);
        let closed = r#""state": "closed", "state-reason": "not-planned", "closed-at": "2026-05-15T00:00:00Z", "reopened-at": "2026-03-15T00:00:00Z",
            "closing": { "by": { "login": "ada" } }"#;
        assert_eq!(states(closed, [3, 5, 6]), [IssueState::Open, IssueState::Open, IssueState::Closed]);
        assert!(at(closed, 5).closing.is_none() && at(closed, 5).state_reason.is_none());
        assert!(at(closed, 6).closing.is_some());
    }

    #[test]
    fn change_merged_later_was_open_or_not_there() {
        let fixes = r#""state": "open", "fixes": [{ "pull-request": 2, "commit": "f2", "merged-at": "2026-03-02T00:00:00Z", "state": "merged" }]"#;
        assert_eq!(at(fixes, 4).fixes[0].state, Some(ChangeState::Merged));
        assert!(at(fixes, 3).fixes.is_empty());
        let mut snapshot = snapshot(fixes);
        snapshot.pull_requests = serde_json::from_str(
            r#"[{ "number": 2, "title": "t", "state": "merged", "commit": "f2", "merged-at": "2026-03-02T00:00:00Z",
                  "created-at": "2026-02-02T00:00:00Z", "updated-at": "2026-03-02T00:00:00Z" }]"#,
        )
        .unwrap();
        let moment = "2026-03-01T00:00:00Z".parse().unwrap();
        let then = past_issue(&snapshot, moment);
        assert_eq!((then.fixes[0].state, &then.fixes[0].commit), (Some(ChangeState::Open), &None));
        let pull = pull_requests_at(&snapshot, moment).unwrap().remove(0);
        assert_eq!((pull.state, pull.commit), (ChangeState::Open, None));
        assert!(pull_requests_at(&snapshot, "2026-02-01T00:00:00Z".parse().unwrap()).unwrap().is_empty());
    }
}
