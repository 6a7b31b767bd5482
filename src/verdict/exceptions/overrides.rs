//! Overrides: a maintainer lets one commit pass an overridable rule.

use super::super::groups::let_pass;
use super::super::{Finding, Verdict};
use super::{Exception, ExceptionEffect, Grant};
use crate::evidence::Evidence;
use crate::model::{COMMIT_DIGITS, Candidate, NAMED, Override, has_visible_text, join_limited};
use crate::policy::{Policy, RuleLevel};

/// Applies every valid override to the findings that it covers. Returns the effect of each.
pub(super) fn apply_overrides(
    policy: &Policy,
    evidence: &Evidence,
    findings: &mut [Finding],
) -> Vec<Exception> {
    let mut asked: Vec<&Override> = evidence.overrides.iter().collect();
    // The oldest first: of two overrides of one rule, the first is applied and the second is not needed.
    asked.sort_by_key(|one| (one.created_at, &one.url));
    let candidate = evidence.candidate.as_ref();
    let refusal =
        |one: &Override| override_refusal(one, policy, candidate.and_then(|of| overridden_head(one, of)));
    let valid: Vec<&Override> = asked.iter().copied().filter(|one| refusal(one).is_none()).collect();
    let group = candidate.map_or(&[][..], |candidate| &candidate.merge_group);
    // Each pull request of a group is let pass by itself: the override of one says nothing about the others.
    let lacking = |finding: &Finding| {
        let has_override =
            |number: u64| valid.iter().any(|one| one.pull_request == number && override_covers(one, finding));
        group.iter().map(|queued| queued.number).find(|number| !has_override(*number))
    };
    asked
        .into_iter()
        .map(|one| match refusal(one) {
            Some(why) => Exception {
                notes: [Some(why), mandatory_note(one, findings)].into_iter().flatten().collect(),
                ..Exception::of(Grant::Override(one.clone()))
            },
            None => apply_override(one, &lacking, findings),
        })
        .collect()
}

/// Returns the commit that an override has to name: the head of its pull request in a merge group, else the candidate's.
fn overridden_head<'c>(one: &Override, candidate: &'c Candidate) -> Option<&'c str> {
    let queued = candidate.merge_group.iter().find(|queued| queued.number == one.pull_request);
    queued.map(|queued| &queued.head).or(candidate.head.as_ref()).map(|head| head.0.as_str())
}

/// Applies a valid override to the findings that it covers. `lacking` names a pull request of the group without an override.
fn apply_override(
    one: &Override,
    lacking: &dyn Fn(&Finding) -> Option<u64>,
    findings: &mut [Finding],
) -> Exception {
    let mut exception = Exception::of(Grant::Override(one.clone()));
    let by = one.by.as_deref().unwrap_or_default();
    // The level in the policy decides. A comment must never reach a mandatory rule, whoever writes
    // it.
    let overridable = |finding: &&mut Finding| {
        finding.rule.level == RuleLevel::Overridable && override_covers(one, finding)
    };
    for finding in findings.iter_mut().filter(overridable) {
        if let Some(number) = lacking(finding).filter(|_| finding.result.verdict == Verdict::Fail) {
            let id = &finding.rule.id;
            exception
                .notes
                .push(format!("`{id}` is not overridden on #{number}, which the same group merges"));
            continue;
        }
        if let_pass(finding, &format!("; overridden by {by}")) {
            exception.rules.insert(finding.rule.id.clone());
        }
        if finding.result.verdict == Verdict::Unknown {
            let id = &finding.rule.id;
            // The maintainer accepts a known failure. Evidence that was not read cannot be
            // accepted.
            exception.notes.push(format!("`{id}` is unknown, not broken: an override does not decide it"));
        }
    }
    let mandatory = mandatory_note(one, findings);
    exception.notes.extend(mandatory);
    exception.standing = match (exception.rules.is_empty(), exception.notes.is_empty()) {
        (false, _) => ExceptionEffect::Applied,
        (true, true) => ExceptionEffect::Unneeded,
        (true, false) => ExceptionEffect::Void,
    };
    exception
}

/// Returns `true` if a comment names the rule, or names no rule and so means all.
fn override_covers(one: &Override, finding: &Finding) -> bool {
    one.command.rules.is_empty() || one.command.rules.contains(&finding.rule.id)
}

/// Returns a note on mandatory rules that a comment asks to override: those that it names or, if it names none, those that fail.
fn mandatory_note(one: &Override, findings: &[Finding]) -> Option<String> {
    let names_it = !one.command.rules.is_empty();
    let meant = findings.iter().filter(|finding| {
        finding.rule.level == RuleLevel::Mandatory
            && override_covers(one, finding)
            // A comment that names no rule does not ask for mandatory rules that pass anyway.
            && (names_it || finding.result.verdict == Verdict::Fail)
    });
    let ids: Vec<String> = meant.map(|finding| format!("`{}`", finding.rule.id)).collect();
    match ids.len() {
        0 => None,
        1 => Some(format!("{} is mandatory and cannot be overridden", join_limited(ids, NAMED))),
        _ => Some(format!("{} are mandatory and cannot be overridden", join_limited(ids, NAMED))),
    }
}

/// Returns why a comment is not a valid override; `None` if it is valid.
fn override_refusal(one: &Override, policy: &Policy, head: Option<&str>) -> Option<String> {
    // An override is for one commit. Otherwise, a later push to the pull request would inherit it.
    let Some(head) = head else { return Some("the candidate's commit is not known".into()) };
    let start = head.get(..COMMIT_DIGITS).unwrap_or(head);
    let Some(by) = one.by.as_ref().filter(|by| !by.is_empty()) else {
        return Some("its author is not known".into());
    };
    // A misspelled rule is refused and not ignored: the rest of the comment may not be what its
    // author meant.
    let unknown = one.command.rules.iter().find(|id| policy.rules.iter().all(|rule| rule.id != **id));
    // A bot comments with the token of a workflow, which any contributor's code may have used.
    let why = if one.bot {
        "only people override".into()
    } else if one.hidden {
        "the comment is hidden".into()
    // After an edit, nothing says who wrote the text: everyone with write access can edit a comment.
    } else if one.edited {
        "it was edited after it was written: write a new comment".into()
    } else if one.command.commit.is_none() {
        format!("it does not name the commit: `/escape-gate override {start} REASON`")
    } else if !one.command.is_for(head) {
        format!("it is for another commit than `{start}`")
    } else if let Some(id) = unknown {
        format!("there is no rule `{id}`")
    // Zero-width characters look like no reason at all in the comment.
    } else if !has_visible_text(&one.command.reason) {
        "it gives no reason".into()
    } else {
        return unentitled(one, by, policy);
    };
    Some(why)
}

/// Returns why the author of a comment may not override; `None` if the policy allows it.
fn unentitled(one: &Override, by: &str, policy: &Policy) -> Option<String> {
    let overriders = &policy.exceptions.overriders;
    if overriders.name(by) {
        return None;
    }
    let wanted = match overriders.roles.as_slice() {
        [] => "the policy names others".to_owned(),
        roles => format!("the policy asks for {}", roles.join(" or ")),
    };
    match &one.role {
        Some(role) if overriders.roles.contains(role) => None,
        Some(role) => Some(format!("{by} has the role {role}; {wanted}")),
        None => Some(format!("the role of {by} is not known; {wanted}")),
    }
}
