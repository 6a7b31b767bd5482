//! The commits of a repository and who descends from whom.

use std::collections::HashMap;

use crate::Sha;

/// A commit as the walk through a repository meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AncestryNode {
    /// Full id.
    pub id: Sha,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// Ids of the parents. A parent that is not among the commits is ignored: history ends before it.
    pub parents: Vec<Sha>,
}

/// The place of a commit in a [`Graph`].
pub(super) type At = usize;

/// Every commit of a repository. A commit stands before its parents.
#[derive(Debug, Clone, Default)]
pub struct AncestryGraph {
    times: Vec<i64>,
    parents: Vec<Vec<At>>,
    places: HashMap<Sha, At>,
}

impl AncestryGraph {
    /// Sorts the commits so that each stands before its parents.
    pub fn new(nodes: Vec<AncestryNode>) -> Self {
        let (mut given, mut times, mut named) = (HashMap::with_capacity(nodes.len()), Vec::new(), Vec::new());
        for (at, node) in nodes.into_iter().enumerate() {
            given.insert(node.id, at);
            times.push(node.time);
            named.push(node.parents);
        }
        let place_of =
            |ids: Vec<Sha>| ids.iter().filter_map(|id| given.get(id).copied()).collect::<Vec<At>>();
        let parents: Vec<Vec<At>> = named.into_iter().map(place_of).collect();
        let mut children = vec![0_usize; parents.len()];
        for parent in parents.iter().flatten() {
            children[*parent] += 1;
        }
        let mut order: Vec<usize> = (0..parents.len()).filter(|at| children[*at] == 0).collect();
        let mut next = 0;
        while let Some(&at) = order.get(next) {
            next += 1;
            for parent in &parents[at] {
                children[*parent] -= 1;
                if children[*parent] == 0 {
                    order.push(*parent);
                }
            }
        }
        let mut place = vec![0; parents.len()];
        for (at, given) in order.iter().enumerate() {
            place[*given] = at;
        }
        for at in given.values_mut() {
            *at = place[*at];
        }
        Self {
            parents: order
                .iter()
                .map(|at| parents[*at].iter().map(|parent| place[*parent]).collect())
                .collect(),
            times: order.iter().map(|at| times[*at]).collect(),
            places: given,
        }
    }

    /// Number of commits.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// True if there is no commit.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// When a commit was committed, in seconds since 1970.
    pub fn committed_at(&self, id: &Sha) -> Option<i64> {
        self.at(id).map(|at| self.time(at))
    }

    /// True if the first commit is the second one, or one that it descends from. Of a commit that is not here nothing is
    /// true.
    pub fn is_ancestor(&self, ancestor: &Sha, of: &Sha) -> bool {
        let (Some(ancestor), Some(of)) = (self.at(ancestor), self.at(of)) else { return false };
        let mut seen = vec![false; self.len()];
        let mut todo = vec![of];
        while let Some(at) = todo.pop() {
            if at == ancestor {
                return true;
            }
            // A commit behind the ancestor cannot descend from it.
            for parent in self.parents[at].iter().copied().filter(|parent| *parent <= ancestor) {
                if !std::mem::replace(&mut seen[parent], true) {
                    todo.push(parent);
                }
            }
        }
        false
    }

    /// For each commit, whether it is one of these or descends from one.
    pub(super) fn descendants(&self, of: &[At]) -> Vec<bool> {
        let mut is_one = vec![false; self.len()];
        for at in of {
            is_one[*at] = true;
        }
        for at in self.oldest_first() {
            is_one[at] |= self.parents[at].iter().any(|parent| is_one[*parent]);
        }
        is_one
    }

    /// Returns the place of a commit; `None` if it is not in the graph.
    pub(super) fn at(&self, id: &Sha) -> Option<At> {
        self.places.get(id).copied()
    }

    /// When a commit was committed.
    pub(super) fn time(&self, at: At) -> i64 {
        self.times[at]
    }

    /// Returns the places of a commit's parents.
    pub(super) fn parents(&self, at: At) -> &[At] {
        &self.parents[at]
    }

    /// All commits, each before its parents.
    pub(super) fn newest_first(&self) -> std::ops::Range<At> {
        0..self.len()
    }

    /// All commits, each behind its parents.
    pub(super) fn oldest_first(&self) -> std::iter::Rev<std::ops::Range<At>> {
        self.newest_first().rev()
    }
}
