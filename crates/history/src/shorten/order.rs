//! An order of all commits in which ancestors come first.

use crate::commit_index::{CommitIndex, Index};

/// An order of all commits in which ancestors come first, whatever their clocks say.
pub(super) struct Order {
    order: Vec<Index>,
    rank: Vec<u32>,
}

impl Order {
    /// Orders the commits of an index.
    pub(super) fn new(index: &CommitIndex) -> Self {
        let mut children = vec![0_u32; index.len()];
        for commit in index.commits() {
            for parent in index.parents(commit) {
                children[*parent as usize] += 1;
            }
        }
        let mut order: Vec<Index> =
            index.commits().filter(|commit| children[*commit as usize] == 0).collect();
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
        let mut rank = vec![0; index.len()];
        for (at, commit) in order.iter().enumerate() {
            rank[*commit as usize] = at as u32;
        }
        Self { order, rank }
    }

    /// Every commit, behind its ancestors.
    pub(super) fn ancestors_first(&self) -> impl Iterator<Item = Index> + '_ {
        self.order.iter().copied()
    }

    /// Place of a commit: that of an ancestor is lower.
    pub(super) fn rank(&self, commit: Index) -> u32 {
        self.rank[commit as usize]
    }
}
