//! `attribute`: where one defect came from, or how often such an answer is right.

mod clone;
mod evaluate;
mod local;
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
use release_history::origins::record::Record;

pub use local::{Local, origins};
pub use question::question;

use super::{Attribute, Failure, Subject, World};
use question::{of_fix, of_issue};
use source::{Asked, source};
use text::text;

/// Finds the origin and prints it, or judges the search.
pub fn run(attribute: Attribute, world: &mut World<'_>) -> Result<Exit, Failure> {
    let printed = match &attribute.subject {
        Subject::Pairs { pairs, repositories, features } => {
            let folder = |path| world.folder.join(path);
            let features = features.as_ref().map(folder);
            evaluate::run(&folder(pairs), &folder(repositories), features.as_deref(), &world.log)?
        }
        Subject::Fix(_) | Subject::Issue(_) => {
            let record = one(&attribute, world)?;
            if attribute.json {
                serde_json::to_string_pretty(&record).context("failed to write the record")? + "\n"
            } else {
                text(&record)
            }
        }
    };
    world.out.write_all(printed.as_bytes()).context("failed to write to standard output")?;
    Ok(Exit::Success)
}

/// The record of one defect. What the clone is without is told in the log.
fn one(attribute: &Attribute, world: &World<'_>) -> Result<Record, Failure> {
    let (subject, commits) = match &attribute.subject {
        Subject::Issue(number) => {
            let (defect, releases, commits) = of_issue(IssueNumber(*number), attribute, world)?;
            (Asked::Defect(Box::new(defect), releases), commits)
        }
        Subject::Fix(name) => (Asked::Fix(name), None),
        Subject::Pairs { .. } => return Err(Failure::Usage("--evaluate names no defect".into())),
    };
    let local = source(attribute, &subject, commits, world)?;
    let question = match &subject {
        Asked::Defect(defect, _) => question(defect, &local),
        Asked::Fix(name) => of_fix(name, attribute, &local)?,
    };
    if let Some(Gap { what, remedy, .. }) = local.gap() {
        (world.log)(&format!("{what}. {}", remedy.unwrap_or_default()));
    }
    local.find(&question).map_err(|error| {
        Failure::Tool(anyhow::Error::new(error).context("failed to read the files of the fix"))
    })
}

/// A repository that cannot be read leaves nothing to say.
fn cannot(error: git::Error) -> Failure {
    Failure::Tool(anyhow::Error::new(error).context("failed to read the repository"))
}
