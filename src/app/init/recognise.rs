//! Recognizes the meaning of a repository's labels, issue types and releases. The result is a proposal.

mod practice;
mod products;
#[cfg(test)]
mod projects;
mod severity;
#[cfg(test)]
pub(super) mod tests;
mod words;

use std::collections::BTreeSet;

use super::practice::Practice;
use crate::model::{Release, Version};
use crate::options::LabelsAndTags;
use crate::output::escape::is_unprintable;
use crate::policy::LabelPattern;
use crate::tracker::github::RepositoryFacts;
use practice::{field_named, pattern_of, recognise_practice, strip_start};
pub use products::Products;
use products::products;
use severity::severities;
use words::{joined_words, words};

/// The parts of a repository that a policy can name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recognized {
    /// Labels of defects, and the pattern of the newest release's tag.
    pub names: LabelsAndTags,
    /// Issue types of what was found in production.
    pub escaped_types: Vec<String>,
    /// Issue types of what was found before.
    pub caught_types: Vec<String>,
    /// Labels and fields of the rest of the practice.
    pub practice: Practice,
    /// Issue field that holds the component.
    pub component_field: Option<String>,
    /// Issue field that holds the team.
    pub team_field: Option<String>,
    /// Products that share the repository.
    pub products: Option<Products>,
}

/// Names of labels and types for what was found in production, as [`joined_words`]; the first list that a repository has.
const ESCAPED: [&[&str]; 3] = [
    &[
        "production-bug",
        "prod-bug",
        "bug-production",
        "bug-prod",
        "production",
        "prod",
        "production-defect",
        "production-issue",
        "production-incident",
        "type-production-bug",
        "kind-production-bug",
        "escaped",
        "escaped-bug",
        "escaped-defect",
        "found-in-production",
        "found-in-prod",
        "env-production",
        "environment-production",
        "live-bug",
        "regression-from-stable-to-stable",
    ],
    &["customer", "customer-bug", "customer-reported", "user-reported", "reported-by-customer", "incident"],
    &[
        "kind-regression",
        "type-regression",
        "bug-regression",
        "regression-bug",
        "regression",
        "c-regression",
        "t-regression",
        "i-regression",
        "x-regression",
        "type-bug-regression",
        "is-regression",
        "regression-issue",
        "regression-from-last-release",
    ],
];

/// Names of labels and types for what was found before.
const CAUGHT: [&str; 25] = [
    "bug",
    "bugs",
    "type-bug",
    "type-bugs",
    "type-bug-fix",
    "kind-bug",
    "kind-bugs",
    "c-bug",
    "t-bug",
    "i-bug",
    "s-bug",
    "is-bug",
    "issue-bug",
    "category-bug",
    "confirmed-bug",
    "bug-confirmed",
    "defect",
    "type-defect",
    "kind-defect",
    "t-defect",
    "kind-failing-test",
    "regression-main",
    "regression-from-stable-to-beta",
    "regression-from-stable-to-nightly",
    "type-crash",
];

/// Beginnings of labels that name a component, and a team, the likeliest first.
const COMPONENT: [&str; 21] = [
    "area/",
    "component/",
    "area:",
    "component:",
    "A-",
    "module/",
    "module:",
    "area-",
    "component-",
    "comp/",
    "comp:",
    "topic:",
    "subsystem:",
    "package:",
    "pkg:",
    "[package]",
    "scope:",
    "product area:",
    "domain/",
    "feature:",
    "integration:",
];
const TEAM: [&str; 11] =
    ["team/", "team-", "team:", "sig/", "squad/", "squad-", "T-", "group/", "wg-", "domain:", "owner/"];

