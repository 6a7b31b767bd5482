//! The program: parse, run, print the error chain, exit.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::rc::Rc;

use escape_gate::app::{self, Failure, World};
use escape_gate::cli::Cli;
use escape_gate::exit::Exit;
use escape_gate::output::escape::guard;
use jiff::Timestamp;

fn main() -> ExitCode {
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        // `--help` and `--version` arrive here too, and go to standard output with code 0.
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Success };
            return if error.print().is_ok() { exit.into() } else { Exit::Failed.into() };
        }
    };
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let command = cli.resolve(io::stdout().is_terminal(), no_color);
    let folder = match std::env::current_dir() {
        Ok(folder) => folder,
        Err(error) => return complain(&format!("the current folder cannot be used: {error}"), Exit::Failed),
    };
    let mut out = io::stdout().lock();
    let mut world = World {
        env: &|name| std::env::var(name).ok(),
        folder,
        watched: io::stderr().is_terminal(),
        now: Timestamp::now(),
        out: &mut out,
        log: Rc::new(|line| drop(writeln!(io::stderr(), "{}", guard(line)))),
    };
    let result = app::run(command, &mut world).and_then(|exit| {
        world.out.flush().map_err(|error| Failure::Tool(error.into()))?;
        Ok(exit)
    });
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let text = match &failure {
                Failure::Policy(refused) => refused.render(io::stderr().is_terminal() && !no_color),
                Failure::Usage(what) => format!("error: {what}"),
                Failure::Tool(error) => format!("error: {error:#}"),
            };
            complain(&text, failure.exit())
        }
    }
}

/// Says why there is no verdict. If even that fails, the exit code still says it. A workflow's runner looks for commands in
/// this stream too, and the text quotes file names and keys.
fn complain(text: &str, exit: Exit) -> ExitCode {
    drop(writeln!(io::stderr(), "{}", guard(text)));
    exit.into()
}
