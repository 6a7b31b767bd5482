//! Policies that block less than they seem to, or that a pull request brings along: findings 9, 12, 18 and 19.

use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::examination::{Examination, PolicyFacts};
use super::super::expression::Scene;
use super::super::gate::Gate;
use super::super::repository::FlatStep;
use super::super::scenario::{EventKind, Scenario};
use super::super::shell::shell_commands;
use super::super::workflow::{Step, runs};

/// Returns the findings.
pub fn find(examination: &Examination<'_>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    for gate in examination.own_gates() {
        if let Some(policy) = examination.policy(gate) {
            let found =
                observe(examination, gate, policy).into_iter().chain(tolerated(examination, gate, policy));
            for draft in found {
                // Several gates may share a policy.
                if !out.iter().any(|own| own.id == draft.id && own.file == draft.file) {
                    out.push(draft);
                }
            }
        }
        out.extend(unproduced(examination, gate));
        out.extend(untrusted(examination, gate));
    }
    out
}

fn about_policy(
    examination: &Examination<'_>,
    kind: (&'static str, FindingLevel),
    gate: &Gate,
    (file, line): (String, usize),
    problem: String,
) -> Draft {
    let draft = examination.about_gate(kind, gate, problem);
    let way = format!("{} → {file}", draft.way);
    Draft { file, line, job: None, way, ..draft }
}

fn observe(examination: &Examination<'_>, gate: &Gate, policy: &PolicyFacts) -> Option<Draft> {
    let place = policy.observe.clone()?;
    let has_real = examination
        .own_gates()
        .any(|other| examination.policy(other).is_some_and(|policy| policy.observe.is_none()));
    if gate.settings.id.is_some() && !gate.settings.has_status && has_real {
        return None;
    }
    let problem = "`mode: observe`: the policy blocks nothing".to_owned();
    let kind = ("gate-report-only", FindingLevel::Error);
    Some(about_policy(examination, kind, gate, place, problem).with("how", "mode"))
}

fn tolerated(examination: &Examination<'_>, gate: &Gate, policy: &PolicyFacts) -> Option<Draft> {
    if policy.tolerated.is_empty() {
        return None;
    }
    let names = policy.tolerated.join(", ");
    let problem = format!("`missing` lets a mandatory rule pass without its evidence: {names}");
    let place = (gate.settings.policy_path()?.to_owned(), 1);
    let kind = ("unknown-passes", FindingLevel::Warning);
    Some(about_policy(examination, kind, gate, place, problem).with("how", "missing"))
}

/// Actions that make no files that a gate could read.
const QUIET_ACTIONS: [&str; 8] = [
    "actions/checkout",
    "actions/cache",
    "actions/cache/restore",
    "actions/create-github-app-token",
    "step-security/harden-runner",
    "actions/upload-artifact",
    "tibdex/github-app-token",
    "actions/github-script",
];

/// Names of folders that builds make.
const OUTPUT_NAMES: [&str; 22] = [
    "build",
    "target",
    "out",
    "dist",
    "bin",
    "obj",
    "reports",
    "report",
    "test-results",
    "testresults",
    "results",
    "test-reports",
    "coverage",
    "artifacts",
    "tmp",
    "temp",
    "junit",
    "output",
    "outputs",
    "logs",
    "surefire-reports",
    ".tox",
];

fn unproduced(examination: &Examination<'_>, gate: &Gate) -> Option<Draft> {
    let place = (gate.workflow, gate.job);
    if gate.settings.snapshot.is_some() {
        return None;
    }
    let own: Vec<String> = gate
        .settings
        .reports
        .iter()
        .flat_map(|list| list.lines())
        .map(|glob| glob.trim().to_owned())
        .collect();
    let of_policy = || examination.policy(gate).map(|policy| policy.reports.clone()).unwrap_or_default();
    let globs: Vec<String> = if own.is_empty() { of_policy() } else { own };
    let globs: Vec<&String> =
        globs.iter().filter(|glob| !glob.starts_with('!') && !glob.is_empty()).collect();
    if globs.is_empty() {
        return None;
    }
    let flat = examination.flat_steps(place);
    let kind = ("reports-unproduced", FindingLevel::Warning);
    if !flat.iter().take(gate.position).any(produces) {
        let has_any = globs.iter().any(|glob| {
            (examination.input.has_path)(&fixed_folder(glob).join("/")) && !fixed_folder(glob).is_empty()
        });
        let problem = format!("no step of the job makes the test reports `{}`", globs[0]);
        return (!has_any)
            .then(|| examination.about_gate(kind, gate, problem).with("glob", globs[0].as_str()));
    }
    let lost = globs.into_iter().find(|glob| leads_nowhere(examination, glob, &flat))?;
    let problem = format!("the test reports `{lost}` are in a folder that the repository does not have");
    Some(examination.about_gate(kind, gate, problem).with("glob", lost.as_str()))
}

/// Returns `true` for a step that may make files.
fn produces(flat: &FlatStep<'_>) -> bool {
    let step = flat.step();
    match step.action() {
        Some(action) => {
            let name = action.to_ascii_lowercase();
            !QUIET_ACTIONS.contains(&name.as_str())
                && !name.starts_with("actions/setup-")
                && !name.contains("/setup-")
        }
        None => step.run.is_some(),
    }
}

/// Returns the folders of a glob in front of its first wildcard.
fn fixed_folder(glob: &str) -> Vec<&str> {
    let parts: Vec<&str> = glob.trim_start_matches("./").split('/').collect();
    let folders = parts.split_last().map_or(&[][..], |(_, folders)| folders);
    let is_plain = |part: &&&str| !part.contains(['*', '?', '[', '{', '$']);
    folders.iter().take_while(is_plain).copied().collect()
}

/// Returns `true` if a folder of sources in the glob is not in the repository, and no step mentions it.
fn leads_nowhere(examination: &Examination<'_>, glob: &str, flat: &[FlatStep<'_>]) -> bool {
    if glob.starts_with('/') || glob.contains("${{") || glob.starts_with('~') || glob.starts_with("..") {
        return false;
    }
    let folder = fixed_folder(glob);
    let is_output = |part: &str| {
        let lower = part.to_ascii_lowercase();
        OUTPUT_NAMES.contains(&lower.as_str())
            || lower.starts_with('.')
            || lower.contains("report")
            || lower.contains("result")
    };
    let sources: Vec<&str> = folder.iter().take_while(|part| !is_output(part)).copied().collect();
    let has = examination.input.has_path;
    let missing = (1..=sources.len()).find(|count| !has(&sources[..*count].join("/")));
    let Some(missing) = missing else { return false };
    // A whole folder that is not in the repository may be made by a step; a module within a known folder is not.
    let is_module = missing > 1 || folder.len() > sources.len();
    let name = sources[missing - 1];
    let is_mentioned = flat.iter().any(|flat| {
        let step = flat.step();
        let is_gate = step.with.iter().any(|(name, _)| name == "reports");
        let texts = step.run.iter().chain(step.with.iter().map(|(_, text)| text));
        !is_gate && texts.into_iter().any(|text| text.value.contains(name))
    });
    is_module && !is_mentioned
}

