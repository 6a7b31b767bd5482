//! Gates whose answer is lost: findings 7, 8, 9, and 18 as far as it is about `fail-on`.

use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::examination::{Examination, Start};
use super::super::gate::{Gate, GateKind, is_substitution};
use super::super::publishing::{known_text, known_truth};
use super::super::repository::FlatStep;
use super::super::shell::{ExitLoss, loses_exit_code, shell_commands};
use super::super::workflow::{Job, Text, Workflow};

/// Returns the findings.
pub fn find(examination: &Examination<'_>) -> Vec<Draft> {
    let mut out = Vec::new();
    for gate in &examination.input.gates {
        out.extend(continue_on_error(examination, gate));
        out.extend(swallowed(examination, gate));
        if gate.kind != GateKind::Named {
            out.extend(report_only(examination, gate));
            out.extend(unknown_passes(examination, gate));
        }
    }
    out
}

fn continue_on_error(examination: &Examination<'_>, gate: &Gate) -> Option<Draft> {
    let place = (gate.workflow, gate.job);
    let job = examination.job(place);
    let flat = examination.flat_steps(place);
    let own = flat.get(gate.position);
    let is_on = |text: &Text, start: &Start| {
        // A matrix may have jobs that are allowed to fail, and others.
        let is_matrix = text.value.contains("matrix.");
        !is_matrix && known_truth(Some(&text.value), false, &examination.scene(place, start)) != Some(false)
    };
    let starts = examination.gate_starts(gate);
    let soft = |text: &&Text| starts.iter().any(|start| is_on(text, start));
    let layers = own.map(|own| own.layers.as_slice()).unwrap_or_default();
    let step = layers.iter().find_map(|layer| layer.continue_on_error.as_ref()).filter(soft);
    let (line, place_word) = match (step, job.continue_on_error.as_ref().filter(soft)) {
        (Some(text), _) if !is_asked_later(examination, gate, &flat) => (text.line, "step"),
        (_, Some(text)) => (text.line, "job"),
        _ => return None,
    };
    let effect = match place_word {
        "step" => "the job is green whatever the verdict",
        _ => "jobs that need it run whatever the verdict",
    };
    let problem = format!("`continue-on-error` on the {place_word} of the gate: {effect}");
    let draft = examination.about_gate(("gate-continue-on-error", FindingLevel::Error), gate, problem);
    Some(Draft { line, ..draft }.with("on", place_word))
}

/// Returns `true` if a later step fails by the outcome of the gate's step, or another job asks for it.
fn is_asked_later(examination: &Examination<'_>, gate: &Gate, flat: &[FlatStep<'_>]) -> bool {
    let Some(own) = flat.get(gate.position) else { return false };
    let Some(id) = own.layers.first().and_then(|step| step.id.as_deref()) else { return false };
    asks_outcome(flat, own.top, id) || {
        let job = examination.job((gate.workflow, gate.job));
        let marks = [format!("steps.{id}.outcome"), format!("steps.{id}.outputs.verdict")];
        let is_asked = |name: &str| {
            let asked = format!("needs.{}.outputs.{name}", job.id);
            let jobs = examination.workflow(gate.workflow).jobs.iter();
            jobs.filter_map(|job| job.condition.as_ref()).any(|condition| condition.text.contains(&asked))
        };
        job.outputs
            .iter()
            .any(|(name, text)| marks.iter().any(|mark| text.value.contains(mark)) && is_asked(name))
    }
}

