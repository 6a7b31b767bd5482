//! The releases of a repository in the order of their publication.

use jiff::Timestamp;

use super::release::{Candidate, Release, Tag};
use super::version::Version;

/// Releases by publication time, seen from one candidate.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// Published, pre-releases included, the oldest first.
    published: Vec<Release>,
    /// Drafts and releases without a publication time.
    unpublished: Vec<Release>,
    /// The tag of the release being decided.
    candidate: Option<Tag>,
}

impl Timeline {
    /// Sorts the releases. Two that were published in the same instant stand in order of their versions.
    pub fn new(releases: Vec<Release>, candidate: Option<&Candidate>) -> Self {
        let (mut published, unpublished): (Vec<_>, Vec<_>) =
            releases.into_iter().partition(|r| !r.draft && r.published_at.is_some());
        published.sort_by(|a, b| {
            let version = |release: &Release| Version::parse(&release.tag.0);
            let by_version = || match (version(a), version(b)) {
                (Some(a), Some(b)) => a.compare(&b),
                (a, b) => a.is_some().cmp(&b.is_some()),
            };
            a.published_at.cmp(&b.published_at).then_with(by_version).then_with(|| a.tag.cmp(&b.tag))
        });
        Self { published, unpublished, candidate: candidate.and_then(|c| c.tag.clone()) }
    }

    /// Published releases that are not pre-releases, the newest first.
    fn stable(&self) -> impl Iterator<Item = &Release> {
        self.published.iter().rev().filter(|r| !r.prerelease)
    }

    /// The release of a tag, published or not.
    pub fn get(&self, tag: &Tag) -> Option<&Release> {
        self.published.iter().chain(&self.unpublished).find(|r| r.tag == *tag)
    }

    /// The tag being decided.
    pub fn candidate(&self) -> Option<&Tag> {
        self.candidate.as_ref()
    }

    /// True if users have the candidate already.
    pub fn candidate_is_published(&self) -> bool {
        self.candidate.as_ref().is_some_and(|tag| self.stable().any(|r| r.tag == *tag))
    }

    /// The newest stable release that was published at a moment.
    pub fn newest_at(&self, moment: Timestamp) -> Option<&Release> {
        self.stable().find(|r| r.published_at.is_some_and(|at| at <= moment))
    }

    /// The first stable release published after a moment.
    pub fn first_after(&self, moment: Timestamp) -> Option<&Release> {
        self.stable().take_while(|r| r.published_at.is_some_and(|at| at > moment)).last()
    }

    /// Stable releases published before the candidate, the newest first. For a candidate that is not published yet
    /// these are all.
    pub fn before_candidate(&self) -> impl Iterator<Item = &Release> {
        let at = self
            .candidate
            .as_ref()
            .and_then(|tag| self.published.iter().find(|r| r.tag == *tag))
            .and_then(|r| r.published_at);
        self.stable().filter(move |r| {
            Some(&r.tag) != self.candidate.as_ref() && at.is_none_or(|at| r.published_at < Some(at))
        })
    }

    /// The newest stable release published before the candidate.
    pub fn current(&self) -> Option<&Release> {
        self.before_candidate().next()
    }

    /// The newest `count` releases before the candidate, and the candidate itself once it is published; the newest
    /// first. Publishing a release does not take its predecessors from anybody.
    pub fn supported(&self, count: u32) -> Vec<&Release> {
        let own = self.stable().find(|r| Some(&r.tag) == self.candidate.as_ref());
        own.into_iter().chain(self.before_candidate().take(count as usize)).collect()
    }

    /// The release that a person means by a version, as seen at a moment: the tag itself, the same version in another
    /// spelling, or the newest release of a line (`1.4.x`) published by then.
    pub fn named(&self, text: &str, moment: Timestamp) -> Named<'_> {
        let text = text.trim();
        let all = || self.published.iter().chain(&self.unpublished);
        if let Some(exact) = all().find(|r| r.tag.0.eq_ignore_ascii_case(text)) {
            return Named::One(exact);
        }
        let Some(wanted) = Version::parse(text).filter(|version| version.is_all_of(text)) else {
            return Named::Nothing;
        };
        let fits = |release: &&Release, test: &dyn Fn(&Version) -> bool| {
            Version::parse(&release.tag.0).is_some_and(|version| test(&version))
        };
        // `1.4` is the line of 1.4 where that has several releases: whoever runs 1.4.7 may well write it.
        let line = self
            .stable()
            .filter(|r| r.published_at.is_some_and(|at| at <= moment))
            .find(|r| fits(r, &|version| wanted.is_line_of(version)));
        if let Some(newest) = line {
            return Named::One(newest);
        }
        let mut same: Vec<&Release> = all().filter(|r| fits(r, &|version| version.same(&wanted))).collect();
        // A draft may share the tag of a published release.
        same.dedup_by(|later, kept| later.tag == kept.tag);
        match same.as_slice() {
            [] => Named::Nothing,
            [one] => Named::One(one),
            several => Named::Several(several.iter().map(|r| r.tag.clone()).collect()),
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
