//! Publishing steps that are not behind the gate: findings 1 to 4, and 10 as far as publishing needs the aggregate.

use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::coverage::Hole;
use super::super::examination::{Examination, JobPlace, Start};
use super::super::publish_path::Publisher;
use super::super::publishing::Certainty;
use super::super::scenario::EventKind;

/// A publishing step with the hole in front of it.
struct OpenPath {
    publisher: Publisher,
    /// Job that the finding is about.
    place: JobPlace,
    line: usize,
    hole: Hole,
    start: Start,
    events: Vec<String>,
}

/// Returns the findings.
pub fn find(examination: &Examination<'_>) -> Vec<Draft> {
    let mut open: Vec<OpenPath> = Vec::new();
    for workflow in 0..examination.input.repository.workflows.len() {
        for start in examination.starts(workflow) {
            for publisher in examination.publishers(workflow, start) {
                add_path(examination, publisher, start, &mut open);
            }
        }
    }
    let mut out: Vec<Draft> = release_events(examination);
    for path in &open {
        if !follows_another(examination, path, &open) {
            out.extend(finding(examination, path));
        }
    }
    out
}

fn add_path(examination: &Examination<'_>, publisher: Publisher, start: &Start, open: &mut Vec<OpenPath>) {
    let Some((place, hole)) = first_hole(examination, &publisher, start) else { return };
    let event = start.scenario.event_name().to_owned();
    let line = if place == publisher.place && publisher.file == examination.workflow(place.0).path {
        publisher.line
    } else {
        examination.job(place).line
    };
    let new = OpenPath { publisher, place, line, hole, start: start.clone(), events: vec![event.clone()] };
    let same = |own: &&mut OpenPath| own.place == new.place && same_kind(&own.hole, &new.hole);
    match open.iter_mut().find(same) {
        Some(own) => {
            if !own.events.contains(&event) {
                own.events.push(event);
            }
            if new.publisher.publication.certainty > own.publisher.publication.certainty {
                let events = std::mem::take(&mut own.events);
                *own = OpenPath { events, ..new };
            }
        }
        None => open.push(new),
    }
}

fn same_kind(left: &Hole, right: &Hole) -> bool {
    std::mem::discriminant(left) == std::mem::discriminant(right)
}

/// Returns the job with the hole: in the workflow of the step, or in one that calls it. `None` if the step is behind a gate.
fn first_hole(
    examination: &Examination<'_>,
    publisher: &Publisher,
    start: &Start,
) -> Option<(JobPlace, Hole)> {
    let mut hole = examination.hole(publisher.place, Some(publisher.position), start)?;
    let mut place = publisher.place;
    // The last caller is the one that calls the workflow of the step.
    for (at, caller) in start.callers.iter().enumerate().rev() {
        if hole != Hole::NoGate {
            break;
        }
        // The caller itself starts by the same event.
        let outer = Start {
            scenario: start.scenario.clone(),
            inputs: start.inputs.clone().filter(|_| at > 0),
            callers: start.callers[..at].to_vec(),
        };
        hole = examination.hole(*caller, None, &outer)?;
        place = *caller;
    }
    if start.scenario.event == EventKind::WorkflowRun && hole == Hole::NoGate {
        let position = Some(publisher.position).filter(|_| place == publisher.place);
        return after_run(examination, place, position, start).map(|hole| (place, hole));
    }
    Some((place, hole))
}

/// A workflow that runs after others is behind the gate if all of those have one, and it asks for their success.
fn after_run(
    examination: &Examination<'_>,
    place: JobPlace,
    position: Option<usize>,
    start: &Start,
) -> Option<Hole> {
    let workflows = &examination.input.repository.workflows;
    let mut gated = start.scenario.workflows.iter().map(|name| {
        let own = workflows.iter().position(|workflow| workflow.is_named(name));
        own.is_some_and(|at| examination.has_gate(at))
    });
    let has_names = !start.scenario.workflows.is_empty();
    if !has_names || !gated.all(|has_gate| has_gate) {
        return Some(Hole::NoGate);
    }
    let trigger =
        examination.workflow(place.0).triggers.iter().find(|trigger| trigger.event == "workflow_run");
    let waits = trigger
        .and_then(|trigger| trigger.filter("types"))
        .is_none_or(|types| types.iter().all(|kind| kind == "completed"));
    if waits && examination.asks_conclusion(place, position, start) {
        return None;
    }
    Some(Hole::IgnoresConclusion)
}

/// One hole gives one finding: a job that needs another one with the same hole is repaired with it.
fn follows_another(examination: &Examination<'_>, path: &OpenPath, open: &[OpenPath]) -> bool {
    if !matches!(path.hole, Hole::NoGate | Hole::NotBehind | Hole::IgnoresConclusion) {
        return false;
    }
    let ancestors = examination.ancestors(path.place);
    open.iter().any(|other| {
        other.place != path.place
            && same_kind(&other.hole, &path.hole)
            && other.publisher.publication.certainty >= path.publisher.publication.certainty
            && ancestors.contains(&other.place)
            && examination.accepted(path.place, other.place, None, &path.start).is_empty()
    })
}

