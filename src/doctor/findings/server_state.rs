//! The state of workflows and environments on the server: findings 14 and 23.

use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::examination::{Examination, Start};
use super::super::publish_path::Publisher;

/// Returns the findings.
pub fn find(examination: &Examination<'_>) -> Vec<Draft> {
    let Some(server) = &examination.input.server else { return Vec::new() };
    let mut out: Vec<Draft> = Vec::new();
    for (path, state) in server.workflows.iter().flatten() {
        let gate =
            examination.input.gates.iter().find(|gate| examination.workflow(gate.workflow).path == *path);
        if let Some(gate) = gate.filter(|_| state.starts_with("disabled")) {
            let place = (gate.workflow, gate.job);
            let problem = format!("the workflow of the gate is disabled (`{state}`)");
            let starts = examination.starts(gate.workflow);
            let name = examination.workflow(gate.workflow).file_name().to_owned();
            let kind = ("gate-disabled", FindingLevel::Error);
            let draft = examination.about_job(kind, place, gate.line, starts.first(), problem);
            out.push(draft.with("state", state.clone()).with("fix-name", name));
        }
    }
    let Some(environments) = &server.environments else { return out };
    for (publisher, start) in publishers(examination) {
        let Some(environment) = &examination.job(publisher.place).environment else { continue };
        let name = &environment.value;
        let known = environments.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        let is_closed = known.is_some_and(|(_, has_rules)| *has_rules);
        if is_closed || name.contains("${{") || name == "github-pages" {
            continue;
        }
        let state = if known.is_some() { "has no rules" } else { "does not exist" };
        let problem =
            format!("the environment `{name}` {state}: everybody who can start the workflow publishes");
        let kind = ("environment-open", FindingLevel::Warning);
        let draft = examination.about_job(kind, publisher.place, environment.line, Some(&start), problem);
        out.push(draft.with("environment", name.clone()).with("fix-name", name.clone()));
    }
    out
}

/// Returns one publishing step of each job.
fn publishers(examination: &Examination<'_>) -> Vec<(Publisher, Start)> {
    let mut out: Vec<(Publisher, Start)> = Vec::new();
    for workflow in 0..examination.input.repository.workflows.len() {
        for start in examination.starts(workflow) {
            for publisher in examination.publishers(workflow, start) {
                if !out.iter().any(|(own, _)| own.place == publisher.place) {
                    out.push((publisher, start.clone()));
                }
            }
        }
    }
    out
}
