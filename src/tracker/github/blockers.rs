//! Pull requests with a label or in a milestone by which the policy knows what blocks a release.

use serde_json::{Value, json};

use super::SelectableNames;
use super::issue::label_event;
use super::paged_reader::PagedReader;
use super::pull_request;
use super::query;
use crate::model::{Area, LabelHistory, PullRequest};

/// Reads the pull requests of every wanted label and milestone, each once.
pub(super) fn collect_blockers(
    reader: &mut PagedReader<'_>,
    names: SelectableNames<'_>,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<PullRequest> {
    let mut found = Vec::new();
    let mut add = |what: String, query: String, (key, value): (&str, Value), pointer: &str| {
        let mut variables = reader.names();
        (variables["first"], variables[key]) = (json!(reader.page_size), value);
        for pull in reader.rest_of_list(Area::Issues, &what, None, &query, &variables, pointer) {
            if let Some(pull) = parse_blocker(reader, pull) {
                // A pull request can be in several lists, and the copy that was read last is the newest.
                found.retain(|other: &PullRequest| other.number != pull.number);
                found.push(pull);
            }
        }
    };
    for label in names.labels.iter().filter(|label| wanted(label)) {
        let what = format!("pull requests labelled `{label}`");
        let query = query::labelled_pull_requests_query();
        add(what, query, ("labels", json!([label])), "/repository/pullRequests");
    }
    for milestone in names.milestones {
        let what = format!("pull requests in milestone `{}`", milestone.title);
        let query = query::milestone_pull_requests_query();
        add(what, query, ("number", json!(milestone.number)), "/repository/milestone/pullRequests");
    }
    found
}

/// Parses a pull request with its labels, and who set them when.
fn parse_blocker(reader: &mut PagedReader<'_>, mut json: Value) -> Option<PullRequest> {
    let (mut labels, mut events) = (json["labels"].take(), json["events"].take());
    let mut pull = pull_request::parse_pull_request(reader, json)?;
    let of = format!("pull request #{}", pull.number);
    let Value::Array(names) = labels["nodes"].take() else {
        reader.issue_gap(format!("the labels of {of} did not come"));
        return Some(pull);
    };
    if labels["pageInfo"]["hasNextPage"] != json!(false) {
        reader.issue_gap(format!("not all labels of {of} came"));
    }
    pull.labels = reader.text_fields(&names, "name", &of);
    let (Value::Array(changes), Some(more)) =
        (events["nodes"].take(), events["pageInfo"]["hasPreviousPage"].as_bool())
    else {
        reader.issue_gap(format!("the events of {of} did not come"));
        return Some(pull);
    };
    let mut history = LabelHistory { events: Vec::with_capacity(changes.len()), more };
    for change in changes {
        match label_event(&change) {
            Some(event) => history.events.push(event),
            None => reader.issue_gap(format!("an event of {of} could not be read")),
        }
    }
    pull.label_history = Some(history);
    Some(pull)
}
