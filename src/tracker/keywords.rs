//! Closing keywords: "Fixes #12" in a message closes ticket 12 when the commit reaches the default branch.
//!
//! Keywords and forms as in GitHub's documentation, "Linking a pull request to an issue".

use std::collections::BTreeSet;

use crate::model::IssueNumber;

/// The keywords, in lower case.
const KEYWORDS: [&str; 9] =
    ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];

/// The tickets of `repository` (`owner/name`) that a message closes. A revert quotes the message of what it takes back,
/// and closes nothing.
pub(super) fn closes(message: &str, repository: &str) -> BTreeSet<IssueNumber> {
    if message.starts_with("Revert \"") {
        return BTreeSet::new();
    }
    let words: Vec<&str> = message.split_whitespace().collect();
    let pairs = words.iter().zip(words.iter().skip(1));
    pairs
        .filter(|(keyword, _)| is_keyword(keyword))
        .filter_map(|(_, target)| issue(target, repository))
        .collect()
}

/// True for a keyword, alone or behind an opening bracket, with or without a colon.
fn is_keyword(word: &str) -> bool {
    let word = word.trim_start_matches(['(', '[', '*', '_', '-']);
    let word = word.strip_suffix(':').unwrap_or(word).to_ascii_lowercase();
    KEYWORDS.contains(&word.as_str())
}

/// The number behind `#12`, `GH-12`, `owner/name#12` or a ticket's URL, if it is of this repository.
fn issue(word: &str, repository: &str) -> Option<IssueNumber> {
    let word = word.trim_start_matches(['(', '[', '*', '_']);
    let same = |other: &str| other.eq_ignore_ascii_case(repository);
    if let Some((before, number)) = word.split_once('#').filter(|_| !word.contains("://")) {
        return if before.is_empty() || same(before) { leading_number(number) } else { None };
    }
    if let Some(prefix) = word.get(..3).filter(|prefix| prefix.eq_ignore_ascii_case("gh-")) {
        return leading_number(&word[prefix.len()..]);
    }
    let (_, address) = word.split_once("://")?;
    let (_, path) = address.split_once('/')?;
    let (name, number) = path.split_once("/issues/")?;
    if same(name) { leading_number(number) } else { None }
}

/// The digits a text begins with, unless a letter follows them at once.
fn leading_number(text: &str) -> Option<IssueNumber> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    text[..end].parse().ok().filter(|number| *number > 0).map(IssueNumber)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revert_closes_nothing() {
        assert!(numbers("Revert \"Keep the order, fixes #12\"\n\nThis reverts commit 1a2b3c4.").is_empty());
    }

    fn numbers(message: &str) -> Vec<u64> {
        closes(message, "acme/shop").into_iter().map(|number| number.0).collect()
    }

    #[test]
    fn every_documented_form_closes() {
        assert_eq!(numbers("Stop the crash\n\nFixes #12, closes: #7 (Resolved GH-3)."), [3, 7, 12]);
        assert_eq!(numbers("fix ACME/shop#4"), [4]);
        assert_eq!(numbers("closed https://github.com/acme/shop/issues/9#issuecomment-1"), [9]);
        assert_eq!(numbers("FIXED: #1\r\nresolve #2"), [1, 2]);
    }

    #[test]
    fn what_only_mentions_a_ticket_does_not_close_it() {
        for message in [
            "see #12",
            "fixes other/repo#12",
            "prefixes #12",
            "fixes #12abc",
            "fixes #0",
            "fixes #",
            "fixes the thing in #12",
            "closes https://github.com/other/repo/issues/9",
            "fixes #99999999999999999999999",
            "fixing #12",
        ] {
            assert!(numbers(message).is_empty(), "{message}");
        }
    }
}
