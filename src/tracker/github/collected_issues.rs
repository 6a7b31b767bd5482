//! All issues that may count: read from their lists, or brought up to date from the cache.

use std::path::Path;

use jiff::Timestamp;
use serde_json::json;

use super::SelectableNames;
use super::bisects;
use super::cache::{CacheFile, CacheState};
use super::issue::{IssueEntries, IssueEntry};
use super::issue_list::{self, IssueList};
use super::issue_store::IssueStore;
use super::labels;
use super::paged_reader::PagedReader;
use super::query::{self, IssueSelector, LISTS};
use super::refresh;
use super::schema::Schema;
use crate::model::{Area, Issue, PullRequest};
use crate::tracker::CollectionRequest;

/// Largest number of issues in a page.
// GitHub's own limit.
const PAGE: u32 = 100;

/// Largest number of lists in one document, however short the lists are.
const MOST_LISTS: usize = 20;

/// The issues of the wanted labels, types and milestones.
pub(super) struct CollectedIssues {
    /// The issues, by number.
    pub issues: Vec<Issue>,
    /// Pull requests that refer to the issues or to their fixes.
    pub referrers: Vec<PullRequest>,
}

/// Reads the issues of every wanted label, type and milestone. `None`, with a gap, if the repository has none of the
/// policy's labels and types.
///
/// `mark` is the time of the repository's last change, as the server told before any issue was read.
pub(super) fn collect_issues(
    reader: &mut PagedReader<'_>,
    schema: &Schema,
    names: SelectableNames<'_>,
    request: &CollectionRequest<'_>,
    cache: Option<&Path>,
    mark: Option<Timestamp>,
) -> Option<CollectedIssues> {
    let mut lists = choose_issue_lists(reader, schema, names, request)?;
    // Without the time of the last change, a later run could not ask what has changed since.
    let Some((folder, mark)) = cache.zip(mark) else {
        let entries = read_all_issues(reader, schema, lists, request).entries;
        return Some(add_bisects(reader, entries, request));
    };
    let cache = CacheFile::new(folder, reader, schema, &lists);
    let kept = cache.load(reader, request.now);
    let read_at = kept.as_ref().map_or(request.now, |(state, _)| state.read_at);
    let refreshed = kept.and_then(|kept| try_refresh(reader, schema, kept, &mut lists, request));
    let (entries, read_at) = match refreshed {
        Some(store) => (store.entries, read_at),
        None => (read_all_issues(reader, schema, lists, request).entries, request.now),
    };
    // A cache of a reading with gaps would hide the gaps from the next run.
    if reader.gaps.is_empty() {
        let state = CacheState { read_at, mark, names: reader.names_by_id.clone() };
        cache.save(reader, state, &entries);
    }
    Some(add_bisects(reader, entries, request))
}

/// Reads all issues of the lists.
fn read_all_issues<'a>(
    reader: &mut PagedReader<'_>,
    schema: &'a Schema,
    lists: Vec<IssueList>,
    request: &'a CollectionRequest<'_>,
) -> IssueStore<'a> {
    let mut store = IssueStore::new(schema, request.wants_files, IssueEntries::new());
    read_issue_lists(reader, &mut store, lists);
    store.finish(reader);
    store
}

/// Brings the issues of an earlier run up to date. `None` if that fails; the reader is then as if nothing had been asked.
fn try_refresh<'a>(
    reader: &mut PagedReader<'_>,
    schema: &'a Schema,
    kept: (CacheState, IssueEntries),
    lists: &mut [IssueList],
    request: &'a CollectionRequest<'_>,
) -> Option<IssueStore<'a>> {
    let before = (reader.gaps.clone(), reader.warnings.clone(), reader.names_by_id.clone());
    let why = match refresh::refresh_issues(reader, schema, kept, lists, request) {
        Ok(store) if reader.gaps == before.0 => return Some(store),
        Ok(_) => "what changed could not be read completely".to_owned(),
        Err(why) => why,
    };
    reader.client.log(&format!("the cache is not used, everything is read: {why}"));
    (reader.gaps, reader.warnings, reader.names_by_id) = before;
    None
}

/// Adds the bisect results of the comments to the issues.
fn add_bisects(
    reader: &mut PagedReader<'_>,
    entries: IssueEntries,
    request: &CollectionRequest<'_>,
) -> CollectedIssues {
    let mut bisects = bisects::collect_bisects(reader, &entries, request.wants_comments);
    let mut found = CollectedIssues { issues: Vec::with_capacity(entries.len()), referrers: Vec::new() };
    for IssueEntry { issue, referrers, .. } in entries.into_values() {
        found.referrers.extend(referrers);
        found.issues.push(Issue { bisects: bisects.remove(&issue.number), ..issue });
    }
    found
}