/// Words of expressions and commands that name the head of a pull request.
const HEADS: [&str; 8] = [
    "head.sha",
    "head.ref",
    "head_sha",
    "head_branch",
    "github.head_ref",
    "refs/pull/",
    "merge_commit_sha",
    "head_commit.id",
];

fn untrusted(examination: &Examination<'_>, gate: &Gate) -> Option<Draft> {
    let place = (gate.workflow, gate.job);
    let starts = examination.starts(gate.workflow);
    let start = starts.iter().find(|start| {
        is_untrusted_event(examination, &start.scenario) && examination.runs(place, start) != Some(false)
    })?;
    let scene = examination.scene(place, start);
    if is_for_trusted_runs(examination, gate, &scene) {
        return None;
    }
    let flat = examination.flat_steps(place);
    let policy = gate.settings.policy_path().unwrap_or("");
    // The last checkout into the folder of the policy decides.
    let mut line = None;
    for flat in flat.iter().take(gate.position) {
        match brings_head(flat.step(), policy) {
            Some(true) => line = Some(flat.step().line),
            Some(false) => line = None,
            None => {}
        }
    }
    let line = line?;
    let problem = "the gate reads its policy from the head of a pull request".to_owned();
    let draft =
        examination.about_job(("untrusted-policy", FindingLevel::Error), place, line, Some(start), problem);
    Some(draft)
}

