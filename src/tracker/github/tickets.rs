//! All tickets that may count: read from the lists that hold them, or brought up to date from the cache.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::SelectableNames;
use super::book::IssueStore;
use super::cache::{Cache, CachedIssues};
use super::comments;
use super::labels;
use super::lists::{self, IssueList};
use super::query::IssueSelector;
use super::reader::PagedReader;
use super::refresh;
use super::schema::Schema;
use super::ticket::IssueEntry;
use crate::model::{Area, Issue, IssueNumber, PullRequest};
use crate::tracker::CollectionRequest;

/// What the wanted labels, types and milestones hold.
pub(super) struct CollectedIssues {
    /// The tickets, by number.
    pub tickets: Vec<Issue>,
    /// The pull requests that refer to them or to their fixes, each once.
    pub referrers: Vec<PullRequest>,
}

/// The tickets of every wanted label, type and milestone. None, and a gap, if the policy's words name nothing in the repository.
///
/// `mark` is the last time that anything changed in the repository, as the server told before any ticket was read.
pub(super) fn gather(
    reader: &mut PagedReader<'_>,
    schema: &Schema,
    named: SelectableNames<'_>,
    ask: &CollectionRequest<'_>,
    cache: Option<&Cache>,
    mark: Option<Timestamp>,
) -> Option<CollectedIssues> {
    let mut lists = choose(reader, schema, named, ask)?;
    let Some((cache, mark)) = cache.zip(mark) else {
        let entries = read(reader, schema, lists, ask).entries;
        return Some(tickets(reader, entries, ask));
    };
    let place = cache.place(reader, schema, &lists);
    let kept = place.load(reader, ask.now);
    let read_at = kept.as_ref().map(|kept| kept.read_at);
    let (book, read_at) = match kept.and_then(|kept| refreshed(reader, schema, kept, &mut lists, ask)) {
        Some(book) => (book, read_at.unwrap_or(ask.now)),
        None => (read(reader, schema, lists, ask), ask.now),
    };
    // What was read with a gap would hide the gap from the next run.
    if reader.gaps.is_empty() {
        let kept = CachedIssues { read_at, mark, names: reader.names_by_id.clone(), entries: book.entries };
        place.save(reader, &kept);
        return Some(tickets(reader, kept.entries, ask));
    }
    Some(tickets(reader, book.entries, ask))
}

/// All tickets of the lists.
fn read<'a>(
    reader: &mut PagedReader<'_>,
    schema: &'a Schema,
    lists: Vec<IssueList>,
    ask: &'a CollectionRequest<'_>,
) -> IssueStore<'a> {
    let mut book = IssueStore::new(schema, ask.wants_files, BTreeMap::new());
    lists::read_all(reader, &mut book, lists);
    book.finish(reader);
    book
}

/// Tickets of an earlier run, brought up to date. None if they cannot be; then it is as if nothing had been asked.
fn refreshed<'a>(
    reader: &mut PagedReader<'_>,
    schema: &'a Schema,
    kept: CachedIssues,
    lists: &mut [IssueList],
    ask: &'a CollectionRequest<'_>,
) -> Option<IssueStore<'a>> {
    let before = (reader.gaps.clone(), reader.warnings.clone(), reader.names_by_id.clone());
    let why = match refresh::refresh(reader, schema, kept, lists, ask) {
        Ok(book) if reader.gaps == before.0 => return Some(book),
        Ok(_) => "what changed could not be read completely".to_owned(),
        Err(why) => why,
    };
    reader.client.log(&format!("the cache is not used, everything is read: {why}"));
    (reader.gaps, reader.warnings, reader.names_by_id) = before;
    None
}

/// The tickets, by number, with what their comments say.
fn tickets(
    reader: &mut PagedReader<'_>,
    entries: BTreeMap<IssueNumber, IssueEntry>,
    ask: &CollectionRequest<'_>,
) -> CollectedIssues {
    let mut said = comments::gather(reader, &entries, ask.wants_comments);
    let mut found = CollectedIssues { tickets: Vec::with_capacity(entries.len()), referrers: Vec::new() };
    for IssueEntry { ticket, referrers, .. } in entries.into_values() {
        found.referrers.extend(referrers);
        found.tickets.push(Issue { bisects: said.remove(&ticket.number), ..ticket });
    }
    found
}

/// A list for every wanted label, type and milestone. None, and a gap, if the policy's words name nothing in the repository.
fn choose(
    reader: &mut PagedReader<'_>,
    schema: &Schema,
    named: SelectableNames<'_>,
    ask: &CollectionRequest<'_>,
) -> Option<Vec<IssueList>> {
    let names = named.labels;
    labels::warn_of_absent(reader, names, ask.expected_labels);
    let wanted = names.iter().filter(|label| (ask.wants_label)(label));
    let mut lists: Vec<IssueList> = wanted.map(|label| IssueList::new(IssueSelector::Label, label)).collect();
    let types = wanted_types(reader, schema, ask);
    lists.extend(types.iter().map(|kind| IssueList::new(IssueSelector::Type, kind)));
    if lists.is_empty() {
        let place = reader.repository;
        let asked: Vec<&str> = ask.expected_labels.iter().map(|expected| expected.source).collect();
        let hint = asked.iter().map(|name| labels::nearest(name, names)).find(|hint| !hint.is_empty());
        let what = format!(
            "no label or type of the policy exists in {place}: it has {} labels{}",
            names.len(),
            hint.unwrap_or_default()
        );
        let remedy = "correct the policy's `defects` section, or create the labels in the repository";
        reader.gap(Area::Issues, what, Some(remedy));
        return None;
    }
    if !(ask.can_escape)(names, &types) {
        let what = "no label or type by which the policy knows an escaped defect exists in the repository";
        let remedy = "correct `defects.escaped` in the policy, or create the label in the repository";
        reader.gap(Area::Issues, what, Some(remedy));
    }
    let milestones = named.milestones.iter();
    lists.extend(milestones.map(|one| IssueList::new(IssueSelector::Milestone(one.number), &one.title)));
    Some(lists)
}

/// The types of the repository that the policy names, in the repository's spelling.
fn wanted_types(reader: &mut PagedReader<'_>, schema: &Schema, ask: &CollectionRequest<'_>) -> Vec<String> {
    if ask.types.is_empty() {
        return Vec::new();
    }
    if !schema.issue_types {
        reader.warn("this server has no issue types: `types` in the policy match nothing".to_owned());
        return Vec::new();
    }
    // Where the types could not be read there is a gap already; the policy's own spelling is the best that is left.
    let Some(known) = labels::types(reader) else { return ask.types.to_vec() };
    let mut found = Vec::new();
    for wanted in ask.types {
        match known.iter().find(|kind| kind.to_lowercase() == wanted.to_lowercase()) {
            Some(kind) => found.push(kind.clone()),
            None => {
                let (place, hint) = (reader.repository, labels::nearest(wanted, &known));
                reader.warn(format!("no issue type of {place} is called `{wanted}`{hint}"));
            }
        }
    }
    found
}
