//! Required checks: findings 11, 15 and 24.

use globset::GlobBuilder;

use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::check_name::{is_unknown_name, name_matches, shown_name};
use super::super::examination::{Examination, JobPlace, Start};
use super::super::scenario::EventKind;
use super::super::server::{BranchFacts, RequiredCheck, ServerFacts};
use super::super::workflow::Trigger;
use super::exit::is_report_only;

/// A gate that answers pull requests.
struct CheckGate {
    place: JobPlace,
    start: Start,
    /// Names that the gate reports.
    names: Vec<String>,
    /// Names of jobs that need it.
    followers: Vec<String>,
}

/// Returns the findings.
pub fn find(examination: &Examination<'_>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    let gates = check_gates(examination);
    let branches = examination.input.server.as_ref().map_or(&[][..], |server| server.branches.as_slice());
    for gate in &gates {
        let mut is_told = false;
        for branch in branches {
            let required = find_required(branch, gate);
            if required.is_none()
                && branch.is_complete
                && answers(examination, gate, &branch.name)
                && !is_told
            {
                out.push(not_required(examination, gate, branch));
                is_told = true;
            }
            if required.is_some() && !is_told {
                let draft = never_reports(examination, gate, Some(branch));
                is_told = draft.is_some();
                out.extend(draft);
            }
        }
        if branches.iter().all(|branch| !branch.is_complete) && !is_told {
            out.extend(never_reports(examination, gate, None));
        }
    }
    out.extend(branches.iter().filter_map(|branch| bypassable(branch, &gates)));
    out
}

/// Returns the names under which a job reports checks on pull requests.
pub fn check_names(examination: &Examination<'_>, place: JobPlace) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for start in examination.starts(place.0).iter().filter(|start| start.scenario.is_check()) {
        for name in examination.called_names(place, &start.callers) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Returns `true` if a branch requires a check with one of the names.
pub fn is_required(server: &ServerFacts, names: &[String]) -> bool {
    let mut checks = server.branches.iter().flat_map(|branch| &branch.checks);
    checks.any(|check| names.iter().any(|name| name_matches(name, &check.context)))
}

fn check_gates(examination: &Examination<'_>) -> Vec<CheckGate> {
    let mut out: Vec<CheckGate> = Vec::new();
    for gate in &examination.input.gates {
        let place = (gate.workflow, gate.job);
        if is_report_only(examination, gate) || out.iter().any(|own| own.place == place) {
            continue;
        }
        let starts = examination.starts(gate.workflow);
        let answers = |start: &&Start| {
            let is_check =
                start.scenario.is_check() || (gate.settings.has_status && follows_change(examination, start));
            is_check && examination.runs(place, start) != Some(false)
        };
        let Some(start) = starts.iter().find(answers) else { continue };
        let mut names = check_names(examination, place);
        if gate.settings.has_status {
            names.push(gate.settings.status_name());
        }
        let outer = start.callers.first().copied().unwrap_or(place);
        let jobs = (0..examination.workflow(outer.0).jobs.len()).map(|job| (outer.0, job));
        let followers = jobs
            .filter(|job| examination.ancestors(*job).contains(&outer))
            .flat_map(|job| check_names(examination, job))
            .collect();
        out.push(CheckGate { place, start: start.clone(), names, followers });
    }
    out
}

/// Returns `true` if a workflow runs after one that answers pull requests.
fn follows_change(examination: &Examination<'_>, start: &Start) -> bool {
    let workflows = &examination.input.repository.workflows;
    start.scenario.event == EventKind::WorkflowRun
        && start.scenario.workflows.iter().any(|name| {
            let own = workflows.iter().position(|workflow| workflow.is_named(name));
            own.is_some_and(|at| examination.starts(at).iter().any(|start| start.scenario.is_check()))
        })
}

fn find_required<'b>(branch: &'b BranchFacts, gate: &CheckGate) -> Option<&'b RequiredCheck> {
    let is_own = |check: &&RequiredCheck| gate.names.iter().any(|name| name_matches(name, &check.context));
    let is_follower =
        |check: &&RequiredCheck| gate.followers.iter().any(|name| name_matches(name, &check.context));
    branch.checks.iter().find(is_own).or_else(|| branch.checks.iter().find(is_follower))
}

/// Returns the trigger of the gate for pull requests: of its workflow or the one that calls it.
fn trigger<'e>(examination: &Examination<'e>, gate: &CheckGate) -> Option<&'e Trigger> {
    let outer = gate.start.callers.first().map_or(gate.place.0, |caller| caller.0);
    let event = gate.start.scenario.event_name();
    examination.workflow(outer).triggers.iter().find(|trigger| trigger.event == event)
}

/// Returns `true` if the gate answers pull requests to a branch.
fn answers(examination: &Examination<'_>, gate: &CheckGate, branch: &str) -> bool {
    trigger(examination, gate).is_none_or(|trigger| takes_branch(trigger, branch))
}

fn takes_branch(trigger: &Trigger, branch: &str) -> bool {
    if let Some(ignored) = trigger.filter("branches-ignore") {
        return !ignored.iter().any(|pattern| branch_matches(pattern, branch));
    }
    let Some(patterns) = trigger.filter("branches") else { return true };
    // The last pattern that matches decides.
    patterns.iter().fold(false, |taken, pattern| match pattern.strip_prefix('!') {
        Some(pattern) => taken && !branch_matches(pattern, branch),
        None => taken || branch_matches(pattern, branch),
    })
}

