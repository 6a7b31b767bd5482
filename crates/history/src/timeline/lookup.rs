//! Finding releases by a version that a person wrote.

use jiff::Timestamp;

use super::order::by_version;
use super::{Release, Tag, Timeline, Version, VersionedRelease};
use crate::version::product_of;

/// The release that a written version names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedVersions<'a> {
    /// This release.
    One(&'a Release),
    /// Several releases fit, so it names none.
    Several(Vec<Tag>),
    /// No known release.
    Nothing,
}

/// The releases that a version fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionMatch {
    /// The release itself, or the releases of a line, the lowest first.
    Releases(Vec<Tag>),
    /// Releases of several products, so it names none of them.
    Several(Vec<Tag>),
    /// A product that is not the candidate's.
    OtherProduct(String),
    /// No known release.
    Nothing,
}

impl Timeline {
    /// Selects one of several named releases: the highest on the candidate's line, else the highest before it, else
    /// the highest. A pre-release only where nothing else is named.
    pub fn nearest<'t>(&self, named: &[&'t Tag]) -> Option<&'t Tag> {
        // Most issues name one release.
        if let [only] = named {
            return Some(only);
        }
        let is_stable = |tag: &&&Tag| self.versioned(tag).is_some_and(VersionedRelease::is_stable);
        let own_line = self.line();
        let rank = |tag: &Tag| {
            let is_before = self.is_not_after_candidate(tag) == Some(true);
            let line = self.versioned(tag).and_then(|entry| entry.line.clone());
            let is_candidate = self.candidate() == Some(tag);
            (is_before && (is_candidate || (own_line.is_some() && line == own_line)), is_before)
        };
        let highest = |tags: Vec<&'t Tag>| {
            tags.into_iter()
                .max_by(|one, other| rank(one).cmp(&rank(other)).then_with(|| self.compare(one, other)))
        };
        let stable: Vec<&Tag> = named.iter().filter(is_stable).copied().collect();
        highest(if stable.is_empty() { named.to_vec() } else { stable })
    }

    /// Finds the release that a written version names at a moment. That is the tag itself, the same version in another
    /// spelling, or the highest release of a line (`1.4.x`) that was published by then.
    pub fn named(&self, text: &str, moment: Timestamp) -> NamedVersions<'_> {
        let text = text.trim();
        if let Some(release) = self.with_tag(text) {
            return NamedVersions::One(release);
        }
        // A number in a sentence, such as `after 2 days`, names no release.
        let Some(wanted) = Version::parse(text).filter(|version| version.is_all_of(text)) else {
            return NamedVersions::Nothing;
        };
        let product = product_of(text).filter(|product| self.products.contains(product));
        match self.lookup(&wanted, product.as_deref(), moment) {
            VersionMatch::Releases(tags) => {
                tags.last().and_then(|tag| self.get(tag)).map_or(NamedVersions::Nothing, NamedVersions::One)
            }
            VersionMatch::Several(tags) => NamedVersions::Several(tags),
            VersionMatch::OtherProduct(_) | VersionMatch::Nothing => NamedVersions::Nothing,
        }
    }

    /// The release with exactly this tag, whatever its case.
    pub fn with_tag(&self, text: &str) -> Option<&Release> {
        let same = || self.by_folded_tag.get(&text.to_ascii_lowercase()).map(|at| &self.entries[*at].release);
        self.get(&Tag(text.to_owned())).or_else(same)
    }

    /// The releases that a version fits, as seen at a moment. A short version (`1.4`) is a line where there are releases of
    /// that line: whoever runs 1.4.7 may well write `1.4`.
    ///
    /// Without a product, those of the candidate's product go first; then those whose tags name no product.
    pub fn lookup(&self, wanted: &Version, product: Option<&str>, moment: Timestamp) -> VersionMatch {
        let own = self.product();
        if let Some(product) = product {
            return match self.known_product(product) {
                Some(known) if own.is_some_and(|own| own != known) => {
                    VersionMatch::OtherProduct(known.to_owned())
                }
                Some(known) => version_match_of(self.fitting(wanted, moment, |of| of == Some(known))),
                // Where no tag names a product, a word before the number says nothing.
                None if self.products.is_empty() => self.lookup(wanted, None, moment),
                None => VersionMatch::OtherProduct(product.to_owned()),
            };
        }
        let of_own = self.fitting(wanted, moment, |of| of == own);
        if !of_own.is_empty() {
            return VersionMatch::Releases(of_own);
        }
        let found = self.fitting(wanted, moment, |of| own.is_none() || of.is_none());
        let mut products =
            found.iter().map(|tag| self.versioned(tag).and_then(|entry| entry.product.as_deref()));
        let first = products.next();
        match first {
            Some(first) if !products.all(|other| other == first) => VersionMatch::Several(found),
            Some(_) | None => version_match_of(found),
        }
    }

    /// A product of this repository by its name, or by the last part of its name: `cart` for `@acme/cart`.
    fn known_product(&self, name: &str) -> Option<&str> {
        let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        let exact = self.products.get(name).map(String::as_str);
        exact.or_else(|| self.products().find(|known| last(known) == last(name)))
    }

    /// The releases of a version or of a line, the lowest first; the candidate counts as one.
    fn fitting(
        &self,
        wanted: &Version,
        moment: Timestamp,
        belongs: impl Fn(Option<&str>) -> bool,
    ) -> Vec<Tag> {
        let is_meant = |entry: &&VersionedRelease| belongs(entry.product.as_deref());
        let is_of_line = |entry: &&VersionedRelease| {
            entry.is_stable()
                // A release that came out later cannot be meant.
                && entry.release.published_at <= Some(moment)
                && entry.version.as_ref().is_some_and(|version| wanted.is_line_of(version))
        };
        let exact = self.by_version.get(&wanted.key()).into_iter().flatten().map(|at| &self.entries[*at]);
        let exact = exact.filter(|entry| entry.version.as_ref().is_some_and(|version| version.same(wanted)));
        let mut found: Vec<&VersionedRelease> = exact.filter(is_meant).collect();
        // A version with all its numbers is a release and not a line.
        if wanted.is_wildcard() || wanted.depth() < self.deepest {
            found.extend(self.entries.iter().filter(is_of_line).filter(is_meant));
        }
        found.sort_by(|one, other| by_version(one, other));
        let mut tags: Vec<Tag> = found.into_iter().map(|entry| entry.release.tag.clone()).collect();
        // A draft may share the tag of a published release.
        tags.dedup();
        // An issue may name the version of the candidate before there is a release of it.
        let candidate = self.candidate().filter(|_| self.version().is_some_and(|own| own.same(wanted)));
        tags.extend(candidate.filter(|tag| belongs(self.product()) && !tags.contains(tag)).cloned());
        tags
    }
}

fn version_match_of(found: Vec<Tag>) -> VersionMatch {
    if found.is_empty() { VersionMatch::Nothing } else { VersionMatch::Releases(found) }
}
