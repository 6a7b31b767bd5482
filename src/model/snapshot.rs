//! Snapshot: the evidence of one run as a document. `collect` writes it, and `--snapshot` reads it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::Timestamp;
use release_history::{Candidate, CommitHistory, Release};
use serde::{Deserialize, Serialize};
use test_reports::{ReadReports, TestEvidence};

use super::collection_scope::{self, CollectionScope};
use super::deployment::{self, Deployments};
use super::gap::{Area, Gap, Warning};
use super::issue::Issue;
use super::origin::{self, Origins};
use super::overrides::Override;
use super::pull_request::PullRequest;

/// The version of the snapshot format that this program writes. A key that is added with a default does not change it.
/// It reads [`OLD_SCHEMA`] too, for good.
pub const SCHEMA: u32 = 2;

/// The version before the commit graph, which calls issues `tickets`. A snapshot of it is evaluated as follows:
///
/// - Containment goes by `candidate.commits`, the commits since one base release. A change that was merged before that release was
///   published counts as contained.
/// - Reverts and copies are not seen: a reverted fix counts as contained, and a backport only if it is linked itself.
/// - A label without an actor counts as a maintainer's, also one that an issue form set.
/// - There are no pull requests: `defects.blocking` finds issues only, and the missing part is a gap.
/// - The time of the candidate's commit is taken to be the time of collection.
/// - `simulate` infers the fixes of past releases from the times at which they were merged.
pub const OLD_SCHEMA: u32 = 1;

/// Evidence collected by one run. `None` means "not collected"; an empty list means "collected, and there were none".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Snapshot {
    /// Version of the format: [`SCHEMA`], or [`OLD_SCHEMA`] if an old snapshot was read.
    pub schema: u32,
    /// Time of the collection; this is "now" for every calculation, so that a snapshot gives the same verdict later.
    pub taken_at: Timestamp,
    /// `owner/name`.
    #[serde(default)]
    pub repository: Option<String>,
    /// Candidate under evaluation.
    #[serde(default)]
    pub candidate: Option<Candidate>,
    /// Scope of the collection. `None` in a snapshot that was written by hand or by an earlier version, which counts as complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<CollectionScope>,
    /// All releases, in any order.
    #[serde(default)]
    pub releases: Option<Vec<Release>>,
    /// All issues the policy may count, in any order. Schema 1 calls them `tickets`.
    #[serde(default, rename = "issues", alias = "tickets")]
    pub issues: Option<Vec<Issue>>,
    /// Pull requests that refer to a fix, or that carry a label the policy names, in any order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_requests: Option<Vec<PullRequest>>,
    /// Commit graph in short form; `None` if it was not read, and in schema 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<CommitHistory>,
    /// Test results.
    #[serde(default)]
    pub tests: Option<TestEvidence>,
    /// Outcomes of the steps that ran the tests, for example `success`; empty if none was given. Untrusted text.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tests_outcomes: BTreeSet<String>,
    /// Tests of an earlier release, for rules that compare with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests_before: Option<EarlierTests>,
    /// Override comments, in any order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Vec<Override>>,
    /// Deployments, by the environments that were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployments: Option<Deployments>,
    /// The file that says who owns which paths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codeowners: Option<OwnersFile>,
    /// Origins of defects; `None` if they were not collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origins: Option<Origins>,
    /// Evidence that could not be collected.
    #[serde(default)]
    pub gaps: BTreeSet<Gap>,
    /// Warnings that do not change the verdict.
    #[serde(default)]
    pub warnings: BTreeSet<Warning>,
}

/// Tests of an earlier release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EarlierTests {
    /// Name of the release, for example `v1.3.0`. Untrusted text.
    pub name: String,
    /// Number of distinct tests.
    pub total: u64,
}

/// A `CODEOWNERS` file as it was read. Untrusted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OwnersFile {
    /// Path in the repository.
    pub path: String,
    /// Full text of the file.
    pub text: String,
}

/// Two snapshots that cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the snapshots have different {what}: `{left}` and `{right}`")]
pub struct MergeConflict {
    /// Part that differs.
    pub what: &'static str,
    /// One side's value.
    pub left: String,
    /// The other side's value.
    pub right: String,
}

impl Snapshot {
    /// Adds the contents of test reports. Unreadable parts become gaps in [`Area::Tests`].
    pub fn add_test_reports(&mut self, read: ReadReports) {
        self.tests = Some(match self.tests.take() {
            Some(tests) => tests.merge(read.evidence),
            None => read.evidence,
        });
        let area = Area::Tests;
        self.gaps.extend(read.gaps.into_iter().map(|gap| Gap {
            area,
            place: gap.place,
            what: gap.what,
            remedy: gap.remedy,
        }));
        self.warnings.extend(read.warnings.into_iter().map(Warning));
    }

    /// Creates a snapshot without evidence.
    pub fn empty(taken_at: Timestamp) -> Self {
        Self {
            schema: SCHEMA,
            taken_at,
            repository: None,
            candidate: None,
            asked: None,
            releases: None,
            issues: None,
            pull_requests: None,
            history: None,
            tests: None,
            tests_outcomes: BTreeSet::new(),
            tests_before: None,
            overrides: None,
            deployments: None,
            codeowners: None,
            origins: None,
            gaps: BTreeSet::new(),
            warnings: BTreeSet::new(),
        }
    }

