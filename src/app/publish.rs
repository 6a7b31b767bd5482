//! Publishes the report. Nothing here changes the verdict: the log names what GitHub refused, and the job summary has the text in
//! any case.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_128;

use crate::ci::{ActionsContext, TriggerEvent};
use crate::exit::Exit;
use crate::github::Client;
use crate::output::escape::{Markdown, Plain, Safe};
use crate::output::{
    COMMENT_LIMIT, markdown, notes_line, problem_notes, status_description, step_outputs, warning_annotation,
};
use crate::publish::evaluated_commit::EvaluatedCommit;
use crate::publish::status::{self, CommitState, CommitStatus};
use crate::publish::{
    ComparedCounts, Publication, PublishError, Published, WriteCondition, actions, comment, draft,
    pull_request, release_notes,
};
use crate::report::{Report, Verdict};

use super::connect::{connect_within, target_repository};
use super::{Failure, Run};
use crate::options::{CheckOptions, CommentPlace, CommentTrigger, ReleaseNotesText};

/// Time limit for writing, in addition to that for reading.
// A run that used up its time for reading still has to correct the comment of an earlier run.
const WRITING: Duration = Duration::from_secs(120);

/// The place that the text goes to.
#[derive(Debug, PartialEq, Eq)]
pub enum ReportTarget {
    PullRequest(u64),
    Release(String),
    /// The release of a tag, or the pull request that was merged as it.
    Tag(String),
}

/// The text of a result.
pub struct Message<'a> {
    /// The whole text.
    pub body: &'a Safe<Markdown>,
    /// The line for the notes of a release.
    pub line: &'a Safe<Markdown>,
    /// Fingerprint of the result: `comment-on: change` rewrites the text only if it differs.
    pub state: &'a str,
    /// Counts for the comparison with the comment before; `None` if there is no verdict.
    pub counts: Option<&'a ComparedCounts>,
    /// `true` if the verdict is `fail` or `unknown`, or if there is none.
    pub blocks: bool,
    /// The commit that was judged; none if it is not known.
    pub head: Option<&'a str>,
}

/// Comment or release notes, job summary, step outputs. Returns where the text is to be read, or nothing.
pub fn publish_report(
    options: &CheckOptions,
    report: &Report,
    report_file: Option<&Path>,
    ci: &ActionsContext,
    run: &Run<'_>,
) -> String {
    let body = markdown(report, COMMENT_LIMIT);
    let mut problems = Vec::new();
    let message = Message {
        body: &body,
        line: &notes_line(report, ci.run_url.as_deref()),
        state: &fingerprint(report),
        counts: Some(&compared_counts(report)),
        blocks: matches!(report.verdict, Verdict::Fail | Verdict::Unknown),
        head: evaluated_head(report),
    };
    let target = report_target(options.comment, options.sources.release.as_deref(), &ci.event);
    let url = match target
        .and_then(|target| target.map(|to| write_message(&to, options, &message, ci, run)).transpose())
    {
        Ok(Some(published)) => {
            problems.extend(published.notes);
            published.url
        }
        Ok(None) => String::new(),
        Err(problem) => {
            problems.push(problem);
            String::new()
        }
    };
    if let Some(path) = &ci.summary_path {
        let mut text = body.clone();
        text.push(problem_notes(&problems));
        if let Err(error) = actions::append_summary(path, &text) {
            problems.push(error.to_string());
        }
    }
    let mut outputs: Vec<_> =
        step_outputs(report).into_iter().map(|(name, value)| (name, value.into_string())).collect();
    outputs.push(("report", report_file.map_or_else(String::new, |path| path.display().to_string())));
    outputs.push(("comment-url", url.clone()));
    if let Some(path) = &ci.output_path
        && let Err(error) = actions::append_outputs(path, &outputs)
    {
        problems.push(error.to_string());
    }
    for problem in problems {
        complain(&problem, true, run);
    }
    url
}

/// Sets the commit status of a verdict. One that is refused is said, and nothing more.
pub fn set_verdict_status(options: &CheckOptions, report: &Report, exit: Exit, url: &str, run: &Run<'_>) {
    set_status(options, &status_description(report), (exit, evaluated_head(report)), url, run);
}

