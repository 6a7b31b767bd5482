//! Decides whether a defect is in a release.
//!
//! # Input and output
//!
//! The input is a [`StatusQuestion`]: one issue, one release, and the evidence about both. The evidence is the statements of
//! people about versions, the changes that are linked to the issue, the commit graph and the policy.
//!
//! The output is a [`Status`] with its reason: *affected*, *fixed*, *not affected* or *under investigation*. If evidence is
//! needed and was not collected, there is no status, and every rule that depends on it is `unknown`. Nothing is guessed.
//!
//! # Principles
//!
//! - A defect stays in every release from the one it was found in until a release contains its fix. Age never removes it.
//! - A release contains a fix if it contains the merged change that closed the issue, or a copy of that change
//!   (a cherry-pick), and if the release does not also contain a later revert of it.
//! - A statement of a maintainer outweighs everything that is inferred. A label is such a statement: setting one takes triage
//!   rights.
//! - A reporter can add a defect to a release, and can never remove one. Otherwise anyone who may open an issue could
//!   unblock a release.
//!
//! # The table
//!
//! The rows are tried in order, and the first one that matches decides. `docs/explanation/status.md` has the same table for
//! readers of reports.
//!
//! | # | evidence | status |
//! |---|---|---|
//! | 1 | an entry of `defects.status` in the policy names the release or its line | as the entry says |
//! | 2 | a label says `fixed-in/V`, the release contains V, and no fix in it was reverted | fixed |
//! | 3 | the release contains the whole fix | fixed |
//! | 4 | it contains a part of the fix, or the fix and a later revert of it | affected |
//! | 5 | a label says that the release is not affected, or names only another product; or a maintainer named the change that caused the defect, and the release does not contain it | not affected |
//! | 6a | a person closed the issue as completed, no change of this repository is linked, and the release is younger than the closing | fixed |
//! | 6b | the same, and the release is younger than the last opening only | under investigation |
//! | 7 | a label says that the line of the release is affected | affected |
//! | 8 | `lines.complete: true`, and labels name other lines only | not affected |
//! | 9 | found in the release or in one before it; or no statement names a version, and the newest release at the opening is not after it | affected |
//! | 10 | none of these | under investigation |
//!
//! The order matters. What the commits show (3 and 4) precedes the label of a line (7), so that a label that nobody removed
//! after the backport does not block the release. A label that names the release (2) precedes the commits, because a fix may
//! have no commit: a changed setting, or a fix in another repository. A revert in the release outweighs that label.
//!
//! # Example
//!
//! Issue #1 was found in v1.3.0. The pull request #2 fixed it on `main`. The pull request #9 on `release/1.1` is a
//! cherry-pick of #2.
//!
//! | release | contains | row | status |
//! |---|---|---|---|
//! | v1.3.0 | neither #2 nor #9 | 9 | affected: found in v1.3.0, the fix #2 is not in v1.3.0 |
//! | v1.4.0 | #2 | 3 | fixed: the fix #2 is in v1.4.0 |
//! | v1.4.1 | #2, and #3 that reverts it | 4 | affected: the fix #2 was reverted by #3 |
//! | v1.1.1 | #9 | 3 | fixed: #9 (a copy of #2) is in v1.1.1 |
//! | v1.2.1 | neither, and it stands before v1.3.0 | 10 | under investigation: found in v1.3.0 only |
//!
//! # Modules
//!
//! - [`fix`] decides whether a release contains the fix of an issue.
//! - `release_statements` finds the statements that are about a release.
//! - `rows` has one function for each row of the table.
//! - [`release_view`] describes the release.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

pub mod fix;
mod release_statements;
pub mod release_view;
mod rows;

use crate::attribution::statement::Statement;
use crate::model::{
    Attribution, Confidence, DefectStatus, Issue, IssueState, StateReason, Status, StatusRow, Tag,
};
use crate::policy::Policy;
use release_history::changes::Changes;

use fix::FixInRelease;
use release_view::ReleaseView;

/// The change that caused a defect, as a maintainer named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Abbreviated commit id in lower case, with at least 7 digits.
    pub commit: String,
    /// Source of this statement, for example "a bisect result of @ada". Untrusted text.
    pub said: String,
}

/// Asks whether a defect is in a release, with all evidence about it.
pub struct StatusQuestion<'a> {
    /// Issue that reports the defect.
    pub issue: &'a Issue,
    /// Statements about versions in its labels, fields and text.
    pub statements: &'a [Statement],
    /// Release that the defect was found in.
    pub found_in: &'a Attribution,
    /// Newest release when the issue was opened.
    pub newest_at_opening: Option<&'a Tag>,
    /// Change that caused the defect; `None` if no maintainer named one.
    pub cause: Option<&'a Cause>,
    /// Release, branch or pull request for which the status is decided.
    pub release: &'a ReleaseView<'a>,
    /// Commits; `None` if no commit graph was collected.
    pub changes: Option<&'a Changes<'a>>,
    /// Policy with the statements of `defects.status`.
    pub policy: &'a Policy,
}

