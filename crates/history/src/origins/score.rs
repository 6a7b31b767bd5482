//! The probability that a candidate introduced the defect.
//!
//! A logistic regression with 15 weights over features of the candidate next to the others: removed lines (the share that it
//! wrote, counted and weighted by content, whether any, and how many), lines around the fix (share, whether any), for a fix that
//! removed no code the share of lines of any kind, its age and rank by age, whether its subject is about formatting, files in
//! common with the fix, whether it wrote lines of tests only, whether it is the only candidate, and words in common with the
//! subject of the fix without quoted text.
//!
//! `escape-gate attribute --evaluate PAIRS --repos DIR --features FILE` prints the figures of `docs/explanation/origins.md`, and
//! `node tools/fit-attribution.mjs FILE` fits the weights again, cross-validates them, and prints `weights.rs`.

use std::collections::BTreeSet;

use super::candidates::{Blame, OriginCandidate};
use super::history::Commit;
use super::weights::{FEATURES, INTERCEPT, WEIGHTS};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// Parts of a subject that tell of a change to how code looks, not to what it does.
const COSMETIC: [&str; 27] = [
    "refactor",
    "renam",
    "reformat",
    "re-indent",
    "reindent",
    "indent",
    "whitespace",
    "white space",
    "cleanup",
    "clean up",
    "cosmetic",
    "typo",
    "comment",
    "copyright",
    "licens",
    "licenc",
    "reorgan",
    "restructur",
    "lint",
    "clang-format",
    "prettier",
    "coding style",
    "code style",
    "simplif",
    "dedup",
    "tidy",
    "sort imports",
];

/// Words in a subject that tell of the same.
const COSMETIC_STARTS: [&str; 4] = ["move", "split", "moderni", "black"];

/// The features of a candidate, in the order of [`NAMES`].
pub type Features = [f64; FEATURES];

/// The names of the features.
pub const NAMES: [&str; FEATURES] = [
    "removed-share",
    "removed-weight-share",
    "any-removed",
    "neighbour-share",
    "any-neighbour",
    "recency-rank",
    "age",
    "cosmetic",
    "shared-files",
    "tests-only",
    "alone",
    "same-words",
    "any-kind-share",
    "removed-log",
    "adds-only",
];

/// Returns the probability of a candidate with these features, from 0 to 1.
pub fn probability(features: &Features) -> f64 {
    let sum: f64 = features.iter().zip(WEIGHTS).map(|(feature, weight)| feature * weight).sum();
    1.0 / (1.0 + (-(INTERCEPT + sum)).exp())
}

/// The features of every candidate of a fix, in the order of the candidates.
pub fn features(fix: &Commit, blame: &Blame, candidates: &[&OriginCandidate]) -> Vec<Features> {
    let sum = |of: fn(&OriginCandidate) -> f64| {
        let sum: f64 = candidates.iter().map(|candidate| of(candidate)).sum();
        // Never divide by zero: if all are zero, each share is zero.
        if sum > 0.0 { sum } else { 1.0 }
    };
    let removed = sum(|c| c.evidence.removed);
    let removed_weight = sum(|c| c.evidence.removed_weight);
    let neighbour_weight = sum(|c| c.evidence.neighbour_weight);
    let any_kind = sum(|c| c.evidence.of_any_kind);
    let with_code = |c: &OriginCandidate| {
        let e = &c.evidence;
        e.removed > 0.0 || e.neighbours > 0.0 || e.of_any_kind > 0.0
    };
    let only = candidates.iter().filter(|c| with_code(c)).count() == 1;
    let files: BTreeSet<&Vec<u8>> = blame.files.iter().collect();
    let flag = |is: bool| f64::from(u8::from(is));
    let words = subject_words(fix.subject());
    candidates
        .iter()
        .map(|c| {
            let e = &c.evidence;
            let newer = candidates.iter().filter(|other| other.commit.time > c.commit.time).count();
            let shared = c.paths.iter().filter(|path| files.contains(path)).count();
            let own = self::subject_words(c.commit.subject());
            let common = own.intersection(&words).count();
            [
                e.removed / removed,
                e.removed_weight / removed_weight,
                flag(e.removed > 0.0),
                e.neighbour_weight / neighbour_weight,
                flag(e.neighbours > 0.0),
                1.0 / (1.0 + newer as f64),
                // By its logarithm: a day more means much for a new commit, and nothing for an old one.
                ((fix.time - c.commit.time).max(0) as f64 / DAY).ln_1p(),
                flag(is_cosmetic(c.commit.subject())),
                shared as f64 / files.len().max(1) as f64,
                flag(e.in_tests > 0.0 && e.removed == 0.0 && e.neighbours == 0.0),
                flag(only && with_code(c)),
                common as f64 / (1.0 + words.len().min(own.len()) as f64),
                e.of_any_kind / any_kind,
                e.removed.ln_1p(),
                flag(blame.only_adds),
            ]
        })
        .collect()
}

/// Returns the words of a subject in lower case. Quotations and commit ids are left out: they would name a candidate
/// outright.
fn subject_words(subject: &str) -> BTreeSet<String> {
    // Every second part is inside quotation marks.
    let unquoted: String = subject.split('"').step_by(2).collect();
    let is_id = |word: &str| word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    unquoted
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.len() > 2 && !is_id(word) && !COMMON.contains(&word.as_str()))
        .collect()
}

/// Words that say nothing about what a change is about.
const COMMON: [&str; 32] = [
    "the", "and", "for", "with", "from", "when", "fix", "fixes", "fixed", "bug", "add", "added", "not",
    "use", "into", "remove", "support", "make", "that", "this", "are", "don", "avoid", "medium", "minor",
    "major", "revert", "only", "also", "all", "update", "was",
];

/// True if a subject tells of a change to how code looks.
fn is_cosmetic(subject: &str) -> bool {
    let subject = subject.to_lowercase();
    let mut words = subject.split(|c: char| !c.is_alphanumeric());
    COSMETIC.iter().any(|part| subject.contains(part))
        || words.any(|word| COSMETIC_STARTS.iter().any(|start| word.starts_with(start)))
}
