//! Which of the releases that were gathered the policy counts.

use std::collections::HashMap;

use crate::model::{
    Candidate, CandidateStanding, NAMED, Release, Sha, Tag, Timeline, Warning, join_limited, product_of,
    same_name,
};
use crate::policy::Policy;

/// The releases that the policy counts: those of its tags, but for tags that are only another name of one of them. Each has
/// the product that the policy's pattern finds in its tag.
///
/// `candidate` is what is being decided; that is never left out.
pub fn counted_releases(all: &[Release], policy: &Policy, candidate: Option<&Tag>) -> Vec<Release> {
    let aliases = aliases(all, policy, candidate);
    let is_alias = |release: &&Release| aliases.iter().any(|(alias, _)| **alias == release.tag);
    let with_product = |release: &Release| {
        // A product that the snapshot states wins: the evidence may know better than a pattern.
        let product = release.product.clone().or_else(|| policy.product_in(&release.tag.0));
        Release { product, ..release.clone() }
    };
    let counted = releases_with_tags(all, policy).filter(|release| !is_alias(release));
    counted.filter(|release| may_be_compared(release, policy)).map(with_product).collect()
}

/// Returns the product of a release: the one that the snapshot states, else that of its tag.
pub fn product_of_release(release: &Release, policy: &Policy) -> Option<String> {
    let in_tag = || policy.product_in(&release.tag.0).or_else(|| product_of(&release.tag.0));
    release.product.clone().or_else(in_tag)
}

/// Returns `false` for a release that a policy about one product cannot tell from those of the product: it names no product, or
/// names this one in another way than the policy's tags. Releases of other products stay, so that their versions are recognized.
fn may_be_compared(release: &Release, policy: &Policy) -> bool {
    let Some(own) = &policy.product else { return true };
    let Some(product) = product_of_release(release, policy) else { return false };
    !same_name(&product, &own.name) || policy.is_own_product(&release.tag.0, Some(&product))
}

/// Returns the releases in order, seen from a candidate; `after` is the release that a branch stands after.
pub fn releases_in_order(
    releases: Vec<Release>,
    policy: &Policy,
    candidate: Option<&Candidate>,
    after: Option<&Tag>,
) -> Timeline {
    let tag = candidate.and_then(|candidate| candidate.tag.as_ref()).or(after);
    let own = policy.product.as_ref().map(|product| product.name.clone());
    let product = own.or_else(|| policy.product_in(&tag?.0));
    Timeline::standing(releases, candidate, CandidateStanding { product: product.as_deref(), after })
}

/// Warns about tags that are another name of a release.
pub fn alias_warning(all: &[Release], policy: &Policy, candidate: Option<&Tag>) -> Option<Warning> {
    let aliases = aliases(all, policy, candidate);
    let named: Vec<String> = aliases.iter().map(|(alias, of)| format!("`{alias}` of {of}")).collect();
    (!named.is_empty()).then(|| {
        Warning(format!(
            "tags that are another name of a release at the same commit, and no releases of their own: {}; a \
             pattern such as `v*.*.*` in `releases.tags` leaves them out",
            join_limited(named, NAMED)
        ))
    })
}

/// Releases of the policy's tags.
fn releases_with_tags<'a>(all: &'a [Release], policy: &Policy) -> impl Iterator<Item = &'a Release> {
    all.iter().filter(|release| policy.counts_tag(&release.tag.0))
}

/// Tags that move along with the releases of a line, as `v1` does beside `v1.4.0`, each with the release that it names. Such a
/// tag would otherwise take the place of an older release among the supported ones.
fn aliases<'a>(all: &'a [Release], policy: &Policy, candidate: Option<&Tag>) -> Vec<(&'a Tag, &'a Tag)> {
    let mut by_commit: HashMap<&Sha, Vec<&Tag>> = HashMap::new();
    // A pre-release takes no place, and nothing that users have goes for one that they have not.
    for release in releases_with_tags(all, policy).filter(|release| !release.draft && !release.prerelease) {
        if let Some(commit) = &release.commit {
            by_commit.entry(commit).or_default().push(&release.tag);
        }
    }
    let mut found = Vec::new();
    for tags in by_commit.values().filter(|tags| tags.len() > 1) {
        for tag in tags.iter().filter(|tag| Some(**tag) != candidate) {
            // `v1` is short for `v1.4` and for `v1.4.0`. The warning names the full version.
            let fuller = tags.iter().filter(|other| is_short_for(&tag.0, &other.0)).max();
            found.extend(fuller.map(|of| (*tag, *of)));
        }
    }
    found.sort();
    found
}

