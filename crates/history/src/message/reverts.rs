//! Finds the changes that a message reverts or applies again.

use super::Reference;
use super::keywords::number_of;
use super::text::{leading_number, trailing_numbers, without_trailing_numbers};

/// Words that begin a subject which takes something back, in lower case, and whether they apply it again instead.
const SUBJECTS: [(&str, bool); 15] = [
    ("revert", false),
    ("reverts", false),
    ("backout", false),
    ("back out", false),
    ("backed out", false),
    ("rollback", false),
    ("roll back", false),
    ("rolled back", false),
    ("undo", false),
    ("reapply", true),
    ("re-apply", true),
    ("reland", true),
    ("re-land", true),
    ("reinstate", true),
    ("unrevert", true),
];

/// Words between the mark of a revert and what it names: `Revert the backport of PR #2`, `Backed out changeset 1a2b3c4`.
const NOUNS: [&str; 26] = [
    "made",
    "the",
    "of",
    "from",
    "in",
    "by",
    "and",
    "following",
    "commit",
    "commits",
    "changeset",
    "changesets",
    "change",
    "changes",
    "pr",
    "prs",
    "pull",
    "request",
    "requests",
    "merge",
    "patch",
    "backport",
    "backports",
    "cherry-pick",
    "cherry",
    "pick",
];

/// Words of a sentence that announces a revert, in lower case, each with `true` for a partial revert. The first ones
/// count anywhere: they speak of the change; the others only where a sentence begins.
const SENTENCES: [(&str, bool, bool); 22] = [
    ("this reverts", true, false),
    ("this commit reverts", true, false),
    ("this change reverts", true, false),
    ("this patch reverts", true, false),
    ("this pr reverts", true, false),
    ("this pull request reverts", true, false),
    ("this backs out", true, false),
    ("this rolls back", true, false),
    ("this undoes", true, false),
    ("this is a revert of", true, false),
    ("this is a partial revert of", true, true),
    ("this partially reverts", true, true),
    ("this partly reverts", true, true),
    ("this commit partially reverts", true, true),
    ("this pr partially reverts", true, true),
    ("reverts", false, false),
    ("revert of", false, false),
    ("backs out", false, false),
    ("rolls back", false, false),
    ("partially reverts", false, true),
    ("partly reverts", false, true),
    ("partial revert of", false, true),
];

/// Words that end the list of what is taken back: "reverts #2 because #5 replaces it".
const REASONS: [&str; 14] = [
    "because", "since", "as", "due", "which", "that", "so", "but", "after", "until", "while", "for", "to",
    "see",
];

/// The changes that a message reverts.
#[derive(Default)]
pub struct Revert {
    /// References to the reverted changes, in every form of the message.
    pub of: Vec<Reference>,
    /// `true` if the message applies again what was taken back.
    pub reapplies: bool,
    /// References to changes that are reverted in part.
    pub partly: Vec<Reference>,
    /// The subject that is quoted, if the subject is that of a revert.
    pub quoted: Option<String>,
    /// Text after `Revert` without quotation marks, with `true` for a reapplication: a revert only if a change before
    /// has just these words for a subject.
    pub perhaps: Option<(String, bool)>,
}

impl Revert {
    /// `true` for a line that repeats the quoted subject.
    pub fn repeats(&self, line: &str) -> bool {
        let line = line.trim().trim_start_matches(['*', '-', ' ']);
        self.quoted
            .as_deref()
            .is_some_and(|quoted| line == quoted || line == without_trailing_numbers(quoted))
    }
}

