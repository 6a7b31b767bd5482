//! Reads the evidence of a case, a short form of a snapshot.
//!
//! Evidence that a case omits counts as not collected, as in a snapshot. A given candidate is known with all its commits.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::super::code::Code;
use super::super::{Policy, keys};
use super::CaseContext;
use super::CaseEvidence;
use super::history::case_history;
use super::issue::case_issues;
use super::pull_request::{CasePull, case_pull_requests};
use super::read::{read_each, read_moment, read_one_of, read_word, required_key};
use super::release::{case_candidate, case_release, commit_of_release};
use super::totals::case_tests;
use crate::model::{
    Area, Deployment, DeploymentState, Gap, OLD_SCHEMA, OwnersFile, PullRequest, Release, Snapshot,
};
use crate::policy::language::{Draft, Fields, Node, Problems, read_text};

/// Keys that a case may give in addition to a snapshot, which has all the rest.
const BESIDE_SNAPSHOT: [&str; 3] = ["snapshot", "now", "tests"];

/// The evidence of a case: its own keys, and those that all cases share where it has none. A case with a snapshot of its
/// own shares nothing. `node` is the case; deployments go to the environment of the policy.
pub(super) fn case_evidence(
    node: &Node,
    own: Option<&Fields<'_>>,
    shared: Option<&Fields<'_>>,
    policy: Option<&Policy>,
    problems: &mut Problems,
) -> Option<CaseEvidence> {
    let shared = shared.filter(|_| own.is_none_or(|own| own.node("snapshot").is_none()));
    let of = |key: &str| [own, shared].into_iter().flatten().find(|fields| fields.node(key).is_some());
    if let Some(at) = of("snapshot").and_then(|fields| fields.node("snapshot")) {
        let others =
            keys::cases::GIVEN.iter().map(|key| key.name).filter(|name| !BESIDE_SNAPSHOT.contains(name));
        for key in others {
            if let Some(span) = of(key).and_then(|fields| fields.key_span(key)) {
                let message = format!("`{key}` beside a snapshot, which has it already");
                let draft = Draft::new(Code::BesideSnapshot, span, message).see(&at.span, "the snapshot");
                problems.push(draft.help("remove one of them; only `now` and `tests` may stand beside it"));
            }
        }
    }
    // A key that neither has is read from nothing, and absent.
    macro_rules! read {
        ($key:literal, $read:expr) => {
            of($key).map_or(Some(None), |fields| fields.get($key, problems, $read).optional())
        };
    }
    let now = read!("now", read_moment);
    let snapshot_path = read!("snapshot", read_word);
    let case_history = read!("history", |node, _, problems| case_history(node, problems));
    // What rests on a history that is wrong would only be reported a second time.
    let case_history = case_history?.unwrap_or_default();
    let has_history = case_history.graph.is_some();
    let releases = read!("releases", |node, name, problems| {
        read_each(node, name, problems, |item, problems| case_release(item, &case_history, problems))
    });
    let known = releases.as_ref().and_then(Option::as_deref).unwrap_or_default();
    let candidate =
        read!("candidate", |node, _, problems| case_candidate(node, &case_history, known, problems));
    let pulls = read!("pull-requests", |node, name, problems| {
        case_pull_requests(node, name, &case_history, problems)
    });
    let none = BTreeMap::new();
    let context = CaseContext {
        has_candidate: of("candidate").is_some(),
        history: &case_history,
        pulls: pulls.as_ref().and_then(Option::as_ref).unwrap_or(&none),
        policy,
    };
    let issues_key = issues_key(own, shared, problems);
    let issues = match issues_key {
        Some((fields, key)) => fields
            .get(key, problems, |node, name, problems| case_issues(node, name, &context, problems))
            .optional(),
        None => Some(None),
    };
    let tests = read!("tests", |node, _, problems| case_tests(node, problems));
    let deployments = read!("deployments", |node, name, problems| {
        read_each(node, name, problems, |item, problems| case_deployment(item, known, problems))
    });
    let codeowners = read!("codeowners", read_text);
    let unread = read!("unread", |node, name, problems| { read_each(node, name, problems, unread_area) });
    let (now, snapshot_path, unread) = (now?, snapshot_path?, unread?.unwrap_or_default());
    let (tests, issues) = (tests?.unwrap_or_default(), issues?);
    let (candidate, pulls, deployments) = (candidate?, pulls?, deployments?);
    let releases = releases?;
    let (issues, in_candidate) = issues.map_or((None, BTreeSet::new()), |(all, ids)| (Some(all), ids));
    let now = now.or_else(|| {
        let published = releases.iter().flatten().filter_map(|release| release.published_at);
        let updated = issues.iter().flatten().map(|issue| issue.updated_at);
        let deployed = deployments.iter().flatten().map(|one| one.created_at);
        let merged = pulls.iter().flatten().flat_map(|(_, pull)| pull.times());
        // The last event of the case, so that a case gives the same result on every day.
        published.chain(updated).chain(deployed).chain(merged).chain(case_history.last_date()).max()
    });
    if now.is_none() && snapshot_path.is_none() {
        let draft = Draft::new(Code::MissingKey, &node.span, "nothing says when the case is judged");
        problems.push(draft.help("add `given: { now: 2026-09-01 }`, or evidence with a date"));
        return None;
    }
    let now_or_never = now.unwrap_or(Timestamp::UNIX_EPOCH);
    let mut evidence = Snapshot::empty(now_or_never);
    let history_is_read = !unread.contains(&Area::History);
    let mut commits = None;
    if let Some((candidate, mut adds)) = candidate {
        adds.ids.extend(in_candidate);
        commits = Some(adds).filter(|_| history_is_read && !has_history);
        evidence.candidate = Some(candidate);
    }
    if let Some(list) = deployments {
        // A policy that cannot be used is reported elsewhere.
        let Some(environment) = policy?.environment.clone() else {
            let draft = Draft::new(Code::OddEvidence, &node.span, "the policy watches no environment");
            problems.push(draft.help("remove `deployments`, or name the environment in the policy"));
            return None;
        };
        evidence.deployments = Some([(environment, list)].into());
    }
    let linked: BTreeSet<u64> =
        issues.iter().flatten().flat_map(|issue| &issue.fixes).filter_map(|fix| fix.pull_request).collect();
    evidence.pull_requests =
        pulls.and_then(|pulls| own_pull_requests(&pulls, &linked, (now_or_never, has_history), problems));
    if !has_history {
        // Without commits, a case is like a snapshot of schema 1, and follows its rules.
        evidence.schema = OLD_SCHEMA;
    }
    evidence.history = case_history.graph.filter(|_| history_is_read);
    evidence.releases = releases;
    evidence.issues = issues;
    evidence.tests = tests.totals;
    evidence.codeowners = codeowners?.map(|text| OwnersFile { path: "CODEOWNERS of the case".into(), text });
    evidence.gaps = unread.into_iter().map(unread_gap).collect();
    let (reports, inline) = (tests.reports, tests.inline);
    Some(CaseEvidence { now, snapshot_path, evidence, commits, reports, inline })
}

