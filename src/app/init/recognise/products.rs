//! Products that share a repository, by the patterns of their tags: `api@1.2.3`, `api/v1.2.3`, `api-v1.2.3`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::words::words;
use crate::model::Release;
use crate::output::escape::is_unprintable;
use crate::policy::LabelPattern;

/// Patterns of tags that name a product, the most telling first.
const PATTERNS: [&str; 4] =
    ["{product}@{version}", "{product}/{version}", "{product}-{version}", "{product}_{version}"];

/// Names in tags that are a channel or a stage, never a product.
const STAGES: [&str; 16] = [
    "release", "releases", "rel", "version", "ver", "nightly", "canary", "weekly", "dev", "snapshot",
    "build", "stable", "lts", "alpha", "beta", "rc",
];

/// Products of a repository, at least two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Products {
    /// Pattern of their tags, for example `{product}-{version}`.
    pub tags: &'static str,
    /// Names in alphabetical order, each with the tag of its newest release.
    pub names: Vec<(String, String)>,
    /// Name of the product that was released last.
    pub newest: String,
}

/// Returns the products that the tags of published releases name; `None` if they name fewer than two.
pub fn products(releases: &[Release]) -> Option<Products> {
    PATTERNS.into_iter().find_map(|tags| {
        let pattern = LabelPattern::new(tags).ok()?;
        let mut newest: BTreeMap<String, (Option<Timestamp>, &str)> = BTreeMap::new();
        for release in releases.iter().filter(|release| !release.draft && release.published_at.is_some()) {
            let tag = release.tag.0.as_str();
            let Some(name) = product_of(&pattern, tag) else { continue };
            let entry = newest.entry(name.to_owned()).or_insert((None, tag));
            if entry.0 <= release.published_at {
                *entry = (release.published_at, tag);
            }
        }
        let last = newest.iter().max_by_key(|(_, (at, _))| *at).map(|(name, _)| name.clone())?;
        let names: Vec<(String, String)> =
            newest.into_iter().map(|(name, (_, tag))| (name, tag.to_owned())).collect();
        (names.len() > 1).then_some(Products { tags, names, newest: last })
    })
}

/// The product that a tag names, unless that is only a version or a stage.
fn product_of<'t>(pattern: &LabelPattern, tag: &'t str) -> Option<&'t str> {
    let is_version = tag.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit());
    if is_version || tag.contains(is_unprintable) {
        return None;
    }
    let found = pattern.matches(tag)?;
    let (product, version) = (found.product?, found.version?);
    let is_stage = words(product).iter().all(|word| STAGES.contains(&word.as_str()));
    // `jan-2026` is no version.
    (!is_stage && version.contains('.')).then_some(product)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::release;
    use super::*;

    fn found(tags: &[&str]) -> Option<(&'static str, String, String)> {
        let at = |n: usize| format!("2026-01-{:02}T00:00:00Z", n + 1);
        let releases: Vec<Release> = tags.iter().enumerate().map(|(n, tag)| release(tag, &at(n))).collect();
        products(&releases).map(|found| {
            let names: Vec<String> =
                found.names.into_iter().map(|(name, tag)| format!("{name}={tag}")).collect();
            (found.tags, names.join(" "), found.newest)
        })
    }

    #[test]
    fn each_tag_pattern_yields_its_products() {
        for (tags, pattern, names) in [
            (["api@1.2.3", "web@2.0.0", "api@1.3.0"], "{product}@{version}", "api=api@1.3.0 web=web@2.0.0"),
            (
                ["@acme/api@1.2.3", "@acme/web@2.0.0", "@acme/api@1.2.4-rc.1"],
                "{product}@{version}",
                "@acme/api=@acme/api@1.2.4-rc.1 @acme/web=@acme/web@2.0.0",
            ),
            (
                ["api/v1.2.3", "libs/web/v2.0.0", "api/v1.3.0"],
                "{product}/{version}",
                "api=api/v1.3.0 libs/web=libs/web/v2.0.0",
            ),
            (
                ["log4j-2.1", "s3-web-v2.0.0", "log4j-2.2"],
                "{product}-{version}",
                "log4j=log4j-2.2 s3-web=s3-web-v2.0.0",
            ),
        ] {
            let (found_pattern, found_names, newest) = found(&tags).unwrap();
            assert_eq!((found_pattern, found_names.as_str()), (pattern, names), "{tags:?}");
            assert!(tags[2].starts_with(&newest), "{newest}");
        }
    }

    #[test]
    fn one_product_stages_and_plain_versions_name_no_products() {
        for tags in [
            &["v1.0.0", "v1.1.0", "2.0.0-1"][..],
            &["api-v1.0.0", "api-v1.1.0", "v1.2.0"],
            &["release-1.0", "nightly-2026.01.02", "rc-1.1"],
            &["jan-2026", "feb-2026"],
        ] {
            assert_eq!(found(tags), None, "{tags:?}");
        }
        assert_eq!(
            products(&[release("api-v1.0.0", ""), release("web-v1.0.0", "")]),
            None,
            "drafts are no releases"
        );
    }
}
