//! All tickets that may count: one list a label or type, several lists a request, merged by number.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::labels;
use super::query::{self, Choice, LISTS};
use super::reader::{Listing, Reader};
use super::schema::Schema;
use super::ticket;
use crate::model::{Area, IssueNumber, Ticket};
use crate::tracker::Ask;

/// A list of tickets on its way in.
struct List {
    choice: Choice,
    name: String,
    listing: Listing,
    /// How many tickets it had when they were counted.
    expected: Option<u64>,
}

/// The tickets of every wanted label and type. None, and a gap, if the policy's words name nothing in the repository.
pub(super) fn gather(
    reader: &mut Reader<'_>,
    schema: &Schema,
    names: &[String],
    ask: &Ask<'_>,
) -> Option<Vec<Ticket>> {
    labels::warn_of_absent(reader, names, ask);
    let wanted = names.iter().filter(|label| (ask.wants_label)(label));
    let mut lists: Vec<List> = wanted.map(|label| list(Choice::Label, label)).collect();
    let types = wanted_types(reader, schema, ask);
    lists.extend(types.iter().map(|kind| list(Choice::Type, kind)));
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
    let mut tickets = BTreeMap::new();
    if lists.len() > LISTS {
        count(reader, &mut lists);
        // Long lists with long ones: as many pages of a document as the longest of them has.
        lists.sort_by_key(|list| list.expected.map_or(0, |count| u64::MAX - count));
    }
    let mut rest = lists.as_mut_slice();
    while !rest.is_empty() {
        let (count, page) = fitting(rest);
        let (batch, others) = rest.split_at_mut(count);
        read(reader, schema, batch, page, &mut tickets);
        rest = others;
    }
    Some(tickets.into_values().collect())
}

/// A list of which nothing was read yet.
fn list(choice: Choice, name: &str) -> List {
    let what = match choice {
        Choice::Label => format!("tickets labelled `{name}`"),
        Choice::Type => format!("tickets of type `{name}`"),
    };
    List { choice, name: name.to_owned(), listing: Listing::new(Area::Issues, what), expected: None }
}

/// Counts the tickets of each list, many lists a request. What cannot be counted is taken for long.
fn count(reader: &mut Reader<'_>, lists: &mut [List]) {
    for batch in lists.chunks_mut(COUNTED) {
        let choices: Vec<Choice> = batch.iter().map(|list| list.choice).collect();
        let open: Vec<&mut List> = batch.iter_mut().collect();
        let mut variables = variables(reader, &open);
        variables.retain(|name, _| !name.starts_with("after"));
        let document = query::counts(&choices);
        // A failure here is no gap: the lists are read anyway.
        let Ok(answer) = reader.client.graphql(&document, &Value::Object(variables)) else { continue };
        for (index, list) in open.into_iter().enumerate() {
            list.expected = answer.data["repository"][format!("list{index}")]["totalCount"].as_u64();
        }
    }
}

/// How many of these lists, the longest first, go into one document, and how long its pages are: [`LISTS`] full pages, or
/// more lists with shorter ones. What a document may bring counts by the pages it asks for.
fn fitting(lists: &[List]) -> (usize, u32) {
    // A list may have grown since it was counted.
    let longest = lists.first().and_then(|list| list.expected);
    let page = longest.map_or(PAGE, |count| u32::try_from(count + count / 4 + 5).unwrap_or(PAGE).min(PAGE));
    let fits = usize::try_from(PAGE / page).unwrap_or(1) * LISTS;
    (fits.min(MOST_LISTS).min(lists.len()), page)
}

/// Tickets of a page.
const PAGE: u32 = 100;

/// The most lists of one document, however short.
const MOST_LISTS: usize = 20;

/// How many lists are counted at once.
const COUNTED: usize = 100;

/// The types of the repository that the policy names, in the repository's spelling.
fn wanted_types(reader: &mut Reader<'_>, schema: &Schema, ask: &Ask<'_>) -> Vec<String> {
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

/// Reads several lists to their ends, a page of each in one request.
fn read(
    reader: &mut Reader<'_>,
    schema: &Schema,
    batch: &mut [List],
    page: u32,
    tickets: &mut BTreeMap<IssueNumber, Ticket>,
) {
    loop {
        let mut open: Vec<&mut List> = batch.iter_mut().filter(|list| !list.listing.is_done()).collect();
        if open.is_empty() {
            return;
        }
        let choices: Vec<Choice> = open.iter().map(|list| list.choice).collect();
        let document = query::tickets(schema, &choices);
        match reader.ask_sized(Area::Issues, "tickets", &document, variables(reader, &open), page) {
            Ok(mut data) => {
                for (index, list) in open.iter_mut().enumerate() {
                    let mut found = data["repository"][format!("list{index}")].take();
                    for issue in list.listing.take(reader, &mut found) {
                        keep(reader, schema, issue, tickets);
                    }
                }
            }
            Err(error) => {
                for list in open {
                    list.listing.give_up(reader, &error.to_string());
                }
            }
        }
    }
}

/// Keeps a ticket; of two copies the newer.
fn keep(reader: &mut Reader<'_>, schema: &Schema, issue: Value, tickets: &mut BTreeMap<IssueNumber, Ticket>) {
    let known = issue["number"].as_u64().and_then(|number| tickets.get(&IssueNumber(number)));
    let same = known.is_some_and(|known| {
        issue["updatedAt"].as_str().and_then(|at| at.parse().ok()) == Some(known.updated_at)
    });
    if same {
        return;
    }
    if let Some(ticket) = ticket::read(reader, schema, issue) {
        match tickets.get(&ticket.number) {
            Some(known) if known.updated_at > ticket.updated_at => {}
            Some(_) | None => {
                tickets.insert(ticket.number, ticket);
            }
        }
    }
}

/// What the document's variables stand for.
fn variables(reader: &Reader<'_>, open: &[&mut List]) -> Map<String, Value> {
    let mut variables = Map::new();
    variables.insert("owner".to_owned(), json!(reader.repository.owner));
    variables.insert("name".to_owned(), json!(reader.repository.name));
    for (index, list) in open.iter().enumerate() {
        let chosen = match list.choice {
            Choice::Label => json!([list.name]),
            Choice::Type => json!(list.name),
        };
        variables.insert(format!("chosen{index}"), chosen);
        variables.insert(format!("after{index}"), list.listing.after());
    }
    variables
}
