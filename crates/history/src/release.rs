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
    /// Its title, which may differ from the tag.
    #[serde(default)]
    pub name: Option<String>,
    /// The commit the tag points to; drafts may have none yet.
    #[serde(default)]
    pub commit: Option<Sha>,
    /// When that commit was made, where the tracker says.
    #[serde(default)]
    pub committed_at: Option<Timestamp>,
    /// When it was published; drafts have none.
    #[serde(default)]
    pub published_at: Option<Timestamp>,
    /// Not visible to users yet.
    #[serde(default)]
    pub draft: bool,
    /// Marked as not ready for production: what is found in it was caught.
    #[serde(default)]
    pub prerelease: bool,
    /// Where a person reads it.
    #[serde(default)]
    pub url: Option<String>,
    /// Its product, if the tag does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Its release line, for example `1.4`, if the tag does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
}

/// What the run decides about: a release that is about to ship, or a pull request on its way into one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Candidate {
    /// How a person names it: a tag, a branch, a pull request.
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
    /// What it adds since a published release, in snapshots of schema 1; none if that was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<Commits>,
}

/// The commits of a candidate since a base release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Commits {
    /// The release they are counted from: the oldest that a rule on unfixed defects looks at.
    pub base: Tag,
    /// Every commit in `base..head`.
    pub ids: BTreeSet<Sha>,
    /// Tickets that their messages close by keyword ("Fixes #12").
    #[serde(default)]
    pub closes: BTreeSet<IssueNumber>,
}
