//! Strings the stages together; the only place that knows their order.
//!
//! Everything a run takes from the machine comes in by [`World`], so that a run can be tried without one.

mod assemble;
mod attribute;
mod base;
mod base_policy;
mod candidate;
mod cases;
mod check;
mod collect;
mod commit_files;
mod commit_history;
mod connect;
mod demo;
mod evaluation_time;
mod explain;
mod first_half;
mod follow;
mod gather;
mod init;
mod issue_forms;
mod library;
mod no_verdict;
mod options;
mod origins;
mod owners;
mod policies;
mod policy_files;
mod print;
mod progress;
mod publish;
pub mod secrets;
mod simulate;
mod trust;
mod waivers;
mod workspace;

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use jiff::Timestamp;

use crate::ci;
use crate::exit::Exit;
use crate::output::escape::{self, Safe};
use crate::policy::Refused;
use release_history::bounded;

pub use assemble::assemble;

pub use init::names::Names;
pub use init::proposal::{Choices, Workflow};
pub use options::{
    Attribute, CacheIn, Check, Collect, Command, CommentOn, CommentTo, Demo, Explain, FailOn, From, Init,
    Notes, Part, PolicyCheck, PolicyFormat, PolicyShow, PolicyTest, Simulate, Sources, Subject,
};

use library::read_policy;

/// What a run takes from the machine it runs on.
pub struct World<'a> {
    /// Environment variables.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// The folder that report globs and relative paths start from.
    pub folder: PathBuf,
    /// True if the log is read by a person at a terminal, as it is written.
    pub watched: bool,
    /// What a person at a terminal answers; none if nobody can be asked.
    pub answers: Option<&'a mut dyn BufRead>,
    /// The present.
    pub now: Timestamp,
    /// Takes the result.
    pub out: &'a mut dyn Write,
    /// Takes everything else, line by line: log, progress, problems.
    pub log: Log,
    /// Takes what the runner of a workflow is to show on the run's page. Not standard output: a document there stays one
    /// document.
    pub notice: &'a dyn Fn(&Safe<escape::Command>),
}

/// Takes a line of the log.
pub type Log = Rc<dyn Fn(&str)>;

/// Why a run came to no verdict.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The policy is wrong; the text is its diagnostics.
    #[error(transparent)]
    Policy(#[from] Refused),
    /// The command line asks for something that cannot be.
    #[error("{0}")]
    Usage(String),
    /// The verdict stands, and the release that it lets pass could not be published.
    #[error("{0}")]
    NotShipped(String),
    /// The program could not do its work.
    #[error(transparent)]
    Tool(#[from] anyhow::Error),
}

impl Failure {
    /// The exit code it ends with.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Policy(_) | Self::Usage(_) => Exit::Usage,
            Self::NotShipped(_) | Self::Tool(_) => Exit::ToolError,
        }
    }
}

/// Runs a command.
///
/// # Errors
/// If no verdict was come to. A verdict that blocks is no error: it is an exit code.
pub fn run(command: Command, world: &mut World<'_>) -> Result<Exit, Failure> {
    let result = dispatch(command, world).and_then(|exit| {
        world.out.flush().map_err(|error| Failure::Tool(error.into()))?;
        Ok(exit)
    });
    if let Err(failure) = &result {
        no_verdict::announce(failure, world);
    }
    result
}

/// Says in a workflow that the command line was refused, so that there is no verdict. `check` is what is left of the
/// command line without the mistakes, if that is known: by it, an older comment is corrected.
pub fn refuse(message: &str, check: Option<Command>, world: &mut World<'_>) {
    let failure = Failure::Usage(message.to_owned());
    no_verdict::announce(&failure, world);
    if let Some(Command::Check(check)) = check {
        check::refuse(check, &failure, world);
    }
}

fn dispatch(command: Command, world: &mut World<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Check(check) => check::run(check, world),
        Command::Collect(collect) => collect::run(collect, world),
        Command::Demo(demo) => demo::run(demo, world),
        Command::Explain(explain) => explain::run(explain, world),
        Command::Simulate(simulate) => simulate::run(simulate, world),
        Command::Attribute(attribute) => attribute::run(attribute, world),
        Command::Init(init) => init::run(init, world),
        Command::PolicyCheck(check) => policies::check(check, world),
        Command::PolicyShow(show) => policies::show(show, world),
        Command::PolicySchema => policies::schema(world),
        Command::PolicyTest(test) => cases::run(test, world),
    }
}

/// Largest event payload, in bytes: GitHub sends no larger one than 25 MB.
const LARGEST_EVENT: u64 = 32 << 20;

/// The workflow that the run is part of, if it is.
fn read_context(world: &World<'_>) -> Result<Option<ci::ActionsContext>, Failure> {
    let context = ci::ActionsContext::from_env(world.env, &|path: &Path| bounded::read(path, LARGEST_EVENT));
    // Its message holds its cause already, which the chain would say again.
    Ok(context.map_err(|error| anyhow::anyhow!("{error}"))?)
}

impl World<'_> {
    /// The value of the first of these variables that is set and not empty.
    fn variable(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| (self.env)(name).filter(|value| !value.is_empty()))
    }
}
