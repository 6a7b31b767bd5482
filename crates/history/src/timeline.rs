//! The releases of a repository in order: by version within a product, and by publication where there is no version.

mod last;
mod lookup;
mod order;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::ids::Tag;
use super::release::{Candidate, Release};
use super::version::{Version, VersionKey, product_of};

pub use lookup::{NamedVersions, VersionMatch};

/// Releases in order, seen from one candidate. Looking one up by tag or version takes constant time, by a line linear time.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// The published ones by time, pre-releases included; then drafts and releases without a time.
    entries: Vec<VersionedRelease>,
    /// Places among the entries of the stable releases of the candidate's product, the lowest first. A release is stable if
    /// it is published and no pre-release.
    ordered: Vec<usize>,
    /// The same releases by time of publication, the oldest first, each with the highest that was published by then.
    published: Vec<(usize, usize)>,
    /// Places of the stable releases before the candidate, the lowest first.
    before: Vec<usize>,
    /// The place of each tag; a published release goes before a draft of the same tag.
    by_tag: HashMap<Tag, usize>,
    /// The same, by the tag in lower case.
    by_folded_tag: HashMap<String, usize>,
    /// The places of each version.
    by_version: HashMap<VersionKey, Vec<usize>>,
    /// Products that tags name, in lower case.
    products: BTreeSet<String>,
    /// Number of numbers that the longest version has.
    deepest: usize,
    /// The candidate.
    candidate: CandidatePosition,
}

/// A release with the version, product and line that its tag names.
#[derive(Debug, Clone)]
pub struct VersionedRelease {
    /// The release as the tracker gives it.
    pub release: Release,
    /// The version in its tag.
    pub version: Option<Version>,
    /// The product that its tag names, in lower case: `api` for `api-1.0.0`.
    pub product: Option<String>,
    /// Release line, for example `1.4` for `v1.4.2`.
    pub line: Option<String>,
}

impl VersionedRelease {
    fn new(release: Release) -> Self {
        let version = Version::parse(&release.tag.0);
        let product = release.product.as_ref().map(|name| name.to_lowercase());
        let product = product.or_else(|| product_of(&release.tag.0)).filter(|name| !name.is_empty());
        let line = release.line.clone().or_else(|| version.as_ref().and_then(Version::line));
        Self { release, version, product, line }
    }

    fn is_published(&self) -> bool {
        !self.release.draft && self.release.published_at.is_some()
    }

    fn is_stable(&self) -> bool {
        self.is_published() && !self.release.prerelease
    }
}

/// Facts about the candidate that its tag does not tell.
#[derive(Debug, Clone, Copy, Default)]
pub struct CandidateStanding<'a> {
    /// The candidate's product, if the policy names it. Only releases of this product are then compared with the candidate.
    pub product: Option<&'a str>,
    /// For a branch, the highest release that it contains; `None` if it stands after every release, as the default branch
    /// does.
    pub after: Option<&'a Tag>,
}

/// The candidate and its position among the releases.
#[derive(Debug, Clone, Default)]
struct CandidatePosition {
    tag: Option<Tag>,
    product: Option<String>,
    /// The version of its own tag.
    version: Option<Version>,
    limit: CandidateLimit,
    /// The product whose releases are compared with it by version; `None` if time alone puts releases in order.
    compared: Option<Option<String>>,
}

/// The last release that is not after the candidate.
#[derive(Debug, Clone, Default)]
enum CandidateLimit {
    /// Every release is before it.
    #[default]
    None,
    /// Releases whose version is not higher.
    Version(Version),
    /// Releases that were not published later: the candidate's tag has no version.
    Time(Timestamp),
}

impl CandidateLimit {
    /// Returns `false` if a release is after the limit. A release without a version is never after a version.
    fn allows(&self, entry: &VersionedRelease) -> bool {
        match self {
            Self::None => true,
            Self::Version(limit) => {
                entry.version.as_ref().is_none_or(|version| version.compare(limit).is_le())
            }
            Self::Time(limit) => entry.release.published_at <= Some(*limit),
        }
    }
}

impl Timeline {
    /// Puts the releases in order. A candidate without a tag stands after all of them.
    pub fn new(releases: Vec<Release>, candidate: Option<&Candidate>) -> Self {
        Self::standing(releases, candidate, CandidateStanding::default())
    }

