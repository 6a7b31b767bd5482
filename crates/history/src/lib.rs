//! Answers two questions about a Git repository: which release contains a fix, and which commit introduced a defect.
//!
//! **In:** a repository (read with the `git` program), releases with their tags, and the texts of issues and pull requests.
//! **Out:** a short commit graph, the containment of changes in releases, the order of releases, and origins of defects.
//! The crate knows no policy and no tracker.
//!
//! # Containment: does the candidate contain the fix?
//!
//! A release contains a commit if the commit that it was made from is that commit or descends from it
//! ([`graph::CommitGraph::contained`]). That is not enough for a fix, because fixes are copied and reverted:
//!
//! ```text
//! main          A --- F (fix #2) --- R (reverts F) --- F2 (reapplies F)
//!                \
//! release-1.4     B --- P (cherry picked from F)          <- v1.4.1
//! ```
//!
//! `v1.4.1` does not contain `F`, but its copy `P`: the release contains the fix. At `R` the default branch contains the
//! fix and a revert of it: it does not contain the fix any more. At `F2` it does again. [`changes`] decides this. It lists
//! the *events* of a change (its commits, copies, reverts and reapplications), keeps those that the release contains, and
//! lets the newest one decide. [`changes::Changes::in_release`] returns the answer.
//!
//! - **Copies** are found in three ways. The message names the original (`(cherry picked from commit …)`,
//!   `Backport of #2`), the patch ids are equal, or subject, author and author date are equal.
//! - **Reverts** are found by the message: `This reverts commit …`, `Reverts #2`, `Revert "<subject>"`. A revert of a
//!   revert applies the change again.
//!
//! [`message`] reads such references from texts. They are untrusted: a reference counts only if it leads to a commit of
//! this repository, and a copy is never older than its original.
//!
//! # The commit index and the short graph
//!
//! A repository may have millions of commits, and few of them matter for a verdict. [`commit_index`] holds the place of
//! every commit and digests of what its message names, not the messages. [`shorten`] selects the commits that matter:
//! releases, fixes, copies, reverts, and commits that close an issue. It connects them so that one is an ancestor of
//! another exactly if it is so in the repository. The result is a [`CommitHistory`], which is small enough for a snapshot.
//!
//! # The order of releases
//!
//! [`Timeline`] puts releases in order, seen from a candidate. Within a product, versions decide: `v1.4.2` is before
//! `v1.5.0`, even if it was published later. Releases without a version follow the highest release that was published
//! before them. If the tags name several products (`api-1.2.0`, `web-3.0.0`) only those of the candidate's product are
//! compared.
//!
//! # Origins: which commit introduced the defect?
//!
//! [`origins`] starts at the fix. A statement that names a commit (`Regressed-by: …`, "first bad commit") goes first. Only
//! if there is none, `git blame` names the authors of the lines that the fix changes. Commits that cannot be the origin are
//! ruled out, and a small statistical model scores the others.
//!
//! # Untrusted repositories
//!
//! [`git`] runs the `git` program, so that nothing in a repository becomes an option or runs a program. [`scratch`] removes
//! temporary files when a signal ends the run.
#![warn(missing_docs)]
// Only `bounded`, `git` and `scratch` read files and run programs.
#![cfg_attr(not(any(test, feature = "testing")), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod bisect;
pub mod body;
#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
pub mod bounded;
pub mod changes;
mod commit_history;
pub mod commit_index;
#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
pub mod git;
pub mod graph;
mod ids;
pub mod message;
mod message_marks;
pub mod origins;
pub mod relatives;
mod release;
#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
pub mod scratch;
pub mod shorten;
mod timeline;
mod version;

pub use bisect::{Bisect, Bisects, FirstBad};
pub use commit_history::{CommitHistory, CommitRecord};
pub use ids::{IssueNumber, Sha, Tag};
pub use release::{Candidate, Commits, QueuedPullRequest, Release};
pub use timeline::{CandidateStanding, NamedVersions, Timeline, VersionMatch, VersionedRelease};
pub use version::{Version, product_name, product_of};