/// Sets the commit status on the head, by the exit code. One that is refused is said, and nothing more.
pub fn set_status(
    options: &CheckOptions,
    description: &Safe<Plain>,
    (exit, head): (Exit, Option<&str>),
    url: &str,
    run: &Run<'_>,
) {
    let id = options.gate_id();
    // Branch protection requires a status by its name, so the name must not change from run to run.
    let context = if id == "default" { "escape-gate".to_owned() } else { format!("escape-gate/{id}") };
    let target =
        Some(url).filter(|url| !url.is_empty()).or(run.ci.as_ref().and_then(|ci| ci.run_url.as_deref()));
    let state = match exit {
        Exit::Success => CommitState::Success,
        Exit::Fail => CommitState::Failure,
        // `pending` would suggest that the run goes on.
        Exit::Unknown | Exit::ToolError | Exit::Usage => CommitState::Error,
    };
    let result = match head {
        Some(head) => writer(options, run).and_then(|(client, repository)| {
            let status = CommitStatus { context: &context, state, description, target_url: target };
            let set = status::set_commit_status(&client, &repository, head, &status);
            set.map_err(|error| refusal("commit status", &error, "", run))
        }),
        None => Err("the commit status was not set: the candidate's commit is not known".to_owned()),
    };
    if let Err(problem) = result {
        complain(&problem, run.ci.is_some(), run);
    }
}

/// Publishes the draft of the candidate, if the verdict allows it.
///
/// # Errors
/// If it allows it and the draft could not be published: a run that was to ship and did not is no success.
pub fn publish_candidate_draft(
    options: &CheckOptions,
    report: &Report,
    tag: &str,
    run: &Run<'_>,
) -> Result<(), Failure> {
    let allowed = match report.verdict {
        Verdict::Pass | Verdict::Warn | Verdict::Waived => !report.dry_run,
        Verdict::Fail | Verdict::Unknown => false,
    };
    if !allowed {
        (run.log)(&format!(
            "{tag} was not published: only a verdict `pass` or `warn` publishes it, and neither a dry run nor `mode: observe`"
        ));
        return Ok(());
    }
    let failed = |why: String| Failure::NotShipped(format!("{tag} was not published: {why}"));
    // Publish only the evaluated commit. The branch may have moved since.
    let head = evaluated_head(report).ok_or_else(|| failed("its commit is not known".to_owned()))?;
    let (client, repository) = writer(options, run).map_err(failed)?;
    match draft::publish_draft(&client, &repository, tag, head) {
        Ok(published) => {
            (run.log)(&format!("{tag} is published: {}", published.url));
            Ok(())
        }
        Err(error) => Err(failed(refusal("release", &error, "", run))),
    }
}

/// Says a problem where people look for it.
pub fn complain(problem: &str, in_workflow: bool, run: &Run<'_>) {
    (run.log)(problem);
    if in_workflow {
        (run.notice)(&warning_annotation("Escape Gate", problem));
    }
}

/// The commit that was judged.
fn evaluated_head(report: &Report) -> Option<&str> {
    report.candidate.as_ref()?.head.as_deref()
}

/// Returns the place for the text; the error says why it cannot go to the requested place.
pub fn report_target(
    to: CommentPlace,
    release: Option<&str>,
    event: &TriggerEvent,
) -> Result<Option<ReportTarget>, String> {
    let of_event = match event {
        TriggerEvent::PullRequest { number, .. } => Some(ReportTarget::PullRequest(*number)),
        // A commit can be the head of several pull requests. Their targets differ, and the verdict
        // is for one of them.
        TriggerEvent::WorkflowRun { pull_requests, .. } => match pull_requests.as_slice() {
            [only] => Some(ReportTarget::PullRequest(only.number)),
            [] | [_, ..] => None,
        },
        TriggerEvent::Release { tag, .. } => Some(ReportTarget::Release(tag.0.clone())),
        TriggerEvent::TagPush { tag } => Some(ReportTarget::Tag(tag.0.clone())),
        TriggerEvent::MergeGroup { .. }
        | TriggerEvent::BranchPush
        | TriggerEvent::Dispatch
        | TriggerEvent::Schedule
        | TriggerEvent::Issues
        | TriggerEvent::Deployment { .. }
        | TriggerEvent::Other(_) => None,
    };
    let named = release.map(|tag| ReportTarget::Tag(tag.to_owned()));
    match to {
        CommentPlace::None => Ok(None),
        CommentPlace::Auto => Ok(of_event.or(named)),
        CommentPlace::PullRequest => match of_event {
            Some(target @ ReportTarget::PullRequest(_)) => Ok(Some(target)),
            Some(ReportTarget::Release(_) | ReportTarget::Tag(_)) | None => {
                Err("no comment was written: this workflow does not run for a pull request".into())
            }
        },
        CommentPlace::Release => match named.or(of_event) {
            Some(ReportTarget::Release(tag) | ReportTarget::Tag(tag)) => Ok(Some(ReportTarget::Release(tag))),
            Some(ReportTarget::PullRequest(_)) | None => {
                Err("no release notes were written: nothing says which release; set `release`".into())
            }
        },
    }
}

