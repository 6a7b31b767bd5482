//! Sentences that name an origin, wherever in a text they stand and however their lines are broken.

use super::reference::{OriginTarget, leading};
use super::{OriginStatement, StatementKind, quote_on_one_line};

/// Verbs of a statement …
const VERBS: [&str; 10] = [
    "introduced",
    "caused",
    "broken",
    "broke",
    "regressed",
    "regression",
    "bisected",
    "regresses",
    "introduces",
    "triggered",
];

/// … and the word that leads to what did it.
const LINKS: [&str; 7] = ["in", "by", "since", "from", "with", "to", "after"];

/// Number of words that are quoted before and after a statement.
const AROUND: usize = 8;

/// Returns the statements in the sentences of a text.
pub(super) fn in_text(text: &str, place: &str) -> Vec<OriginStatement> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| bare_word(word)).collect();
    let is = |at: usize, wanted: &str| lower.get(at).is_some_and(|word| word == wanted);
    let mut found = Vec::new();
    for at in 0..words.len() {
        let rest = |skip: usize| words.get(at + skip..).map(|rest| rest[..rest.len().min(AROUND)].join(" "));
        let after = |skip: usize| rest(skip).and_then(|rest| leading(&rest));
        let word = lower[at].as_str();
        let linked = lower.get(at + 1).is_some_and(|link| LINKS.contains(&link.as_str()));
        let hit = if VERBS.contains(&word) && linked {
            after(2).map(|target| (StatementKind::Prose, target))
        } else if word == "this" && is(at + 1, "reverts") {
            after(2).map(|target| (StatementKind::Revert, target))
        } else if word == "reverts" && (at == 0 || !is(at - 1, "this")) {
            // "Reverts owner/name#12" is how GitHub writes it.
            after(1).or_else(|| qualified(words.get(at + 1)?)).map(|target| (StatementKind::Revert, target))
        } else if matches!(word, "follow-up" | "followup") && (is(at + 1, "to") || is(at + 1, "for")) {
            after(2).map(|target| (StatementKind::FollowUp, target))
        // `git bisect` writes the id before these words, and into its log behind a colon.
        } else if word == "first" && is(at + 1, "bad") && is(at + 2, "commit") {
            let before =
                (at >= 2 && is(at - 1, "the") && is(at - 2, "is")).then(|| at.checked_sub(3)).flatten();
            before
                .and_then(|before| leading(words[before]))
                .or_else(|| words[at + 2].ends_with(':').then(|| after(3)).flatten())
                .map(|target| (StatementKind::Bisect, target))
        } else {
            None
        };
        found.extend(hit.map(|(word, target)| {
            let around = at.saturating_sub(AROUND)..words.len().min(at + AROUND);
            OriginStatement {
                word,
                target,
                place: place.to_owned(),
                text: quote_on_one_line(&words[around].join(" ")),
            }
        }));
    }
    found
}

/// A word in lower case, without the punctuation around it.
fn bare_word(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// The pull request of `owner/name#12`.
fn qualified(word: &str) -> Option<OriginTarget> {
    let (name, _) = word.split_once('#')?;
    name.contains('/').then(|| leading(&word[name.len()..])).flatten()
}
