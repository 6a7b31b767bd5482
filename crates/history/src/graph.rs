//! The commit graph and containment: a release contains a commit if its own commit is that one or a descendant.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::{CommitHistory, CommitRecord, Sha};

/// A commit's place in a [`CommitGraph`].
pub type CommitPlace = usize;

/// The commits of a history, by place.
pub struct CommitGraph<'h> {
    records: Vec<&'h CommitRecord>,
    parents: Vec<Vec<CommitPlace>>,
    by_id: HashMap<&'h str, CommitPlace>,
    /// Ids in order, to find one by its first digits.
    sorted: Vec<(&'h str, CommitPlace)>,
    /// Length of the longest way to a commit without parents: an ancestor's is smaller.
    depth: Vec<u32>,
}

impl<'h> CommitGraph<'h> {
    /// Indexes a history. Parents that it does not hold are left out: what lies behind them is not known.
    pub fn new(history: &'h CommitHistory) -> Self {
        let records: Vec<&CommitRecord> = history.commits.iter().collect();
        let by_id: HashMap<&str, CommitPlace> =
            records.iter().enumerate().map(|(place, record)| (record.id.0.as_str(), place)).collect();
        let known = |id: &Sha| by_id.get(id.0.as_str()).copied();
        let parents: Vec<Vec<CommitPlace>> =
            records.iter().map(|record| record.parents.iter().filter_map(known).collect()).collect();
        let mut sorted: Vec<(&str, CommitPlace)> = by_id.iter().map(|(id, place)| (*id, *place)).collect();
        sorted.sort_unstable();
        let depth = depths(&parents);
        Self { records, parents, by_id, sorted, depth }
    }

    /// Number of commits.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// `true` for a history without commits.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The commit at a place.
    pub fn record(&self, place: CommitPlace) -> &'h CommitRecord {
        self.records[place]
    }

    /// Time when the commit at a place was committed.
    pub fn time(&self, place: CommitPlace) -> Timestamp {
        self.records[place].committed_at
    }

    /// Length of the longest way from the commit at a place to one without parents.
    pub fn depth(&self, place: CommitPlace) -> u32 {
        self.depth[place]
    }

    /// The place of a commit; `None` if the history does not hold it.
    pub fn place(&self, id: &Sha) -> Option<CommitPlace> {
        self.by_id.get(id.0.as_str()).copied()
    }

    /// The place of the only commit whose id begins with these digits, in lower case.
    pub fn abbreviated(&self, digits: &str) -> Option<CommitPlace> {
        let from = self.sorted.partition_point(|(id, _)| *id < digits);
        let mut fitting = self.sorted[from..].iter().take_while(|(id, _)| id.starts_with(digits));
        let (_, place) = fitting.next()?;
        fitting.next().is_none().then_some(*place)
    }

    /// The commits that these commits contain, themselves included.
    pub fn contained(&self, heads: &[CommitPlace]) -> Contained {
        let mut found = vec![false; self.records.len()];
        let mut open: Vec<CommitPlace> = heads.to_vec();
        // No recursion: a history can be a million commits deep.
        while let Some(place) = open.pop() {
            if !std::mem::replace(&mut found[place], true) {
                open.extend(&self.parents[place]);
            }
        }
        Contained(found)
    }
}

/// The commits that a commit contains.
#[derive(Debug, Clone, Default)]
pub struct Contained(Vec<bool>);

impl Contained {
    /// `true` if the commit at a place is among them.
    pub fn holds(&self, place: CommitPlace) -> bool {
        self.0.get(place).copied().unwrap_or(false)
    }
}

/// For each commit the length of the longest way to one without parents. In a damaged history that has a circle, the commits
/// of the circle and those behind it stay at zero.
fn depths(parents: &[Vec<CommitPlace>]) -> Vec<u32> {
    let mut children: Vec<Vec<CommitPlace>> = vec![Vec::new(); parents.len()];
    let mut missing: Vec<usize> = parents.iter().map(Vec::len).collect();
    for (place, of) in parents.iter().enumerate() {
        for parent in of {
            children[*parent].push(place);
        }
    }
    let mut depth = vec![0; parents.len()];
    let mut ready: Vec<CommitPlace> = (0..parents.len()).filter(|place| missing[*place] == 0).collect();
    while let Some(place) = ready.pop() {
        for child in &children[place] {
            depth[*child] = depth[*child].max(depth[place] + 1);
            missing[*child] -= 1;
            if missing[*child] == 0 {
                ready.push(*child);
            }
        }
    }
    depth
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn record(id: &str, parents: &[&str]) -> CommitRecord {
        CommitRecord {
            id: Sha(id.into()),
            parents: parents.iter().map(|id| Sha((*id).into())).collect(),
            committed_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            author: String::new(),
            authored_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            message: String::new(),
            brought_in: Vec::new(),
            patch_id: None,
        }
    }

    fn history(commits: Vec<CommitRecord>) -> CommitHistory {
        CommitHistory { commits, ..CommitHistory::default() }
    }

    #[test]
    fn merge_contains_both_sides() {
        let history = history(vec![
            record("a1", &[]),
            record("b1", &["a1"]),
            record("b2", &["a1"]),
            record("c1", &["b1", "b2"]),
            record("d1", &["b1"]),
        ]);
        let graph = CommitGraph::new(&history);
        let place = |id: &str| graph.place(&Sha(id.into())).unwrap();
        let merged = graph.contained(&[place("c1")]);
        assert!(["a1", "b1", "b2", "c1"].iter().all(|id| merged.holds(place(id))));
        assert!(!merged.holds(place("d1")));
        assert!(!graph.contained(&[place("d1")]).holds(place("b2")));
        assert_eq!(graph.depth(place("c1")), 2);
    }

    #[test]
    fn abbreviation_names_one_commit() {
        let history = history(vec![record("abc1234", &[]), record("abc1299", &[])]);
        let graph = CommitGraph::new(&history);
        assert_eq!(graph.abbreviated("abc123"), Some(0));
        assert_eq!(graph.abbreviated("abc12"), None);
        assert_eq!(graph.abbreviated("ff"), None);
    }

    #[test]
    fn circle_in_damaged_history_ends() {
        let history = history(vec![record("a1", &["b1"]), record("b1", &["a1"])]);
        let graph = CommitGraph::new(&history);
        assert!(graph.contained(&[0]).holds(1));
    }
}