impl StatusQuestion<'_> {
    /// `true` if the issue is open, or was closed in a way that says nothing about a fix: by a bot as not planned, as a
    /// duplicate, or for an unknown reason.
    pub fn is_open(&self) -> bool {
        match (self.issue.state, &self.issue.state_reason) {
            (IssueState::Open, _) => true,
            // GitHub gives no reason for issues that were closed before it had reasons. They were
            // closed as completed.
            (IssueState::Closed, Some(StateReason::Completed) | None) => false,
            // A stale bot closes by age. If that counted as accepted, waiting would unblock a
            // release.
            (IssueState::Closed, Some(StateReason::NotPlanned)) => self.was_closed_by_bot(),
            (
                IssueState::Closed,
                // A reason that this version does not know must not fix a defect. The tracker may
                // add one at any time.
                Some(StateReason::Duplicate | StateReason::Reopened | StateReason::Other(_)),
            ) => true,
        }
    }

    /// `true` if a person closed the issue as not planned. The defect keeps its status, and is listed instead of counted.
    pub fn is_accepted(&self) -> bool {
        self.issue.state == IssueState::Closed
            && self.issue.state_reason == Some(StateReason::NotPlanned)
            && !self.was_closed_by_bot()
    }

    fn was_closed_by_bot(&self) -> bool {
        self.policy.closed_by_bot(self.issue)
    }
}

/// The status of a defect in a release, and why the rows before the deciding one do not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedStatus {
    /// The status.
    pub found: DefectStatus,
    /// Rows that do not match, in order, each with the reason.
    pub tried: Vec<(StatusRow, String)>,
}

/// Words the reason why a row does not match.
///
/// A function and not a text: only `explain` shows these reasons, and a simulation tries millions of rows.
type MismatchReason = fn(&StatusQuestion<'_>, &FixInRelease) -> String;

/// The result of one row of the table.
enum RowResult {
    /// The row matches, and decides.
    Match(Status, Confidence, String),
    /// The row does not match.
    Mismatch(MismatchReason),
    /// The row needs evidence that was not collected; the text says which.
    Unread(String),
}

/// Decides the status of a defect in a release by the first row that matches.
pub fn decide_status(question: &StatusQuestion<'_>) -> DefectStatus {
    try_rows(question, |_, _| {})
}

/// Decides the status, and collects the reasons why the rows before do not match.
pub fn explain_status(question: &StatusQuestion<'_>) -> ExplainedStatus {
    let mut tried = Vec::new();
    let found = try_rows(question, |row, reason| tried.push((row, reason())));
    ExplainedStatus { found, tried }
}

/// Tries the rows in order. Calls `skip` for each row that does not match.
fn try_rows(
    question: &StatusQuestion<'_>,
    mut skip: impl FnMut(StatusRow, &dyn Fn() -> String),
) -> DefectStatus {
    let fix = FixInRelease::of(question);
    for (row, try_row) in rows::STATUS_ROWS {
        match try_row(question, &fix) {
            RowResult::Match(status, confidence, reason) => {
                return status_of_row(question, Ok(status), (row, confidence), reason, fix);
            }
            // Stop here. A later row could match, but the missing evidence might have matched this
            // one: the label of a line would then win over commits that were not read.
            RowResult::Unread(what) => {
                let unread = (row, Confidence::None);
                return status_of_row(question, Err(what.clone()), unread, what, fix);
            }
            RowResult::Mismatch(reason) => skip(row, &|| reason(question, &fix)),
        }
    }
    let unknown = (StatusRow::Unknown, Confidence::None);
    let reason = release_statements::open_reason(question);
    status_of_row(question, Ok(Status::UnderInvestigation), unknown, reason, fix)
}

fn status_of_row(
    question: &StatusQuestion<'_>,
    status: Result<Status, String>,
    (row, confidence): (StatusRow, Confidence),
    mut reason: String,
    fix: FixInRelease,
) -> DefectStatus {
    // Closing as not planned changes no code. The status stays true, and the metric leaves the
    // defect out.
    let accepted = question.is_accepted();
    if accepted {
        reason.push_str("; accepted: closed as not planned");
    }
    let FixInRelease { elsewhere, notes, .. } = fix;
    DefectStatus { status, row, confidence, reason, accepted, elsewhere, notes }
}

#[cfg(test)]
mod tests;
