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
    lists.extend(wanted_types(reader, schema, ask).iter().map(|kind| list(Choice::Type, kind)));
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
    let mut tickets = BTreeMap::new();
    for batch in lists.chunks_mut(LISTS) {
        read(reader, schema, batch, &mut tickets);
    }
    Some(tickets.into_values().collect())
}

/// A list of which nothing was read yet.
fn list(choice: Choice, name: &str) -> List {
    let what = match choice {
        Choice::Label => format!("tickets labelled `{name}`"),
        Choice::Type => format!("tickets of type `{name}`"),
    };
    List { choice, name: name.to_owned(), listing: Listing::new(Area::Issues, what) }
}

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
    tickets: &mut BTreeMap<IssueNumber, Ticket>,
) {
    loop {
        let mut open: Vec<&mut List> = batch.iter_mut().filter(|list| !list.listing.is_done()).collect();
        if open.is_empty() {
            return;
        }
        let choices: Vec<Choice> = open.iter().map(|list| list.choice).collect();
        let document = query::tickets(schema, &choices);
        match reader.ask_sized(Area::Issues, "tickets", &document, variables(reader, &open)) {
            Ok(mut data) => {
                for (index, list) in open.iter_mut().enumerate() {
                    let mut page = data["repository"][format!("list{index}")].take();
                    for issue in list.listing.take(reader, &mut page) {
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
