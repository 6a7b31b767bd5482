//! Next steps that turn the verdict to `pass`.

mod exceptions;

use std::collections::BTreeSet;

use crate::evidence::Evidence;
use crate::model::{Defect, IssueNumber, NAMED, Remedy, UndecidedBecause, join_limited};
use crate::policy::{LimitValue, Policy, RuleLimit};
use crate::verdict::{Evaluation, Finding, Verdict, list_issues};

/// Returns the steps that turn the verdict to `pass`, in order: failed rules first, then missing evidence.
pub fn next_steps(policy: &Policy, evidence: &Evidence, judgement: &Evaluation) -> Vec<String> {
    let mut steps = Vec::new();
    let mut push = |step: String| {
        // Several rules may fail for one reason, and the list should be read to its end.
        if !steps.contains(&step) {
            steps.push(step);
        }
    };
    for finding in judgement.findings.iter().filter(|f| f.weight() == Verdict::Fail) {
        let ways = exceptions::ways_to_pass(finding, policy, evidence, judgement);
        for step in steps_for_failed_rule(finding, policy, evidence).into_iter().chain(ways) {
            push(step);
        }
    }
    // Failures come first. Evidence for an unknown rule does not help a release that fails anyway.
    for finding in judgement.findings.iter().filter(|f| f.weight() == Verdict::Unknown) {
        let is_insufficient = finding.parts().any(|part| part.is_insufficient);
        // No exception helps against a gap, so none is suggested.
        let ways = is_insufficient.then(|| exceptions::ways_to_pass(finding, policy, evidence, judgement));
        for step in step_for_unknown_rule(finding, policy).into_iter().chain(ways.into_iter().flatten()) {
            push(step);
        }
    }
    for (gap, _) in judgement.gaps.iter().filter(|(_, verdict)| *verdict == Verdict::Unknown) {
        if let Some(remedy) = &gap.remedy {
            push(as_sentence(remedy));
        }
    }
    steps
}

/// Capitalizes a remedy and ends it with a full stop.
fn as_sentence(remedy: &str) -> String {
    let mut rest = remedy.chars();
    let first = rest.next().map(char::to_uppercase).into_iter().flatten();
    let mut sentence: String = first.chain(rest).collect();
    if !sentence.ends_with(['.', ')']) {
        sentence.push('.');
    }
    sentence
}

/// Returns the steps that make a failed rule pass.
fn steps_for_failed_rule(finding: &Finding, policy: &Policy, evidence: &Evidence) -> Vec<String> {
    let against = &finding.against(&[Verdict::Fail]);
    match finding.rule.metric.row().remedy {
        Remedy::FixDefects => steps_for_unfixed(against, policy, evidence),
        Remedy::SetSeverity => vec![triage_step(against, policy)],
        Remedy::Text(text) => {
            let releases = finding.result.measurement.details.failed.iter().map(|one| &one.release);
            vec![
                text.replace("{rule}", &finding.rule.id)
                    .replace("{issues}", &list_issues(against))
                    .replace("{releases}", &join_limited(releases, NAMED))
                    // Last: a label of the policy may look like a placeholder.
                    .replace("{root-cause}", &how_to_record(policy)),
            ]
        }
    }
}

