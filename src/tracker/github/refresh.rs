//! Brings the issues of an earlier run up to date.
//!
//! An issue is read again if
//!
//! - the server says that it was updated,
//! - an event happened to it,
//! - a pull request changed that closes it or did so before, or
//! - it may change without any of that.
//!
//! Any sign that this is not enough is a reason to read everything: an issue too many, a changed name, an incomplete answer.

mod changes;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::cache::CacheState;
use super::issue::{IssueEntries, IssueEntry};
use super::issue_list::{self, COUNTED, IssueList};
use super::issue_store::IssueStore;
use super::paged_reader::{PagedList, PagedReader};
use super::query::{self, IssueSelector};
use super::schema::Schema;
use crate::model::{Area, IssueNumber, IssueState, StateReason};
use crate::tracker::CollectionRequest;

/// Time before the earlier reading from which changes are looked for: time stamps may be late or equal.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);

/// Number of changed issues up to which the cache is worth it, however small it is.
const FEW: usize = 400;

/// Largest number of ids that GitHub takes in one request.
const IDS: usize = 100;

/// Brings the issues of an earlier run up to date.
///
/// # Errors
/// The reason why everything has to be read.
pub(super) fn refresh_issues<'a>(
    reader: &mut PagedReader<'_>,
    schema: &'a Schema,
    (kept, entries): (CacheState, IssueEntries),
    lists: &mut [IssueList],
    request: &'a CollectionRequest<'_>,
) -> Result<IssueStore<'a>, String> {
    let since = kept.mark.checked_sub(OVERLAP).map_err(|why| why.to_string())?;
    let unknown = unknown_names(&reader.names_by_id, &kept.names)?;
    // The probe also asks for the first names, so that most runs need no further request.
    let (now, later) = unknown.split_at(unknown.len().min(IDS));
    let mut probe = ask_probe(reader, schema, lists, since, now)?;
    check_names(&probe["names"], now, &kept.names)?;
    for ids in later.chunks(IDS) {
        let data = reader.ask_complete(&query::names_query(schema), &json!({ "ids": ids }))?;
        check_names(&data["names"], ids, &kept.names)?;
    }
    // Beyond a tenth of the issues, reading them one by one costs more than reading the lists.
    let most = FEW.max(entries.len() / 10);
    // Issues that are not read again do not bring the names of their types and milestones.
    reader.names_by_id.extend(kept.names);
    let mut store = IssueStore::new(schema, request.wants_files, entries);
    let mut read =
        take_changed(reader, &mut store, lists, probe["repository"]["changed"].take(), since, most)?;

    let pulls = changes::changed_pull_requests(reader, probe["repository"]["pulls"].take(), since, most)?;
    let mut again = changes::issues_with_events(reader, &store.entries, lists, since, most)?;
    for (number, entry) in &store.entries {
        if is_doubtful(entry, &store.entries) || store.lacks_files(&entry.issue) || pulls.touch(entry) {
            again.insert(*number, entry.id.clone());
        } else if let Some(id) = again.get_mut(number) {
            entry.id.clone_into(id);
        }
    }
    again.retain(|number, _| !read.contains(number));
    if again.len() > most {
        return Err(format!("{} issues may have changed", again.len()));
    }
    read_issues_again(reader, &mut store, lists, &again)?;
    read.extend(again.into_keys());
    // A new duplicate may need the changed files of its original.
    let originals = read.iter().filter_map(|number| store.entries.get(number)?.issue.duplicate_of);
    let originals: BTreeMap<IssueNumber, String> = originals
        .filter(|original| !read.contains(original))
        .filter_map(|original| Some((original, store.entries.get(&original)?.id.clone())))
        .collect();
    read_issues_again(reader, &mut store, lists, &originals)?;
    check_counts(&store, lists)?;
    store.finish(reader);
    Ok(store)
}

/// Returns the ids of kept names that are not known yet.
///
/// # Errors
/// If a known name is another one now.
fn unknown_names(
    known: &BTreeMap<String, String>,
    kept: &BTreeMap<String, String>,
) -> Result<Vec<String>, String> {
    let mut unknown = Vec::new();
    for (id, name) in kept {
        match known.get(id) {
            Some(now) if now == name => {}
            Some(now) => return Err(format!("`{name}` is called `{now}` now")),
            None => unknown.push(id.clone()),
        }
    }
    Ok(unknown)
}

