//! The first release that contains each commit, for all commits at once.

use std::collections::HashMap;

use jiff::Timestamp;

use super::graph::{At, Graph};
use crate::model::{Sha, Tag, Version};

/// A release of which it is known what it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Its tag.
    pub tag: Tag,
    /// The commit it was made from.
    pub commit: Sha,
    /// When it was published, where that is known; else its commit's time stands for it.
    pub published: Option<Timestamp>,
}

/// Words in a tag that mark a pre-release, beside those that [`Version`] knows.
const UNFINISHED: [&str; 6] = ["canary", "milestone", "nightly", "snapshot", "preview", "test"];

/// True for a tag whose name alone makes it a release: it has a number and no word for something unfinished.
pub fn names_a_release(tag: &str) -> bool {
    let name = tag.rsplit('/').next().unwrap_or(tag).to_ascii_lowercase();
    Version::parse(&name).is_some_and(|version| !version.is_pre_release())
        && !UNFINISHED.iter().any(|word| name.contains(word))
}

/// Which release came first, for every commit.
#[derive(Debug, Clone, Default)]
pub struct ReleaseIndex {
    /// The releases with the moment each came out, the first one first.
    releases: Vec<(Cut, i64)>,
    /// For each commit the first release that contains it.
    first: Vec<Option<usize>>,
}

impl ReleaseIndex {
    /// Sorts the releases by the time they came out, and goes through all commits once. A release whose commit is not
    /// among them is left out.
    ///
    /// Clocks are wrong at times: where one release contains another, the contained one came first, whatever the times
    /// say.
    pub fn new(graph: &Graph, cuts: Vec<Cut>) -> Self {
        let moment = |cut: &Cut, at: At| cut.published.map_or(graph.time(at), Timestamp::as_second);
        let known = cuts.into_iter().filter_map(|cut| graph.at(&cut.commit).map(|at| (at, cut)));
        let mut cuts: Vec<(At, i64, Cut)> = known.map(|(at, cut)| (at, moment(&cut, at), cut)).collect();
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
                *known = Some(known.map_or(rank, |known| known.min(rank)));
            }
        }
        Self { releases: cuts.into_iter().map(|(_, moment, cut)| (cut, moment)).collect(), first }
    }

    /// The first release that contains a commit; none for a commit that is in no release yet.
    pub fn first(&self, graph: &Graph, commit: &Sha) -> Option<&Cut> {
        self.entry(graph, commit).map(|(cut, _)| cut)
    }

    /// When the first release that contains a commit came out, in seconds since 1970.
    pub fn first_at(&self, graph: &Graph, commit: &Sha) -> Option<i64> {
        self.entry(graph, commit).map(|(_, moment)| *moment)
    }

    /// When a release came out, in seconds since 1970.
    pub fn out_at(&self, tag: &Tag) -> Option<i64> {
        self.releases.iter().find(|(cut, _)| cut.tag == *tag).map(|(_, moment)| *moment)
    }

    /// All releases, the first one first.
    pub fn releases(&self) -> impl Iterator<Item = &Cut> {
        self.releases.iter().map(|(cut, _)| cut)
    }

    /// The releases that contain one of the commits that brought a defect in and none of those that fixed it, the first
    /// one first: on each line of releases, what is affected.
    pub fn affected(&self, graph: &Graph, introduced: &[Sha], fixed: &[Sha]) -> Vec<&Tag> {
        let places = |ids: &[Sha]| -> Vec<At> { ids.iter().filter_map(|id| graph.at(id)).collect() };
        let has_it = graph.descendants(&places(introduced));
        let has_fix = graph.descendants(&places(fixed));
        let affected = |cut: &&Cut| graph.at(&cut.commit).is_some_and(|at| has_it[at] && !has_fix[at]);
        self.releases().filter(affected).map(|cut| &cut.tag).collect()
    }

    fn entry(&self, graph: &Graph, commit: &Sha) -> Option<&(Cut, i64)> {
        self.releases.get(self.first[graph.at(commit)?]?)
    }
}

/// When each release came out as its place in history allows: no earlier than what it contains. Of those that a wrong
/// clock brings to one moment, the second number tells which contains which.
fn ages(graph: &Graph, cuts: &[(At, i64, Cut)]) -> HashMap<At, (i64, usize)> {
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

/// Of two tags of one moment: `v1.4.2` before `v1.5.0`, and both before `v1`, which moves to whatever is newest.
fn by_name(one: &str, other: &str) -> std::cmp::Ordering {
    let numbers =
        |tag: &str| tag.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    let by_version = || match (Version::parse(one), Version::parse(other)) {
        (Some(one), Some(other)) => one.compare(&other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    };
    (numbers(one) < 2).cmp(&(numbers(other) < 2)).then_with(by_version).then_with(|| one.cmp(other))
}