fn finding(examination: &Examination<'_>, path: &OpenPath) -> Option<Draft> {
    let certainty = path.publisher.publication.certainty;
    let level = match certainty {
        Certainty::Certain => FindingLevel::Error,
        Certainty::ByName => FindingLevel::Note,
    };
    let by = &path.publisher.publication.by;
    let may = if certainty == Certainty::Certain { "publishes" } else { "may publish" };
    let job = &examination.job(path.place).id;
    let about =
        |kind, problem| examination.about_job(kind, path.place, path.line, Some(&path.start), problem);
    let gate = gate_name(examination, path.place.0);
    Some(match &path.hole {
        Hole::NoGate => about(
            ("publish-path-without-gate", level),
            format!("job `{job}` {may} (`{by}`), and no gate is in front of it"),
        )
        .with("triggers", path.events.clone()),
        Hole::NotBehind => about(
            ("publish-not-behind-gate", level),
            format!("job `{job}` {may} (`{by}`) and does not need the gate"),
        )
        .with("gate", gate),
        // The author put the job behind the gate, so that its name is proof enough.
        Hole::IgnoresResult { job: loose, accepted } => {
            let name = &examination.job(*loose).id;
            let line =
                examination.job(*loose).condition.as_ref().map_or(path.line, |condition| condition.line);
            let line = if *loose == path.place { line } else { path.line };
            let results = accepted.join(" or ");
            let problem = format!(
                "job `{job}` {may} (`{by}`): job `{name}` runs although the gate has the result {results}"
            );
            examination
                .about_job(
                    ("publish-ignores-result", FindingLevel::Error),
                    path.place,
                    line,
                    Some(&path.start),
                    problem,
                )
                .with("condition", format!("always() && needs.{gate}.result == 'success'"))
                .with("accepted", accepted.clone())
        }
        Hole::IgnoresConclusion => about(
            ("publish-ignores-result", FindingLevel::Error),
            format!("job `{job}` {may} (`{by}`) also after a run that failed"),
        )
        .with("condition", "github.event.workflow_run.conclusion == 'success'"),
        Hole::Aggregate { job: aggregate, accepted } => {
            let start = Some(&path.start);
            super::aggregate::finding(examination, *aggregate, accepted, &gate, start)
        }
        Hole::GateLater(gate) => {
            let line = examination.gates_in(*gate).next().map_or(examination.job(*gate).line, |own| own.line);
            let problem = format!("job `{job}` {may} (`{by}`) before the gate runs");
            examination
                .about_job(("gate-after-publish", level), *gate, line, Some(&path.start), problem)
                .with("how", "order")
        }
    })
}

/// Returns the id of the first job of a workflow that is a gate.
pub fn gate_name(examination: &Examination<'_>, workflow: usize) -> String {
    let jobs = &examination.workflow(workflow).jobs;
    let found = (0..jobs.len()).find(|job| examination.is_gate_job((workflow, *job)));
    found.map_or_else(|| "gate".to_owned(), |job| jobs[job].id.clone())
}

/// Gates that run when the release is public.
fn release_events(examination: &Examination<'_>) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    for gate in examination.input.gates.iter() {
        let place = (gate.workflow, gate.job);
        let trigger =
            examination.workflow(gate.workflow).triggers.iter().find(|trigger| trigger.event == "release");
        let public = ["published", "released", "created"];
        let is_public = |types: Option<&[String]>| {
            types.is_none_or(|types| types.iter().any(|kind| public.contains(&kind.as_str())))
        };
        let Some(trigger) = trigger.filter(|trigger| is_public(trigger.filter("types"))) else { continue };
        let starts = examination.starts(gate.workflow);
        let start = starts.iter().find(|start| {
            start.scenario.event == EventKind::Release && examination.runs(place, start) != Some(false)
        });
        let (Some(start), false) = (start, has_earlier_gate(examination, gate.workflow)) else { continue };
        let problem = "the gate runs when the release is already published".to_owned();
        let kind = ("gate-after-publish", FindingLevel::Error);
        if out.iter().any(|own| own.file == examination.workflow(gate.workflow).path) {
            continue;
        }
        out.push(
            examination
                .about_job(kind, place, trigger.line, Some(start), problem)
                .with("how", "release-event"),
        );
    }
    out
}

/// Returns `true` if another gate decides before a release is published.
fn has_earlier_gate(examination: &Examination<'_>, workflow: usize) -> bool {
    examination.input.gates.iter().any(|gate| {
        let is_other = gate.workflow != workflow;
        let publishes_behind = || {
            examination.starts(gate.workflow).iter().any(|start| {
                start.scenario.event != EventKind::Release
                    && examination.publishers(gate.workflow, start).iter().any(|publisher| {
                        publisher.publication.by.contains("release")
                            && first_hole(examination, publisher, start).is_none()
                    })
            })
        };
        is_other && (gate.settings.publishes || publishes_behind())
    })
}