fn is_untrusted_event(examination: &Examination<'_>, scenario: &Scenario) -> bool {
    match scenario.event {
        EventKind::PullRequestTarget => true,
        EventKind::WorkflowRun => {
            let workflows = &examination.input.repository.workflows;
            let known: Vec<usize> = scenario
                .workflows
                .iter()
                .filter_map(|name| workflows.iter().position(|workflow| workflow.is_named(name)))
                .collect();
            let takes_pull_requests = known.iter().any(|at| {
                examination.starts(*at).iter().any(|start| start.scenario.event == EventKind::PullRequest)
            });
            takes_pull_requests || known.len() < scenario.workflows.len()
        }
        EventKind::PushTag
        | EventKind::PushBranch
        | EventKind::PullRequest
        | EventKind::MergeGroup
        | EventKind::Release
        | EventKind::Dispatch
        | EventKind::Schedule
        | EventKind::Call
        | EventKind::Other(_) => false,
    }
}

/// Returns `true` if the job only runs for a push, or for a pull request of the own repository.
fn is_for_trusted_runs(examination: &Examination<'_>, gate: &Gate, scene: &Scene<'_>) -> bool {
    let job = examination.job((gate.workflow, gate.job));
    let Some(condition) = &job.condition else { return false };
    let text = condition.text.replace(' ', "").to_ascii_lowercase();
    let asks_push = [
        "workflow_run.event=='push'",
        "workflow_run.event=='schedule'",
        "workflow_run.event!='pull_request'",
    ];
    let asks_own = text.contains("head.repo.full_name==github.repository")
        || text.contains("head_repository.full_name==github.repository")
        || text.contains("head.repo.fork==false")
        || text.contains("!github.event.pull_request.head.repo.fork");
    runs(Some(condition), scene) == Some(false)
        || asks_own
        || asks_push.iter().any(|part| text.contains(part))
}

/// Returns `true` if a step puts the head of a pull request where the policy is read, `false` if it puts something else there, and
/// `None` if it leaves the place alone.
fn brings_head(step: &Step, policy: &str) -> Option<bool> {
    if step.action().is_some_and(|action| action.eq_ignore_ascii_case("actions/checkout")) {
        let path = step.input("path").unwrap_or("").trim_start_matches("./").trim_matches('/');
        let is_place = matches!(path, "" | ".") || policy.starts_with(&format!("{path}/"));
        if !is_place {
            return None;
        }
        let is_head =
            |input: &str| step.input(input).is_some_and(|text| HEADS.iter().any(|head| text.contains(head)));
        let is_fork = step
            .input("repository")
            .is_some_and(|text| text.contains("head.repo") || text.contains("head_repository"));
        return Some(is_head("ref") || is_fork);
    }
    let commands = shell_commands(&step.run.as_ref()?.value);
    let brings = commands.iter().any(|command| {
        let text = command.words.join(" ");
        command.starts_with(&["gh", "pr", "checkout"])
            || (command.program() == "git"
                && ["checkout", "switch", "reset", "merge", "pull"].iter().any(|verb| command.has(verb))
                && (HEADS.iter().any(|head| text.contains(head)) || text.contains("pull/")))
    });
    brings.then_some(true)
}