    /// Puts the releases in order, seen from a candidate whose product or branch is known.
    pub fn standing(
        releases: Vec<Release>,
        candidate: Option<&Candidate>,
        standing: CandidateStanding<'_>,
    ) -> Self {
        let mut entries: Vec<VersionedRelease> = releases.into_iter().map(VersionedRelease::new).collect();
        entries.sort_by(order::by_publication);
        let mut timeline = Self::default();
        for (at, entry) in entries.iter().enumerate() {
            // Published releases come first in this order, so that a draft of the same tag does not replace one.
            timeline.by_tag.entry(entry.release.tag.clone()).or_insert(at);
            timeline.by_folded_tag.entry(entry.release.tag.0.to_ascii_lowercase()).or_insert(at);
            timeline.products.extend(entry.product.clone());
            if let Some(version) = &entry.version {
                timeline.deepest = timeline.deepest.max(version.depth());
                timeline.by_version.entry(version.key()).or_default().push(at);
            }
        }
        let tag = candidate.and_then(|candidate| candidate.tag.clone());
        let stands_at = tag.as_ref().or(standing.after);
        let known = stands_at.and_then(|tag| timeline.by_tag.get(tag)).map(|at| &entries[*at]);
        let product = standing.product.map(str::to_lowercase).or_else(|| match known {
            Some(known) => known.product.clone(),
            None => product_of(&stands_at?.0),
        });
        let version = stands_at.and_then(|tag| Version::parse(&tag.0));
        let names_product = version.is_some() || standing.product.is_some();
        let group = order::comparable_releases(&entries, names_product.then_some(product.as_deref()));
        let published =
            known.filter(|known| known.is_published()).and_then(|known| known.release.published_at);
        // Versions of different products have no order.
        let limit = match version.clone().filter(|_| group.product.is_some()) {
            Some(version) => CandidateLimit::Version(version),
            None => published.map_or(CandidateLimit::None, CandidateLimit::Time),
        };
        timeline.ordered = order::order_releases(&entries, &group);
        timeline.published = order::highest_by_time(&group, &timeline.ordered);
        timeline.entries = entries;
        timeline.products.extend(product.clone());
        // A branch stands where its highest release stands, but it does not have that version.
        let version = version.filter(|_| tag.is_some());
        timeline.candidate = CandidatePosition { tag, product, version, limit, compared: group.product };
        timeline.before = timeline.find_before();
        timeline
    }

    /// Places of the ordered releases that are before the candidate, without itself.
    fn find_before(&self) -> Vec<usize> {
        let entry = |position: usize| &self.entries[self.ordered[position]];
        let is_own = |position: &usize| Some(&entry(*position).release.tag) == self.candidate.tag.as_ref();
        let own = (0..self.ordered.len()).find(is_own);
        let end = (0..self.ordered.len()).find(|at| !self.candidate.limit.allows(entry(*at)));
        let is_before = |position: &usize| match (&entry(*position).version, &self.candidate.limit) {
            // The time of publication puts a release without a version in its place.
            (None, CandidateLimit::Version(_)) => {
                end.is_none_or(|end| *position < end) && own.is_none_or(|own| *position < own)
            }
            (_, limit) => limit.allows(entry(*position)),
        };
        let places = (0..self.ordered.len()).filter(|position| !is_own(position) && is_before(position));
        places.map(|position| self.ordered[position]).collect()
    }

    /// Returns the number of comparable releases that were published at a moment.
    fn published_at(&self, moment: Timestamp) -> usize {
        self.published.partition_point(|(at, _)| self.entries[*at].release.published_at <= Some(moment))
    }

    /// The release of a tag, published or not.
    pub fn get(&self, tag: &Tag) -> Option<&Release> {
        self.by_tag.get(tag).map(|at| &self.entries[*at].release)
    }

    /// The release of a tag with its version, product and line.
    pub fn versioned(&self, tag: &Tag) -> Option<&VersionedRelease> {
        self.by_tag.get(tag).map(|at| &self.entries[*at])
    }

    /// The tag being decided.
    pub fn candidate(&self) -> Option<&Tag> {
        self.candidate.tag.as_ref()
    }

    /// The product of the candidate, in lower case; `None` if its tag names none.
    pub fn product(&self) -> Option<&str> {
        self.candidate.product.as_deref()
    }

    /// Products that tags of this repository name, in lower case.
    pub fn products(&self) -> impl Iterator<Item = &str> {
        self.products.iter().map(String::as_str)
    }

