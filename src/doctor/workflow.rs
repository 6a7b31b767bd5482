//! Workflow files and composite actions as a model with lines.

mod condition;
mod read;
mod yaml_file;

use std::collections::BTreeMap;

pub use condition::{Condition, runs};
pub use read::{read_action, read_workflow};
pub use yaml_file::{FileProblem, YamlFile};

/// A text with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub value: String,
    /// Line, counted from 1.
    pub line: usize,
}

/// Variables or inputs, in the file's order.
pub type Pairs = Vec<(String, Text)>;

/// Returns the value of a variable or input. `is_variable` compares with regard to case.
pub fn find_pair<'p>(pairs: &'p [(String, Text)], name: &str, is_variable: bool) -> Option<&'p Text> {
    let same = |own: &str| if is_variable { own == name } else { own.eq_ignore_ascii_case(name) };
    pairs.iter().find(|(own, _)| same(own)).map(|(_, value)| value)
}

/// A workflow.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Path in the repository.
    pub path: String,
    /// `name:`
    pub name: Option<String>,
    /// Events of `on:`.
    pub triggers: Vec<Trigger>,
    /// Defaults of the inputs of `workflow_call`.
    pub call_inputs: Pairs,
    /// `env:`
    pub env: Pairs,
    /// `defaults.run.shell`
    pub shell: Option<String>,
    /// `permissions:`
    pub permissions: Option<Permissions>,
    /// `concurrency:`
    pub concurrency: Option<Concurrency>,
    /// Jobs, in the file's order.
    pub jobs: Vec<Job>,
    /// The file, for comments that accept findings.
    pub text: String,
}

impl Workflow {
    /// Returns the last part of the path.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Returns the position of a job.
    pub fn job_index(&self, id: &str) -> Option<usize> {
        self.jobs.iter().position(|job| job.id.eq_ignore_ascii_case(id))
    }

    /// Returns `true` if the name of `workflow_run.workflows` means this workflow.
    pub fn is_named(&self, name: &str) -> bool {
        self.name.as_deref().unwrap_or(&self.path) == name
    }
}

/// An event of `on:` with its filters.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// Name of the event.
    pub event: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Filters such as `branches`, with their values.
    pub filters: Vec<(String, Vec<String>)>,
}

impl Trigger {
    /// Returns the values of a filter; `None` if there is none.
    pub fn filter(&self, name: &str) -> Option<&[String]> {
        self.filters.iter().find(|(own, _)| own == name).map(|(_, values)| values.as_slice())
    }
}

/// Declared permissions of the job token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permissions {
    /// `read-all` or `write-all`.
    All(String),
    /// Single permissions; the others are `none`.
    Some(BTreeMap<String, String>),
}

impl Permissions {
    /// Returns `true` if the token may do this, for example `issues` and `read`.
    pub fn allows(&self, what: &str, level: &str) -> bool {
        match self {
            Self::All(word) => word == "write-all" || level == "read",
            Self::Some(map) => {
                let own = map.get(what).map_or("none", String::as_str);
                own == "write" || (own == "read" && level == "read")
            }
        }
    }
}

/// A `concurrency:` block.
#[derive(Debug, Clone)]
pub struct Concurrency {
    /// Text of the group.
    pub group: String,
    /// `cancel-in-progress`, as written.
    pub cancel: Option<String>,
    /// Line, counted from 1.
    pub line: usize,
}

/// The axes of a matrix.
#[derive(Debug, Clone, Default)]
pub struct Matrix {
    /// Values of each axis, in the file's order; `None` if they are computed.
    pub axes: Vec<(String, Option<Vec<String>>)>,
    /// Entries of `include`.
    pub include: Vec<BTreeMap<String, String>>,
    /// `true` if the whole matrix or `include` is computed.
    pub is_computed: bool,
}

impl Matrix {
    /// Returns the values of an axis; `None` if they are computed.
    pub fn values(&self, axis: &str) -> Option<Vec<String>> {
        if self.is_computed {
            return None;
        }
        let mut values = Vec::new();
        for (name, own) in &self.axes {
            if name.eq_ignore_ascii_case(axis) {
                values.extend(own.clone()?);
            }
        }
        values.extend(self.include.iter().filter_map(|entry| {
            entry.iter().find(|(name, _)| name.eq_ignore_ascii_case(axis)).map(|(_, value)| value.clone())
        }));
        Some(values)
    }
}

/// A job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Id.
    pub id: String,
    /// Line of the id, counted from 1.
    pub line: usize,
    /// Last line of the job.
    pub last_line: usize,
    /// `name:`
    pub name: Option<String>,
    /// Ids of needed jobs.
    pub needs: Vec<String>,
    /// `if:`
    pub condition: Option<Condition>,
    /// `strategy.matrix`
    pub matrix: Option<Matrix>,
    /// `continue-on-error:`
    pub continue_on_error: Option<Text>,
    /// Name of the environment.
    pub environment: Option<Text>,
    /// `permissions:`
    pub permissions: Option<Permissions>,
    /// `concurrency:`
    pub concurrency: Option<Concurrency>,
    /// `env:`
    pub env: Pairs,
    /// `defaults.run.shell`
    pub shell: Option<String>,
    /// Values of `runs-on`.
    pub runs_on: Vec<String>,
    /// Outputs of the job.
    pub outputs: Pairs,
    /// Called workflow.
    pub uses: Option<Text>,
    /// Inputs of the called workflow.
    pub with: Pairs,
    /// Steps.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Clone)]
pub struct Step {
    /// `id:`
    pub id: Option<String>,
    /// `name:`
    pub name: Option<String>,
    /// First line, counted from 1.
    pub line: usize,
    /// Last line.
    pub last_line: usize,
    /// `if:`
    pub condition: Option<Condition>,
    /// `continue-on-error:`
    pub continue_on_error: Option<Text>,
    /// Action.
    pub uses: Option<Text>,
    /// Script.
    pub run: Option<Text>,
    /// `shell:`
    pub shell: Option<String>,
    /// Inputs of the action.
    pub with: Pairs,
    /// `env:`
    pub env: Pairs,
}

impl Step {
    /// Returns an input of the action.
    pub fn input(&self, name: &str) -> Option<&str> {
        find_pair(&self.with, name, false).map(|text| text.value.as_str())
    }

    /// Returns the name and the reference of the action: `actions/checkout` of `actions/checkout@v5`.
    pub fn action(&self) -> Option<&str> {
        let uses = self.uses.as_ref()?.value.as_str();
        Some(uses.split('@').next().unwrap_or(uses))
    }
}

/// A composite action of the repository.
#[derive(Debug, Clone)]
pub struct LocalAction {
    /// Path of its file.
    pub path: String,
    /// `name:`
    pub name: Option<String>,
    /// Defaults of its inputs.
    pub inputs: Pairs,
    /// Steps; empty if it is no composite action.
    pub steps: Vec<Step>,
}

/// Returns the folder or file in the repository that `uses:` names: `./x` or `$/x`. `None` for an action from elsewhere.
pub fn local_path(uses: &str) -> Option<String> {
    let rest = uses
        .strip_prefix("./")
        .or_else(|| uses.strip_prefix("$/"))
        .or_else(|| (uses == ".").then_some(""))?;
    Some(rest.trim_end_matches('/').to_owned())
}
