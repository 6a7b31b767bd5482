//! The files of a repository that matter for the gate.

use std::collections::BTreeMap;

use super::workflow::{Job, LocalAction, Step, Workflow, local_path};

/// Deepest nesting of actions and of called workflows. GitHub allows ten.
const MAX_DEPTH: usize = 10;

/// Most steps of one job, with those of actions.
// Actions that use each other multiply.
const MAX_STEPS: usize = 2_000;

/// Workflows and composite actions.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    /// Workflows, by path.
    pub workflows: Vec<Workflow>,
    /// Composite actions, by folder.
    pub actions: BTreeMap<String, LocalAction>,
}

/// A step of a job, or a step within the composite action that a step uses.
#[derive(Debug, Clone)]
pub struct FlatStep<'r> {
    /// Step of the job, then the steps within actions. Never empty.
    pub layers: Vec<&'r Step>,
    /// Files of the layers.
    pub files: Vec<&'r str>,
    /// Actions of the layers behind the first.
    pub actions: Vec<&'r LocalAction>,
    /// Position of the step in the job.
    pub top: usize,
}

impl<'r> FlatStep<'r> {
    /// Returns the innermost step.
    pub fn step(&self) -> &'r Step {
        self.layers[self.layers.len() - 1]
    }

    /// Returns the file of the innermost step.
    pub fn file(&self) -> &'r str {
        self.files[self.files.len() - 1]
    }

    /// Returns a text in which the inputs of composite actions are replaced by their values.
    pub fn resolved(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for depth in (1..self.layers.len()).rev() {
            let (outer, action) = (self.layers[depth - 1], self.actions[depth - 1]);
            for (name, default) in &action.inputs {
                let value = outer.input(name).unwrap_or(&default.value);
                text = text.replace(&format!("${{{{ inputs.{name} }}}}"), value);
                text = text.replace(&format!("${{{{inputs.{name}}}}}"), value);
            }
        }
        text
    }
}

impl Repository {
    /// Returns the workflow at a path.
    pub fn workflow_index(&self, path: &str) -> Option<usize> {
        self.workflows.iter().position(|workflow| workflow.path == path)
    }

    /// Returns the workflow of the repository that a job calls.
    pub fn called(&self, job: &Job) -> Option<usize> {
        let path = local_path(&job.uses.as_ref()?.value)?;
        self.workflow_index(&path)
    }

    /// Returns the steps of a job, with those of composite actions behind the step that uses them.
    pub fn flat_steps<'r>(&'r self, workflow: &'r Workflow, job: &'r Job) -> Vec<FlatStep<'r>> {
        let mut out = Vec::new();
        for (top, step) in job.steps.iter().enumerate() {
            let flat = FlatStep { layers: vec![step], files: vec![&workflow.path], actions: Vec::new(), top };
            self.add_flat(flat, &mut out);
        }
        out
    }

    fn add_flat<'r>(&'r self, flat: FlatStep<'r>, out: &mut Vec<FlatStep<'r>>) {
        let action = flat.step().uses.as_ref().and_then(|uses| self.action(&uses.value));
        let depth = flat.layers.len();
        if out.len() >= MAX_STEPS {
            return;
        }
        out.push(flat.clone());
        let Some(action) = action.filter(|_| depth < MAX_DEPTH) else { return };
        for step in &action.steps {
            let mut inner = flat.clone();
            inner.layers.push(step);
            inner.files.push(&action.path);
            inner.actions.push(action);
            self.add_flat(inner, out);
        }
    }

    /// Returns the composite action that `uses:` names.
    pub fn action(&self, uses: &str) -> Option<&LocalAction> {
        self.actions.get(&local_path(uses)?)
    }

    /// Returns the folders of local actions that are used and were not read yet.
    pub fn wanted_actions(&self) -> Vec<String> {
        let of_workflows =
            self.workflows.iter().flat_map(|workflow| &workflow.jobs).flat_map(|job| &job.steps);
        let of_actions = self.actions.values().flat_map(|action| &action.steps);
        let mut wanted: Vec<String> = of_workflows
            .chain(of_actions)
            .filter_map(|step| local_path(&step.uses.as_ref()?.value))
            .filter(|path| !self.actions.contains_key(path))
            .collect();
        wanted.sort();
        wanted.dedup();
        wanted
    }

    /// Returns the jobs that call a workflow, as positions of workflow and job.
    pub fn callers(&self, called: usize) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        for (at, workflow) in self.workflows.iter().enumerate() {
            for (job_at, job) in workflow.jobs.iter().enumerate() {
                if self.called(job) == Some(called) {
                    out.push((at, job_at));
                }
            }
        }
        out
    }
}