    /// Number of numbers that the longest version has: 3 where there is a `v1.4.0`.
    pub fn deepest(&self) -> usize {
        self.deepest
    }

    /// Stable releases that can be compared with the candidate, the lowest first.
    pub fn ordered(&self) -> impl Iterator<Item = &VersionedRelease> {
        self.ordered.iter().map(|at| &self.entries[*at])
    }

    /// Pre-releases, published or not.
    pub fn pre_releases(&self) -> impl Iterator<Item = &Release> {
        self.entries.iter().map(|entry| &entry.release).filter(|release| release.prerelease)
    }

    /// Returns `true` if these are of one product, so that their versions put them in order.
    pub fn is_by_version(&self) -> bool {
        self.candidate.compared.is_some()
    }

    /// The line of the candidate; `None` if it has no tag with a version.
    pub fn line(&self) -> Option<String> {
        let known = self.candidate.tag.as_ref().and_then(|tag| self.versioned(tag));
        let line = known.and_then(|known| known.line.clone());
        line.or_else(|| self.version().and_then(Version::line))
    }

    /// The version of the candidate's own tag.
    pub fn version(&self) -> Option<&Version> {
        self.candidate.version.as_ref()
    }

    /// The highest stable release of the candidate's product that was published at a moment.
    pub fn newest_at(&self, moment: Timestamp) -> Option<&Release> {
        let last = self.published_at(moment).checked_sub(1)?;
        self.published.get(last).map(|(_, highest)| &self.entries[*highest].release)
    }

    /// The first stable release of the candidate's product that was published after a moment.
    pub fn first_after(&self, moment: Timestamp) -> Option<&Release> {
        self.published.get(self.published_at(moment)).map(|(at, _)| &self.entries[*at].release)
    }

    /// The candidate among the published releases that are not pre-releases.
    fn own(&self) -> Option<&Release> {
        let at = self.by_tag.get(self.candidate.tag.as_ref()?)?;
        Some(&self.entries[*at]).filter(|entry| entry.is_stable()).map(|entry| &entry.release)
    }

    /// Stable releases before the candidate, the highest first. For a candidate without a tag these are all.
    pub fn before_candidate(&self) -> impl Iterator<Item = &Release> {
        self.before.iter().rev().map(|at| &self.entries[*at].release)
    }

    /// Stable releases of the candidate's product on any line that were published before the candidate, the newest first. For
    /// a candidate that is not published these are all.
    pub fn published_before_candidate(&self) -> impl Iterator<Item = &Release> {
        let tag = self.candidate.tag.as_ref();
        let own = tag.and_then(|tag| self.get(tag)).filter(|r| !r.draft).and_then(|r| r.published_at);
        let is_before =
            move |r: &&Release| Some(&r.tag) != tag && own.is_none_or(|own| r.published_at <= Some(own));
        self.published.iter().rev().map(|(at, _)| &self.entries[*at].release).filter(is_before)
    }

    /// The highest stable release before the candidate.
    pub fn current(&self) -> Option<&Release> {
        self.before_candidate().next()
    }

    /// The highest `count` releases before the candidate, and the candidate itself once it is published; the highest
    /// first. Users keep the predecessors after a new release.
    pub fn supported(&self, count: u32) -> Vec<&Release> {
        self.own().into_iter().chain(self.before_candidate().take(count as usize)).collect()
    }

    /// Returns `true` if the version of a release is not higher than the candidate's; `None` if they cannot be compared by
    /// version: another product, or a tag without a version. A candidate without a tag stands after every release.
    pub fn is_not_after_candidate(&self, tag: &Tag) -> Option<bool> {
        if self.candidate.tag.as_ref() == Some(tag) {
            return Some(true);
        }
        let entry = self.versioned(tag)?;
        let is_comparable = match self.candidate.limit {
            CandidateLimit::Version(_) => {
                entry.version.is_some() && self.candidate.compared.as_ref() == Some(&entry.product)
            }
            CandidateLimit::Time(_) | CandidateLimit::None => true,
        };
        is_comparable.then(|| self.candidate.limit.allows(entry))
    }

    /// Compares two releases: by version within a product, else by publication. An unpublished release is the highest.
    pub fn compare(&self, one: &Tag, other: &Tag) -> Ordering {
        match (self.versioned(one), self.versioned(other)) {
            (Some(one), Some(other)) => order::by_version(one, other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        }
    }
}
