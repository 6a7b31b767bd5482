//! Issues that are wanted by their numbers: the lists of labels, types and milestones may not hold them.

use std::collections::BTreeSet;

use serde_json::json;

use super::query;
use super::reader::PagedReader;
use super::schema::Schema;
use super::ticket;
use crate::model::{Issue, IssueNumber};

/// The wanted issues that are not among the tickets. One that cannot be read is a warning and no gap: whoever needs it takes it
/// for not done.
pub(super) fn gather(
    reader: &mut PagedReader<'_>,
    schema: &Schema,
    known: &[Issue],
    wanted: &BTreeSet<IssueNumber>,
) -> Vec<Issue> {
    let known: BTreeSet<IssueNumber> = known.iter().map(|ticket| ticket.number).collect();
    let document = query::ticket(schema);
    let mut found = Vec::new();
    for number in wanted.difference(&known) {
        let mut variables = reader.names();
        variables["number"] = json!(number.0);
        let answer = reader.client.graphql(&document, &variables).map_err(|error| error.to_string());
        let issue = answer.and_then(|mut answer| match answer.errors.first() {
            Some(error) => Err(error.to_string()),
            None => Ok(answer.data["repository"]["issue"].take()),
        });
        match issue {
            Ok(issue) => found.extend(ticket::read(reader, schema, issue).map(|(entry, _)| entry.ticket)),
            Err(why) => reader.warn(format!("issue {number} could not be read: {why}")),
        }
    }
    found
}
