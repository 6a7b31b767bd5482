//! A run that came to no verdict says so wherever people look. Nothing here changes the exit code, and none of it is tried
//! twice: what could not be told is told of in the log.

use std::path::{Path, PathBuf};

use crate::ci::{Context, Event};
use crate::output::escape::Markdown;
use crate::output::escape::Safe;
use crate::output::{no_verdict_annotations, no_verdict_line, no_verdict_markdown, no_verdict_status};
use crate::publish::actions;
use crate::report::NoVerdict;

use super::candidate::candidate;
use super::publish::{Words, complain, place, set_status, write};
use super::workspace::in_workspace;
use super::{Check, Failure, World, read_context};

/// Shows why a run failed as annotations and in the job summary, if it is part of a workflow: also of one whose event
/// cannot be read.
pub fn announce(failure: &Failure, world: &World<'_>) {
    if (world.env)("GITHUB_ACTIONS").as_deref() != Some("true") {
        return;
    }
    let cause = NoVerdict::from(failure);
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
pub fn publish(check: &Check, failure: &Failure, ci: Option<&Context>, world: &World<'_>) {
    let cause = NoVerdict::from(failure);
    let head = ci.and_then(|ci| judged(check, ci));
    let mut url = String::new();
    if let Some(ci) = ci {
        let run_url = ci.run_url.as_deref();
        let body: Safe<Markdown> = no_verdict_markdown(&cause, run_url);
        let words = Words {
            body: &body,
            line: &no_verdict_line(run_url),
            state: &format!("no verdict: {}", cause.reason),
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
fn judged(check: &Check, ci: &Context) -> Option<String> {
    let asked = candidate(&check.sources, Some(ci));
    let of_event = || match &ci.event {
        // The workflow runs on the tag itself.
        Event::Release { .. } | Event::TagPush { .. } if check.sources.release.is_none() => {
            Some(ci.sha.0.clone())
        }
        _ => None,
    };
    asked.head.filter(|head| crate::publish::head::is_commit(head)).or_else(of_event)
}

impl From<&Failure> for NoVerdict {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Policy(refused) => Self::from(refused),
            Failure::Usage(what) => Self::because(what),
            Failure::Tool(error) => Self::because(&format!("{error:#}")),
        }
    }
}
