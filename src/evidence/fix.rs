//! Whether the candidate fixes a defect.

use std::fmt;

use crate::model::{Commits, Defect, Fix, State, StateReason};

use super::Evidence;

/// What the candidate means for a defect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FixState {
    /// Nothing fixes it.
    Open,
    /// It was reopened: what had closed it did not hold.
    Reopened,
    /// A change that is to fix it, named here, is not merged.
    Pending(String),
    /// The candidate contains its fix, named here.
    InCandidate(String),
    /// It is fixed by a change that the candidate does not contain, named here.
    Elsewhere(String),
    /// Its fix, named here, shipped before the releases that were compared, and it was found before them.
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
            Self::Open | Self::Reopened | Self::Pending(_) | Self::AsDuplicate | Self::Elsewhere(_) => {
                Some(true)
            }
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
            Self::Pending(by) => write!(f, "to be fixed by {by}, which is not merged"),
            Self::InCandidate(by) => write!(f, "fixed in this candidate by {by}"),
            Self::Elsewhere(by) => write!(f, "fixed by {by}, which is not in this candidate"),
            Self::Earlier(by) => write!(f, "fixed by {by}, before the releases in production"),
            Self::ByHand => f.write_str("closed without a linked change"),
            Self::AsDuplicate => f.write_str("closed as a duplicate, which fixes nothing"),
            Self::Unknown => f.write_str("closed; whether this candidate has the fix could not be read"),
        }
    }
}

impl Evidence {
    /// Whether the candidate fixes a defect.
    pub fn fix_of(&self, defect: &Defect) -> FixState {
        match defect.ticket.state {
            State::Open => self.fix_of_open(defect),
            State::Closed => self.fix_of_closed(defect),
        }
    }

    /// An open defect is fixed by the candidate's own pull request, or by a linked change that it contains: the ticket
    /// of a fix that was merged into a release branch is closed only when that reaches the default branch.
    ///
    /// A change that was merged before the ticket was opened, or before it was reopened, did not fix it; and while
    /// another linked change is not merged, the fix is not whole.
    fn fix_of_open(&self, defect: &Defect) -> FixState {
        let ticket = &defect.ticket;
        let candidate = self.candidate.as_ref();
        let own = |fix: &&Fix| {
            fix.own_pull_request().is_some()
                && candidate.is_some_and(|c| c.pull_request == fix.own_pull_request())
        };
        if let Some(fix) = ticket.fixes.iter().find(own) {
            return FixState::InCandidate(name(fix));
        }
        if let Some(fix) = ticket.fixes.iter().find(|fix| fix.commit.is_none() && !fix.is_dropped()) {
            return FixState::Pending(name(fix));
        }
        let since = ticket.reopened_at.unwrap_or(ticket.created_at);
        let counts = |fix: &&Fix| fix.merged_at.is_some_and(|merged| merged > since);
        let commits = candidate.and_then(|c| c.commits.as_ref());
        if let Some(fix) =
            ticket.fixes.iter().filter(counts).find(|fix| commits.is_some_and(|c| contains(c, fix)))
        {
            return FixState::InCandidate(name(fix));
        }
        match (ticket.reopened_at, commits) {
            (None, Some(commits)) if commits.closes.contains(&defect.number()) => {
                FixState::InCandidate("a commit that names it".into())
            }
            (None, _) => FixState::Open,
            (Some(_), _) => FixState::Reopened,
        }
    }

    /// A closed defect is fixed where a linked change is. That it was reopened on the way does not matter: the last word
    /// is that it is closed.
    fn fix_of_closed(&self, defect: &Defect) -> FixState {
        let ticket = &defect.ticket;
        let commits = self.candidate.as_ref().and_then(|c| c.commits.as_ref());
        if let Some(commits) = commits {
            if let Some(fix) = ticket.fixes.iter().find(|fix| contains(commits, fix)) {
                return FixState::InCandidate(name(fix));
            }
            if commits.closes.contains(&defect.number()) {
                return FixState::InCandidate("a commit that names it".into());
            }
        }
        let merged = ticket.fixes.iter().filter(|fix| fix.commit.is_some());
        let Some(last) = merged.max_by_key(|fix| fix.merged_at) else {
            return match ticket.fixes.iter().find(|fix| !fix.is_dropped()) {
                Some(pending) => FixState::Pending(name(pending)),
                None if ticket.state_reason == Some(StateReason::Duplicate) => FixState::AsDuplicate,
                None => FixState::ByHand,
            };
        };
        match commits {
            Some(commits) if self.found_before(commits, defect) && self.merged_before(commits, last) => {
                FixState::Earlier(name(last))
            }
            Some(_) => FixState::Elsewhere(name(last)),
            // Before the first release there is nothing to compare with, and nothing that a fix could be missing from.
            None if self.timeline.current().is_none() => FixState::Earlier(name(last)),
            None => FixState::Unknown,
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

/// True if a change is among the commits.
fn contains(commits: &Commits, fix: &Fix) -> bool {
    fix.commit.as_ref().is_some_and(|id| commits.ids.contains(id))
}

/// A change as a person names it.
fn name(fix: &Fix) -> String {
    match (&fix.pull_request, &fix.commit) {
        (Some(number), _) => format!("{}#{number}", fix.repository.as_deref().unwrap_or_default()),
        (None, Some(commit)) => format!("commit {}", commit.0.get(..10).unwrap_or(&commit.0)),
        (None, None) => "a change without a number".into(),
    }
}
