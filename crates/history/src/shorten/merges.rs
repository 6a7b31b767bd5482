//! The commits that a merge brought in.

use std::collections::{BinaryHeap, HashMap};

use super::order::Order;
use crate::commit_index::{CommitIndex, Index};

/// Largest number of commits of a merge that are listed one by one. A larger merge joins branches, and is no change.
const MOST_COMMITS: usize = 100;

/// Commits that are looked at for one merge.
// The merge of a branch that began years ago would lead through half of the history.
const MOST_STEPS: usize = 20_000;

/// The commits that the other parents of a merge have and its first parent does not, oldest first, without merges. Empty for
/// a commit with one parent, and for a merge that is too large.
pub(super) fn brought_in(index: &CommitIndex, order: &Order, merge: Index) -> Vec<Index> {
    let [first, others @ ..] = index.parents(merge) else { return Vec::new() };
    if others.is_empty() {
        return Vec::new();
    }
    // By commit: `true` if the first parent has it. The newest is looked at first, so that all its children were.
    let mut is_old = HashMap::from([(*first, true)]);
    let mut queue = BinaryHeap::from([(order.rank(*first), *first)]);
    let mut unknown = 0;
    for other in others {
        if !is_old.contains_key(other) {
            is_old.insert(*other, false);
            queue.push((order.rank(*other), *other));
            unknown += 1;
        }
    }
    let (mut found, mut steps) = (Vec::new(), 0);
    // Everything behind commits of the first parent is old: once only these are left, the walk ends.
    while let Some((_, commit)) = queue.pop().filter(|_| unknown > 0) {
        steps += 1;
        let old = is_old.get(&commit).copied().unwrap_or(true);
        if !old {
            unknown -= 1;
            found.push(commit);
        }
        if found.len() > MOST_COMMITS || steps > MOST_STEPS {
            return Vec::new();
        }
        for parent in index.parents(commit).iter().filter(|parent| index.is_read(**parent)) {
            match is_old.get_mut(parent) {
                None => {
                    is_old.insert(*parent, old);
                    queue.push((order.rank(*parent), *parent));
                    unknown += usize::from(!old);
                }
                Some(known) if old && !*known => {
                    *known = true;
                    unknown -= 1;
                }
                Some(_) => {}
            }
        }
    }
    found.retain(|commit| index.parents(*commit).len() < 2);
    found.reverse();
    found
}
