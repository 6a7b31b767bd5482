//! The pull requests with a label, or in a milestone, by which the policy knows what blocks a release.

use serde_json::{Value, json};

use super::SelectableNames;
use super::pull;
use super::query;
use super::reader::{PagedList, PagedReader};
use super::ticket::{label_event, strings};
use crate::model::{Area, LabelHistory, PullRequest};

/// A list of pull requests.
struct PullRequestList {
    /// The document that asks for a page of it, and where that is in the answer.
    document: String,
    pointer: &'static str,
    /// What it is chosen by: a variable and its value.
    chosen: (&'static str, Value),
    /// What it lists, for gaps: "pull requests labelled `bug`".
    what: String,
}

/// The pull requests of every wanted label and milestone, each once: a request for as many as a page has.
pub(super) fn gather(
    reader: &mut PagedReader<'_>,
    named: SelectableNames<'_>,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<PullRequest> {
    let by_label = named.labels.iter().filter(|label| wanted(label)).map(|label| PullRequestList {
        document: query::labelled_pulls(),
        pointer: "/repository/pullRequests",
        chosen: ("labels", json!([label])),
        what: format!("pull requests labelled `{label}`"),
    });
    let by_milestone = named.milestones.iter().map(|milestone| PullRequestList {
        document: query::milestone_pulls(),
        pointer: "/repository/milestone/pullRequests",
        chosen: ("number", json!(milestone.number)),
        what: format!("pull requests in milestone `{}`", milestone.title),
    });
    let mut found: Vec<PullRequest> = Vec::new();
    for list in by_label.chain(by_milestone) {
        for pull in read_list(reader, &list) {
            found.retain(|other| other.number != pull.number);
            found.push(pull);
        }
    }
    found
}

/// The pull requests of a list, page by page.
fn read_list(reader: &mut PagedReader<'_>, list: &PullRequestList) -> Vec<PullRequest> {
    let mut found = Vec::new();
    let mut listing = PagedList::new(Area::Issues, &list.what);
    let mut variables = reader.names();
    variables[list.chosen.0] = list.chosen.1.clone();
    while !listing.is_done() {
        variables["first"] = json!(reader.page_size);
        variables["after"] = listing.after();
        match reader.try_ask(Area::Issues, &list.what, &list.document, &variables) {
            Ok(mut data) => {
                let mut page = data.pointer_mut(list.pointer).map(Value::take).unwrap_or_default();
                for pull in listing.take(reader, &mut page) {
                    found.extend(read(reader, pull));
                }
            }
            Err(error) if reader.halve(&error, reader.page_size) => {}
            Err(error) => listing.give_up(reader, &error.to_string()),
        }
    }
    found
}

/// A pull request with its labels, and who set them when.
fn read(reader: &mut PagedReader<'_>, mut json: Value) -> Option<PullRequest> {
    let (mut labels, mut events) = (json["labels"].take(), json["events"].take());
    let mut pull = pull::read(reader, json)?;
    let of = format!("pull request #{}", pull.number);
    let Value::Array(names) = labels["nodes"].take() else {
        reader.gap(Area::Issues, format!("the labels of {of} did not come"), None);
        return Some(pull);
    };
    if labels["pageInfo"]["hasNextPage"] != json!(false) {
        reader.gap(Area::Issues, format!("not all labels of {of} came"), None);
    }
    pull.labels = strings(reader, &names, "name", &of);
    let (Value::Array(changes), Some(more)) =
        (events["nodes"].take(), events["pageInfo"]["hasPreviousPage"].as_bool())
    else {
        reader.gap(Area::Issues, format!("the events of {of} did not come"), None);
        return Some(pull);
    };
    let mut history = LabelHistory { events: Vec::with_capacity(changes.len()), more };
    for change in changes {
        match label_event(&change) {
            Some(event) => history.events.push(event),
            None => reader.gap(Area::Issues, format!("an event of {of} could not be read"), None),
        }
    }
    pull.label_history = Some(history);
    Some(pull)
}
