//! Reads the command line.

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, ValueEnum};
use clap_complete::Shell;

use crate::options::CliCommand;

/// A CI/CD quality gate for escaped defects: one verdict from production bugs, test results and a policy
#[derive(Debug, Parser)]
#[command(name = "escape-gate", version, max_term_width = 80, subcommand_required = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: CliCommand,
    /// When to color the text
    #[arg(long, global = true, value_enum, default_value_t, env = "ESCAPE_GATE_COLOR")]
    color: ColorChoice,
    /// Log every request, every wait, and every test report
    #[arg(long, short, global = true, env = "ESCAPE_GATE_VERBOSE")]
    pub verbose: bool,
}

/// The text below the options.
const EXIT_CODES: &str = "Exit codes:
  0   verdict pass or warn
  1   the tool failed
  2   usage or policy error
  3   verdict unknown
  10  verdict fail

Example: escape-gate demo";

/// When to color the text.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Cli {
    /// Reads the command line. An environment variable that is empty counts as unset: the action passes an omitted input as
    /// an empty one.
    ///
    /// # Errors
    /// If the command line has a mistake, or asks for help or the version.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut command = without_empty_variables(Self::command());
        let matches = command.try_get_matches_from_mut(arguments)?;
        Self::from_matches(&matches).map_err(|error| error.format(&mut command))
    }

    /// Reads the command line without the variables that have mistakes, so that what it says of comments still applies. `None` if
    /// anything but one command was typed: then an argument may be the mistake. The action types only the command.
    pub fn without_mistakes(arguments: impl IntoIterator<Item = OsString>) -> Option<Self> {
        let typed: Vec<OsString> = arguments.into_iter().collect();
        if typed.len() != 2 {
            return None;
        }
        let command = without_empty_variables(Self::command());
        let is_valid = |command: clap::Command| command.try_get_matches_from(&typed).is_ok();
        let is_set = |arg: &clap::Arg| arg.get_env().is_some_and(|name| std::env::var_os(name).is_some());
        let subcommand = command.find_subcommand(&typed[1])?;
        let set: Vec<clap::Id> =
            subcommand.get_arguments().filter(|arg| is_set(arg)).map(|arg| arg.get_id().clone()).collect();
        let only = |kept: &dyn Fn(&clap::Id) -> bool| {
            let forget = |arg: clap::Arg| if kept(arg.get_id()) { arg } else { arg.env(None::<&str>) };
            command
                .clone()
                .mut_args(forget)
                .mut_subcommand(subcommand.get_name(), |verb| verb.mut_args(forget))
        };
        let valid: Vec<&clap::Id> = set.iter().filter(|id| is_valid(only(&|other| other == *id))).collect();
        let mut rest = only(&|id| valid.contains(&id));
        Self::from_matches(&rest.try_get_matches_from_mut(&typed).ok()?).ok()
    }

    /// `true` if the text is to be colored. `is_terminal` is about standard output, and `no_color` about the variable `NO_COLOR`.
    pub fn has_color(&self, is_terminal: bool, no_color: bool) -> bool {
        match self.color {
            ColorChoice::Auto => is_terminal && !no_color,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        }
    }

    fn from_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        let mut cli = Self::from_arg_matches(matches)?;
        cli.command.drop_blank_lines();
        if let CliCommand::Completions(options) = &mut cli.command {
            options.script = completion_script(options.shell);
        }
        Ok(cli)
    }
}

/// Returns the completion script of a shell.
fn completion_script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "escape-gate", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Takes the variable of each option away whose variable is empty, also from subcommands.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty =
        |arg: &clap::Arg| arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
    command
        .mut_args(|arg| if is_empty(&arg) { arg.env(None::<&str>) } else { arg })
        .mut_subcommands(without_empty_variables)
}