/// Looks through the labels, issue types and releases of a repository; empty is what was not recognized. Labels that no
/// policy could name are passed over.
pub fn recognise(facts: &RepositoryFacts) -> Recognized {
    let usable = |label: &&str| {
        !label.contains(is_unprintable) && !label.contains('*') && LabelPattern::new(label).is_ok()
    };
    let labels: BTreeSet<&str> = facts.labels.iter().map(String::as_str).filter(usable).collect();
    let (mut escaped, mut caught) = versioned(&labels);
    let named = |names: &[&str], known: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        known.filter(|name| names.contains(&joined_words(name).as_str())).map(str::to_owned).collect()
    };
    for names in ESCAPED {
        if escaped.is_empty() {
            escaped = named(names, &mut labels.iter().copied());
        }
    }
    caught.extend(named(&CAUGHT, &mut labels.iter().copied()));
    caught.retain(|label| !escaped.contains(label));
    let types = || facts.issue_types.iter().map(String::as_str).filter(|name| !name.contains(is_unprintable));
    let [critical, major, minor] = severities(&labels);
    let practice = recognise_practice(&labels, &facts.issue_fields, &caught);
    let component = family(&labels, &COMPONENT);
    // Only one meaning for one family: `T-Defect` says that `T-` is the kind.
    let team = family(&labels, &TEAM).filter(|team| practice.kind.labels.as_ref() != Some(team));
    Recognized {
        names: LabelsAndTags {
            escaped,
            caught,
            critical,
            major,
            minor,
            component,
            team,
            tags: tags(&facts.releases),
        },
        escaped_types: ESCAPED[..2].iter().flat_map(|names| named(names, &mut types())).collect(),
        caught_types: named(&CAUGHT, &mut types()),
        practice,
        component_field: field_named(&facts.issue_fields, &["component", "area"]),
        team_field: field_named(&facts.issue_fields, &["team"]),
        products: products(&facts.releases),
    }
}

/// Labels with a version at their end, as patterns: those that say production, and those that say a stage before it.
fn versioned(labels: &BTreeSet<&str>) -> (Vec<String>, Vec<String>) {
    let (mut escaped, mut caught) = (BTreeSet::new(), BTreeSet::new());
    for label in labels {
        let Some(at) = label.find(|c: char| c.is_ascii_digit()) else { continue };
        let (stem, version) = label.split_at(at);
        let is_version =
            version.contains('.') && Version::parse(version).is_some_and(|v| v.is_all_of(version));
        let stem = stem.strip_suffix(['v', 'V']).unwrap_or(stem);
        if !is_version || !stem.ends_with(['-', '/', ':', '_', ' ']) {
            continue;
        }
        let pattern = format!("{stem}{{version}}");
        if LabelPattern::new(&pattern).is_err() {
            continue;
        }
        let words = words(stem);
        let has = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
        let stage = ["rc", "beta", "alpha", "staging", "nightly", "preview"];
        if has(&["prod", "production", "live", "escaped"])
            // A released version that a maintainer says is affected. `may-affects-` waits for that.
            || has(&["affects", "affected"]) && !has(&["may", "maybe", "not"])
            || has(&["found"]) && !has(&stage)
        {
            escaped.insert(pattern);
        } else if has(&stage) && has(&["regression", "bug"]) {
            caught.insert(pattern);
        }
    }
    (escaped.into_iter().collect(), caught.into_iter().collect())
}

/// The pattern of the first beginning that at least two labels have.
fn family(labels: &BTreeSet<&str>, beginnings: &[&str]) -> Option<String> {
    let members = |start: &str| labels.iter().filter(|label| strip_start(label, start).is_some()).count();
    let found = beginnings.iter().find(|start| members(start) > 1)?;
    Some(pattern_of(labels, found))
}

/// The pattern of the newest release's tag, where releases have several: then each is a product of its own.
fn tags(releases: &[Release]) -> Option<String> {
    let mut published: Vec<&Release> =
        releases.iter().filter(|r| !r.draft && r.published_at.is_some()).collect();
    published.sort_by_key(|release| release.published_at);
    let stem = |release: &Release| {
        let at = release.tag.0.find(|c: char| c.is_ascii_digit()).unwrap_or(release.tag.0.len());
        release.tag.0[..at].to_owned()
    };
    let stems: BTreeSet<String> = published.iter().map(|release| stem(release)).collect();
    let newest = published.iter().rev().find(|release| !release.prerelease).map(|release| stem(release))?;
    let pattern = format!("{newest}*");
    let usable =
        !newest.is_empty() && !newest.contains(is_unprintable) && LabelPattern::new(&pattern).is_ok();
    (stems.len() > 1 && usable && !newest.contains('*')).then_some(pattern)
}
