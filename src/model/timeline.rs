//! The releases of a repository in the order of their publication.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::release::{Candidate, Release, Tag};
use super::version::Version;

/// Releases by publication time, seen from one candidate. Looking one up takes logarithmic time, finding one by a version
/// linear time without reading any tag again.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// The published ones, the oldest first and pre-releases included; then drafts and releases without a time.
    entries: Vec<Entry>,
    /// Places among the entries of the published releases that are not pre-releases, the oldest first.
    stable: Vec<usize>,
    /// The place of each tag; a published release goes before a draft of the same tag.
    by_tag: HashMap<Tag, usize>,
    /// The tag of the release being decided.
    candidate: Option<Tag>,
}

/// A release and the version its tag names.
#[derive(Debug, Clone)]
struct Entry {
    release: Release,
    version: Option<Version>,
}

impl Entry {
    /// Published before not published, then by time, version and tag.
    fn order(&self, other: &Self) -> Ordering {
        let by_version = || match (&self.version, &other.version) {
            (Some(a), Some(b)) => a.compare(b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        let key = |entry: &Self| (!entry.is_published(), entry.release.published_at);
        key(self)
            .cmp(&key(other))
            .then_with(by_version)
            .then_with(|| self.release.tag.cmp(&other.release.tag))
    }

    fn is_published(&self) -> bool {
        !self.release.draft && self.release.published_at.is_some()
    }
}

impl Timeline {
    /// Sorts the releases. Two that were published in the same instant stand in order of their versions.
    pub fn new(releases: Vec<Release>, candidate: Option<&Candidate>) -> Self {
        let with_version = |release: Release| Entry { version: Version::parse(&release.tag.0), release };
        let mut entries: Vec<Entry> = releases.into_iter().map(with_version).collect();
        entries.sort_by(Entry::order);
        let published = entries.iter().take_while(|entry| entry.is_published()).count();
        let stable = (0..published).filter(|at| !entries[*at].release.prerelease).collect();
        let mut by_tag = HashMap::new();
        for (at, entry) in entries.iter().enumerate() {
            by_tag.entry(entry.release.tag.clone()).or_insert(at);
        }
        Self { entries, stable, by_tag, candidate: candidate.and_then(|c| c.tag.clone()) }
    }

    /// Published releases that are not pre-releases, the newest first.
    fn stable(&self) -> impl Iterator<Item = &Entry> {
        self.stable.iter().rev().map(|at| &self.entries[*at])
    }

    /// How many of the stable releases were published at a moment.
    fn published_at(&self, moment: Timestamp) -> usize {
        self.stable.partition_point(|at| self.entries[*at].release.published_at <= Some(moment))
    }

    /// The release of a tag, published or not.
    pub fn get(&self, tag: &Tag) -> Option<&Release> {
        self.by_tag.get(tag).map(|at| &self.entries[*at].release)
    }

    /// The tag being decided.
    pub fn candidate(&self) -> Option<&Tag> {
        self.candidate.as_ref()
    }

    /// The newest stable release that was published at a moment.
    pub fn newest_at(&self, moment: Timestamp) -> Option<&Release> {
        let last = self.published_at(moment).checked_sub(1)?;
        self.stable.get(last).map(|at| &self.entries[*at].release)
    }

    /// The first stable release published after a moment.
    pub fn first_after(&self, moment: Timestamp) -> Option<&Release> {
        self.stable.get(self.published_at(moment)).map(|at| &self.entries[*at].release)
    }

    /// The candidate among the published releases that are not pre-releases.
    fn own(&self) -> Option<&Release> {
        let release = self.get(self.candidate.as_ref()?)?;
        (!release.draft && !release.prerelease && release.published_at.is_some()).then_some(release)
    }

    /// Stable releases published before the candidate, the newest first. For a candidate that is not published yet
    /// these are all.
    pub fn before_candidate(&self) -> impl Iterator<Item = &Release> {
        let tag = self.candidate.as_ref();
        let at = tag.and_then(|tag| self.get(tag)).filter(|r| !r.draft).and_then(|r| r.published_at);
        let before = move |r: &&Release| Some(&r.tag) != tag && at.is_none_or(|at| r.published_at < Some(at));
        self.stable().map(|entry| &entry.release).filter(before)
    }

    /// The newest stable release published before the candidate.
    pub fn current(&self) -> Option<&Release> {
        self.before_candidate().next()
    }

    /// The newest `count` releases before the candidate, and the candidate itself once it is published; the newest
    /// first. Publishing a release does not take its predecessors from anybody.
    pub fn supported(&self, count: u32) -> Vec<&Release> {
        self.own().into_iter().chain(self.before_candidate().take(count as usize)).collect()
    }

    /// The release that a person means by a version, as seen at a moment: the tag itself, the same version in another
    /// spelling, or the newest release of a line (`1.4.x`) published by then.
    pub fn named(&self, text: &str, moment: Timestamp) -> Named<'_> {
        let text = text.trim();
        let exact = || self.entries.iter().find(|entry| entry.release.tag.0.eq_ignore_ascii_case(text));
        if let Some(release) = self.get(&Tag(text.to_owned())).or_else(|| exact().map(|entry| &entry.release))
        {
            return Named::One(release);
        }
        let Some(wanted) = Version::parse(text).filter(|version| version.is_all_of(text)) else {
            return Named::Nothing;
        };
        // `1.4` is the line of 1.4 where that has several releases: whoever runs 1.4.7 may well write it.
        let is_of_line = |entry: &&Entry| entry.version.as_ref().is_some_and(|v| wanted.is_line_of(v));
        let published_by_then = |entry: &&Entry| entry.release.published_at <= Some(moment);
        if let Some(newest) = self.stable().filter(published_by_then).find(is_of_line) {
            return Named::One(&newest.release);
        }
        let is_same = |entry: &&Entry| entry.version.as_ref().is_some_and(|v| v.same(&wanted));
        let same = self.entries.iter().filter(is_same).map(|entry| &entry.release);
        // A draft may share the tag of a published release.
        let by_tag: BTreeMap<&Tag, &Release> = same.rev().map(|release| (&release.tag, release)).collect();
        let mut found = by_tag.into_values();
        match (found.next(), found.len()) {
            (None, _) => Named::Nothing,
            (Some(only), 0) => Named::One(only),
            (Some(first), _) => {
                Named::Several(std::iter::once(first).chain(found).map(|r| r.tag.clone()).collect())
            }
        }
    }
}

/// What a written version comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named<'a> {
    /// This release.
    One(&'a Release),
    /// It fits several releases, so it names none of them.
    Several(Vec<Tag>),
    /// No known release.
    Nothing,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn release(tag: &str, published: &str) -> Release {
        Release {
            tag: Tag(tag.into()),
            name: None,
            commit: None,
            committed_at: None,
            published_at: (!published.is_empty()).then(|| published.parse().unwrap()),
            draft: published.is_empty(),
            prerelease: tag.contains("rc"),
            url: None,
        }
    }

    fn timeline(candidate: &str) -> Timeline {
        let releases = vec![
            release("v1.2.0", "2026-03-01T00:00:00Z"),
            release("v1.0.0", "2026-01-01T00:00:00Z"),
            release("v1.3.0", ""),
            release("v1.2.0-rc.1", "2026-02-20T00:00:00Z"),
            release("v1.1.0", "2026-02-01T00:00:00Z"),
        ];
        let candidate = Candidate {
            name: candidate.into(),
            tag: Some(Tag(candidate.into())),
            head: None,
            pull_request: None,
            branch: None,
            commits: None,
        };
        Timeline::new(releases, Some(&candidate))
    }

    fn tags(releases: Vec<&Release>) -> Vec<&str> {
        releases.into_iter().map(|r| r.tag.0.as_str()).collect()
    }

    #[test]
    fn the_candidate_is_never_its_own_predecessor() {
        assert_eq!(timeline("v1.2.0").current().unwrap().tag.0, "v1.1.0");
        assert_eq!(timeline("v1.3.0").current().unwrap().tag.0, "v1.2.0");
    }

    #[test]
    fn a_published_candidate_is_in_production_beside_those_before_it_and_a_draft_is_not() {
        assert_eq!(tags(timeline("v1.2.0").supported(1)), ["v1.2.0", "v1.1.0"]);
        assert_eq!(tags(timeline("v1.3.0").supported(2)), ["v1.2.0", "v1.1.0"]);
    }

    #[test]
    fn pre_releases_are_in_nobodys_production() {
        let moment = "2026-02-25T00:00:00Z".parse().unwrap();
        assert_eq!(timeline("v1.3.0").newest_at(moment).unwrap().tag.0, "v1.1.0");
        assert_eq!(timeline("v1.3.0").first_after(moment).unwrap().tag.0, "v1.2.0");
    }

    #[test]
    fn a_written_version_finds_its_release_whatever_its_spelling() {
        let line = timeline("v1.3.0");
        let moment = "2026-04-01T00:00:00Z".parse().unwrap();
        for (text, tag) in
            [("1.2", "v1.2.0"), ("V1.2.0", "v1.2.0"), ("1.2.0-rc1", "v1.2.0-rc.1"), ("1.1.x", "v1.1.0")]
        {
            assert_eq!(line.named(text, moment), Named::One(line.get(&Tag(tag.into())).unwrap()), "{text}");
        }
        assert_eq!(line.named("9.9", moment), Named::Nothing);
    }

    #[test]
    fn a_version_that_two_products_have_names_neither() {
        let line = Timeline::new(
            vec![release("api-1.0.0", "2026-01-01T00:00:00Z"), release("web-1.0.0", "2026-01-02T00:00:00Z")],
            None,
        );
        let moment = "2026-04-01T00:00:00Z".parse().unwrap();
        assert!(matches!(line.named("1.0.0", moment), Named::Several(_)));
        assert!(matches!(line.named("web-1.0.0", moment), Named::One(_)));
    }
}
