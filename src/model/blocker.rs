//! An issue or a pull request that blocks the candidate until it is done.

use super::defect::Defect;
use release_history::IssueNumber;

/// An issue or a pull request that the policy calls a blocker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// The issue with its attributes, release and status, as if it were an escaped defect. A pull request is given as an issue
    /// with its number.
    pub defect: Defect,
    /// `true` for a pull request.
    pub pull_request: bool,
    /// `true` if it is done for the candidate; `None` if that could not be read.
    pub done: Option<bool>,
    /// Display text of the reason, for example "closed by #2, which is not in v1.1.1".
    pub reason: String,
}

impl Blocker {
    /// Returns the number of the issue or pull request.
    pub fn number(&self) -> IssueNumber {
        self.defect.number()
    }
}
