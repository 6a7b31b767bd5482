//! What an earlier run read, brought up to date.
//!
//! A ticket is read again if the server says that it was updated, if an event happened to it, if a pull request changed
//! that closes it or did, or if it may change without any of that. Whatever tells that this is not enough (a ticket too
//! many, a name that changed, an answer that is not complete) is a reason to read everything.

mod changes;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::book::IssueStore;
use super::cache::CachedIssues;
use super::lists::{self, COUNTED, IssueList};
use super::query::{self, IssueSelector};
use super::reader::{PagedList, PagedReader};
use super::schema::Schema;
use super::ticket::IssueEntry;
use crate::model::{Area, IssueNumber, IssueState, StateReason};
use crate::tracker::CollectionRequest;

/// How far before the earlier reading changes are looked for: stamps may be late, and equal.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);

/// Below so many tickets to read again, the cache is worth it however small it is.
const FEW: usize = 400;

/// The most ids that GitHub takes at once.
const IDS: usize = 100;

/// What an earlier run read, brought up to date; or why everything has to be read.
pub(super) fn refresh<'a>(
    reader: &mut PagedReader<'_>,
    schema: &'a Schema,
    kept: CachedIssues,
    lists: &mut [IssueList],
    ask: &'a CollectionRequest<'_>,
) -> Result<IssueStore<'a>, String> {
    let since = kept.mark.checked_sub(OVERLAP).map_err(|why| why.to_string())?;
    let unknown = renamed(&reader.names_by_id, &kept.names)?;
    let (now, later) = unknown.split_at(unknown.len().min(IDS));
    let mut probe = ask_probe(reader, schema, lists, since, now)?;
    check_names(&probe["names"], now, &kept.names)?;
    for ids in later.chunks(IDS) {
        let data = answer(reader, &query::names(schema), &json!({ "ids": ids }))?;
        check_names(&data["names"], ids, &kept.names)?;
    }
    let most = FEW.max(kept.entries.len() / 10);
    reader.names_by_id.extend(kept.names);
    let mut book = IssueStore::new(schema, ask.wants_files, kept.entries);
    let mut read =
        take_changed(reader, &mut book, lists, probe["repository"]["changed"].take(), since, most)?;

    let pulls = changes::pulls(reader, probe["repository"]["pulls"].take(), since, most)?;
    let mut again = changes::events(reader, &book.entries, lists, since, most)?;
    for (number, entry) in &book.entries {
        if is_doubtful(entry, &book.entries) || book.lacks_files(&entry.ticket) || pulls.touch(entry) {
            again.insert(*number, entry.id.clone());
        } else if let Some(id) = again.get_mut(number) {
            entry.id.clone_into(id);
        }
    }
    again.retain(|number, _| !read.contains(number));
    if again.len() > most {
        return Err(format!("{} tickets may have changed", again.len()));
    }
    reread(reader, &mut book, lists, &again)?;
    read.extend(again.into_keys());
    // A new duplicate may want the files of its original.
    let originals = read.iter().filter_map(|number| book.entries.get(number)?.ticket.duplicate_of);
    let originals: BTreeMap<IssueNumber, String> = originals
        .filter(|original| !read.contains(original))
        .filter_map(|original| Some((original, book.entries.get(&original)?.id.clone())))
        .collect();
    reread(reader, &mut book, lists, &originals)?;
    check_counts(&book, lists)?;
    book.finish(reader);
    Ok(book)
}

