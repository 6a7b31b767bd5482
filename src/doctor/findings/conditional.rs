//! Gates that can be skipped or are not reached: findings 5, 6 and 25.

use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::examination::{Examination, JobPlace, Start};
use super::super::expression::{Scene, StatusFunctions};
use super::super::gate::{Gate, GateKind};
use super::super::shell::shell_commands;
use super::super::test_step::{is_test_command, lost_tests};
use super::super::workflow::{Condition, runs};
use super::exit::{is_windows, shell_of};
use super::required::{check_names, is_required};

/// Returns the findings.
pub fn find(examination: &Examination<'_>) -> Vec<Draft> {
    let mut out = Vec::new();
    for gate in &examination.input.gates {
        out.extend(step_conditional(examination, gate));
        let skippable = job_skippable(examination, gate);
        if skippable.is_none() && gate.kind != GateKind::Named {
            out.extend(not_reached(examination, gate));
        }
        out.extend(skippable);
    }
    out.extend(required_followers(examination));
    out
}

fn step_conditional(examination: &Examination<'_>, gate: &Gate) -> Option<Draft> {
    let place = (gate.workflow, gate.job);
    let flat = examination.flat_steps(place);
    let layers = flat.get(gate.position)?.layers.clone();
    let starts = examination.gate_starts(gate);
    for (depth, layer) in layers.iter().enumerate() {
        let Some(condition) = &layer.condition else { continue };
        let truth = |start: &Start| {
            // Inputs of an action are not those of the workflow.
            let scene = examination.scene(place, start);
            condition.truth(&Scene { inputs: scene.inputs.filter(|_| depth == 0), ..scene })
        };
        let truths: Vec<Option<bool>> = starts.iter().map(truth).collect();
        let publishes = starts.iter().any(|start| !examination.publishers(gate.workflow, start).is_empty());
        // A condition on the event alone says which runs have a gate; one of them needs to be left.
        let is_by_event = !publishes && truths.contains(&Some(true)) && !truths.contains(&None);
        if truths.iter().all(|truth| *truth == Some(true)) || is_by_event || truths.is_empty() {
            continue;
        }
        let paths = condition.expression.as_ref().map(|expression| expression.paths()).unwrap_or_default();
        let switch = paths.into_iter().next().unwrap_or_else(|| condition.text.clone());
        let problem = format!("`if: {}` skips the gate, and the job is green", condition.text);
        let draft = examination.about_gate(("gate-step-conditional", FindingLevel::Error), gate, problem);
        return Some(Draft { line: condition.line, ..draft }.with("switch", switch));
    }
    None
}

