//! Milestones of the repository by which the policy selects issues and pull requests.

use super::labels::warn_of_absent;
use super::paged_reader::PagedReader;
use super::query;
use crate::model::Area;
use crate::tracker::WantedMilestone;

/// A milestone whose issues and pull requests are read.
pub(super) struct RepositoryMilestone {
    pub number: u64,
    /// Title, unique in the repository.
    pub title: String,
}

/// Reads the wanted milestones, open and closed. Warns about each one that is expected and does not exist.
pub(super) fn collect_milestones(
    reader: &mut PagedReader<'_>,
    wanted: &[WantedMilestone<'_>],
) -> Vec<RepositoryMilestone> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let (query, names) = (query::MILESTONES, reader.names());
    let Some(items) = reader.list(Area::Issues, "milestones", query, &names, "/repository/milestones") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut titles = Vec::with_capacity(items.len());
    for item in &items {
        let Some((number, title)) = item["number"].as_u64().zip(item["title"].as_str()) else {
            reader.issue_gap("a milestone came without its number or its title");
            continue;
        };
        titles.push(title.to_owned());
        if wanted.iter().any(|one| (one.matches)(title)) {
            reader.learn(item, "title");
            found.push(RepositoryMilestone { number, title: title.to_owned() });
        }
    }
    let expected = wanted.iter().filter_map(|one| Some((one.expected?, one.matches)));
    warn_of_absent(reader, "milestone", &titles, expected);
    found
}
