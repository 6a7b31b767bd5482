//! Lists of tickets: one a label, type or milestone, several a request, read to their ends.

use serde_json::{Map, Value, json};

use super::book::IssueStore;
use super::query::{self, IssueSelector, LISTS};
use super::reader::{PagedList, PagedReader};
use crate::model::{Area, Issue};

/// Tickets of a page.
const PAGE: u32 = 100;

/// The most lists of one document, however short.
const MOST_LISTS: usize = 20;

/// How many lists are counted at once.
pub(super) const COUNTED: usize = 100;

/// The tickets of a label, type or milestone.
pub(super) struct IssueList {
    /// By what they are chosen.
    pub choice: IssueSelector,
    /// The label's or the type's name, or the milestone's title, in the repository's spelling.
    pub name: String,
    /// How many there were when they were counted.
    pub expected: Option<u64>,
    /// How far it was read.
    listing: PagedList,
}

impl IssueList {
    /// A list of which nothing was read yet.
    pub(super) fn new(choice: IssueSelector, name: &str) -> Self {
        let what = match choice {
            IssueSelector::Label => format!("tickets labelled `{name}`"),
            IssueSelector::Type => format!("tickets of type `{name}`"),
            IssueSelector::Milestone(_) => format!("tickets in milestone `{name}`"),
        };
        Self { choice, name: name.to_owned(), listing: PagedList::new(Area::Issues, what), expected: None }
    }

    /// True if a ticket with these labels, of this type and in this milestone belongs to it.
    pub(super) fn holds<'l>(
        &self,
        mut labels: impl Iterator<Item = &'l str>,
        kind: Option<&str>,
        milestone: Option<&str>,
    ) -> bool {
        match self.choice {
            IssueSelector::Label => labels.any(|label| label == self.name),
            IssueSelector::Type => kind == Some(&self.name),
            IssueSelector::Milestone(_) => milestone == Some(&self.name),
        }
    }

    /// True if a ticket belongs to it.
    pub(super) fn has(&self, ticket: &Issue) -> bool {
        let labels = ticket.labels.iter().map(String::as_str);
        self.holds(labels, ticket.issue_type.as_deref(), ticket.milestone.as_deref())
    }

    /// What it is chosen by, as a variable.
    pub(super) fn chosen(&self) -> Value {
        match self.choice {
            IssueSelector::Label => json!([self.name]),
            IssueSelector::Type => json!(self.name),
            IssueSelector::Milestone(number) => json!(number),
        }
    }

    /// What an answer brings of it, if it was asked for as `list0`, `list1` and so on.
    pub(super) fn found(&self, data: &mut Value, index: usize) -> Value {
        let place = match self.choice {
            IssueSelector::Label | IssueSelector::Type => format!("/repository/list{index}"),
            IssueSelector::Milestone(_) => format!("/repository/list{index}/issues"),
        };
        data.pointer_mut(&place).map(Value::take).unwrap_or_default()
    }
}

/// Reads every list to its end, into the book.
pub(super) fn read_all(reader: &mut PagedReader<'_>, book: &mut IssueStore<'_>, mut lists: Vec<IssueList>) {
    if lists.len() > LISTS {
        count(reader, &mut lists);
        // Long lists with long ones: as many pages of a document as the longest of them has.
        lists.sort_by_key(|list| list.expected.map_or(0, |count| u64::MAX - count));
    }
    let mut rest = lists.as_mut_slice();
    while !rest.is_empty() {
        let (count, page) = fitting(rest);
        let (batch, others) = rest.split_at_mut(count);
        read(reader, book, batch, page);
        rest = others;
    }
}

/// Counts the tickets of each list, many lists a request. What cannot be counted is taken for long.
pub(super) fn count(reader: &mut PagedReader<'_>, lists: &mut [IssueList]) {
    for batch in lists.chunks_mut(COUNTED) {
        let choices: Vec<IssueSelector> = batch.iter().map(|list| list.choice).collect();
        let Value::Object(mut variables) = reader.names() else { return };
        for (index, list) in batch.iter().enumerate() {
            variables.insert(format!("chosen{index}"), list.chosen());
        }
        // A failure here is no gap: the lists are read anyway.
        let document = query::counts(&choices);
        let Ok(mut answer) = reader.client.graphql(&document, &Value::Object(variables)) else { continue };
        for (index, list) in batch.iter_mut().enumerate() {
            list.expected = list.found(&mut answer.data, index)["totalCount"].as_u64();
        }
    }
}

/// How many of these lists, the longest first, go into one document, and how long its pages are: [`LISTS`] full pages, or
/// more lists with shorter ones. What a document may bring counts by the pages it asks for.
fn fitting(lists: &[IssueList]) -> (usize, u32) {
    // A list may have grown since it was counted.
    let longest = lists.first().and_then(|list| list.expected);
    let page = longest.map_or(PAGE, |count| u32::try_from(count + count / 4 + 5).unwrap_or(PAGE).min(PAGE));
    let fits = usize::try_from(PAGE / page).unwrap_or(1) * LISTS;
    (fits.min(MOST_LISTS).min(lists.len()), page)
}

/// Reads several lists to their ends, a page of each in one request, with the files of changes that came before.
fn read(reader: &mut PagedReader<'_>, book: &mut IssueStore<'_>, batch: &mut [IssueList], page: u32) {
    loop {
        let mut open: Vec<&mut IssueList> = batch.iter_mut().filter(|list| !list.listing.is_done()).collect();
        if open.is_empty() {
            return;
        }
        let size = reader.page_size.min(page);
        let files = book.files.next(reader.page_size);
        let choices: Vec<IssueSelector> = open.iter().map(|list| list.choice).collect();
        let document = query::tickets(book.schema, &choices, !files.is_empty());
        let variables = Value::Object(variables(reader, &open, size, &files));
        match reader.try_ask(Area::Issues, "tickets", &document, &variables) {
            Ok(mut data) => {
                for (index, list) in open.iter_mut().enumerate() {
                    let mut found = list.found(&mut data, index);
                    for issue in list.listing.take(reader, &mut found) {
                        book.keep(reader, issue);
                    }
                }
                book.files.take(reader, &files, data["files"].take());
            }
            Err(error) if reader.halve(&error, size) => {}
            Err(error) => {
                for list in open {
                    list.listing.give_up(reader, &error.to_string());
                }
            }
        }
    }
}

/// What the document's variables stand for.
fn variables(
    reader: &PagedReader<'_>,
    open: &[&mut IssueList],
    first: u32,
    files: &[String],
) -> Map<String, Value> {
    let mut variables = Map::new();
    variables.insert("owner".to_owned(), json!(reader.repository.owner));
    variables.insert("name".to_owned(), json!(reader.repository.name));
    variables.insert("first".to_owned(), json!(first));
    if !files.is_empty() {
        variables.insert("files".to_owned(), json!(files));
    }
    for (index, list) in open.iter().enumerate() {
        variables.insert(format!("chosen{index}"), list.chosen());
        variables.insert(format!("after{index}"), list.listing.after());
    }
    variables
}
