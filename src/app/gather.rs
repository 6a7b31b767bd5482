//! Collects one snapshot, from files or from GitHub, and adds test reports.

mod milestones;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use jiff::SignedDuration;
use test_reports::{GlobError, ReadOptions, read_reports};

use crate::classify::detection_phase;
use crate::github::Usage;
use crate::model::{
    Area, Candidate, EarlierTests, Gap, Issue, IssueNumber, IssueState, OriginMethod, Phase, Sha, Snapshot,
    Tag, Warning, same_name,
};
use crate::policy::{LabelPattern, MilestonePattern, Policy, RuleLevel, Variables};
use crate::tracker::github::GitHub;
use crate::tracker::snapshot::{SnapshotFiles, read_snapshot};
use crate::tracker::{CandidateRef, CollectionRequest, ExpectedLabel, Tracker, WantedMilestone};

use super::candidate::choose_candidate;
use super::commit_history::{self, ServerCommits};
use super::connect::{Server, cache_folder, connect, require_token, source_repository};
use super::origins::{self, find_origins};
use super::owners;
use super::policy_sources::ReadPolicy;
use super::progress::Progress;
use super::workflow_run::record_trigger_result;
use super::{Failure, Run};
use crate::assemble::{
    DecisionIn, apply_origins, assemble_without_origins, collection_scope_of, unexplained_outcomes,
};
use crate::evidence::Evidence;
use crate::options::{EvidenceKind, Sources};

/// Age from which a snapshot causes a warning.
// A nightly collection is normal. Older evidence may miss a defect that was reported since.
const STALE: SignedDuration = SignedDuration::from_hours(24);

/// The connection of a run that reads from GitHub.
pub struct LiveServer {
    /// The connection.
    pub server: Server,
    /// All commits of the repository, if they could be read.
    pub commits: Option<ServerCommits>,
}

/// A snapshot whose defects may have no origins yet.
pub struct Collected {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Number of requests; `None` if GitHub was not asked.
    pub usage: Option<Usage>,
    /// All commits of the repository, if they could be read.
    commits: Option<ServerCommits>,
}

impl Collected {
    /// Assembles the evidence with the origins of defects, and decides one issue.
    pub fn assemble(
        self,
        policy: &Policy,
        number: Option<IssueNumber>,
        run: &Run<'_>,
    ) -> (Evidence, Option<DecisionIn>) {
        let Self { mut snapshot, commits, .. } = self;
        let releases = origins::searched_releases(&snapshot, policy);
        let recorded = snapshot.origins.take();
        let (mut evidence, decision) = assemble_without_origins(snapshot, policy, number);
        // Recorded origins stay: an evaluation can be repeated without the commits, with the same result.
        let found = recorded.or_else(|| find_origins(&evidence, &releases, policy, commits, run));
        apply_origins(&mut evidence, found.as_ref(), policy);
        (evidence, decision)
    }
}

/// Collects the evidence for one evaluation.
pub fn collect_evidence(
    sources: &Sources,
    only: Option<EvidenceKind>,
    read: &ReadPolicy,
    run: &Run<'_>,
) -> Result<Collected, Failure> {
    let policy = &read.policy;
    let reads_comments =
        policy.wants_origins() && policy.origin_methods().contains(&OriginMethod::RegressedBy);
    let wants_comments = |issue: &Issue| {
        reads_comments
            && detection_phase(issue, &policy.defects).is_some_and(|(phase, _)| phase == Phase::Escaped)
    };
    let (snapshot, server) = without_origins(sources, only, read, &wants_comments, run)?;
    let usage = server.as_ref().map(|live| live.server.spent(run));
    Ok(Collected { snapshot, usage, commits: server.and_then(|live| live.commits) })
}

/// Collects a snapshot with the origins of its defects, for evaluations in other runs or at other times.
pub fn collect_snapshot(
    sources: &Sources,
    only: Option<EvidenceKind>,
    read: &ReadPolicy,
    run: &Run<'_>,
) -> Result<Snapshot, Failure> {
    let policy = &read.policy;
    let Collected { mut snapshot, commits, .. } = collect_evidence(sources, only, read, run)?;
    if only != Some(EvidenceKind::Tests) && snapshot.origins.is_none() && policy.wants_origins() {
        let releases = origins::searched_releases(&snapshot, policy);
        let (evidence, _) = assemble_without_origins(snapshot.clone(), policy, None);
        snapshot.origins = find_origins(&evidence, &releases, policy, commits, run);
    }
    Ok(snapshot)
}

