//! Rules on a pull request: some are not evaluated there, and some warn there and block the release.

use std::collections::BTreeSet;

use crate::evidence::Evidence;
use crate::model::{Area, IssueNumber, ProposedChange};
use crate::policy::{CandidateKind, OnPullRequests, Policy, Rule};

use super::sentence::list_issues;
use super::{Finding, Verdict};

/// Separates the rules that are not evaluated on the candidate. On a pull request that is not evaluated like the release, turns
/// failures of rules about defects into warnings: such a pull request did not cause them. Returns the findings that are
/// evaluated, and the others.
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
        // A pull request to a release branch is as good as the release, so rules of both kinds
        // apply to it.
        if like_release.is_some() { &CandidateKind::ALL } else { &[CandidateKind::PullRequest] };
    let (mut evaluated, not_evaluated) = split_by_occasion(all, occasions, "not evaluated on pull requests");
    // Only a failure that still blocks needs this: advisory and waived rules warn anyway.
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

/// Returns why a pull request is evaluated like the release: its target branch, or the fix of a counted defect that it takes
/// back; `None` if it is not.
fn like_release(change: &ProposedChange, all: &[Finding]) -> Option<String> {
    let taken_back = || {
        let measured = all.iter().flat_map(Finding::parts).map(|part| &part.measurement);
        // An undecided defect may count as well, so taking its fix back is as risky.
        let counted: BTreeSet<IssueNumber> = measured
            .flat_map(|one| one.against.iter().chain(one.undecided.iter().map(|(number, _)| number)))
            .copied()
            .collect();
        let numbers: Vec<&IssueNumber> = change.takes_back.intersection(&counted).collect();
        (!numbers.is_empty()).then(|| format!("it takes the fix of {} back", list_issues(numbers)))
    };
    change.like_release.clone().or_else(taken_back)
}

/// Separates the rules that are evaluated on one of these occasions from the others. `clause` explains the others.
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

/// Returns `true` for a rule about defects, if the policy lets those warn on pull requests. A rule about tests still blocks,
/// because its value is about the code of the pull request.
fn defers(policy: &Policy, rule: &Rule) -> bool {
    policy.pull_requests == OnPullRequests::Warn && rule.metric.needs().contains(&Area::Issues)
}

/// Turns a failure into a warning, and adds the defects that would block the release to its reason.
fn defer(finding: &mut Finding) {
    let against = finding.against(&[Verdict::Fail]);
    let by = if against.is_empty() { String::new() } else { format!(" by {}", list_issues(&against)) };
    let clause = format!("; it warns on this pull request, and the release would be blocked{by}");
    finding.result.reason.push_str(&clause);
    finding.deferred = true;
}
