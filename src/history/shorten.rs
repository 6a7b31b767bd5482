//! From all commits of a repository to the few that say something about a release or a defect.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::commit_index::{CommitIndex, Index};
use crate::model::{IssueNumber, Sha};

/// Nearest kept ancestors that a commit may have. A commit with more is kept itself, so that no set grows with the
/// repository.
const MOST_ANCESTORS: usize = 8;

/// Commits that are looked at to tell whether one kept commit is an ancestor of another.
const MOST_STEPS: usize = 64;

/// What commits are looked for.
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
}

/// The commits that say something, ancestors first. One is an ancestor of another here exactly if it is in the repository.
pub fn shorten(index: &CommitIndex, interest: &Interest) -> Vec<KeptCommit> {
    let mut speaks = vec![false; index.len()];
    Closure::new(index, interest).mark(&mut speaks);
    connect(index, &speaks)
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

    /// Marks them.
    fn mark(&self, speaks: &mut [bool]) {
        let mut queue: Vec<Index> = Vec::new();
        let mut keep = |commit: Index, queue: &mut Vec<Index>| {
            let known = std::mem::replace(&mut speaks[commit as usize], true);
            if !known {
                queue.push(commit);
            }
        };
        let asked = self.interest.tips.iter().chain(&self.interest.commits);
        for commit in asked.filter_map(|id| self.index.find(&id.0)) {
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

/// Commits without those between. Each commit knows its nearest kept ancestors; of a commit with one parent they are those
/// of the parent, and only merges need a set of their own.
fn connect(index: &CommitIndex, speaks: &[bool]) -> Vec<KeptCommit> {
    let order = ancestors_first(index);
    let mut rank = vec![0_u32; index.len()];
    for (at, commit) in order.iter().enumerate() {
        rank[*commit as usize] = at as u32;
    }
    let mut kept = Kept { rank, parents: HashMap::new() };
    // Set 0 is that of commits without kept ancestors.
    let mut sets: Vec<Vec<Index>> = vec![Vec::new()];
    let mut set_of = vec![0_u32; index.len()];
    let mut found = Vec::new();
    for commit in order {
        let parents = index.parents(commit);
        let mut own = parents.iter().map(|parent| set_of[*parent as usize]).collect::<Vec<u32>>();
        own.dedup();
        let has_words = speaks[commit as usize];
        if let ([set], false) = (own.as_slice(), has_words) {
            set_of[commit as usize] = *set;
            continue;
        }
        let nearest = kept.nearest(own.iter().filter_map(|set| sets.get(*set as usize)));
        if has_words || nearest.len() > MOST_ANCESTORS {
            found.push((commit, has_words));
            kept.parents.insert(commit, nearest);
            set_of[commit as usize] = sets.len() as u32;
            sets.push(vec![commit]);
        } else if let Some(known) = own.iter().find(|set| sets.get(**set as usize) == Some(&nearest)) {
            set_of[commit as usize] = *known;
        } else {
            set_of[commit as usize] = sets.len() as u32;
            sets.push(nearest);
        }
    }
    let record = |(commit, has_words): (Index, bool)| KeptCommit {
        id: Sha(index.id(commit)),
        parents: kept.parents[&commit].iter().map(|parent| Sha(index.id(*parent))).collect(),
        committed: index.committed(commit),
        has_words,
    };
    found.into_iter().map(record).collect()
}

/// The kept commits so far.
struct Kept {
    /// Place in an order in which ancestors come first.
    rank: Vec<u32>,
    /// Nearest kept ancestors.
    parents: HashMap<Index, Vec<Index>>,
}

impl Kept {
    /// The union of sets, in order, without those that are ancestors of others as far as a short look tells.
    fn nearest<'s>(&self, sets: impl Iterator<Item = &'s Vec<Index>>) -> Vec<Index> {
        let mut all: Vec<Index> = Vec::new();
        for commit in sets.flatten() {
            if !all.contains(commit) {
                all.push(*commit);
            }
        }
        if all.len() < 2 {
            return all;
        }
        let is_behind =
            |commit: &Index| all.iter().any(|other| other != commit && self.is_ancestor(*commit, *other));
        all.iter().copied().filter(|commit| !is_behind(commit)).collect()
    }

    /// `true` if a kept commit is found among the ancestors of another within a few steps.
    fn is_ancestor(&self, ancestor: Index, of: Index) -> bool {
        let rank = |commit: Index| self.rank[commit as usize];
        if rank(ancestor) > rank(of) {
            return false;
        }
        let mut seen = vec![of];
        let mut at = 0;
        while let Some(commit) = seen.get(at).copied().filter(|_| at < MOST_STEPS) {
            for parent in self.parents.get(&commit).into_iter().flatten() {
                if *parent == ancestor {
                    return true;
                }
                if rank(*parent) > rank(ancestor) && !seen.contains(parent) {
                    seen.push(*parent);
                }
            }
            at += 1;
        }
        false
    }
}

/// Every commit that was read, each behind its ancestors.
fn ancestors_first(index: &CommitIndex) -> Vec<Index> {
    let mut children = vec![0_u32; index.len()];
    for commit in index.commits() {
        for parent in index.parents(commit) {
            children[*parent as usize] += 1;
        }
    }
    let mut order: Vec<Index> = index.commits().filter(|commit| children[*commit as usize] == 0).collect();
    let mut at = 0;
    while let Some(commit) = order.get(at).copied() {
        for parent in index.parents(commit) {
            let left = &mut children[*parent as usize];
            *left -= 1;
            if *left == 0 && index.is_read(*parent) {
                order.push(*parent);
            }
        }
        at += 1;
    }
    order.reverse();
    order
}

#[cfg(test)]
mod tests;