/// Returns the steps for defects that the candidate does not fix: cherry-pick a fix, write one, or correct the labels.
fn steps_for_unfixed(against: &[IssueNumber], policy: &Policy, evidence: &Evidence) -> Vec<String> {
    let (mut open, mut elsewhere) = (Vec::new(), Vec::new());
    let among: BTreeSet<IssueNumber> = against.iter().copied().collect();
    for defect in evidence.escaped().into_iter().flatten().filter(|d| among.contains(&d.number())) {
        match defect.status.as_ref().map(|found| found.elsewhere.as_slice()) {
            Some([]) | None => open.push(defect.number()),
            Some(by) => elsewhere.push((defect.number(), join_limited(by, NAMED))),
        }
    }
    let mut steps: Vec<String> = elsewhere
        .iter()
        .take(NAMED)
        .map(|(number, by)| {
            format!(
                "Take {by} into this release: it fixes {number}. Was it picked? Say `Fixes {number}` there."
            )
        })
        .collect();
    if !open.is_empty() {
        steps.push(match open.as_slice() {
            [only] => format!("Merge a fix (`Fixes {only}`)."),
            several => format!("Merge fixes of {} (`Fixes #…` for each).", list_issues(several)),
        });
    }
    let assumed: Vec<IssueNumber> = evidence
        .escaped()
        .into_iter()
        .flatten()
        .filter(|defect| !defect.triaged && among.contains(&defect.number()))
        .map(Defect::number)
        .collect();
    // An untriaged defect counts as critical. Triage is often the fastest way to unblock.
    if !assumed.is_empty() {
        steps.push(triage_step(&assumed, policy));
    }
    steps.push(
        "Not a defect of this release? A maintainer labels it `fixed-in/…`, or closes it as not planned or as a duplicate."
            .into(),
    );
    let labels: Vec<String> = policy
        .defects
        .excluded
        .iter()
        .filter_map(|(_, patterns)| patterns.first())
        .map(|pattern| format!("`{}`", pattern.source()))
        .collect();
    if !labels.is_empty() {
        steps.push(format!("An expected issue? Label it {}.", join_or(&labels)));
    }
    steps
}

/// Joins alternatives: `a, b or c`.
fn join_or(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [several @ .., last] => format!("{} or {last}", several.join(", ")),
    }
}

/// Describes how to record a root cause under this policy.
fn how_to_record(policy: &Policy) -> String {
    match &policy.defects.root_cause.labels {
        Some(pattern) => {
            format!("a label `{}`, or a section `### Root cause` in the issue", pattern.source())
        }
        None => "a section `### Root cause` in the issue".into(),
    }
}

/// Returns the step that decides an unknown rule. `None` if only a gap keeps it unknown: a gap has its own remedy.
fn step_for_unknown_rule(finding: &Finding, policy: &Policy) -> Option<String> {
    let untriaged = undecided_defects(finding, UndecidedBecause::Severity);
    if !untriaged.is_empty() {
        return Some(triage_step(&untriaged, policy));
    }
    let unread = undecided_defects(finding, UndecidedBecause::Fix);
    if !unread.is_empty() {
        return Some(format!(
            "Let the gate read the candidate's commits, so that it can tell whether {} {} fixed in it.",
            list_issues(&unread),
            if unread.len() == 1 { "is" } else { "are" }
        ));
    }
    if !finding.parts().any(|part| part.is_insufficient) {
        return None;
    }
    let follows_the_past = match finding.rule.limit {
        RuleLimit::Max(limit) | RuleLimit::Min(limit) => matches!(limit, LimitValue::Relative(_)),
        RuleLimit::Trend(_) => true,
    };
    let what = if follows_the_past {
        "is held against its own past, and there is not enough of it yet: wait for it"
    } else {
        "has too little data to judge by: look over a longer period"
    };
    Some(format!("`{}` {what}, or let the rule warn until then with `insufficient: warn`.", finding.rule.id))
}

/// Returns the defects that are undecided for the given reason.
fn undecided_defects(finding: &Finding, what: UndecidedBecause) -> Vec<IssueNumber> {
    let undecided = finding.parts().flat_map(|part| &part.measurement.undecided);
    let numbers: BTreeSet<_> =
        undecided.filter(|(_, doubt)| *doubt == what).map(|(number, _)| *number).collect();
    numbers.into_iter().collect()
}

/// Asks for severity labels and names the first label of each severity.
fn triage_step(numbers: &[IssueNumber], policy: &Policy) -> String {
    let labels: Vec<String> = policy
        .defects
        .severity
        .iter()
        .filter_map(|(_, patterns)| patterns.first())
        .map(|pattern| format!("`{}`", pattern.source()))
        .collect();
    match labels.as_slice() {
        [] => format!(
            "The policy names no severity labels: add `defects.severity`, then label {}.",
            list_issues(numbers)
        ),
        labels => format!("Give {} a severity: label it {}.", list_issues(numbers), join_or(labels)),
    }
}
