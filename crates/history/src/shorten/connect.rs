//! Leaves out the commits that say nothing, and keeps which commit is an ancestor of which.

use std::collections::HashMap;

use super::KeptCommit;
use super::order::Order;
use crate::Sha;
use crate::commit_index::{CommitIndex, Index};

/// Nearest kept ancestors that a commit may have. A commit with more is kept itself, so that no set grows with the
/// repository.
const MOST_ANCESTORS: usize = 8;

/// Commits that are looked at to tell whether one kept commit is an ancestor of another.
// A link too many does no harm: it leads to an ancestor as well.
const MOST_STEPS: usize = 64;

/// Commits without those between. Each commit knows its nearest kept ancestors; of a commit with one parent they are those
/// of the parent, and only merges need a set of their own.
pub(super) fn connect_kept_commits(index: &CommitIndex, order: &Order, speaks: &[bool]) -> Vec<KeptCommit> {
    let mut kept = Kept { order, parents: HashMap::new() };
    // Set 0 is that of commits without kept ancestors.
    let mut sets: Vec<Vec<Index>> = vec![Vec::new()];
    let mut set_of = vec![0_u32; index.len()];
    let mut found = Vec::new();
    for commit in order.ancestors_first() {
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
        needs_patch: false,
        brought_in: Vec::new(),
    };
    found.into_iter().map(record).collect()
}

/// The kept commits so far.
struct Kept<'a> {
    order: &'a Order,
    /// Nearest kept ancestors.
    parents: HashMap<Index, Vec<Index>>,
}

impl Kept<'_> {
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
        let rank = |commit: Index| self.order.rank(commit);
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
