//! Counts of all repositories, and the report.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::group_sums::{GroupNames, GroupSums};
use super::quarters::Quarters;
use super::repository_sums::{FoldedGroup, NamedGroup, RepositorySums};
use crate::report::{ORGANIZATION_SCHEMA, OrganizationReport, OrganizationRow, QuarterCount, SourceGap};

/// Counts of all repositories.
#[derive(Debug, Default)]
pub struct OrganizationTotals {
    total: GroupSums,
    teams: BTreeMap<FoldedGroup, NamedGroup>,
    repositories: Vec<RepositorySums>,
}

impl OrganizationTotals {
    /// Adds a repository.
    pub fn add(&mut self, repository: RepositorySums) {
        self.total.add(&repository.total);
        for (name, group) in &repository.teams {
            match self.teams.get_mut(name) {
                Some(known) => {
                    known.spell(group.team.as_ref(), None);
                    known.sums.add(&group.sums);
                }
                None => drop(self.teams.insert(name.clone(), group.clone())),
            }
        }
        self.repositories.push(repository);
    }

    /// Returns the number of repositories.
    pub fn repositories(&self) -> usize {
        self.repositories.len()
    }

    /// Returns the report, with the worst groups first.
    pub fn report(
        mut self,
        policy: String,
        quarters: &Quarters,
        evaluated_at: Timestamp,
        min_sample: u64,
        mut gaps: Vec<SourceGap>,
    ) -> OrganizationReport {
        gaps.sort();
        // An organization without a repository has no count of zero quarters.
        self.total.by_quarter.resize(quarters.names().len(), QuarterCount::default());
        let teams = self.teams.into_values().map(|group| {
            group.sums.row(GroupNames { team: group.team, ..GroupNames::default() }, min_sample)
        });
        let mut teams: Vec<OrganizationRow> = teams.collect();
        let (mut repositories, mut areas) = (Vec::new(), Vec::new());
        for RepositorySums { repository, total, areas: own, .. } in self.repositories {
            let name = GroupNames { repository: Some(repository.clone()), ..GroupNames::default() };
            repositories.push(total.row(name, min_sample));
            areas.extend(own.into_values().map(|group| {
                let NamedGroup { team, component, sums } = group;
                sums.row(GroupNames { repository: Some(repository.clone()), team, component }, min_sample)
            }));
        }
        for rows in [&mut teams, &mut repositories, &mut areas] {
            sort_worst_first(rows);
        }
        OrganizationReport {
            schema: ORGANIZATION_SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            policy,
            evaluated_at,
            quarters: quarters.names().to_vec(),
            min_sample,
            complete: gaps.is_empty(),
            gaps,
            total: self.total.row(GroupNames::default(), min_sample),
            teams,
            repositories,
            areas,
        }
    }
}

/// Sorts by critical defects, then major ones, then the lower end of the escape rate's interval, then all escaped defects.
// By the lower end and not the rate: otherwise one defect of one would lead the list by chance.
fn sort_worst_first(rows: &mut [OrganizationRow]) {
    rows.sort_by(|one, other| {
        let low = |row: &OrganizationRow| row.escape_rate.map_or(0.0, |rate| rate.low);
        let counts = |row: &OrganizationRow| (Reverse(row.critical), Reverse(row.major));
        let names = |row: &OrganizationRow| (row.repository.clone(), row.team.clone(), row.component.clone());
        counts(one)
            .cmp(&counts(other))
            .then_with(|| low(other).total_cmp(&low(one)))
            .then_with(|| other.escaped.cmp(&one.escaped))
            .then_with(|| names(one).cmp(&names(other)))
    });
}
