//! The context of one examination: repository, gates, policies, and the answers of GitHub.

use std::collections::BTreeMap;

use super::expression::{Scene, Value};
use super::gate::{Gate, GateKind, NamedPlace};
use super::repository::{FlatStep, Repository};
use super::scenario::{EventKind, Scenario, scenarios};
use super::server::ServerFacts;
use super::workflow::{Job, Workflow};

/// Facts about a policy, with everything that it inherits.
#[derive(Debug, Clone, Default)]
pub struct PolicyFacts {
    /// File and line of `mode: observe`; `None` if the policy blocks.
    pub observe: Option<(String, usize)>,
    /// `true` if a rule that can block is about test results.
    pub has_tests_rule: bool,
    /// Globs of test reports.
    pub reports: Vec<String>,
    /// Entries of `missing` that let a mandatory rule pass without its evidence, for example `tests`.
    pub tolerated: Vec<&'static str>,
    /// `true` if a rule needs deployments.
    pub needs_deployments: bool,
}

/// A `CODEOWNERS` file.
#[derive(Debug, Clone)]
pub struct OwnersText {
    /// Path in the repository.
    pub path: String,
    /// The text.
    pub text: String,
}

/// Everything that is examined. Nothing is read later.
pub struct ExaminationInput<'a> {
    /// Workflows and actions.
    pub repository: Repository,
    /// Gates, those that options name included.
    pub gates: Vec<Gate>,
    /// Places that publish because an option says so.
    pub publishes: Vec<NamedPlace>,
    /// Policies that could be read, by path.
    pub policies: BTreeMap<String, PolicyFacts>,
    /// The owners file; `None` if there is none.
    pub owners: Option<OwnersText>,
    /// Answers of GitHub; `None` if it was not asked.
    pub server: Option<ServerFacts>,
    /// Returns `true` if the repository has a file or folder at a path.
    pub has_path: &'a dyn Fn(&str) -> bool,
    /// Day of the examination, for example `2026-12-01`.
    pub today: String,
}

/// An examination.
pub struct Examination<'a> {
    /// The input.
    pub input: &'a ExaminationInput<'a>,
    /// Ways in which each workflow starts, by its own triggers.
    scenarios: Vec<Vec<Scenario>>,
    /// Ways in which each workflow starts, also by its callers.
    starts: Vec<Vec<Start>>,
    /// `true` for each workflow with a gate, its own or one that it calls.
    gated: Vec<bool>,
}

/// Most ways in which one workflow starts that are looked at.
// Workflows that call each other have paths without number.
const MAX_STARTS: usize = 100;

/// A job, by the positions of its workflow and its own.
pub type JobPlace = (usize, usize);

impl<'a> Examination<'a> {
    /// Prepares an examination.
    pub fn new(input: &'a ExaminationInput<'a>) -> Self {
        let scenarios: Vec<Vec<Scenario>> = input.repository.workflows.iter().map(scenarios).collect();
        let gated = gated_workflows(input);
        let mut examination = Self { input, scenarios, starts: Vec::new(), gated };
        let own = |scenarios: &Vec<Scenario>| scenarios.iter().filter_map(Start::own).collect();
        examination.starts = examination.scenarios.iter().map(own).collect();
        // Each round adds the starts of callers one level further out. GitHub allows ten levels.
        for _ in 0..10 {
            let more: Vec<Vec<Start>> =
                (0..examination.starts.len()).map(|at| examination.called_starts(at)).collect();
            let own = examination.scenarios.iter().map(own);
            examination.starts =
                own.zip(more).map(|(own, more): (Vec<Start>, _)| [own, more].concat()).collect();
        }
        examination
    }

