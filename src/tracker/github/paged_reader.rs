//! Reads GraphQL lists without losing anything unnoticed: every error, null and missing page becomes a gap.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::RepositoryName;
use crate::github::{ApiError, Client, GraphqlError};
use crate::model::{Area, Gap, Warning};

/// Smallest page to ask for before giving up on a heavy query.
const SMALLEST_PAGE: u32 = 1;

/// Number of earlier timeline pages that are read. Longer timelines are the work of bots: one reopens an issue in a loop,
/// another mentions a pull request everywhere.
const MOST_EARLIER_PAGES: usize = 10;

/// Sends queries, and collects gaps and warnings on the way.
pub(super) struct PagedReader<'c> {
    pub client: &'c Client,
    pub repository: &'c RepositoryName,
    pub gaps: BTreeSet<Gap>,
    pub warnings: BTreeSet<Warning>,
    /// Names of labels, issue types and milestones, by GraphQL id.
    pub names_by_id: BTreeMap<String, String>,
    /// Number of items in a page. Halved when the server finds a query too heavy.
    pub page_size: u32,
}

/// Progress of a list that is read page by page.
pub(super) struct PagedList {
    /// Evidence that the list belongs to.
    area: Area,
    /// Name of the list in gaps, for example "issues labelled `bug`".
    what: String,
    /// Cursor of the next page; `None` for the first one.
    cursor: Option<String>,
    /// Number of items read.
    read: u64,
    /// Number of items by the server's latest count.
    total: Option<u64>,
    /// `true` after the last page or a failure.
    done: bool,
}

impl PagedList {
    /// Starts before the first page.
    pub(super) fn new(area: Area, what: impl Into<String>) -> Self {
        Self { area, what: what.into(), cursor: None, read: 0, total: None, done: false }
    }

    /// Returns `true` after the last page or a failure.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// Returns the `after` argument of the next page.
    pub(super) fn after(&self) -> Value {
        json!(self.cursor)
    }

    /// Takes the items of a page, and notes where the next page starts.
    pub(super) fn take(&mut self, reader: &mut PagedReader<'_>, page: &mut Value) -> Vec<Value> {
        // In GraphQL, a field that failed is null next to an error.
        let Value::Array(nodes) = page["nodes"].take() else {
            self.give_up(reader, "a page did not come");
            return Vec::new();
        };
        let Some(more) = page["pageInfo"]["hasNextPage"].as_bool() else {
            self.give_up(reader, "a page does not say whether it is the last");
            return nodes;
        };
        self.total = page["totalCount"].as_u64();
        let count = nodes.len();
        // GitHub returns null for an item that it cannot show. Not counted, it makes the list incomplete, which is a
        // gap.
        let nodes: Vec<Value> = nodes.into_iter().filter(|node| !node.is_null()).collect();
        self.read += nodes.len() as u64;
        let cursor = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
        // A page without items or with the same cursor would lead to an endless loop.
        if more && (cursor.is_none() || cursor == self.cursor || count == 0) {
            self.give_up(reader, "the next page cannot be asked for");
        } else if !more {
            self.done = true;
            // The server's own count is the only sign of items that got lost.
            if self.total != Some(self.read) {
                let more = self.total.is_some_and(|total| self.read > total);
                self.give_up(reader, if more { "it changed meanwhile" } else { "the list is not complete" });
            }
        }
        self.cursor = cursor;
        nodes
    }

    /// Ends the list with a gap that counts the items read so far.
    pub(super) fn give_up(&mut self, reader: &mut PagedReader<'_>, why: &str) {
        self.done = true;
        let total = self.total.map_or_else(|| "an unknown number".to_owned(), |total| total.to_string());
        reader.gap(self.area, format!("read {} of {total} {}: {why}", self.read, self.what), None);
    }
}

impl<'c> PagedReader<'c> {
    /// Creates a reader without gaps and warnings.
    pub(super) fn new(client: &'c Client, repository: &'c RepositoryName) -> Self {
        let (gaps, warnings, names_by_id) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
        Self { client, repository, gaps, warnings, names_by_id, page_size: 100 }
    }

    /// Returns the variables that every query of the repository has.
    pub(super) fn names(&self) -> Value {
        json!({ "owner": self.repository.owner, "name": self.repository.name })
    }

