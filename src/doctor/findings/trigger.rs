//! Runs that do not start or do not end: findings 16 and 21.

use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::examination::{Examination, JobPlace, Start};
use super::super::expression::{Scene, Value, parse_expression};
use super::super::gate::{Gate, is_job_token};
use super::super::publishing::{Certainty, known_truth};
use super::super::repository::FlatStep;
use super::super::scenario::EventKind;
use super::super::shell::shell_commands;
use super::super::workflow::{Concurrency, Text, runs};

/// Returns the findings.
pub fn find(examination: &Examination<'_>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    for gate in &examination.input.gates {
        let is_known = out.iter().any(|own| own.file == examination.workflow(gate.workflow).path);
        out.extend(never_triggered(examination, gate).filter(|_| !is_known));
    }
    out.extend(cancellable(examination));
    out
}

/// Something that starts a workflow, unless the job token made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    Tag,
    Release,
}

fn never_triggered(examination: &Examination<'_>, gate: &Gate) -> Option<Draft> {
    let place = (gate.workflow, gate.job);
    let starts = examination.starts(gate.workflow);
    let waits: Vec<Made> = starts
        .iter()
        .filter(|start| examination.runs(place, start) != Some(false))
        .filter_map(|start| match start.scenario.event {
            EventKind::PushTag => Some(Some(Made::Tag)),
            EventKind::Release => Some(Some(Made::Release)),
            // Started by hand: nobody has to.
            EventKind::Dispatch => None,
            EventKind::PushBranch
            | EventKind::PullRequest
            | EventKind::PullRequestTarget
            | EventKind::MergeGroup
            | EventKind::Schedule
            | EventKind::WorkflowRun
            | EventKind::Call
            | EventKind::Other(_) => Some(None),
        })
        .collect::<Option<Vec<Made>>>()
        .filter(|waits| !waits.is_empty())?;
    let (maker, step_line) = makers(examination, &waits, gate)?;
    let path = examination.workflow(maker.0).path.clone();
    let what = if waits.contains(&Made::Tag) { "tag" } else { "release" };
    let problem =
        format!("{path} makes the {what} with the job token (line {step_line}), so the gate never starts");
    let start = starts.iter().find(|start| start.scenario.event != EventKind::Dispatch);
    let trigger = examination
        .workflow(gate.workflow)
        .triggers
        .iter()
        .find(|trigger| trigger.event != "workflow_dispatch");
    let line = trigger.map_or(gate.line, |trigger| trigger.line);
    let draft =
        examination.about_job(("gate-never-triggered", FindingLevel::Error), place, line, start, problem);
    let name = examination.workflow(gate.workflow).file_name().to_owned();
    Some(draft.with("by", path).with("fix-name", name))
}

/// Returns the first job that makes what the gate waits for, with the job token, and the line of its step.
fn makers(examination: &Examination<'_>, waits: &[Made], gate: &Gate) -> Option<(JobPlace, usize)> {
    let workflows = examination.input.repository.workflows.iter().enumerate();
    for (at, workflow) in workflows.filter(|(at, _)| *at != gate.workflow) {
        let name = examination.workflow(gate.workflow).file_name();
        // The workflow may start the gate by another event.
        let dispatches = workflow.text.contains("gh workflow run")
            || workflow.text.contains("/dispatches")
            || workflow.text.contains("workflow-dispatch")
            || workflow.text.contains("repository-dispatch")
            || workflow.text.contains("createWorkflowDispatch");
        if dispatches || workflow.text.contains(&format!("workflows/{name}")) {
            continue;
        }
        for start in examination.starts(at) {
            let on_tag = matches!(start.scenario.event, EventKind::PushTag | EventKind::Release);
            if !start.scenario.can_release() {
                continue;
            }
            for place in (0..workflow.jobs.len()).map(|job| (at, job)) {
                if examination.runs(place, start) == Some(false) || is_behind_gate(examination, place, start)
                {
                    continue;
                }
                let flat = examination.flat_steps(place);
                let scene = examination.scene(place, start);
                let found = flat.iter().enumerate().find(|(position, step)| {
                    let is_skipped =
                        step.layers.iter().any(|layer| runs(layer.condition.as_ref(), &scene) == Some(false));
                    let made = made(step.step());
                    let counts =
                        made.is_some_and(|made| waits.contains(&made) && !(made == Made::Tag && on_tag));
                    !is_skipped && counts && uses_job_token(examination, place, &flat[..=*position])
                });
                if let Some((_, step)) = found {
                    return Some((place, step.step().line));
                }
            }
        }
    }
    None
}

fn is_behind_gate(examination: &Examination<'_>, place: JobPlace, start: &Start) -> bool {
    let end = examination.flat_steps(place).len();
    examination.hole(place, Some(end), start).is_none()
}

/// Returns what a step makes that starts other workflows.
fn made(step: &super::super::workflow::Step) -> Option<Made> {
    if let Some(action) = step.action() {
        let name = action.to_ascii_lowercase();
        return match name.as_str() {
            "googleapis/release-please-action" | "google-github-actions/release-please-action" => {
                Some(Made::Tag)
            }
            "mathieudutour/github-tag-action"
            | "anothrnick/github-tag-action"
            | "rickstaa/action-create-tag"
            | "pkgdeps/git-tag-action"
            | "negz/create-tag"
            | "cycjimmy/semantic-release-action"
            | "python-semantic-release/python-semantic-release" => Some(Made::Tag),
            "softprops/action-gh-release" | "ncipollo/release-action" | "actions/create-release" => {
                (step.input("draft").is_none_or(|draft| draft == "false")).then_some(Made::Release)
            }
            _ => None,
        };
    }
    let commands = shell_commands(&step.run.as_ref()?.value);
    let makes_tag = commands
        .iter()
        .any(|command| command.starts_with(&["git", "tag"]) || command.starts_with(&["npm", "version"]));
    commands.iter().find_map(|command| {
        let text = command.words.join(" ");
        if command.program() == "git" && command.has("push") {
            let is_tag = command.has("--tags")
                || command.has("--follow-tags")
                || text.contains("refs/tags/")
                || (makes_tag && !command.has("--delete") && !is_branch_push(&command.words));
            return is_tag.then_some(Made::Tag);
        }
        if command.starts_with(&["gh", "release", "create"]) && !text.contains("draft") {
            return Some(Made::Release);
        }
        (command.starts_with(&["semantic-release"]) || command.starts_with(&["cargo", "release"]))
            .then_some(Made::Tag)
    })
}

