//! Why there is no commit graph, and what to do.

use crate::model::{Area, Gap, Snapshot, Tag, join_limited};
use release_history::commit_index::CommitIndex;
use release_history::git::{CloneError, GitError, RemoteError};

/// Releases that a gap names.
const NAMED: usize = 5;

/// The remedy that avoids a fetch: a full clone in the workflow.
const FULL_CLONE: &str = "write `fetch-depth: 0` below `with:` of actions/checkout.";

/// An address that git does not read from.
pub fn of_address(error: &RemoteError) -> Gap {
    history_gap(
        error.to_string(),
        "Set GITHUB_SERVER_URL to the address of the GitHub server, for example https://github.com.",
    )
}

/// A clone that could not be made or read.
pub fn of_clone(error: &CloneError, address: &str) -> Gap {
    let remedy = match error {
        CloneError::Git(GitError::NotInstalled | GitError::NotStarted(_)) => {
            "Install git before the gate runs, for example with `apt-get install git`.".to_owned()
        }
        CloneError::Folder { .. } => "Name a folder that the job can write to with --cache.".to_owned(),
        CloneError::TooSlow { .. } => format!("Raise --timeout, or {FULL_CLONE}"),
        // A full checkout has the commits already, so nothing has to be fetched.
        CloneError::TooLarge { .. } => format!("Instead of fetching them, {FULL_CLONE}"),
        CloneError::Denied { .. } | CloneError::NotFound { .. } => {
            "Give the job `permissions: contents: read`, and the token in GITHUB_TOKEN.".to_owned()
        }
        CloneError::Redirected { .. } => {
            "Name the repository as it is called now, with --repo owner/name, and its server in GITHUB_SERVER_URL.".to_owned()
        }
        CloneError::Unreachable { .. } => {
            format!("Let the job reach {address} with git; HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE are used.")
        }
        CloneError::Failed { .. }
        | CloneError::Unavailable { .. }
        | CloneError::OtherHash
        | CloneError::LeftOut
        | CloneError::NoHead
        | CloneError::Git(_) => format!("Run again. If that does not help, check that `git fetch {address}` works."),
    };
    history_gap(format!("the commits could not be read: {error}"), &remedy)
}

/// Commits of the candidate and of releases that the server does not have.
pub fn of_absent(snapshot: &Snapshot, index: &CommitIndex) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let candidate = snapshot.candidate.as_ref();
    if let Some(head) = candidate.and_then(|one| one.head.as_ref()).filter(|head| !index.contains(&head.0)) {
        let what = format!("commit {head} of the candidate is in no branch or tag of the repository");
        gaps.push(history_gap(
            what,
            "Push it, or run the gate on the newest commit of the branch or pull request.",
        ));
    }
    // A deleted tag leaves a release whose commit no ref reaches. The server does not send such
    // commits.
    let is_absent = |commit: &crate::model::Sha| !index.contains(&commit.0);
    let releases = snapshot.releases.iter().flatten();
    let absent: Vec<&Tag> = releases
        .filter(|release| release.commit.as_ref().is_some_and(is_absent))
        .map(|release| &release.tag)
        .collect();
    if !absent.is_empty() {
        let what = format!(
            "the commits of {} are in no branch or tag of the repository",
            join_limited(&absent, NAMED)
        );
        gaps.push(history_gap(what, "Push the tags of these releases, and run again."));
    }
    gaps
}

fn history_gap(what: String, remedy: &str) -> Gap {
    Gap { area: Area::History, place: None, what, remedy: Some(remedy.to_owned()) }
}