    /// Merges two snapshots. Of two copies of an issue, the newer wins, then the greater in field order. So the order of merging
    /// does not matter.
    ///
    /// # Errors
    /// If the two have different schemas, repositories, candidates, earlier tests or owners files.
    pub fn merge(self, other: Self) -> Result<Self, MergeConflict> {
        if self.schema != other.schema {
            return Err(MergeConflict {
                what: "schemas; collect both with the same version of `escape-gate`",
                left: self.schema.to_string(),
                right: other.schema.to_string(),
            });
        }
        Ok(Self {
            schema: self.schema,
            taken_at: self.taken_at.max(other.taken_at),
            repository: merge_equal("repositories", self.repository, other.repository, Clone::clone)?,
            candidate: merge_equal("candidates", self.candidate, other.candidate, |c| {
                let head = c.head.as_ref().map_or_else(|| "no commit".to_owned(), ToString::to_string);
                format!("{} at {head}", c.name)
            })?,
            asked: collection_scope::merge_collection_scopes(self.asked, other.asked),
            // A draft may share the tag of a published release, which is the one that users have.
            releases: merge_lists(self.releases, other.releases, |a: &Release, b: &Release| {
                (&a.tag, b.draft, b).cmp(&(&b.tag, a.draft, a))
            }),
            issues: merge_lists(self.issues, other.issues, |a: &Issue, b: &Issue| {
                (a.number, b).cmp(&(b.number, a))
            }),
            pull_requests: merge_lists(
                self.pull_requests,
                other.pull_requests,
                |a: &PullRequest, b: &PullRequest| {
                    (a.number, b.updated_at, b).cmp(&(b.number, a.updated_at, a))
                },
            ),
            history: merge_histories(self.history, other.history),
            tests: match (self.tests, other.tests) {
                (Some(left), Some(right)) => Some(left.merge(right)),
                (left, right) => left.or(right),
            },
            tests_outcomes: self.tests_outcomes.into_iter().chain(other.tests_outcomes).collect(),
            tests_before: merge_equal("earlier tests", self.tests_before, other.tests_before, |tests| {
                format!("{} of {}", tests.total, tests.name)
            })?,
            overrides: merge_lists(self.overrides, other.overrides, |a: &Override, b: &Override| {
                (&a.url, b.updated_at, b).cmp(&(&b.url, a.updated_at, a))
            }),
            deployments: deployment::merge_deployments(self.deployments, other.deployments),
            codeowners: merge_equal("owners files", self.codeowners, other.codeowners, |file| {
                file.path.clone()
            })?,
            origins: origin::merge_origins(self.origins, other.origins),
            gaps: self.gaps.into_iter().chain(other.gaps).collect(),
            warnings: self.warnings.into_iter().chain(other.warnings).collect(),
        })
    }
}

/// Merges two commit graphs. Each is complete for its own commits, so a commit in both has the ancestors of both.
fn merge_histories(left: Option<CommitHistory>, right: Option<CommitHistory>) -> Option<CommitHistory> {
    let (left, right) = match (left, right) {
        (Some(left), Some(right)) => (left, right),
        (left, right) => return left.or(right),
    };
    Some(left.merge(right))
}

/// Returns the value that both sides have, or the only one.
fn merge_equal<T: PartialEq>(
    what: &'static str,
    left: Option<T>,
    right: Option<T>,
    name: impl Fn(&T) -> String,
) -> Result<Option<T>, MergeConflict> {
    match (left, right) {
        (Some(l), Some(r)) if l != r => Err(MergeConflict { what, left: name(&l), right: name(&r) }),
        (left, right) => Ok(left.or(right)),
    }
}

/// Merges two lists. `order` sorts copies next to each other, the one to keep first.
fn merge_lists<T: Copies>(
    left: Option<Vec<T>>,
    right: Option<Vec<T>>,
    order: impl Fn(&T, &T) -> Ordering,
) -> Option<Vec<T>> {
    let (left, right) = match (left, right) {
        (None, None) => return None,
        (left, right) => (left.unwrap_or_default(), right.unwrap_or_default()),
    };
    let mut all: Vec<T> = left.into_iter().chain(right).collect();
    all.sort_by(order);
    all.dedup_by(|later, kept| later.is_copy_of(kept));
    Some(all)
}

/// Records of which two snapshots may each have a copy.
trait Copies {
    /// Returns `true` if both are the same record, perhaps collected at different times.
    fn is_copy_of(&self, other: &Self) -> bool;
}

impl Copies for Release {
    fn is_copy_of(&self, other: &Self) -> bool {
        self.tag == other.tag
    }
}

impl Copies for PullRequest {
    fn is_copy_of(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Copies for Override {
    fn is_copy_of(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

impl Copies for Issue {
    fn is_copy_of(&self, other: &Self) -> bool {
        self.number == other.number
    }
}