    /// Returns `true` for the `owner/name` of the repository itself. GitHub ignores case.
    pub(super) fn is_own(&self, name_with_owner: &str) -> bool {
        name_with_owner.eq_ignore_ascii_case(&self.repository.to_string())
    }

    /// Remembers the name of an object by its `id`. The name is in the field `key`.
    pub(super) fn learn(&mut self, object: &Value, key: &str) {
        if let (Some(id), Some(name)) = (object["id"].as_str(), object[key].as_str()) {
            self.names_by_id.insert(id.to_owned(), name.to_owned());
        }
    }

    /// Notes evidence that could not be read.
    pub(super) fn gap(&mut self, area: Area, what: impl Into<String>, remedy: Option<&str>) {
        let (place, remedy) = (Some(self.repository.to_string()), remedy.map(str::to_owned));
        self.gaps.insert(Gap { area, place, what: what.into(), remedy });
    }

    /// Notes something about issues that could not be read and that has no remedy.
    pub(super) fn issue_gap(&mut self, what: impl Into<String>) {
        self.gap(Area::Issues, what, None);
    }

    /// Notes something that the user should look at.
    pub(super) fn warn(&mut self, text: String) {
        self.warnings.insert(Warning(text));
    }

    /// Deserializes an item. `None`, with a gap, if the item has another structure.
    pub(super) fn parse<T: DeserializeOwned>(&mut self, area: Area, what: &str, json: Value) -> Option<T> {
        let parsed = serde_path_to_error::deserialize(json);
        let refuse = |error: &serde_path_to_error::Error<serde_json::Error>| {
            self.gap(area, format!("{what} could not be read: {}: {}", error.path(), error.inner()), None);
        };
        parsed.inspect_err(refuse).ok()
    }

    /// Returns the text field `key` of each item; adds a gap if an item has none.
    pub(super) fn text_fields(&mut self, items: &[Value], key: &str, of: &str) -> Vec<String> {
        let texts: Vec<String> =
            items.iter().filter_map(|item| item[key].as_str().map(str::to_owned)).collect();
        if texts.len() != items.len() {
            self.issue_gap(format!("{} entries of {of} came without a {key}", items.len() - texts.len()));
        }
        texts
    }

    /// Returns the data of a query; errors in it become gaps. `None`, with a gap, if no answer came.
    pub(super) fn ask(&mut self, area: Area, what: &str, query: &str, variables: &Value) -> Option<Value> {
        self.try_ask(area, what, query, variables)
            .map_err(|error| self.gap(area, format!("{what} could not be read: {error}"), None))
            .ok()
    }

    /// Returns the data of a query; errors in it become gaps.
    pub(super) fn try_ask(
        &mut self,
        area: Area,
        what: &str,
        query: &str,
        variables: &Value,
    ) -> Result<Value, ApiError> {
        let answer = self.client.graphql(query, variables)?;
        // The data next to an error is used: it may hold an escaped defect.
        for error in answer.errors.iter().filter(|error| !is_optional(error)) {
            self.gap(area, format!("{what} could not be read completely: {error}"), remedy(error));
        }
        Ok(answer.data)
    }

    /// Returns the data of a query if the answer has no error at all.
    pub(super) fn ask_complete(&self, query: &str, variables: &Value) -> Result<Value, String> {
        let answer = self.client.graphql(query, variables).map_err(|error| error.to_string())?;
        match answer.errors.first() {
            Some(error) => Err(error.to_string()),
            None => Ok(answer.data),
        }
    }

    /// Halves the page size if a query with pages of `size` was too heavy. Returns `false` if there is nothing to halve.
    pub(super) fn halve(&mut self, error: &ApiError, size: u32) -> bool {
        if !error.is_too_heavy() || size <= SMALLEST_PAGE {
            return false;
        }
        // All later queries keep the smaller size: pages of this repository are heavy.
        self.page_size = (size / 2).max(SMALLEST_PAGE);
        self.client.log(&format!("{error}; going on with {} items a page", self.page_size));
        true
    }

