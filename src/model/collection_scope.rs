//! What a tracker was asked for, kept beside what it brought: evidence can be judged only by a policy that asks for no more.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What evidence was gathered for, as the policy of that run wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CollectionScope {
    /// Labels and patterns whose tickets were gathered.
    #[serde(default)]
    pub labels: BTreeSet<String>,
    /// Issue types whose tickets were gathered.
    #[serde(default)]
    pub types: BTreeSet<String>,
    /// Milestones and patterns whose tickets and pull requests were gathered.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub milestones: BTreeSet<String>,
    /// Patterns of the tags that were gathered beside the published releases.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    /// Whether the paths of every fix were read, not those of closed escaped defects alone.
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
