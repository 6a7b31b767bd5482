//! Permissions that the gate needs and does not have: finding 20.

use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::examination::{Examination, JobPlace};
use super::super::gate::{Gate, GateToken};
use super::super::workflow::Permissions;

/// Returns the findings.
pub fn find(examination: &Examination<'_>) -> Vec<Draft> {
    examination.own_gates().filter_map(|gate| short(examination, gate)).collect()
}

fn short(examination: &Examination<'_>, gate: &Gate) -> Option<Draft> {
    // A snapshot needs no network, and another token has its own permissions.
    if gate.settings.snapshot.is_some() || gate.settings.token == GateToken::Other {
        return None;
    }
    let place = (gate.workflow, gate.job);
    let mut needed: Vec<(&str, &str)> = vec![
        ("contents", if gate.settings.publishes { "write" } else { "read" }),
        ("issues", "read"),
        ("pull-requests", "read"),
    ];
    if gate.settings.has_status {
        needed.push(("statuses", "write"));
    }
    if examination.policy(gate).is_some_and(|policy| policy.needs_deployments) {
        needed.push(("deployments", "read"));
    }
    let declared = declared(examination, place, &mut Vec::new());
    let missing: Vec<String> = needed
        .into_iter()
        .filter(|(what, level)| declared.iter().any(|permissions| !permissions.allows(what, level)))
        .map(|(what, level)| format!("{what}: {level}"))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let list = missing.join(", ");
    let problem = format!("the job token lacks {list}");
    let draft = examination.about_gate(("permissions-short", FindingLevel::Warning), gate, problem);
    let line = examination.job(place).line;
    Some(
        Draft { line, file: examination.workflow(place.0).path.clone(), ..draft }
            .with("missing", missing)
            .with("fix-name", list),
    )
}

/// Returns the declared permissions that bound the token: of the job or its workflow, and of each job that calls it.
fn declared<'a>(
    examination: &Examination<'a>,
    place: JobPlace,
    seen: &mut Vec<JobPlace>,
) -> Vec<&'a Permissions> {
    let own = examination.job(place).permissions.as_ref();
    let mut out: Vec<&Permissions> =
        own.or(examination.workflow(place.0).permissions.as_ref()).into_iter().collect();
    if !seen.contains(&place) {
        seen.push(place);
        for caller in examination.input.repository.callers(place.0) {
            out.extend(declared(examination, caller, seen));
        }
    }
    out
}
