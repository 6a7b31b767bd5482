//! `check`: collect, evaluate, report, exit.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use crate::evidence::Evidence;
use crate::exit::Exit;
use crate::github::{Usage, percent_encode};
use crate::model::Snapshot;
use crate::output::escape::guard;
use crate::output::{COMMENT_LIMIT, Format, RenderOptions, annotations, render, write_json};
use crate::policy::Policy;
use crate::publish::evaluated_commit::is_full_sha;
use crate::report::{BasePolicyState, Cost, Header, Report, RunLinks, Verdict, build_report};
use crate::verdict::evaluate_policy;

use super::base_policy::{BasePolicy, read_deciding_policy};
use super::candidate::{choose_candidate, require_known_event};
use super::evaluation_time::evaluation_time;
use super::gather::{Collected, collect_evidence};
use super::output_file::{write_outputs, write_report, write_whole};
use super::policy_sources::ReadPolicy;
use super::publish::{publish_candidate_draft, publish_report, set_verdict_status};
use super::workflow_run::resolve_pull_request;
use super::workspace::{gate_id, in_workspace};
use super::{Failure, Run, no_verdict};
use crate::assemble::{assemble, statuses_by_line};
use crate::options::{CheckOptions, CommentPlace, FailOn};

/// Checks a release. Without a verdict, it publishes the reason in the place of the verdict.
pub fn check_release(mut options: CheckOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    name_gate(&mut options, run);
    let mut is_published = false;
    let result = check_and_publish(&options, &mut is_published, run);
    if let Err(failure) = &result
        && !is_published
    {
        no_verdict::publish(&options, failure, run);
    }
    result
}

/// Names a gate without a name by its policy, if it writes something that another gate could overwrite.
fn name_gate(options: &mut CheckOptions, run: &Run<'_>) {
    // Two gates of one repository share a pull request. Without an id, each would overwrite the
    // comment of the other.
    if options.status || (run.env)("GITHUB_ACTIONS").as_deref() == Some("true") {
        options.id.get_or_insert_with(|| gate_id(&options.sources.policy, run));
    }
}

/// Publishes in the place of a verdict why there is none.
pub fn publish_refusal(mut options: CheckOptions, failure: &Failure, run: &mut Run<'_>) {
    name_gate(&mut options, run);
    // If the context cannot be read, nothing says where to write.
    if run.read_context().is_ok() {
        // The run has failed already. A second failure would hide the first one.
        drop(resolve_pull_request(&options.sources, run));
    }
    no_verdict::publish(&options, failure, run);
}

/// Collects, evaluates and publishes. Sets `is_published` as soon as people can read the verdict.
fn check_and_publish(
    options: &CheckOptions,
    is_published: &mut bool,
    run: &mut Run<'_>,
) -> Result<Exit, Failure> {
    run.read_context()?;
    require_known_event(&options.sources, run)?;
    // An evaluation of a snapshot without a comment needs no request, so it works without a token.
    if options.sources.snapshots.is_empty() || options.comment != CommentPlace::None {
        resolve_pull_request(&options.sources, run)?;
    }
    let tag = choose_candidate(&options.sources, run).tag;
    // Before anything is collected: collecting can take minutes.
    if options.publish && tag.is_none() {
        return Err(Failure::Usage("--publish needs to know the release: give --release TAG".into()));
    }
    let files = options.files.files().map_err(Failure::Usage)?;
    if let Some(file) = files.iter().find(|file| options.report_file.as_ref() == Some(&file.path)) {
        let path = file.path.display();
        return Err(Failure::Usage(format!(
            "--report-file and another output are written to {path}: name two files"
        )));
    }
    let has_page = options.format.needs_page() || files.iter().any(|file| file.format.needs_page());
    let mut report = evaluate_by_deciding_policy(options, has_page, run)?;
    report.links = run_links(options, &report, run);
    print_report(options.format, &report, run)?;
    let report_file = write_report_file(options, &report, run)?;
    write_outputs(&files, &report, run)?;
    let exit = exit(options.fail_on, report.dry_run, report.verdict);
    let mut url = String::new();
    if let Some(ci) = &run.ci {
        // A document for a machine stays one document.
        if options.format.is_for_people() {
            write!(run.out, "{}", annotations(&report)).context("failed to write the annotations")?;
        }
        url = publish_report(options, &report, report_file.as_deref(), ci, run);
    }
    // From here on people can read the verdict. A later failure must not replace it with "no
    // verdict".
    *is_published = true;
    if options.status {
        set_verdict_status(options, &report, exit, &url, run);
    }
    if let Some(tag) = tag.filter(|_| options.publish) {
        publish_candidate_draft(options, &report, &tag, run)?;
    }
    Ok(exit)
}

