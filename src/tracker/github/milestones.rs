//! The milestones of the repository that the policy selects issues and pull requests by.

use super::labels::nearest;
use super::query;
use super::reader::{PagedList, PagedReader};
use crate::model::Area;
use crate::tracker::WantedMilestone;

/// A milestone whose issues and pull requests are read.
pub(super) struct RepositoryMilestone {
    /// Its number in the repository.
    pub number: u64,
    /// Its title, which no other milestone of the repository has.
    pub title: String,
}

/// The wanted milestones of the repository, open and closed. Warns of each one that is expected and not there. What could
/// not be read is a gap.
pub(super) fn gather(
    reader: &mut PagedReader<'_>,
    wanted: &[WantedMilestone<'_>],
) -> Vec<RepositoryMilestone> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let names = reader.names();
    let Some(mut data) = reader.ask(Area::Issues, "milestones", query::MILESTONES, &names) else {
        return Vec::new();
    };
    let first = data["repository"]["milestones"].take();
    let listing = PagedList::new(Area::Issues, "milestones");
    let items = reader.list(listing, first, query::MILESTONES, &names, "/repository/milestones");
    let mut found = Vec::new();
    let mut titles = Vec::with_capacity(items.len());
    for item in &items {
        let Some((number, title)) = item["number"].as_u64().zip(item["title"].as_str()) else {
            reader.gap(Area::Issues, "a milestone came without its number or its title", None);
            continue;
        };
        titles.push(title.to_owned());
        if wanted.iter().any(|one| (one.matches)(title)) {
            reader.learn(item, "title");
            found.push(RepositoryMilestone { number, title: title.to_owned() });
        }
    }
    warn_of_absent(reader, &titles, wanted);
    found
}

/// Warns of each milestone that the policy writes out and that the repository does not have.
fn warn_of_absent(reader: &mut PagedReader<'_>, titles: &[String], wanted: &[WantedMilestone<'_>]) {
    for (expected, matches) in wanted.iter().filter_map(|one| Some((one.expected?, one.matches))) {
        if !titles.iter().any(|title| matches(title)) {
            let (place, hint) = (reader.repository, nearest(expected, titles));
            reader.warn(format!("no milestone of {place} matches `{expected}` of the policy{hint}"));
        }
    }
}
