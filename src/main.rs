//! The program: parse, run, print the error chain, exit.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::rc::Rc;

use escape_gate::app::secrets::Secrets;
use escape_gate::app::{self, Failure, Run};
use escape_gate::cli::Cli;
use escape_gate::exit::Exit;
use escape_gate::output::TextOptions;
use escape_gate::output::escape::{guard, log};
use jiff::Timestamp;
use release_history::scratch::remove_on_signal;

fn main() -> ExitCode {
    let env = |name: &str| std::env::var(name).ok();
    let secrets = Secrets::of(&env);
    let hidden = secrets.clone();
    std::panic::set_hook(Box::new(move |info| say(log(&hidden.last_words(info)))));
    let complain = |text: &str, exit: Exit| -> ExitCode {
        say(log(&secrets.hide(text)));
        exit.into()
    };
    let (cli, mistake) = match Cli::read(std::env::args_os()) {
        Ok(cli) => (Some(cli), None),
        // `--help` and `--version`, which go to standard output with code 0.
        Err(help) if !help.use_stderr() => {
            return if help.print().is_ok() { Exit::Success.into() } else { Exit::ToolError.into() };
        }
        Err(mistake) => (Cli::without_mistakes(std::env::args_os()), Some(mistake)),
    };
    let no_color = env("NO_COLOR").is_some_and(|value| !value.is_empty());
    let folder = match std::env::current_dir() {
        Ok(folder) => folder,
        Err(error) => {
            return complain(&format!("the current folder cannot be used: {error}"), Exit::ToolError);
        }
    };
    if let Err(error) = remove_on_signal() {
        return complain(&format!("signals cannot be watched: {error}"), Exit::ToolError);
    }
    let size = terminal_size::terminal_size_of(io::stdout()).map(|(width, height)| (width.0, height.0));
    let mut out = io::stdout().lock();
    let mut typed = io::stdin().lock();
    let can_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    let hidden = secrets.clone();
    let mut run = Run {
        env: &env,
        folder,
        log_is_terminal: io::stderr().is_terminal(),
        answers: if can_ask { Some(&mut typed) } else { None },
        now: Timestamp::now(),
        out: &mut out,
        log: Rc::new(move |line| say(log(&hidden.hide(line)))),
        notice: &|command| say(secrets.hide(command.trim_end())),
        verbose: cli.as_ref().is_some_and(|cli| cli.verbose),
        text: TextOptions {
            color: cli.as_ref().is_some_and(|cli| cli.has_color(io::stdout().is_terminal(), no_color)),
            details: cli.as_ref().is_some_and(|cli| cli.verbose),
            ..TextOptions::of_screen(size)
        },
        limits: cli.as_ref().map(|cli| cli.command.limits()).unwrap_or_default(),
        ci: None,
    };
    let result = match (cli, mistake) {
        (Some(cli), None) => app::run_command(cli.command, &mut run),
        (cli, mistake) => {
            // The message quotes the arguments, which in a workflow may be another person's text.
            let text = mistake.map(|mistake| mistake.render().to_string()).unwrap_or_default();
            let message = text.trim_start_matches("error: ").trim_end();
            app::report_refused_command_line(message, cli.map(|cli| cli.command), &mut run);
            return complain(text.trim_end(), Exit::Usage);
        }
    };
    match result {
        Ok(exit) => exit.into(),
        Err(Failure::Policy(refused)) if io::stderr().is_terminal() && !no_color => {
            // The colors come from the renderer, which also makes control characters in the text visible.
            say(guard(&secrets.hide(&refused.render(true))));
            Exit::Usage.into()
        }
        Err(failure) => {
            let text = match &failure {
                Failure::Policy(refused) => refused.render(false),
                Failure::Usage(what) | Failure::NotShipped(what) => format!("error: {what}"),
                Failure::Tool(error) => format!("error: {error:#}"),
            };
            complain(&text, failure.exit())
        }
    }
}

/// Writes to the log. If that fails too, the exit code still shows the result.
fn say(text: impl Display) {
    drop(writeln!(io::stderr(), "{text}"));
}