/// Everything that was asked for: tickets and releases from snapshots or from GitHub, tests from reports. What could
/// not be read is in the snapshot as a gap. Also the way to GitHub and its commits, where it was asked. `wants_comments`
/// says of which tickets GitHub is asked for results of `git bisect` that were posted.
pub fn without_origins(
    sources: &Sources,
    only: Option<EvidenceKind>,
    read: &ReadPolicy,
    wants_comments: &dyn Fn(&Issue) -> bool,
    run: &Run<'_>,
) -> Result<(Snapshot, Option<LiveServer>), Failure> {
    let policy = &read.policy;
    let mut server = None;
    let mut snapshot = match only {
        Some(EvidenceKind::Tests) => Snapshot::empty(run.now),
        Some(EvidenceKind::Issues) | None if sources.snapshots.is_empty() => {
            let (mut snapshot, asked) = from_github(sources, policy, wants_comments, run)?;
            let commits = commit_history::read_into(&mut snapshot, &asked, run);
            server = Some(LiveServer { server: asked, commits });
            snapshot
        }
        Some(EvidenceKind::Issues) | None => from_files(sources, run)?,
    };
    if only != Some(EvidenceKind::Tests) {
        owners::add_owners(&mut snapshot, read.owners.as_ref());
    }
    // With `--only issues`, another job collects the reports with `--only tests`.
    if only == Some(EvidenceKind::Issues) {
        return Ok((snapshot, server));
    }
    snapshot.tests_outcomes.extend(sources.tests_outcome.clone());
    let recorded = snapshot.tests.as_ref().is_some_and(|tests| !tests.files.is_empty());
    // Recorded reports win over the globs of the policy, which would find those of another build on
    // this machine.
    let globs = if sources.reports.is_empty() && !recorded { &policy.reports } else { &sources.reports };
    if !globs.is_empty() {
        let roots = report_roots(sources, run);
        let options = ReadOptions { reruns: policy.reruns, roots, observer: None };
        collect_test_reports(globs, options, &mut snapshot, run)?;
        if let Some(ci) = &run.ci {
            record_trigger_result(&ci.event, &mut snapshot);
        }
    }
    if let Some(path) = &sources.tests_before {
        read_tests_before(path, &mut snapshot, run)?;
    }
    if sources.tests_outcome.is_some() {
        // Now, before a snapshot of another leg brings failed tests that do not explain how this one ended.
        let unexplained = unexplained_outcomes(&snapshot.tests_outcomes, snapshot.tests.as_ref());
        snapshot.gaps.extend(unexplained);
    }
    if !policy.expected_reports.is_empty() {
        // Without a glob of reports none were looked for, and those that the policy expects are missing.
        snapshot.tests.get_or_insert_default();
    }
    Ok((snapshot, server))
}

