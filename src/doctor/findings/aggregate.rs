//! Jobs that sum up others and let a result through: finding 10.

use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::coverage::BAD_RESULTS;
use super::super::examination::{Examination, JobPlace, Start};
use super::super::expression::{Scene, StatusFunctions};
use super::super::result_check::fails_on;
use super::super::workflow::{Condition, runs};
use super::required::{check_names, is_required};

/// Returns the finding about a job that sums up others.
pub fn finding(
    examination: &Examination<'_>,
    place: JobPlace,
    accepted: &[&'static str],
    gate: &str,
    start: Option<&Start>,
) -> Draft {
    let job = examination.job(place);
    let line = job.condition.as_ref().map_or(job.line, |condition| condition.line);
    let problem =
        format!("job `{}` passes although job `{gate}` has the result {}", job.id, accepted.join(" or "));
    examination
        .about_job(("aggregate-lets-through", FindingLevel::Error), place, line, start, problem)
        .with("missed", accepted.to_vec())
        .with("gate", gate.to_owned())
}

/// Returns the findings about required jobs. Those that publishing needs are in `known`.
pub fn find(examination: &Examination<'_>, known: &[Draft]) -> Vec<Draft> {
    let Some(server) = &examination.input.server else { return Vec::new() };
    let mut out: Vec<Draft> = Vec::new();
    for (workflow, job) in all_jobs(examination) {
        let place = (workflow, job);
        if examination.is_gate_job(place) || !is_required(server, &check_names(examination, place)) {
            continue;
        }
        let gates = examination.job(place).needs.iter().filter_map(|id| examination.need(place, id));
        let Some(gate) = gates.into_iter().find(|need| examination.is_gate_job(*need)) else { continue };
        let path = &examination.workflow(workflow).path;
        let is_known = |draft: &Draft| {
            draft.id == "aggregate-lets-through"
                && draft.file == *path
                && draft.job.as_ref() == Some(&examination.job(place).id)
        };
        if known.iter().any(is_known) {
            continue;
        }
        let condition = examination.job(place).condition.as_ref();
        if !condition.is_some_and(Condition::has_status_function) {
            continue;
        }
        let starts = examination.starts(workflow);
        let Some(start) = starts.iter().find(|start| start.scenario.is_check()) else { continue };
        let missed = missed(examination, place, gate, start);
        if !missed.is_empty() {
            out.push(finding(examination, place, &missed, &examination.job(gate).id, Some(start)));
        }
    }
    out
}

fn all_jobs(examination: &Examination<'_>) -> Vec<JobPlace> {
    let workflows = examination.input.repository.workflows.iter().enumerate();
    workflows.flat_map(|(at, workflow)| (0..workflow.jobs.len()).map(move |job| (at, job))).collect()
}

/// Returns the results of the gate with which a required job is green: it passes, or it is skipped.
fn missed(
    examination: &Examination<'_>,
    place: JobPlace,
    gate: JobPlace,
    start: &Start,
) -> Vec<&'static str> {
    let id = examination.job(gate).id.to_ascii_lowercase();
    let is_green = |result: &'static str| {
        let needs = [(id.clone(), result)];
        let status = StatusFunctions {
            success: Some(false),
            failure: Some(result == "failure"),
            cancelled: Some(result == "cancelled"),
        };
        let scene = Scene { needs: &needs, status, ..examination.scene(place, start) };
        // A skipped job reports success.
        runs(examination.job(place).condition.as_ref(), &scene) == Some(false)
            || !fails_on(examination, place, &needs, None, start)
    };
    let mut missed: Vec<&'static str> = BAD_RESULTS.into_iter().filter(|result| is_green(result)).collect();
    // A gate that is never skipped, or only together with a job that is looked at, cannot be missed in that way alone.
    if missed == ["skipped"] && !examination.accepted(place, gate, None, start).contains(&"skipped") {
        missed.clear();
    }
    missed
}