/// Evaluates by the policy of the base branch if it has another one, and then also by that of the pull request, which decides
/// nothing.
fn evaluate_by_deciding_policy(
    options: &CheckOptions,
    has_page: bool,
    run: &Run<'_>,
) -> Result<Report, Failure> {
    let deciding = read_deciding_policy(&options.sources.policy, run)?;
    let evaluated_at = evaluation_time(options.time.now, run)?;
    // Each policy collects its own evidence: it asks for its own labels, and a gap of one must not fail the other.
    let by = |read: &ReadPolicy| -> Result<Report, Failure> {
        let collected = collect_evidence(&options.sources, None, read, run)?;
        let header = header(options, has_page, collected.usage);
        Ok(evaluate_collected(header, read, collected, evaluated_at, run))
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

/// Evaluates what was collected. The report has the data of a page if the header asks for it.
pub fn evaluate_collected(
    header: Header,
    read: &ReadPolicy,
    collected: Collected,
    evaluated_at: Timestamp,
    run: &Run<'_>,
) -> Report {
    // Deciding every status again in each release line takes as long as the evaluation.
    let lines = if header.page { statuses_by_line(&collected.snapshot, &read.policy) } else { Vec::new() };
    let (mut evidence, _) = collected.assemble(&read.policy, None, run);
    evidence.lines = lines;
    let mut report = evaluate_evidence(header, &read.policy, evidence, evaluated_at);
    report.warnings.extend_from_slice(&read.warnings);
    report.policy_digest = Some(read.digest);
    report
}

/// Evaluates a snapshot, which has the origins of its defects.
pub fn evaluate_snapshot(
    header: Header,
    policy: &Policy,
    snapshot: Snapshot,
    evaluated_at: Timestamp,
) -> Report {
    evaluate_evidence(header, policy, assemble(snapshot, policy), evaluated_at)
}

/// Evaluates the evidence: the pure part of the run.
///
/// Waivers apply or have expired at `evaluated_at`, which for an old snapshot is later than its collection.
fn evaluate_evidence(header: Header, policy: &Policy, evidence: Evidence, evaluated_at: Timestamp) -> Report {
    evaluate_with_evidence(header, policy, evidence, evaluated_at).1
}

/// Evaluates the evidence, and returns it with the report, for commands that show more than a report has.
pub fn evaluate_with_evidence(
    header: Header,
    policy: &Policy,
    mut evidence: Evidence,
    evaluated_at: Timestamp,
) -> (Evidence, Report) {
    evidence.evaluated_at = evaluated_at;
    evidence.forget_texts();
    let judgement = evaluate_policy(policy, &evidence);
    let has_page = header.page;
    let report = build_report(header, policy, &evidence, &judgement);
    let report = if has_page { report.with_page(policy, &evidence, &judgement) } else { report };
    (evidence, report)
}

/// Prints the report on standard output. The runner of a workflow takes lines that look like commands for commands, so
/// there a format that may have such a line is guarded; the others are safe by themselves.
pub fn print_report(format: Format, report: &Report, run: &mut Run<'_>) -> Result<(), Failure> {
    let options = RenderOptions { text: run.text, markdown_limit: COMMENT_LIMIT };
    let may_command = match format {
        Format::Text | Format::Markdown | Format::Html | Format::Csv | Format::OpenMetrics => true,
        Format::Json
        | Format::Annotations
        | Format::Sarif
        | Format::Junit
        | Format::Badge
        | Format::Shields
        | Format::Slack
        | Format::Teams
        | Format::CodeQuality => false,
    };
    let written = if may_command && run.ci.is_some() {
        let text = render(format, report, &options).context("failed to render the report")?;
        run.out.write_all(guard(&text).as_bytes())
    } else {
        let mut out = BufWriter::new(&mut run.out);
        write_report(format, report, &options, &mut out).and_then(|()| out.flush())
    };
    Ok(written.context("failed to write the report to standard output")?)
}

/// Returns the addresses of the run, the evaluated commit and the policy. `None` outside of a workflow.
fn run_links(options: &CheckOptions, report: &Report, run: &Run<'_>) -> Option<RunLinks> {
    let ci = run.ci.as_ref()?;
    let page = format!("{}/{}", ci.server_url, ci.repository);
    let head = report.candidate.as_ref().and_then(|candidate| candidate.head.as_deref());
    // A snapshot or `--repo` may be about another repository than the workflow's.
    let head = head.filter(|head| is_full_sha(head) && report.repository.as_ref() == Some(&ci.repository));
    // The evaluated commit has the policy of the checkout. The base branch's policy may decide instead.
    let base = report.base_policy.as_ref().map(|base| base.state);
    let is_own = matches!(base, None | Some(BasePolicyState::Absent));
    let policy = in_workspace(&options.sources.policy, run).filter(|_| is_own);
    let policy = policy.map(|path| path.split('/').map(percent_encode).collect::<Vec<_>>().join("/"));
    Some(RunLinks {
        run: ci.run_url.clone()?,
        commit: head.map(|head| format!("{page}/commit/{head}")),
        policy: head.zip(policy).map(|(head, policy)| format!("{page}/blob/{head}/{policy}")),
    })
}

/// Returns the header of the report.
fn header(options: &CheckOptions, has_page: bool, usage: Option<Usage>) -> Header {
    Header {
        id: options.gate_id().to_owned(),
        dry_run: options.dry_run,
        policy: options.sources.policy.display().to_string(),
        cost: cost_line(usage),
        page: has_page,
    }
}

/// Returns the cost of the run.
pub fn cost_line(usage: Option<Usage>) -> Option<Cost> {
    usage.map(|usage| Cost { requests: usage.requests, points: usage.points })
}

/// Writes the report as JSON where it was asked for, or where a workflow can pick it up.
fn write_report_file(
    options: &CheckOptions,
    report: &Report,
    run: &Run<'_>,
) -> Result<Option<PathBuf>, Failure> {
    let in_workflow = || {
        // The runner empties this folder after the job, and no `git status` sees it.
        let folder = run.ci.as_ref().and_then(|_| run.variable(&["RUNNER_TEMP"]))?;
        Some(Path::new(&folder).join(format!("escape-gate-{}.json", file_name(options.gate_id()))))
    };
    let Some(path) = options.report_file.as_ref().map(|path| run.folder.join(path)).or_else(in_workflow)
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

/// The exit code of a verdict by itself.
pub fn exit_of(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Pass | Verdict::Warn | Verdict::Waived => Exit::Success,
        Verdict::Unknown => Exit::Unknown,
        Verdict::Fail => Exit::Fail,
    }
}

/// The exit code for a verdict, as far as the run was asked to block.
fn exit(fail_on: FailOn, dry_run: bool, verdict: Verdict) -> Exit {
    let blocked = exit_of(verdict);
    if dry_run {
        return Exit::Success;
    }
    match fail_on {
        FailOn::Never => Exit::Success,
        // For teams that introduce the gate: missing evidence is shown, and does not block yet.
        FailOn::Fail if blocked == Exit::Unknown => Exit::Success,
        FailOn::Fail | FailOn::Unknown => blocked,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_what_was_asked_for_makes_a_verdict_harmless() {
        for (fail_on, dry_run, unknown, fail) in [
            (FailOn::Unknown, false, 3, 10),
            (FailOn::Fail, false, 0, 10),
            (FailOn::Never, false, 0, 0),
            (FailOn::Unknown, true, 0, 0),
        ] {
            assert_eq!(exit(fail_on, dry_run, Verdict::Unknown).code(), unknown);
            assert_eq!(exit(fail_on, dry_run, Verdict::Fail).code(), fail);
            assert_eq!(exit(fail_on, dry_run, Verdict::Warn).code(), 0);
        }
    }
}
