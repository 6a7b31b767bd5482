//! Overrides and waivers that let a failed rule pass.

use crate::evidence::Evidence;
use crate::model::COMMIT_DIGITS;
use crate::policy::{Policy, RuleLevel};
use crate::verdict::{Evaluation, Exception, Finding, Grant};

/// Returns the exceptions that let a failed rule pass: waivers to renew, and the comment that overrides the rule.
pub fn ways_to_pass(
    finding: &Finding,
    policy: &Policy,
    evidence: &Evidence,
    judgement: &Evaluation,
) -> Vec<String> {
    let ended = judgement.exceptions.all.iter().filter_map(|exception| waiver_renewal(exception, finding));
    let comment = match finding.rule.level {
        RuleLevel::Overridable => override_step(finding, policy, evidence),
        // Suggesting a comment that has no effect would cost a maintainer a failed attempt.
        RuleLevel::Mandatory | RuleLevel::Advisory => None,
    };
    ended.chain(comment).collect()
}

/// Returns the step that renews an ended waiver of the rule.
fn waiver_renewal(exception: &Exception, finding: &Finding) -> Option<String> {
    let Grant::Waiver(waiver) = &exception.grant else { return None };
    let ended = exception.ended.as_ref().filter(|_| waiver.rule == finding.rule.id)?;
    Some(ended.remedy(waiver))
}

/// Returns the comment that overrides the rule for this commit, and the roles that may write it.
fn override_step(finding: &Finding, policy: &Policy, evidence: &Evidence) -> Option<String> {
    let candidate = evidence.candidate.as_ref()?;
    // Without the commit the line could not be pasted as it is.
    let head = candidate.head.as_ref()?.0.get(..COMMIT_DIGITS)?;
    let overriders = &policy.exceptions.overriders;
    let roles = (!overriders.roles.is_empty()).then(|| format!("the role {}", overriders.roles.join(" or ")));
    let users = (!overriders.users.is_empty()).then(|| overriders.users.join(" or "));
    let who = match (roles, users) {
        (Some(roles), Some(users)) => format!("Somebody with {roles}, or {users},"),
        (Some(roles), None) => format!("Somebody with {roles}"),
        (None, Some(users)) => users,
        (None, None) => return None,
    };
    let place = match candidate.pull_request {
        Some(_) => "on the pull request",
        None => "on the pull request that was merged as this commit",
    };
    Some(format!(
        "{who} can let this commit pass by a comment {place}: `/escape-gate override {head} {}: REASON`.",
        finding.rule.id
    ))
}
