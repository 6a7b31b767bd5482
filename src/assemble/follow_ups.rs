//! The issues that have to be closed for waivers to hold.

use std::collections::BTreeMap;

use crate::model::{Issue, IssueNumber, IssueState, StateReason};
use crate::policy::Policy;

/// The states of the follow-ups of the policy's waivers. An issue that was closed for a reason that this version does not know
/// counts as open. One that is not among the issues is absent.
pub fn follow_up_states<'i>(
    issues: impl Iterator<Item = &'i Issue>,
    policy: &Policy,
) -> BTreeMap<IssueNumber, IssueState> {
    let wanted = policy.exceptions.follow_ups();
    let named = issues.filter(|issue| wanted.contains(&issue.number));
    named
        .map(|issue| {
            let state = match &issue.state_reason {
                // A waiver lasts beyond the due day only if its follow-up is done. A closing for an
                // unknown reason must not extend it.
                Some(StateReason::Other(_) | StateReason::Reopened) => IssueState::Open,
                Some(StateReason::Completed | StateReason::NotPlanned | StateReason::Duplicate) | None => {
                    issue.state
                }
            };
            (issue.number, state)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::follow_up_states;
    use crate::model::{Issue, IssueNumber, IssueState};
    use crate::policy::parse;

    #[test]
    fn only_an_issue_that_is_closed_for_a_known_reason_is_closed() {
        let policy = "version: 1
rules: [{ id: tests, metric: tests.failed, max: 0 }]
waivers:
  - { rule: tests, reason: a, approved-by: mona, expires: 2026-12-01, follow-up: { issue: 1, due: 2026-12-01 } }
  - { rule: tests, reason: a, approved-by: mona, expires: 2026-12-01, follow-up: { issue: 2, due: 2026-12-01 } }
  - { rule: tests, reason: a, approved-by: mona, expires: 2026-12-01, follow-up: { issue: 3, due: 2026-12-01 } }
  - { rule: tests, reason: a, approved-by: mona, expires: 2026-12-01, follow-up: { issue: 4, due: 2026-12-01 } }
";
        let policy = parse(policy.as_bytes(), "policy.yml").unwrap().policy;
        let issue = |number: u64, state: &str, reason: serde_json::Value| -> Issue {
            serde_json::from_value(serde_json::json!({
                "number": number, "title": "", "url": "", "state": state, "state-reason": reason,
                "created-at": "2026-01-01T00:00:00Z", "updated-at": "2026-01-01T00:00:00Z",
            }))
            .unwrap()
        };
        let issues = [
            issue(1, "closed", "completed".into()),
            issue(2, "closed", serde_json::json!({ "other": "archived" })),
            issue(3, "open", serde_json::Value::Null),
            issue(5, "closed", "completed".into()),
        ];
        let found: Vec<_> = follow_up_states(issues.iter(), &policy).into_iter().collect();
        let state = |number, state| (IssueNumber(number), state);
        assert_eq!(
            found,
            [state(1, IssueState::Closed), state(2, IssueState::Open), state(3, IssueState::Open)]
        );
    }
}
