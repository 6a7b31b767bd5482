//! Commit and branch of the candidate, and commits of releases, as the server's refs have them.

use crate::assemble::MERGE_QUEUE;
use crate::model::{Candidate, Sha, Snapshot, Warning};
use release_history::commit_index::CommitIndex;
use release_history::git::CommitClone;

/// Takes the commits of tags from the server, and tells on which branch the candidate is.
pub fn resolve(snapshot: &mut Snapshot, clone: &CommitClone, index: &CommitIndex) {
    for release in snapshot.releases.iter_mut().flatten() {
        let Some(found) = tagged(clone, index, &release.tag.0) else { continue };
        if let Some(read) = release.commit.as_ref().filter(|read| **read != found) {
            snapshot.warnings.insert(Warning(format!(
                "tag {} moved from {read} to {found} while the evidence was collected",
                release.tag
            )));
        }
        // The commit of Git's refs wins over that of the API: the commit graph below comes from the
        // same fetch.
        release.commit = Some(found);
    }
    if let Some(candidate) = &mut snapshot.candidate {
        candidate.head = candidate_head(candidate, clone, index).or(candidate.head.take());
        candidate.branch = candidate.branch.take().or_else(|| branch(candidate, clone));
    }
}

/// The commit of a tag.
fn tagged(clone: &CommitClone, index: &CommitIndex, tag: &str) -> Option<Sha> {
    clone.target(&format!("refs/tags/{tag}")).filter(|id| index.contains(id)).map(|id| Sha(id.to_owned()))
}

/// The candidate's commit by the server's refs. The commit of a run stays the one that the run is about, even if its branch
/// has moved on.
fn candidate_head(candidate: &Candidate, clone: &CommitClone, index: &CommitIndex) -> Option<Sha> {
    if let Some(tag) = &candidate.tag {
        return tagged(clone, index, &tag.0);
    }
    if candidate.head.as_ref().is_some_and(|head| index.contains(&head.0)) {
        return None;
    }
    let name = match candidate.pull_request {
        Some(_) => "refs/candidate/head".to_owned(),
        None if candidate.name == "HEAD" => "refs/server/HEAD".to_owned(),
        None => format!("refs/heads/{}", candidate.name),
    };
    // A commit that was named stays that commit, even if the server does not have it.
    let is_named = candidate.head.is_some();
    clone.target(&name).filter(|_| !is_named).map(|id| Sha(id.to_owned()))
}

/// The branch that the candidate is on. A pull request is on the one that it targets, which the tracker tells.
fn branch(candidate: &Candidate, clone: &CommitClone) -> Option<String> {
    if candidate.tag.is_some() || candidate.pull_request.is_some() {
        return None;
    }
    if candidate.name == "HEAD" {
        return clone.default_branch().map(str::to_owned);
    }
    // GitHub names such a branch `gh-readonly-queue/main/pr-5-1a2b3c4`. A base branch may itself
    // contain `/`.
    if let Some((base, _)) =
        candidate.name.strip_prefix(MERGE_QUEUE).and_then(|rest| rest.rsplit_once("/pr-"))
    {
        return Some(base.to_owned());
    }
    let name = &candidate.name;
    clone.target(&format!("refs/heads/{name}")).map(|_| name.clone())
}
