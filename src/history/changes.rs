//! Whether a release has a change: by itself or as a copy, and whether it was taken back there.
//!
//! All commits that have to do with one change are its *events*. A commit of the change, a copy of one, and a commit that
//! applies it again put it in; a revert of any of these takes it out; a revert of a revert puts it in again. Copies of an
//! event are events of the same kind. Of the events that a release contains the newest decides.

mod events;
mod relations;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::graph::{CommitGraph, Contained, Place};
use super::message::Words;
use crate::model::{ChangeState, CommitHistory, Fix, IssueNumber, PullRequest, Sha};

pub use events::{HowCopied, InRelease};
use relations::Relations;

/// A pull request, as far as it says something about commits.
struct Pull {
    /// The commit that it came in by.
    commit: Option<Sha>,
    merged_at: Option<Timestamp>,
    words: Words,
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
    /// Its number.
    pub number: u64,
    /// Its newest commit.
    pub head: &'a Sha,
    /// Time of the evidence.
    pub at: Timestamp,
}

/// A commit that says that it closes an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closer {
    /// Where it is.
    pub place: Place,
    /// Time when it came in.
    pub at: Timestamp,
}

impl<'h> Changes<'h> {
    /// Reads the messages of a history and the pull requests of `repository` (`owner/name`): those that are linked to an issue
    /// as its fix, and those that refer to one. What the `proposed` one says counts as if it were merged.
    pub fn new<'p>(
        history: &'h CommitHistory,
        fixes: impl Iterator<Item = &'p Fix>,
        pull_requests: impl Iterator<Item = &'p PullRequest>,
        proposed: Option<Proposed<'_>>,
        repository: &str,
    ) -> Self {
        let graph = CommitGraph::new(history);
        let mut pulls = BTreeMap::new();
        for pull in pull_requests {
            let words =
                Words::of_pull_request(&pull.title, &pull.body, pull.head_branch.as_deref(), repository);
            let commit = pull.commit.clone().filter(|_| pull.state == ChangeState::Merged);
            pulls.insert(pull.number, Pull { commit, merged_at: pull.merged_at, words });
        }
        for fix in fixes.filter(|fix| fix.repository.is_none()) {
            let (Some(number), false) = (fix.pull_request, fix.state == Some(ChangeState::Closed)) else {
                continue;
            };
            pulls.entry(number).or_insert_with(|| {
                let (title, body) = (fix.title.as_deref(), fix.description.as_deref());
                let branch = fix.head_branch.as_deref();
                let words =
                    Words::of_pull_request(title.unwrap_or(""), body.unwrap_or(""), branch, repository);
                Pull { commit: fix.commit.clone(), merged_at: fix.merged_at, words }
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

    /// The commits of a linked change: the one it came in by.
    pub fn commits_of(&self, fix: &Fix) -> Vec<Place> {
        let by_id = fix.commit.as_ref().and_then(|id| self.graph.place(id));
        let by_number = || {
            fix.pull_request
                .and_then(|number| self.relations.by_pull.get(&number))
                .cloned()
                .unwrap_or_default()
        };
        by_id.map_or_else(by_number, |place| vec![place])
    }

    /// Whether a release that contains these commits has a change.
    pub fn in_release(&self, commits: &[Place], release: &Contained) -> InRelease {
        events::in_release(self, commits, release)
    }

    /// `true` if a commit is a copy of one of these, or of a copy of one.
    pub fn is_copy_of(&self, commit: Place, originals: &[Place]) -> bool {
        self.relations.with_copies(originals).iter().any(|(copy, how)| *copy == commit && how.is_some())
    }

    /// The copies of a commit, and the copies of these.
    pub fn copies_of(&self, commit: Place) -> Vec<Sha> {
        let all = self.relations.with_copies(&[commit]);
        let copies = all.into_keys().filter(|place| *place != commit);
        copies.map(|place| self.graph.record(place).id.clone()).collect()
    }

    /// `true` if a commit takes back a change or a copy of it: what it says that it closes is not fixed by that.
    pub fn takes_back(&self, commit: Place, change: &[Place]) -> bool {
        let all = self.relations.with_copies(change);
        !self.relations.words[commit].reapplies
            && all.keys().any(|one| self.relations.reverts_of(*one).contains(&commit))
    }

    /// `true` if a release contains a commit and took it back.
    pub fn is_taken_back(&self, commit: Place, release: &Contained) -> bool {
        matches!(self.in_release(&[commit], release), InRelease::TakenBack { .. })
    }

    /// A commit as a person names it: its pull request, or the first digits of its id.
    pub fn name(&self, place: Place) -> String {
        match self.relations.pull_of(place) {
            Some(number) => format!("#{number}"),
            None => {
                let id = &self.graph.record(place).id.0;
                format!("commit {}", id.get(..10).unwrap_or(id))
            }
        }
    }

    /// The commits that take back a part of a change and are in a release: noted, and of no consequence.
    pub fn partial_reverts_of(&self, commits: &[Place], release: &Contained) -> Vec<Place> {
        let of = |place: &Place| {
            let stated = self.relations.partial_reverts.get(place).into_iter().flatten().copied();
            stated.chain(events::reverts_of_parts(self, *place, release)).collect::<Vec<Place>>()
        };
        commits.iter().flat_map(of).filter(|place| release.holds(*place)).collect()
    }
}

#[cfg(test)]
mod tests;
