//! Releases that take the one before back.

use std::collections::BTreeMap;

use crate::model::{Release, Tag, Timeline};
use release_history::graph::CommitPlace;

use super::candidate_position::ReleaseCommits;

/// The releases that the next one took back, each with that one: it has a higher version and an older commit, or it reverts the
/// commit that the release was made from. None without a commit graph.
pub fn rolled_back_releases(
    commits_of_releases: &ReleaseCommits<'_>,
    timeline: &Timeline,
) -> BTreeMap<Tag, Tag> {
    let Some(changes) = &commits_of_releases.changes else { return BTreeMap::new() };
    let place = |release: &Release| release.commit.as_ref().and_then(|commit| changes.graph.place(commit));
    let mut in_order: Vec<&Release> = commits_of_releases
        .releases
        .iter()
        .filter(|release| !release.draft && !release.prerelease && release.published_at.is_some())
        .collect();
    // By publication and not by version: a rollback has the higher version and the older code.
    in_order.sort_by_key(|release| release.published_at);
    let takes_back = |first: &Release, next: &Release| -> Option<bool> {
        let (from, to): (CommitPlace, CommitPlace) = (place(first)?, place(next)?);
        let is_higher = timeline.compare(&first.tag, &next.tag).is_lt();
        // Two tags of one commit are a renamed release. Nothing was taken back.
        let is_older = from != to && changes.graph.contained(&[from]).holds(to);
        Some(is_higher && (is_older || changes.is_taken_back(from, &changes.graph.contained(&[to]))))
    };
    let product = |tag: &Tag| timeline.versioned(tag).and_then(|entry| entry.product.clone());
    let mut found = BTreeMap::new();
    for (at, first) in in_order.iter().enumerate() {
        // In a monorepo, the next release of another product says nothing about this one.
        let next = in_order[at + 1..].iter().find(|next| product(&next.tag) == product(&first.tag));
        if let Some(next) = next
            && takes_back(first, next) == Some(true)
        {
            found.insert(first.tag.clone(), next.tag.clone());
        }
    }
    found
}
