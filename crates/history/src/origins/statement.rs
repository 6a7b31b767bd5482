//! Statements about origins: lines and sentences in messages, issues and labels, for example `Regressed-by: #12`.
//!
//! A whole message is read, not its last paragraph: `git interpret-trailers` sees a trailer only where everything around it
//! is one. What is read here names something; whether it exists is looked up later.

mod reference;
mod sentence;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::issue_text::IssueText;
use crate::{Sha, body};

pub use reference::OriginTarget;
use reference::{leading, version};

/// Kind of statement about an origin, most reliable first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatementKind {
    /// A line `Introduced-in: v1.2.0`, a field or label of that name, or the policy: written for this purpose.
    Override,
    /// `Introduced-by:`, `Regressed-by:`, `Caused-by:`.
    RegressedBy,
    /// `Fixes: …`.
    Fixes,
    /// "introduced in …", "broken by #12", "regression since …".
    Prose,
    /// "This reverts commit …", "Reverts #12".
    Revert,
    /// "… is the first bad commit".
    Bisect,
    /// "Follow-up to …": the same change goes on, which need not have been wrong.
    FollowUp,
}

impl StatementKind {
    /// The name used in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Override => "override",
            Self::RegressedBy => "regressed-by",
            Self::Fixes => "fixes",
            Self::Prose => "prose",
            Self::Revert => "revert",
            Self::Bisect => "bisect",
            Self::FollowUp => "follow-up",
        }
    }
}

impl fmt::Display for StatementKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A statement about an origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OriginStatement {
    /// Kind of the statement.
    pub word: StatementKind,
    /// Commit, pull request or release that it names.
    pub target: OriginTarget,
    /// Place of the text, for example "message of the fix".
    pub place: String,
    /// The text it was found in. Untrusted.
    pub text: String,
}

impl OriginStatement {
    /// True if it names this commit.
    pub fn names(&self, commit: Option<&Sha>) -> bool {
        match (&self.target, commit) {
            (OriginTarget::Commit(digits), Some(Sha(id))) => id.starts_with(digits.as_str()),
            (OriginTarget::Commit(_) | OriginTarget::PullRequest(_) | OriginTarget::Release(_), _) => false,
        }
    }
}

/// Names of lines that name a commit or a pull request, squeezed.
// The regression tracker of Linux reads lines such as `#regzbot introduced: 1a2b3c4d`.
const REGRESSED_BY: [&str; 6] =
    ["introducedby", "regressedby", "causedby", "brokenby", "regzbotintroduced", "bisectedto"];

/// Names of lines, fields and labels that name a release, or a commit.
const INTRODUCED_IN: [&str; 3] = ["introducedin", "introducedinversion", "regressedin"];

/// Labels that name a release.
const LABELS: [&str; 2] = ["introduced-in/", "introduced-in:"];

/// The longest text that is quoted.
const QUOTE: usize = 200;

/// Returns the statements in the message of a commit or the description of a pull request, most reliable first.
pub fn in_message(message: &str, place: &str) -> Vec<OriginStatement> {
    let mut found: Vec<OriginStatement> =
        message.lines().flat_map(|line| in_line(line, place, true)).collect();
    found.extend(sentence::in_text(message, place));
    sorted(found)
}

/// Returns the statements in the fields, labels and description of an issue, and in the pull requests that fixed it,
/// most reliable first.
pub fn in_issue(issue: &IssueText<'_>) -> Vec<OriginStatement> {
    let place = format!("issue {}", issue.number);
    let mut found = Vec::new();
    for (name, value) in issue.fields {
        let line = format!("{name}: {value}");
        found.extend(in_line(&line, &format!("{place}, field"), false));
    }
    for label in issue.labels {
        let stated = LABELS.iter().find_map(|prefix| {
            label.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix))?;
            version(&label[prefix.len()..])
        });
        found.extend(stated.map(|target| OriginStatement {
            word: StatementKind::Override,
            target,
            place: format!("{place}, label"),
            text: quote_on_one_line(label),
        }));
    }
    let text: Vec<&str> = body::visible_lines(issue.body).collect();
    found.extend(text.iter().flat_map(|line| in_line(line, &place, false)));
    found.extend(sentence::in_text(&text.join("\n"), &place));
    for (number, description) in &issue.fixes {
        let text: Vec<&str> = body::visible_lines(description).collect();
        found.extend(in_message(&text.join("\n"), &format!("pull request #{number}")));
    }
    sorted(found)
}

/// Returns the statements of a line `Name: value`. In an issue, `Fixes:` is about other things than commits.
fn in_line(line: &str, place: &str, fixes: bool) -> Vec<OriginStatement> {
    // Marks of Markdown: the line may be in a list, a quotation or a heading.
    let line = line.trim_start_matches(['-', '*', '+', '>', '#', ' ', '\t']);
    let Some((name, value)) = line.split_once(':') else { return Vec::new() };
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let value = value.trim_matches(|c: char| c.is_whitespace() || "*_`".contains(c));
    let several = || value.split(',').map_while(leading).collect::<Vec<OriginTarget>>();
    let (word, targets) = if INTRODUCED_IN.contains(&name.as_str()) {
        (StatementKind::Override, leading(value).or_else(|| version(value)).into_iter().collect())
    } else if REGRESSED_BY.contains(&name.as_str()) {
        (StatementKind::RegressedBy, several())
    } else if fixes && name == "fixes" {
        // `Fixes: #12` closes an issue.
        let is_commit = |target: &OriginTarget| matches!(target, OriginTarget::Commit(_));
        (StatementKind::Fixes, several().into_iter().filter(is_commit).collect())
    } else {
        return Vec::new();
    };
    let signal =
        |target| OriginStatement { word, target, place: place.to_owned(), text: quote_on_one_line(line) };
    targets.into_iter().map(signal).collect()
}

/// Sorts statements, most reliable first, and keeps the first one of each target.
fn sorted(mut found: Vec<OriginStatement>) -> Vec<OriginStatement> {
    found.sort_by_key(|signal| signal.word);
    let mut kept: Vec<OriginStatement> = Vec::new();
    for signal in found {
        if !kept.iter().any(|other| other.target == signal.target) {
            kept.push(signal);
        }
    }
    kept
}

/// A text on one line, cut to what is worth quoting.
fn quote_on_one_line(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests;
