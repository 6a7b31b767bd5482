//! The issues read so far, by number.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::changed_files::ChangedFiles;
use super::fix_references::FixReferences;
use super::issue::{IssueEntries, IssueEntry, MergedPullRequest, read_issue};
use super::issue_list::IssueList;
use super::paged_reader::PagedReader;
use super::schema::Schema;
use crate::model::{Fix, Issue, IssueNumber, IssueState};

/// Issues that are being read.
pub(super) struct IssueStore<'a> {
    pub schema: &'a Schema,
    pub entries: IssueEntries,
    /// Changed files of their fixes.
    pub files: ChangedFiles,
    /// Pull requests that refer to their fixes.
    references: FixReferences,
    /// Fixes of issues whose changed files are not wanted so far.
    unwanted: BTreeMap<IssueNumber, Vec<MergedPullRequest>>,
    /// Returns `true` for issues whose fixes need their changed files.
    wants_files: &'a dyn Fn(&Issue) -> bool,
}

impl<'a> IssueStore<'a> {
    /// Creates a store with the issues of an earlier run.
    pub(super) fn new(
        schema: &'a Schema,
        wants_files: &'a dyn Fn(&Issue) -> bool,
        entries: IssueEntries,
    ) -> Self {
        let (files, references) = (ChangedFiles::default(), FixReferences::default());
        Self { schema, entries, files, references, unwanted: BTreeMap::new(), wants_files }
    }

    /// Adds an issue; of two copies, the newer one stays.
    pub(super) fn keep(&mut self, reader: &mut PagedReader<'_>, issue: Value) {
        let known = issue["number"].as_u64().and_then(|number| self.entries.get(&IssueNumber(number)));
        // An issue is often in several lists, and reading it may cost further requests.
        let same = known.is_some_and(|known| {
            issue["updatedAt"].as_str().and_then(|at| at.parse().ok()) == Some(known.issue.updated_at)
        });
        if same {
            return;
        }
        if let Some((entry, merged)) = read_issue(reader, self.schema, issue) {
            match self.entries.get(&entry.issue.number) {
                Some(known) if known.issue.updated_at > entry.issue.updated_at => {}
                Some(_) | None => self.put(entry, merged),
            }
        }
    }

    /// Replaces an older copy of an issue, or removes the issue if no list holds it any more.
    pub(super) fn replace(&mut self, reader: &mut PagedReader<'_>, issue: Value, lists: &[IssueList]) {
        let Some((entry, merged)) = read_issue(reader, self.schema, issue) else { return };
        if lists.iter().any(|list| list.has(&entry.issue)) {
            self.put(entry, merged);
        } else {
            self.entries.remove(&entry.issue.number);
        }
    }

    /// Returns `true` if the changed files of an issue's fixes are wanted but were not read, because an earlier policy did
    /// not want them.
    pub(super) fn lacks_files(&self, issue: &Issue) -> bool {
        let is_bare =
            |fix: &Fix| fix.own_pull_request().is_some() && fix.commit.is_some() && fix.files.is_empty();
        (self.wants_files)(issue) && issue.fixes.iter().any(is_bare)
    }

    /// Reads the changed files that are still wanted, and the references to the fixes.
    pub(super) fn finish(&mut self, reader: &mut PagedReader<'_>) {
        // An original stands in for its duplicates: its fixes need their files even if the original itself does not count.
        let originals: BTreeSet<IssueNumber> =
            self.entries.values().filter_map(|entry| entry.issue.duplicate_of).collect();
        for original in originals {
            let is_closed =
                self.entries.get(&original).is_some_and(|one| one.issue.state == IssueState::Closed);
            if let Some(merged) = self.unwanted.remove(&original).filter(|_| is_closed) {
                self.files.want(original, merged);
            }
        }
        std::mem::take(&mut self.files).finish(reader, &mut self.entries);
        std::mem::take(&mut self.references).finish(reader, &mut self.entries);
    }

    fn put(&mut self, entry: IssueEntry, merged: Vec<MergedPullRequest>) {
        let number = entry.issue.number;
        self.references.want(number, &merged);
        if (self.wants_files)(&entry.issue) {
            self.files.want(number, merged);
        } else if !merged.is_empty() {
            self.unwanted.insert(number, merged);
        }
        self.entries.insert(number, entry);
    }
}
