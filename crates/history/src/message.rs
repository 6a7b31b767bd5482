//! References to issues and other changes in commit messages and pull requests.
//!
//! Only a text's own words count. Quoted lines, code, HTML comments and the quoted subject in a revert are words of
//! other authors. Keywords as in GitHub's documentation, "Linking a pull request to an issue"; the marks of copies are
//! those of `git cherry-pick -x`, of GitHub, and of the usual backport bots.

mod copies;
mod keywords;
mod reverts;
mod text;

pub(crate) use text::leading_number;
pub use text::without_trailing_numbers;

use std::collections::BTreeSet;

use crate::IssueNumber;

/// Issues and changes that a message names, and what it says of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageReferences {
    /// First line, without what GitHub adds when it merges: of `Merge pull request #9 from …` it is the title below.
    pub subject: String,
    /// The pull request that it was merged by, as GitHub writes its number: `… (#9)`, `Merge pull request #9`.
    pub merged_by: Option<u64>,
    /// Issues that it closes in its own words.
    pub closes: BTreeSet<IssueNumber>,
    /// Changes that it reverts.
    pub reverts: Vec<Reference>,
    /// A subject that it takes back, or applies again, if there is a change before with just this subject: `Revert Keep the order`
    /// and `Revert to the old cart` look alike.
    pub perhaps_reverts: Option<(String, bool)>,
    /// `true` if it applies again what was taken back (`Reapply "…"`, a revert of a revert).
    pub reapplies: bool,
    /// Originals that it is a copy of.
    pub copies: Vec<Reference>,
    /// Changes that it reverts in part. A partial revert is reported and has no effect.
    pub reverts_partly: Vec<Reference>,
}

/// Another change, as a message names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    /// A commit, by the first digits of its id in lower case, seven or more.
    Commit(String),
    /// A pull request of this repository.
    PullRequest(u64),
    /// A change by its subject, without pull request numbers.
    Subject(String),
}

impl MessageReferences {
    /// Reads a commit message of `repository` (`owner/name`).
    pub fn of_commit(message: &str, repository: &str) -> Self {
        let (subject, merged_by) = text::split_subject(message);
        let mut words = Self::read(&subject, text::behind_subject(message), repository);
        let numbers = text::trailing_numbers(&subject);
        // In `Title (#2) (#9)`, the last number is the pull request itself. The others are the originals that it copies.
        if let Some((_, originals)) = numbers.split_last().filter(|_| merged_by.is_none()) {
            words.copies.extend(originals.iter().copied().map(Reference::PullRequest));
        }
        words.merged_by = merged_by.or_else(|| numbers.last().copied());
        words.subject = subject;
        words.tidy()
    }

    /// Reads a pull request of `repository` (`owner/name`): title, description, and the branch that it comes from.
    pub fn of_pull_request(title: &str, body: &str, head_branch: Option<&str>, repository: &str) -> Self {
        let mut words = Self::read(title, body, repository);
        words.copies.extend(text::trailing_numbers(title).into_iter().map(Reference::PullRequest));
        words.copies.extend(head_branch.and_then(copies::original_of_branch).map(Reference::PullRequest));
        title.trim().clone_into(&mut words.subject);
        words.tidy()
    }

    fn read(subject: &str, body: &str, repository: &str) -> Self {
        let own: Vec<&str> = text::own_lines(body).collect();
        let revert = reverts::read_revert(subject, &own, repository);
        // The subject of a revert is that of the commit that it takes back.
        let subject_is_own = revert.quoted.is_none();
        let subject = text::without_quoted_revert(subject);
        let lines = own.iter().filter(|line| !revert.repeats(line)).copied();
        let closing = subject_is_own.then_some(subject).into_iter().chain(lines);
        let closes = closing.flat_map(|line| keywords::closes(line, repository)).collect();
        // `Revert backport of #2` is no backport; neither is a line that takes one back.
        let is_revert = !revert.of.is_empty() && reverts::begins(subject);
        let subject = if is_revert || !subject_is_own { "" } else { subject };
        let own: Vec<&str> = own.into_iter().filter(|line| reverts::behind_reverts(line).is_none()).collect();
        let copies = copies::read_copies(subject, &own, repository);
        Self {
            closes,
            copies,
            reverts: revert.of,
            perhaps_reverts: revert.perhaps,
            reapplies: revert.reapplies,
            reverts_partly: revert.partly,
            ..Self::default()
        }
    }

    /// Each reference once.
    fn tidy(mut self) -> Self {
        for list in [&mut self.copies, &mut self.reverts] {
            list.sort();
            list.dedup();
        }
        self
    }
}

#[cfg(test)]
mod tests;
