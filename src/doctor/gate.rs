//! Finds the gates: steps that run Escape Gate, and places that an option names.

use super::repository::{FlatStep, Repository};
use super::shell::{ShellCommand, file_name, shell_commands};
use super::workflow::{Job, Pairs, Step, Workflow, find_pair, local_path};

/// Path of the policy if no other is given.
pub const DEFAULT_POLICY: &str = ".github/escape-gate.yml";

/// How a gate runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateKind {
    /// The action.
    Action,
    /// A command of a script, by its position.
    Command(usize),
    /// Any step or job, named by an option.
    Named,
}

/// A gate.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Position of the workflow.
    pub workflow: usize,
    /// Position of the job.
    pub job: usize,
    /// Position among the flat steps of the job.
    pub position: usize,
    /// How it runs.
    pub kind: GateKind,
    /// File of the step.
    pub file: String,
    /// Line of the step.
    pub line: usize,
    /// Action or command.
    pub by: String,
    /// What it was told.
    pub settings: GateSettings,
}

/// The token that a gate reads with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GateToken {
    /// The token of the job.
    #[default]
    Job,
    /// Another one, whose permissions are not known.
    Other,
}

/// Inputs, options and variables of a gate. Texts are as written and may hold expressions.
#[derive(Debug, Clone, Default)]
pub struct GateSettings {
    /// Path of the policy.
    pub policy: String,
    /// `fail-on`
    pub fail_on: Option<String>,
    /// `comment`
    pub comment: Option<String>,
    /// `id`
    pub id: Option<String>,
    /// `reports`
    pub reports: Option<String>,
    /// `tests-outcome`
    pub tests_outcome: Option<String>,
    /// `snapshot`
    pub snapshot: Option<String>,
    /// `status: true`
    pub has_status: bool,
    /// `publish: true`
    pub publishes: bool,
    /// `--dry-run`
    pub is_dry_run: bool,
    /// The token.
    pub token: GateToken,
}

impl GateSettings {
    /// Returns the policy's path; `None` if it is an expression.
    pub fn policy_path(&self) -> Option<&str> {
        let path = self.policy.strip_prefix("./").unwrap_or(&self.policy);
        (!path.contains("${{") && !path.contains('$')).then_some(path)
    }

    /// Returns `true` if a comment may be written.
    pub fn wants_comment(&self) -> bool {
        self.comment.as_deref().is_none_or(|comment| comment != "none")
    }

    /// Returns the name of the commit status.
    pub fn status_name(&self) -> String {
        match self.id.as_deref().unwrap_or(if self.policy == DEFAULT_POLICY {
            "default"
        } else {
            &self.policy
        }) {
            "default" => "escape-gate".to_owned(),
            id => format!("escape-gate/{id}"),
        }
    }
}

/// Returns all gates of a repository, by workflow, job and step.
pub fn find_gates(repository: &Repository) -> Vec<Gate> {
    let mut out = Vec::new();
    for (at, workflow) in repository.workflows.iter().enumerate() {
        for (job_at, job) in workflow.jobs.iter().enumerate() {
            out.extend(remote_gate(at, job_at, workflow, job));
            for (position, flat) in repository.flat_steps(workflow, job).iter().enumerate() {
                let found = kind(flat, repository).and_then(|(kind, by)| {
                    let settings = settings(flat, kind, workflow, job)?;
                    Some((kind, by, settings))
                });
                let Some((kind, by, settings)) = found else { continue };
                let (file, line) = (flat.file().to_owned(), flat.step().line);
                out.push(Gate { workflow: at, job: job_at, position, kind, file, line, by, settings });
            }
        }
    }
    out
}

/// Returns the gate of a job that calls another repository's workflow `escape-gate.yml`. Its settings cannot be known.
fn remote_gate(at: usize, job_at: usize, workflow: &Workflow, job: &Job) -> Option<Gate> {
    let uses = job.uses.as_ref().filter(|uses| local_path(&uses.value).is_none())?;
    let name = file_name(uses.value.split('@').next().unwrap_or(""))
        .trim_end_matches(".yaml")
        .trim_end_matches(".yml");
    (name == "escape-gate").then(|| Gate {
        workflow: at,
        job: job_at,
        position: 0,
        kind: GateKind::Named,
        file: workflow.path.clone(),
        line: uses.line,
        by: uses.value.clone(),
        settings: GateSettings::default(),
    })
}

