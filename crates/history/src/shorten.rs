//! From all commits of a repository to the few that say something about a release or a defect.

mod connect;
mod merges;
mod order;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::commit_index::{CommitIndex, Index};
use crate::{IssueNumber, Sha};

use connect::connect_kept_commits;
use order::Order;

/// Most commits of one subject whose patches are compared. A subject of more says nothing: "Update translations".
const MOST_NAMESAKES: usize = 20;

/// Selection of the commits to keep.
#[derive(Debug, Clone, Default)]
pub struct Interest {
    /// Issues that messages may name.
    pub issues: BTreeSet<IssueNumber>,
    /// Pull requests that messages may name.
    pub pull_requests: BTreeSet<u64>,
    /// Fixes, copies, and other commits that are known by their id.
    pub commits: BTreeSet<Sha>,
    /// Commits of releases, of the candidate, and of branch heads.
    pub tips: Vec<Sha>,
    /// `true` if patches can be compared: a commit with the subject of one of `commits` may be a copy that does not say so.
    pub has_patches: bool,
    /// Time before which a commit is not kept for what its message names.
    pub since: Option<Timestamp>,
}

/// A commit of a shortened history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCommit {
    /// Full id.
    pub id: Sha,
    /// Nearest kept ancestors, the first parent's first.
    pub parents: Vec<Sha>,
    /// Time when it was committed, in seconds since 1970.
    pub committed: i64,
    /// `false` for a commit that only holds others together.
    pub has_words: bool,
    /// `true` if its patch tells whether it is a copy of another commit with its subject.
    pub needs_patch: bool,
    /// Commits that a selected merge brought in, oldest first.
    pub brought_in: Vec<Sha>,
}

/// The commits that say something, ancestors first. One is an ancestor of another here exactly if it is in the repository.
pub fn shorten_history(index: &CommitIndex, interest: &Interest) -> Vec<KeptCommit> {
    let order = Order::new(index);
    let merges = interest.commits.iter().filter_map(|id| index.find(&id.0));
    let brought_in: BTreeMap<Index, Vec<Index>> =
        merges.map(|merge| (merge, merges::brought_in(index, &order, merge))).collect();
    let namesakes =
        if interest.has_patches { commits_with_shared_subject(index, interest) } else { BTreeSet::new() };
    let mut speaks = vec![false; index.len()];
    let first = brought_in.values().flatten().chain(&namesakes).copied();
    Closure::new(index, interest).mark(first, &mut speaks);
    let mut kept = connect_kept_commits(index, &order, &speaks);
    let ids = |commits: &[Index]| commits.iter().map(|commit| Sha(index.id(*commit))).collect();
    let by_id: BTreeMap<Sha, Vec<Sha>> =
        brought_in.iter().map(|(merge, commits)| (Sha(index.id(*merge)), ids(commits))).collect();
    for commit in &mut kept {
        commit.brought_in = by_id.get(&commit.id).cloned().unwrap_or_default();
        commit.needs_patch = index.find(&commit.id.0).is_some_and(|place| namesakes.contains(&place));
    }
    kept
}

/// The commits that were asked for by id and those that share their subject, where there are a few of a subject.
fn commits_with_shared_subject(index: &CommitIndex, interest: &Interest) -> BTreeSet<Index> {
    let asked: BTreeSet<Index> = interest.commits.iter().filter_map(|id| index.find(&id.0)).collect();
    let mut by_subject: HashMap<u64, Vec<Index>> =
        asked.iter().map(|commit| (index.subject(*commit), Vec::new())).collect();
    // A merge has no patch of its own to compare.
    for commit in index.commits().filter(|commit| index.parents(*commit).len() < 2) {
        if let Some(group) = by_subject.get_mut(&index.subject(commit)) {
            group.push(commit);
        }
    }
    by_subject.into_values().filter(|group| (2..=MOST_NAMESAKES).contains(&group.len())).flatten().collect()
}

/// Finds the commits that say something: first by what is asked for, then by what names a commit that was found.
struct Closure<'a> {
    index: &'a CommitIndex,
    interest: &'a Interest,
    /// By the first digits of an id: the commits that name it.
    named: HashMap<u32, Vec<usize>>,
    /// By the digest of a subject: the commits that quote it.
    quoted: HashMap<u64, Vec<Index>>,
    /// By subject, author and time: the commits that have them, if there are several.
    alike: HashMap<u64, Vec<Index>>,
}

impl<'a> Closure<'a> {
    fn new(index: &'a CommitIndex, interest: &'a Interest) -> Self {
        let mut named: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, (prefix, _)) in index.named.iter().enumerate() {
            named.entry(prefix.key()).or_default().push(at);
        }
        let mut quoted: HashMap<u64, Vec<Index>> = HashMap::new();
        for (subject, commit) in &index.quoted {
            quoted.entry(*subject).or_default().push(*commit);
        }
        Self { index, interest, named, quoted, alike: alike(index) }
    }

    /// Marks them, beginning with these and what is asked for.
    fn mark(&self, first: impl Iterator<Item = Index>, speaks: &mut [bool]) {
        let mut queue: Vec<Index> = Vec::new();
        let mut keep = |commit: Index, queue: &mut Vec<Index>| {
            let known = std::mem::replace(&mut speaks[commit as usize], true);
            if !known {
                queue.push(commit);
            }
        };
        let asked = self.interest.tips.iter().chain(&self.interest.commits);
        for commit in first.chain(asked.filter_map(|id| self.index.find(&id.0))) {
            keep(commit, &mut queue);
        }
        let is_asked = |number: u64| {
            self.interest.issues.contains(&IssueNumber(number))
                || self.interest.pull_requests.contains(&number)
        };
        for (number, commit) in &self.index.numbers {
            if is_asked(u64::from(*number)) && self.is_young(*commit) {
                keep(*commit, &mut queue);
            }
        }
        while let Some(commit) = queue.pop() {
            for other in self.related(commit) {
                keep(other, &mut queue);
            }
        }
    }

    /// The commits that name a commit, quote it, or are the same change.
    fn related(&self, commit: Index) -> Vec<Index> {
        let id = self.index.id_prefix(commit);
        let named =
            self.named.get(&id.key()).into_iter().flatten().filter_map(|at| self.index.named.get(*at));
        let named = named.filter(|(prefix, _)| prefix.begins(id)).map(|(_, by)| *by);
        let quoted = self.quoted.get(&self.index.subject(commit)).into_iter().flatten().copied();
        let alike = self.alike.get(&self.index.identity(commit)).into_iter().flatten().copied();
        named.chain(quoted).chain(alike).filter(|other| self.is_young(*other)).collect()
    }

    fn is_young(&self, commit: Index) -> bool {
        self.interest.since.is_none_or(|since| self.index.committed(commit) >= since.as_second())
    }
}

/// Commits that share subject, author and time.
fn alike(index: &CommitIndex) -> HashMap<u64, Vec<Index>> {
    let mut all: Vec<(u64, Index)> = index.commits().map(|commit| (index.identity(commit), commit)).collect();
    all.sort_unstable();
    let groups = all.chunk_by(|left, right| left.0 == right.0).filter(|group| group.len() > 1);
    groups
        .filter_map(|group| Some((group.first()?.0, group.iter().map(|(_, commit)| *commit).collect())))
        .collect()
}

#[cfg(test)]
mod tests;
