//! Origins of the escaped defects, from the commits on the server or in a clone.

mod clone;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::attribution::stated_origin::{commits_said, introduced};
use crate::model::{
    Area, Defect, DefectOrigin, Gap, IssueNumber, NoOrigin, OriginMethod, Origins, Release, Snapshot,
    Timeline, join_limited,
};
use crate::policy::{OriginHistory, Policy};
use release_history::origins::bisect_results::BisectResults;
use release_history::origins::find::Question;
use release_history::origins::origin_record::OriginRecord;

use super::Run;
use super::commit_history::ServerCommits;
use crate::assemble::counted_releases;
use crate::evidence::Evidence;

/// Number of issues that a gap names.
const NAMED: usize = 5;

/// The remedy for a shallow or partial clone.
const WHOLE_CLONE: &str = "Write `fetch-depth: 0`, and no `filter:`, below `with:` of actions/checkout.";

/// The defects of a search, and the policy.
#[derive(Clone, Copy)]
struct Search<'a> {
    /// The defects, in the order in which they are worth looking at.
    asked: &'a [&'a Defect],
    /// The policy.
    policy: &'a Policy,
    /// The releases that the policy counts.
    releases: &'a [Release],
}

/// NoOriginReason a history says nothing.
type NoOriginReason = (NoOrigin, Gap);

/// Returns the releases in which origins are searched; none if no search is needed.
pub fn searched_releases(snapshot: &Snapshot, policy: &Policy) -> Vec<Release> {
    if snapshot.origins.is_some() || !policy.wants_origins() {
        return Vec::new();
    }
    let tag = snapshot.candidate.as_ref().and_then(|candidate| candidate.tag.as_ref());
    counted_releases(snapshot.releases.as_deref().unwrap_or_default(), policy, tag)
}

/// Finds the origins of the escaped defects; `None` if the policy does not ask for them.
///
/// `commits` are those of the server; without them, as for a snapshot from a file, only the clone in the folder is searched.
pub fn find_origins(
    evidence: &Evidence,
    releases: &[Release],
    policy: &Policy,
    commits: Option<ServerCommits>,
    run: &Run<'_>,
) -> Option<Origins> {
    if !policy.wants_origins() {
        return None;
    }
    let escaped = evidence.escaped().into_iter().flatten();
    let mut asked: Vec<&Defect> =
        escaped.filter(|defect| needs_history(defect, policy, &evidence.timeline)).collect();
    // The most severe and newest first: if the limit cuts the list, the rules lose the least.
    asked.sort_by_key(|defect| Reverse((defect.severity, defect.issue.created_at, defect.number())));
    let beyond = asked.split_off(asked.len().min(policy.origins.at_most as usize));
    let mut found = search_history(Search { asked: &asked, policy, releases }, &run.folder, commits);
    let comments = unread_comments(&asked, &found);
    found.gaps.extend(comments);
    found.not_looked_at.extend(beyond.into_iter().map(Defect::number));
    found.methods = Some(policy.origin_methods().iter().copied().collect());
    Some(found)
}

/// `true` if neither the policy nor the issue states the release that introduced a defect, and the commits may show it: there is a
/// fix, a named commit, or comments that could not be read.
fn needs_history(defect: &Defect, policy: &Policy, timeline: &Timeline) -> bool {
    let stated = introduced(defect, policy, timeline, None, None);
    let is_said = stated.method == OriginMethod::Override && stated.release.is_some();
    let reads_fixes = policy.origin_methods() != [OriginMethod::Override];
    let has_fix = || defect.issue.fixes.iter().any(|fix| fix.commit.is_some());
    let says = || {
        !commits_said(defect, policy).is_empty()
            || BisectResults::of(&defect.issue.origin_text()).says_something()
    };
    !is_said && ((reads_fixes && has_fix()) || says())
}

/// Searches the commits on the server, or those of the clone in the folder; the gap says why neither can be searched.
fn search_history(search: Search<'_>, folder: &Path, commits: Option<ServerCommits>) -> Origins {
    if search.asked.is_empty() {
        return Origins::default();
    }
    let found = match (search.policy.origins.history, commits) {
        (OriginHistory::Auto | OriginHistory::Api, Some(commits)) => clone::on_server(search, commits),
        (OriginHistory::Api, None) => {
            let what = "`attribution.history: api` reads the commits from GitHub, and they were not read";
            let remedy = "Gather the evidence with `escape-gate collect`.";
            Err((NoOrigin::NoHistory, origin_gap(what, remedy)))
        }
        (OriginHistory::Auto | OriginHistory::Clone, _) => clone::in_folder(search, folder),
    };
    found.unwrap_or_else(|why| without_history(search.asked, why))
}

