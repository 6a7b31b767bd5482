//! `org`: the same values over the exports or snapshots of many repositories.

mod export_files;
mod snapshot_files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rayon::prelude::*;

use crate::exit::Exit;
use crate::export::RunRecord;
use crate::options::{OrganizationFormat, OrganizationOptions};
use crate::organization::{OrganizationTotals, Quarters, RepositorySums};
use crate::output::{organization_markdown, organization_page, organization_text, write_json};
use crate::report::SourceGap;
use crate::verdict::rate_sample;

use super::evaluation_time::evaluation_time;
use super::policy_sources::read_policy;
use super::{Failure, Run};
use export_files::{ExportedRun, count_runs, read_runs};
use snapshot_files::{SnapshotPolicy, count_snapshot};

/// Files of a folder that have a say.
#[derive(Debug, Default)]
struct FolderFiles {
    /// Files that end in `.ndjson.gz`.
    tables: Vec<PathBuf>,
    /// Files that end in `.json`.
    snapshots: Vec<PathBuf>,
    /// Folders that could not be read.
    gaps: Vec<SourceGap>,
}

/// The newest sources of one repository.
#[derive(Debug)]
enum RepositorySource {
    /// The newest exported run of each gate, the newest first.
    Exports(Vec<ExportedRun>),
    /// Counts of the newest snapshot.
    Snapshot(Box<(RunRecord, RepositorySums)>),
}

/// Prints values over all repositories of a folder. With a gap, the exit code is 3.
pub fn report_organization(options: &OrganizationOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.read_context()?;
    let read = read_policy(&options.policy, run)?;
    let now = evaluation_time(options.time.now, run)?;
    let quarters = Quarters::until(now, options.quarters).map_err(Failure::Usage)?;
    let folder = run.folder.join(&options.folder);
    let files = folder_files(&folder)?;
    if files.tables.is_empty() && files.snapshots.is_empty() && files.gaps.is_empty() {
        return Err(Failure::Usage(format!(
            "{} has no export (`*.ndjson.gz`) and no snapshot (`*.json`): write one with `escape-gate export --output {}`",
            options.folder.display(),
            options.folder.display()
        )));
    }
    let mut gaps = files.gaps;
    let exported = read_runs(&files.tables, &mut gaps);
    let policy = SnapshotPolicy { policy: &read.policy, path: &options.policy, now };
    let counted: Vec<Result<(RunRecord, RepositorySums), SourceGap>> =
        files.snapshots.par_iter().map(|path| count_snapshot(path, &policy, &quarters)).collect();
    let mut snapshots = Vec::new();
    for one in counted {
        match one {
            Ok(one) => snapshots.push(one),
            Err(gap) => gaps.push(gap),
        }
    }
    let sums: Vec<Result<RepositorySums, SourceGap>> = newest_sources(exported, snapshots)
        .into_par_iter()
        .map(|(repository, source)| match source {
            RepositorySource::Exports(runs) => count_runs(repository, &runs, &quarters),
            RepositorySource::Snapshot(counted) => Ok(counted.1),
        })
        .collect();
    let mut totals = OrganizationTotals::default();
    for one in sums {
        match one {
            Ok(sums) => totals.add(sums),
            Err(gap) => gaps.push(gap),
        }
    }
    for gap in &mut gaps {
        gap.place = relative(&gap.place, &folder);
    }
    let is_complete = gaps.is_empty();
    let policy_name = options.policy.display().to_string();
    let report = totals.report(policy_name, &quarters, now, rate_sample(&read.policy), gaps);
    match options.format {
        OrganizationFormat::Text => run.print_text(&organization_text(&report))?,
        OrganizationFormat::Markdown => run.print_text(&organization_markdown(&report))?,
        OrganizationFormat::Json => {
            write_json(&report, &mut run.out).context("failed to write the report to standard output")?;
        }
        OrganizationFormat::Html => {
            let page = organization_page(&report).context("failed to render the page")?;
            run.write_out(&page)?;
        }
    }
    Ok(if is_complete { Exit::Success } else { Exit::Unknown })
}

/// Chooses the newest run of each gate, or the newest snapshot if that is newer than every export.
fn newest_sources(
    exported: Vec<ExportedRun>,
    snapshots: Vec<(RunRecord, RepositorySums)>,
) -> BTreeMap<String, RepositorySource> {
    let mut gates: BTreeMap<String, BTreeMap<String, ExportedRun>> = BTreeMap::new();
    for run in exported {
        let known = gates.entry(run.repository()).or_default();
        let is_newer = known.get(&run.row.gate).is_none_or(|other| age(&run.row) > age(&other.row));
        if is_newer {
            known.insert(run.row.gate.clone(), run);
        }
    }
    let mut sources: BTreeMap<String, RepositorySource> = BTreeMap::new();
    for (repository, runs) in gates {
        let mut runs: Vec<ExportedRun> = runs.into_values().collect();
        runs.sort_by(|one, other| age(&other.row).cmp(&age(&one.row)));
        sources.insert(repository, RepositorySource::Exports(runs));
    }
    for counted in snapshots {
        let known = sources.get(&counted.1.repository).and_then(|source| match source {
            RepositorySource::Exports(runs) => runs.first().map(|run| age(&run.row)),
            RepositorySource::Snapshot(other) => Some(age(&other.0)),
        });
        if known.is_none_or(|known| age(&counted.0) > known) {
            sources.insert(counted.1.repository.clone(), RepositorySource::Snapshot(Box::new(counted)));
        }
    }
    sources
}

/// Returns the key by which the newest run is the greatest. The id decides between runs of one moment, the same way every time.
fn age(row: &RunRecord) -> (jiff::Timestamp, jiff::Timestamp, &str) {
    (row.collected_at, row.evaluated_at, &row.run)
}

/// Lists a folder with everything below it, in the order of the paths.
fn folder_files(folder: &Path) -> Result<FolderFiles, Failure> {
    let mut found = FolderFiles::default();
    if !folder.is_dir() {
        return Err(Failure::Usage(format!("{} is no folder", folder.display())));
    }
    let mut todo = vec![folder.to_owned()];
    while let Some(next) = todo.pop() {
        let unread = |error: std::io::Error| SourceGap {
            place: next.display().to_string(),
            what: format!("the folder cannot be read: {error}"),
        };
        let entries = match std::fs::read_dir(&next) {
            Ok(entries) => entries,
            Err(error) => {
                found.gaps.push(unread(error));
                continue;
            }
        };
        for entry in entries {
            let path = match entry {
                Ok(entry) => entry.path(),
                Err(error) => {
                    found.gaps.push(unread(error));
                    continue;
                }
            };
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // A hidden file is a draft that an export has not finished.
            if name.starts_with('.') {
                continue;
            }
            // A link to a folder could lead back to this one.
            if path.is_dir() && !path.is_symlink() {
                todo.push(path);
            } else if name.ends_with(".ndjson.gz") {
                found.tables.push(path);
            } else if name.ends_with(".json") {
                found.snapshots.push(path);
            }
        }
    }
    found.tables.sort();
    found.snapshots.sort();
    Ok(found)
}

/// Returns a place relative to the folder, so that a report says the same on every machine.
fn relative(place: &str, folder: &Path) -> String {
    let below = Path::new(place).strip_prefix(folder).ok().map(|path| path.display().to_string());
    below.filter(|path| !path.is_empty()).unwrap_or_else(|| place.to_owned())
}
