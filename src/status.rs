//! Is this defect in this release?
//!
//! Every defect has one [`Status`] in a release: *affected*, *fixed*, *not affected* or *under investigation*. A defect stays
//! in every release from the one it was found in until a release contains its fix. Age never removes it. What a person with
//! triage rights says with a label outweighs what can only be guessed. What a reporter writes can add a defect to a release
//! and never takes one out.
//!
//! The answer is the first row that matches. `docs/explanation/status.md` has the same table for readers of reports.
//!
//! | # | evidence | status |
//! |---|---|---|
//! | 1 | an entry in `defects.status` of the policy names the release or its line | as it says |
//! | 2 | a label says `fixed-in/V`, the release contains V, and no fix in it was reverted | fixed |
//! | 3 | the release contains the whole fix | fixed |
//! | 4 | it contains a part of the fix, or the fix and a later revert of it | affected |
//! | 5 | a label says that the release is not affected, or names only another product; or a maintainer named the change that caused the defect, and the release does not contain it | not affected |
//! | 6a | a person closed the issue as completed, no change of this repository is linked, and the release is younger than the closing | fixed |
//! | 6b | the same, and the release is younger than the last opening only | under investigation |
//! | 7 | a label says that the line of the release is affected | affected |
//! | 8 | `lines.complete: true`, and labels name other lines only | not affected |
//! | 9 | found in the release or in one before it; or nobody names a version, and the newest release at the opening is not after it | affected |
//! | 10 | else | under investigation |
//!
//! A row that needs evidence which could not be read ends the search: the answer is then that nothing can be said, and the
//! rule that asked is `unknown`. [`fix`] says what a fix is, `words` which statements are about a release, `rows` has
//! the rows.

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
    /// The first digits of the commit's id, in lower case, seven or more.
    pub commit: String,
    /// What says so, for a person: "a bisect result of @ada". Untrusted text.
    pub said: String,
}

/// A defect and a release, and everything that may say whether the one is in the other.
pub struct StatusQuestion<'a> {
    /// The issue.
    pub issue: &'a Issue,
    /// What is said about versions, by labels, fields and text.
    pub statements: &'a [Statement],
    /// The release that it was found in.
    pub found_in: &'a Attribution,
    /// The newest release when the issue was opened.
    pub newest_at_opening: Option<&'a Tag>,
    /// The change that caused it, if a maintainer named one.
    pub cause: Option<&'a Cause>,
    /// The release that is asked about.
    pub release: &'a ReleaseView<'a>,
    /// The commits; `None` where no commit graph was read.
    pub changes: Option<&'a Changes<'a>>,
    /// The policy.
    pub policy: &'a Policy,
}

impl StatusQuestion<'_> {
    /// `true` if the issue counts as open: closed by a bot as not planned, for a reason that is not known, or as a duplicate
    /// that no other issue stands for.
    pub fn is_open(&self) -> bool {
        match (self.issue.state, &self.issue.state_reason) {
            (IssueState::Open, _) => true,
            (IssueState::Closed, Some(StateReason::Completed) | None) => false,
            (IssueState::Closed, Some(StateReason::NotPlanned)) => self.was_closed_by_bot(),
            (
                IssueState::Closed,
                Some(StateReason::Duplicate | StateReason::Reopened | StateReason::Other(_)),
            ) => true,
        }
    }

    /// `true` if a person closed it as not planned: the defect stays what it is, and is listed instead of counted.
    pub fn is_accepted(&self) -> bool {
        self.issue.state == IssueState::Closed
            && self.issue.state_reason == Some(StateReason::NotPlanned)
            && !self.was_closed_by_bot()
    }

    /// `true` if a bot closed it. In snapshots of schema 1 nobody is named, and a person is assumed.
    fn was_closed_by_bot(&self) -> bool {
        self.policy.closed_by_bot(self.issue)
    }
}

/// The status of a release for one defect, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The status.
    pub found: DefectStatus,
    /// The rows that were tried before, each with why it does not match.
    pub tried: Vec<(StatusRow, String)>,
}

/// What a row says.
enum RowResult {
    /// It matches.
    Match(Status, Confidence, String),
    /// It does not, and why.
    Mismatch(String),
    /// It needs evidence that could not be read.
    Unread(String),
}

/// Finds the first row that matches.
pub fn decide_status(question: &StatusQuestion<'_>) -> Decision {
    let fix = FixInRelease::of(question);
    let mut tried = Vec::new();
    for (row, matches) in rows::STATUS_ROWS {
        match matches(question, &fix) {
            RowResult::Match(status, confidence, reason) => {
                return decision(question, Ok(status), (row, confidence), reason, fix, tried);
            }
            RowResult::Unread(what) => {
                let unread = (row, Confidence::None);
                return decision(question, Err(what.clone()), unread, what, fix, tried);
            }
            RowResult::Mismatch(why) => tried.push((row, why)),
        }
    }
    let open = (StatusRow::Unknown, Confidence::None);
    let reason = release_statements::open_reason(question);
    decision(question, Ok(Status::UnderInvestigation), open, reason, fix, tried)
}

fn decision(
    question: &StatusQuestion<'_>,
    status: Result<Status, String>,
    (row, confidence): (StatusRow, Confidence),
    mut reason: String,
    fix: FixInRelease,
    tried: Vec<(StatusRow, String)>,
) -> Decision {
    let accepted = question.is_accepted();
    if accepted {
        reason.push_str("; accepted: closed as not planned");
    }
    let FixInRelease { elsewhere, notes, .. } = fix;
    let found = DefectStatus { status, row, confidence, reason, accepted, elsewhere, notes };
    Decision { found, tried }
}

#[cfg(test)]
mod tests;
