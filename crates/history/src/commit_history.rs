//! The commit graph that a verdict rests on, in short form.
//!
//! It holds the commits that say something about a release or a defect: those of releases, of the candidate and of branch
//! heads; fixes, copies and reverts of fixes, and commits that close an issue in words. Between two of them, `parents`
//! skips the commits that say nothing, so that one commit is an ancestor of another here exactly if it is in the
//! repository.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::Sha;

/// The commit graph in short form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CommitHistory {
    /// The commits, in any order.
    #[serde(default)]
    pub commits: Vec<CommitRecord>,
    /// Name of the default branch.
    #[serde(default)]
    pub default_branch: Option<String>,
    /// Commit at the head of each branch that was read.
    #[serde(default)]
    pub branches: BTreeMap<String, Sha>,
}

impl CommitHistory {
    /// Both graphs together: the commits that either has. A commit that both have keeps the parents of both, since each
    /// graph skips other commits between.
    pub fn merge(self, other: Self) -> Self {
        let mut by_id: BTreeMap<Sha, CommitRecord> = BTreeMap::new();
        for commit in self.commits.into_iter().chain(other.commits) {
            match by_id.get_mut(&commit.id) {
                None => {
                    by_id.insert(commit.id.clone(), commit);
                }
                Some(known) => {
                    let parents: BTreeSet<Sha> = known.parents.drain(..).chain(commit.parents).collect();
                    known.parents = parents.into_iter().collect();
                    // A graph that keeps a commit only to connect others leaves out its message.
                    if known.message.is_empty() {
                        known.message = commit.message;
                    }
                    known.patch_id = known.patch_id.take().max(commit.patch_id);
                }
            }
        }
        let mut branches = self.branches;
        for (name, head) in other.branches {
            // Keep the greater of two heads, so that the order of merging has no effect.
            branches.entry(name).and_modify(|known| *known = head.clone().max(known.clone())).or_insert(head);
        }
        Self {
            commits: by_id.into_values().collect(),
            default_branch: self.default_branch.max(other.default_branch),
            branches,
        }
    }
}

/// A commit. Author and message are untrusted text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CommitRecord {
    /// Full id.
    pub id: Sha,
    /// Nearest ancestors within this graph, the first parent's first.
    #[serde(default)]
    pub parents: Vec<Sha>,
    /// Time when it was committed.
    pub committed_at: Timestamp,
    /// Name and address of the author, as Git prints them: `Ada <ada@example.com>`.
    #[serde(default)]
    pub author: String,
    /// Time when it was written; a cherry-pick and a rebase keep it.
    pub authored_at: Timestamp,
    /// The whole message; empty for a commit of which only its place matters.
    #[serde(default)]
    pub message: String,
    /// Ids of the commits that a merge brought in, oldest first, where the merge is a fix: a release branch may have copies of
    /// them in place of one of the merge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub brought_in: Vec<Sha>,
    /// Result of `git patch-id --stable`, where it was computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch_id: Option<String>,
}