/// A question with what the policy says.
fn with_policy(question: Question, defect: &Defect, policy: &Policy) -> Question {
    let mut said = commits_said(defect, policy);
    said.retain(|signal| !question.said.contains(signal));
    said.extend(question.said);
    Question { said, ..question }
}

/// `true` if the policy finds origins by blame.
fn wants_blame(policy: &Policy) -> bool {
    policy.origin_methods().contains(&OriginMethod::Blame)
}

/// `true` if users had the release.
fn is_shipped(release: &&Release) -> bool {
    !release.draft && !release.prerelease
}

fn origin_gap(what: &str, remedy: &str) -> Gap {
    Gap { area: Area::Origins, place: None, what: what.to_owned(), remedy: Some(remedy.to_owned()) }
}

/// No origins, and why.
fn without_history(asked: &[&Defect], (because, gap): NoOriginReason) -> Origins {
    let mut found: Vec<DefectOrigin> =
        asked.iter().map(|defect| DefectOrigin::nothing(defect.number(), because)).collect();
    found.sort();
    Origins { found, gaps: BTreeSet::from([gap]), ..Origins::default() }
}

/// The defects of which not all comments could be read, where nothing else says where they came from.
fn unread_comments(asked: &[&Defect], found: &Origins) -> Option<Gap> {
    let is_open = |one: &&DefectOrigin| one.method == OriginMethod::None;
    let open: BTreeSet<IssueNumber> = found.found.iter().filter(is_open).map(|one| one.issue).collect();
    let why = |defect: &&Defect| {
        BisectResults::of(&defect.issue.origin_text()).unread.map(|why| (defect.number(), why))
    };
    let failed = asked.iter().filter(|defect| open.contains(&defect.number())).filter_map(why);
    let (numbers, reasons): (Vec<IssueNumber>, Vec<String>) = failed.unzip();
    let what = format!(
        "a bisect result may be in comments that could not be read, of {}: {}",
        join_limited(&numbers, NAMED),
        reasons.first()?
    );
    Some(origin_gap(&what, "Give the token `issues: read`, or run again."))
}

/// The defects of which a part of the history could not be read; `why` says what, of the first thing that was not read, and
/// what to do. Of those whose comments were not read the history is not to blame.
fn unread_history_gap(
    records: &BTreeMap<IssueNumber, OriginRecord>,
    asked: &[&Defect],
    why: impl FnOnce(&str) -> (String, &'static str),
) -> Option<Gap> {
    let of_comments: BTreeSet<IssueNumber> = asked
        .iter()
        .filter(|defect| BisectResults::of(&defect.issue.origin_text()).unread.is_some())
        .map(|defect| defect.number())
        .collect();
    let failed = records.iter().filter(|(number, record)| {
        record.origin.is_none() && !record.unread.is_empty() && !of_comments.contains(number)
    });
    let (numbers, reasons): (Vec<IssueNumber>, Vec<&[String]>) =
        failed.map(|(number, record)| (*number, record.unread.as_slice())).unzip();
    let reason = reasons.iter().find_map(|all| all.first())?;
    let (what, remedy) = why(reason);
    Some(origin_gap(&format!("no origin could be told of {}: {what}", join_limited(&numbers, NAMED)), remedy))
}

/// A record as it goes into a snapshot.
fn origin_of_record(issue: IssueNumber, record: OriginRecord) -> DefectOrigin {
    let origin = record.origin;
    DefectOrigin {
        issue,
        confidence: record.confidence,
        method: record.method,
        nothing: record.nothing,
        evidence: record.evidence,
        release: origin.as_ref().and_then(|origin| origin.release.clone()),
        released_at: origin.as_ref().and_then(|origin| origin.released_at),
        committed_at: origin.as_ref().and_then(|origin| origin.committed_at),
        pull_request: origin.as_ref().and_then(|origin| origin.pull_request),
        commit: origin.and_then(|origin| origin.commit),
        blame_agrees: record.blame_agrees,
    }
}
