//! Labels that a repository has for the rest of the practice: blockers, triage, causes and gaps.

use std::collections::BTreeSet;

use super::words::{joined_words, words};
use crate::app::init::practice::{
    AttributeSource, DETECTION_GAP, EXPECTED, FOUND_BY, KIND, LabelFamily, Practice, ROOT_CAUSE,
};
use crate::output::escape::is_unprintable;

/// Labels of issues that wait for a maintainer, as [`joined_words`].
const TRIAGE: [&str; 8] = [
    "needs-triage",
    "triage-needed",
    "needs-triaging",
    "untriaged",
    "triage",
    "to-triage",
    "status-triage",
    "status-untriaged",
];

/// Labels that ask for a root cause.
const ROOT_CAUSE_NEEDED: [&str; 6] = [
    "rca-needed",
    "needs-rca",
    "root-cause-needed",
    "needs-root-cause",
    "postmortem-needed",
    "needs-postmortem",
];

/// Words of each class of expected issues.
const CLASS_WORDS: [&[&str]; 3] = [
    &["infrastructure", "infra"],
    &["third-party", "3rd-party", "vendor", "upstream"],
    &["novel", "unforeseeable"],
];

/// Beginnings of labels that name how a defect was found. A beginning alone can mean something else, such as `O-` for how
/// often it occurs, so one of its labels has to name a source.
const FOUND_BY_STARTS: [&str; 11] = [
    "found-by/",
    "found-by:",
    "found-by-",
    "found-by",
    "found/",
    "reported-by/",
    "reported-by:",
    "reported-by-",
    "report/",
    "source:",
    "O-",
];

/// Words for sources of reports.
const SOURCES: [&str; 12] = [
    "user",
    "customer",
    "support",
    "community",
    "monitoring",
    "alert",
    "internal",
    "qa",
    "robot",
    "automation",
    "telemetry",
    "dogfood",
];

/// Beginnings of labels that name a root cause.
const ROOT_CAUSE_STARTS: [&str; 9] = [
    "root-cause/",
    "root-cause:",
    "root-cause-",
    "rootcause/",
    "rootcause:",
    "rca/",
    "rca:",
    "cause/",
    "cause:",
];

/// Beginnings of labels that name the quality gate that did not catch a defect.
const DETECTION_GAP_STARTS: [&str; 8] = [
    "detection-gap/",
    "detection-gap:",
    "detection-gap-",
    "test-gap/",
    "gap/",
    "gap:",
    "missed-by/",
    "missed-by:",
];

/// Recognizes the labels of the practice. An empty value is one that the repository does not have.
pub fn recognise_practice(labels: &BTreeSet<&str>, fields: &[String], caught: &[String]) -> Practice {
    let named = |names: &[&str]| -> Vec<String> {
        let of = |label: &&&str| names.contains(&joined_words(label).as_str());
        labels.iter().filter(of).map(|label| (*label).to_owned()).collect()
    };
    let source = |family: &LabelFamily, found: Option<String>, names: &[&str]| AttributeSource {
        has_own_names: found.is_some() && family.has_other_names(labels.iter().copied()),
        labels: found,
        field: field_named(fields, names),
    };
    Practice {
        blocking: labels
            .iter()
            .filter(|label| is_release_blocker(label))
            .map(|label| (*label).to_owned())
            .collect(),
        triage: labels.iter().find(|label| is_triage(label)).map(|label| (*label).to_owned()),
        root_cause_needed: named(&ROOT_CAUSE_NEEDED),
        excluded: std::array::from_fn(|at| {
            let of = |label: &&&str| is_expected(label, CLASS_WORDS[at]);
            (EXPECTED[at].0, labels.iter().filter(of).map(|label| (*label).to_owned()).collect())
        }),
        kind: source(&KIND, kind_family(labels, caught), &["kind", "defect-kind", "bug-kind", "defect-type"]),
        found_by: source(
            &FOUND_BY,
            first_family(labels, &FOUND_BY_STARTS, |rest| {
                words(rest).iter().any(|w| SOURCES.contains(&w.as_str()))
            }),
            &["found-by", "how-it-was-found", "how-found", "detected-by", "reported-by"],
        ),
        root_cause: source(
            &ROOT_CAUSE,
            first_family(labels, &ROOT_CAUSE_STARTS, |rest| !words(rest).contains(&"needed".to_owned())),
            &["root-cause", "rca", "cause"],
        ),
        detection_gap: source(
            &DETECTION_GAP,
            first_family(labels, &DETECTION_GAP_STARTS, |_| true),
            &["detection-gap", "why-was-it-not-caught", "missed-by", "test-gap"],
        ),
    }
}

