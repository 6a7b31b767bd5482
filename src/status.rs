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
//! rule that asked is `unknown`. [`fix`] says what a fix is, [`words`] which statements are about a release, [`rows`] has
//! the rows.

pub mod fix;
mod rows;
pub mod standpoint;
mod words;

use std::fmt;

use crate::attribution::statement::Statement;
use crate::history::changes::Changes;
use crate::model::{Attribution, Confidence, State, StateReason, Status, Ticket};
use crate::policy::{Policy, same_login};

use fix::Fix;
use standpoint::Standpoint;

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// 1: the policy says so.
    Policy,
    /// 2: a label says in which release it is fixed.
    FixedByLabel,
    /// 3: the release contains the whole fix.
    ContainsFix,
    /// 4: the release contains a part of the fix, or took it back.
    LacksFix,
    /// 5: a maintainer says that the release is not affected.
    NotAffectedByWord,
    /// 6a: closed by hand before the release was built.
    ClosedByHand,
    /// 6b: closed by hand after the release was built.
    ClosedByHandLater,
    /// 7: a label says that the line is affected.
    LineAffected,
    /// 8: labels name every affected line, and not this one.
    OtherLines,
    /// 9: found in this release or in one before it.
    FoundBefore,
    /// 10: nothing says whether the release has it.
    Unknown,
}

impl Row {
    /// The number in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Policy => "1",
            Self::FixedByLabel => "2",
            Self::ContainsFix => "3",
            Self::LacksFix => "4",
            Self::NotAffectedByWord => "5",
            Self::ClosedByHand => "6a",
            Self::ClosedByHandLater => "6b",
            Self::LineAffected => "7",
            Self::OtherLines => "8",
            Self::FoundBefore => "9",
            Self::Unknown => "10",
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The change that caused a defect, as a maintainer named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The first digits of the commit's id, in lower case, seven or more.
    pub commit: String,
    /// What says so, for a person: "a bisect result of @ada". Untrusted text.
    pub said: String,
}

/// A defect and a release, and everything that may say whether the one is in the other.
pub struct Question<'a> {
    /// The issue.
    pub issue: &'a Ticket,
    /// What is said about versions, by labels, fields and text.
    pub statements: &'a [Statement],
    /// The release that it was found in.
    pub found_in: &'a Attribution,
    /// The change that caused it, if a maintainer named one.
    pub cause: Option<&'a Cause>,
    /// The release that is asked about.
    pub release: &'a Standpoint<'a>,
    /// The commits; `None` where no commit graph was read.
    pub changes: Option<&'a Changes<'a>>,
    /// The policy.
    pub policy: &'a Policy,
}

impl Question<'_> {
    /// `true` if the issue counts as open: closed by a bot as not planned, for a reason that is not known, or as a duplicate
    /// that no other issue stands for.
    pub fn is_open(&self) -> bool {
        match (self.issue.state, &self.issue.state_reason) {
            (State::Open, _) => true,
            (State::Closed, Some(StateReason::Completed) | None) => false,
            (State::Closed, Some(StateReason::NotPlanned)) => self.was_closed_by_bot(),
            (State::Closed, Some(StateReason::Duplicate | StateReason::Reopened | StateReason::Other(_))) => {
                true
            }
        }
    }

    /// `true` if a person closed it as not planned: the defect stays what it is, and is listed instead of counted.
    pub fn is_accepted(&self) -> bool {
        self.issue.state == State::Closed
            && self.issue.state_reason == Some(StateReason::NotPlanned)
            && !self.was_closed_by_bot()
    }

    /// `true` if a bot closed it. In snapshots of schema 1 nobody is named, and a person is assumed.
    fn was_closed_by_bot(&self) -> bool {
        closed_by_bot(self.issue, self.policy)
    }
}

/// `true` if a bot closed an issue.
pub fn closed_by_bot(issue: &Ticket, policy: &Policy) -> bool {
    let by = issue.closing.as_ref().and_then(|closing| closing.by.as_ref());
    by.is_some_and(|by| {
        let is_named = |login: &str| policy.bots.iter().any(|bot| same_login(bot, login));
        by.bot || by.login.as_deref().is_some_and(is_named)
    })
}

/// The status of a release for one defect, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The status; an error says which evidence could not be read.
    pub status: Result<Status, String>,
    /// The row that decided; of evidence that could not be read the row that needed it.
    pub row: Row,
    /// How sure the status is; `None` for *under investigation*.
    pub confidence: Confidence,
    /// The reason in words, for example "found in v1.3.0, no fix is in v1.6.0". Untrusted where it quotes the issue.
    pub reason: String,
    /// `true` if a person closed the issue as not planned: it is listed and not counted.
    pub accepted: bool,
    /// The rows that were tried before, each with why it does not match.
    pub tried: Vec<(Row, String)>,
    /// What a person should know besides.
    pub notes: Vec<String>,
}

impl Decision {
    /// The status as people read it: "affected: found in v1.3.0, no fix is in v1.6.0".
    pub fn shown(&self) -> String {
        match &self.status {
            Ok(status) => format!("{}: {}", status.words(), self.reason),
            Err(what) => format!("could not be read: {what}"),
        }
    }

    /// `true` if the defect counts as unfixed; `None` if that is not known.
    pub fn is_unfixed(&self) -> Option<bool> {
        self.status.as_ref().ok().map(|status| *status == Status::Affected && !self.accepted)
    }
}

/// What a row says.
enum Answer {
    /// It matches.
    Is(Status, Confidence, String),
    /// It does not, and why.
    No(String),
    /// It needs evidence that could not be read.
    Unread(String),
}

/// Finds the first row that matches.
pub fn decide(question: &Question<'_>) -> Decision {
    let fix = Fix::of(question);
    let mut tried = Vec::new();
    for (row, matches) in rows::TABLE {
        match matches(question, &fix) {
            Answer::Is(status, confidence, reason) => {
                let accepted = question.is_accepted();
                let suffix = if accepted { "; accepted: closed as not planned" } else { "" };
                let (status, reason) = (Ok(status), format!("{reason}{suffix}"));
                return Decision { status, row, confidence, reason, accepted, tried, notes: fix.notes };
            }
            Answer::Unread(what) => {
                return Decision {
                    status: Err(what.clone()),
                    row,
                    confidence: Confidence::None,
                    reason: what,
                    accepted: question.is_accepted(),
                    tried,
                    notes: fix.notes,
                };
            }
            Answer::No(why) => tried.push((row, why)),
        }
    }
    let reason = words::open_question(question);
    let (status, confidence) = (Ok(Status::UnderInvestigation), Confidence::None);
    let accepted = question.is_accepted();
    Decision { status, row: Row::Unknown, confidence, reason, accepted, tried, notes: fix.notes }
}

#[cfg(test)]
mod tests;
