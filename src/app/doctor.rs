//! `doctor`: reads workflows, policies and GitHub's answers, and prints the ways around the gate.

mod files;
mod ignores;
mod policies;
mod server;

use crate::doctor::examination::ExaminationInput;
use crate::doctor::gate::{NamedPlace, find_gates};
use crate::doctor::{examine, text_comments, workflow_comments};
use crate::exit::Exit;
use crate::options::{DoctorFormat, DoctorLevel, DoctorOptions};
use crate::output::{doctor_annotations, doctor_markdown, doctor_sarif, doctor_text, to_json};
use crate::report::{DoctorReport, FindingLevel, NotKnown};

use super::clone::top_above;
use super::policy_files::Checkout;
use super::{Failure, Run};
use ignores::BaseBranch;

/// Examines the gate of a repository.
///
/// # Errors
/// If an option is wrong, or there is no workflow or no gate.
pub fn examine_gate(options: &DoctorOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.read_context()?;
    let mut root = run.folder.join(&options.path);
    // GitHub reads workflows at the top only.
    if !root.join(".github/workflows").exists()
        && let Some(top) = top_above(&root, run)
    {
        (run.log)(&format!("examining {}, the top of this clone", top.display()));
        root = top;
    }
    let places = |texts: &[String]| -> Result<Vec<NamedPlace>, Failure> {
        texts.iter().map(|text| NamedPlace::read(text).map_err(Failure::Usage)).collect()
    };
    let (named, publishes) = (places(&options.gates)?, places(&options.publishes)?);
    let checkout = Checkout::around(&root);
    let mut not_known: Vec<NotKnown> = Vec::new();
    let repository = files::read_repository(&checkout, &options.path, &mut not_known)?;
    for place in &publishes {
        place.find(&repository).map_err(|why| Failure::Usage(format!("--publishes: {why}")))?;
    }
    let mut gates = find_gates(&repository);
    for place in &named {
        gates.push(place.gate(&repository).map_err(|why| Failure::Usage(format!("--gate: {why}")))?);
    }
    if gates.is_empty() {
        return Err(no_gate(&not_known));
    }
    not_known.extend(files::unknown_calls(&repository));
    let answers = server::Answers::open(options, &root, run)?;
    let policies = policies::read_policies(&gates, &root, &answers, run, &mut not_known);
    let facts = answers.read(&options.branches, &mut not_known);
    let owners = files::read_owners(&checkout, &mut not_known);
    let mut ignores: Vec<_> = repository.workflows.iter().flat_map(workflow_comments).collect();
    for (path, text) in policies.texts.iter().chain(owners.iter().map(|file| (&file.path, &file.text))) {
        ignores.extend(text_comments(path, text));
    }
    ignores.extend(policies.ignores);
    if let Some(base) = BaseBranch::of(options.repository.as_deref(), run) {
        let paths = policies.texts.into_keys().collect();
        ignores = base.hold(ignores, &paths, &root, run, &mut not_known);
    }
    let input = ExaminationInput {
        repository,
        gates,
        publishes,
        policies: policies.facts,
        owners,
        server: facts,
        has_path: &|path| root.join(path).exists(),
        today: run.now.strftime("%Y-%m-%d").to_string(),
    };
    let (least, fail_on) = (level(options.least), level(options.fail_on));
    let mut report = examine(&input, &ignores, least.min(fail_on), not_known);
    let exit = exit(&report, fail_on);
    report.findings.retain(|finding| finding.level >= least);
    if run.ci.is_some() {
        (run.notice)(&doctor_annotations(&report));
    }
    print(&report, options.format, run)?;
    Ok(exit)
}

fn no_gate(not_known: &[NotKnown]) -> Failure {
    let unread: Vec<&str> =
        not_known.iter().filter(|one| one.unread).map(|one| one.subject.as_str()).collect();
    let unread = match unread.is_empty() {
        true => String::new(),
        false => format!(" (not read: {})", unread.join(", ")),
    };
    Failure::Usage(format!(
        "no workflow runs Escape Gate{unread}: add the gate with `escape-gate init`, or name the job that is your gate, for \
         example --gate ci.yml:test"
    ))
}

fn level(level: DoctorLevel) -> FindingLevel {
    match level {
        DoctorLevel::Error => FindingLevel::Error,
        DoctorLevel::Warning => FindingLevel::Warning,
        DoctorLevel::Note => FindingLevel::Note,
    }
}

fn print(report: &DoctorReport, format: DoctorFormat, run: &mut Run<'_>) -> Result<(), Failure> {
    match format {
        DoctorFormat::Text => run.print_text(&doctor_text(report)),
        DoctorFormat::Json => run.write_out(&to_json(report)),
        DoctorFormat::Sarif => run.write_out(&to_json(&doctor_sarif(report))),
        DoctorFormat::Markdown => run.print_text(&doctor_markdown(report)),
    }
}

/// A finding outweighs what could not be read.
fn exit(report: &DoctorReport, fail_on: FindingLevel) -> Exit {
    if report.has_finding(fail_on) {
        Exit::Fail
    } else if report.not_known.iter().any(|one| one.unread) {
        Exit::Unknown
    } else {
        Exit::Success
    }
}