/// Returns a list for every wanted label, type and milestone. `None`, with a gap, if the repository has none of the policy's
/// labels and types.
fn choose_issue_lists(
    reader: &mut PagedReader<'_>,
    schema: &Schema,
    names: SelectableNames<'_>,
    request: &CollectionRequest<'_>,
) -> Option<Vec<IssueList>> {
    let labels = names.labels;
    labels::warn_of_absent_labels(reader, labels, request.expected_labels);
    let wanted = labels.iter().filter(|label| (request.wants_label)(label));
    let mut lists: Vec<IssueList> = wanted.map(|label| IssueList::new(IssueSelector::Label, label)).collect();
    let types = wanted_types(reader, schema, request);
    lists.extend(types.iter().map(|kind| IssueList::new(IssueSelector::Type, kind)));
    if lists.is_empty() {
        let place = reader.repository;
        let expected = request.expected_labels.iter().map(|expected| expected.source);
        let mut hints = expected.map(|name| labels::nearest_names(name, labels));
        let hint = hints.find(|hint| !hint.is_empty()).unwrap_or_default();
        let count = labels.len();
        let what = format!("no label or type of the policy exists in {place}: it has {count} labels{hint}");
        let remedy = "correct the policy's `defects` section, or create the labels in the repository";
        reader.gap(Area::Issues, what, Some(remedy));
        return None;
    }
    if !(request.can_escape)(labels, &types) {
        let what = "no label or type by which the policy knows an escaped defect exists in the repository";
        let remedy = "correct `defects.escaped` in the policy, or create the label in the repository";
        reader.gap(Area::Issues, what, Some(remedy));
    }
    // Only after the check above: milestones alone select no defects.
    let milestones = names.milestones.iter();
    lists.extend(milestones.map(|one| IssueList::new(IssueSelector::Milestone(one.number), &one.title)));
    Some(lists)
}

/// Returns the issue types of the repository that the policy names, in the repository's spelling.
fn wanted_types(
    reader: &mut PagedReader<'_>,
    schema: &Schema,
    request: &CollectionRequest<'_>,
) -> Vec<String> {
    if request.types.is_empty() {
        return Vec::new();
    }
    if !schema.issue_types {
        reader.warn("this server has no issue types: `types` in the policy match nothing".to_owned());
        return Vec::new();
    }
    // If the types could not be read, there is a gap already. The policy's own spelling is the best that is left.
    let Some(known) = labels::collect_issue_types(reader) else { return request.types.to_vec() };
    let mut found = Vec::new();
    for wanted in request.types {
        match known.iter().find(|kind| kind.to_lowercase() == wanted.to_lowercase()) {
            Some(kind) => found.push(kind.clone()),
            None => {
                let (place, hint) = (reader.repository, labels::nearest_names(wanted, &known));
                reader.warn(format!("no issue type of {place} is called `{wanted}`{hint}"));
            }
        }
    }
    found
}

/// Reads every list to its end, into the store.
fn read_issue_lists(reader: &mut PagedReader<'_>, store: &mut IssueStore<'_>, mut lists: Vec<IssueList>) {
    // Counting costs a request, which pays only if the lists need several documents.
    if lists.len() > LISTS {
        issue_list::count_issues(reader, &mut lists);
        // A batch needs as many requests as its longest list has pages, so lists of similar length go together.
        lists.sort_by_key(|list| list.expected.map_or(0, |count| u64::MAX - count));
    }
    let mut rest = lists.as_mut_slice();
    while !rest.is_empty() {
        let (count, page) = next_batch_size(rest);
        let (batch, others) = rest.split_at_mut(count);
        read_list_batch(reader, store, batch, page);
        rest = others;
    }
}

/// Returns the number of lists that go into the next document, and the size of their pages: [`LISTS`] full pages, or more
/// lists with shorter ones. GitHub limits a document by the size of the pages that it asks for. The lists are sorted, the
/// longest first.
fn next_batch_size(lists: &[IssueList]) -> (usize, u32) {
    let longest = lists.first().and_then(|list| list.expected);
    // A quarter and 5 more, because a list may have grown since it was counted.
    let page = longest.map_or(PAGE, |count| u32::try_from(count + count / 4 + 5).unwrap_or(PAGE).min(PAGE));
    let fits = usize::try_from(PAGE / page).unwrap_or(1) * LISTS;
    (fits.min(MOST_LISTS).min(lists.len()), page)
}

/// Reads several lists to their ends, a page of each in one request. The same request reads the changed files of fixes that
/// earlier pages brought.
fn read_list_batch(
    reader: &mut PagedReader<'_>,
    store: &mut IssueStore<'_>,
    batch: &mut [IssueList],
    page: u32,
) {
    loop {
        let mut open: Vec<&mut IssueList> = batch.iter_mut().filter(|list| !list.pages.is_done()).collect();
        if open.is_empty() {
            return;
        }
        let size = reader.page_size.min(page);
        let files = store.files.next(reader.page_size);
        let mut variables = reader.names();
        variables["first"] = json!(size);
        if !files.is_empty() {
            variables["files"] = json!(files);
        }
        for (index, list) in open.iter().enumerate() {
            variables[format!("chosen{index}")] = list.chosen();
            variables[format!("after{index}")] = list.pages.after();
        }
        let selectors: Vec<IssueSelector> = open.iter().map(|list| list.selector).collect();
        let query = query::issue_lists_query(store.schema, &selectors, !files.is_empty());
        match reader.try_ask(Area::Issues, "issues", &query, &variables) {
            Ok(mut data) => {
                for (index, list) in open.iter_mut().enumerate() {
                    let mut found = list.found(&mut data, index);
                    for issue in list.pages.take(reader, &mut found) {
                        store.keep(reader, issue);
                    }
                }
                store.files.take(reader, &files, data["files"].take());
            }
            Err(error) if reader.halve(&error, size) => {}
            Err(error) => {
                for list in open {
                    list.pages.give_up(reader, &error.to_string());
                }
            }
        }
    }
}
