//! Counts of one group of defects.

use std::collections::BTreeMap;

use crate::export::DefectRecord;
use crate::model::{Phase, Ratio, Severity};
use crate::report::{OrganizationRate, OrganizationRow, OrganizationTime, QualityGateCount, QuarterCount};

/// Counts of one group. They can be added, so that no row has to be kept.
#[derive(Debug, Clone, Default)]
pub struct GroupSums {
    /// Number of repositories.
    pub repositories: u64,
    /// Number of escaped defects.
    pub escaped: u64,
    /// Critical and major ones by quarter.
    pub by_quarter: Vec<QuarterCount>,
    /// Escaped defects in the escape rate.
    pub rate_escaped: u64,
    /// Defects in the escape rate.
    pub rate_all: u64,
    /// Failed releases.
    pub failed_releases: u64,
    /// Releases in the change failure rate.
    pub rated_releases: u64,
    /// Known times to detect in seconds.
    pub detection: Vec<u64>,
    /// Escaped defects by quality gate.
    pub quality_gates: BTreeMap<String, u64>,
    /// Applied waivers and overrides; `None` for a group that is no whole repository.
    pub exceptions: Option<[u64; 2]>,
}

/// Repository, team and component that the defects of a group share.
#[derive(Debug, Clone, Default)]
pub struct GroupNames {
    /// Repository.
    pub repository: Option<String>,
    /// Team.
    pub team: Option<String>,
    /// Component.
    pub component: Option<String>,
}

impl GroupSums {
    /// Creates the counts of a group in one repository.
    pub fn new(quarters: usize) -> Self {
        Self { repositories: 1, by_quarter: vec![QuarterCount::default(); quarters], ..Self::default() }
    }

    /// Adds a defect that was reported in one of the quarters.
    pub fn add_defect(&mut self, defect: &DefectRecord, quarter: usize) {
        if defect.rated == Some(true) {
            self.rate_all += 1;
            self.rate_escaped += u64::from(defect.phase == Phase::Escaped);
        }
        if defect.phase != Phase::Escaped {
            return;
        }
        self.escaped += 1;
        if let Some(counts) = self.by_quarter.get_mut(quarter) {
            match defect.severity {
                Some(Severity::Critical) => counts.critical += 1,
                Some(Severity::Major) => counts.major += 1,
                Some(Severity::Minor) | None => {}
            }
        }
        self.detection.extend(defect.detection_seconds);
        for gate in &defect.quality_gates {
            match self.quality_gates.get_mut(gate) {
                Some(count) => *count += 1,
                None => drop(self.quality_gates.insert(gate.clone(), 1)),
            }
        }
    }

    /// Adds the counts of another group.
    pub fn add(&mut self, other: &Self) {
        self.repositories += other.repositories;
        self.escaped += other.escaped;
        self.by_quarter.resize(self.by_quarter.len().max(other.by_quarter.len()), QuarterCount::default());
        for (sum, more) in self.by_quarter.iter_mut().zip(&other.by_quarter) {
            sum.critical += more.critical;
            sum.major += more.major;
        }
        self.rate_escaped += other.rate_escaped;
        self.rate_all += other.rate_all;
        self.failed_releases += other.failed_releases;
        self.rated_releases += other.rated_releases;
        self.detection.extend_from_slice(&other.detection);
        for (gate, count) in &other.quality_gates {
            *self.quality_gates.entry(gate.clone()).or_default() += count;
        }
        if let Some([waivers, overrides]) = other.exceptions {
            let [all_waivers, all_overrides] = self.exceptions.get_or_insert_default();
            *all_waivers += waivers;
            *all_overrides += overrides;
        }
    }

    /// Returns the values of the group.
    pub fn row(self, names: GroupNames, min_sample: u64) -> OrganizationRow {
        let rate =
            |numerator, denominator| OrganizationRate::of(Ratio { numerator, denominator }, min_sample);
        let sum = |of: fn(&QuarterCount) -> u64| self.by_quarter.iter().map(of).sum();
        let mut quality_gates: Vec<QualityGateCount> = self
            .quality_gates
            .iter()
            .map(|(gate, defects)| QualityGateCount { gate: gate.clone(), defects: *defects })
            .collect();
        // Stable: quality gates with equal counts stay in the order of their names.
        quality_gates.sort_by_key(|one| std::cmp::Reverse(one.defects));
        let most = quality_gates.first().map_or(0, |one| one.defects);
        OrganizationRow {
            repository: names.repository,
            team: names.team,
            component: names.component,
            repositories: self.repositories,
            escaped: self.escaped,
            critical: sum(|counts| counts.critical),
            major: sum(|counts| counts.major),
            escape_rate: rate(self.rate_escaped, self.rate_all),
            change_failure_rate: rate(self.failed_releases, self.rated_releases),
            time_to_detect: OrganizationTime::of(self.detection, min_sample),
            weakest: quality_gates
                .iter()
                .filter(|one| one.defects == most)
                .map(|one| one.gate.clone())
                .collect(),
            quality_gates,
            waivers: self.exceptions.map(|[waivers, _]| waivers),
            overrides: self.exceptions.map(|[_, overrides]| overrides),
            by_quarter: self.by_quarter,
        }
    }
}
