//! `explain`: why a rule came out as it did, why an issue counts or does not, and the meaning of a code or a metric.

use anyhow::Context as _;

use crate::exit::Exit;
use crate::model::IssueNumber;
use crate::output::explanation_text;
use crate::policy::nearest_name;
use crate::report::{
    ExplanationSubject, RejectedRow, StatusExplanation, explain_issue, explain_rule, status_line,
};
use crate::verdict::evaluate_policy;

use super::evaluation_time::evaluation_time;
use super::gather::collect_evidence;
use super::policy_sources::{ReadPolicy, read_policy};
use super::reference_entry::ReferenceEntry;
use super::{Failure, Run};
use crate::assemble::{DecisionIn, assemble_without_origins, with_candidate};
use crate::options::ExplainOptions;

/// Explains a rule, an issue, a code or a metric. The exit code says nothing of the verdict.
pub fn explain(options: &ExplainOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    // First, because a code explains why the policy could not be read. An id of a rule has no capital letter.
    if let Some(entry) = ReferenceEntry::of_code(&options.subject) {
        run.print_answer(options.format, &entry, ReferenceEntry::to_text)?;
        return Ok(Exit::Success);
    }
    run.read_context()?;
    let read = read_policy(&options.sources.policy, run);
    // A rule may have the name of a metric or finding. Without such a rule, they need no policy.
    let is_rule =
        |read: &ReadPolicy| read.policy.rules.iter().any(|rule| rule.id.as_str() == options.subject);
    let subject = &options.subject;
    if let Some(entry) = ReferenceEntry::of_metric(subject).or_else(|| ReferenceEntry::of_finding(subject))
        && !read.as_ref().is_ok_and(is_rule)
    {
        run.print_answer(options.format, &entry, ReferenceEntry::to_text)?;
        return Ok(Exit::Success);
    }
    let read = read?;
    let policy = &read.policy;
    // A shell takes an unquoted `#101` for a comment, so the bare number works too.
    let number = options.subject.strip_prefix('#').unwrap_or(&options.subject).parse().ok().map(IssueNumber);
    let ids = || policy.rules.iter().map(|rule| rule.id.as_str());
    if number.is_none() && !ids().any(|id| id == options.subject) {
        let known = match nearest_name(&options.subject, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its rules are {}", ids().collect::<Vec<_>>().join(", ")),
        };
        return Err(Failure::Usage(format!(
            "`{}` is no rule of the policy, number of an issue, metric, finding of doctor, or code such as `P012`; {known}",
            options.subject
        )));
    }
    if number.is_none() && options.in_release.is_some() {
        return Err(Failure::Usage(
            "--in shows the status of an issue: name one, for example `explain '#101' --in v7.5.1`".into(),
        ));
    }
    let collected = collect_evidence(&options.sources, None, &read, run)?;
    let snapshot = &collected.snapshot;
    let is_read = snapshot.issues.iter().flatten().any(|issue| Some(issue.number) == number);
    let elsewhere = options.in_release.as_deref();
    let elsewhere = elsewhere.map(|release| with_candidate(snapshot.clone(), policy, release));
    let elsewhere = elsewhere.transpose().map_err(Failure::Usage)?;
    let (mut evidence, mut status) = collected.assemble(policy, number, run);
    if let Some(elsewhere) = elsewhere {
        status = assemble_without_origins(elsewhere, policy, number).1;
    }
    let status = status.map(|DecisionIn { release, decision }| {
        let tried =
            decision.tried.into_iter().map(|(row, why)| RejectedRow { row: row.name(), why }).collect();
        StatusExplanation { release, status: status_line(&decision.found), tried }
    });
    evidence.evaluated_at = evaluation_time(options.time.now, run)?;
    let judgement = evaluate_policy(policy, &evidence);
    let explained = match number {
        Some(number) => {
            let mut explained = explain_issue(number, is_read, policy, &evidence, &judgement);
            if let ExplanationSubject::Issue(issue) = &mut explained.about {
                issue.status = status;
            }
            explained
        }
        None => explain_rule(&options.subject, &evidence, &judgement)
            .with_context(|| format!("the rule `{}` was not judged", options.subject))?,
    };
    run.print_answer(options.format, &explained, explanation_text)?;
    Ok(Exit::Success)
}