/// Returns how a job that reports a check can be skipped: by `if` or `needs`.
fn skip_cause(
    examination: &Examination<'_>,
    place: JobPlace,
    start: &Start,
) -> Option<(&'static str, usize)> {
    let job = examination.job(place);
    if job.matrix.is_some() {
        return None;
    }
    let condition = job.condition.as_ref();
    if let Some(condition) = condition
        && examination.runs(place, start) != Some(true)
    {
        return Some(("if", condition.line));
    }
    job.needs.iter().find_map(|id| {
        let needs: Vec<(String, &'static str)> = job
            .needs
            .iter()
            .map(|other| (other.to_ascii_lowercase(), if other == id { "failure" } else { "success" }))
            .collect();
        let status = StatusFunctions { success: Some(false), failure: Some(true), cancelled: Some(false) };
        let scene = Scene { needs: &needs, status, ..examination.scene(place, start) };
        let is_skipped = runs(condition, &scene) != Some(true);
        let cause = if condition.is_some_and(Condition::has_status_function) { "if" } else { "needs" };
        is_skipped.then(|| (cause, condition.map_or(job.line, |condition| condition.line)))
    })
}

fn job_skippable(examination: &Examination<'_>, gate: &Gate) -> Option<Draft> {
    let place = (gate.workflow, gate.job);
    let starts = examination.starts(gate.workflow);
    let mut checks = starts
        .iter()
        .filter(|start| start.scenario.is_check() && examination.runs(place, start) != Some(false));
    let (start, (because, line)) =
        checks.find_map(|start| Some((start, skip_cause(examination, place, start)?)))?;
    let names = check_names(examination, place);
    let required = examination.input.server.as_ref().is_some_and(|server| is_required(server, &names));
    // A skipped job sets no commit status, so that a required one stays open.
    let status = [gate.settings.status_name()];
    let waits = examination.input.server.as_ref().is_some_and(|server| is_required(server, &status));
    if !required && gate.settings.has_status && waits {
        return None;
    }
    // Another job that fails if the gate is skipped may be the required one.
    if !required && has_guard(examination, place, start) {
        return None;
    }
    let level = if required { FindingLevel::Error } else { FindingLevel::Warning };
    Some(skippable(examination, place, start, (because, line), level))
}

fn skippable(
    examination: &Examination<'_>,
    place: JobPlace,
    start: &Start,
    (because, line): (&'static str, usize),
    level: FindingLevel,
) -> Draft {
    let job = examination.job(place);
    let reason = match because {
        "needs" => format!("if {} fails", job.needs.join(" or ")),
        _ => "by its `if:`".to_owned(),
    };
    let problem = format!("job `{}` is skipped {reason}, and a skipped check counts as success", job.id);
    examination
        .about_job(("gate-job-skippable", level), place, line, Some(start), problem)
        .with("because", because)
}

/// Returns `true` if a job of the workflow needs the gate and fails unless it succeeds.
fn has_guard(examination: &Examination<'_>, gate: JobPlace, start: &Start) -> bool {
    let workflow = examination.workflow(gate.0);
    (0..workflow.jobs.len()).map(|job| (gate.0, job)).any(|place| {
        let job = examination.job(place);
        let needs_gate =
            job.needs.iter().filter_map(|id| examination.need(place, id)).any(|need| need == gate);
        needs_gate
            && job.condition.as_ref().is_some_and(Condition::has_status_function)
            && examination.accepted(place, gate, None, start).is_empty()
            && skip_cause(examination, place, start).is_none()
    })
}

/// A required job that needs the gate, and is skipped together with it.
fn required_followers(examination: &Examination<'_>) -> Vec<Draft> {
    let Some(server) = &examination.input.server else { return Vec::new() };
    let mut out = Vec::new();
    for (at, workflow) in examination.input.repository.workflows.iter().enumerate() {
        let starts = examination.starts(at);
        let Some(start) = starts.iter().find(|start| start.scenario.is_check()) else { continue };
        for place in (0..workflow.jobs.len()).map(|job| (at, job)) {
            let job = examination.job(place);
            let mut needed = job.needs.iter().filter_map(|id| examination.need(place, id));
            let is_follower = !examination.is_gate_job(place)
                && needed.any(|need| examination.is_gate_job(need))
                && !job.condition.as_ref().is_some_and(Condition::has_status_function)
                && is_required(server, &check_names(examination, place));
            if let Some(cause) = skip_cause(examination, place, start).filter(|_| is_follower) {
                out.push(skippable(examination, place, start, cause, FindingLevel::Error));
            }
        }
    }
    out
}

fn not_reached(examination: &Examination<'_>, gate: &Gate) -> Option<Draft> {
    let place = (gate.workflow, gate.job);
    if !gate.settings.wants_comment() {
        return None;
    }
    let (workflow, job) = (examination.workflow(gate.workflow), examination.job(place));
    let flat = examination.flat_steps(place);
    let own = flat.get(gate.position)?;
    // The gate runs after a failed step if its condition says so.
    let starts = examination.gate_starts(gate);
    let start = starts.first()?;
    let status = StatusFunctions { success: Some(false), failure: Some(true), cancelled: Some(false) };
    let scene = Scene { status, ..examination.scene(place, start) };
    if own.layers.iter().all(|layer| runs(layer.condition.as_ref(), &scene) != Some(false)) {
        return None;
    }
    let is_hard = |flat: &&super::super::repository::FlatStep<'_>| {
        let step = flat.step();
        let is_soft = step.continue_on_error.as_ref().is_some_and(|text| text.value != "false");
        let shell = shell_of(flat, job, workflow);
        let Some(run) = &step.run else { return false };
        let runs_tests = shell_commands(&run.value).iter().any(is_test_command);
        runs_tests && !is_soft && lost_tests(&run.value, shell.as_deref(), is_windows(job)).is_none()
    };
    let tests = flat.iter().take(gate.position).find(is_hard)?;
    let problem = format!(
        "if the tests in line {} fail, the gate does not run, and there is no verdict and no comment",
        tests.step().line
    );
    Some(examination.about_gate(("gate-not-reached", FindingLevel::Note), gate, problem))
}