    /// Returns a workflow.
    pub fn workflow(&self, at: usize) -> &'a Workflow {
        &self.input.repository.workflows[at]
    }

    /// Returns a job.
    pub fn job(&self, (workflow, job): JobPlace) -> &'a Job {
        &self.input.repository.workflows[workflow].jobs[job]
    }

    /// Returns the steps of a job, with those of composite actions.
    pub fn flat_steps(&self, place: JobPlace) -> Vec<FlatStep<'a>> {
        self.input.repository.flat_steps(self.workflow(place.0), self.job(place))
    }

    /// Returns the gates in a job, not those of a workflow that it calls.
    pub fn gates_in(&self, place: JobPlace) -> impl Iterator<Item = &'a Gate> {
        self.input.gates.iter().filter(move |gate| (gate.workflow, gate.job) == place)
    }

    /// Returns `true` if a job contains a gate or calls a workflow with one.
    pub fn is_gate_job(&self, place: JobPlace) -> bool {
        let calls_gate = || self.input.repository.called(self.job(place)).is_some_and(|at| self.gated[at]);
        self.gates_in(place).next().is_some() || calls_gate()
    }

    /// Returns `true` if a job of a workflow is a gate.
    pub fn has_gate(&self, workflow: usize) -> bool {
        self.gated[workflow]
    }

    /// Returns the position of a needed job.
    pub fn need(&self, place: JobPlace, id: &str) -> Option<JobPlace> {
        Some((place.0, self.workflow(place.0).job_index(id)?))
    }

    /// Returns the jobs that a job needs, directly or not.
    pub fn ancestors(&self, place: JobPlace) -> Vec<JobPlace> {
        let mut out: Vec<JobPlace> = Vec::new();
        let mut todo = vec![place];
        while let Some(next) = todo.pop() {
            for need in self.job(next).needs.iter().filter_map(|id| self.need(next, id)) {
                if !out.contains(&need) {
                    out.push(need);
                    todo.push(need);
                }
            }
        }
        out
    }

    /// Returns gates that run Escape Gate, with what can be known of them.
    pub fn own_gates(&self) -> impl Iterator<Item = &'a Gate> {
        self.input.gates.iter().filter(|gate| gate.kind != GateKind::Named)
    }

    /// Returns the facts of a gate's policy; `None` if it could not be read.
    pub fn policy(&self, gate: &Gate) -> Option<&'a PolicyFacts> {
        self.input.policies.get(gate.settings.policy_path()?)
    }

    /// Returns the ways in which a workflow starts. A called workflow also starts in the ways of its callers, with the given
    /// inputs.
    pub fn starts(&self, workflow: usize) -> &[Start] {
        &self.starts[workflow]
    }

    /// Returns the starts of a workflow by those jobs that call it.
    fn called_starts(&self, workflow: usize) -> Vec<Start> {
        if !self.scenarios[workflow].iter().any(|scenario| scenario.event == EventKind::Call) {
            return Vec::new();
        }
        let mut out = Vec::new();
        for caller in
            self.input.repository.callers(workflow).into_iter().filter(|caller| caller.0 != workflow)
        {
            for start in self.starts[caller.0].iter().filter(|start| start.callers.len() < 10) {
                if self.runs(caller, start) == Some(false) {
                    continue;
                }
                let inputs = Some(self.call_inputs(caller, workflow, start));
                let callers = start.callers.iter().copied().chain([caller]).collect();
                out.push(Start { scenario: start.scenario.clone(), inputs, callers });
                if out.len() >= MAX_STARTS {
                    return out;
                }
            }
        }
        out
    }

    /// Returns the values of the inputs of a called workflow.
    pub fn call_inputs(&self, caller: JobPlace, called: usize, start: &Start) -> BTreeMap<String, Value> {
        let scene = self.scene(caller, start);
        let value = |text: &str| match super::publishing::known_text(text, &scene) {
            Some(text) => match text.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => Value::Text(text),
            },
            None => Value::Unknown,
        };
        let defaults = self.workflow(called).call_inputs.iter();
        let mut inputs: BTreeMap<String, Value> =
            defaults.map(|(name, text)| (name.to_ascii_lowercase(), value(&text.value))).collect();
        for (name, text) in &self.job(caller).with {
            inputs.insert(name.to_ascii_lowercase(), value(&text.value));
        }
        inputs
    }

    /// Returns a scene of a job in which everything before went well.
    pub fn scene<'s>(&'s self, place: JobPlace, start: &'s Start) -> Scene<'s> {
        Scene {
            inputs: start.inputs.as_ref(),
            matrix: self.job(place).matrix.as_ref(),
            conclusion: Some("success").filter(|_| !start.scenario.workflows.is_empty()),
            ..Scene::good(&start.scenario)
        }
    }

    /// Returns whether a job runs if everything before went well; `None` if that is not known.
    pub fn runs(&self, place: JobPlace, start: &Start) -> Option<bool> {
        let needs: Vec<(String, &'static str)> =
            self.job(place).needs.iter().map(|id| (id.to_ascii_lowercase(), "success")).collect();
        let scene = Scene { needs: &needs, ..self.scene(place, start) };
        super::workflow::runs(self.job(place).condition.as_ref(), &scene)
    }
}

/// A way in which a workflow starts: an event, and the inputs of a call.
#[derive(Debug, Clone)]
pub struct Start {
    /// The event.
    pub scenario: Scenario,
    /// Inputs of a called workflow; `None` if it is not called.
    pub inputs: Option<BTreeMap<String, Value>>,
    /// Jobs that call it, the first caller first.
    pub callers: Vec<JobPlace>,
}

impl Start {
    /// Returns a start by an event; `None` for a call, which starts nothing by itself.
    fn own(scenario: &Scenario) -> Option<Self> {
        let is_call = scenario.event == EventKind::Call;
        (!is_call).then(|| Self { scenario: scenario.clone(), inputs: None, callers: Vec::new() })
    }
}

/// Returns which workflows have a gate: in one of their jobs, or in a workflow that they call.
fn gated_workflows(input: &ExaminationInput<'_>) -> Vec<bool> {
    let workflows = &input.repository.workflows;
    let mut gated: Vec<bool> =
        (0..workflows.len()).map(|at| input.gates.iter().any(|gate| gate.workflow == at)).collect();
    loop {
        let calls_gate = |workflow: &Workflow| {
            workflow.jobs.iter().any(|job| input.repository.called(job).is_some_and(|at| gated[at]))
        };
        let next: Vec<bool> =
            workflows.iter().zip(&gated).map(|(workflow, own)| *own || calls_gate(workflow)).collect();
        if next == gated {
            return gated;
        }
        gated = next;
    }
}