fn branch_matches(pattern: &str, branch: &str) -> bool {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    // A pattern that cannot be read takes every branch, so that nothing is claimed.
    glob.map_or(true, |glob| glob.compile_matcher().is_match(branch))
}

fn not_required(examination: &Examination<'_>, gate: &CheckGate, branch: &BranchFacts) -> Draft {
    let own = gate.names.iter().find(|name| !is_unknown_name(name)).map_or("", String::as_str);
    let reports = shown_name(own);
    let near = nearest(branch, own);
    let hint =
        near.map_or(String::new(), |near| format!("; the nearest required check is `{}`", near.context));
    let problem = format!("branch `{}` does not require the check `{reports}`{hint}", branch.name);
    let line = examination.job(gate.place).line;
    let kind = ("gate-not-required", FindingLevel::Error);
    let draft = examination.about_job(kind, gate.place, line, Some(&gate.start), problem);
    let draft = match near {
        Some(near) => draft.with("nearest", near.context.clone()),
        None => draft,
    };
    draft.with("branch", branch.name.clone()).with("reports", reports.clone()).with("fix-name", reports)
}

/// Returns the required check whose name is most like this one.
fn nearest<'b>(branch: &'b BranchFacts, name: &str) -> Option<&'b RequiredCheck> {
    let likeness = |check: &RequiredCheck| {
        let (left, right) = (name.to_lowercase(), check.context.to_lowercase());
        if right.contains(&left) || left.contains(&right) { 1.0 } else { strsim::jaro_winkler(&left, &right) }
    };
    let best = branch.checks.iter().max_by(|left, right| likeness(left).total_cmp(&likeness(right)));
    best.filter(|check| likeness(check) > 0.7)
}

fn never_reports(
    examination: &Examination<'_>,
    gate: &CheckGate,
    branch: Option<&BranchFacts>,
) -> Option<Draft> {
    let outer = gate.start.callers.first().copied().unwrap_or(gate.place);
    let triggers = &examination.workflow(outer.0).triggers;
    let only_changes =
        ["pull_request", "pull_request_target", "merge_group", "workflow_dispatch", "workflow_call"];
    // Without the rules of the branch, only a workflow that is for pull requests alone is known to be meant as a check.
    if branch.is_none() && !triggers.iter().all(|trigger| only_changes.contains(&trigger.event.as_str())) {
        return None;
    }
    let mut causes: Vec<&str> = Vec::new();
    let own = trigger(examination, gate).filter(|trigger| trigger.event.starts_with("pull_request"));
    if let Some(trigger) = own {
        causes.extend(["paths", "paths-ignore"].into_iter().filter(|name| trigger.filter(name).is_some()));
        let lacks = |types: &[String]| {
            ["opened", "synchronize"].iter().any(|kind| !types.iter().any(|own| own == kind))
        };
        causes.extend(trigger.filter("types").filter(|types| lacks(types)).map(|_| "types"));
        causes.extend(branch.filter(|branch| !takes_branch(trigger, &branch.name)).map(|_| "branches"));
    }
    let has_queue = branch.is_some_and(|branch| branch.has_queue);
    if has_queue && own.is_some() && !triggers.iter().any(|trigger| trigger.event == "merge_group") {
        causes.push("merge_group");
    }
    let job = examination.job(gate.place);
    if job.matrix.is_some()
        && job.condition.is_some()
        && examination.runs(gate.place, &gate.start) != Some(true)
    {
        causes.push("matrix");
    }
    if causes.is_empty() {
        return None;
    }
    causes.sort_unstable();
    let line = own.map_or(job.line, |trigger| trigger.line);
    let name = gate.names.first().map_or(String::new(), |name| shown_name(name));
    let problem = format!("the check `{name}` is not reported for every pull request: {}", causes.join(", "));
    let kind = ("gate-check-never-reports", FindingLevel::Warning);
    Some(examination.about_job(kind, gate.place, line, Some(&gate.start), problem).with("causes", causes))
}

fn bypassable(branch: &BranchFacts, gates: &[CheckGate]) -> Option<Draft> {
    let of_gate = |gate: &CheckGate| {
        let own = find_required(branch, gate);
        own.or_else(|| nearest(branch, gate.names.first().map_or("", String::as_str)))
    };
    let checks: Vec<&RequiredCheck> = gates.iter().filter_map(of_gate).collect();
    let open = checks.iter().find(|check| !check.has_source);
    let mut how: Vec<&str> = open.iter().map(|_| "any-source").collect();
    if !branch.bypass.is_empty() && !checks.is_empty() {
        how.push("bypass-actors");
    }
    let check = open.or(checks.first()).filter(|_| !how.is_empty())?;
    let mut parts: Vec<String> =
        open.iter().map(|check| format!("the check `{}` may come from any app", check.context)).collect();
    if how.contains(&"bypass-actors") {
        parts.push(format!("{} may always bypass it", branch.bypass.join(", ")));
    }
    let draft = Draft {
        id: "gate-bypassable",
        level: FindingLevel::Warning,
        file: format!(".ruleset/{}", branch.name),
        line: 0,
        job: None,
        way: format!("merge → branch {}", branch.name),
        problem: parts.join("; "),
        details: Default::default(),
    };
    Some(draft.with("how", how).with("context", check.context.clone()))
}