/// Reads subject and own lines.
pub fn read_revert(subject: &str, own: &[&str], repository: &str) -> Revert {
    let mut revert = Revert::default();
    if let Some((quoted, reapplies, is_quoted)) = quoted_subject(subject) {
        // A revert of a revert applies again what that took back.
        let of_revert = quoted_subject(&quoted).is_some_and(|(_, again, _)| !again);
        revert.reapplies = reapplies || of_revert;
        // `git revert -m 1` quotes the first line of a merge, which is not its title.
        let merged = quoted.strip_prefix("Merge pull request #").and_then(leading_number);
        revert.of.extend(merged.map(Reference::PullRequest));
        let numbers = trailing_numbers(&quoted);
        // Behind quotation marks the number is that of the original. Without them the last one may be the revert's own.
        let original = if is_quoted || numbers.len() > 1 {
            numbers.get(numbers.len().saturating_sub(1 + usize::from(!is_quoted)))
        } else {
            None
        };
        revert.of.extend(original.copied().map(Reference::PullRequest));
        let plain = without_trailing_numbers(&quoted);
        if !plain.is_empty() {
            revert.of.push(Reference::Subject(plain.to_owned()));
        }
        revert.quoted = Some(quoted);
    } else if let Some((rest, reapplies)) = behind_word(subject) {
        // Without quotation marks: a number, an id, or the very words of a change before.
        let rest = without_trailing_numbers(rest);
        let named = references_at_start(rest, repository);
        revert.reapplies = reapplies && !named.is_empty();
        revert.of.extend(named);
        if revert.of.is_empty() && !rest.is_empty() {
            revert.perhaps = Some((rest.to_owned(), reapplies));
        }
    }
    // `Partially revert "X"`: the rest of the change stays in.
    let says_part = subject.to_ascii_lowercase().contains("partial");
    for (at, line) in own.iter().enumerate() {
        let Some((rest, partly)) = behind_reverts(line) else { continue };
        let mut named = references_in_sentence(rest, repository);
        if goes_on(rest, &named) {
            named.extend(references_in_list(&own[at + 1..], repository));
        }
        if partly {
            revert.partly.extend(named);
        } else {
            revert.of.extend(named);
        }
    }
    if says_part {
        revert.partly.append(&mut revert.of);
    }
    revert
}

/// The subject that a revert's subject names, whether it is applied again, and whether quotation marks hold it:
/// `Revert "X"`, `revert: X`, `Reapply "X"`.
fn quoted_subject(subject: &str) -> Option<(String, bool, bool)> {
    let (behind, reapplies) = behind_word(subject)?;
    let (behind, reapplies) = match behind.strip_prefix('^').and_then(turns) {
        // Gerrit counts: `Revert^2 "X"` applies X again, `Revert^3 "X"` takes it back again.
        Some((turns, rest)) => (rest, turns % 2 == 0),
        None => (behind, reapplies),
    };
    let rest = behind.trim_start_matches([':', ']', ' ']);
    // A scope: `revert(cart): X`.
    let rest = match rest.strip_prefix('(').and_then(|rest| rest.split_once("):")) {
        Some((scope, rest)) if !scope.contains(' ') => rest.trim_start(),
        Some(_) | None => rest,
    };
    for mark in ['"', '\'', '“'] {
        if let Some(inside) = rest.strip_prefix(mark) {
            let end = if mark == '“' { '”' } else { mark };
            // The subject may hold quotation marks itself: the last one closes.
            let inside = inside.rfind(end).map_or(inside, |at| &inside[..at]);
            return Some((inside.to_owned(), reapplies, true));
        }
    }
    // `Revert to the old cart` takes no change back that it names.
    behind.starts_with([':', ']', '(']).then(|| (rest.to_owned(), reapplies, false))
}

/// `true` if a subject begins with the word of a revert.
pub fn begins(subject: &str) -> bool {
    behind_word(subject).is_some()
}

/// Returns the text after the revert word that begins a subject, with `true` for a reapplication.
fn behind_word(subject: &str) -> Option<(&str, bool)> {
    let subject = without_scope(subject.trim()).trim_start_matches('[');
    let lower = subject.to_ascii_lowercase();
    let (word, reapplies) = SUBJECTS.iter().find(|(word, _)| {
        lower
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
    })?;
    Some((subject.get(word.len()..)?, *reapplies))
}

/// Removes the scope in front of a subject: `[release-1.1] cart: Revert "X"` gives `Revert "X"`.
fn without_scope(subject: &str) -> &str {
    /// Longest scope, in bytes.
    // A longer text before a colon is a part of a sentence.
    const LONGEST: usize = 40;
    let is_mark = |text: &str| {
        let text = text.trim_start_matches('[').to_ascii_lowercase();
        SUBJECTS.iter().any(|(word, _)| text.starts_with(word))
    };
    let mut rest = subject;
    while !is_mark(rest) {
        let tag = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(_, rest)| rest);
        let scope =
            || rest.split_once(": ").filter(|(scope, _)| scope.len() <= LONGEST).map(|(_, rest)| rest);
        match tag.or_else(scope) {
            Some(behind) => rest = behind.trim_start(),
            None => return subject,
        }
    }
    rest
}

