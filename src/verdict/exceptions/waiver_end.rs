//! Why a waiver does not hold at the time of the run, or not for this candidate.

use std::fmt;

use jiff::civil::Date;

use crate::evidence::Evidence;
use crate::model::{IssueState, Tag};
use crate::policy::{FollowUp, Policy, Waiver};

/// Why a waiver does not hold. Its text is a clause that follows "the waiver of #12".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaiverEnd {
    /// Its last day is over.
    Expired(Date),
    /// The candidate comes after the last release that it holds for.
    Released(Tag),
    /// The candidate cannot be compared with the last release that it holds for, or the releases were not read.
    NotComparable(Tag),
    /// Its follow-up was due, and is open or not known.
    Overdue(FollowUp, Option<IssueState>),
}

impl WaiverEnd {
    /// Finds why a waiver does not hold; `None` if it holds.
    pub(super) fn of(waiver: &Waiver, today: Date, policy: &Policy, evidence: &Evidence) -> Option<Self> {
        if let Some(day) = waiver.expires.filter(|day| *day < today) {
            return Some(Self::Expired(day));
        }
        let last = waiver.ends_with.as_ref();
        if let Some(ended) = last.and_then(|tag| Self::by_release(tag, policy, evidence)) {
            return Some(ended);
        }
        let follow_up = waiver.follow_up.filter(|follow_up| follow_up.due < today)?;
        let state = evidence.follow_ups.get(&follow_up.issue).copied();
        (state != Some(IssueState::Closed)).then_some(Self::Overdue(follow_up, state))
    }

    fn by_release(last: &Tag, policy: &Policy, evidence: &Evidence) -> Option<Self> {
        let timeline = &evidence.timeline;
        // Releases that were not read may have been published.
        let knows_releases = evidence.defects.is_some() || timeline.candidate() == Some(last);
        let pattern = policy.releases.tags.as_ref();
        let product = pattern.and_then(|pattern| pattern.matches(&last.0)?.product);
        match timeline.is_after(last, product).filter(|_| knows_releases) {
            Some(false) => None,
            Some(true) => Some(Self::Released(last.clone())),
            None => Some(Self::NotComparable(last.clone())),
        }
    }

    /// Returns `true` if its time is over; `false` if something else has to be done or known for it to hold.
    pub(super) fn is_over(&self) -> bool {
        match self {
            Self::Expired(_) | Self::Released(_) => true,
            Self::NotComparable(_) | Self::Overdue(..) => false,
        }
    }

    /// A sentence that says how the waiver can hold again.
    pub fn remedy(&self, waiver: &Waiver) -> String {
        let waiver = format!("the waiver of {} in `{}`", waiver.scope(), waiver.file);
        match self {
            Self::Expired(_) | Self::Released(_) => {
                format!("If the exception is to go on, have {waiver} approved anew: it {self}.")
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
