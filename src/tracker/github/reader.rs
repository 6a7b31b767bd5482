//! Reading with nothing lost unnoticed: every error, null and missing page becomes a gap.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::RepositoryName;
use crate::github::{ApiError, Client, GraphqlError};
use crate::model::{Area, Gap, Warning};

/// The smallest page that is asked for before a heavy query is given up.
const SMALLEST_PAGE: u32 = 1;

/// Asks, and keeps what could not be read.
pub(super) struct PagedReader<'c> {
    /// The connection.
    pub client: &'c Client,
    /// What is read.
    pub repository: &'c RepositoryName,
    /// What could not be read so far.
    pub gaps: BTreeSet<Gap>,
    /// What a person should look at.
    pub warnings: BTreeSet<Warning>,
    /// The names that tickets refer to by id: labels, issue types, milestones.
    pub names_by_id: BTreeMap<String, String>,
    /// How many items a page has; halved when the server finds a query too heavy.
    pub page_size: u32,
}

/// A list that is read page by page.
pub(super) struct PagedList {
    /// Which evidence it belongs to.
    area: Area,
    /// What it lists, for gaps: "tickets labelled `bug`".
    what: String,
    /// Where the next page starts.
    cursor: Option<String>,
    /// Items that came, as the server counts them.
    read: u64,
    /// How many there are, by the server's last word.
    total: Option<u64>,
    /// True once nothing more is to be asked.
    done: bool,
}

impl PagedList {
    /// A list of which nothing was read yet.
    pub(super) fn new(area: Area, what: impl Into<String>) -> Self {
        Self { area, what: what.into(), cursor: None, read: 0, total: None, done: false }
    }

    /// True once nothing more is to be asked.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// The `after` argument of the next page.
    pub(super) fn after(&self) -> Value {
        json!(self.cursor)
    }

    /// Takes the items of a page, and notes where the next one starts.
    pub(super) fn take(&mut self, reader: &mut PagedReader<'_>, page: &mut Value) -> Vec<Value> {
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
        let nodes: Vec<Value> = nodes.into_iter().filter(|node| !node.is_null()).collect();
        self.read += nodes.len() as u64;
        let cursor = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
        if more && (cursor.is_none() || cursor == self.cursor || count == 0) {
            self.give_up(reader, "the next page cannot be asked for");
        } else if !more {
            self.done = true;
            if self.total != Some(self.read) {
                let more = self.total.is_some_and(|total| self.read > total);
                self.give_up(reader, if more { "it changed meanwhile" } else { "the list is not complete" });
            }
        }
        self.cursor = cursor;
        nodes
    }

    /// Ends the list with a gap that says how much of it was read.
    pub(super) fn give_up(&mut self, reader: &mut PagedReader<'_>, why: &str) {
        self.done = true;
        let total = self.total.map_or_else(|| "an unknown number".to_owned(), |total| total.to_string());
        reader.gap(self.area, format!("read {} of {total} {}: {why}", self.read, self.what), None);
    }
}

impl<'c> PagedReader<'c> {
    /// Nothing read yet.
    pub(super) fn new(client: &'c Client, repository: &'c RepositoryName) -> Self {
        let (gaps, warnings, names_by_id) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
        Self { client, repository, gaps, warnings, names_by_id, page_size: 100 }
    }

    /// The variables that every query of the repository has.
    pub(super) fn names(&self) -> Value {
        json!({ "owner": self.repository.owner, "name": self.repository.name })
    }

    /// Remembers the name of a thing that has an `id` and a `name`.
    pub(super) fn learn(&mut self, thing: &Value, name: &str) {
        if let (Some(id), Some(name)) = (thing["id"].as_str(), thing[name].as_str()) {
            self.names_by_id.insert(id.to_owned(), name.to_owned());
        }
    }

    /// Notes something that could not be read.
    pub(super) fn gap(&mut self, area: Area, what: impl Into<String>, remedy: Option<&str>) {
        let (place, remedy) = (Some(self.repository.to_string()), remedy.map(str::to_owned));
        self.gaps.insert(Gap { area, place, what: what.into(), remedy });
    }

    /// Notes something that a person should look at.
    pub(super) fn warn(&mut self, text: String) {
        self.warnings.insert(Warning(text));
    }

    /// The data of a query; errors in it are gaps. None, and a gap, if no answer came.
    pub(super) fn ask(&mut self, area: Area, what: &str, query: &str, variables: &Value) -> Option<Value> {
        match self.try_ask(area, what, query, variables) {
            Ok(data) => Some(data),
            Err(error) => {
                self.gap(area, format!("{what} could not be read: {error}"), None);
                None
            }
        }
    }

    /// The data of a query; errors in it are gaps.
    pub(super) fn try_ask(
        &mut self,
        area: Area,
        what: &str,
        query: &str,
        variables: &Value,
    ) -> Result<Value, ApiError> {
        let answer = self.client.graphql(query, variables)?;
        for error in answer.errors.iter().filter(|error| !is_by_the_way(error)) {
            self.gap(area, format!("{what} could not be read completely: {error}"), remedy(error));
        }
        Ok(answer.data)
    }

    /// Halves the pages if the server found a query with pages of this size too heavy. False if there is nothing to halve.
    pub(super) fn halve(&mut self, error: &ApiError, size: u32) -> bool {
        if !error.is_too_heavy() || size <= SMALLEST_PAGE {
            return false;
        }
        self.page_size = (size / 2).max(SMALLEST_PAGE);
        self.client.log(&format!("{error}; going on with {} items a page", self.page_size));
        true
    }

    /// All items of a list: the page at hand, then those that `query` brings at `pointer` for `$after`.
    pub(super) fn list(
        &mut self,
        mut listing: PagedList,
        mut first: Value,
        query: &str,
        variables: &Value,
        pointer: &str,
    ) -> Vec<Value> {
        let mut items = listing.take(self, &mut first);
        while !listing.is_done() {
            let mut variables = variables.clone();
            variables["after"] = listing.after();
            let what = listing.what.clone();
            let page = self.try_ask(listing.area, &what, query, &variables);
            match page.as_ref().map(|data| data.pointer(pointer).cloned().unwrap_or(Value::Null)) {
                Ok(mut page) => items.extend(listing.take(self, &mut page)),
                Err(error) => listing.give_up(self, &error.to_string()),
            }
        }
        items
    }
}

/// True for the times of the last change, which are asked for by the way: without them there is no cache, and nothing is
/// missing.
fn is_by_the_way(error: &GraphqlError) -> bool {
    error.path.starts_with("repository.newest")
}

/// What to do about a failure that GraphQL names.
fn remedy(error: &GraphqlError) -> Option<&'static str> {
    match error.kind.as_deref() {
        Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => {
            Some("give the token `issues: read`, `pull-requests: read` and `contents: read`")
        }
        Some("NOT_FOUND") => Some("check the name, and that the token may read it"),
        Some(_) | None => None,
    }
}
