//! The scope of a collection, kept in the snapshot. A policy that needs more than that scope finds gaps in the evidence.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The scope of a collection, in the spelling of the policy of that run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CollectionScope {
    /// Labels and patterns whose issues were collected.
    #[serde(default)]
    pub labels: BTreeSet<String>,
    /// Issue types whose issues were collected.
    #[serde(default)]
    pub types: BTreeSet<String>,
    /// Milestones and patterns whose issues and pull requests were collected.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub milestones: BTreeSet<String>,
    /// Patterns of the tags that were collected in addition to the published releases.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    /// `true` if the paths of every fix were read; `false` if only those of closed escaped defects were.
    #[serde(default)]
    pub all_paths: bool,
}

/// Returns the intersection of two collection scopes: only what both runs collected is complete in the merged snapshot. A
/// snapshot without a recorded scope counts as complete.
pub fn merge_collection_scopes(
    left: Option<CollectionScope>,
    right: Option<CollectionScope>,
) -> Option<CollectionScope> {
    let (left, right) = match (left, right) {
        (Some(left), Some(right)) => (left, right),
        (left, right) => return left.or(right),
    };
    let both = |left: BTreeSet<String>, right: &BTreeSet<String>| -> BTreeSet<String> {
        left.into_iter().filter(|one| right.contains(one)).collect()
    };
    Some(CollectionScope {
        labels: both(left.labels, &right.labels),
        types: both(left.types, &right.types),
        milestones: both(left.milestones, &right.milestones),
        tags: both(left.tags, &right.tags),
        all_paths: left.all_paths && right.all_paths,
    })
}
