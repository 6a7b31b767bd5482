//! Where the escaped defects came from: asks a history, and puts what it says into the snapshot.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::attribution::introduced::find::Question;
use crate::attribution::introduced::record::Record;
use crate::attribution::introduced::releases::Cut;
use crate::attribution::introduced::stated::commits_said;
use crate::git::{Error, Filter, Shape};
use crate::model::{
    Area, Defect, Gap, Introduced, IssueNumber, NoOrigin, OriginMethod, Origins, Release, Snapshot,
};
use crate::policy::Policy;

use super::assemble::is_release;
use super::attribute::{Local, origins, question};
use super::{World, assemble};

/// How many issues a gap names.
const NAMED: usize = 5;

/// What a workflow has to say for a whole clone.
const WHOLE_CLONE: &str = "Write `fetch-depth: 0`, and no `filter:`, below `with:` of actions/checkout.";

/// Finds out where the escaped defects came from, if the policy wants to know and the snapshot does not say already what could
/// be told and what could not: a judgement can be repeated without the history, and comes out the same.
pub fn read_into(snapshot: &mut Snapshot, policy: &Policy, world: &World<'_>) {
    if snapshot.origins.is_some() || !policy.wants_origins() {
        return;
    }
    let evidence = assemble(snapshot.clone(), policy);
    let mut asked: Vec<&Defect> =
        evidence.escaped().into_iter().flatten().filter(|defect| needs_history(defect, policy)).collect();
    asked.sort_by_key(|defect| Reverse((defect.severity, defect.ticket.created_at, defect.number())));
    let beyond = asked.split_off(asked.len().min(policy.origins.at_most as usize));
    let releases: Vec<Release> =
        snapshot.releases.iter().flatten().filter(|release| is_release(release, policy)).cloned().collect();
    let mut found = look_up(&asked, policy, &releases, &world.folder);
    found.not_looked_at = beyond.into_iter().map(Defect::number).collect();
    snapshot.origins = Some(found);
}

/// True if nobody names the release that a defect came in with, and history may know more: there is a fix whose lines and
/// message tell something, or a word that names a commit.
fn needs_history(defect: &Defect, policy: &Policy) -> bool {
    let is_said = defect
        .introduced
        .as_ref()
        .is_some_and(|origin| origin.method == OriginMethod::Override && origin.release.is_some());
    let reads_fixes = policy.origin_methods() != [OriginMethod::Override];
    let has_fix = || defect.ticket.fixes.iter().any(|fix| fix.commit.is_some());
    !is_said && ((reads_fixes && has_fix()) || !commits_said(defect, policy).is_empty())
}

/// What the history in a folder says of defects; why it says nothing, as a gap.
pub fn look_up(asked: &[&Defect], policy: &Policy, releases: &[Release], folder: &Path) -> Origins {
    if asked.is_empty() {
        return Origins::default();
    }
    let local = match Local::open(folder, Some(releases)) {
        Ok(local) => local,
        Err(error) => return without_history(asked, NoOrigin::NoHistory, unreadable(&error)),
    };
    if local.shape.shallow {
        // Even what is named could not be told its first release: older tags are not there.
        let what = "the clone is shallow: no origin can be told from it";
        return without_history(asked, NoOrigin::ShallowClone, gap(what, WHOLE_CLONE));
    }
    if let Some(gap) = mismatch(&local, releases, asked) {
        return without_history(asked, NoOrigin::NoHistory, gap);
    }
    let ask = |defect: &&Defect| (defect.number(), question_of(defect, policy, &local));
    let questions: Vec<(IssueNumber, Question)> = asked.iter().map(ask).collect();
    let records = origins(&local, &questions);
    let wants_blame = policy.origin_methods().contains(&OriginMethod::Blame);
    let gaps = unread(&records, local.shape).filter(|_| wants_blame).into_iter().collect();
    let found = records.into_iter().map(|(number, record)| introduced(number, record)).collect();
    Origins { found, not_looked_at: BTreeSet::new(), gaps }
}

/// The question about a defect, with what the policy says.
fn question_of(defect: &Defect, policy: &Policy, local: &Local) -> Question {
    let mut question = question(defect, local);
    let mut said = commits_said(defect, policy);
    said.retain(|signal| !question.said.contains(signal));
    said.append(&mut question.said);
    Question { said, ..question }
}

