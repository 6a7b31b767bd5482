//! `attribute`: where one defect came from, or how often such an answer is right.

mod clone;
mod evaluate;
mod local;
mod pairs;
mod picks;
mod question;
mod remote;
mod source;
#[cfg(test)]
mod tests;
mod text;

use anyhow::Context as _;

use crate::attribution::introduced::find::find;
use crate::attribution::introduced::history::Unread;
use crate::attribution::introduced::record::Record;
use crate::attribution::introduced::releases::names_a_release;
use crate::exit::Exit;
use crate::git;
use crate::model::{Gap, IssueNumber};
use crate::tracker::github::GitHub;

pub use local::{Local, origins};
pub use question::{of_defect, question};
pub use remote::{Remote, remote_origins};
pub use source::{Need, deepen};

use super::connect::Server;
use super::{Attribute, Failure, Subject, World};
use question::{no_commit, of_commit, of_fix, of_issue};
use source::{Asked, Source, source};
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

/// The record of one defect, from the clone or from the server. What the clone is without is told in the log.
fn one(attribute: &Attribute, world: &World<'_>) -> Result<Record, Failure> {
    let subject = match &attribute.subject {
        Subject::Issue(number) => {
            let (defect, releases) = of_issue(IssueNumber(*number), attribute, world)?;
            Asked::Defect(Box::new(defect), releases)
        }
        Subject::Fix(name) => Asked::Fix(name),
        Subject::Pairs { .. } => return Err(Failure::Usage("--evaluate names no defect".into())),
    };
    let local = match source(attribute, &subject, world)? {
        Source::Clone(local) => local,
        Source::Server(server) => return from_server(attribute, &subject, &server),
    };
    let question = match &subject {
        Asked::Defect(defect, _) => question(defect, &local),
        Asked::Fix(name) => of_fix(name, attribute, &local)?,
    };
    if let Some(Gap { what, remedy, .. }) = local.gap() {
        (world.log)(&format!("{what}. {}", remedy.unwrap_or_default()));
    }
    Ok(find(&question, local.ground(&local.reader())))
}

/// The record of one defect as the server's answers have it.
fn from_server(attribute: &Attribute, subject: &Asked<'_>, server: &Server) -> Result<Record, Failure> {
    let history = server.history();
    let remote = match subject {
        Asked::Defect(_, releases) => Remote::new(history, releases),
        Asked::Fix(_) => {
            let tracker = GitHub::new(&server.client, server.repository.clone());
            let (releases, gaps) = tracker.releases(&names_a_release);
            if let Some(Gap { what, .. }) = gaps.into_iter().next() {
                return Err(Failure::Tool(anyhow::anyhow!("failed to read the releases: {what}")));
            }
            Remote::new(history, &releases)
        }
    };
    let question = match subject {
        Asked::Defect(defect, _) => of_defect(defect, &remote),
        Asked::Fix(name) => {
            let fix = remote
                .named(name)
                .map_err(|Unread(what)| Failure::Tool(anyhow::anyhow!("failed to read the fix: {what}")))?;
            let fix = fix.ok_or_else(|| no_commit(name))?;
            of_commit(&fix.id, fix.time, attribute, &remote)?
        }
    };
    let record = find(&question, remote.ground());
    remote.keep();
    server.spent(attribute.verbose);
    Ok(record)
}

/// A repository that cannot be read leaves nothing to say.
fn cannot(error: git::Error) -> Failure {
    Failure::Tool(anyhow::Error::new(error).context("failed to read the repository"))
}