/// Collects issues, releases and commits from GitHub.
fn from_github(
    sources: &Sources,
    policy: &Policy,
    wants_comments: &dyn Fn(&Issue) -> bool,
    run: &Run<'_>,
) -> Result<(Snapshot, Server), Failure> {
    let repository = source_repository(sources.repository.as_deref(), run)?;
    require_token(run)?;
    let client = connect(run)?;
    let rules = &policy.defects;
    let asked_about = choose_candidate(sources, run);
    let variables = variables(&asked_about);
    let listed = listed_labels(policy, &variables);
    let blocking: Vec<LabelPattern> = rules
        .blocking
        .iter()
        .flat_map(|blocking| blocking.selector.listed_labels())
        .map(|pattern| pattern.bind(&variables))
        .collect();
    let named = policy.expected_labels();
    let matchers: Vec<_> =
        named.iter().map(|pattern| |label: &str| pattern.matches(label).is_some()).collect();
    let expected_labels = expect(&named, &matchers);
    let types = listed_types(policy);
    let named: Vec<&MilestonePattern> = milestones::blocking_milestones(policy).collect();
    let matchers: Vec<_> =
        named.iter().map(|pattern| |title: &str| pattern.accepts(title, &variables)).collect();
    let wanted_milestones: Vec<WantedMilestone<'_>> = named
        .iter()
        .zip(&matchers)
        .map(|(pattern, matches)| WantedMilestone { expected: milestones::expected_title(pattern), matches })
        .collect();
    let all_paths = rules.go_by_path();
    // Reading comments costs requests and permissions, so only a policy that allows overrides pays
    // for it.
    let can_override = policy.rules.iter().any(|rule| rule.level == RuleLevel::Overridable);
    let needs_role = |login: &str| !policy.exceptions.overriders.name(login);
    let follow_ups = policy.exceptions.follow_ups();
    let ask = CollectionRequest {
        wants_label: &|label| listed.iter().any(|pattern| pattern.matches(label).is_some()),
        wants_pull_label: &|label| blocking.iter().any(|pattern| pattern.matches(label).is_some()),
        types: &types,
        milestones: &wanted_milestones,
        can_escape: &|labels, types| {
            let names_one = |pattern: &LabelPattern| {
                // Of a pattern there may be no label yet; a label that is written out was meant to be there.
                !pattern.is_literal() || labels.iter().any(|label| pattern.matches(label).is_some())
            };
            let same = |one: &String| types.iter().any(|other| same_name(one, other));
            rules.escaped.alternatives.iter().any(|one| {
                (one.labels.is_empty() || one.labels.iter().any(names_one))
                    && one.all_labels.iter().all(names_one)
                    && (one.types.is_empty() || one.types.iter().any(same))
            })
        },
        wants_files: &|ticket| {
            // Paths show regression tests of closed defects. For open ones, only areas by path need
            // them.
            let is_closed = ticket.state == IssueState::Closed;
            detection_phase(ticket, rules)
                .is_some_and(|(phase, _)| all_paths || (is_closed && phase == Phase::Escaped))
        },
        wants_comments,
        expected_labels: &expected_labels,
        issues: &follow_ups,
        wants_tag: &|tag| policy.counts_tag(tag),
        tags_only: policy.tag_patterns().next().is_some(),
        candidate: asked_about.clone(),
        overrides: if can_override { Some(&needs_role) } else { None },
        environment: policy.watched_environment(),
        now: run.now,
    };
    let cache = cache_folder(sources, run);
    let tracker = GitHub::new(&client, repository.clone()).with_cache(cache.clone());
    let mut snapshot = tracker.collect(&ask).context("failed to read from GitHub")?;
    snapshot.asked = Some(collection_scope_of(policy));
    snapshot.gaps.extend(milestones::unnamed(policy, &asked_about, &variables));
    Ok((snapshot, Server { client, repository, cache }))
}

/// Returns the values of `{candidate}` and `{line}` in this run.
fn variables(asked: &CandidateRef) -> Variables {
    Variables::of(asked.tag.as_deref().unwrap_or(&asked.name))
}

/// The labels whose lists hold the issues that the policy counts or is blocked by.
fn listed_labels(policy: &Policy, variables: &Variables) -> Vec<LabelPattern> {
    let rules = &policy.defects;
    let blocking = rules.blocking.iter().flat_map(|blocking| blocking.selector.listed_labels());
    let blocking = blocking.map(|pattern| pattern.bind(variables));
    rules.escaped.listed_labels().chain(rules.caught.listed_labels()).cloned().chain(blocking).collect()
}

/// The issue types whose lists hold the issues that the policy counts or is blocked by.
fn listed_types(policy: &Policy) -> Vec<String> {
    let rules = &policy.defects;
    let blocking = rules.blocking.iter().flat_map(|blocking| blocking.selector.listed_types());
    let types: BTreeSet<&String> =
        rules.escaped.listed_types().chain(rules.caught.listed_types()).chain(blocking).collect();
    types.into_iter().cloned().collect()
}

/// Labels that the policy names, as a tracker looks for them.
pub fn expect<'a, M: Fn(&str) -> bool>(
    named: &'a [LabelPattern],
    matchers: &'a [M],
) -> Vec<ExpectedLabel<'a>> {
    let pairs = named.iter().zip(matchers);
    pairs.map(|(pattern, matches)| ExpectedLabel { source: pattern.source(), matches }).collect()
}

