//! Commits: what contains what, what is a copy of what, and what was taken back.
//!
//! 1. [`message`] reads what a commit message, or a pull request, says in its own words: which issues it closes, what it
//!    reverts, applies again or copies.
//! 2. [`graph`] answers which commits a release contains.
//! 3. [`changes`] brings both together: it tells for a change whether a release has it, by itself or as a copy, and whether
//!    it was taken back there.
//!
//! 4. [`commit_index`] and [`shorten`] make the short history of all commits of a repository.
#![warn(missing_docs)]

mod bisect;
pub mod body;
pub mod bounded;
pub mod changes;
mod commit_history;
pub mod commit_index;
pub mod git;
pub mod graph;
mod ids;
pub mod message;
mod message_marks;
pub mod origins;
pub mod relatives;
mod release;
pub mod scratch;
pub mod shorten;
mod timeline;
mod version;

pub use bisect::{Bisect, Bisects, FirstBad};
pub use commit_history::{CommitHistory, CommitRecord};
pub use ids::{IssueNumber, Sha, Tag};
pub use release::{Candidate, Commits, Release};
pub use timeline::{CandidateStanding, NamedVersions, Timeline, VersionMatch, VersionedRelease};
pub use version::{Version, product_name, product_of};
