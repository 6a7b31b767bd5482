//! The tickets that were read so far, by number.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::files::ChangedFiles;
use super::lists::IssueList;
use super::reader::PagedReader;
use super::references::FixReferences;
use super::schema::Schema;
use super::ticket::{self, IssueEntry, MergedPullRequest};
use crate::model::{Fix, Issue, IssueNumber, IssueState};

/// Tickets on their way in.
pub(super) struct IssueStore<'a> {
    /// What the server knows.
    pub schema: &'a Schema,
    /// The tickets.
    pub entries: BTreeMap<IssueNumber, IssueEntry>,
    /// The files of their fixes.
    pub files: ChangedFiles,
    /// What refers to their fixes.
    references: FixReferences,
    /// The fixes of tickets whose files nobody wanted so far.
    unwanted: BTreeMap<IssueNumber, Vec<MergedPullRequest>>,
    /// True for tickets whose fixes' files are wanted.
    wants_files: &'a dyn Fn(&Issue) -> bool,
}

impl<'a> IssueStore<'a> {
    /// A book that holds these tickets already.
    pub(super) fn new(
        schema: &'a Schema,
        wants_files: &'a dyn Fn(&Issue) -> bool,
        entries: BTreeMap<IssueNumber, IssueEntry>,
    ) -> Self {
        let (files, references) = (ChangedFiles::default(), FixReferences::default());
        Self { schema, entries, files, references, unwanted: BTreeMap::new(), wants_files }
    }

    /// Keeps a ticket; of two copies the newer.
    pub(super) fn keep(&mut self, reader: &mut PagedReader<'_>, issue: Value) {
        let known = issue["number"].as_u64().and_then(|number| self.entries.get(&IssueNumber(number)));
        let same = known.is_some_and(|known| {
            issue["updatedAt"].as_str().and_then(|at| at.parse().ok()) == Some(known.ticket.updated_at)
        });
        if same {
            return;
        }
        if let Some((entry, merged)) = ticket::read(reader, self.schema, issue) {
            match self.entries.get(&entry.ticket.number) {
                Some(known) if known.ticket.updated_at > entry.ticket.updated_at => {}
                Some(_) | None => self.put(entry, merged),
            }
        }
    }

    /// Puts a ticket in the place of an older copy, or takes that out if the ticket is in none of the lists any more.
    pub(super) fn replace(&mut self, reader: &mut PagedReader<'_>, issue: Value, lists: &[IssueList]) {
        let Some((entry, merged)) = ticket::read(reader, self.schema, issue) else { return };
        if lists.iter().any(|list| list.has(&entry.ticket)) {
            self.put(entry, merged);
        } else {
            self.entries.remove(&entry.ticket.number);
        }
    }

    /// True if the files of a ticket's fixes are wanted and were not read: it was not wanted by an earlier policy.
    pub(super) fn lacks_files(&self, ticket: &Issue) -> bool {
        let is_bare =
            |fix: &Fix| fix.own_pull_request().is_some() && fix.commit.is_some() && fix.files.is_empty();
        (self.wants_files)(ticket) && ticket.fixes.iter().any(is_bare)
    }

    /// Reads the files that are still wanted, and what refers to the fixes. An original is for its duplicate what the duplicate would be itself.
    pub(super) fn finish(&mut self, reader: &mut PagedReader<'_>) {
        let originals: BTreeSet<IssueNumber> =
            self.entries.values().filter_map(|entry| entry.ticket.duplicate_of).collect();
        for original in originals {
            let is_closed =
                self.entries.get(&original).is_some_and(|one| one.ticket.state == IssueState::Closed);
            if let Some(merged) = self.unwanted.remove(&original).filter(|_| is_closed) {
                self.files.want(original, merged);
            }
        }
        std::mem::take(&mut self.files).finish(reader, &mut self.entries);
        std::mem::take(&mut self.references).finish(reader, &mut self.entries);
    }

    /// Enters a ticket, and wants the files of its fixes where they matter.
    fn put(&mut self, entry: IssueEntry, merged: Vec<MergedPullRequest>) {
        let number = entry.ticket.number;
        self.references.want(number, &merged);
        if (self.wants_files)(&entry.ticket) {
            self.files.want(number, merged);
        } else if !merged.is_empty() {
            self.unwanted.insert(number, merged);
        }
        self.entries.insert(number, entry);
    }
}