/// `true` if a tag is the other one without its last numbers: `v1` and `v1.4` for `v1.4.0`, but not `web-1` for `v1.4.0`, which
/// may be of another product.
fn is_short_for(tag: &str, other: &str) -> bool {
    // A tag `v` is a prefix of every version, and short for none.
    let rest = other.strip_prefix(tag).filter(|_| tag.ends_with(|c: char| c.is_ascii_digit()));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    rest.and_then(|rest| rest.strip_prefix('.')).is_some_and(|rest| rest.split('.').all(is_number))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn policy(tags: &str) -> Policy {
        let text = format!(
            "version: 1\nreleases: {{ {tags} }}\nrules: [{{ id: a, metric: tests.failed, max: 0 }}]\n"
        );
        crate::policy::parse(text.as_bytes(), "policy.yml").unwrap().policy
    }

    fn releases(tags: &[(&str, &str)]) -> Vec<Release> {
        let one = |(tag, commit): &(&str, &str)| -> Release {
            serde_json::from_value(serde_json::json!({
                "tag": tag, "commit": commit, "published-at": "2026-01-01T00:00:00Z"
            }))
            .unwrap()
        };
        tags.iter().map(one).collect()
    }

    fn tags(all: &[Release], policy: &Policy, candidate: Option<&str>) -> Vec<String> {
        let candidate = candidate.map(|tag| Tag(tag.to_owned()));
        counted_releases(all, policy, candidate.as_ref()).into_iter().map(|release| release.tag.0).collect()
    }

    #[test]
    fn a_tag_that_moves_along_takes_the_place_of_no_release() {
        let all = releases(&[
            ("v1.3.0", "a"),
            ("v1.4.0", "b"),
            ("v1.4", "b"),
            ("v1", "b"),
            ("v2", "c"),
            ("v", "b"),
            ("other-1.4.0.1", "b"),
        ]);
        assert_eq!(tags(&all, &policy("tags: 'v*'"), None), ["v1.3.0", "v1.4.0", "v2", "v"]);
        assert_eq!(tags(&all, &policy("tags: 'v*.*.*'"), None), ["v1.3.0", "v1.4.0"]);
        let told = alias_warning(&all, &policy("tags: 'v*'"), None).unwrap().0;
        assert!(told.contains("`v1` of v1.4.0, `v1.4` of v1.4.0"), "{told}");
        assert_eq!(super::alias_warning(&all, &policy("tags: 'v*.*.*'"), None), None);
    }

    #[test]
    fn foreign_and_pre_release_tags_are_no_aliases() {
        for (one, other) in
            [("web-1", "v1.4.0"), ("v1", "v1.4.0-rc.1"), ("v1", "v1.x"), ("v1", "v10.0"), ("v", "v.1")]
        {
            let all = releases(&[(one, "b"), (other, "b")]);
            assert_eq!(tags(&all, &policy("supported: 2"), None), [one, other]);
        }
        let mut all = releases(&[("v1", "b"), ("v1.4.0", "b")]);
        all[1].prerelease = true;
        assert_eq!(tags(&all, &policy("supported: 2"), None), ["v1", "v1.4.0"]);
    }

    #[test]
    fn what_is_being_decided_and_releases_of_one_commit_stay() {
        let all = releases(&[("v1", "b"), ("v1.4.0", "b"), ("v1.4.1", "b"), ("v1.4.1-rc.1", "b")]);
        assert_eq!(tags(&all, &policy("tags: 'v*'"), Some("v1")), ["v1", "v1.4.0", "v1.4.1", "v1.4.1-rc.1"]);
        assert_eq!(tags(&all, &policy("supported: 2"), None), ["v1.4.0", "v1.4.1", "v1.4.1-rc.1"]);
    }
}
