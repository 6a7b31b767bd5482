//! An issue or a pull request that blocks the candidate until it is done.

use serde::Serialize;

use super::ticket::IssueNumber;

/// An issue or a pull request that the policy calls a blocker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Blocker {
    /// Its number.
    pub number: IssueNumber,
    /// One line of text. Untrusted.
    pub title: String,
    /// Address of its page.
    pub url: String,
    /// `true` for a pull request.
    pub pull_request: bool,
    /// What makes it a blocker, for a person: "label `release-blocker`".
    pub because: String,
    /// `true` if it is done for the candidate; `None` if that could not be read.
    pub done: Option<bool>,
    /// Why, in words: "closed by #2, which is not in v1.1.1".
    pub reason: String,
}
