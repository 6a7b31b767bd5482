//! Closing keywords: "Fixes #12" closes issue 12.

use std::collections::BTreeSet;

use super::text::leading_number;
use crate::IssueNumber;

/// The keywords, in lower case.
const KEYWORDS: [&str; 9] =
    ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];

/// Words before a keyword that turn it around or take from it: "does not fix #12", "never closes #12", "partially fixes #12".
const DENIALS: [&str; 12] = [
    "not",
    "never",
    "no",
    "without",
    "cannot",
    "nothing",
    "neither",
    "nor",
    "hardly",
    "partially",
    "partly",
    "partial",
];

/// Largest number of words between a denial and a keyword: "does not really fix".
const REACH: usize = 3;

/// The issues of `repository` that a line closes.
pub fn closes(line: &str, repository: &str) -> BTreeSet<IssueNumber> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut found = BTreeSet::new();
    for (at, pair) in words.windows(2).enumerate() {
        let [keyword, target] = pair else { continue };
        let before = &words[at.saturating_sub(REACH)..at];
        if is_keyword(keyword) && !is_denied(before) {
            found.extend(parse_issue_reference(target, repository));
        }
    }
    found
}

/// `true` if a denial stands among these words and no sentence ends behind it.
pub fn is_denied(before: &[&str]) -> bool {
    let own =
        before.iter().rposition(|word| word.ends_with(['.', ';', '!', '?', ':'])).map_or(0, |end| end + 1);
    before[own..].iter().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        DENIALS.contains(&word.as_str()) || word.ends_with("n't") || word.ends_with("n’t")
    })
}

/// `true` for a keyword, alone or behind an opening bracket, with or without a colon.
fn is_keyword(word: &str) -> bool {
    let word = word.trim_start_matches(['(', '[', '*', '_', '-']);
    let word = word.trim_end_matches(['*', '_']);
    let word = word.strip_suffix(':').unwrap_or(word).trim_end_matches(['*', '_']).to_ascii_lowercase();
    KEYWORDS.contains(&word.as_str())
}

/// The number behind `#12`, `GH-12`, `owner/name#12` or an issue's address, if it is of this repository.
fn parse_issue_reference(word: &str, repository: &str) -> Option<IssueNumber> {
    let word = word.trim_start_matches(['(', '[', '*', '_']);
    number_of(word, repository, "/issues/").map(IssueNumber)
}

/// The number in `#12`, `GH-12`, `owner/name#12` or an address with `path` (`/issues/`, `/pull/`), if it is of this
/// repository.
pub fn number_of(word: &str, repository: &str, path: &str) -> Option<u64> {
    let same = |other: &str| other.eq_ignore_ascii_case(repository);
    if let Some((before, number)) = word.split_once('#').filter(|_| !word.contains("://")) {
        // People write `shop#12` for a pull request; GitHub closes no issue by that.
        let is_name = path == "/pull/"
            && repository.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(before));
        return if before.is_empty() || same(before) || is_name { leading_number(number) } else { None };
    }
    if let Some(prefix) = word.get(..3).filter(|prefix| prefix.eq_ignore_ascii_case("gh-")) {
        return leading_number(&word[prefix.len()..]);
    }
    let (_, address) = word.split_once("://")?;
    let (_, rest) = address.split_once('/')?;
    let (name, number) = rest.split_once(path)?;
    if same(name) { leading_number(number) } else { None }
}
