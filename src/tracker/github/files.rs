//! The files that pull requests change. Of most pull requests nobody asks for them, and they are the dearest thing to read:
//! they are asked for by id, beside the next page of tickets.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::query;
use super::reader::{PagedList, PagedReader};
use super::ticket::{IssueEntry, MergedPullRequest, strings};
use crate::model::{Area, Fix, IssueNumber};

/// What the files of are wanted.
#[derive(Default)]
pub(super) struct ChangedFiles {
    /// Pull requests still to be asked for, by id.
    open: BTreeSet<String>,
    /// What came. None where the server has none to give.
    read: BTreeMap<String, Option<Vec<String>>>,
    /// Which fix of which ticket waits for them.
    waiting: Vec<(IssueNumber, MergedPullRequest)>,
}

impl ChangedFiles {
    /// Wants the files of a ticket's fixes.
    pub(super) fn want(&mut self, ticket: IssueNumber, merged: Vec<MergedPullRequest>) {
        for pull in merged {
            if !self.read.contains_key(&pull.id) {
                self.open.insert(pull.id.clone());
            }
            self.waiting.push((ticket, pull));
        }
    }

    /// The next pull requests to ask for.
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
                let files = (!files.is_null()).then(|| all(reader, &id, files));
                self.read.insert(id, files);
            }
        }
        for id in ids.iter().filter(|id| !self.read.contains_key(*id)) {
            reader.gap(Area::Issues, format!("the changed files of {} did not come", self.name(id)), None);
        }
    }

    /// Asks for what is still open, and gives each fix its files.
    pub(super) fn finish(
        mut self,
        reader: &mut PagedReader<'_>,
        entries: &mut BTreeMap<IssueNumber, IssueEntry>,
    ) {
        while !self.open.is_empty() {
            let size = reader.page_size;
            let ids = self.next(size);
            let variables = Map::from_iter([("files".to_owned(), json!(ids))]);
            match reader.try_ask(Area::Issues, "changed files", &query::files(), &Value::Object(variables)) {
                Ok(mut data) => self.take(reader, &ids, data["files"].take()),
                Err(error) if reader.halve(&error, size) => {}
                Err(error) => {
                    let count = self.open.len();
                    let what =
                        format!("the changed files of {count} pull requests could not be read: {error}");
                    reader.gap(Area::Issues, what, None);
                    break;
                }
            }
        }
        for (ticket, pull) in self.waiting {
            let Some(entry) = entries.get_mut(&ticket) else { continue };
            match self.read.get(&pull.id) {
                Some(Some(files)) => {
                    if let Some(fix) = find(&mut entry.ticket.fixes, &pull.fix) {
                        files.clone_into(&mut fix.files);
                    }
                }
                Some(None) => {
                    let number = pull.number;
                    reader.warn(format!("the changed files of pull request {number} are not available"));
                    entry.doubtful = true;
                }
                // There is a gap already.
                None => {}
            }
        }
    }

    /// A pull request as a person names it.
    fn name(&self, id: &str) -> String {
        match self.waiting.iter().find(|(_, pull)| pull.id == id) {
            Some((_, pull)) => format!("pull request {}", pull.number),
            None => "a pull request".to_owned(),
        }
    }
}

/// The fix among others that is the same.
fn find<'f>(fixes: &'f mut [Fix], fix: &Fix) -> Option<&'f mut Fix> {
    fixes.iter_mut().find(|other| {
        (other.pull_request, &other.repository, &other.commit)
            == (fix.pull_request, &fix.repository, &fix.commit)
    })
}

/// All paths that a pull request changes.
fn all(reader: &mut PagedReader<'_>, id: &str, first: Value) -> Vec<String> {
    let listing = PagedList::new(Area::Issues, "changed files of a pull request");
    let items = reader.list(listing, first, query::PULL_FILES, &json!({ "id": id }), "/node/files");
    strings(reader, &items, "path", "a pull request")
}
