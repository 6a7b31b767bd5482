//! Decides whether the exit code of a command reaches the runner.

use super::{Operator, ShellCommand};

/// The way in which an exit code gets lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitLoss {
    /// `… || true`
    OrTrue,
    /// Another command behind it, in a shell that goes on after a failure.
    NextCommand,
    /// A pipe without `pipefail`.
    Pipe,
    /// `set +e`
    SetPlusE,
    /// `if …; then` without `else`.
    Condition,
    /// `… &`
    Background,
    /// `$( … )` inside of another command.
    Substitution,
}

impl ExitLoss {
    /// Returns the name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::OrTrue => "|| true",
            Self::NextCommand => "next-command",
            Self::Pipe => "pipe",
            Self::SetPlusE => "set +e",
            Self::Condition => "condition",
            Self::Background => "background",
            Self::Substitution => "substitution",
        }
    }
}

/// Properties of the shell that runs a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shell {
    /// The script ends at the first failure.
    stops: bool,
    /// A pipe fails if any of its commands fails.
    pipefail: bool,
}

/// Returns how `shell:` runs scripts. Without one, Linux and macOS run `bash -e`, and Windows PowerShell.
fn shell_of(shell: Option<&str>, is_windows: bool) -> Shell {
    match shell.map(str::trim) {
        Some("bash") => Shell { stops: true, pipefail: true },
        None if is_windows => Shell { stops: false, pipefail: false },
        None | Some("sh") => Shell { stops: true, pipefail: false },
        Some(other) => {
            let words: Vec<&str> = other.split_whitespace().collect();
            let stops = words.iter().any(|word| {
                *word == "errexit" || (word.starts_with('-') && !word.starts_with("--") && word.contains('e'))
            });
            Shell { stops, pipefail: words.contains(&"pipefail") }
        }
    }
}

/// Returns how the exit code of the command at a position gets lost; `None` if it ends the script with failure.
pub fn loses_exit_code(
    commands: &[ShellCommand],
    at: usize,
    shell: Option<&str>,
    is_windows: bool,
) -> Option<ExitLoss> {
    let command = commands.get(at)?;
    let shell = settings_before(commands, at, shell_of(shell, is_windows));
    // Whatever happened to the code, a later `exit` brings it back.
    let exits_later = commands[at + 1..].iter().any(fails_on_purpose);
    if matches!(command.keyword.as_deref(), Some("if" | "elif" | "while" | "until" | "!")) {
        return (!exits_later).then_some(ExitLoss::Condition);
    }
    // Behind a group, the operator stands in front of the next command.
    let next = commands.get(at + 1).map_or(Operator::End, |next| next.before);
    let operator = match (command.after, next) {
        (Operator::End | Operator::Group, Operator::Or | Operator::Pipe) => next,
        (own, _) => own,
    };
    let loss = match operator {
        Operator::Background => Some(ExitLoss::Background),
        Operator::Pipe if !shell.pipefail => Some(ExitLoss::Pipe),
        Operator::Pipe => after_list(commands, at, Operator::Pipe),
        Operator::Or => or_else(commands, at),
        // `gate && next` fails with the gate, unless an `||` follows.
        Operator::And => {
            let end = list_end(commands, at, Operator::And);
            let is_final = shell.stops || is_last(commands, end);
            after_list(commands, at, Operator::And).or((!is_final).then_some(ExitLoss::NextCommand))
        }
        Operator::End | Operator::Group if shell.stops || is_last(commands, at) => None,
        Operator::End | Operator::Group => {
            let has_set = commands[..at].iter().any(|one| one.starts_with(&["set", "+e"]));
            Some(if has_set { ExitLoss::SetPlusE } else { ExitLoss::NextCommand })
        }
    };
    loss.filter(|_| !exits_later)
}

/// Applies `set -e`, `set +e` and `set -o pipefail` in front of a command.
fn settings_before(commands: &[ShellCommand], at: usize, start: Shell) -> Shell {
    let mut shell = start;
    for command in commands[..at].iter().filter(|command| command.program() == "set") {
        let mut words = command.words.iter().skip(1).peekable();
        while let Some(word) = words.next() {
            let Some(letters) = word.strip_prefix(['-', '+']) else { continue };
            let on = word.starts_with('-');
            shell.stops = if letters.contains('e') { on } else { shell.stops };
            match words.peek().map(|next| next.as_str()).filter(|_| letters.ends_with('o')) {
                Some("pipefail") => shell.pipefail = on,
                Some("errexit") => shell.stops = on,
                Some(_) | None => {}
            }
        }
    }
    shell
}

/// Returns `true` for a command that ends the script with a failure that was stored or noticed.
fn fails_on_purpose(command: &ShellCommand) -> bool {
    match command.program() {
        "exit" | "return" => command.words.get(1).is_some_and(|code| code != "0"),
        "false" => true,
        _ => false,
    }
}

/// Returns what `|| …` behind a command does with its failure. `|| { echo …; exit 1; }` is found by its `exit`.
fn or_else(commands: &[ShellCommand], at: usize) -> Option<ExitLoss> {
    let next = commands.get(at + 1)?;
    (!fails_on_purpose(next)).then_some(ExitLoss::OrTrue)
}

/// A list or a pipe may have `|| true` at its end.
fn after_list(commands: &[ShellCommand], at: usize, operator: Operator) -> Option<ExitLoss> {
    let end = list_end(commands, at, operator);
    let is_or = commands.get(end).is_some_and(|last| last.after == Operator::Or);
    if is_or { or_else(commands, end) } else { None }
}

fn list_end(commands: &[ShellCommand], at: usize, operator: Operator) -> usize {
    let mut end = at;
    while commands.get(end).is_some_and(|one| one.after == operator) && end + 1 < commands.len() {
        end += 1;
    }
    end
}

/// Returns `true` if nothing runs behind a command.
fn is_last(commands: &[ShellCommand], at: usize) -> bool {
    let ends = |one: &ShellCommand| matches!(one.program(), "fi" | "done" | "esac");
    commands[at + 1..].iter().all(ends)
}
