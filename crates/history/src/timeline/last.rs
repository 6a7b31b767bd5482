//! Compares the candidate with a release that may not exist yet.

use super::{Tag, Timeline, Version, VersionedRelease};
use crate::version::product_of;

impl Timeline {
    /// Returns `true` if the candidate comes after a release, for example the last one that a waiver covers. It does
    /// if it has a higher version of the same product, or if that release is published and is not the candidate. A
    /// candidate without a tag comes after the releases that it builds on. `None` if a candidate with a tag cannot be
    /// compared with an unpublished release.
    ///
    /// `product` is the product of the release, if the policy's pattern names it.
    pub fn is_after(&self, last: &Tag, product: Option<&str>) -> Option<bool> {
        let product = product.map(str::to_lowercase).or_else(|| product_of(&last.0));
        let product = product.as_deref().filter(|name| !name.is_empty());
        let version = Version::parse(&last.0);
        let against = |own: Option<&Version>, of: Option<&str>| {
            Some(own?.compare(version.as_ref()?)).filter(|_| of == product)
        };
        let order_of = |entry: &VersionedRelease| against(entry.version.as_ref(), entry.product.as_deref());
        let own = self.candidate.tag.as_ref();
        let of_candidate = against(self.version(), self.product());
        if own == Some(last) || of_candidate.is_some_and(|order| order.is_eq()) {
            return Some(false);
        }
        let is_last = |entry: &&VersionedRelease| {
            entry.release.tag == *last || order_of(entry).is_some_and(|order| order.is_eq())
        };
        // The last release is out: any other candidate comes later, also one of an older line.
        if self.entries.iter().filter(|entry| entry.is_published()).any(|entry| is_last(&entry)) {
            return Some(true);
        }
        if own.is_some() {
            return of_candidate.map(|order| order.is_gt());
        }
        let mut before = self.before.iter().map(|at| &self.entries[*at]);
        Some(before.any(|entry| order_of(entry).is_some_and(|order| order.is_gt())))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::{CandidateStanding, Timeline};
    use crate::{Candidate, Release, Tag};

    /// Releases as `tag` (published), or `tag?` (a draft).
    fn timeline(releases: &[&str], candidate: Option<&str>, after: Option<&str>) -> Timeline {
        let release = |(at, text): (usize, &&str)| -> Release {
            let (tag, draft) = text.strip_suffix('?').map_or((*text, false), |tag| (tag, true));
            let mut release = serde_json::json!({ "tag": tag, "draft": draft });
            if !draft {
                release["published-at"] = format!("2026-01-{:02}T00:00:00Z", at + 1).into();
            }
            serde_json::from_value(release).unwrap()
        };
        let releases = releases.iter().enumerate().map(release).collect();
        let candidate = Candidate {
            name: candidate.unwrap_or("main").to_owned(),
            tag: candidate.map(|tag| Tag(tag.to_owned())),
            ..Candidate::default()
        };
        let after = after.map(|tag| Tag(tag.to_owned()));
        Timeline::standing(
            releases,
            Some(&candidate),
            CandidateStanding { after: after.as_ref(), product: None },
        )
    }

    fn is_after(releases: &[&str], candidate: Option<&str>, last: &str) -> Option<bool> {
        timeline(releases, candidate, None).is_after(&Tag(last.to_owned()), None)
    }

    #[test]
    fn the_last_release_itself_and_those_before_it_are_not_after_it() {
        for candidate in ["v1.4.1", "v1.5.0-rc.1", "v1.5.0", "1.5.0"] {
            assert_eq!(is_after(&["v1.4.0"], Some(candidate), "v1.5.0"), Some(false), "{candidate}");
        }
        assert_eq!(is_after(&["v1.4.0", "v1.5.0"], Some("v1.5.0"), "v1.5.0"), Some(false));
        assert_eq!(is_after(&["v1.4.0", "v1.5.0?"], Some("v1.4.1"), "v1.5.0"), Some(false));
    }

    #[test]
    fn higher_version_is_after_even_if_unpublished() {
        for candidate in ["v1.5.1", "v1.10.0", "v2.0.0-rc.1"] {
            assert_eq!(is_after(&["v1.4.0"], Some(candidate), "v1.5.0"), Some(true), "{candidate}");
        }
    }

    #[test]
    fn once_it_is_published_every_other_candidate_is_after_it() {
        for candidate in [Some("v1.4.1"), Some("nightly"), None] {
            assert_eq!(is_after(&["v1.4.0", "v1.5.0"], candidate, "v1.5.0"), Some(true), "{candidate:?}");
            assert_eq!(is_after(&["v1.4.0", "v1.5.0"], candidate, "1.5.0"), Some(true), "{candidate:?}");
        }
    }

    #[test]
    fn untagged_candidate_is_after_releases_it_contains() {
        assert_eq!(is_after(&["v1.4.0", "v1.5.0?", "v1.5.0-rc.1"], None, "v1.5.0"), Some(false));
        assert_eq!(is_after(&["v1.4.0", "v1.6.0"], None, "v1.5.0"), Some(true));
        let maintenance = timeline(&["v1.4.0", "v2.0.0"], None, Some("v1.4.0"));
        assert_eq!(maintenance.is_after(&Tag("v1.5.0".to_owned()), None), Some(false));
    }

    #[test]
    fn tags_without_a_version_and_other_products_are_compared_by_equality() {
        assert_eq!(is_after(&["v1.4.0"], Some("nightly"), "v1.5.0"), None);
        assert_eq!(is_after(&["v1.4.0"], Some("v1.5.0"), "nightly"), None);
        assert_eq!(is_after(&["v1.4.0"], Some("nightly"), "nightly"), Some(false));
        assert_eq!(is_after(&["api-1.0.0", "web-1.0.0"], Some("web-1.1.0"), "api-2.0.0"), None);
        assert_eq!(is_after(&["api-1.0.0", "web-1.0.0"], Some("api-2.1.0"), "api-2.0.0"), Some(true));
        assert_eq!(is_after(&["api-1.0.0", "web-2.0.0"], Some("api-1.1.0"), "api-2.0.0"), Some(false));
    }
}