/// Returns `true` if a step behind a position reads the outcome of a step and can fail by it.
pub fn asks_outcome(flat: &[FlatStep<'_>], top: usize, id: &str) -> bool {
    let marks = [format!("steps.{id}.outcome"), format!("steps.{id}.outputs.verdict")];
    let reads = |text: &str| marks.iter().any(|mark| text.contains(mark));
    flat.iter().filter(|later| later.top > top && later.layers.len() == 1).any(|later| {
        let step = later.step();
        let texts = [&step.run].into_iter().flatten().chain(step.env.iter().map(|(_, text)| text));
        let is_reader = texts.into_iter().any(|text| reads(&text.value))
            || step.condition.as_ref().is_some_and(|condition| reads(&condition.text))
            || step.with.iter().any(|(_, text)| reads(&text.value));
        let run = step.run.as_ref().map_or("", |run| run.value.as_str());
        let script = step.input("script").unwrap_or("");
        let can_fail = ["exit", "false", "[", "test "].iter().any(|word| run.contains(word))
            || script.contains("setFailed");
        is_reader && can_fail && step.continue_on_error.is_none()
    })
}

fn swallowed(examination: &Examination<'_>, gate: &Gate) -> Option<Draft> {
    let GateKind::Command(at) = gate.kind else { return None };
    let (workflow, job) = (examination.workflow(gate.workflow), examination.job((gate.workflow, gate.job)));
    let flat = examination.flat_steps((gate.workflow, gate.job));
    let own = flat.get(gate.position)?;
    let step = own.step();
    let run = step.run.as_ref()?;
    let commands = shell_commands(&run.value);
    let command = commands.get(at)?;
    // In an assignment of its own, the exit code is that of `$( )`.
    let is_inner =
        is_substitution(command) && !(command.words.len() == 1 && command.words[0].contains("=$("));
    let shell = shell_of(own, job, workflow);
    let loss = if is_inner {
        Some(ExitLoss::Substitution)
    } else {
        loses_exit_code(&commands, at, shell.as_deref(), is_windows(job))
    };
    let loss = loss?;
    if let Some(id) = own.layers.first().and_then(|step| step.id.as_deref())
        && asks_outcome(&flat, own.top, id)
    {
        return None;
    }
    let problem = match loss {
        ExitLoss::OrTrue => "`||` behind the gate replaces its exit code",
        ExitLoss::NextCommand => "the script goes on after the gate, and its last command decides",
        ExitLoss::Pipe => "a pipe has the exit code of its last command, here not of the gate",
        ExitLoss::SetPlusE => "after `set +e` the script goes on, and nothing brings the exit code back",
        ExitLoss::Condition => "a condition uses the exit code up, and no branch fails",
        ExitLoss::Background => "the script does not wait for the gate",
        ExitLoss::Substitution => "the exit code within `$( )` is lost",
    };
    let draft =
        examination.about_gate(("gate-exit-swallowed", FindingLevel::Error), gate, problem.to_owned());
    Some(Draft { line: run.line, ..draft }.with("how", loss.name()))
}

/// Returns the shell of a step: its own, that of the job, or that of the workflow.
pub fn shell_of(flat: &FlatStep<'_>, job: &Job, workflow: &Workflow) -> Option<String> {
    let own = flat.step().shell.clone();
    // Defaults do not apply within actions.
    let defaults = || job.shell.clone().or_else(|| workflow.shell.clone()).filter(|_| flat.layers.len() == 1);
    own.or_else(defaults)
}

/// Returns `true` if a job runs on Windows only.
pub fn is_windows(job: &Job) -> bool {
    !job.runs_on.is_empty()
        && job.runs_on.iter().any(|label| label.to_ascii_lowercase().starts_with("windows"))
}

/// Returns `true` for a gate that never blocks.
pub fn is_report_only(examination: &Examination<'_>, gate: &Gate) -> bool {
    how_report_only(examination, gate).is_some()
        || examination.policy(gate).is_some_and(|policy| policy.observe.is_some())
}

fn how_report_only(examination: &Examination<'_>, gate: &Gate) -> Option<&'static str> {
    if gate.settings.is_dry_run {
        return Some("dry-run");
    }
    let fail_on = gate.settings.fail_on.as_deref()?;
    let is_never = |start: &Start| {
        known_text(fail_on, &examination.scene((gate.workflow, gate.job), start)).as_deref() == Some("never")
    };
    let starts = examination.gate_starts(gate);
    (fail_on == "never" || starts.iter().any(is_never)).then_some("fail-on")
}

fn report_only(examination: &Examination<'_>, gate: &Gate) -> Option<Draft> {
    let how = how_report_only(examination, gate)?;
    let is_other = |other: &&Gate| {
        (other.workflow, other.job, other.position) != (gate.workflow, gate.job, gate.position)
    };
    let has_real = || {
        let mut others = examination.own_gates().filter(is_other);
        others.any(|other| !is_report_only(examination, other))
    };
    // A trial gate next to a real one weakens nothing.
    if gate.settings.id.is_some() && !gate.settings.has_status && has_real() {
        return None;
    }
    let setting = if how == "dry-run" { "`dry-run`" } else { "`fail-on: never`" };
    let problem = format!("{setting}: the gate blocks nothing");
    Some(examination.about_gate(("gate-report-only", FindingLevel::Error), gate, problem).with("how", how))
}

fn unknown_passes(examination: &Examination<'_>, gate: &Gate) -> Option<Draft> {
    let fail_on = gate.settings.fail_on.as_deref()?;
    let is_fail = |start: &Start| {
        known_text(fail_on, &examination.scene((gate.workflow, gate.job), start)).as_deref() == Some("fail")
    };
    if how_report_only(examination, gate).is_some() || !examination.gate_starts(gate).iter().any(is_fail) {
        return None;
    }
    let problem = "`fail-on: fail`: the release passes although evidence could not be read".to_owned();
    Some(
        examination
            .about_gate(("unknown-passes", FindingLevel::Warning), gate, problem)
            .with("how", "fail-on"),
    )
}
