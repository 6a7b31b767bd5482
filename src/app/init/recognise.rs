//! Recognizes the meaning of a repository's labels and releases. The result is a proposal.

#[cfg(test)]
pub(super) mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Release, Severity, Version};
use crate::options::LabelsAndTags;
use crate::output::escape::is_unprintable;
use crate::policy::LabelPattern;

/// LabelsAndTags of labels for what was found in production, as [`words`] joined by hyphens; the first that a repository has.
const ESCAPED: [&[&str]; 3] = [
    &[
        "production-bug",
        "prod-bug",
        "bug-production",
        "production",
        "prod",
        "production-defect",
        "production-issue",
        "type-production-bug",
        "escaped",
        "escaped-bug",
        "escaped-defect",
        "found-in-production",
        "found-in-prod",
        "live-bug",
        "regression-from-stable-to-stable",
    ],
    &["customer", "customer-bug", "customer-reported", "user-reported", "reported-by-customer", "incident"],
    &["kind-regression", "regression"],
];

/// LabelsAndTags of labels for what was found before.
const CAUGHT: [&str; 11] = [
    "bug",
    "type-bug",
    "kind-bug",
    "c-bug",
    "defect",
    "type-defect",
    "kind-defect",
    "kind-failing-test",
    "regression-main",
    "regression-from-stable-to-beta",
    "regression-from-stable-to-nightly",
];

/// Beginnings of labels that name a component, and a team, the likeliest first. Case counts: `a-` could be an article.
const COMPONENT: [&str; 9] =
    ["area/", "component/", "area:", "component:", "A-", "module/", "area-", "component-", "comp/"];
const TEAM: [&str; 8] = ["team/", "team-", "team:", "sig/", "squad/", "squad-", "T-", "group/"];

/// Looks through the labels and releases of a repository; empty is what was not recognised. Labels that no policy could name are passed over.
pub fn recognise(labels: &[String], releases: &[Release]) -> LabelsAndTags {
    let usable = |label: &&str| {
        !label.contains(is_unprintable) && !label.contains('*') && LabelPattern::new(label).is_ok()
    };
    let labels: BTreeSet<&str> = labels.iter().map(String::as_str).filter(usable).collect();
    let (mut escaped, mut caught) = versioned(&labels);
    let named = |names: &[&str]| -> Vec<String> {
        let of = |label: &&&str| names.contains(&words(label).join("-").as_str());
        labels.iter().filter(of).map(|label| (*label).to_owned()).collect()
    };
    for names in ESCAPED {
        if escaped.is_empty() {
            escaped = named(names);
        }
    }
    caught.extend(named(&CAUGHT));
    caught.retain(|label| !escaped.contains(label));
    let [critical, major, minor] = severities(&labels);
    LabelsAndTags {
        escaped,
        caught,
        critical,
        major,
        minor,
        component: family(&labels, &COMPONENT),
        team: family(&labels, &TEAM),
        tags: tags(releases),
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
        if has(&["prod", "production", "live", "escaped"]) {
            escaped.insert(pattern);
        } else if has(&["rc", "beta", "alpha", "staging", "nightly", "preview"])
            && has(&["regression", "bug"])
        {
            caught.insert(pattern);
        }
    }
    (escaped.into_iter().collect(), caught.into_iter().collect())
}

/// The labels of each severity, the heaviest first.
fn severities(labels: &BTreeSet<&str>) -> [Vec<String>; 3] {
    let mut found: BTreeMap<Severity, Vec<String>> = BTreeMap::new();
    // `major` and `minor` beside `patch` say what a release is to be, and weigh no defect.
    let of_releases = labels.iter().any(|label| words(label) == ["patch"]);
    let numbered: Vec<(String, u32, &str)> = labels.iter().filter_map(|label| numbered(label)).collect();
    for (family, number, label) in &numbered {
        let first = numbered.iter().filter(|(other, ..)| other == family).map(|(_, number, _)| *number).min();
        let severity = match first.map(|first| number - first.min(1)) {
            Some(0) => Severity::Critical,
            Some(1) => Severity::Major,
            Some(_) | None => Severity::Minor,
        };
        found.entry(severity).or_default().push((*label).to_owned());
    }
    for label in labels.iter().filter(|label| self::numbered(label).is_none()) {
        let words = words(label);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let level = match words.as_slice() {
            ["major" | "minor"] if of_releases => continue,
            [only] => severity_of_words(&[*only]),
            ["sev" | "severity" | "p" | "priority" | "prio" | "impact" | "urgency", rest @ ..] => {
                severity_of_words(rest)
            }
            _ => None,
        };
        if let Some(severity) = level {
            found.entry(severity).or_default().push((*label).to_owned());
        }
    }
    [Severity::Critical, Severity::Major, Severity::Minor]
        .map(|severity| found.remove(&severity).unwrap_or_default())
}

/// `P0`, `sev-1`, `Sev2-normal`, `priority/1`: family, number, label.
fn numbered(label: &str) -> Option<(String, u32, &str)> {
    let words = words(label);
    let joined: String = words.iter().take(2).map(String::as_str).collect();
    let text = match words.first()?.as_str() {
        "sev" | "severity" | "p" | "priority" | "s" => joined.as_str(),
        first => first,
    };
    let at = text.find(|c: char| c.is_ascii_digit())?;
    let (family, number) = text.split_at(at);
    let known = ["sev", "severity", "p", "priority", "s"].contains(&family);
    let number: u32 = number.parse().ok().filter(|number| *number <= 9)?;
    known.then(|| (family.to_owned(), number, label))
}

/// The severity that words mean.
fn severity_of_words(words: &[&str]) -> Option<Severity> {
    match words {
        ["critical" | "urgent" | "blocker" | "highest", ..] => Some(Severity::Critical),
        ["high" | "major"] | ["important", "soon"] => Some(Severity::Major),
        ["medium" | "moderate" | "normal" | "low" | "lowest" | "minor" | "trivial" | "backlog"]
        | ["important", "longterm"] => Some(Severity::Minor),
        _ => None,
    }
}

/// The pattern of the first beginning that at least two labels have.
fn family(labels: &BTreeSet<&str>, beginnings: &[&str]) -> Option<String> {
    let members = |start: &str| {
        labels.iter().filter(|label| label.len() > start.len() && label.starts_with(start)).count()
    };
    let found = beginnings.iter().find(|start| members(start) > 1)?;
    // `area: cart` has a blank that is no part of the name.
    let spaced = format!("{found} ");
    Some(if members(&spaced) > 1 { format!("{spaced}*") } else { format!("{found}*") })
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

/// Letters and digits in lower case, in runs.
fn words(label: &str) -> Vec<String> {
    let parts = label.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect()
}
