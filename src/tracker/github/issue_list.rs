//! Lists of issues, one for each label, type or milestone. One request reads a page of several lists.

use serde_json::{Value, json};

use super::issue_store::IssueStore;
use super::paged_reader::{PagedList, PagedReader};
use super::query::{self, IssueSelector, LISTS};
use crate::model::{Area, Issue};

/// Largest number of issues in a page.
// GitHub's own limit.
const PAGE: u32 = 100;

/// Largest number of lists in one document, however short the lists are.
const MOST_LISTS: usize = 20;

/// Number of lists that one request counts.
pub(super) const COUNTED: usize = 100;

/// The issues of a label, type or milestone.
pub(super) struct IssueList {
    pub selector: IssueSelector,
    /// Label, type or milestone title, in the repository's spelling.
    pub name: String,
    /// Number of issues by an earlier count.
    pub expected: Option<u64>,
    pages: PagedList,
}

impl IssueList {
    /// Starts before the first page.
    pub(super) fn new(selector: IssueSelector, name: &str) -> Self {
        let what = match selector {
            IssueSelector::Label => format!("issues labelled `{name}`"),
            IssueSelector::Type => format!("issues of type `{name}`"),
            IssueSelector::Milestone(_) => format!("issues in milestone `{name}`"),
        };
        Self { selector, name: name.to_owned(), pages: PagedList::new(Area::Issues, what), expected: None }
    }

    /// Returns `true` if an issue with these labels, type and milestone belongs to the list.
    pub(super) fn holds<'l>(
        &self,
        mut labels: impl Iterator<Item = &'l str>,
        kind: Option<&str>,
        milestone: Option<&str>,
    ) -> bool {
        match self.selector {
            IssueSelector::Label => labels.any(|label| label == self.name),
            IssueSelector::Type => kind == Some(&self.name),
            IssueSelector::Milestone(_) => milestone == Some(&self.name),
        }
    }

    /// Returns `true` if the issue belongs to the list.
    pub(super) fn has(&self, issue: &Issue) -> bool {
        let labels = issue.labels.iter().map(String::as_str);
        self.holds(labels, issue.issue_type.as_deref(), issue.milestone.as_deref())
    }

    /// Returns the query variable that selects the list.
    pub(super) fn chosen(&self) -> Value {
        match self.selector {
            IssueSelector::Label => json!([self.name]),
            IssueSelector::Type => json!(self.name),
            IssueSelector::Milestone(number) => json!(number),
        }
    }

    /// Takes the list from an answer, where it is `list0`, `list1` and so on.
    pub(super) fn found(&self, data: &mut Value, index: usize) -> Value {
        let place = match self.selector {
            IssueSelector::Label | IssueSelector::Type => format!("/repository/list{index}"),
            // GitHub lists the issues of a milestone below the milestone.
            IssueSelector::Milestone(_) => format!("/repository/list{index}/issues"),
        };
        data.pointer_mut(&place).map(Value::take).unwrap_or_default()
    }
}

/// Reads every list to its end, into the store.
pub(super) fn read_issue_lists(
    reader: &mut PagedReader<'_>,
    store: &mut IssueStore<'_>,
    mut lists: Vec<IssueList>,
) {
    // Counting costs a request, which pays only if the lists need several documents.
    if lists.len() > LISTS {
        count_issues(reader, &mut lists);
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

/// Counts the issues of each list, many lists a request. A list that cannot be counted is treated as long.
pub(super) fn count_issues(reader: &PagedReader<'_>, lists: &mut [IssueList]) {
    for batch in lists.chunks_mut(COUNTED) {
        let selectors: Vec<IssueSelector> = batch.iter().map(|list| list.selector).collect();
        let mut variables = reader.names();
        for (index, list) in batch.iter().enumerate() {
            variables[format!("chosen{index}")] = list.chosen();
        }
        // A failure here is no gap: the lists are read anyway.
        let query = query::list_counts_query(&selectors);
        let Ok(mut answer) = reader.client.graphql(&query, &variables) else { continue };
        for (index, list) in batch.iter_mut().enumerate() {
            list.expected = list.found(&mut answer.data, index)["totalCount"].as_u64();
        }
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
