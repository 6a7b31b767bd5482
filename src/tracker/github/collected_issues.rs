//! All issues that may count: read from their lists, or brought up to date from the cache.

use std::path::Path;

use jiff::Timestamp;

use super::SelectableNames;
use super::bisects;
use super::cache::{CacheFile, CacheState};
use super::issue::{IssueEntries, IssueEntry};
use super::issue_list::{self, IssueList};
use super::issue_store::IssueStore;
use super::labels;
use super::paged_reader::PagedReader;
use super::query::IssueSelector;
use super::refresh;
use super::schema::Schema;
use crate::model::{Area, Issue, PullRequest};
use crate::tracker::CollectionRequest;

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
    issue_list::read_issue_lists(reader, &mut store, lists);
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
