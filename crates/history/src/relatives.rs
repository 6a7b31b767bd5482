//! Finds the commits that may have copies, for a whole repository at once.

use std::collections::{HashMap, HashSet};

use super::commit_index::{CommitIndex, Index};

/// Commits of which there may be copies: another commit names them, or has their subject. Of any other there is none.
#[derive(Debug, Default)]
pub struct Relatives(HashSet<Index>);

impl Relatives {
    /// Compares all commits of an index.
    pub fn new(index: &CommitIndex) -> Self {
        let named: HashSet<u32> = index.named.iter().map(|(prefix, _)| prefix.key()).collect();
        let mut subjects: HashMap<u64, u32> = HashMap::new();
        for commit in index.commits() {
            *subjects.entry(index.subject(commit)).or_default() += 1;
        }
        let has_relative = |commit: &Index| {
            named.contains(&index.id_prefix(*commit).key())
                || subjects.get(&index.subject(*commit)).is_some_and(|count| *count > 1)
        };
        Self(index.commits().filter(has_relative).collect())
    }

    /// `true` if a commit, by its full id, may have copies.
    pub fn has(&self, index: &CommitIndex, id: &str) -> bool {
        index.find(id).is_some_and(|commit| self.0.contains(&commit))
    }
}