/// Compares the names behind some ids with the kept names.
fn check_names(found: &Value, ids: &[String], kept: &BTreeMap<String, String>) -> Result<(), String> {
    for (index, id) in ids.iter().enumerate() {
        let (name, now) = (kept.get(id).map(String::as_str), found[index]["name"].as_str());
        if found[index]["id"].as_str() != Some(id) || now != name {
            return Err(format!("`{}` was renamed or deleted", name.unwrap_or(id)));
        }
    }
    Ok(())
}

/// Asks for changes, and counts the lists.
fn ask_probe(
    reader: &PagedReader<'_>,
    schema: &Schema,
    lists: &mut [IssueList],
    since: Timestamp,
    ids: &[String],
) -> Result<Value, String> {
    let (counted, rest) = lists.split_at_mut(lists.len().min(COUNTED));
    issue_list::count_issues(reader, rest);
    let mut variables = reader.names();
    variables["since"] = json!(since.to_string());
    variables["ids"] = json!(ids);
    for (index, list) in counted.iter().enumerate() {
        variables[format!("chosen{index}")] = list.chosen();
    }
    let selectors: Vec<IssueSelector> = counted.iter().map(|list| list.selector).collect();
    let mut data = reader.ask_complete(&query::probe_query(schema, &selectors), &variables)?;
    for (index, list) in counted.iter_mut().enumerate() {
        list.expected = list.found(&mut data, index)["totalCount"].as_u64();
    }
    Ok(data)
}

/// Takes the issues that were updated, page by page, and returns their numbers.
fn take_changed(
    reader: &mut PagedReader<'_>,
    store: &mut IssueStore<'_>,
    lists: &[IssueList],
    mut page: Value,
    since: Timestamp,
    most: usize,
) -> Result<BTreeSet<IssueNumber>, String> {
    let total = page["totalCount"].as_u64().ok_or("the server does not say how many issues changed")?;
    if total > most as u64 {
        return Err(format!("{total} issues changed"));
    }
    let mut pages = PagedList::new(Area::Issues, "issues that changed");
    let mut variables = reader.names();
    variables["since"] = json!(since.to_string());
    let mut numbers = BTreeSet::new();
    loop {
        for issue in pages.take(reader, &mut page) {
            numbers.extend(issue["number"].as_u64().map(IssueNumber));
            store.replace(reader, issue, lists);
        }
        if pages.is_done() {
            return Ok(numbers);
        }
        variables["after"] = pages.after();
        let query = query::changed_issues_query(store.schema);
        page = reader.ask_complete(&query, &variables)?["repository"]["changed"].take();
    }
}

/// Returns `true` if an issue may have changed without an update: see [`IssueEntry::doubtful`]. Also for a duplicate whose
/// original is not in the cache, because nothing reports that the original is gone.
fn is_doubtful(entry: &IssueEntry, entries: &IssueEntries) -> bool {
    let issue = &entry.issue;
    let is_duplicate =
        issue.state == IssueState::Closed && issue.state_reason == Some(StateReason::Duplicate);
    let alone = match issue.duplicate_of {
        Some(original) => !entries.contains_key(&original),
        None => is_duplicate,
    };
    entry.doubtful || alone
}

/// Reads issues again, by their ids.
fn read_issues_again(
    reader: &mut PagedReader<'_>,
    store: &mut IssueStore<'_>,
    lists: &[IssueList],
    again: &BTreeMap<IssueNumber, String>,
) -> Result<(), String> {
    let query = query::issues_by_id_query(store.schema);
    let all: Vec<(&IssueNumber, &String)> = again.iter().collect();
    for batch in all.chunks(IDS) {
        let ids: Vec<&String> = batch.iter().map(|(_, id)| *id).collect();
        let mut data = reader.ask_complete(&query, &json!({ "ids": ids }))?;
        for (index, (number, _)) in batch.iter().enumerate() {
            let issue = data["nodes"][index].take();
            // A deleted issue comes as null.
            if issue["number"].as_u64() != Some(number.0) {
                return Err(format!("issue {number} is not where it was"));
            }
            store.replace(reader, issue, lists);
        }
    }
    Ok(())
}

/// Compares the number of known issues of every list with the server's count. Nothing else reports an issue that was
/// deleted, transferred or turned into a discussion.
fn check_counts(store: &IssueStore<'_>, lists: &[IssueList]) -> Result<(), String> {
    for list in lists {
        let held = store.entries.values().filter(|entry| list.has(&entry.issue)).count();
        if list.expected != Some(held as u64) {
            let now = list.expected.map_or_else(|| "an unknown number".to_owned(), |count| count.to_string());
            return Err(format!("`{}` has {now} issues, and {held} are known", list.name));
        }
    }
    Ok(())
}
