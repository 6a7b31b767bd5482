//! Strings the stages together; the only place that knows their order.
//!
//! Everything a run takes from the machine comes in by [`Run`], so that a test can run without one.

mod attribute;
mod base_policy;
mod candidate;
mod check;
mod clone;
mod collect;
mod commit_files;
mod commit_history;
mod connect;
mod demo;
mod doctor;
mod evaluation_time;
mod explain;
mod export;
mod gather;
mod init;
mod issue_forms;
mod no_verdict;
mod organization;
mod origins;
mod output_file;
mod owners;
mod policy_commands;
mod policy_files;
mod policy_sources;
mod policy_test;
mod policy_trust;
mod progress;
mod publish;
mod reference_entry;
mod report_page;
mod run;
pub mod secrets;
mod simulate;
mod waivers;
mod workflow_run;
mod workspace;

use crate::exit::Exit;
use crate::options::{CliCommand, PolicyCommand};
use crate::policy::Refused;
pub use run::{Log, Run};

/// Reason that a run has no verdict.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The policy is refused; the text is its diagnostics.
    #[error(transparent)]
    Policy(#[from] Refused),
    /// The command line asks for something impossible.
    #[error("{0}")]
    Usage(String),
    /// There is a verdict, and the release that it allows could not be published.
    #[error("{0}")]
    NotShipped(String),
    /// The program failed.
    #[error(transparent)]
    Tool(#[from] anyhow::Error),
}

impl Failure {
    /// Returns the exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Policy(_) | Self::Usage(_) => Exit::Usage,
            // A failed publication must not look like success: the next job would deploy a release
            // that users cannot download.
            Self::NotShipped(_) | Self::Tool(_) => Exit::ToolError,
        }
    }
}

/// Runs a command.
///
/// # Errors
/// If there is no verdict. A verdict that blocks is no error: it is an exit code.
pub fn run_command(mut command: CliCommand, run: &mut Run<'_>) -> Result<Exit, Failure> {
    clone::start_at_top(&mut command, run);
    let result = dispatch(command, run).and_then(|exit| {
        // A full disk shows only here. Without it, a cut report would end with exit code 0.
        run.out.flush().map_err(|error| Failure::Tool(error.into()))?;
        Ok(exit)
    });
    if let Err(failure) = &result {
        no_verdict::announce(failure, run);
    }
    result
}

/// Reports in a workflow that the command line was refused, so that there is no verdict. `check` is the command line without the
/// mistakes, if it is known: by it, an older comment is corrected.
pub fn report_refused_command_line(message: &str, check: Option<CliCommand>, run: &mut Run<'_>) {
    let failure = Failure::Usage(message.to_owned());
    no_verdict::announce(&failure, run);
    if let Some(CliCommand::Check(check)) = check {
        check::publish_refusal(check, &failure, run);
    }
}

fn dispatch(command: CliCommand, run: &mut Run<'_>) -> Result<Exit, Failure> {
    match command {
        CliCommand::Check(options) => check::check_release(options, run),
        CliCommand::Collect(options) => collect::collect(&options, run),
        CliCommand::Demo(options) => demo::run_demo(options, run),
        CliCommand::Explain(options) => explain::explain(&options, run),
        CliCommand::Report(options) => report_page::report(&options, run),
        CliCommand::Export(options) => export::export(&options, run),
        CliCommand::Organization(options) => organization::report_organization(&options, run),
        CliCommand::Simulate(options) => simulate::simulate(&options, run),
        CliCommand::Attribute(options) => attribute::attribute(&options, run),
        CliCommand::Init(options) => init::init(&options, run),
        CliCommand::Doctor(options) => doctor::examine_gate(&options, run),
        CliCommand::Policy(PolicyCommand::Check(options)) => policy_commands::check_policies(&options, run),
        CliCommand::Policy(PolicyCommand::Show(options)) => policy_commands::show_policy(&options, run),
        CliCommand::Policy(PolicyCommand::Schema) => policy_commands::print_schema(run),
        CliCommand::Policy(PolicyCommand::Test(options)) => policy_test::test_policies(&options, run),
        CliCommand::Completions(options) => run.write_out(&options.script).map(|()| Exit::Success),
    }
}
