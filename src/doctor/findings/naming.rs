//! Names that two reports share: finding 17.

use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::check_name::{is_unknown_name, shown_name};
use super::super::examination::{Examination, JobPlace, Start};
use super::super::gate::Gate;
use super::super::scenario::EventKind;

/// Returns the findings.
pub fn find(examination: &Examination<'_>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    for gate in &examination.input.gates {
        let place = (gate.workflow, gate.job);
        if out.iter().any(|own| own.file == gate.file && own.job.as_ref() == Some(&examination.job(place).id))
        {
            continue;
        }
        out.extend(shared_check(examination, place));
    }
    out.extend(shared_status(examination));
    out
}

/// Returns the names that a job reports on the commits of pull requests, each with its start.
fn reported(examination: &Examination<'_>, place: JobPlace) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for start in examination.starts(place.0) {
        if reports_on_pull_requests(examination, place, start) {
            names.extend(examination.called_names(place, &start.callers));
        }
    }
    names.sort();
    names.dedup();
    names
}

fn reports_on_pull_requests(examination: &Examination<'_>, place: JobPlace, start: &Start) -> bool {
    // A push to any branch reports on the same commit as its pull request.
    let pushes = || {
        let outer = start.callers.first().map_or(place.0, |caller| caller.0);
        let trigger = examination.workflow(outer).triggers.iter().find(|trigger| trigger.event == "push");
        start.scenario.event == EventKind::PushBranch
            && trigger.is_some_and(|trigger| {
                trigger.filter("branches").is_none() && trigger.filter("tags").is_none()
            })
    };
    (start.scenario.is_check() || pushes()) && examination.runs(place, start) != Some(false)
}

fn shared_check(examination: &Examination<'_>, gate: JobPlace) -> Option<Draft> {
    let is_checked = examination
        .starts(gate.0)
        .iter()
        .any(|start| start.scenario.is_check() && examination.runs(gate, start) != Some(false));
    let names = reported(examination, gate);
    if !is_checked || names.is_empty() {
        return None;
    }
    let mut others: Vec<String> = Vec::new();
    let mut shared = None;
    for (at, workflow) in examination.input.repository.workflows.iter().enumerate() {
        for (job_at, job) in workflow.jobs.iter().enumerate() {
            // A job that calls a workflow reports the names of its jobs.
            if (at, job_at) == gate || job.uses.is_some() {
                continue;
            }
            let same = reported(examination, (at, job_at))
                .into_iter()
                .find(|name| names.contains(name) && !is_unknown_name(name));
            if let Some(name) = same {
                shared.get_or_insert(name);
                others.push(format!("{}#{}", workflow.path, job.id));
            }
        }
    }
    let name = shown_name(&shared?);
    let problem = format!("the check `{name}` of the gate has the same name as {}", others.join(" and "));
    let job = examination.job(gate);
    let kind = ("check-name-shared", FindingLevel::Warning);
    Some(examination.about_job(kind, gate, job.line, None, problem).with("name", name).with("others", others))
}

/// Two gates that set one commit status on the same commits.
fn shared_status(examination: &Examination<'_>) -> Option<Draft> {
    let sets: Vec<&Gate> = examination.own_gates().filter(|gate| gate.settings.has_status).collect();
    let on_changes = |gate: &Gate| {
        examination
            .starts(gate.workflow)
            .iter()
            .any(|start| start.scenario.is_check() || start.scenario.event == EventKind::WorkflowRun)
    };
    let is_known = |gate: &Gate| {
        gate.settings.policy_path().is_some()
            && gate.settings.id.as_deref().is_none_or(|id| !id.contains("${{"))
    };
    let mut pairs = sets
        .iter()
        .enumerate()
        .flat_map(|(at, gate)| sets[at + 1..].iter().map(move |other| (*gate, *other)));
    let (gate, other) = pairs.find(|(gate, other)| {
        let is_other_place =
            (gate.workflow, gate.job) != (other.workflow, other.job) || gate.position != other.position;
        is_other_place
            && is_known(gate)
            && is_known(other)
            && on_changes(gate)
            && on_changes(other)
            && gate.settings.status_name() == other.settings.status_name()
    })?;
    let name = gate.settings.status_name();
    let place = format!("{}#{}", other.file, examination.job((other.workflow, other.job)).id);
    let problem = format!("two gates set the commit status `{name}`: here and {place}");
    let draft = examination.about_gate(("check-name-shared", FindingLevel::Warning), gate, problem);
    Some(draft.with("name", name).with("others", vec![place]))
}