/// The number in `2 "X"`, and what follows it.
fn turns(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// The references that a text begins with; only nouns may stand before and between them.
fn references_at_start(text: &str, repository: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        // `Revert 2026 prices` names no pull request.
        let ends = word.ends_with([':', ',', ';']) || words.peek().is_none_or(|next| next.starts_with('('));
        match parse_change_reference(word, repository).or_else(|| bare_number(word).filter(|_| ends)) {
            Some(named) => found.push(named),
            None if is_noun(word) => {}
            None => break,
        }
    }
    found
}

fn is_noun(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    word.is_empty() || NOUNS.contains(&word.as_str())
}

/// `true` if what is taken back is listed in the lines below: "This reverts the following commits:", "… commits a and".
fn goes_on(rest: &str, named: &[Reference]) -> bool {
    let rest = rest.trim_end();
    let ends_open = rest.ends_with([',', ':']) || rest.ends_with(" and");
    rest.split_whitespace().all(is_noun) || (ends_open && !named.is_empty()) || rest.ends_with(':')
}

/// The references in the lines of a list, up to a line that begins with none.
pub fn references_in_list(lines: &[&str], repository: &str) -> Vec<Reference> {
    let lines = lines.iter().map(|line| line.trim().trim_start_matches(['*', '-', '+', ' ']));
    let lines = lines.skip_while(|line| line.is_empty());
    let named = lines.map(|line| references_at_start(line, repository));
    named.take_while(|named| !named.is_empty()).flatten().collect()
}

/// Returns the text after `This reverts`, or after `Reverts` at the start of a sentence, with `true` for a partial
/// revert.
pub fn behind_reverts(line: &str) -> Option<(&str, bool)> {
    let line = line.trim().trim_start_matches(['*', '-', ' ']);
    let lower = line.to_ascii_lowercase();
    let begins = |at: usize| at == 0 || [". ", "; ", ": "].iter().any(|end| lower[..at].ends_with(end));
    let is_word = |at: usize| !lower[..at].ends_with(|c: char| c.is_alphanumeric());
    let found = SENTENCES.iter().find_map(|(words, anywhere, partly)| {
        let mut all = lower.match_indices(words);
        let (at, _) = all.find(|(at, _)| begins(*at) || (*anywhere && is_word(*at)))?;
        Some((at + words.len(), *partly))
    });
    let (end, partly) = found?;
    let rest = line.get(end..)?;
    let part = ["part of", "parts of", "partially"].iter().any(|word| rest.contains(word));
    Some((rest, partly || part))
}

/// The commits and pull requests that a text names, up to where a merge's other side is described or a reason is given.
fn references_in_sentence(text: &str, repository: &str) -> Vec<Reference> {
    // `git revert -m 1` goes on with `, reversing changes made to 1a2b3c4.`, which is not what it reverts.
    let text = text.split(", reversing").next().unwrap_or(text);
    let mut found = Vec::new();
    for word in text.split_whitespace() {
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if !found.is_empty() && REASONS.contains(&plain.as_str()) {
            break;
        }
        found.extend(parse_change_reference(word, repository));
    }
    found
}

/// A pull request by its number alone, as `20590` or `pr-20590`. Fewer than three digits may count anything.
pub fn bare_number(word: &str) -> Option<Reference> {
    let word = word.trim_matches(|c: char| "()[]<>{}.,;:`'\"*".contains(c));
    let lower = word.to_ascii_lowercase();
    let digits = ["pr-", "pull/"].iter().find_map(|prefix| lower.strip_prefix(prefix)).unwrap_or(&lower);
    let is_number = (3..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { leading_number(digits).map(Reference::PullRequest) } else { None }
}

/// A commit or a pull request.
pub fn parse_change_reference(word: &str, repository: &str) -> Option<Reference> {
    let word = word.trim_matches(|c: char| "()[]<>{}.,;:`'\"*".contains(c));
    if let Some(number) = number_of(word, repository, "/pull/") {
        return Some(Reference::PullRequest(number));
    }
    let id = word.rsplit_once("/commit/").map_or(word, |(_, id)| id);
    // An id has digits and letters; a word such as `defaced` has no digit.
    let is_id = (7..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        && id.bytes().any(|byte| byte.is_ascii_digit());
    is_id.then(|| Reference::Commit(id.to_ascii_lowercase()))
}