/// Writes the text; an error says what was refused and what to do.
pub fn write_message(
    target: &ReportTarget,
    options: &CheckOptions,
    message: &Message<'_>,
    ci: &ActionsContext,
    run: &Run<'_>,
) -> Result<Published, String> {
    let (client, repository) = writer(options, run)?;
    let when = match options.comment_on {
        CommentTrigger::Always => WriteCondition::Always,
        CommentTrigger::Change => WriteCondition::Changed,
        CommentTrigger::Fail if message.blocks => WriteCondition::Always,
        // An old comment that says "blocked" has to be corrected once the verdict passes.
        CommentTrigger::Fail => WriteCondition::Present,
    };
    let id = options.gate_id();
    let text = Publication {
        gate_id: id,
        body: message.body,
        state: message.state,
        counts: None,
        when,
        run: ci.run,
        evaluated: EvaluatedCommit::Unknown,
    };
    let comment_text = Publication { counts: message.counts, ..text };
    // Another form of the text needs another fingerprint: `comment-on: change` would keep the full
    // text otherwise.
    let line_state = format!("{} line", message.state);
    let for_notes = match options.notes {
        ReleaseNotesText::Full => text,
        ReleaseNotesText::Line => Publication { body: message.line, state: &line_state, ..text },
        ReleaseNotesText::None => {
            Publication { body: message.line, state: &line_state, when: WriteCondition::Present, ..text }
        }
    };
    let notes = |tag: &str| {
        let text = Publication { evaluated: released(tag, message.head), ..for_notes };
        release_notes::upsert_notes_block(&client, &repository, tag, &text)
    };
    let (what, result) = match target {
        ReportTarget::PullRequest(number) => {
            let evaluated = head_of_event(&ci.event).map_or(EvaluatedCommit::Unknown, |commit| {
                EvaluatedCommit::PullRequest { number: *number, commit }
            });
            (
                "comment",
                comment::upsert_comment(
                    &client,
                    &repository,
                    *number,
                    &Publication { evaluated, ..comment_text },
                ),
            )
        }
        ReportTarget::Release(tag) => ("release notes", notes(tag)),
        ReportTarget::Tag(tag) => match notes(tag) {
            // Many projects create the release after the tag was pushed. The merged pull request is
            // the next place where people look.
            Err(PublishError::NoRelease { tag: name, repository }) => {
                let merged = message.head.map(|head| pull_request::merged_as(&client, &repository, head));
                let result = match merged.transpose() {
                    Ok(Some(Some(number))) => {
                        let text = Publication { evaluated: released(tag, message.head), ..comment_text };
                        comment::upsert_comment(&client, &repository, number, &text)
                    }
                    Ok(Some(None) | None) => Err(PublishError::NoRelease { tag: name, repository }),
                    Err(error) => Err(error),
                };
                ("comment", result)
            }
            result => ("release notes", result),
        },
    };
    result.map_err(|error| refusal(what, &error, "\nThe text is in the job summary.", run))
}

/// A release that is to lead to the commit that was judged.
fn released<'a>(tag: &'a str, head: Option<&'a str>) -> EvaluatedCommit<'a> {
    head.map_or(EvaluatedCommit::Unknown, |commit| EvaluatedCommit::Release { tag, commit })
}