/// Returns the first issue field of one of these names, as [`joined_words`].
pub fn field_named(fields: &[String], names: &[&str]) -> Option<String> {
    let is_named =
        |field: &&String| names.contains(&joined_words(field).as_str()) && !field.contains(is_unprintable);
    fields.iter().find(is_named).cloned()
}

/// Returns `true` for `needs-triage`, `status/0-triage`, `Z-Needs-Triage`.
fn is_triage(label: &str) -> bool {
    let joined = joined_words(label);
    TRIAGE.contains(&joined.as_str()) || joined.ends_with("-needs-triage")
}

/// Returns `true` for `release-blocker`, `GA-blocker`, `blocks-release`, `X-Release-Blocker`.
fn is_release_blocker(label: &str) -> bool {
    let words = words(label);
    let has = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    has(&["release", "ga", "rc", "ship", "launch", "stable"])
        && (has(&["blocker", "blocks", "blocking", "block"]) || words.ends_with(&["critical".to_owned()]))
        && !has(&["non", "not", "no", "never", "maybe", "possible", "potential", "merge"])
        && words.len() <= 4
}

/// Returns `true` if a label says that an issue was to be expected: `cause/vendor`, `expected/infrastructure`. A plain
/// `infrastructure` is a component, and to exclude its defects would hide them.
fn is_expected(label: &str, class: &[&str]) -> bool {
    let joined = joined_words(label);
    let rest = ["expected-", "cause-", "excluded-"].iter().find_map(|start| joined.strip_prefix(start));
    rest.is_some_and(|rest| class.contains(&rest))
}

/// Returns the pattern of the labels next to the one for bugs: `kind/*` for `kind/bug` and `kind/feature`.
fn kind_family(labels: &BTreeSet<&str>, caught: &[String]) -> Option<String> {
    caught.iter().find_map(|label| {
        let at = ["bug", "defect"].iter().find_map(|word| label.to_ascii_lowercase().find(word))?;
        let start = label.get(..at).filter(|start| start.ends_with(|c: char| !c.is_alphanumeric()))?;
        let is_named = start.chars().any(char::is_alphanumeric) && !start.starts_with(':');
        (is_named && labels.iter().filter(|label| label.starts_with(start)).count() > 1)
            .then(|| format!("{start}*"))
    })
}

/// The pattern of the first beginning that at least two labels have, of which one means it.
fn first_family(
    labels: &BTreeSet<&str>,
    beginnings: &[&str],
    means_it: impl Fn(&str) -> bool,
) -> Option<String> {
    beginnings.iter().find_map(|start| {
        let members: Vec<&str> = labels.iter().filter_map(|label| strip_start(label, start)).collect();
        let found = members.len() > 1 && members.iter().any(|rest| means_it(rest));
        found.then(|| pattern_of(labels, start))
    })
}

/// The rest of a label after its beginning, without regard to case. A beginning of one letter is compared as it is
/// written: `a-` could be an article.
pub fn strip_start<'l>(label: &'l str, start: &str) -> Option<&'l str> {
    let (head, rest) = label.split_at_checked(start.len())?;
    let is_letter = start.len() == 2;
    let same = if is_letter { head == start } else { head.eq_ignore_ascii_case(start) };
    (same && !rest.trim().is_empty()).then_some(rest)
}

/// The pattern of a beginning as the labels write it; with the blank of `area: cart`, which is no part of the name.
pub fn pattern_of(labels: &BTreeSet<&str>, start: &str) -> String {
    let members = || labels.iter().filter(|label| strip_start(label, start).is_some());
    let written = members().next().and_then(|label| label.get(..start.len())).unwrap_or(start);
    let is_spaced = members().all(|label| label[start.len()..].starts_with(' '));
    if is_spaced { format!("{written} *") } else { format!("{written}*") }
}
