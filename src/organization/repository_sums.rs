//! Counts of one repository, row by row.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::group_sums::GroupSums;
use super::quarters::Quarters;
use crate::export::{DefectRecord, ExceptionRecord, ReleaseRecord};

/// A team or component in lowercase, so that `Cart` and `cart` are one group; `None` for defects without one.
pub type FoldedGroup = Option<String>;

/// Counts of a group, and its name as people write it.
#[derive(Debug, Clone)]
pub struct NamedGroup {
    /// Team as written; of several spellings the first in byte order.
    pub team: Option<String>,
    /// Component as written.
    pub component: Option<String>,
    /// Counts.
    pub sums: GroupSums,
}

/// Counts of one repository.
#[derive(Debug, Clone)]
pub struct RepositorySums {
    /// `owner/name`. Untrusted.
    pub repository: String,
    /// Counts of the repository.
    pub total: GroupSums,
    /// Counts of each team.
    pub teams: BTreeMap<FoldedGroup, NamedGroup>,
    /// Counts of each team and component.
    pub areas: BTreeMap<(FoldedGroup, FoldedGroup), NamedGroup>,
}

/// Counts the rows of one repository. Give the newest run first: of two rows about one issue, the first counts.
#[derive(Debug)]
pub struct RepositoryCounter<'q> {
    quarters: &'q Quarters,
    sums: RepositorySums,
    seen: HashSet<u64>,
    /// Teams and components of each escaped defect, for the releases that fail by it.
    groups_of: HashMap<u64, Groups>,
    /// Releases that a run rates, and the defects by which they failed; `None` for one that did not fail.
    releases: BTreeMap<String, Option<BTreeSet<u64>>>,
}

/// Groups of one defect.
#[derive(Debug, Clone)]
struct Groups {
    teams: BTreeSet<FoldedGroup>,
    components: BTreeSet<FoldedGroup>,
}

impl<'q> RepositoryCounter<'q> {
    /// Creates a counter without rows.
    pub fn new(repository: String, quarters: &'q Quarters) -> Self {
        let total = GroupSums { exceptions: Some([0, 0]), ..GroupSums::new(quarters.names().len()) };
        let sums = RepositorySums { repository, total, teams: BTreeMap::new(), areas: BTreeMap::new() };
        Self { quarters, sums, seen: HashSet::new(), groups_of: HashMap::new(), releases: BTreeMap::new() }
    }

    /// Counts a defect.
    pub fn add_defect(&mut self, defect: &DefectRecord) {
        // The number alone: an issue is in the exports of several gates, and it escaped once.
        if defect.excluded.is_some() || !self.seen.insert(defect.number) {
            return;
        }
        let groups =
            Groups { teams: folded_names(&defect.teams), components: folded_names(&defect.components) };
        if let Some(quarter) = self.quarters.place_of(defect.created_at) {
            self.sums.total.add_defect(defect, quarter);
            for team in &groups.teams {
                self.team(team, defect).add_defect(defect, quarter);
                for component in &groups.components {
                    self.area(team, component, defect).add_defect(defect, quarter);
                }
            }
        }
        self.groups_of.insert(defect.number, groups);
    }

    /// Counts a release that was published in one of the quarters.
    pub fn add_release(&mut self, release: &ReleaseRecord) {
        let is_in = release.published_at.is_some_and(|at| self.quarters.place_of(at).is_some());
        if release.rated != Some(true) || !is_in {
            return;
        }
        let failed_by = self.releases.entry(release.tag.clone()).or_default();
        if release.failed == Some(true) {
            failed_by.get_or_insert_default().extend(&release.failed_by);
        }
    }

    /// Counts a waiver or an override that changes a verdict.
    pub fn add_exception(&mut self, exception: &ExceptionRecord) {
        if let Some([waivers, overrides]) =
            self.sums.total.exceptions.as_mut().filter(|_| exception.effect == "applied")
        {
            *if exception.kind == "override" { overrides } else { waivers } += 1;
        }
    }

    /// Returns the counts.
    pub fn finish(self) -> RepositorySums {
        let Self { mut sums, groups_of, releases, .. } = self;
        let rated = releases.len() as u64;
        let groups = sums.teams.values_mut().chain(sums.areas.values_mut()).map(|group| &mut group.sums);
        std::iter::once(&mut sums.total).chain(groups).for_each(|group| group.rated_releases = rated);
        for failed_by in releases.values().flatten() {
            sums.total.failed_releases += 1;
            // A release that fails by two defects of a team has failed once.
            let (mut teams, mut areas) = (BTreeSet::new(), BTreeSet::new());
            for groups in failed_by.iter().filter_map(|number| groups_of.get(number)) {
                teams.extend(&groups.teams);
                areas.extend(
                    groups.teams.iter().flat_map(|team| groups.components.iter().map(move |one| (team, one))),
                );
            }
            for team in teams {
                if let Some(group) = sums.teams.get_mut(team) {
                    group.sums.failed_releases += 1;
                }
            }
            for (team, component) in areas {
                if let Some(group) = sums.areas.get_mut(&(team.clone(), component.clone())) {
                    group.sums.failed_releases += 1;
                }
            }
        }
        sums
    }

    fn team(&mut self, team: &FoldedGroup, defect: &DefectRecord) -> &mut GroupSums {
        let count = self.quarters.names().len();
        let group = self.sums.teams.entry(team.clone()).or_insert_with(|| NamedGroup::new(count));
        group.spell(written(team, &defect.teams), None);
        &mut group.sums
    }

    fn area(&mut self, team: &FoldedGroup, component: &FoldedGroup, defect: &DefectRecord) -> &mut GroupSums {
        let count = self.quarters.names().len();
        let key = (team.clone(), component.clone());
        let group = self.sums.areas.entry(key).or_insert_with(|| NamedGroup::new(count));
        group.spell(written(team, &defect.teams), written(component, &defect.components));
        &mut group.sums
    }
}

impl NamedGroup {
    fn new(quarters: usize) -> Self {
        Self { team: None, component: None, sums: GroupSums::new(quarters) }
    }

    /// Takes the spelling that is first in byte order, so that the order of the rows has no effect.
    pub fn spell(&mut self, team: Option<&String>, component: Option<&String>) {
        for (known, new) in [(&mut self.team, team), (&mut self.component, component)] {
            if let Some(new) = new.filter(|new| known.as_ref().is_none_or(|known| *new < known)) {
                *known = Some(new.clone());
            }
        }
    }
}

/// Returns the first spelling of a folded name among those of a defect.
fn written<'d>(folded: &FoldedGroup, names: &'d [String]) -> Option<&'d String> {
    let folded = folded.as_ref()?;
    names.iter().filter(|name| name.to_lowercase() == *folded).min()
}

/// Returns each name once, or `None` alone if there are no names.
fn folded_names(names: &[String]) -> BTreeSet<FoldedGroup> {
    if names.is_empty() {
        return BTreeSet::from([None]);
    }
    names.iter().map(|name| Some(name.to_lowercase())).collect()
}