/// Returns how a step runs Escape Gate; `None` if it does not.
fn kind(flat: &FlatStep<'_>, repository: &Repository) -> Option<(GateKind, String)> {
    let step = flat.step();
    if let Some(uses) = &step.uses {
        let own = repository.action(&uses.value);
        // A composite action with a gate inside leads to it, and is none itself.
        let is_gate = match local_path(&uses.value) {
            Some(path) => {
                own.is_some_and(|action| action.name.as_deref() == Some("Escape Gate"))
                    || (own.is_none_or(|action| action.steps.is_empty()) && is_gate_name(&path))
            }
            None => is_gate_name(step.action()?.trim_start_matches("docker://")),
        };
        return is_gate.then(|| (GateKind::Action, uses.value.clone()));
    }
    let run = &step.run.as_ref()?.value;
    let commands = shell_commands(run);
    let position = commands.iter().position(is_check)?;
    Some((GateKind::Command(position), "escape-gate check".to_owned()))
}

/// Returns `true` for a name such as `acme/escape-gate`, `.escape-gate` or `acme/escape-gate/action`.
fn is_gate_name(name: &str) -> bool {
    let is_word = |part: &str| {
        let part = part.split(['@', ':']).next().unwrap_or(part);
        matches!(part, "escape-gate" | ".escape-gate")
    };
    name.split('/').any(is_word)
}

/// Returns `true` for `escape-gate check`, also by path, in an image, or inside of `$( )`.
pub fn is_check(command: &ShellCommand) -> bool {
    let is_program = |word: &String| {
        let name = file_name(word).split(['@', ':', '=']).next().unwrap_or("");
        name == "escape-gate"
    };
    let outer = command.words.iter().position(is_program);
    let runs_it = outer.is_some_and(|at| {
        // Another program that is only told its path, such as `chmod +x bin/escape-gate`, does not run it.
        let is_runner = at == 0 || ["docker", "podman"].contains(&command.program());
        let verb = command.words[at + 1..].iter().find(|word| !word.starts_with('-'));
        is_runner && verb.is_some_and(|verb| verb == "check")
    });
    runs_it || is_substitution(command)
}

/// Returns `true` if the gate runs inside of `$( )`.
pub fn is_substitution(command: &ShellCommand) -> bool {
    command.words.iter().any(|word| {
        let inner = word.split("$(").nth(1).unwrap_or("");
        inner.contains("escape-gate check") || inner.contains("escape-gate\" check")
    })
}

/// Returns what a gate was told. `None` if a command only prints its help.
fn settings(flat: &FlatStep<'_>, kind: GateKind, workflow: &Workflow, job: &Job) -> Option<GateSettings> {
    let step = flat.step();
    let variable = |name: &str| {
        let scopes: [&Pairs; 3] = [&step.env, &job.env, &workflow.env];
        scopes.into_iter().find_map(|env| find_pair(env, name, true)).map(|text| flat.resolved(&text.value))
    };
    let command = match (kind, &step.run) {
        (GateKind::Command(at), Some(run)) => shell_commands(&run.value).into_iter().nth(at),
        _ => None,
    };
    if command.as_ref().is_some_and(|command| command.has("--help") || command.has("-h")) {
        return None;
    }
    let value = |name: &str| {
        let typed = match &command {
            Some(command) => command.option(&format!("--{name}")).map(str::to_owned),
            None => step.input(name).map(|text| flat.resolved(text)),
        };
        typed
            .or_else(|| variable(&format!("ESCAPE_GATE_{}", name.to_ascii_uppercase().replace('-', "_"))))
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let flag = |name: &str| match &command {
        Some(command) if command.has(&format!("--{name}")) => true,
        _ => value(name).is_some_and(|text| is_on(&text)),
    };
    Some(GateSettings {
        policy: value("policy").unwrap_or_else(|| DEFAULT_POLICY.to_owned()),
        fail_on: value("fail-on"),
        comment: value("comment"),
        id: value("id"),
        reports: value("reports"),
        tests_outcome: value("tests-outcome"),
        snapshot: value("snapshot"),
        has_status: flag("status"),
        publishes: flag("publish"),
        is_dry_run: flag("dry-run"),
        token: token(step, &command, &variable),
    })
}

fn is_on(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "true" | "1" | "yes")
}

