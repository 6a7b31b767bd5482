//! The first release that contains each commit, for all commits at once.

use std::collections::HashMap;

use jiff::Timestamp;

use super::ancestry_graph::{AncestryGraph, At};
use crate::{Sha, Tag, Version};

/// A release of which it is known what it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaggedRelease {
    /// Its tag.
    pub tag: Tag,
    /// The commit it was made from.
    pub commit: Sha,
    /// When it was published, where that is known; else its commit's time stands for it.
    pub published: Option<Timestamp>,
}

/// Words that mark something unfinished where a tag begins with one of them, or where one follows the version; beside those
/// right behind the version, which [`Version`] knows.
const UNFINISHED: [&str; 10] = [
    "canary",
    "develop",
    "experimental",
    "milestone",
    "next",
    "nightly",
    "preview",
    "snapshot",
    "unstable",
    "dev",
];

/// Words that do so only behind the version: before it they are as often a part of a product's name.
const UNFINISHED_BEHIND: [&str; 11] = [
    "alpha",
    "beta",
    "branchpoint",
    "candidate",
    "cr",
    "ea",
    "entrypoint",
    "pre",
    "prerelease",
    "rc",
    "test",
];

/// True for a tag whose name alone makes it a release: it has a number and no word for something unfinished.
pub fn names_a_release(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    // The version is in the last part, as in `release/1.4.0` and `@acme/cart@1.4.0`.
    let name = tag.rsplit('/').next().unwrap_or(&tag);
    let Some((version, behind)) = Version::split(name) else { return false };
    let begins = ascii_words(&tag).next().is_some_and(|word| UNFINISHED.contains(&word));
    let is_unfinished = |word: &str| UNFINISHED.contains(&word) || UNFINISHED_BEHIND.contains(&word);
    !version.is_pre_release() && !begins && !ascii_words(behind).any(is_unfinished)
}

/// The words of a text, without digits.
fn ascii_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty())
}

/// Which release came first, for every commit.
#[derive(Debug, Clone, Default)]
pub struct ReleaseIndex {
    /// The releases with the moment each came out, the first one first.
    releases: Vec<(TaggedRelease, i64)>,
    /// For each commit the first release that contains it.
    first: Vec<Option<usize>>,
}

impl ReleaseIndex {
    /// Sorts the releases by the time they came out, and goes through all commits once. A release whose commit is not
    /// among them is left out.
    ///
    /// Clocks are wrong at times: where one release contains another, the contained one came first, whatever the times
    /// say.
    pub fn new(graph: &AncestryGraph, cuts: Vec<TaggedRelease>) -> Self {
        let moment = |cut: &TaggedRelease, at: At| cut.published.map_or(graph.time(at), Timestamp::as_second);
        let known = cuts.into_iter().filter_map(|cut| graph.at(&cut.commit).map(|at| (at, cut)));
        let mut cuts: Vec<(At, i64, TaggedRelease)> =
            known.map(|(at, cut)| (at, moment(&cut, at), cut)).collect();
        let ages = ages(graph, &cuts);
        cuts.sort_by(|(at, _, cut), (other_at, _, other)| {
            ages[at].cmp(&ages[other_at]).then_with(|| by_name(&cut.tag.0, &other.tag.0))
        });
        let mut first: Vec<Option<usize>> = vec![None; graph.len()];
        for (rank, (at, ..)) in cuts.iter().enumerate() {
            first[*at].get_or_insert(rank);
        }
        for at in graph.newest_first() {
            let Some(rank) = first[at] else { continue };
            for parent in graph.parents(at) {
                let known = &mut first[*parent];
                // Children stand before their parents here, so each commit is final when its turn comes.
                *known = Some(known.map_or(rank, |known| known.min(rank)));
            }
        }
        Self { releases: cuts.into_iter().map(|(_, moment, cut)| (cut, moment)).collect(), first }
    }

    /// The first release that contains a commit; none for a commit that is in no release yet.
    pub fn first(&self, graph: &AncestryGraph, commit: &Sha) -> Option<&TaggedRelease> {
        self.entry(graph, commit).map(|(cut, _)| cut)
    }

    /// When the first release that contains a commit came out, in seconds since 1970.
    pub fn first_at(&self, graph: &AncestryGraph, commit: &Sha) -> Option<i64> {
        self.entry(graph, commit).map(|(_, moment)| *moment)
    }

