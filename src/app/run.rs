//! The context that all stages of one run share.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Context as _;
use jiff::Timestamp;
use release_history::bounded;
use serde::Serialize;

use super::Failure;
use crate::ci;
use crate::options::{AnswerFormat, RequestLimits};
use crate::output::escape::{self, Safe, guard};
use crate::output::{TextOptions, to_json};

/// Largest event payload, in bytes: GitHub sends at most 25 MB.
const LARGEST_EVENT: u64 = 32 << 20;

/// Takes a line of the log.
pub type Log = Rc<dyn Fn(&str)>;

/// Everything that a run takes from its machine, so that a test can run without one, and the options of all commands.
pub struct Run<'a> {
    /// Environment variables.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// The folder that report globs and relative paths start from.
    pub folder: PathBuf,
    /// `true` if the log goes to a terminal.
    pub log_is_terminal: bool,
    /// The answers that are typed at a terminal; `None` if `init` cannot ask.
    pub answers: Option<&'a mut dyn BufRead>,
    /// The time of the run.
    pub now: Timestamp,
    /// Standard output: the result.
    pub out: &'a mut dyn Write,
    /// Log, progress and problems.
    pub log: Log,
    /// Takes workflow commands, which the runner shows on the page of the run. They do not go to standard output: a document there
    /// stays one document.
    pub notice: &'a dyn Fn(&Safe<escape::WorkflowCommand>),
    /// `true` if every request, wait and test report is logged.
    pub verbose: bool,
    /// Size of the terminal, colors, and amount of detail.
    pub text: TextOptions,
    /// Time limits for reading from GitHub.
    pub limits: RequestLimits,
    /// The workflow that the run is part of; `None` outside of workflows, and until `read_context` is called.
    pub ci: Option<ci::ActionsContext>,
}

impl Run<'_> {
    /// Returns the value of the first of these variables that is set and not empty.
    pub(super) fn variable(&self, names: &[&str]) -> Option<String> {
        // A workflow passes an absent input or secret as an empty text.
        names.iter().find_map(|name| (self.env)(name).filter(|value| !value.is_empty()))
    }

    /// Reads the workflow that the run is part of.
    pub(super) fn read_context(&mut self) -> Result<(), Failure> {
        self.ci = self.context_of_env()?;
        Ok(())
    }

    /// Reads the workflow from the environment and the event's file.
    pub(super) fn context_of_env(&self) -> Result<Option<ci::ActionsContext>, Failure> {
        let context =
            ci::ActionsContext::from_env(self.env, &|path: &Path| bounded::read_up_to(path, LARGEST_EVENT));
        // As text: the message holds its cause already, and the chain would repeat it.
        Ok(context.map_err(|error| anyhow::anyhow!("{error}"))?)
    }

    /// Prints an answer as one JSON document, or as text for people.
    pub(super) fn print_answer<T: Serialize>(
        &mut self,
        format: AnswerFormat,
        answer: &T,
        text: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        match format {
            AnswerFormat::Json => self.write_out(&to_json(answer)),
            AnswerFormat::Text => self.print_text(&text(answer)),
        }
    }

    /// Prints a text. In a workflow it is guarded: the runner executes lines that look like workflow commands.
    pub(super) fn print_text(&mut self, text: &str) -> Result<(), Failure> {
        if self.ci.is_some() { self.write_out(&guard(text)) } else { self.write_out(text) }
    }

    /// Writes to standard output.
    pub(super) fn write_out(&mut self, text: &str) -> Result<(), Failure> {
        Ok(self.out.write_all(text.as_bytes()).context("failed to write to standard output")?)
    }
}