fn token(
    step: &Step,
    command: &Option<ShellCommand>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> GateToken {
    let given = match command {
        Some(_) => ["ESCAPE_GATE_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"].into_iter().find_map(variable),
        None => step.input("token").map(str::to_owned),
    };
    match given {
        Some(text) if !is_job_token(&text) => GateToken::Other,
        // A command without any token reads a public repository without one.
        None if command.is_some() => GateToken::Other,
        Some(_) | None => GateToken::Job,
    }
}

/// Returns `true` for the token of the job.
pub fn is_job_token(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let named = |name: &str| lower.contains(name);
    named("github.token") || named("secrets.github_token")
}

/// A gate that an option names: `FILE:JOB` or `FILE:JOB/STEP`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPlace {
    /// Path or name of the workflow file.
    pub file: String,
    /// Id of the job.
    pub job: String,
    /// Id, name or number of the step.
    pub step: Option<String>,
}

impl NamedPlace {
    /// Reads the text of an option.
    ///
    /// # Errors
    /// If it does not have the form `FILE:JOB[/STEP]`.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` does not name a place: write FILE:JOB or FILE:JOB/STEP, such as `release.yml:test`"
            )
        };
        let (file, rest) = text.split_once(':').ok_or_else(wrong)?;
        let (job, step) = rest.split_once('/').map_or((rest, None), |(job, step)| (job, Some(step)));
        if file.is_empty() || job.is_empty() || step == Some("") {
            return Err(wrong());
        }
        Ok(Self { file: file.to_owned(), job: job.to_owned(), step: step.map(str::to_owned) })
    }

    /// Returns the positions of workflow and job.
    ///
    /// # Errors
    /// If there is no such file or job; the text names those that there are.
    pub fn find(&self, repository: &Repository) -> Result<(usize, usize), String> {
        let is_file = |workflow: &Workflow| workflow.path == self.file || workflow.file_name() == self.file;
        let Some(at) = repository.workflows.iter().position(is_file) else {
            let names: Vec<&str> = repository.workflows.iter().map(Workflow::file_name).collect();
            return Err(format!("no workflow `{}`; there are {}", self.file, names.join(", ")));
        };
        let workflow = &repository.workflows[at];
        let Some(job) = workflow.job_index(&self.job) else {
            let names: Vec<&str> = workflow.jobs.iter().map(|job| job.id.as_str()).collect();
            return Err(format!(
                "{} has no job `{}`; there are {}",
                workflow.path,
                self.job,
                names.join(", ")
            ));
        };
        Ok((at, job))
    }

    /// Returns the gate at this place.
    ///
    /// # Errors
    /// If there is no such file, job or step.
    pub fn gate(&self, repository: &Repository) -> Result<Gate, String> {
        let (at, job_at) = self.find(repository)?;
        let workflow = &repository.workflows[at];
        let job = &workflow.jobs[job_at];
        let flat = repository.flat_steps(workflow, job);
        let is_step = |number: usize, step: &Step, name: &str| {
            step.id.as_deref() == Some(name)
                || step.name.as_deref() == Some(name)
                || name == (number + 1).to_string()
        };
        let position = match &self.step {
            // The whole job is the gate: what stands behind its first test is behind the gate.
            None => flat.iter().position(|flat| super::test_step::runs_tests(flat.step())).unwrap_or(0),
            Some(name) => flat
                .iter()
                .position(|flat| flat.layers.len() == 1 && is_step(flat.top, flat.step(), name))
                .ok_or_else(|| format!("job `{}` of {} has no step `{name}`", self.job, workflow.path))?,
        };
        let line = match &self.step {
            Some(_) => flat.get(position).map_or(job.line, |flat| flat.step().line),
            None => job.line,
        };
        Ok(Gate {
            workflow: at,
            job: job_at,
            position,
            kind: GateKind::Named,
            file: workflow.path.clone(),
            line,
            by: "--gate".to_owned(),
            settings: GateSettings::default(),
        })
    }
}
