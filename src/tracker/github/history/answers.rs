//! What was answered about a repository's history: in this run, and in earlier ones, in a file.
//!
//! What is asked by full ids has one answer for good: a commit is what its id says, whether a branch still leads to it or not.
//! So these answers are kept, whole ones only; never an error, never that something is not there. What a name or the beginning
//! of an id leads to is asked in every run.

mod file;
mod packed;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Blame, CommitChange, Repository};
use crate::github::Client;
use crate::model::Sha;
use file::Place;

/// The most bytes of answers that a file holds.
const MOST: u64 = 32 << 20;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) enum Question {
    /// A commit, and what it changes.
    Commit(Sha),
    /// Whether the second commit is the first one or descends from it.
    IsAncestor(Sha, Sha),
    /// Who wrote the lines of a file at a commit.
    Blame(Sha, String),
    /// The bytes of a file at a commit.
    Contents(Sha, String),
    /// The commit by which a pull request came in.
    Merge(u64),
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) enum Answer {
    /// The commit.
    Commit(#[serde(with = "packed::shared")] Rc<CommitChange>),
    /// Whether it is one.
    IsAncestor(bool),
    /// The runs of lines.
    Blame(#[serde(with = "packed::ranges")] Blame),
    /// The bytes.
    Contents(#[serde(with = "packed::bytes")] Rc<[u8]>),
    /// The commit, and the id of the repository whose pull request it is: a repository made anew under the name of one that
    /// is gone counts from 1 again.
    Merge {
        /// The commit.
        commit: Sha,
        /// The repository, as the server numbers it.
        repository: u64,
    },
}

/// An answer, and when it was wanted last: the higher, the later.
struct Held {
    answer: Answer,
    used: Cell<u64>,
}

/// The answers so far.
#[derive(Default)]
pub(super) struct Answers {
    held: RefCell<HashMap<Question, Held>>,
    clock: Cell<u64>,
    /// Where they are kept; none if they are not.
    place: Option<Place>,
    /// True if there is more to be kept than the file holds.
    learnt: Cell<bool>,
}

impl Answers {
    /// The answers that earlier runs left in a folder.
    pub(super) fn kept_in(folder: &Path, client: &Client, repository: &Repository) -> Self {
        let place = Place::new(folder, client.host(), repository);
        let lines = place.load(client);
        let answers = Self { place: Some(place), ..Self::default() };
        // The file has those that were used last at its beginning.
        for (question, answer) in lines.into_iter().rev() {
            answers.put(question, answer);
        }
        answers
    }

    /// The answer to a question, if it is known.
    pub(super) fn get(&self, question: &Question) -> Option<Answer> {
        let held = self.held.borrow();
        let found = held.get(question)?;
        found.used.set(self.tick());
        Some(found.answer.clone())
    }

    /// Takes an answer in.
    pub(super) fn learn(&self, question: Question, answer: Answer) {
        if question.is_lasting() {
            self.learnt.set(true);
        }
        self.put(question, answer);
    }

    /// Leaves what does not change in the file for later runs: as much as has room, what was used last first. Where nothing
    /// was learnt the file stays as it is.
    pub(super) fn keep(&self, client: &Client) {
        let Some(place) = self.place.as_ref().filter(|_| self.learnt.take()) else { return };
        let held = self.held.borrow();
        let mut lasting: Vec<(&Question, &Held)> =
            held.iter().filter(|(question, _)| question.is_lasting()).collect();
        lasting.sort_by_key(|(_, held)| std::cmp::Reverse(held.used.get()));
        place.save(client, lasting.into_iter().map(|(question, held)| (question, &held.answer)));
    }

    fn put(&self, question: Question, answer: Answer) {
        let used = Cell::new(self.tick());
        self.held.borrow_mut().insert(question, Held { answer, used });
    }

    fn tick(&self) -> u64 {
        self.clock.set(self.clock.get() + 1);
        self.clock.get()
    }
}

impl Question {
    /// True if it has the same answer for good: it names commits by their full ids. Of pull requests only those that are
    /// merged have an answer.
    fn is_lasting(&self) -> bool {
        match self {
            Self::Commit(id) | Self::Blame(id, _) | Self::Contents(id, _) => is_full(id),
            Self::IsAncestor(one, other) => is_full(one) && is_full(other),
            Self::Merge(_) => true,
        }
    }
}

/// True for the whole id of a commit, as servers write it.
pub(super) fn is_full(Sha(id): &Sha) -> bool {
    matches!(id.len(), 40 | 64) && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
