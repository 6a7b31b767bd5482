//! `attribute`: where one defect came from, or how often such an answer is right.

mod clone;
mod evaluate;
pub mod local;
mod pairs;
mod question;
mod source;
#[cfg(test)]
mod tests;
mod text;

use anyhow::Context as _;

use crate::exit::Exit;
use crate::model::{Gap, IssueNumber};
use release_history::git;
use release_history::origins::origin_record::OriginRecord;

pub use local::Local;

use super::{Failure, Run};
use crate::options::{AnswerFormat, AttributeOptions};
use local::question;
use question::{of_fix, of_issue};
use source::{AttributionSubject, source};
use text::record_text;

/// Finds the origin and prints it, or measures the search.
pub fn attribute(options: &AttributeOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    let printed = match (&options.evaluate, &options.repositories) {
        (Some(pairs), Some(repositories)) => {
            let features = options.features.as_ref().map(|path| run.folder.join(path));
            evaluate::run(
                &run.folder.join(pairs),
                &run.folder.join(repositories),
                features.as_deref(),
                &run.log,
            )?
        }
        _ => {
            run.read_context()?;
            let record = find_record(options, run)?;
            match options.format {
                AnswerFormat::Json => {
                    serde_json::to_string_pretty(&record).context("failed to write the record")? + "\n"
                }
                AnswerFormat::Text => record_text(&record),
            }
        }
    };
    run.write_out(&printed)?;
    Ok(Exit::Success)
}

/// Returns the record of one defect. Gaps of the clone are logged.
fn find_record(options: &AttributeOptions, run: &Run<'_>) -> Result<OriginRecord, Failure> {
    let Some(target) = options.target.as_deref() else {
        return Err(Failure::Usage("name a fix or an issue: `escape-gate attribute FIX` or `#12`".into()));
    };
    let (subject, commits) = match target.strip_prefix('#').and_then(|number| number.parse().ok()) {
        Some(number) => {
            let (defect, releases, commits) = of_issue(IssueNumber(number), options, run)?;
            (AttributionSubject::Defect(Box::new(defect), releases), commits)
        }
        None => (AttributionSubject::Fix(target), None),
    };
    let local = source(options, &subject, commits, run)?;
    let question = match &subject {
        AttributionSubject::Defect(defect, _) => question(defect, &local),
        AttributionSubject::Fix(name) => of_fix(name, &options.report, &local)?,
    };
    if let Some(Gap { what, remedy, .. }) = local.gap() {
        (run.log)(&format!("{what}. {}", remedy.unwrap_or_default()));
    }
    local.find(&question).map_err(|error| {
        Failure::Tool(anyhow::Error::new(error).context("failed to read the files of the fix"))
    })
}

/// A repository that cannot be read leaves nothing to say.
fn cannot(error: git::GitError) -> Failure {
    Failure::Tool(anyhow::Error::new(error).context("failed to read the repository"))
}