    /// When a release came out, in seconds since 1970.
    pub fn out_at(&self, tag: &Tag) -> Option<i64> {
        self.releases.iter().find(|(cut, _)| cut.tag == *tag).map(|(_, moment)| *moment)
    }

    /// All releases, the first one first.
    pub fn releases(&self) -> impl Iterator<Item = &TaggedRelease> {
        self.releases.iter().map(|(cut, _)| cut)
    }

    /// The releases that contain one of the commits that brought a defect in and none of those that fixed it, the first
    /// one first: on each line of releases, what is affected.
    pub fn affected(&self, graph: &AncestryGraph, introduced: &[Sha], fixed: &[Sha]) -> Vec<&Tag> {
        let places = |ids: &[Sha]| -> Vec<At> { ids.iter().filter_map(|id| graph.at(id)).collect() };
        let has_it = graph.descendants(&places(introduced));
        let has_fix = graph.descendants(&places(fixed));
        let affected =
            |cut: &&TaggedRelease| graph.at(&cut.commit).is_some_and(|at| has_it[at] && !has_fix[at]);
        self.releases().filter(affected).map(|cut| &cut.tag).collect()
    }

    fn entry(&self, graph: &AncestryGraph, commit: &Sha) -> Option<&(TaggedRelease, i64)> {
        self.releases.get(self.first[graph.at(commit)?]?)
    }
}

/// When each release came out as its place in history allows: no earlier than what it contains. Of those that a wrong
/// clock brings to one moment, the second number tells which contains which.
fn ages(graph: &AncestryGraph, cuts: &[(At, i64, TaggedRelease)]) -> HashMap<At, (i64, usize)> {
    let mut own: HashMap<At, i64> = HashMap::new();
    for (at, moment, _) in cuts {
        own.entry(*at).and_modify(|known| *known = (*known).min(*moment)).or_insert(*moment);
    }
    let mut ages: Vec<Option<(i64, usize)>> = vec![None; graph.len()];
    for at in graph.oldest_first() {
        let inherited = graph.parents(at).iter().filter_map(|parent| ages[*parent]).max();
        ages[at] = match (own.get(&at), inherited) {
            (Some(moment), Some((before, step))) if *moment <= before => Some((before, step + 1)),
            (Some(moment), _) => Some((*moment, 0)),
            (None, inherited) => inherited,
        };
    }
    own.into_keys().filter_map(|at| Some((at, ages[at]?))).collect()
}

/// Orders two tags of one moment: `v1.4.2` before `v1.5.0`, and both before `v1`, which moves to the newest release.
fn by_name(one: &str, other: &str) -> std::cmp::Ordering {
    let numbers =
        |tag: &str| tag.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    let by_version = || match (Version::parse(one), Version::parse(other)) {
        (Some(one), Some(other)) => one.compare(&other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    };
    (numbers(one) < 2).cmp(&(numbers(other) < 2)).then_with(by_version).then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::names_a_release;

    #[test]
    fn pre_release_is_detected_by_whole_words() {
        for tag in [
            "v1.4.0",
            "1.4",
            "curl-8_1_0",
            "REL_16_2",
            "release/2024.10.1",
            "v2023-10-31",
            "gix-testtools-v0.13.0",
            "@tapjs/snapshot@1.2.3",
            "mstest-3.1.0",
            "s3-test-1.2.0",
            "x86_64-1.2.3",
            "openjdk-17-ga",
            "v7",
            "v1.4.0-stable",
            "latest-1.2.3",
        ] {
            assert!(names_a_release(tag), "{tag}");
        }
        for tag in [
            "v1.4.0-rc1",
            "v1.4.0.rc2",
            "1.4.0b2",
            "v2.0.0-beta.1",
            "openafs-stable-1_8_0pre1",
            "curl-8_0_0-pre1",
            "pgbouncer_1_9_0_rc1",
            "v3.0.0-develop.4",
            "v2.0.0-next.1",
            "2.10.1-entrypoint",
            "10.0-branchpoint",
            "v1.0-candidate-2",
            "1.0.0.CR1",
            "nightly/2024-01-01",
            "nightly-2024-01-01",
            "v1.2.0-test1",
            "dev-12",
            "release",
            "canary-123",
            "v1.2-preview",
        ] {
            assert!(!names_a_release(tag), "{tag}");
        }
    }
}
