//! `check`: gather, judge, report, exit.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use crate::ci;
use crate::exit::Exit;
use crate::github::Usage;
use crate::model::Snapshot;
use crate::output::escape::guard;
use crate::output::{COMMENT_LIMIT, Format, RenderOptions, TextOptions, annotations, render, write_json};
use crate::policy::Policy;
use crate::report::{Cost, Header, Outcome, Report, build};
use crate::verdict::judge;

use super::base_policy::{BasePolicy, Deciding, deciding_policy};
use super::candidate::candidate;
use super::evaluation_time::evaluation_time;
use super::follow::follow;
use super::gather::gather;
use super::library::ReadPolicy;
use super::publish::{publish, set_verdict_status, ship};
use super::workspace::gate_id;
use super::{Check, CommentTo, FailOn, Failure, World, assemble, no_verdict, read_context};

/// Runs the main job. Where it comes to no verdict, it says so in the place of the verdict.
pub fn run(mut check: Check, world: &mut World<'_>) -> Result<Exit, Failure> {
    name_gate(&mut check, world);
    let mut ci = None;
    let mut is_published = false;
    let result = evaluate(&check, &mut ci, &mut is_published, world);
    if let Err(failure) = &result
        && !is_published
    {
        no_verdict::publish(&check, failure, ci.as_ref(), world);
    }
    result
}

/// Names a gate that has no name by its policy, where it writes anything that another gate could overwrite.
fn name_gate(check: &mut Check, world: &World<'_>) {
    if check.status || (world.env)("GITHUB_ACTIONS").as_deref() == Some("true") {
        check.id.get_or_insert_with(|| gate_id(&check.sources.policy, world));
    }
}

/// Says, in the place of a verdict, why there is none.
pub fn refuse(mut check: Check, failure: &Failure, world: &World<'_>) {
    name_gate(&mut check, world);
    // A context that cannot be read is no place to write to.
    let mut ci = read_context(world).ok().flatten();
    if let Some(ci) = &mut ci {
        drop(follow(ci, &check.sources, check.verbose, world));
    }
    no_verdict::publish(&check, failure, ci.as_ref(), world);
}

/// Gathers, judges, reports. Sets the workflow as soon as it is known, and that the verdict is published.
fn evaluate(
    check: &Check,
    ci: &mut Option<ci::ActionsContext>,
    is_published: &mut bool,
    world: &mut World<'_>,
) -> Result<Exit, Failure> {
    *ci = read_context(world)?;
    if let Some(ci) = ci
        && (check.sources.snapshots.is_empty() || check.comment != CommentTo::Nowhere)
    {
        follow(ci, &check.sources, check.verbose, world)?;
    }
    let ci = ci.as_ref();
    let tag = candidate(&check.sources, ci).tag;
    if check.publish && tag.is_none() {
        return Err(Failure::Usage("--publish needs to know the release: give --release TAG".into()));
    }
    let deciding = deciding_policy(&check.sources, ci, check.verbose, world)?;
    let report = by_deciding_policy(check, deciding, ci, world)?;
    let text = TextOptions { color: check.color, ..TextOptions::default() };
    print(check.format, &report, text, ci.is_some(), world)?;
    let report_file = write_report(check, &report, ci, world)?;
    let exit = exit(check.fail_on, report.dry_run, report.verdict);
    let mut url = String::new();
    if let Some(ci) = ci {
        // A document for a machine stays one document.
        if matches!(check.format, Format::Text | Format::Markdown) {
            write!(world.out, "{}", annotations(&report)).context("failed to write the annotations")?;
        }
        url = publish(check, &report, report_file.as_deref(), ci, world);
    }
    *is_published = true;
    if check.status {
        set_verdict_status(check, &report, exit, &url, ci, world);
    }
    if let Some(tag) = tag.filter(|_| check.publish) {
        ship(check, &report, &tag, ci, world)?;
    }
    Ok(exit)
}

/// Collects the evidence and evaluates it: by the policy of the base branch where there is another one, and then also by that
/// of the pull request, which decides nothing.
fn by_deciding_policy(
    check: &Check,
    deciding: Deciding,
    ci: Option<&ci::ActionsContext>,
    world: &World<'_>,
) -> Result<Report, Failure> {
    let evaluated_at = evaluation_time(check.now, ci, world)?;
    let by = |read: &ReadPolicy| -> Result<Report, Failure> {
        let (snapshot, usage) = gather(&check.sources, None, read, ci, check.verbose, world)?;
        let mut report = decide(header(check, usage), &read.policy, snapshot, evaluated_at);
        report.warnings.extend_from_slice(&read.warnings);
        Ok(report)
    };
    let own = by(&deciding.own)?;
    Ok(match deciding.base {
        BasePolicy::Same => own,
        BasePolicy::Absent(branch) => own.without_base(&branch),
        BasePolicy::Changed(branch, base) => by(&base)?.decided_by_base(&branch, &own),
        BasePolicy::AtDefaultPath(branch, base) => own.worse_of(&branch, by(&base)?),
        BasePolicy::Unread(branch, why) => own.with_unread_base(&branch, &why),
    })
}

