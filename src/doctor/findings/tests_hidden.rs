//! Failed tests that nothing asks for: finding 13.

use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::examination::{Examination, JobPlace, PolicyFacts};
use super::super::gate::Gate;
use super::super::publishing::known_truth;
use super::super::repository::FlatStep;
use super::super::test_step::{lost_tests, runs_tests};
use super::exit::{asks_outcome, is_windows, shell_of};

/// Returns the findings.
pub fn find(examination: &Examination<'_>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    for gate in examination.own_gates() {
        let Some(policy) = examination.policy(gate) else { continue };
        if asks_for_tests(gate, policy) {
            continue;
        }
        let own = (gate.workflow, gate.job);
        let ancestors = examination.ancestors(own).into_iter().map(|place| (place, usize::MAX));
        for (place, until) in [(own, gate.position)].into_iter().chain(ancestors) {
            let found = hidden_in(examination, place, until, gate);
            let is_new =
                |draft: &Draft| !out.iter().any(|known| known.file == draft.file && known.job == draft.job);
            let found = found.filter(is_new);
            out.extend(found);
        }
    }
    out
}

/// Returns `true` if a rule of the policy needs test results, and the gate knows where they are.
fn asks_for_tests(gate: &Gate, policy: &PolicyFacts) -> bool {
    let has_reports =
        gate.settings.reports.is_some() || !policy.reports.is_empty() || gate.settings.snapshot.is_some();
    policy.has_tests_rule && has_reports
}

fn hidden_in(examination: &Examination<'_>, place: JobPlace, until: usize, gate: &Gate) -> Option<Draft> {
    let flat = examination.flat_steps(place);
    let (at, how) = flat.iter().enumerate().take(until).find_map(|(at, step)| {
        let how = hidden(examination, place, step)?;
        let id = step.layers.first().and_then(|step| step.id.as_deref());
        let is_asked = id.is_some_and(|id| {
            let told = gate.settings.tests_outcome.as_deref().unwrap_or("");
            let is_told = how == "continue-on-error" && told.contains(&format!("steps.{id}.outcome"));
            is_told || asks_outcome(&flat, step.top, id)
        });
        (!is_asked).then_some((at, how))
    })?;
    let step = flat[at].step();
    let line = step.run.as_ref().map_or(step.line, |run| run.line);
    let starts = examination.starts(place.0);
    let problem = format!("failed tests are hidden by `{how}`, and no rule of the policy asks for them");
    let kind = ("tests-failure-hidden", FindingLevel::Error);
    let draft = examination.about_job(kind, place, line, starts.first(), problem);
    Some(Draft { file: flat[at].file().to_owned(), ..draft }.with("how", how))
}

/// Returns how the failure of a step's tests is hidden.
fn hidden(examination: &Examination<'_>, place: JobPlace, flat: &FlatStep<'_>) -> Option<&'static str> {
    let step = flat.step();
    if !runs_tests(step) {
        return None;
    }
    let starts = examination.starts(place.0);
    let is_soft = step.continue_on_error.as_ref().is_some_and(|text| {
        starts.iter().any(|start| {
            known_truth(Some(&text.value), false, &examination.scene(place, start)) == Some(true)
        })
    });
    if is_soft {
        return Some("continue-on-error");
    }
    let (workflow, job) = (examination.workflow(place.0), examination.job(place));
    let shell = shell_of(flat, job, workflow);
    let run = step.run.as_ref()?;
    lost_tests(&run.value, shell.as_deref(), is_windows(job)).map(|loss| loss.name())
}
