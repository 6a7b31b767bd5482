//! Takes the report to where people read it. Nothing here changes the verdict: what is refused is said, and the text
//! is in the job summary either way.

use std::path::Path;
use std::time::Duration;

use crate::ci::{Context, Event};
use crate::output::{COMMENT_LIMIT, markdown, step_outputs, warning};
use crate::publish::{PublishError, Published, actions, comment, release_notes};
use crate::report::Report;

use super::gather::{connect, repository};
use super::{Check, CommentTo, World};

/// Time for writing, also when reading has used up its budget.
const GRANT: Duration = Duration::from_secs(60);

/// Where the text is to go.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    PullRequest(u64),
    Release(String),
}

/// Comment or release notes, job summary, step outputs.
pub fn publish(
    check: &Check,
    report: &Report,
    report_file: Option<&Path>,
    ci: &Context,
    world: &mut World<'_>,
) {
    let body = markdown(report, COMMENT_LIMIT);
    let mut problems = Vec::new();
    let url = match place(check.comment, check.sources.release.as_deref(), &ci.event) {
        Ok(Some(place)) => match write(&place, check, &body, ci, world) {
            Ok(published) => {
                problems.extend(published.notes);
                published.url
            }
            Err(problem) => {
                problems.push(problem);
                String::new()
            }
        },
        Ok(None) => String::new(),
        Err(problem) => {
            problems.push(problem);
            String::new()
        }
    };
    if let Some(path) = &ci.summary_path
        && let Err(error) = actions::summary(path, &body)
    {
        problems.push(error.to_string());
    }
    let mut outputs = step_outputs(report);
    outputs.push(("report", report_file.map_or_else(String::new, |path| path.display().to_string())));
    outputs.push(("comment-url", url));
    if let Some(path) = &ci.output_path
        && let Err(error) = actions::outputs(path, &outputs)
    {
        problems.push(error.to_string());
    }
    for problem in problems {
        (world.log)(&problem);
        if let Err(error) = world.out.write_all(warning("Escape Gate", &problem).as_bytes()) {
            (world.log)(&format!("failed to write a warning to standard output: {error}"));
        }
    }
}

/// Where the text goes; an error says why it cannot go where it was sent.
fn place(to: CommentTo, release: Option<&str>, event: &Event) -> Result<Option<Place>, String> {
    let of_event = match event {
        Event::PullRequest { number, .. } => Some(Place::PullRequest(*number)),
        Event::WorkflowRun { pull_requests, .. } => match pull_requests.as_slice() {
            [only] => Some(Place::PullRequest(only.number)),
            [] | [_, ..] => None,
        },
        Event::Release { tag, .. } => Some(Place::Release(tag.0.clone())),
        Event::TagPush { .. }
        | Event::BranchPush { .. }
        | Event::Dispatch
        | Event::Schedule
        | Event::Issues { .. }
        | Event::Deployment { .. }
        | Event::Other(_) => None,
    };
    let named = release.map(|tag| Place::Release(tag.to_owned()));
    match to {
        CommentTo::Nowhere => Ok(None),
        CommentTo::Auto => Ok(of_event.or(named)),
        CommentTo::PullRequest => match of_event {
            Some(place @ Place::PullRequest(_)) => Ok(Some(place)),
            Some(Place::Release(_)) | None => {
                Err("no comment was written: this workflow does not run for a pull request".into())
            }
        },
        CommentTo::Release => match named.or(of_event) {
            Some(place @ Place::Release(_)) => Ok(Some(place)),
            Some(Place::PullRequest(_)) | None => {
                Err("no release notes were written: nothing says which release; set `release`".into())
            }
        },
    }
}

/// Writes the text; an error says what was refused and what to do.
fn write(
    place: &Place,
    check: &Check,
    body: &str,
    ci: &Context,
    world: &World<'_>,
) -> Result<Published, String> {
    let repository = repository(&check.sources, Some(ci)).map_err(|failure| failure.to_string())?.to_string();
    let client = connect(Some(ci), check.verbose, world).map_err(|failure| failure.to_string())?;
    client.grant(GRANT);
    let (what, result) = match place {
        Place::PullRequest(number) => {
            ("comment", comment::upsert(&client, &repository, *number, &check.id, body))
        }
        Place::Release(tag) => {
            ("release notes", release_notes::upsert(&client, &repository, tag, &check.id, body))
        }
    };
    result.map_err(|error| refusal(what, &error, ci))
}

/// What was refused, why, and what to do about it.
fn refusal(what: &str, error: &PublishError, ci: &Context) -> String {
    let mut text = format!("the {what} could not be written; the text is in the job summary: {error}");
    if let Some(because) = ci.read_only_because() {
        text.push_str(&format!("\n{because}"));
    }
    if let Some(permissions) = error.permissions() {
        text.push_str(&format!("\nThe workflow lacks:\n{}", permissions.block()));
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
        let release = Event::Release {
            tag: Tag("v1".into()),
            id: 1,
            draft: false,
            prerelease: false,
            action: "published".into(),
        };
        let at = |tag: &str| Some(Place::Release(tag.into()));
        assert_eq!(place(CommentTo::Auto, None, &release).unwrap(), at("v1"));
        assert_eq!(place(CommentTo::Auto, Some("v2"), &Event::Dispatch).unwrap(), at("v2"));
        assert_eq!(place(CommentTo::Auto, None, &Event::Schedule).unwrap(), None);
        assert_eq!(place(CommentTo::Nowhere, Some("v2"), &release).unwrap(), None);
        assert!(place(CommentTo::PullRequest, None, &release).is_err());
        assert!(place(CommentTo::Release, None, &Event::Dispatch).is_err());
    }
}
