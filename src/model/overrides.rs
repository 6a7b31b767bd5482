//! Overrides: comments that let one commit pass despite a failed rule.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A comment `/escape-gate override COMMIT [RULES:] REASON`. The verdict decides whether it is valid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// Address of the comment.
    pub url: String,
    /// Time of the last change; the newer of two copies wins a merge.
    pub updated_at: Timestamp,
    /// Time when it was written.
    pub created_at: Timestamp,
    /// Number of the pull request with the comment.
    pub pull_request: u64,
    /// Login of its author; `None` for a deleted account.
    #[serde(default)]
    pub by: Option<String>,
    /// `true` unless its author is known to be a person.
    pub bot: bool,
    /// `true` unless the comment is known to be unedited.
    pub edited: bool,
    /// `true` if a maintainer has hidden the comment. Older snapshots do not record this.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// Role of the author in the repository; `None` if it was not collected.
    #[serde(default)]
    pub role: Option<String>,
    /// Parsed command.
    pub command: OverrideCommand,
}

/// Command of an override comment. Untrusted text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OverrideCommand {
    /// First digits of the commit, in lower case; `None` if the comment has none or fewer than [`COMMIT_DIGITS`].
    #[serde(default)]
    pub commit: Option<String>,
    /// Ids of the rules; empty for every overridable rule.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Reason for the override.
    #[serde(default)]
    pub reason: String,
}

/// Number of digits of the commit that a comment has to give. With fewer, the author of the pull request could create another
/// commit that begins with the same digits: 8 digits take 2³² attempts, 16 digits take 2⁶⁴.
pub const COMMIT_DIGITS: usize = 16;

/// Number of spaces that make a Markdown line code.
const CODE_INDENT: usize = 4;

impl OverrideCommand {
    /// Parses a comment. `None` unless its first line begins with the command, indented by at most three spaces: with more, or
    /// with a tab, GitHub shows it as code.
    pub fn read(comment: &str) -> Option<Self> {
        let line = comment.lines().find(|line| !line.trim().is_empty())?;
        let text = line.trim_start_matches(' ');
        let line = if line.len() - text.len() < CODE_INDENT { text } else { return None };
        let rest = line.strip_prefix("/escape-gate")?.strip_prefix([' ', '\t'])?.trim_start();
        let rest = rest.strip_prefix("override")?;
        if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
            return None;
        }
        let (commit, rest) = take_commit(rest.trim());
        let (rules, reason) = take_rules(rest);
        Some(Self { commit, rules, reason: reason.trim().to_owned() })
    }

    /// Returns `true` if the command names this commit.
    pub fn is_for(&self, head: &str) -> bool {
        self.commit.as_ref().is_some_and(|commit| head.to_ascii_lowercase().starts_with(commit.as_str()))
    }
}

/// Splits a commit from the beginning of a text.
fn take_commit(text: &str) -> (Option<String>, &str) {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let is_commit =
        (COMMIT_DIGITS..=64).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_hexdigit());
    if is_commit { (Some(first.to_ascii_lowercase()), rest.trim_start()) } else { (None, text) }
}

/// Splits rule ids and their colon from the beginning of a text. A colon after other words belongs to the reason.
fn take_rules(text: &str) -> (Vec<String>, &str) {
    let is_id = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    match text.split_once(':') {
        Some((names, reason)) if reason.is_empty() || reason.starts_with(char::is_whitespace) => {
            let rules: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
            if rules.iter().all(|rule| is_id(rule)) { (rules, reason) } else { (Vec::new(), text) }
        }
        Some(_) | None => (Vec::new(), text),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(comment: &str) -> (Option<String>, String, String) {
        let command = OverrideCommand::read(comment).unwrap();
        (command.commit, command.rules.join(" "), command.reason)
    }

    #[test]
    fn a_command_names_a_commit_rules_and_a_reason() {
        let commit = Some("0123456789abcdef".to_owned());
        let full = "/escape-gate override 0123456789ABCDEF clean-record, rate: the fix is in\nmore";
        assert_eq!(read(full), (commit.clone(), "clean-record rate".into(), "the fix is in".into()));
        let all = "\n /escape-gate  override 0123456789abcdef   the fix is in";
        assert_eq!(read(all), (commit.clone(), String::new(), "the fix is in".into()));
        let colon = "/escape-gate override 0123456789abcdef As Mona said: see https://example.org";
        assert_eq!(
            read(colon),
            (commit.clone(), String::new(), "As Mona said: see https://example.org".into())
        );
        assert_eq!(
            read("/escape-gate override 0123456789abcdef rate:"),
            (commit, "rate".into(), String::new())
        );
    }

    #[test]
    fn too_few_digits_are_no_commit() {
        let short = read("/escape-gate override 0123456789abcde the fix is in");
        assert_eq!(short, (None, String::new(), "0123456789abcde the fix is in".into()));
        assert_eq!(read("/escape-gate override"), (None, String::new(), String::new()));
    }

    #[test]
    fn a_comment_about_the_command_is_none() {
        for comment in [
            "> /escape-gate override 0123456789abcdef x",
            "```\n/escape-gate override 0123456789abcdef x\n```",
            "    /escape-gate override 0123456789abcdef x",
            "\n\n    /escape-gate override 0123456789abcdef x",
            "\t/escape-gate override 0123456789abcdef x",
            "  \t/escape-gate override 0123456789abcdef x",
            "<!--\n/escape-gate override 0123456789abcdef x\n-->",
            "`/escape-gate override 0123456789abcdef x`",
            "~~~\n/escape-gate override 0123456789abcdef x",
            "<pre>\n/escape-gate override 0123456789abcdef x</pre>",
            "Do not write\n/escape-gate override 0123456789abcdef x",
            "/escape-gate overrides 0123456789abcdef x",
            "/escape-gateoverride x",
            "/escape-gate",
            "<!-- --> /escape-gate override x",
            "",
        ] {
            assert_eq!(OverrideCommand::read(comment), None, "{comment}");
        }
    }

    #[test]
    fn a_commit_is_told_by_its_first_digits() {
        let command = OverrideCommand::read("/escape-gate override 0123456789abcdef x").unwrap();
        assert!(command.is_for("0123456789ABCDEF0000000000000000000000aa"));
        assert!(!command.is_for("1123456789abcdef0000000000000000000000aa"));
        assert!(!OverrideCommand::read("/escape-gate override x").unwrap().is_for("0123"));
    }
}