/// The ids of names that are not known yet; an error if a known one is another now.
fn renamed(known: &BTreeMap<String, String>, kept: &BTreeMap<String, String>) -> Result<Vec<String>, String> {
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

/// Holds the names behind some ids against those that were kept.
fn check_names(found: &Value, ids: &[String], kept: &BTreeMap<String, String>) -> Result<(), String> {
    for (index, id) in ids.iter().enumerate() {
        let (name, now) = (kept.get(id).map(String::as_str), found[index]["name"].as_str());
        if found[index]["id"].as_str() != Some(id) || now != name {
            return Err(format!("`{}` was renamed or deleted", name.unwrap_or(id)));
        }
    }
    Ok(())
}

/// Asks what changed, and counts the lists.
fn ask_probe(
    reader: &mut PagedReader<'_>,
    schema: &Schema,
    lists: &mut [IssueList],
    since: Timestamp,
    ids: &[String],
) -> Result<Value, String> {
    let (counted, rest) = lists.split_at_mut(lists.len().min(COUNTED));
    lists::count(reader, rest);
    let mut variables = reader.names();
    variables["since"] = json!(since.to_string());
    variables["ids"] = json!(ids);
    for (index, list) in counted.iter().enumerate() {
        variables[format!("chosen{index}")] = list.chosen();
    }
    let choices: Vec<IssueSelector> = counted.iter().map(|list| list.choice).collect();
    let mut data = answer(reader, &query::probe(schema, &choices), &variables)?;
    for (index, list) in counted.iter_mut().enumerate() {
        list.expected = list.found(&mut data, index)["totalCount"].as_u64();
    }
    Ok(data)
}

/// Takes the tickets that were updated, page by page. The numbers of all of them.
fn take_changed(
    reader: &mut PagedReader<'_>,
    book: &mut IssueStore<'_>,
    lists: &[IssueList],
    mut page: Value,
    since: Timestamp,
    most: usize,
) -> Result<BTreeSet<IssueNumber>, String> {
    let total = page["totalCount"].as_u64().ok_or("the server does not say how many tickets changed")?;
    if total > most as u64 {
        return Err(format!("{total} tickets changed"));
    }
    let mut listing = PagedList::new(Area::Issues, "tickets that changed");
    let mut variables = reader.names();
    variables["since"] = json!(since.to_string());
    let mut numbers = BTreeSet::new();
    loop {
        for issue in listing.take(reader, &mut page) {
            numbers.extend(issue["number"].as_u64().map(IssueNumber));
            book.replace(reader, issue, lists);
        }
        if listing.is_done() {
            return Ok(numbers);
        }
        variables["after"] = listing.after();
        page = answer(reader, &query::changed(book.schema), &variables)?["repository"]["changed"].take();
    }
}

/// True if a ticket may be another without having been touched: see [`Entry::doubtful`]. Also a duplicate whose original
/// is not held: it is not seen to vanish.
fn is_doubtful(entry: &IssueEntry, entries: &BTreeMap<IssueNumber, IssueEntry>) -> bool {
    let ticket = &entry.ticket;
    let is_duplicate =
        ticket.state == IssueState::Closed && ticket.state_reason == Some(StateReason::Duplicate);
    let alone = match ticket.duplicate_of {
        Some(original) => !entries.contains_key(&original),
        None => is_duplicate,
    };
    entry.doubtful || alone
}

/// Reads tickets again, by their ids.
fn reread(
    reader: &mut PagedReader<'_>,
    book: &mut IssueStore<'_>,
    lists: &[IssueList],
    again: &BTreeMap<IssueNumber, String>,
) -> Result<(), String> {
    let document = query::reread(book.schema);
    let all: Vec<(&IssueNumber, &String)> = again.iter().collect();
    for batch in all.chunks(IDS) {
        let ids: Vec<&String> = batch.iter().map(|(_, id)| *id).collect();
        let mut data = answer(reader, &document, &json!({ "ids": ids }))?;
        for (index, (number, _)) in batch.iter().enumerate() {
            let issue = data["nodes"][index].take();
            if issue["number"].as_u64() != Some(number.0) {
                return Err(format!("ticket {number} is not where it was"));
            }
            book.replace(reader, issue, lists);
        }
    }
    Ok(())
}

/// Every list has as many tickets as the server says. One that was deleted, transferred or made a discussion is told by
/// nothing else.
fn check_counts(book: &IssueStore<'_>, lists: &[IssueList]) -> Result<(), String> {
    for list in lists {
        let held = book.entries.values().filter(|entry| list.has(&entry.ticket)).count();
        if list.expected != Some(held as u64) {
            let now = list.expected.map_or_else(|| "an unknown number".to_owned(), |count| count.to_string());
            return Err(format!("`{}` has {now} tickets, and {held} are known", list.name));
        }
    }
    Ok(())
}

/// An answer without any error.
fn answer(reader: &mut PagedReader<'_>, document: &str, variables: &Value) -> Result<Value, String> {
    let answer = reader.client.graphql(document, variables).map_err(|error| error.to_string())?;
    match answer.errors.first() {
        Some(error) => Err(error.to_string()),
        None => Ok(answer.data),
    }
}