/// From what was gathered to what an output may see: the pure part of the run.
///
/// Exceptions hold or have ended at the time of evaluation, which for old evidence is later than that was collected.
pub fn decide(header: Header, policy: &Policy, snapshot: Snapshot, evaluated_at: Timestamp) -> Report {
    let mut evidence = assemble(snapshot, policy);
    evidence.evaluated_at = evaluated_at;
    evidence.forget_texts();
    let judgement = judge(policy, &evidence);
    build(header, policy, &evidence, &judgement)
}

/// Prints the report on standard output. The runner of a workflow takes lines that look like commands for commands, so
/// there the formats for people are guarded; the others are safe by themselves.
pub fn print(
    format: Format,
    report: &Report,
    text: TextOptions,
    in_workflow: bool,
    world: &mut World<'_>,
) -> Result<(), Failure> {
    let options = RenderOptions { text, markdown_limit: COMMENT_LIMIT };
    let written = match format {
        // A report of everything that ever escaped may be long: its text is never held.
        Format::Json => {
            let mut out = BufWriter::new(&mut world.out);
            write_json(report, &mut out).and_then(|()| out.flush())
        }
        Format::Text | Format::Markdown if in_workflow => {
            world.out.write_all(guard(&render(format, report, &options)).as_bytes())
        }
        Format::Text | Format::Markdown | Format::Annotations => {
            world.out.write_all(render(format, report, &options).as_bytes())
        }
    };
    Ok(written.context("failed to write the report to standard output")?)
}

/// What the report says about the run.
fn header(check: &Check, usage: Option<Usage>) -> Header {
    Header {
        id: check.gate_id().to_owned(),
        dry_run: check.dry_run,
        policy: check.sources.policy.display().to_string(),
        cost: usage.map(|usage| Cost { requests: usage.requests, points: usage.points }),
    }
}

/// Writes the report as JSON where it was asked for, or where a workflow can pick it up.
fn write_report(
    check: &Check,
    report: &Report,
    ci: Option<&ci::ActionsContext>,
    world: &World<'_>,
) -> Result<Option<PathBuf>, Failure> {
    let in_workflow = || {
        let folder = ci.and_then(|_| world.variable(&["RUNNER_TEMP"]))?;
        Some(Path::new(&folder).join(format!("escape-gate-{}.json", file_name(check.gate_id()))))
    };
    let Some(path) = check.report_file.as_ref().map(|path| world.folder.join(path)).or_else(in_workflow)
    else {
        return Ok(None);
    };
    write_whole(&path, |file| write_json(report, file))
        .with_context(|| format!("failed to write the report to {}", path.display()))?;
    Ok(Some(path))
}

/// The id of a gate in the name of a file. Two ids never have one name.
fn file_name(id: &str) -> String {
    let name: String = id.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    if id.chars().all(|c| c.is_alphanumeric() || c == '-') {
        return name;
    }
    format!("{name}-{:016x}", xxh3_64(id.as_bytes()))
}

/// Writes a file. Where that fails, half of it is not left for whoever looks at it next; a device or a pipe stays.
fn write_whole(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let written = fill(&mut file).and_then(|()| file.flush());
    drop(file);
    if written.is_err() && fs::symlink_metadata(path).is_ok_and(|about| about.is_file()) {
        // The failure to report is the first one.
        let _ = fs::remove_file(path);
    }
    written
}

/// The exit code of a verdict by itself.
pub fn exit_of(verdict: Outcome) -> Exit {
    match verdict {
        Outcome::Pass | Outcome::Warn | Outcome::Waived => Exit::Success,
        Outcome::Unknown => Exit::Unknown,
        Outcome::Fail => Exit::Fail,
    }
}

/// The exit code for a verdict, as far as the run was asked to block.
fn exit(fail_on: FailOn, dry_run: bool, verdict: Outcome) -> Exit {
    let blocked = exit_of(verdict);
    if dry_run {
        return Exit::Success;
    }
    match fail_on {
        FailOn::Never => Exit::Success,
        FailOn::Fail if blocked == Exit::Unknown => Exit::Success,
        FailOn::Fail | FailOn::Unknown => blocked,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn half_a_report_is_not_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        write_whole(&path, |file| file.write_all(b"{}")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"{}");
        let full = |file: &mut BufWriter<File>| {
            file.write_all(&[b' '; 100_000])?;
            Err(io::Error::other("the disk is full"))
        };
        assert_eq!(write_whole(&path, full).unwrap_err().to_string(), "the disk is full");
        assert!(!path.exists());
    }

    #[test]
    fn only_what_was_asked_for_makes_a_verdict_harmless() {
        for (fail_on, dry_run, unknown, fail) in [
            (FailOn::Unknown, false, 3, 10),
            (FailOn::Fail, false, 0, 10),
            (FailOn::Never, false, 0, 0),
            (FailOn::Unknown, true, 0, 0),
        ] {
            assert_eq!(exit(fail_on, dry_run, Outcome::Unknown).code(), unknown);
            assert_eq!(exit(fail_on, dry_run, Outcome::Fail).code(), fail);
            assert_eq!(exit(fail_on, dry_run, Outcome::Warn).code(), 0);
        }
    }
}