/// The head of the pull request that the event is about.
fn head_of_event(event: &TriggerEvent) -> Option<&str> {
    match event {
        TriggerEvent::PullRequest { head_sha, .. } | TriggerEvent::WorkflowRun { head_sha, .. } => {
            Some(&head_sha.0)
        }
        TriggerEvent::MergeGroup { .. }
        | TriggerEvent::Release { .. }
        | TriggerEvent::TagPush { .. }
        | TriggerEvent::BranchPush
        | TriggerEvent::Dispatch
        | TriggerEvent::Schedule
        | TriggerEvent::Issues
        | TriggerEvent::Deployment { .. }
        | TriggerEvent::Other(_) => None,
    }
}

/// Returns the fingerprint of the verdicts and the failing issues. `comment-on: change` rewrites the comment only if it differs.
fn fingerprint(report: &Report) -> String {
    let rules: Vec<Value> =
        report.rules.iter().map(|rule| json!([rule.id, rule.verdict, rule.issues])).collect();
    let base = report.base_policy.as_ref().map(|base| &base.note);
    // With another form the version changes, so that no old fingerprint matches by accident.
    digest(
        &json!({ "version": 1, "verdict": report.verdict, "rules": rules, "base-policy": base }).to_string(),
    )
}

/// Returns the counts that the next comment is compared with. Their scope is the policy, the candidate and the releases.
fn compared_counts(report: &Report) -> ComparedCounts {
    let totals = &report.totals;
    let candidate = report.candidate.as_ref().map(|candidate| (&candidate.name, &candidate.base));
    let scope = report.policy_digest.as_ref().map(|policy| {
        digest(&json!([1, policy, report.product, report.repository, candidate, totals.over]).to_string())
    });
    let counts = [("critical", totals.critical), ("escaped", totals.escaped)];
    let counts = counts.into_iter().filter_map(|(name, count)| Some((name, count?))).collect();
    ComparedCounts { scope: scope.unwrap_or_default(), counts }
}

/// Returns a digest that is short enough for a hidden line of a comment.
pub fn digest(text: &str) -> String {
    format!("{:032x}", xxh3_128(text.as_bytes()))
}

/// A client for writing, and the repository to write to.
fn writer(options: &CheckOptions, run: &Run<'_>) -> Result<(Client, String), String> {
    let repository = target_repository(options.sources.repository.as_deref(), run)
        .map_err(|failure| failure.to_string())?;
    let budget = run.limits.timeout.min(WRITING);
    let client = connect_within(budget, run);
    Ok((client.map_err(|failure| failure.to_string())?, repository.to_string()))
}

/// Describes a refused request: the reason, the replacement, and the remedy.
fn refusal(what: &str, error: &PublishError, instead: &str, run: &Run<'_>) -> String {
    let mut text = format!("the {what} could not be written: {error}{instead}");
    // A fork's token is read-only whatever `permissions:` says. Adding permissions would not help.
    if let Some(because) = run.ci.as_ref().and_then(ActionsContext::read_only_because) {
        text.push_str(&format!("\n{because}"));
    }
    if let Some(permissions) = error.permissions() {
        text.push_str(&format!("\nThe workflow lacks:\n{}", permissions.block().trim_end()));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::Tag;

    #[test]
    fn what_the_event_is_about_gets_the_text_unless_told_otherwise() {
        let release = TriggerEvent::Release { tag: Tag("v1".into()) };
        let at = |tag: &str| Some(ReportTarget::Release(tag.into()));
        let of_tag = |tag: &str| Some(ReportTarget::Tag(tag.into()));
        let pushed = TriggerEvent::TagPush { tag: Tag("v3".into()) };
        assert_eq!(report_target(CommentPlace::Auto, None, &release).unwrap(), at("v1"));
        assert_eq!(report_target(CommentPlace::Auto, None, &pushed).unwrap(), of_tag("v3"));
        assert_eq!(report_target(CommentPlace::Release, None, &pushed).unwrap(), at("v3"));
        assert_eq!(
            report_target(CommentPlace::Auto, Some("v2"), &TriggerEvent::Dispatch).unwrap(),
            of_tag("v2")
        );
        assert_eq!(report_target(CommentPlace::Auto, None, &TriggerEvent::Schedule).unwrap(), None);
        assert_eq!(report_target(CommentPlace::None, Some("v2"), &release).unwrap(), None);
        assert!(report_target(CommentPlace::PullRequest, None, &release).is_err());
        assert!(report_target(CommentPlace::Release, None, &TriggerEvent::Dispatch).is_err());
    }
}
