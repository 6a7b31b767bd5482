//! Steps that look at the results of needed jobs and fail by them.

use super::examination::{Examination, JobPlace, Start};
use super::expression::{Scene, parse_expression};
use super::repository::FlatStep;
use super::shell::{ShellCommand, shell_commands};
use super::workflow::{Step, runs};

/// Returns `true` if a step of the job, up to a position, certainly fails with these results.
pub fn fails_on(
    examination: &Examination<'_>,
    place: JobPlace,
    needs: &[(String, &'static str)],
    until: Option<usize>,
    start: &Start,
) -> bool {
    let scene = Scene { needs, ..examination.scene(place, start) };
    let flat = examination.flat_steps(place);
    flat.iter().take(until.unwrap_or(usize::MAX)).any(|flat| step_fails(flat, needs, &scene))
}

fn step_fails(flat: &FlatStep<'_>, needs: &[(String, &'static str)], scene: &Scene<'_>) -> bool {
    let step = flat.step();
    if step.continue_on_error.as_ref().is_some_and(|text| text.value != "false") {
        return false;
    }
    if flat.layers.iter().any(|layer| runs(layer.condition.as_ref(), scene) != Some(true)) {
        return false;
    }
    if step.action().is_some_and(|action| action.to_ascii_lowercase().ends_with("/alls-green")) {
        return needs.iter().any(|(id, result)| !is_allowed(step, id, result));
    }
    if let Some(run) = &step.run {
        return script_fails(&run.value, step, needs, scene);
    }
    let script = step.input("script").filter(|_| step.action() == Some("actions/github-script"));
    script.is_some_and(|script| {
        (script.contains("setFailed") || script.contains("throw"))
            && (!mentions_needs(script, step) || names_result(script, needs))
    })
}

/// `allowed-skips` and `allowed-failures` of alls-green, a list or JSON.
fn is_allowed(step: &Step, id: &str, result: &str) -> bool {
    let lists = match result {
        "skipped" => ["allowed-skips", "allowed-skip"],
        _ => ["allowed-failures", "allowed-failure"],
    };
    lists.into_iter().filter_map(|input| step.input(input)).any(|list| {
        list.to_ascii_lowercase().split([',', ' ', '\n', '[', ']', '"']).any(|own| own.trim() == id)
            || list.contains("${{")
    })
}

fn script_fails(script: &str, step: &Step, needs: &[(String, &'static str)], scene: &Scene<'_>) -> bool {
    let commands = shell_commands(script);
    if mentions_needs(script, step) {
        return names_result(script, needs) && can_fail(script, &commands);
    }
    // Without a look at results, the script fails if its failure has no condition.
    let is_conditional = |command: &ShellCommand| command.keyword.is_some();
    let mut plain = commands.iter().take_while(|command| !is_conditional(command));
    let fails = |command: &ShellCommand| {
        let starts = command.before == super::shell::Operator::End;
        let code = command.words.get(1).map(String::as_str);
        match command.program() {
            "exit" => {
                starts
                    && code.is_some_and(|code| code != "0" && expanded(code, scene) != Some("0".to_owned()))
            }
            "false" => starts,
            _ => false,
        }
    };
    plain.any(fails)
}

fn expanded(text: &str, scene: &Scene<'_>) -> Option<String> {
    let inner = text.strip_prefix("${{")?.strip_suffix("}}")?;
    scene.value(&parse_expression(inner)?).text()
}

fn can_fail(script: &str, commands: &[ShellCommand]) -> bool {
    let fails = |command: &ShellCommand| match command.program() {
        "exit" => command.words.get(1).is_some_and(|code| code != "0"),
        // The exit code of a last test is that of the script.
        "false" | "[" | "[[" | "test" | "jq" | "grep" => true,
        _ => false,
    };
    commands.iter().any(fails)
        || script.contains("sys.exit")
        || script.contains("exit(1)")
        || script.contains("throw")
}

/// Returns `true` if the script asks for success, or names one of the results that are not success.
fn names_result(script: &str, needs: &[(String, &'static str)]) -> bool {
    script.contains("success") || needs.iter().any(|(_, result)| script.contains(result))
}

/// Returns `true` if a script reads results: itself or by a variable.
fn mentions_needs(script: &str, step: &Step) -> bool {
    let is_needs = |text: &str| text.contains("needs.") || text.contains("needs)") || text.contains("needs[");
    is_needs(script) || step.env.iter().any(|(_, text)| is_needs(&text.value))
}

/// Returns `true` if no step of the job does anything but look at results and print.
pub fn looks_at_results_only(examination: &Examination<'_>, place: JobPlace) -> bool {
    let flat = examination.flat_steps(place);
    flat.iter().all(|flat| {
        let step = flat.step();
        if let Some(action) = step.action() {
            let name = action.to_ascii_lowercase();
            return name.ends_with("/alls-green")
                || name == "actions/github-script"
                || name.contains("slack");
        }
        let harmless = [
            "echo", "exit", "false", "true", ":", "[", "[[", "test", "jq", "printf", "if", "fi", "else",
            "for", "done", "cat", "set", "grep",
        ];
        step.run.as_ref().is_none_or(|run| {
            shell_commands(&run.value).iter().all(|command| harmless.contains(&command.program()))
        })
    })
}
