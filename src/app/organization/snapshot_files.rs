//! Snapshots, as if each had been exported.

use std::path::Path;

use jiff::Timestamp;

use crate::assemble::assemble;
use crate::export::{ExportContext, ExportRepository, RunRecord, build_export};
use crate::organization::{Quarters, RepositoryCounter, RepositorySums};
use crate::policy::Policy;
use crate::report::{Header, SourceGap};
use crate::tracker::snapshot::read_snapshot;

use super::super::check::evaluate_with_evidence;

/// The policy by which snapshots are read.
pub struct SnapshotPolicy<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// Path of the policy.
    pub path: &'p Path,
    /// Time at which waivers apply or have expired.
    pub now: Timestamp,
}

/// Counts a snapshot. Only the counts are kept: a thousand snapshots do not fit into memory.
pub fn count_snapshot(
    file: &Path,
    by: &SnapshotPolicy<'_>,
    quarters: &Quarters,
) -> Result<(RunRecord, RepositorySums), SourceGap> {
    let gap = |what: String| SourceGap { place: file.display().to_string(), what };
    let snapshot = read_snapshot(file).map_err(|error| gap(error.to_string()))?;
    let repository =
        ExportRepository::parse(snapshot.repository.as_deref()).map_err(|error| gap(error.to_string()))?;
    let header = Header {
        id: "default".to_owned(),
        dry_run: false,
        policy: by.path.display().to_string(),
        cost: None,
        page: false,
    };
    let evidence = assemble(snapshot, by.policy);
    let (evidence, report) = evaluate_with_evidence(header, by.policy, evidence, by.now);
    if evidence.defects.is_none() {
        let reason = evidence.gaps.first().map_or_else(String::new, |gap| format!(" ({})", gap.what));
        return Err(gap(format!("it has no issues{reason}: collect it again")));
    }
    let name = repository.to_string();
    let context = ExportContext { repository, pipeline: None };
    let tables =
        build_export(context, by.policy, &evidence, &report).map_err(|error| gap(error.to_string()))?;
    let mut counter = RepositoryCounter::new(name, quarters);
    tables.defects.iter().for_each(|row| counter.add_defect(row));
    tables.releases.iter().for_each(|row| counter.add_release(row));
    tables.exceptions.iter().for_each(|row| counter.add_exception(row));
    Ok((tables.run, counter.finish()))
}
