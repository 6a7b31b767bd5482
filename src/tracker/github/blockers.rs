//! The pull requests that carry a label by which the policy knows what blocks a release.

use serde_json::{Value, json};

use super::pull;
use super::query;
use super::reader::{Listing, Reader};
use super::ticket::{label_event, strings};
use crate::model::{Area, LabelHistory, PullRequest};

/// The pull requests of every wanted label, each once: a request for as many as a page has.
pub(super) fn gather(
    reader: &mut Reader<'_>,
    labels: &[String],
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<PullRequest> {
    let mut found: Vec<PullRequest> = Vec::new();
    for label in labels.iter().filter(|label| wanted(label)) {
        let mut listing = Listing::new(Area::Issues, format!("pull requests labelled `{label}`"));
        let mut variables = reader.names();
        variables["labels"] = json!([label]);
        while !listing.is_done() {
            variables["first"] = json!(reader.page_size);
            variables["after"] = listing.after();
            let what = format!("pull requests labelled `{label}`");
            match reader.try_ask(Area::Issues, &what, &query::labelled_pulls(), &variables) {
                Ok(mut data) => {
                    for pull in listing.take(reader, &mut data["repository"]["pullRequests"]) {
                        if let Some(pull) = read(reader, pull) {
                            found.retain(|other| other.number != pull.number);
                            found.push(pull);
                        }
                    }
                }
                Err(error) if reader.halve(&error, reader.page_size) => {}
                Err(error) => listing.give_up(reader, &error.to_string()),
            }
        }
    }
    found
}

/// A pull request with its labels, and who set them when.
fn read(reader: &mut Reader<'_>, mut json: Value) -> Option<PullRequest> {
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
