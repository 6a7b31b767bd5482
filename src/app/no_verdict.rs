//! A run that came to no verdict says so wherever people look. Nothing here changes the exit code, and none of it is tried
//! twice: what could not be told is told of in the log.

use std::path::{Path, PathBuf};

use crate::ci::{ActionsContext, TriggerEvent};
use crate::output::{no_verdict_annotations, no_verdict_line, no_verdict_markdown, no_verdict_status};
use crate::publish::actions;
use crate::publish::head::is_commit;
use crate::report::NoVerdict;

use super::candidate::candidate;
use super::publish::{Words, complain, digest, place, set_status, write};
use super::secrets::Secrets;
use super::workspace::in_workspace;
use super::{Check, Failure, World, read_context};

/// Shows why a run failed as annotations and in the job summary, if it is part of a workflow: also of one whose event
/// cannot be read.
pub fn announce(failure: &Failure, world: &World<'_>) {
    if (world.env)("GITHUB_ACTIONS").as_deref() != Some("true") {
        return;
    }
    let cause = cause(failure, world);
    let file_of = |file: &str| {
        let path = Path::new(file);
        in_workspace(path, world).filter(|_| world.folder.join(path).is_file())
    };
    (world.notice)(&no_verdict_annotations(&cause, &file_of));
    let url = read_context(world).ok().flatten().and_then(|ci| ci.run_url);
    if let Some(path) = world.variable(&["GITHUB_STEP_SUMMARY"]).map(PathBuf::from)
        && let Err(error) = actions::summary(&path, &no_verdict_markdown(&cause, url.as_deref()))
    {
        complain(&error.to_string(), true, world);
    }
}

/// Corrects the comment or the notes that an earlier run wrote, or writes them; sets the commit status if asked to.
pub fn publish(check: &Check, failure: &Failure, ci: Option<&ActionsContext>, world: &World<'_>) {
    let cause = cause(failure, world);
    let head = ci.and_then(|ci| judged(check, ci));
    let mut url = String::new();
    if let Some(ci) = ci {
        let run_url = ci.run_url.as_deref();
        let body = no_verdict_markdown(&cause, run_url);
        let words = Words {
            body: &body,
            line: &no_verdict_line(run_url),
            state: &digest(&cause.reason),
            blocks: true,
            head: head.as_deref(),
        };
        let place = place(check.comment, check.sources.release.as_deref(), &ci.event);
        match place.and_then(|place| place.map(|place| write(&place, check, &words, ci, world)).transpose()) {
            Ok(published) => url = published.map_or_else(String::new, |published| published.url),
            Err(problem) => complain(&problem, true, world),
        }
    }
    if check.status {
        let exit_and_head = (failure.exit(), head.as_deref());
        set_status(check, &no_verdict_status(&cause), exit_and_head, &url, ci, world);
    }
}

/// The commit that was to be judged, as far as it is known without asking anybody.
fn judged(check: &Check, ci: &ActionsContext) -> Option<String> {
    let asked = candidate(&check.sources, Some(ci));
    // The workflow of either event runs on the tag itself.
    let runs_on_tag = check.sources.release.is_none()
        && matches!(ci.event, TriggerEvent::Release { .. } | TriggerEvent::TagPush { .. });
    let of_event = || runs_on_tag.then(|| ci.sha.0.clone());
    asked.head.filter(|head| is_commit(head)).or_else(of_event)
}

/// Why there is no verdict, without any secret: a library may quote one.
fn cause(failure: &Failure, world: &World<'_>) -> NoVerdict {
    let hidden = |text: &str| Secrets::of(world.env).hide(text);
    match failure {
        Failure::Policy(refused) => NoVerdict::from(refused),
        Failure::Usage(what) => NoVerdict::because(&hidden(what)),
        Failure::NotShipped(what) => NoVerdict { verdict_stands: true, ..NoVerdict::because(&hidden(what)) },
        Failure::Tool(error) => NoVerdict::because(&hidden(&format!("{error:#}"))),
    }
}
