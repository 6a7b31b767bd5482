//! The steps that publish, in each way in which a workflow starts.

use super::examination::{Examination, JobPlace, Start};
use super::expression::{Scene, StatusFunctions};
use super::publishing::{Certainty, Publication, publication};
use super::workflow::{Step, runs};

/// A step that publishes.
#[derive(Debug, Clone)]
pub struct Publisher {
    /// The job.
    pub place: JobPlace,
    /// Position among the flat steps of the job.
    pub position: usize,
    /// What it publishes.
    pub publication: Publication,
    /// File of the step.
    pub file: String,
    /// Line of the step.
    pub line: usize,
}

impl Examination<'_> {
    /// Returns the steps of a workflow that publish in one start; those of one job in their order.
    pub fn publishers(&self, workflow: usize, start: &Start) -> Vec<Publisher> {
        if !start.scenario.can_release() {
            return Vec::new();
        }
        let jobs = (0..self.workflow(workflow).jobs.len()).map(|job| (workflow, job));
        jobs.filter(|place| self.may_run(*place, start))
            .flat_map(|place| self.publishers_in(place, start))
            .collect()
    }

    /// Returns `true` if a job may run: after success, or because a needed job failed.
    fn may_run(&self, place: JobPlace, start: &Start) -> bool {
        let failed = StatusFunctions { success: Some(false), failure: Some(true), cancelled: Some(false) };
        let scene = Scene { status: failed, ..self.scene(place, start) };
        let job = self.job(place);
        self.runs(place, start) != Some(false)
            || (!job.needs.is_empty() && runs(job.condition.as_ref(), &scene) != Some(false))
    }

    fn publishers_in(&self, place: JobPlace, start: &Start) -> Vec<Publisher> {
        let flat = self.flat_steps(place);
        let scene = self.scene(place, start);
        let mut out = Vec::new();
        for (position, step) in flat.iter().enumerate() {
            if self.gates_in(place).any(|gate| gate.position == position) && step.step().run.is_none() {
                continue;
            }
            let is_skipped = step.layers.iter().any(|layer| {
                let scene = Scene { inputs: scene.inputs.filter(|_| step.layers.len() == 1), ..scene };
                runs(layer.condition.as_ref(), &scene) == Some(false)
            });
            let found = publication(step.step(), &scene).filter(|found| {
                !is_skipped && !self.is_behind_command(place, position, step.step(), &found.by)
            });
            if let Some(publication) = found {
                let (file, line) = (step.file().to_owned(), step.step().line);
                out.push(Publisher { place, position, publication, file, line });
            }
        }
        let (workflow, job) = (self.workflow(place.0), self.job(place));
        let end = flat.len().saturating_sub(1);
        let by_job = |publication| Publisher {
            place,
            position: end,
            publication,
            file: workflow.path.clone(),
            line: job.line,
        };
        let is_named = self.input.publishes.iter().any(|named| {
            (named.file == workflow.path || named.file == workflow.file_name())
                && named.job.eq_ignore_ascii_case(&job.id)
        });
        if is_named {
            return vec![by_job(Publication::certain("--publishes"))];
        }
        let environment = job.environment.as_ref().map(|text| text.value.to_ascii_lowercase());
        let is_production =
            environment.is_some_and(|name| matches!(name.as_str(), "production" | "prod" | "live"));
        if out.is_empty() && is_production && job.uses.is_none() {
            out.push(by_job(Publication::by_name("environment production")));
        }
        out
    }

    /// Returns `true` if one script runs the gate first and then publishes.
    fn is_behind_command(&self, place: JobPlace, position: usize, step: &Step, by: &str) -> bool {
        let run = step.run.as_ref().map_or("", |run| run.value.as_str());
        let word = by.rsplit(' ').next().unwrap_or(by);
        let published = run.rfind(word).unwrap_or(usize::MAX);
        let is_gate = self.gates_in(place).any(|gate| gate.position == position);
        is_gate && run.find("escape-gate").is_some_and(|judged| judged < published)
    }

    /// Returns all steps that certainly publish, each once.
    pub fn certain_publishers(&self) -> Vec<Publisher> {
        let mut out: Vec<Publisher> = Vec::new();
        for workflow in 0..self.input.repository.workflows.len() {
            for start in self.starts(workflow) {
                for publisher in self.publishers(workflow, start) {
                    let is_certain = publisher.publication.certainty == Certainty::Certain;
                    let is_new = !out
                        .iter()
                        .any(|own| own.place == publisher.place && own.position == publisher.position);
                    if is_certain && is_new {
                        out.push(publisher);
                    }
                }
            }
        }
        out
    }
}
