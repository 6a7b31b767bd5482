//! Rules on a pull request: which are evaluated, and which warn there and block the release.

use std::collections::BTreeSet;

use crate::evidence::Evidence;
use crate::model::{Area, IssueNumber, ProposedChange};
use crate::policy::{CandidateKind, OnPullRequests, Policy, Rule};

use super::sentence::list_issues;
use super::{Finding, Verdict};

/// Takes out the rules that are not evaluated on the candidate, and lets broken rules about defects warn on a pull request that
/// has nothing to do with them. Returns the rules that are evaluated and those that are not.
pub fn apply_pull_request_rules(
    policy: &Policy,
    evidence: &Evidence,
    all: Vec<Finding>,
) -> (Vec<Finding>, Vec<Finding>) {
    let Some(change) = &evidence.proposed else {
        return split_by_occasion(all, &[CandidateKind::Release], "not evaluated on releases");
    };
    let like_release = like_release(change, &all);
    let occasions: &[CandidateKind] =
        if like_release.is_some() { &CandidateKind::ALL } else { &[CandidateKind::PullRequest] };
    let (mut evaluated, not_evaluated) = split_by_occasion(all, occasions, "not evaluated on pull requests");
    for finding in evaluated.iter_mut().filter(|finding| finding.weight() == Verdict::Fail) {
        match &like_release {
            None if defers(policy, &finding.rule) => defer(finding),
            Some(why)
                if defers(policy, &finding.rule) || !is_on(&finding.rule, &[CandidateKind::PullRequest]) =>
            {
                let reason = &mut finding.result.reason;
                reason.push_str(&format!("; the pull request is evaluated like the release: {why}"));
            }
            None | Some(_) => {}
        }
    }
    (evaluated, not_evaluated)
}

/// Why a pull request is evaluated like the release: where it goes, or a fix of a counted defect that it takes back.
fn like_release(change: &ProposedChange, all: &[Finding]) -> Option<String> {
    let taken_back = || {
        let measured = all.iter().flat_map(Finding::parts).map(|part| &part.measurement);
        let counted: BTreeSet<IssueNumber> = measured
            .flat_map(|one| one.against.iter().chain(one.undecided.iter().map(|(number, _)| number)))
            .copied()
            .collect();
        let numbers: Vec<&IssueNumber> = change.takes_back.intersection(&counted).collect();
        (!numbers.is_empty()).then(|| format!("it takes the fix of {} back", list_issues(numbers)))
    };
    change.like_release.clone().or_else(taken_back)
}

/// Parts the rules that are evaluated on one of these occasions from the others, of which `clause` says why they are not.
fn split_by_occasion(
    all: Vec<Finding>,
    occasions: &[CandidateKind],
    clause: &str,
) -> (Vec<Finding>, Vec<Finding>) {
    let (evaluated, mut rest): (Vec<Finding>, Vec<Finding>) =
        all.into_iter().partition(|finding| is_on(&finding.rule, occasions));
    for finding in &mut rest {
        finding.result.reason.push_str(&format!("; {clause}"));
    }
    (evaluated, rest)
}

fn is_on(rule: &Rule, occasions: &[CandidateKind]) -> bool {
    rule.on.iter().any(|one| occasions.contains(one))
}

/// `true` for a rule about defects, if the policy lets those warn on pull requests. A rule about tests looks at the pull request.
fn defers(policy: &Policy, rule: &Rule) -> bool {
    policy.pull_requests == OnPullRequests::Warn && rule.metric.needs().contains(&Area::Issues)
}

/// Lets a broken rule warn, and says what breaks it for the release.
fn defer(finding: &mut Finding) {
    let against = finding.against(&[Verdict::Fail]);
    let by = if against.is_empty() { String::new() } else { format!(" by {}", list_issues(&against)) };
    let clause = format!("; it warns on this pull request, and the release would be blocked{by}");
    finding.result.reason.push_str(&clause);
    finding.deferred = true;
}