/// The key that has the issues: `issues` or its older name, the case's own before the shared one.
fn issues_key<'f, 'n>(
    own: Option<&'f Fields<'n>>,
    shared: Option<&'f Fields<'n>>,
    problems: &mut Problems,
) -> Option<(&'f Fields<'n>, &'static str)> {
    for fields in [own, shared].into_iter().flatten() {
        match (fields.key_span("issues"), fields.key_span("tickets")) {
            (Some(issues), Some(tickets)) => {
                let draft = Draft::new(Code::OddEvidence, tickets, "`tickets` is the older name of `issues`");
                problems.push(draft.see(issues, "the issues").help("keep `issues` alone"));
                return None;
            }
            (Some(_), None) => return Some((fields, "issues")),
            (None, Some(_)) => return Some((fields, "tickets")),
            (None, None) => {}
        }
    }
    None
}

/// The pull requests of this repository. One of another repository says nothing unless an issue links it.
fn own_pull_requests(
    pulls: &BTreeMap<u64, CasePull>,
    linked: &BTreeSet<u64>,
    (now, has_history): (Timestamp, bool),
    problems: &mut Problems,
) -> Option<Vec<PullRequest>> {
    let mut all = Some(Vec::new());
    for pull in pulls.values() {
        if pull.repository.is_some() {
            if !linked.contains(&pull.number.value) {
                let message = "no issue links this pull request of another repository";
                let draft = Draft::new(Code::OddEvidence, &pull.number.span, message);
                problems.push(draft.help("add its number to `linked` of an issue, or remove it"));
                all = None;
            }
            continue;
        }
        all.iter_mut().for_each(|all| all.push(pull.to_pull_request(now, has_history)));
    }
    all
}

/// Evidence that the case says was not read.
fn unread_gap(area: Area) -> Gap {
    Gap { area, place: None, what: "the case says that it was not read".into(), remedy: None }
}

/// A word under `unread`.
fn unread_area(node: &Node, problems: &mut Problems) -> Option<Area> {
    const AREAS: [Area; 5] = [Area::Issues, Area::Tests, Area::History, Area::Deployments, Area::Origins];
    const NAMES: &[&str] = &["issues", "tests", "history", "deployments", "origins"];
    let name = read_one_of(Code::UnknownTolerance, NAMES)(node, "an entry of `unread`", problems)?;
    AREAS.into_iter().find(|area| area.name() == name)
}

/// One deployment.
fn case_deployment(node: &Node, releases: &[Release], problems: &mut Problems) -> Option<Deployment> {
    const STATES: &[&str] = &["succeeded", "failed"];
    let fields = Fields::open(node, "a deployment", keys::cases::DEPLOYMENT, problems)?;
    let release = required_key(&fields, "release", node, "a deployment", problems, read_word);
    let at = required_key(&fields, "at", node, "a deployment", problems, read_moment);
    let states = read_one_of(Code::OddEvidence, STATES);
    let state = required_key(&fields, "state", node, "a deployment", problems, states);
    let tag = release?.value;
    let commit =
        releases.iter().find(|release| release.tag.0 == tag).and_then(|release| release.commit.clone());
    let state = if state?.value == "failed" { DeploymentState::Failed } else { DeploymentState::Succeeded };
    Some(Deployment {
        id: format!("at {}", node.span.start),
        created_at: at?.value,
        commit: commit.unwrap_or_else(|| commit_of_release(&tag)),
        reference: Some(tag),
        states: [state].into(),
    })
}
