//! Issues that are wanted by their numbers: they may have none of the policy's labels, types and milestones.

use std::collections::BTreeSet;

use serde_json::json;

use super::issue::read_issue;
use super::paged_reader::PagedReader;
use super::query;
use super::schema::Schema;
use crate::model::{Issue, IssueNumber};

/// Reads the wanted issues that are not known yet. An issue that cannot be read is a warning and no gap: whatever waits for
/// that issue counts as not done.
pub(super) fn collect_numbered_issues(
    reader: &mut PagedReader<'_>,
    schema: &Schema,
    known: &[Issue],
    wanted: &BTreeSet<IssueNumber>,
) -> Vec<Issue> {
    let known: BTreeSet<IssueNumber> = known.iter().map(|issue| issue.number).collect();
    let query = query::numbered_issue_query(schema);
    let mut found = Vec::new();
    for number in wanted.difference(&known) {
        let mut variables = reader.names();
        variables["number"] = json!(number.0);
        match reader.ask_complete(&query, &variables) {
            Ok(mut data) => {
                let issue = read_issue(reader, schema, data["repository"]["issue"].take());
                found.extend(issue.map(|(entry, _)| entry.issue));
            }
            Err(why) => reader.warn(format!("issue {number} could not be read: {why}")),
        }
    }
    found
}
