//! Decides whether a release contains one change: by itself, by a copy, or no longer because of a revert.
//!
//! Which changes are the fix of an issue, and whether all of them are there, is decided by the caller.
//!
//! The commits that have to do with one change are its *events*. A commit of the change, a copy and a reapplication put it
//! in. A revert of any of these takes it out, and a revert of a revert puts it in again. A copy of an event is an event of
//! the same kind. Of the events that the release contains, the newest one decides (see `events`). `relations` finds the
//! copies and reverts.

mod events;
mod relations;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::graph::{CommitGraph, CommitPlace, Contained};
use super::message::MessageReferences;
use crate::{CommitHistory, IssueNumber, Sha};

pub use events::{HowCopied, InRelease};
use relations::Relations;

/// A pull request that is linked to an issue as its fix, or that refers to one. Text fields are untrusted.
#[derive(Debug, Clone, Copy)]
pub struct PullRequestText<'a> {
    /// Number within the repository.
    pub number: u64,
    /// One line of text.
    pub title: &'a str,
    /// Description as Markdown, possibly empty.
    pub body: &'a str,
    /// Branch that it comes from.
    pub head_branch: Option<&'a str>,
    /// Commit on the base branch; `None` unless merged.
    pub commit: Option<&'a Sha>,
    /// Time when it was merged.
    pub merged_at: Option<Timestamp>,
}

/// A pull request, as far as it says something about commits.
struct Pull {
    /// The commit that it came in by.
    commit: Option<Sha>,
    merged_at: Option<Timestamp>,
    words: MessageReferences,
}

/// The changes of a history, and how they hang together.
pub struct Changes<'h> {
    /// The commits.
    pub graph: CommitGraph<'h>,
    relations: Relations,
}

/// A pull request that is not merged and is looked at as if it were.
#[derive(Debug, Clone, Copy)]
pub struct Proposed<'a> {
    /// Number of the pull request.
    pub number: u64,
    /// The newest commit of the pull request.
    pub head: &'a Sha,
    /// Time of the evidence.
    pub at: Timestamp,
}

/// A commit that says that it closes an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closer {
    /// The commit.
    pub place: CommitPlace,
    /// Time when the commit or its pull request was merged.
    pub at: Timestamp,
}

impl<'h> Changes<'h> {
    /// Reads the messages of a history and the pull requests of `repository` (`owner/name`). Of two texts with one number the
    /// first counts. The `proposed` pull request counts as if it were merged.
    pub fn new<'p>(
        history: &'h CommitHistory,
        pull_requests: impl Iterator<Item = PullRequestText<'p>>,
        proposed: Option<Proposed<'_>>,
        repository: &str,
    ) -> Self {
        let graph = CommitGraph::new(history);
        let mut pulls = BTreeMap::new();
        for text in pull_requests {
            pulls.entry(text.number).or_insert_with(|| Pull {
                commit: text.commit.cloned(),
                merged_at: text.merged_at,
                words: MessageReferences::of_pull_request(
                    text.title,
                    text.body,
                    text.head_branch,
                    repository,
                ),
            });
        }
        if let Some(proposed) = proposed
            && let Some(pull) = pulls.get_mut(&proposed.number)
        {
            pull.commit = Some(proposed.head.clone());
            pull.merged_at = Some(proposed.at);
        }
        let relations = Relations::new(&graph, &pulls, repository);
        Self { graph, relations }
    }

    /// The commits that say that they close an issue, by their own message or by that of their pull request.
    pub fn closers(&self, issue: IssueNumber) -> &[Closer] {
        self.relations.closers.get(&issue).map_or(&[], Vec::as_slice)
    }

    /// The commits that a linked change came in by: the one with this id, else those with the number of its pull request.
    pub fn commits_of(&self, id: Option<&Sha>, pull_request: Option<u64>) -> Vec<CommitPlace> {
        if let Some(place) = id.and_then(|id| self.graph.place(id)) {
            return vec![place];
        }
        pull_request.and_then(|number| self.relations.by_pull.get(&number)).cloned().unwrap_or_default()
    }

    /// Decides whether a release contains a change, for example a fix: by itself, by a copy, or no longer because of a
    /// revert.
    pub fn in_release(&self, commits: &[CommitPlace], release: &Contained) -> InRelease {
        events::in_release(self, commits, release)
    }

    /// `true` if a commit is a copy of one of these, or of a copy of one.
    pub fn is_copy_of(&self, commit: CommitPlace, originals: &[CommitPlace]) -> bool {
        self.relations.with_copies(originals).iter().any(|(copy, how)| *copy == commit && how.is_some())
    }

    /// The copies of a commit, and the copies of these.
    pub fn copies_of(&self, commit: CommitPlace) -> Vec<Sha> {
        let all = self.relations.with_copies(&[commit]);
        let copies = all.into_keys().filter(|place| *place != commit);
        copies.map(|place| self.graph.record(place).id.clone()).collect()
    }

    /// `true` if a commit takes back a change or a copy of it: what it says that it closes is not fixed by that.
    pub fn takes_back(&self, commit: CommitPlace, change: &[CommitPlace]) -> bool {
        let all = self.relations.with_copies(change);
        // A reapplication names the change as a revert does.
        !self.relations.words[commit].reapplies
            && all.keys().any(|one| self.relations.reverts_of(*one).contains(&commit))
    }

    /// `true` if a release contains a commit and took it back.
    pub fn is_taken_back(&self, commit: CommitPlace, release: &Contained) -> bool {
        matches!(self.in_release(&[commit], release), InRelease::TakenBack { .. })
    }

    /// A commit as a person names it: its pull request, or the first digits of its id.
    pub fn name(&self, place: CommitPlace) -> String {
        match self.relations.pull_of(place) {
            Some(number) => format!("#{number}"),
            None => {
                let id = &self.graph.record(place).id.0;
                format!("commit {}", id.get(..10).unwrap_or(id))
            }
        }
    }

    /// The commits that take back a part of a change and are in a release: noted, and of no consequence.
    pub fn partial_reverts_of(&self, commits: &[CommitPlace], release: &Contained) -> Vec<CommitPlace> {
        let of = |place: &CommitPlace| {
            let stated = self.relations.partial_reverts.get(place).into_iter().flatten().copied();
            stated.chain(events::reverts_of_parts(self, *place, release)).collect::<Vec<CommitPlace>>()
        };
        commits.iter().flat_map(of).filter(|place| release.holds(*place)).collect()
    }
}

#[cfg(test)]
mod tests;
