//! The evidence of a case: a short form of what a run gathers.
//!
//! What a case does not give was not read, as in a snapshot. A candidate that is given is known with all its commits.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::super::code::Code;
use super::super::diagnostic::{Draft, Problems};
use super::super::raw::{At, Fields, text, texts};
use super::super::yaml::{Kind, Node};
use super::super::{Policy, keys};
use super::read::{at_most, each, flag, issues, moment, one_of, optional, required, word};
use super::ticket::{Fixes, tickets};
use super::{Given, GivenCommits};
use crate::model::{
    Area, Candidate, Deployment, DeploymentState, Gap, IssueMention, OwnersFile, Records, Release,
    ReportFile, ReportFormat, Sha, Snapshot, Tag, TestEvidence, TestId,
};

/// The most tests of one outcome that totals may have.
const MOST_TESTS: u64 = 100_000;

/// What may stand beside a snapshot that has all the rest.
const BESIDE_SNAPSHOT: [&str; 3] = ["snapshot", "now", "tests"];

/// The evidence of a case: its own keys, and those that all cases share where it has none. A case with a snapshot of its
/// own shares nothing. `node` is the case; deployments go to the environment of the policy.
pub(super) fn given(
    node: &Node,
    own: Option<&Fields<'_>>,
    shared: Option<&Fields<'_>>,
    policy: Option<&Policy>,
    problems: &mut Problems,
) -> Option<Given> {
    let shared = shared.filter(|_| own.is_none_or(|own| own.node("snapshot").is_none()));
    let of = |key: &str| [own, shared].into_iter().flatten().find(|fields| fields.node(key).is_some());
    if let Some(at) = of("snapshot").and_then(|fields| fields.node("snapshot")) {
        let others =
            keys::cases::GIVEN.iter().map(|key| key.name).filter(|name| !BESIDE_SNAPSHOT.contains(name));
        for key in others {
            if let Some(span) = of(key).and_then(|fields| fields.key_span(key)) {
                let message = format!("`{key}` beside a snapshot, which has it already");
                let draft = Draft::new(Code::BesideSnapshot, &span, message).see(&at.span, "the snapshot");
                problems.push(draft.help("remove one of them; only `now` and `tests` may stand beside it"));
            }
        }
    }
    // A key that neither has is read from nothing, and absent.
    macro_rules! read {
        ($key:literal, $read:expr) => {
            of($key).map_or(Some(None), |fields| optional(fields, $key, problems, $read))
        };
    }
    let now = read!("now", moment);
    let snapshot_path = read!("snapshot", word);
    let releases = read!("releases", |node, name, problems| each(node, name, problems, release));
    let candidate = read!("candidate", |node, _, problems| candidate(node, problems));
    let fixes = Fixes { has_candidate: of("candidate").is_some() };
    let tickets = read!("tickets", |node, name, problems| tickets(node, name, &fixes, problems));
    let tests = read!("tests", |node, _, problems| tests(node, problems));
    let deployments = read!("deployments", |node, name, problems| each(node, name, problems, deployment));
    let codeowners = read!("codeowners", text);
    let unread = read!("unread", |node, name, problems| { each(node, name, problems, area) });
    let (now, snapshot_path, unread) = (now?, snapshot_path?, unread?.unwrap_or_default());
    let (releases, candidate, tickets, deployments) = (releases?, candidate?, tickets?, deployments?);
    let tests = tests?.unwrap_or_default();
    let (tickets, in_candidate) = tickets.map_or((None, BTreeSet::new()), |(all, ids)| (Some(all), ids));
    let now = now.or_else(|| {
        let published = releases.iter().flatten().filter_map(|release| release.published_at);
        let updated = tickets.iter().flatten().map(|ticket| ticket.updated_at);
        let deployed = deployments.iter().flatten().map(|one| one.created_at);
        published.chain(updated).chain(deployed).max()
    });
    if now.is_none() && snapshot_path.is_none() {
        let draft = Draft::new(Code::MissingKey, &node.span, "nothing says when the case is judged");
        problems.push(draft.help("add `given: { now: 2026-09-01 }`, or evidence with a date"));
        return None;
    }
    let mut evidence = Snapshot::empty(now.unwrap_or(Timestamp::UNIX_EPOCH));
    let history_is_read = !unread.contains(&Area::History);
    let mut commits = None;
    if let Some((candidate, mut adds)) = candidate {
        adds.ids.extend(in_candidate);
        commits = Some(adds).filter(|_| history_is_read);
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
    evidence.releases = releases;
    evidence.tickets = tickets;
    evidence.tests = tests.totals;
    evidence.codeowners = codeowners?.map(|text| OwnersFile { path: "CODEOWNERS of the case".into(), text });
    evidence.gaps = unread.into_iter().map(gap).collect();
    let (reports, inline) = (tests.reports, tests.inline);
    Some(Given { now, snapshot_path, evidence, commits, reports, inline })
}

/// Evidence that the case says was not read.
fn gap(area: Area) -> Gap {
    Gap { area, place: None, what: "the case says that it was not read".into(), remedy: None }
}

/// A word under `unread`.
fn area(node: &Node, problems: &mut Problems) -> Option<Area> {
    const AREAS: [Area; 5] = [Area::Issues, Area::Tests, Area::History, Area::Deployments, Area::Origins];
    const NAMES: &[&str] = &["issues", "tests", "history", "deployments", "origins"];
    let name = one_of(Code::UnknownTolerance, NAMES)(node, "an entry of `unread`", problems)?;
    AREAS.into_iter().find(|area| area.name() == name)
}

/// A tag alone, or a mapping.
fn candidate(node: &Node, problems: &mut Problems) -> Option<(Candidate, GivenCommits)> {
    let bare = |name: String, tag: Option<String>, pull_request: Option<u64>| Candidate {
        name,
        tag: tag.map(Tag),
        head: None,
        pull_request,
        branch: None,
        commits: None,
    };
    if !matches!(node.kind, Kind::Map(_)) {
        let tag = word(node, "`candidate`", problems)?;
        return Some((bare(tag.clone(), Some(tag), None), GivenCommits::default()));
    }
    let fields = Fields::open(node, "`candidate`", keys::cases::CANDIDATE, problems)?;
    let tag = optional(&fields, "tag", problems, word);
    let pull_request = optional(&fields, "pull-request", problems, at_most(u64::MAX));
    let base = optional(&fields, "since", problems, word);
    let ids = optional(&fields, "commits", problems, texts);
    let closes = optional(&fields, "closes", problems, issues);
    let (tag, pull_request) = (tag?, pull_request?);
    let name = match (&tag, pull_request) {
        (Some(tag), _) => tag.clone(),
        (None, Some(number)) => format!("#{number}"),
        (None, None) => {
            let draft = Draft::new(Code::MissingKey, &node.span, "a candidate needs `tag` or `pull-request`");
            problems.push(draft.help("write `candidate: v1.5.0`, or `{ pull-request: 42 }`"));
            return None;
        }
    };
    let ids = ids?.unwrap_or_default().into_iter().map(|id: At<String>| Sha(id.value)).collect();
    let commits = GivenCommits { base: base?.map(Tag), ids, closes: closes?.into_iter().flatten().collect() };
    Some((bare(name, tag, pull_request), commits))
}

/// One release. What was published and says no time is a gap, as in a run.
fn release(node: &Node, problems: &mut Problems) -> Option<Release> {
    let fields = Fields::open(node, "a release", keys::cases::RELEASE, problems)?;
    let tag = required(&fields, "tag", node, "a release", problems, word);
    let published = optional(&fields, "published", problems, moment);
    let prerelease = optional(&fields, "prerelease", problems, flag);
    let draft = optional(&fields, "draft", problems, flag)?.unwrap_or(false);
    let (tag, published) = (tag?.value, published?);
    let odd = match (draft, published) {
        (true, Some(_)) => Some("a draft was not published, and has no such time"),
        (false, None) => Some("a release needs `published`, unless it is a draft"),
        (true, None) | (false, Some(_)) => None,
    };
    if let Some(message) = odd {
        let draft = Draft::new(Code::OddEvidence, &node.span, message);
        problems.push(draft.help("give either `published: 2026-09-01` or `draft: true`"));
        return None;
    }
    Some(Release {
        committed_at: None,
        commit: Some(of_release(&tag)),
        tag: Tag(tag),
        name: None,
        published_at: published,
        draft,
        prerelease: prerelease?.unwrap_or(false),
        url: None,
        product: None,
        line: None,
    })
}

/// The commit that a release is said to be made from.
fn of_release(tag: &str) -> Sha {
    Sha(format!("commit of {tag}"))
}

/// One deployment.
fn deployment(node: &Node, problems: &mut Problems) -> Option<Deployment> {
    const STATES: &[&str] = &["succeeded", "failed"];
    let fields = Fields::open(node, "a deployment", keys::cases::DEPLOYMENT, problems)?;
    let release = required(&fields, "release", node, "a deployment", problems, word);
    let at = required(&fields, "at", node, "a deployment", problems, moment);
    let states = one_of(Code::OddEvidence, STATES);
    let state = required(&fields, "state", node, "a deployment", problems, states);
    let tag = release?.value;
    let state = if state?.value == "failed" { DeploymentState::Failed } else { DeploymentState::Succeeded };
    Some(Deployment {
        id: format!("at {}", node.span.start),
        created_at: at?.value,
        commit: of_release(&tag),
        reference: Some(tag),
        states: [state].into(),
    })
}

/// The section `tests`.
#[derive(Default)]
struct Tests {
    totals: Option<TestEvidence>,
    reports: Vec<String>,
    inline: Vec<String>,
}

fn tests(node: &Node, problems: &mut Problems) -> Option<Tests> {
    let fields = Fields::open(node, "`tests`", keys::cases::TESTS, problems)?;
    let keys = ["passed", "failed", "errors", "skipped", "flaky"];
    let counts = keys.map(|key| optional(&fields, key, problems, at_most(MOST_TESTS)));
    let covers = optional(&fields, "covers", problems, issues);
    let reports = optional(&fields, "reports", problems, texts);
    let inline = optional(&fields, "inline", problems, texts);
    let [passed, failed, errors, skipped, flaky] = counts;
    let counts = [passed?, failed?, errors?, skipped?, flaky?];
    let (covers, reports, inline) = (covers?, reports?, inline?);
    let values = |texts: Option<Vec<At<String>>>| -> Vec<String> {
        texts.into_iter().flatten().map(|one| one.value).collect()
    };
    let has_totals = counts.iter().any(Option::is_some) || covers.is_some();
    let (reports, inline) = (values(reports), values(inline));
    if !has_totals && reports.is_empty() && inline.is_empty() {
        let draft = Draft::new(Code::OddEvidence, &node.span, "`tests` says nothing of any test");
        problems
            .push(draft.help("write `{ passed: 40, failed: 2 }`, or leave the key out: nothing was read"));
        return None;
    }
    let [passed, failed, errors, skipped, flaky] = counts.map(|count| count.unwrap_or(0));
    let covers = covers.unwrap_or_default();
    if flaky > passed || (passed == flaky && !covers.is_empty()) {
        let draft =
            Draft::new(Code::OddEvidence, &node.span, "fewer tests passed than are said to have passed");
        problems.push(draft.help("`passed` includes the flaky ones, and one that `covers` an issue"));
        return None;
    }
    let mut next = 0_u128;
    let mut some = |count: u64| -> Vec<TestId> {
        let first = next;
        next += u128::from(count);
        (first..next).map(TestId).collect()
    };
    let records = Records {
        passed: some(passed - flaky),
        skipped: some(skipped),
        flaky: some(flaky),
        failed: some(failed),
        error: some(errors),
        suite_errors: Vec::new(),
    };
    let mention = |issue| IssueMention { issue, repository: None, test: TestId(0), name: "a test".into() };
    let file = ReportFile {
        path: "totals of the case".into(),
        digest: TestId::default(),
        format: ReportFormat::Junit,
        encoding: "UTF-8".into(),
        complete: true,
        runs: passed + failed + errors + skipped,
        tests: records,
        details: Vec::new(),
        mentions: covers.into_iter().map(mention).collect(),
    };
    let totals = has_totals.then(|| TestEvidence::new(vec![file]));
    Some(Tests { totals, reports, inline })
}
