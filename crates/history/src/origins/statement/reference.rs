//! Reads names of commits, pull requests and releases.

use serde::{Deserialize, Serialize};

use crate::Version;
use crate::message::leading_number;

/// Commit, pull request or release that a text names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum OriginTarget {
    /// A commit: the first digits of its id, seven or more.
    Commit(String),
    /// A pull request.
    PullRequest(u64),
    /// A release, as written in the text.
    Release(String),
}

/// Words that stand between "introduced in" and what it names.
const FILLERS: [&str; 14] = [
    "the",
    "a",
    "my",
    "our",
    "git",
    "commit",
    "commits",
    "change",
    "changeset",
    "rev",
    "revision",
    "pr",
    "pull",
    "request",
];

/// The fewest digits that name a commit: fewer are as likely a number or a word.
const FEWEST: usize = 7;

/// The commit or pull request that a text begins with, whatever introduces it.
pub(super) fn leading(text: &str) -> Option<OriginTarget> {
    text.split_whitespace().find_map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '#').to_lowercase();
        if FILLERS.contains(&bare.as_str()) {
            return None;
        }
        // The first word that is no filler decides.
        Some(target_of_word(word))
    })?
}

/// The release that a text is.
pub(super) fn version(text: &str) -> Option<OriginTarget> {
    let text = text.trim();
    let is_version = Version::parse(text).is_some_and(|version| version.is_all_of(text));
    is_version.then(|| OriginTarget::Release(text.to_owned()))
}

/// Returns the target of a single word: `1a2b3c4`, `#12`, `GH-12`, or the address of a commit or a pull request.
fn target_of_word(word: &str) -> Option<OriginTarget> {
    let word = word.trim_start_matches(['(', '[', '<', '"', '\'', '`', '*', '_', '{']);
    if let Some((_, path)) = word.split_once("://") {
        let mut parts = path.split('/').skip_while(|part| !matches!(*part, "commit" | "pull" | "commits"));
        let (kind, name) = (parts.next()?, parts.next()?);
        return if kind == "pull" {
            leading_number(name).map(OriginTarget::PullRequest)
        } else {
            commit_target(name)
        };
    }
    if let Some(number_) = word.strip_prefix('#').or_else(|| word.strip_prefix("GH-")) {
        return leading_number(number_).map(OriginTarget::PullRequest);
    }
    commit_target(word)
}

/// The digits of a commit's id, if nothing but punctuation follows them.
fn commit_target(word: &str) -> Option<OriginTarget> {
    let end = word.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(word.len());
    let ends_there = !word[end..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'));
    // "Defaced" is a word; of ids, one in a thousand has no digit.
    let has_digit = word[..end].contains(|c: char| c.is_ascii_digit());
    let is_one = ends_there && has_digit && (FEWEST..=64).contains(&end);
    is_one.then(|| OriginTarget::Commit(word[..end].to_ascii_lowercase()))
}