/// Why a clone does not serve for the project that the releases and the defects are of; none if it does.
fn mismatch(local: &Local, releases: &[Release], asked: &[&Defect]) -> Option<Gap> {
    let is_elsewhere = |cut: &&Cut| {
        let known = releases.iter().find(|release| release.tag == cut.tag);
        known.and_then(|release| release.commit.as_ref()).is_some_and(|commit| *commit != cut.commit)
    };
    let has_release = local.releases.releases().next().is_some();
    let fixes = || asked.iter().flat_map(|defect| &defect.ticket.fixes).filter_map(|fix| fix.commit.as_ref());
    if !has_release && !fixes().any(|commit| local.graph.committed_at(commit).is_some()) {
        let remedy = format!("Run in a clone of the repository, with its tags. {WHOLE_CLONE}");
        return Some(gap(
            "the clone has neither the tags of the releases nor the commits of the fixes",
            &remedy,
        ));
    }
    let remedy =
        "Run in a clone of the repository that the releases are of, with its tags as they are there.";
    // Without the tag of the first release that has a commit, a later one would pass for the first.
    let is_here = |release: &Release| local.releases.releases().any(|cut| cut.tag == release.tag);
    let users_had = |release: &&Release| !release.draft && !release.prerelease;
    if let Some(absent) = releases.iter().filter(users_had).find(|release| !is_here(release)) {
        return Some(gap(&format!("the clone is without the tag {} of a release", absent.tag), remedy));
    }
    // Whoever can put a tag into the clone could otherwise choose the release that a defect came in with.
    let moved = local.releases.releases().find(is_elsewhere)?;
    let what = format!("the tag {} of the clone is not at the commit of that release", moved.tag);
    Some(gap(&what, remedy))
}

/// Why nothing could be asked of a folder.
fn unreadable(error: &Error) -> Gap {
    match error {
        Error::NotARepository { .. } => {
            let remedy = format!("Check the repository out before the gate runs. {WHOLE_CLONE}");
            gap("there is no clone of the repository to tell origins from", &remedy)
        }
        Error::NotInstalled => {
            gap("there is no `git` on this machine to tell origins with", "Install git before the gate runs.")
        }
        Error::NotStarted(_)
        | Error::Failed { .. }
        | Error::TooSlow { .. }
        | Error::TooLarge { .. }
        | Error::NotUnderstood { .. }
        | Error::Absent { .. } => {
            gap(&format!("the clone could not be read: {error}"), "Check that `git log --all` works in it.")
        }
    }
}

fn gap(what: &str, remedy: &str) -> Gap {
    Gap { area: Area::Origins, place: None, what: what.to_owned(), remedy: Some(remedy.to_owned()) }
}

/// No origins, and why.
fn without_history(asked: &[&Defect], because: NoOrigin, gap: Gap) -> Origins {
    let mut found: Vec<Introduced> =
        asked.iter().map(|defect| Introduced::nothing(defect.number(), because)).collect();
    found.sort();
    Origins { found, not_looked_at: BTreeSet::new(), gaps: BTreeSet::from([gap]) }
}

/// The defects of which a part of the history could not be read.
fn unread(records: &BTreeMap<IssueNumber, Record>, shape: Shape) -> Option<Gap> {
    let failed = records.iter().filter(|(_, record)| record.nothing == Some(NoOrigin::BlameFailed));
    let (numbers, reasons): (Vec<IssueNumber>, Vec<&[String]>) =
        failed.map(|(number, record)| (*number, record.unread.as_slice())).unzip();
    if numbers.is_empty() {
        return None;
    }
    let named: Vec<String> = numbers.iter().take(NAMED).map(ToString::to_string).collect();
    let more = match numbers.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let (what, remedy) = match shape.filter {
        Filter::Blobs | Filter::Trees => {
            ("the clone was made with a filter, without the lines of most changes".to_owned(), WHOLE_CLONE)
        }
        Filter::Nothing => {
            let reason = reasons.iter().find_map(|all| all.first()).map_or("", String::as_str);
            (format!("blame failed: {reason}"), "Run `escape-gate attribute '#…'` on one of them.")
        }
    };
    Some(gap(&format!("no origin could be told of {}{more}: {what}", named.join(", ")), remedy))
}

/// A record as it goes into a snapshot.
fn introduced(issue: IssueNumber, record: Record) -> Introduced {
    let origin = record.origin;
    Introduced {
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
