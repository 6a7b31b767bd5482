//! Finds the originals of a copy: `cherry picked from`, `Backport of #2` and the like.

use super::Reference;
use super::keywords::is_denied;
use super::reverts::{bare_number, parse_change_reference, references_in_list};

/// Words that say "this is a copy", in lower case; two words are joined by a space.
const MARKS: [&str; 19] = [
    "cherry picked",
    "cherry-picked",
    "cherrypicked",
    "cherry pick",
    "cherry-pick",
    "cherrypick",
    "backport",
    "backports",
    "backported",
    "backporting",
    "back-port",
    "back-ports",
    "upstream",
    "picked",
    "cherry-picked-from",
    "port of",
    "ports of",
    "forward port",
    "forward-port",
];

/// Words between the mark and what is copied: `Backport of pull request #2`, `cherry picked from commit 1a2b3c4`.
const BETWEEN: [&str; 19] = [
    "of",
    "from",
    "for",
    "pull",
    "request",
    "requests",
    "pr",
    "prs",
    "commit",
    "commits",
    "the",
    "original",
    "change",
    "changes",
    "and",
    "fix",
    "in",
    "port",
    "following",
];

/// Words before the mark that make it a wish: `please backport #2`.
const WISHES: [&str; 15] = [
    "please", "needs", "need", "should", "must", "will", "would", "to", "todo", "after", "before",
    "requires", "pending", "can", "could",
];

/// Words before the mark that make another change the copy: `introduced by the backport of #2`, `see upstream #2`.
const MENTIONS: [&str; 27] = [
    "by", "from", "since", "with", "without", "for", "in", "on", "skip", "skips", "drop", "drops", "fix",
    "fixes", "broken", "missing", "failed", "instead", "undo", "remove", "see", "reported", "filed", "like",
    "similar", "related", "prepare",
];

/// Words behind what is named that say something about a copy elsewhere: `Backport of #2 failed`.
const TOLD: [&str; 18] = [
    "is",
    "was",
    "are",
    "were",
    "has",
    "had",
    "failed",
    "fails",
    "broke",
    "breaks",
    "caused",
    "introduced",
    "needs",
    "cannot",
    "conflicts",
    "did",
    "does",
    "will",
];

/// The copies that a subject and own lines state.
pub fn read_copies(subject: &str, own: &[&str], repository: &str) -> Vec<Reference> {
    // Some bots write the two characters `\\n` where a line ends.
    let lines = own.iter().flat_map(|line| line.split("\\n"));
    let stated = std::iter::once(subject).chain(lines).flat_map(|line| of_line(line, repository));
    let mut found: Vec<Reference> = stated.collect();
    for (at, line) in own.iter().enumerate() {
        if begins_list(line) {
            found.extend(references_in_list(&own[at + 1..], repository));
        }
    }
    found
}

/// `true` if a line has nothing but the mark, so that what is copied is listed below it: `Backport of:`, `Cherry-pick (not clean)`.
fn begins_list(line: &str) -> bool {
    let line = line.split('(').next().unwrap_or(line).trim_end().trim_end_matches(':');
    let lower = line.trim().trim_start_matches(['#', '*', '-', ' ']).to_lowercase();
    let mark = MARKS.iter().filter_map(|mark| lower.strip_prefix(mark)).min_by_key(|rest| rest.len());
    mark.is_some_and(|rest| rest.split_whitespace().all(|word| BETWEEN.contains(&word)))
}

/// Returns the originals that a line names.
fn of_line(line: &str, repository: &str) -> Vec<Reference> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let plain = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    // `commit 1a2b3c4 upstream.`, the mark of Linux' stable branches, has the words in the other order.
    if let ["commit", id, last] = words.as_slice()
        && plain(last) == "upstream"
    {
        return parse_change_reference(id, repository).into_iter().collect();
    }
    let mut found = Vec::new();
    for at in 0..words.len() {
        let one = plain(words[at]);
        let two = words.get(at + 1).map(|next| format!("{one} {}", plain(next)));
        let length = match two {
            Some(two) if MARKS.contains(&two.as_str()) => 2,
            Some(_) | None if MARKS.contains(&one.as_str()) => 1,
            Some(_) | None => continue,
        };
        let before = &words[at.saturating_sub(3)..at];
        let is_wish = before.last().is_some_and(|word| WISHES.contains(&plain(word).as_str()));
        if is_wish || is_denied(before) || is_mention(&words, at) {
            continue;
        }
        for (place, word) in words.iter().enumerate().skip(at + length) {
            // Without a sign, a number is one only right behind the mark: `Cherry-pick 20590: keep the order`.
            let bare = || bare_number(word).filter(|_| found.is_empty());
            match parse_change_reference(word, repository).or_else(bare) {
                Some(named) => {
                    let next = words.get(place + 1).map(|next| plain(next));
                    let goes_on = !word.ends_with(['.', ',', ';', ':', ')']);
                    if goes_on && next.is_some_and(|next| TOLD.contains(&next.as_str())) {
                        break;
                    }
                    found.push(named);
                    // The number after the bracket is that of the copy itself: `Keep (backport #2) (#9)`.
                    if word.ends_with(')') {
                        break;
                    }
                }
                None if BETWEEN.contains(&plain(word).as_str()) || plain(word).is_empty() => {}
                None => break,
            }
        }
    }
    found
}

/// `true` if the mark at a place belongs to a sentence about another copy. A bracket and a colon begin a sentence of their own:
/// `fix: backport #2`, `Keep the order (backport #2)`.
fn is_mention(words: &[&str], at: usize) -> bool {
    if words[at].starts_with(['(', '[']) {
        return false;
    }
    let before = words[..at]
        .iter()
        .rev()
        .find(|word| !["the", "a", "an", "our"].contains(&word.to_lowercase().as_str()));
    before.is_some_and(|word| {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        // `Ported from upstream #2` is a copy, `a crash from the backport of #2` is none.
        let is_source = word == "from" && words[at].eq_ignore_ascii_case("upstream");
        MENTIONS.contains(&word.as_str()) && !is_source
    })
}

/// The pull request that the name of a branch says it carries over: `cherry-pick-of-#2`, `backport-2-to-release-1.1`,
/// `mergify/bp/release-1.1/pr-2`.
pub fn original_of_branch(branch: &str) -> Option<u64> {
    let lower = branch.to_ascii_lowercase();
    let is_mark = ["cherry-pick", "cherrypick", "backport", "/bp/"].iter().any(|mark| lower.contains(mark));
    if !is_mark {
        return None;
    }
    let numbered = lower.split_once('#').and_then(|(_, rest)| backport_number(rest));
    let of_pull = || lower.split_once("pr-").and_then(|(_, rest)| backport_number(rest));
    let behind_mark = || {
        ["cherry-pick-", "cherry-pick/", "cherrypick-", "backport-", "backport/"]
            .iter()
            .find_map(|mark| backport_number(lower.split_once(mark)?.1))
    };
    numbered.or_else(of_pull).or_else(behind_mark)
}

/// The digits that a text begins with, unless they are a part of a version or of a word.
fn backport_number(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if text[end..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_')) {
        return None;
    }
    text[..end].parse().ok()
}
