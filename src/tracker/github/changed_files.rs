//! Changed files of pull requests. They are the most expensive evidence, and few pull requests need them: they are read by
//! id, together with the next page of issues.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::issue::{IssueEntries, MergedPullRequest};
use super::paged_reader::PagedReader;
use super::query;
use crate::model::{Area, Fix, IssueNumber};

/// Pull requests whose changed files are wanted.
#[derive(Default)]
pub(super) struct ChangedFiles {
    /// GraphQL ids of pull requests that were not asked for yet.
    open: BTreeSet<String>,
    /// Changed files by pull request; `None` if the server has none to give.
    read: BTreeMap<String, Option<Vec<String>>>,
    /// Fixes that wait for their files.
    waiting: Vec<(IssueNumber, MergedPullRequest)>,
}

impl ChangedFiles {
    /// Adds the fixes of an issue.
    pub(super) fn want(&mut self, issue: IssueNumber, merged: Vec<MergedPullRequest>) {
        for pull in merged {
            // A pull request may fix several issues.
            if !self.read.contains_key(&pull.id) {
                self.open.insert(pull.id.clone());
            }
            self.waiting.push((issue, pull));
        }
    }

    /// Returns up to `most` pull requests to ask for next.
    pub(super) fn next(&self, most: u32) -> Vec<String> {
        self.open.iter().take(most as usize).cloned().collect()
    }

    /// Takes the answer about some pull requests, which are not asked for again.
    pub(super) fn take(&mut self, reader: &mut PagedReader<'_>, ids: &[String], mut nodes: Value) {
        for id in ids {
            self.open.remove(id);
        }
        for mut node in nodes.as_array_mut().map(std::mem::take).unwrap_or_default() {
            if let Some(id) = node["id"].as_str().map(str::to_owned) {
                let files = node["files"].take();
                let files = (!files.is_null()).then(|| all_changed_files(reader, &id, files));
                self.read.insert(id, files);
            }
        }
        for id in ids.iter().filter(|id| !self.read.contains_key(*id)) {
            let pull = self.waiting.iter().map(|(_, pull)| pull).find(|pull| pull.id == *id);
            let name =
                pull.map_or("a pull request".to_owned(), |pull| format!("pull request #{}", pull.number));
            reader.issue_gap(format!("the changed files of {name} did not come"));
        }
    }

    /// Reads the files that are still open, and adds the files to their fixes.
    pub(super) fn finish(mut self, reader: &mut PagedReader<'_>, entries: &mut IssueEntries) {
        let open = self.next(u32::MAX);
        let read = reader.in_batches(&open, |reader, ids| {
            let (query, variables) = (query::changed_files_query(), json!({ "files": ids }));
            let mut data = reader.try_ask(Area::Issues, "changed files", &query, &variables)?;
            self.take(reader, ids, data["files"].take());
            Ok(())
        });
        if let Err((left, error)) = read {
            reader.issue_gap(format!("the changed files of {left} pull requests could not be read: {error}"));
        }
        for (issue, pull) in self.waiting {
            let Some(entry) = entries.get_mut(&issue) else { continue };
            match self.read.get(&pull.id) {
                Some(Some(files)) => {
                    if let Some(fix) = find_fix(&mut entry.issue.fixes, &pull.fix) {
                        files.clone_into(&mut fix.files);
                    }
                }
                Some(None) => {
                    let number = pull.number;
                    reader.warn(format!("the changed files of pull request #{number} are not available"));
                    // The next run asks again.
                    entry.doubtful = true;
                }
                // There is a gap already.
                None => {}
            }
        }
    }
}

/// Finds the same fix among others.
fn find_fix<'f>(fixes: &'f mut [Fix], fix: &Fix) -> Option<&'f mut Fix> {
    // The list was sorted since, so that places no longer fit.
    fixes.iter_mut().find(|other| {
        (other.pull_request, &other.repository, &other.commit)
            == (fix.pull_request, &fix.repository, &fix.commit)
    })
}

/// Reads all paths that a pull request changes.
fn all_changed_files(reader: &mut PagedReader<'_>, id: &str, first: Value) -> Vec<String> {
    let (what, variables) = ("changed files of a pull request", json!({ "id": id }));
    let items =
        reader.rest_of_list(Area::Issues, what, Some(first), query::PULL_FILES, &variables, "/node/files");
    reader.text_fields(&items, "path", "a pull request")
}
