//! Whether the candidate fixes a defect.

use std::fmt;

use jiff::Timestamp;

use crate::model::{Candidate, Commits, Defect, Fix, State, StateReason};

use super::Evidence;

/// What the candidate means for a defect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FixState {
    /// Nothing fixes it.
    Open,
    /// It was reopened: what had closed it did not hold.
    Reopened,
    /// The candidate contains its fix, named here.
    InCandidate(String),
    /// It is fixed by a change that the candidate does not contain, named here.
    Elsewhere(String),
    /// Its fix had shipped before the releases that were compared, and it was found before them.
    Earlier(String),
    /// Closed without a change: somebody's word.
    ByHand,
    /// Closed as a duplicate of something that does not count, which fixes nothing.
    AsDuplicate,
    /// The candidate's commits were not read, so this cannot be told.
    Unknown,
}

impl FixState {
    /// True if the defect would be in production after the candidate ships; none if that cannot be told.
    pub fn is_unfixed(&self) -> Option<bool> {
        match self {
            Self::Open | Self::Reopened | Self::AsDuplicate | Self::Elsewhere(_) => Some(true),
            Self::InCandidate(_) | Self::Earlier(_) | Self::ByHand => Some(false),
            Self::Unknown => None,
        }
    }
}

impl fmt::Display for FixState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("open"),
            Self::Reopened => f.write_str("reopened"),
            Self::InCandidate(by) => write!(f, "fixed in this candidate by {by}"),
            Self::Elsewhere(by) => write!(f, "fixed by {by}, which is not in this candidate"),
            Self::Earlier(by) => write!(f, "fixed by {by}, before the supported releases"),
            Self::ByHand => f.write_str("closed without a linked change"),
            Self::AsDuplicate => f.write_str("closed as a duplicate, which fixes nothing"),
            Self::Unknown => f.write_str("closed; whether this candidate has the fix could not be read"),
        }
    }
}

impl Evidence {
    /// Whether the candidate fixes a defect.
    ///
    /// A linked change counts from its merge on, also while the ticket is still open: the ticket of a fix that was
    /// merged into a release branch is closed only when the branch reaches the default branch.
    pub fn fix_of(&self, defect: &Defect) -> FixState {
        let ticket = &defect.ticket;
        let held: Vec<&Fix> = ticket
            .fixes
            .iter()
            .filter(|fix| ticket.reopened_at.is_none_or(|reopened| holds_after(fix, reopened)))
            .collect();
        if let Some(by) = self.candidate.as_ref().and_then(|c| fixed_by_candidate(c, defect, &held)) {
            return FixState::InCandidate(by);
        }
        if ticket.state == State::Open {
            return if ticket.reopened_at.is_some() { FixState::Reopened } else { FixState::Open };
        }
        let merged: Vec<&Fix> = held.into_iter().filter(|fix| fix.commit.is_some()).collect();
        let Some(last) = merged.iter().max_by_key(|fix| fix.merged_at) else {
            let duplicate = ticket.state_reason == Some(StateReason::Duplicate);
            return if duplicate { FixState::AsDuplicate } else { FixState::ByHand };
        };
        let Some(commits) = self.candidate.as_ref().and_then(|c| c.commits.as_ref()) else {
            return FixState::Unknown;
        };
        if self.found_before(commits, defect) && self.merged_before(commits, last) {
            FixState::Earlier(name(last))
        } else {
            FixState::Elsewhere(name(last))
        }
    }

    /// True if a defect was found in a release older than the one that the commits are counted from, or in none.
    fn found_before(&self, commits: &Commits, defect: &Defect) -> bool {
        let published = |tag| self.timeline.get(tag).and_then(|release| release.published_at);
        match &defect.found_in.release {
            Some(tag) => match (published(tag), published(&commits.base)) {
                (Some(found), Some(base)) => found < base,
                (None, _) | (_, None) => false,
            },
            None => true,
        }
    }

    /// True if a change was merged before the release that the commits are counted from was published.
    fn merged_before(&self, commits: &Commits, fix: &Fix) -> bool {
        let base = self.timeline.get(&commits.base).and_then(|release| release.published_at);
        match (fix.merged_at, base) {
            (Some(merged), Some(base)) => merged <= base,
            (None, _) | (_, None) => false,
        }
    }
}

/// True if a change is not one of those that had closed the ticket before it was reopened.
fn holds_after(fix: &Fix, reopened: Timestamp) -> bool {
    match fix.merged_at {
        Some(merged) => merged > reopened,
        None => fix.commit.is_none(),
    }
}

/// The change by which the candidate fixes a defect.
fn fixed_by_candidate(candidate: &Candidate, defect: &Defect, held: &[&Fix]) -> Option<String> {
    let own = |fix: &&&Fix| fix.pull_request.is_some() && fix.pull_request == candidate.pull_request;
    if let Some(fix) = held.iter().find(own) {
        return Some(name(fix));
    }
    let commits = candidate.commits.as_ref()?;
    let contained = |fix: &&&Fix| fix.commit.as_ref().is_some_and(|id| commits.ids.contains(id));
    if let Some(fix) = held.iter().find(contained) {
        return Some(name(fix));
    }
    let stands_open_again = defect.ticket.reopened_at.is_some();
    (!stands_open_again && commits.closes.contains(&defect.number())).then(|| "a commit that names it".into())
}

/// A change as a person names it.
fn name(fix: &Fix) -> String {
    match (&fix.pull_request, &fix.commit) {
        (Some(number), _) => format!("#{number}"),
        (None, Some(commit)) => format!("commit {}", commit.0.get(..10).unwrap_or(&commit.0)),
        (None, None) => "a change without a number".into(),
    }
}