/// Tickets, releases and commits, and tests if they hold any, from snapshot files.
///
/// The candidate is theirs. Where the command line or the workflow asks for another one, that takes its place, without
/// commits, and with a gap: what was gathered belongs to the other.
fn from_files(sources: &Sources, run: &Run<'_>) -> Result<Snapshot, Failure> {
    let paths = sources.snapshots.iter().map(|path| run.folder.join(path)).collect();
    let asked = choose_candidate(sources, run);
    let ask = CollectionRequest {
        wants_label: &|_| true,
        wants_pull_label: &|_| false,
        types: &[],
        milestones: &[],
        can_escape: &|_, _| true,
        wants_files: &|_| true,
        wants_comments: &|_| false,
        expected_labels: &[],
        issues: &BTreeSet::new(),
        wants_tag: &|_| true,
        tags_only: false,
        candidate: asked.clone(),
        overrides: None,
        environment: None,
        now: run.now,
    };
    let mut snapshot =
        SnapshotFiles::new(paths).collect(&ask).map_err(|error| Failure::Usage(error.to_string()))?;
    match &snapshot.candidate {
        Some(own) if !is_same(own, &asked) => {
            snapshot.gaps.insert(Gap {
                area: Area::History,
                place: None,
                what: format!(
                    "the evidence was gathered for {}, and this run decides {}",
                    own.name, asked.name
                ),
                remedy: Some("Gather the evidence for what is to be decided (`escape-gate collect`).".into()),
            });
            snapshot.candidate = Some(unread_candidate(asked));
        }
        Some(_) => {}
        None if sources.release.is_some() || sources.candidate.is_some() || run.ci.is_some() => {
            snapshot.candidate = Some(unread_candidate(asked));
        }
        None => {}
    }
    if run.ci.is_some() && run.now.duration_since(snapshot.taken_at) > STALE {
        snapshot.warnings.insert(Warning(format!(
            "the evidence was gathered at {}: what was reported since then is not in it",
            snapshot.taken_at
        )));
    }
    Ok(snapshot)
}

/// `true` if the snapshot is about the requested candidate. The branch or commit of the run is no request.
fn is_same(own: &Candidate, asked: &CandidateRef) -> bool {
    match (asked.pull_request, &asked.tag) {
        (Some(number), _) => own.pull_request == Some(number),
        (None, Some(tag)) => own.tag.as_ref().is_some_and(|own| own.0 == *tag),
        (None, None) => true,
    }
}

/// Returns a candidate whose commits were not read.
fn unread_candidate(asked: CandidateRef) -> Candidate {
    Candidate {
        name: asked.name,
        tag: asked.tag.map(Tag),
        head: asked.head.map(Sha),
        pull_request: asked.pull_request,
        ..Candidate::default()
    }
}

/// Folders beside the workspace in which absolute globs may find reports.
fn report_roots(sources: &Sources, run: &Run<'_>) -> Vec<PathBuf> {
    let temporary = run.variable(&["RUNNER_TEMP"]).map(PathBuf::from);
    let named = sources.report_roots.iter().map(|folder| run.folder.join(folder));
    temporary.into_iter().chain(named).collect()
}

/// Reads the number of tests of an earlier snapshot into this one.
fn read_tests_before(path: &Path, snapshot: &mut Snapshot, run: &Run<'_>) -> Result<(), Failure> {
    let earlier = read_snapshot(&run.folder.join(path)).map_err(|error| Failure::Usage(error.to_string()))?;
    let name = earlier.candidate.map_or_else(|| earlier.taken_at.to_string(), |candidate| candidate.name);
    match earlier.tests.filter(|tests| !tests.files.is_empty()) {
        Some(tests) => {
            snapshot.tests_before = Some(EarlierTests { name, total: tests.totals().total });
        }
        None => {
            snapshot.gaps.insert(Gap {
                area: Area::Tests,
                place: Some(path.display().to_string()),
                what: "the snapshot of the previous release holds no test reports".into(),
                remedy: Some("Collect it with `escape-gate collect` and the reports of that release.".into()),
            });
        }
    }
    Ok(())
}

/// Describes a glob that cannot be used, with the option that lets it be.
pub fn glob_error(error: &GlobError) -> String {
    match error {
        GlobError::Malformed { .. } => error.to_string(),
        GlobError::Outside { glob, folder } => format!(
            "the glob `{glob}` cannot be used: it is absolute and lies outside of the workspace, of `RUNNER_TEMP` and \
             of the folders that `--reports-root` names; write it from the workspace on, or add \
             `--reports-root {folder}`"
        ),
    }
}

/// Reads test reports into the snapshot.
fn collect_test_reports(
    globs: &[String],
    mut options: ReadOptions,
    snapshot: &mut Snapshot,
    run: &Run<'_>,
) -> Result<(), Failure> {
    let progress = Arc::new(Progress::new(run));
    options.observer = Some(Arc::clone(&progress) as _);
    let read = read_reports(&run.folder, globs, &options).map_err(|error| {
        let error = glob_error(&error);
        Failure::Usage(format!("{error}; a glob looks like `build/**/TEST-*.xml`, one an option `--reports`"))
    })?;
    if run.verbose {
        progress.files().iter().for_each(|line| (run.log)(line));
    }
    snapshot.add_test_reports(read);
    Ok(())
}
