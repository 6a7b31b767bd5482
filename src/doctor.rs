//! Examines whether the gate is a gate: the ways in which a release or a merge can pass without it.
//!
//! The examination is a pure function of files and answers of GitHub. It reads workflows into a model
//! ([`workflow`]), finds the gates ([`gate`]) and the steps that publish ([`publishing`]), and asks for each such step whether it
//! can only run behind a gate ([`coverage`]). Conditions are evaluated with three values ([`expression`]): what depends on an
//! input or a label is neither true nor false. Each group of findings is a file of `findings`. Nothing is executed, and nothing
//! is repeated that actionlint or zizmor report.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod catalog;
mod check_name;
pub mod coverage;
pub mod examination;
pub mod expression;
mod findings;
pub mod gate;
mod ignore;
mod publish_path;
pub mod publishing;
pub mod repository;
mod result_check;
pub mod scenario;
pub mod server;
pub mod shell;
mod test_step;
#[cfg(test)]
mod tests;
pub mod workflow;

use crate::report::{DoctorReport, Finding, FindingLevel, NotKnown, WorkflowPlace};

pub use catalog::{FindingKind, KINDS};
use examination::{Examination, ExaminationInput};
pub use ignore::{IgnoreEntry, hold_to_base, text_comments, workflow_comments};

/// The version of the format that `--format json` prints.
const SCHEMA: u32 = 1;

/// Returns the findings at or above a level, with everything that could not be known.
pub fn examine(
    input: &ExaminationInput<'_>,
    ignores: &[IgnoreEntry],
    least: FindingLevel,
    not_known: Vec<NotKnown>,
) -> DoctorReport {
    let examination = Examination::new(input);
    let mut found: Vec<Finding> =
        findings::find_all(&examination).into_iter().map(catalog::Draft::finish).collect();
    sort(&mut found);
    let (mut found, ignored) = ignore::apply_entries(found, ignores, &input.today);
    sort(&mut found);
    let errors = found.iter().filter(|finding| finding.level == FindingLevel::Error).count();
    found.retain(|finding| finding.level >= least);
    let gates = input.gates.iter().map(|gate| WorkflowPlace {
        file: gate.file.clone(),
        line: gate.line,
        job: examination.job((gate.workflow, gate.job)).id.clone(),
        by: gate.by.clone(),
    });
    let publishing: Vec<WorkflowPlace> = examination
        .certain_publishers()
        .into_iter()
        .map(|publisher| WorkflowPlace {
            job: examination.job(publisher.place).id.clone(),
            file: publisher.file,
            line: publisher.line,
            by: publisher.publication.by,
        })
        .collect();
    DoctorReport {
        schema: SCHEMA,
        headline: headline(errors, publishing.is_empty(), ignored.len(), not_known.len()),
        gates: gates.collect(),
        publishing,
        findings: found,
        ignored,
        not_known,
    }
}

/// Orders findings: the most severe first, then by place.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|left, right| {
        let key = |finding: &Finding| (finding.file.clone(), finding.line, finding.id);
        right.level.cmp(&left.level).then_with(|| key(left).cmp(&key(right)))
    });
}

fn headline(errors: usize, publishes_nothing: bool, ignored: usize, not_known: usize) -> String {
    let first = match errors {
        0 => "Found no way around the gate".to_owned(),
        _ => {
            let ways = counted(errors, "way");
            format!("A release or a merge can pass without the gate in {ways}")
        }
    };
    let publishing = if publishes_nothing { "; no step that publishes was found" } else { "" };
    let ignored = match ignored {
        0 => String::new(),
        _ => format!("; {} ignored", counted(ignored, "finding")),
    };
    let unknown = match not_known {
        0 => String::new(),
        _ => format!("; {} could not be known", counted(not_known, "thing")),
    };
    format!("{first}{publishing}{ignored}{unknown}")
}

/// Returns a number with its noun, for example `2 ways`.
fn counted(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}
