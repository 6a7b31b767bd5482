//! Commits: what contains what, what is a copy of what, and what was taken back.
//!
//! 1. [`message`] reads what a commit message, or a pull request, says in its own words: which issues it closes, what it
//!    reverts, applies again or copies.
//! 2. [`graph`] answers which commits a release contains.
//! 3. [`changes`] brings both together: it tells for a change whether a release has it, by itself or as a copy, and whether
//!    it was taken back there.
//!
//! 4. [`commit_index`] and [`shorten`] make the short history of all commits of a repository.
//!
//! Nothing here reads a repository. Input is a [`crate::model::CommitHistory`] and the pull requests of a snapshot.

pub mod changes;
pub mod commit_index;
pub mod graph;
pub mod message;
mod message_marks;
pub mod relatives;
pub mod shorten;
