//! Origins of defects from one clone: in a folder, or of the server's commits.

use std::path::Path;

use crate::model::{Defect, Gap, IssueNumber, NoOrigin, Origins, Release};
use release_history::git::{CloneCompleteness, CloneError, GitError, OmittedObjects};
use release_history::origins::find::Question;
use release_history::origins::release_index::TaggedRelease;

use super::super::attribute::local::{Local, origins, question};
use super::super::commit_history::ServerCommits;
use super::{
    NoOriginReason, Search, WHOLE_CLONE, is_shipped, origin_gap, origin_of_record, unread_history_gap,
    wants_blame, with_policy,
};

/// Searches the server's commits. Files are fetched if the policy finds origins by blame.
///
/// # Errors
/// NoOriginReason they say nothing.
pub fn on_server(search: Search<'_>, commits: ServerCommits) -> Result<Origins, NoOriginReason> {
    let without = |error: CloneError| {
        let what = format!("the files of the fixes could not be read from GitHub: {error}");
        (NoOrigin::NoHistory, origin_gap(&what, WHOLE_CLONE))
    };
    let local =
        Local::of_server(commits, Some(search.releases), wants_blame(search.policy)).map_err(without)?;
    // Without the first release that has a commit, a later one would pass for the first.
    if let Some(absent) = without_tag(&local, search.releases) {
        let what = format!("GitHub names no commit for the release {}: its tag is not there", absent.tag);
        return Err((NoOrigin::NoHistory, origin_gap(&what, "Push the tag, or take the release away.")));
    }
    answers(search, &local).map_err(without)
}

/// Searches the clone in a folder.
///
/// # Errors
/// NoOriginReason it says nothing.
pub fn in_folder(search: Search<'_>, folder: &Path) -> Result<Origins, NoOriginReason> {
    let without = |error: GitError| (NoOrigin::NoHistory, unreadable(&error));
    let local = Local::open(folder, Some(search.releases)).map_err(without)?;
    if local.shape.shallow {
        // Even what is named could not be told its first release: older tags are not there.
        let what = "the clone is shallow: no origin can be told from it";
        return Err((NoOrigin::ShallowClone, origin_gap(what, WHOLE_CLONE)));
    }
    if let Some(gap) = mismatch(&local, search.releases, search.asked) {
        return Err((NoOrigin::NoHistory, gap));
    }
    answers(search, &local)
        .map_err(|error| (NoOrigin::NoHistory, origin_gap(&error.to_string(), WHOLE_CLONE)))
}

/// Returns the origins that a clone shows.
fn answers(Search { asked, policy, .. }: Search<'_>, local: &Local) -> Result<Origins, CloneError> {
    let ask = |defect: &&Defect| (defect.number(), with_policy(question(defect, local), defect, policy));
    let questions: Vec<(IssueNumber, Question)> = asked.iter().map(ask).collect();
    let records = origins(local, &questions)?;
    let gap = unread_history_gap(&records, asked, |reason| why_unread(local.shape, reason));
    let found = records.into_iter().map(|(number, record)| origin_of_record(number, record)).collect();
    // Only blame reads lines of files. Without it, a clone without files lacks nothing.
    let gaps = gap.filter(|_| wants_blame(policy)).into_iter().collect();
    Ok(Origins { found, gaps, ..Origins::default() })
}

/// The first release whose tag a clone is without.
fn without_tag<'r>(local: &Local, releases: &'r [Release]) -> Option<&'r Release> {
    let is_here = |release: &Release| local.releases.releases().any(|cut| cut.tag == release.tag);
    releases.iter().filter(is_shipped).find(|release| !is_here(release))
}

/// NoOriginReason a part of the clone could not be read, and what to do.
fn why_unread(shape: CloneCompleteness, reason: &str) -> (String, &'static str) {
    match shape.filter {
        OmittedObjects::Blobs | OmittedObjects::Trees => {
            ("the clone was made with a filter, without the lines of most changes".to_owned(), WHOLE_CLONE)
        }
        OmittedObjects::Nothing => {
            (format!("blame failed: {reason}"), "Run `escape-gate attribute '#…'` on one of them.")
        }
    }
}

/// NoOriginReason a clone does not serve for the project that the releases and the defects are of; none if it does.
fn mismatch(local: &Local, releases: &[Release], asked: &[&Defect]) -> Option<Gap> {
    let is_elsewhere = |cut: &&TaggedRelease| {
        let known = releases.iter().find(|release| release.tag == cut.tag);
        known.and_then(|release| release.commit.as_ref()).is_some_and(|commit| *commit != cut.commit)
    };
    let has_release = local.releases.releases().next().is_some();
    let fixes = || asked.iter().flat_map(|defect| &defect.issue.fixes).filter_map(|fix| fix.commit.as_ref());
    if !has_release && !fixes().any(|commit| local.graph.committed_at(commit).is_some()) {
        let remedy = format!("Run in a clone of the repository, with its tags. {WHOLE_CLONE}");
        return Some(origin_gap(
            "the clone has neither the tags of the releases nor the commits of the fixes",
            &remedy,
        ));
    }
    let remedy =
        "Run in a clone of the repository that the releases are of, with its tags as they are there.";
    // Without the tag of the first release that has a commit, a later one would pass for the first.
    if let Some(absent) = without_tag(local, releases) {
        return Some(origin_gap(
            &format!("the clone is without the tag {} of a release", absent.tag),
            remedy,
        ));
    }
    // Whoever can put a tag into the clone could otherwise choose the release that a defect came in with.
    let moved = local.releases.releases().find(is_elsewhere)?;
    let what = format!("the tag {} of the clone is not at the commit of that release", moved.tag);
    Some(origin_gap(&what, remedy))
}

/// NoOriginReason nothing could be asked of a folder.
fn unreadable(error: &GitError) -> Gap {
    match error {
        GitError::NotARepository { .. } => {
            let remedy = format!("Check the repository out before the gate runs. {WHOLE_CLONE}");
            origin_gap("there is no clone of the repository to tell origins from", &remedy)
        }
        GitError::NotInstalled => origin_gap(
            "there is no `git` on this machine to tell origins with",
            "Install git before the gate runs.",
        ),
        GitError::NotStarted(_)
        | GitError::Failed { .. }
        | GitError::TooSlow { .. }
        | GitError::TooLarge { .. }
        | GitError::NotUnderstood { .. }
        | GitError::Absent { .. } => origin_gap(
            &format!("the clone could not be read: {error}"),
            "Check that `git log --all` works in it.",
        ),
    }
}