/// Returns `true` for a push that names a branch only: `git push origin main`, `git push origin HEAD`.
fn is_branch_push(words: &[String]) -> bool {
    let named: Vec<&String> = words.iter().skip(2).filter(|word| !word.starts_with('-')).collect();
    match named.as_slice() {
        [] | [_] => true,
        [_, refs @ ..] => refs.iter().all(|name| {
            matches!(name.as_str(), "main" | "master" | "develop" | "HEAD")
                || name.starts_with("HEAD:")
                || name.contains("refs/heads/")
        }),
    }
}

/// Returns `true` if the steps up to the maker use the token of the job, as far as anything says.
fn uses_job_token(examination: &Examination<'_>, place: JobPlace, flat: &[FlatStep<'_>]) -> bool {
    let Some((maker, before)) = flat.split_last() else { return false };
    let step = maker.step();
    let workflow = examination.workflow(place.0);
    let is_secret = |text: &str| {
        (text.contains("secrets.") || text.contains("steps.") || text.contains("needs."))
            && !is_job_token(text)
    };
    let is_token = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["token", "pat", "key", "auth"].iter().any(|part| name.contains(part))
    };
    let given = |pairs: &[(String, Text)]| -> Vec<String> {
        pairs.iter().filter(|(name, _)| is_token(name)).map(|(_, text)| text.value.clone()).collect()
    };
    let scopes = [&step.env, &examination.job(place).env, &workflow.env, &step.with];
    let own: Vec<String> = scopes.into_iter().flat_map(|pairs| given(pairs)).collect();
    if own.iter().any(|text| is_secret(text)) {
        return false;
    }
    let is_push = step.run.is_some();
    if !is_push || step.run.as_ref().is_some_and(|run| !run.value.contains("git push")) {
        return true;
    }
    if step.run.as_ref().is_some_and(|run| is_secret(&run.value) || run.value.contains("set-url")) {
        return false;
    }
    // `git push` uses what the checkout left behind.
    let checkout = before
        .iter()
        .rev()
        .find(|flat| flat.step().action().is_some_and(|action| action == "actions/checkout"));
    let has_key = before.iter().any(|flat| {
        let step = flat.step();
        step.action().is_some_and(|action| action.contains("ssh"))
            || step
                .run
                .as_ref()
                .is_some_and(|run| run.value.contains("set-url") || run.value.contains("extraheader"))
    });
    let Some(checkout) = checkout.filter(|_| !has_key) else { return false };
    let checkout = checkout.step();
    checkout.input("ssh-key").is_none()
        && checkout.input("persist-credentials") != Some("false")
        && checkout.input("token").is_none_or(is_job_token)
}

/// A group of runs that may be shared by two releases.
fn cancellable(examination: &Examination<'_>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    for at in 0..examination.input.repository.workflows.len() {
        for start in examination.starts(at) {
            for publisher in examination.publishers(at, start) {
                if publisher.publication.certainty != Certainty::Certain {
                    continue;
                }
                // The blocks of the job, of its workflow, and of those that call it.
                let places = [publisher.place].into_iter().chain(start.callers.iter().copied());
                for place in places {
                    let (workflow, job) = (examination.workflow(place.0), examination.job(place));
                    let blocks = [job.concurrency.as_ref(), workflow.concurrency.as_ref()];
                    for block in blocks.into_iter().flatten() {
                        let is_known =
                            out.iter().any(|own| own.file == workflow.path && own.line == block.line);
                        let scene = examination.scene(place, start);
                        if !is_known && is_shared(block, &scene) {
                            out.push(about(examination, place, block, start));
                        }
                    }
                }
            }
        }
    }
    out
}

fn about(examination: &Examination<'_>, place: JobPlace, block: &Concurrency, start: &Start) -> Draft {
    let problem = format!("a second run of the group `{}` cancels a run that publishes", block.group);
    let kind = ("release-cancellable", FindingLevel::Warning);
    examination.about_job(kind, place, block.line, Some(start), problem).with("group", block.group.clone())
}

/// Returns `true` if a block cancels a run in favor of another one that also publishes.
fn is_shared(block: &Concurrency, scene: &Scene<'_>) -> bool {
    if known_truth(block.cancel.as_deref(), false, scene) != Some(true) {
        return false;
    }
    let mut rest = block.group.as_str();
    while let Some((_, after)) = rest.split_once("${{") {
        let (inner, behind) = after.split_once("}}").unwrap_or((after, ""));
        let value = parse_expression(inner).map_or(Value::Unknown, |expression| scene.value(&expression));
        let on_tag = matches!(scene.scenario.event, EventKind::PushTag | EventKind::Release);
        match value {
            Value::Symbol("run_id", _) | Value::Unknown => return false,
            Value::Symbol("ref", _) if on_tag => return false,
            // Any other value can be the same for two runs.
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Symbol(..)
            | Value::OwnName
            | Value::List(_) => {}
        }
        rest = behind;
    }
    true
}
