//! The labels of the repository, and what the policy hopes to find among them.

use serde_json::Value;

use super::query;
use super::reader::{PagedList, PagedReader};
use crate::model::Area;
use crate::tracker::ExpectedLabel;

/// How many names are proposed for one that is not there.
const PROPOSALS: usize = 3;

/// Names less alike than this are not proposed.
const ALIKE: f64 = 0.7;

/// The names of all labels.
pub(super) fn gather(reader: &mut PagedReader<'_>, first: Value) -> Vec<String> {
    let (names, listing) = (reader.names(), PagedList::new(Area::Issues, "labels"));
    let items = reader.list(listing, first, query::LABELS, &names, "/repository/labels");
    for item in &items {
        reader.learn(item, "name");
    }
    named(reader, &items)
}

/// The names of all issue types.
pub(super) fn types(reader: &mut PagedReader<'_>) -> Option<Vec<String>> {
    let names = reader.names();
    let mut data = reader.ask(Area::Issues, "issue types", query::TYPES, &names)?;
    let first = data["repository"]["issueTypes"].take();
    // Repositories of users have no types: the list is null there, without an error.
    if first.is_null() {
        return Some(Vec::new());
    }
    let listing = PagedList::new(Area::Issues, "issue types");
    let items = reader.list(listing, first, query::TYPES, &names, "/repository/issueTypes");
    Some(named(reader, &items))
}

/// Warns of each label or pattern of the policy that matches no label.
pub(super) fn warn_of_absent(reader: &mut PagedReader<'_>, labels: &[String], wanted: &[ExpectedLabel<'_>]) {
    for expected in wanted {
        if !labels.iter().any(|label| (expected.matches)(label)) {
            let place = reader.repository;
            let hint = nearest(expected.source, labels);
            reader.warn(format!("no label of {place} matches `{}` of the policy{hint}", expected.source));
        }
    }
}

/// "; nearest: `a`, `b`", or nothing if no name is near.
pub(super) fn nearest(name: &str, known: &[String]) -> String {
    let name = name.to_lowercase();
    let mut near: Vec<(f64, &String)> =
        known.iter().map(|label| (strsim::jaro_winkler(&name, &label.to_lowercase()), label)).collect();
    near.retain(|(likeness, _)| *likeness >= ALIKE);
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let names: Vec<String> = near.iter().take(PROPOSALS).map(|(_, label)| format!("`{label}`")).collect();
    if names.is_empty() { String::new() } else { format!("; nearest: {}", names.join(", ")) }
}

/// The `name` of each item; a gap if one has none.
fn named(reader: &mut PagedReader<'_>, items: &[Value]) -> Vec<String> {
    let names: Vec<String> =
        items.iter().filter_map(|item| item["name"].as_str().map(str::to_owned)).collect();
    if names.len() != items.len() {
        let count = items.len() - names.len();
        reader.gap(Area::Issues, format!("{count} labels or issue types came without a name"), None);
    }
    names
}
