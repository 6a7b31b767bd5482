//! The program: parse, run, print the error chain, exit.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::rc::Rc;

use escape_gate::app::secrets::Secrets;
use escape_gate::app::{self, Failure, World};
use escape_gate::cli::Cli;
use escape_gate::exit::Exit;
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
    let cli = Cli::read(std::env::args_os());
    if let Err(help) = &cli
        && !help.use_stderr()
    {
        // `--help` and `--version`, which go to standard output with code 0.
        return if help.print().is_ok() { Exit::Success.into() } else { Exit::ToolError.into() };
    }
    let no_color = env("NO_COLOR").is_some_and(|value| !value.is_empty());
    let terminal = io::stdout().is_terminal();
    let folder = match std::env::current_dir() {
        Ok(folder) => folder,
        Err(error) => {
            return complain(&format!("the current folder cannot be used: {error}"), Exit::ToolError);
        }
    };
    if let Err(error) = remove_on_signal() {
        return complain(&format!("signals cannot be watched: {error}"), Exit::ToolError);
    }
    let mut out = io::stdout().lock();
    let mut typed = io::stdin().lock();
    let can_be_asked = io::stdin().is_terminal() && io::stderr().is_terminal();
    let hidden = secrets.clone();
    let mut world = World {
        env: &env,
        folder,
        watched: io::stderr().is_terminal(),
        answers: if can_be_asked { Some(&mut typed) } else { None },
        now: Timestamp::now(),
        out: &mut out,
        log: Rc::new(move |line| say(log(&hidden.hide(line)))),
        notice: &|command| say(secrets.hide(command.trim_end())),
    };
    let cli = match cli {
        Ok(cli) => cli,
        Err(error) => {
            // The message quotes what was given, which in a workflow may be somebody else's.
            let text = error.render().to_string();
            let rest = Cli::without_mistakes(std::env::args_os()).map(|cli| cli.resolve(terminal, no_color));
            app::refuse(text.trim_start_matches("error: ").trim_end(), rest, &mut world);
            return complain(text.trim_end(), Exit::Usage);
        }
    };
    let result = app::run(cli.resolve(terminal, no_color), &mut world);
    match result {
        Ok(exit) => exit.into(),
        Err(Failure::Policy(refused)) if io::stderr().is_terminal() && !no_color => {
            // The colours are ours, and the text between them is made visible where it is drawn.
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

/// Writes to the log. If even that fails, the exit code still says how it went.
fn say(text: impl Display) {
    drop(writeln!(io::stderr(), "{text}"));
}
