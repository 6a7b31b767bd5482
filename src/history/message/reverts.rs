//! What a message takes back, and what it applies again.

use super::Reference;
use super::keywords::number_of;
use super::text::{trailing_numbers, without_numbers};

/// Words that begin a subject which takes something back, in lower case, and whether they apply it again instead.
const SUBJECTS: [(&str, bool); 9] = [
    ("revert", false),
    ("reverts", false),
    ("backout", false),
    ("back out", false),
    ("backed out", false),
    ("reapply", true),
    ("re-apply", true),
    ("reland", true),
    ("re-land", true),
];

/// What a message takes back.
#[derive(Default)]
pub struct Revert {
    /// What is taken back, in every way that the message names it.
    pub of: Vec<Reference>,
    /// `true` if the message applies again what was taken back.
    pub reapplies: bool,
    /// What only a part of is taken back.
    pub partly: Vec<Reference>,
    /// The subject that is quoted, if the subject is that of a revert.
    pub quoted: Option<String>,
}

impl Revert {
    /// `true` for a line that repeats the quoted subject.
    pub fn repeats(&self, line: &str) -> bool {
        let line = line.trim().trim_start_matches(['*', '-', ' ']);
        self.quoted.as_deref().is_some_and(|quoted| line == quoted || line == without_numbers(quoted))
    }
}

/// Reads subject and own lines.
pub fn read(subject: &str, own: &[&str], repository: &str) -> Revert {
    let mut revert = Revert::default();
    if let Some((quoted, reapplies, is_quoted)) = quoted_subject(subject) {
        // A revert of a revert applies again what that took back.
        let of_revert = quoted_subject(&quoted).is_some_and(|(_, again, _)| !again);
        revert.reapplies = reapplies || of_revert;
        let numbers = trailing_numbers(&quoted);
        // Behind quotation marks the number is that of the original. Without them the last one may be the revert's own.
        let original = if is_quoted || numbers.len() > 1 {
            numbers.get(numbers.len().saturating_sub(1 + usize::from(!is_quoted)))
        } else {
            None
        };
        revert.of.extend(original.copied().map(Reference::PullRequest));
        let plain = without_numbers(&quoted);
        if !plain.is_empty() {
            revert.of.push(Reference::Subject(plain.to_owned()));
        }
        revert.quoted = Some(quoted);
    }
    let says_part = subject.to_ascii_lowercase().contains("partial");
    for line in own {
        let Some((rest, partly)) = behind_reverts(line) else { continue };
        let named = references(rest, repository);
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
    let subject = subject.trim().trim_start_matches('[');
    let lower = subject.to_ascii_lowercase();
    let (word, reapplies) = SUBJECTS.iter().find(|(word, _)| {
        lower
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
    })?;
    let rest = subject.get(word.len()..)?.trim_start_matches([':', ']', ' ']);
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
            return Some((inside.to_owned(), *reapplies, true));
        }
    }
    // `Revert to the old cart` takes no change back that it names.
    let names_change = subject.get(word.len()..).is_some_and(|rest| rest.starts_with([':', ']', '(']));
    names_change.then(|| (rest.to_owned(), *reapplies, false))
}

/// What follows `This reverts` or `Reverts` at the start of a line, and whether it is about a part.
fn behind_reverts(line: &str) -> Option<(&str, bool)> {
    let line = line.trim().trim_start_matches(['*', '-', ' ']);
    let lower = line.to_ascii_lowercase();
    for (start, partly) in [
        ("this reverts", false),
        ("reverts", false),
        ("this backs out", false),
        ("backs out", false),
        ("this partially reverts", true),
        ("partially reverts", true),
        ("this partly reverts", true),
        ("partly reverts", true),
    ] {
        if lower.starts_with(start) {
            let rest = line.get(start.len()..)?;
            let part = ["part of", "parts of", "partially"].iter().any(|word| rest.contains(word));
            return Some((rest, partly || part));
        }
    }
    None
}

/// The commits and pull requests that a text names, up to where a merge's other side is described.
fn references(text: &str, repository: &str) -> Vec<Reference> {
    let text = text.split(", reversing").next().unwrap_or(text);
    text.split_whitespace().filter_map(|word| reference(word, repository)).collect()
}

/// A commit or a pull request.
pub fn reference(word: &str, repository: &str) -> Option<Reference> {
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
