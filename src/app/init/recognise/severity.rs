//! Severities that labels name, by words (`severity/critical`, `high priority`) or by numbers (`S1`, `P0`).

use std::collections::{BTreeMap, BTreeSet};

use super::words::words;
use crate::model::Severity;

/// First words of labels that say how severe a defect is.
const SCALES: [&str; 10] =
    ["sev", "severity", "s", "p", "pri", "prio", "priority", "impact", "urgency", "importance"];

/// Last words that only name the scale: `high priority`, `major bug`.
const SCALE_NOUNS: [&str; 7] = ["priority", "severity", "impact", "urgency", "bug", "issue", "defect"];

/// A label with a number on a scale, such as `P0` or `sev-1`.
struct NumberedLabel<'l> {
    scale: String,
    number: u32,
    /// Severity that its other words name, as in `p5-urgent`.
    worded: Option<Severity>,
    label: &'l str,
}

/// Returns the labels of each severity, the most severe first.
pub fn severities(labels: &BTreeSet<&str>) -> [Vec<String>; 3] {
    let mut found: BTreeMap<Severity, Vec<String>> = BTreeMap::new();
    // `major` and `minor` next to `patch` give the size of a release, not of a defect.
    let of_releases = labels.iter().any(|label| words(label) == ["patch"]);
    let numbered: Vec<NumberedLabel<'_>> = labels.iter().filter_map(|label| numbered_label(label)).collect();
    for one in &numbered {
        if let Some(severity) = severity_of_number(one, &numbered) {
            found.entry(severity).or_default().push(one.label.to_owned());
        }
    }
    for label in labels.iter().filter(|label| !numbered.iter().any(|one| one.label == **label)) {
        let words = scale_words(label);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let level = match words.as_slice() {
            ["major" | "minor"] if of_releases => continue,
            // A list of work to do, not a severity.
            ["backlog"] => None,
            [scale, rest @ ..] if SCALES.contains(scale) => severity_of_words(rest),
            // `critical path` is not a severity.
            [_] => severity_of_words(&words),
            [_, noun] if SCALE_NOUNS.contains(noun) => severity_of_words(&words),
            _ => None,
        };
        if let Some(severity) = level {
            found.entry(severity).or_default().push((*label).to_owned());
        }
    }
    [Severity::Critical, Severity::Major, Severity::Minor]
        .map(|severity| found.remove(&severity).unwrap_or_default())
}

/// The words of a label from its scale on: `severity`, `critical` of `bug/severity:critical`.
fn scale_words(label: &str) -> Vec<String> {
    let mut words = words(label);
    let is_after_noun =
        words.len() > 2 && SCALE_NOUNS.contains(&words[0].as_str()) && SCALES.contains(&words[1].as_str());
    if is_after_noun && !SCALES.contains(&words[0].as_str()) {
        words.remove(0);
    }
    words
}

/// Reads `P0`, `sev-1`, `Sev2-normal`, `priority/1`.
fn numbered_label(label: &str) -> Option<NumberedLabel<'_>> {
    let mut words = scale_words(label);
    // `priority/P0` names its scale twice.
    if words.len() > 1
        && SCALES.contains(&words[0].as_str())
        && words[1].starts_with(|c: char| c.is_ascii_alphabetic())
    {
        words.remove(0);
    }
    let is_scale = SCALES.contains(&words.first()?.as_str());
    let (text, rest) =
        if is_scale { (words.get(..2)?.concat(), &words[2..]) } else { (words[0].clone(), &words[1..]) };
    let at = text.find(|c: char| c.is_ascii_digit())?;
    let (scale, number) = text.split_at(at);
    let number: u32 = number.parse().ok().filter(|number| *number <= 9)?;
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    SCALES.contains(&scale).then(|| NumberedLabel {
        scale: scale.to_owned(),
        number,
        worded: severity_of_words(&rest),
        label,
    })
}

/// The severity of a numbered label: by its words, else by the distance from the lowest number of its scale.
fn severity_of_number(one: &NumberedLabel<'_>, all: &[NumberedLabel<'_>]) -> Option<Severity> {
    if one.worded.is_some() {
        return one.worded;
    }
    let scale: Vec<&NumberedLabel<'_>> = all.iter().filter(|other| other.scale == one.scale).collect();
    let worded = || scale.iter().filter(|other| other.worded.is_some());
    let (low, high) = (worded().min_by_key(|other| other.number), worded().max_by_key(|other| other.number));
    // A scale may count upwards, from `p1-chore` to `p5-urgent`. Its lowest number is then not the most severe, and a
    // label without a known word could mean anything.
    if low.zip(high).is_some_and(|(low, high)| low.worded < high.worded) {
        return None;
    }
    let first = scale.iter().map(|other| other.number).min()?;
    match one.number - first.min(1) {
        0 => Some(Severity::Critical),
        1 => Some(Severity::Major),
        _ => Some(Severity::Minor),
    }
}

/// The severity that words name.
fn severity_of_words(words: &[&str]) -> Option<Severity> {
    let words = match words {
        [rest @ .., last] if !rest.is_empty() && SCALE_NOUNS.contains(last) => rest,
        all => all,
    };
    match words {
        [
            "critical" | "urgent" | "blocker" | "highest" | "showstopper" | "fatal" | "catastrophic"
            | "emergency",
            ..,
        ]
        | ["show", "stopper"] => Some(Severity::Critical),
        ["high" | "major" | "important" | "severe" | "serious"] | ["important", "soon"] => {
            Some(Severity::Major)
        }
        [
            "medium" | "moderate" | "normal" | "low" | "lowest" | "minor" | "trivial" | "tolerable"
            | "backlog",
        ]
        | ["important", "longterm"]
        | ["nice", "to", "have"] => Some(Severity::Minor),
        _ => None,
    }
}
