//! The checks, one file per group of findings.

mod aggregate;
mod conditional;
mod exit;
mod naming;
mod owners;
mod permissions;
mod policy;
mod publish;
mod required;
mod server_state;
mod tests_hidden;
mod trigger;

use crate::report::FindingLevel;

use super::catalog::Draft;
use super::examination::{Examination, JobPlace, Start};
use super::gate::Gate;

/// Returns every finding, in no order.
pub fn find_all(examination: &Examination<'_>) -> Vec<Draft> {
    let mut out = publish::find(examination);
    out.extend(exit::find(examination));
    out.extend(conditional::find(examination));
    out.extend(policy::find(examination));
    out.extend(tests_hidden::find(examination));
    out.extend(trigger::find(examination));
    out.extend(naming::find(examination));
    out.extend(permissions::find(examination));
    out.extend(owners::find(examination));
    out.extend(required::find(examination));
    out.extend(aggregate::find(examination, &out));
    out.extend(server_state::find(examination));
    out
}

impl Examination<'_> {
    /// Returns a finding about a job.
    fn about_job(
        &self,
        (id, level): (&'static str, FindingLevel),
        place: JobPlace,
        line: usize,
        start: Option<&Start>,
        problem: String,
    ) -> Draft {
        let (workflow, job) = (self.workflow(place.0), self.job(place));
        Draft {
            id,
            level,
            file: workflow.path.clone(),
            line,
            job: Some(job.id.clone()),
            way: self.way(place, start),
            problem,
            details: Default::default(),
        }
    }

    /// Returns a finding about the step of a gate.
    fn about_gate(&self, kind: (&'static str, FindingLevel), gate: &Gate, problem: String) -> Draft {
        let place = (gate.workflow, gate.job);
        let start = self.starts(gate.workflow).first();
        let draft = self.about_job(kind, place, gate.line, start, problem);
        Draft { file: gate.file.clone(), ..draft }
    }

    /// Returns the steps from the event to a job: `tag push → release.yml → job package`.
    fn way(&self, place: JobPlace, start: Option<&Start>) -> String {
        let mut parts: Vec<String> = Vec::new();
        if let Some(start) = start {
            parts.push(start.scenario.words());
            for caller in start.callers.iter().take_while(|caller| **caller != place) {
                parts.push(self.workflow(caller.0).file_name().to_owned());
                parts.push(format!("job {}", self.job(*caller).id));
            }
        }
        parts.push(self.workflow(place.0).file_name().to_owned());
        parts.push(format!("job {}", self.job(place).id));
        parts.join(" → ")
    }

    /// Returns the starts that matter for a gate: those that publish behind it, else all.
    fn gate_starts(&self, gate: &Gate) -> Vec<Start> {
        let place = (gate.workflow, gate.job);
        let all: Vec<Start> = self
            .starts(gate.workflow)
            .iter()
            .filter(|start| self.runs(place, start) != Some(false))
            .cloned()
            .collect();
        let publishing: Vec<Start> = all
            .iter()
            .filter(|start| !self.publishers(gate.workflow, start).is_empty() || gate.settings.publishes)
            .cloned()
            .collect();
        if publishing.is_empty() { all } else { publishing }
    }
}
