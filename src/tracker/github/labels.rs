//! Labels and issue types of the repository, and warnings about names of the policy that match none of them.

use serde_json::Value;

use super::paged_reader::PagedReader;
use super::query;
use crate::model::Area;
use crate::tracker::ExpectedLabel;

/// Number of names that a warning proposes.
const PROPOSALS: usize = 3;

/// Smallest Jaro-Winkler similarity of a proposed name. Names below it share little more than some letters.
const MIN_SIMILARITY: f64 = 0.7;

/// Reads the names of all labels. `first` is the first page.
pub(super) fn collect_labels(reader: &mut PagedReader<'_>, first: Value) -> Vec<String> {
    let names = reader.names();
    let pointer = "/repository/labels";
    let items = reader.rest_of_list(Area::Issues, "labels", Some(first), query::LABELS, &names, pointer);
    for item in &items {
        reader.learn(item, "name");
    }
    reader.text_fields(&items, "name", "the labels")
}

/// Reads the names of all issue types. `None`, with a gap, if no answer came.
pub(super) fn collect_issue_types(reader: &mut PagedReader<'_>) -> Option<Vec<String>> {
    let (names, what) = (reader.names(), "issue types");
    let first = reader.ask(Area::Issues, what, query::TYPES, &names)?["repository"]["issueTypes"].take();
    // Repositories of users have no types: the list is null there, without an error.
    if first.is_null() {
        return Some(Vec::new());
    }
    let pointer = "/repository/issueTypes";
    let items = reader.rest_of_list(Area::Issues, what, Some(first), query::TYPES, &names, pointer);
    Some(reader.text_fields(&items, "name", "the issue types"))
}

/// Reads the names of all issue fields. Empty, with a gap, if no answer came.
pub(super) fn collect_issue_fields(reader: &mut PagedReader<'_>) -> Vec<String> {
    let (names, what) = (reader.names(), "issue fields");
    let answer = reader.ask(Area::Issues, what, query::FIELDS, &names);
    let Some(first) = answer.map(|mut answer| answer["repository"]["issueFields"].take()) else {
        return Vec::new();
    };
    // As for issue types: null where the owner is a user.
    if first.is_null() {
        return Vec::new();
    }
    let items = reader.rest_of_list(
        Area::Issues,
        what,
        Some(first),
        query::FIELDS,
        &names,
        "/repository/issueFields",
    );
    reader.text_fields(&items, "name", "the issue fields")
}

/// Warns about each label or pattern of the policy that matches no label.
pub(super) fn warn_of_absent_labels(
    reader: &mut PagedReader<'_>,
    labels: &[String],
    expected: &[ExpectedLabel<'_>],
) {
    warn_of_absent(reader, "label", labels, expected.iter().map(|one| (one.source, one.matches)));
}

/// Warns about each expected name or pattern that matches no known name of this kind.
pub(super) fn warn_of_absent<'e>(
    reader: &mut PagedReader<'_>,
    kind: &str,
    known: &[String],
    expected: impl Iterator<Item = (&'e str, &'e dyn Fn(&str) -> bool)>,
) {
    for (source, matches) in expected {
        if !known.iter().any(|name| matches(name)) {
            let (place, hint) = (reader.repository, nearest_names(source, known));
            reader.warn(format!("no {kind} of {place} matches `{source}` of the policy{hint}"));
        }
    }
}

/// Returns `; nearest: …` with the most similar names, for example "; nearest: `bug`, `bugs`". Empty if none is similar.
pub(super) fn nearest_names(name: &str, known: &[String]) -> String {
    let name = name.to_lowercase();
    let mut near: Vec<(f64, &String)> =
        known.iter().map(|label| (strsim::jaro_winkler(&name, &label.to_lowercase()), label)).collect();
    near.retain(|(similarity, _)| *similarity >= MIN_SIMILARITY);
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let names: Vec<String> = near.iter().take(PROPOSALS).map(|(_, label)| format!("`{label}`")).collect();
    if names.is_empty() { String::new() } else { format!("; nearest: {}", names.join(", ")) }
}
