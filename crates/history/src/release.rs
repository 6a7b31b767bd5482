//! Releases, and the candidate that a run decides about.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{IssueNumber, Sha, Tag};

/// A tag with a publication time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Release {
    /// The tag it is made from.
    pub tag: Tag,
    /// Title, which may differ from the tag.
    #[serde(default)]
    pub name: Option<String>,
    /// The commit the tag points to; drafts may have none yet.
    #[serde(default)]
    pub commit: Option<Sha>,
    /// Time when that commit was made, if the tracker says it.
    #[serde(default)]
    pub committed_at: Option<Timestamp>,
    /// Time when it was published; `None` for a draft.
    #[serde(default)]
    pub published_at: Option<Timestamp>,
    /// Not visible to users yet.
    #[serde(default)]
    pub draft: bool,
    /// Marked as not ready for production: what is found in it was caught.
    #[serde(default)]
    pub prerelease: bool,
    /// Address of its page.
    #[serde(default)]
    pub url: Option<String>,
    /// Product, if the tag does not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Release line, for example `1.4`, if the tag does not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
}

/// The commit under evaluation: a release that is about to ship, or a pull request on its way into one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Candidate {
    /// Name for people: a tag, a branch, a pull request.
    pub name: String,
    /// The tag, where it has one.
    #[serde(default)]
    pub tag: Option<Tag>,
    /// The commit to be shipped.
    #[serde(default)]
    pub head: Option<Sha>,
    /// The branch that the commit is on: of a pull request, the one that it targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The pull request, where it is one.
    #[serde(default)]
    pub pull_request: Option<u64>,
    /// The pull requests of a merge group, the first to be merged first; empty for anything else, and if they were not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merge_group: Vec<QueuedPullRequest>,
    /// Commits since a published release, in snapshots of schema 1; `None` if they were not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<Commits>,
}

impl Candidate {
    /// Name for reports: of a merge group, its pull requests, because the name of its branch has only the last one.
    pub fn title(&self) -> String {
        let numbers: Vec<String> =
            self.merge_group.iter().map(|queued| format!("#{}", queued.number)).collect();
        match numbers.as_slice() {
            [] => self.name.clone(),
            [only] => format!("merge group of {only}"),
            [first, .., last] if numbers.len() > MOST_NAMED => {
                format!("merge group of {} pull requests from {first} to {last}", numbers.len())
            }
            all => format!("merge group of {}", all.join(", ")),
        }
    }
}

/// Number of pull requests that the title of a merge group names.
const MOST_NAMED: usize = 5;

/// A pull request in a merge queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct QueuedPullRequest {
    /// Its number.
    pub number: u64,
    /// Newest commit of the pull request itself.
    pub head: Sha,
    /// Commit that the queue made of it, on top of the pull requests before it.
    pub commit: Sha,
}

/// The commits of a candidate since a base release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Commits {
    /// The release they are counted from: the oldest that a rule on unfixed defects looks at.
    pub base: Tag,
    /// Every commit in `base..head`.
    pub ids: BTreeSet<Sha>,
    /// Issues that their messages close by keyword ("Fixes #12").
    #[serde(default)]
    pub closes: BTreeSet<IssueNumber>,
}