    /// Asks about `items` in batches of a page, in smaller ones if a query is too heavy.
    ///
    /// # Errors
    /// The failure of a batch, with the number of items that are left.
    pub(super) fn in_batches<T>(
        &mut self,
        items: &[T],
        mut ask: impl FnMut(&mut Self, &[T]) -> Result<(), ApiError>,
    ) -> Result<(), (usize, ApiError)> {
        let mut open = items;
        while !open.is_empty() {
            let size = open.len().min(self.page_size as usize);
            let (batch, rest) = open.split_at(size);
            match ask(self, batch) {
                Ok(()) => open = rest,
                Err(error) if self.halve(&error, size as u32) => {}
                Err(error) => return Err((open.len(), error)),
            }
        }
        Ok(())
    }

    /// Reads a whole list from its first page on, which `query` finds at `pointer`. `None`, with a gap, if no answer came.
    pub(super) fn list(
        &mut self,
        area: Area,
        what: &str,
        query: &str,
        variables: &Value,
        pointer: &str,
    ) -> Option<Vec<Value>> {
        let first = take_at(&mut self.ask(area, what, query, variables)?, pointer);
        Some(self.rest_of_list(area, what, Some(first), query, variables, pointer))
    }

    /// Reads a list: the page at hand, then those that `query` finds at `pointer` for `$after`. If `variables` hold
    /// `first`, it becomes the page size.
    pub(super) fn rest_of_list(
        &mut self,
        area: Area,
        what: &str,
        first: Option<Value>,
        query: &str,
        variables: &Value,
        pointer: &str,
    ) -> Vec<Value> {
        let mut list = PagedList::new(area, what);
        let mut items = first.map_or_else(Vec::new, |mut page| list.take(self, &mut page));
        let (mut variables, has_size) = (variables.clone(), variables.get("first").is_some());
        while !list.is_done() {
            variables["after"] = list.after();
            if has_size {
                variables["first"] = json!(self.page_size);
            }
            match self.try_ask(area, what, query, &variables) {
                Ok(mut data) => items.extend(list.take(self, &mut take_at(&mut data, pointer))),
                Err(error) if has_size && self.halve(&error, self.page_size) => {}
                Err(error) => list.give_up(self, &error.to_string()),
            }
        }
        items
    }

    /// Reads a timeline backward from its last page: the events, newest first, and `true` if earlier ones were not read.
    pub(super) fn timeline(
        &mut self,
        what: &str,
        id: &str,
        mut last: Value,
        query: &str,
        pointer: &str,
    ) -> (Vec<Value>, bool) {
        let mut events = Vec::new();
        for earlier_pages in 0.. {
            let Value::Array(nodes) = last["nodes"].take() else {
                self.issue_gap(format!("{what} did not come"));
                break;
            };
            events.extend(nodes.into_iter().rev());
            let before = match last["pageInfo"]["hasPreviousPage"].as_bool() {
                Some(false) => break,
                Some(true) => last["pageInfo"]["startCursor"].take(),
                None => Value::Null,
            };
            if !before.is_string() {
                self.issue_gap(format!("earlier {what} cannot be asked for"));
                break;
            }
            // No gap: the newest events decide, and the caller learns that older ones are missing.
            if earlier_pages == MOST_EARLIER_PAGES {
                return (events, true);
            }
            let variables = json!({ "id": id, "before": before });
            let Some(mut data) = self.ask(Area::Issues, what, query, &variables) else {
                return (events, true);
            };
            last = take_at(&mut data, pointer);
        }
        (events, false)
    }
}

/// Takes the value at a pointer; null if there is none.
fn take_at(data: &mut Value, pointer: &str) -> Value {
    data.pointer_mut(pointer).map(Value::take).unwrap_or_default()
}

/// Returns `true` for an error about the time of the last change. Without that time there is no cache, but no evidence
/// is missing.
fn is_optional(error: &GraphqlError) -> bool {
    error.path.starts_with("repository.newest")
}

/// Returns the remedy for a kind of failure.
fn remedy(error: &GraphqlError) -> Option<&'static str> {
    match error.kind.as_deref() {
        Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => {
            Some("give the token `issues: read`, `pull-requests: read` and `contents: read`")
        }
        Some("NOT_FOUND") => Some("check the name, and that the token may read it"),
        Some(_) | None => None,
    }
}
