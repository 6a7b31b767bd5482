//! Publishes that a run has no verdict. Nothing here changes the exit code, and nothing is repeated: failures go to the log.

use std::path::{Path, PathBuf};

use crate::ci::{ActionsContext, TriggerEvent};
use crate::output::{no_verdict_annotations, no_verdict_line, no_verdict_markdown, no_verdict_status};
use crate::publish::actions;
use crate::publish::evaluated_commit::is_full_sha;
use crate::report::NoVerdict;

use super::candidate::choose_candidate;
use super::publish::{Message, complain, digest, report_target, set_status, write_message};
use super::secrets::Secrets;
use super::workspace::in_workspace;
use super::{Failure, Run};
use crate::options::CheckOptions;

/// Shows why a run failed as annotations and in the job summary, if it is part of a workflow: also of one whose event
/// cannot be read.
pub fn announce(failure: &Failure, run: &Run<'_>) {
    if (run.env)("GITHUB_ACTIONS").as_deref() != Some("true") {
        return;
    }
    let cause = cause(failure, run);
    let file_of = |file: &str| {
        let path = Path::new(file);
        in_workspace(path, run).filter(|_| run.folder.join(path).is_file())
    };
    // Annotations first. They need no token and no file, so they work whatever else fails.
    (run.notice)(&no_verdict_annotations(&cause, &file_of));
    let url = run.context_of_env().ok().flatten().and_then(|ci| ci.run_url);
    if let Some(path) = run.variable(&["GITHUB_STEP_SUMMARY"]).map(PathBuf::from)
        && let Err(error) = actions::append_summary(&path, &no_verdict_markdown(&cause, url.as_deref()))
    {
        complain(&error.to_string(), true, run);
    }
}

/// Corrects the comment or the notes of an earlier run, or writes them; sets the commit status if it is asked for.
pub fn publish(options: &CheckOptions, failure: &Failure, run: &Run<'_>) {
    let cause = cause(failure, run);
    let ci = run.ci.as_ref();
    let head = ci.and_then(|ci| candidate_commit(options, ci, run));
    let mut url = String::new();
    if let Some(ci) = ci {
        let run_url = ci.run_url.as_deref();
        let message = Message {
            body: &no_verdict_markdown(&cause, run_url),
            line: &no_verdict_line(run_url),
            state: &digest(&cause.reason),
            counts: None,
            blocks: true,
            head: head.as_deref(),
        };
        let target = report_target(options.comment, options.sources.release.as_deref(), &ci.event);
        let written = target
            .and_then(|target| target.map(|to| write_message(&to, options, &message, ci, run)).transpose());
        match written {
            Ok(published) => url = published.map_or_else(String::new, |published| published.url),
            Err(problem) => complain(&problem, true, run),
        }
    }
    if options.status {
        let exit_and_head = (failure.exit(), head.as_deref());
        set_status(options, &no_verdict_status(&cause), exit_and_head, &url, run);
    }
}

/// Returns the commit of the candidate, as far as it is known without a request.
fn candidate_commit(options: &CheckOptions, ci: &ActionsContext, run: &Run<'_>) -> Option<String> {
    // Without a request: GitHub may be the reason why there is no verdict.
    let asked = choose_candidate(&options.sources, run);
    // The workflow of either event runs on the tag itself.
    let runs_on_tag = options.sources.release.is_none()
        && matches!(ci.event, TriggerEvent::Release { .. } | TriggerEvent::TagPush { .. });
    let of_event = || runs_on_tag.then(|| ci.sha.0.clone());
    asked.head.filter(|head| is_full_sha(head)).or_else(of_event)
}

/// Returns the reason for the missing verdict, without secrets: a library may quote one.
fn cause(failure: &Failure, run: &Run<'_>) -> NoVerdict {
    let hidden = |text: &str| Secrets::of(run.env).hide(text);
    match failure {
        Failure::Policy(refused) => NoVerdict::from(refused),
        Failure::Usage(what) => NoVerdict::because(&hidden(what)),
        Failure::NotShipped(what) => NoVerdict { verdict_stands: true, ..NoVerdict::because(&hidden(what)) },
        Failure::Tool(error) => NoVerdict::because(&hidden(&format!("{error:#}"))),
    }
}
