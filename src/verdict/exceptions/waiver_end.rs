//! Reasons why a waiver does not apply at the time of the run, or not to this candidate.

use std::fmt;

use jiff::civil::Date;

use crate::evidence::Evidence;
use crate::model::{IssueState, Tag};
use crate::policy::{FollowUp, Policy, Waiver};

/// Reason why a waiver does not apply. Its text is a clause that follows "the waiver of #12".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaiverEnd {
    /// The last day of the waiver is over.
    Expired(Date),
    /// The candidate comes after the last release of the waiver.
    Released(Tag),
    /// The candidate cannot be compared with the last release of the waiver, or the releases were not read.
    NotComparable(Tag),
    /// The follow-up was due, and its issue is open or was not collected.
    Overdue(FollowUp, Option<IssueState>),
}

impl WaiverEnd {
    /// Returns why a waiver does not apply; `None` if it applies.
    pub(super) fn of(waiver: &Waiver, today: Date, policy: &Policy, evidence: &Evidence) -> Option<Self> {
        // The last day is included: "until 30 June" means the end of that day.
        if let Some(day) = waiver.expires.filter(|day| *day < today) {
            return Some(Self::Expired(day));
        }
        let last = waiver.ends_with.as_ref();
        if let Some(ended) = last.and_then(|tag| Self::by_release(tag, policy, evidence)) {
            return Some(ended);
        }
        let follow_up = waiver.follow_up.filter(|follow_up| follow_up.due < today)?;
        // An issue that was not collected counts as open. Its waiver must not outlive a follow-up
        // that no report shows.
        let state = evidence.follow_ups.get(&follow_up.issue).copied();
        (state != Some(IssueState::Closed)).then_some(Self::Overdue(follow_up, state))
    }

    fn by_release(last: &Tag, policy: &Policy, evidence: &Evidence) -> Option<Self> {
        let timeline = &evidence.timeline;
        // Releases that were not read may have been published.
        let knows_releases = evidence.defects.is_some() || timeline.candidate() == Some(last);
        let product = policy.product_in(&last.0);
        match timeline.is_after(last, product.as_deref()).filter(|_| knows_releases) {
            Some(false) => None,
            // "Ends with v1.4.0" includes v1.4.0 itself, so only a later candidate ends the waiver.
            Some(true) => Some(Self::Released(last.clone())),
            None => Some(Self::NotComparable(last.clone())),
        }
    }

    /// Returns `true` if the waiver is over for good; `false` if it can apply again without a new approval.
    pub(super) fn is_over(&self) -> bool {
        match self {
            Self::Expired(_) | Self::Released(_) => true,
            Self::NotComparable(_) | Self::Overdue(..) => false,
        }
    }

    /// Returns a sentence that says how the waiver can apply again.
    pub fn remedy(&self, waiver: &Waiver) -> String {
        let waiver = format!("the waiver of {} in `{}`", waiver.scope(), waiver.file);
        match self {
            Self::Expired(_) | Self::Released(_) => {
                format!("If the exception is to go on, have {waiver} approved again: it {self}.")
            }
            Self::NotComparable(_) => format!("Give {waiver} `expires` instead of `ends-with`: it {self}."),
            Self::Overdue(FollowUp { issue, .. }, Some(_)) => {
                format!("Close {issue}, or have {waiver} approved with a later `due`: it {self}.")
            }
            Self::Overdue(FollowUp { issue, .. }, None) => {
                format!(
                    "Give {issue} a label that the policy counts, or remove `follow-up` from {waiver}: it {self}."
                )
            }
        }
    }
}

impl fmt::Display for WaiverEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired(day) => write!(f, "expired on {day}"),
            Self::Released(tag) => write!(f, "ended with {tag}"),
            Self::NotComparable(tag) => {
                write!(f, "ends with {tag}, and nothing says whether the candidate comes after it")
            }
            Self::Overdue(FollowUp { issue, due }, state) => {
                let stands = if state.is_some() { "is open" } else { "is not in the evidence" };
                write!(f, "does not count, since its follow-up {issue} was due on {due} and {stands}")
            }
        }
    }
}
