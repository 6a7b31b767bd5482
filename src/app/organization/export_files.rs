//! Tables of exported runs.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::export::{
    DefectRecord, ExceptionRecord, ExportRow, ExportTable, ReleaseRecord, RunRecord, SCHEMA, for_each_row,
};
use crate::organization::{Quarters, RepositoryCounter, RepositorySums};
use crate::report::SourceGap;

/// A run with the place of its tables.
#[derive(Debug)]
pub struct ExportedRun {
    /// Row of the table `runs`.
    pub row: RunRecord,
    /// File of the row: `runs/repository=…/date=…/RUN.ndjson.gz`.
    file: PathBuf,
}

impl ExportedRun {
    /// Returns `owner/name`.
    pub fn repository(&self) -> String {
        format!("{}/{}", self.row.owner, self.row.repository)
    }

    /// Returns the file of another table of the run.
    fn table_file(&self, table: ExportTable) -> Option<PathBuf> {
        sibling(&self.file, table)
    }
}

/// Reads the rows of all runs. A table without a run, and a file that is no table, are gaps.
pub fn read_runs(files: &[PathBuf], gaps: &mut Vec<SourceGap>) -> Vec<ExportedRun> {
    let (runs, tables): (Vec<&PathBuf>, Vec<&PathBuf>) =
        files.iter().partition(|file| table_of(file) == Some(ExportTable::Runs));
    let known: BTreeSet<&Path> = runs.iter().map(|file| file.as_path()).collect();
    for file in tables {
        let what = match table_of(file).and_then(|_| sibling(file, ExportTable::Runs)) {
            Some(run) if known.contains(run.as_path()) => continue,
            Some(_) => "its run is not in the table `runs`, so the export was cut off: export the run again",
            None => "it is in no folder `TABLE/repository=…/date=…` of an export: move it away",
        };
        gaps.push(gap(file, what.to_owned()));
    }
    let read: Vec<Result<ExportedRun, SourceGap>> = runs.par_iter().map(|file| read_run(file)).collect();
    let mut found = Vec::new();
    for one in read {
        match one {
            Ok(run) => found.push(run),
            Err(gap) => gaps.push(gap),
        }
    }
    found
}

fn read_run(file: &Path) -> Result<ExportedRun, SourceGap> {
    let mut rows: Vec<RunRecord> = Vec::new();
    read_table(file, |row| rows.push(row))?;
    let row = match <[RunRecord; 1]>::try_from(rows) {
        Ok([row]) => row,
        Err(rows) => {
            return Err(gap(
                file,
                format!("it has {} rows instead of one: export the run again", rows.len()),
            ));
        }
    };
    if row.schema != SCHEMA {
        let what = format!(
            "it has version {} of the tables, and this program reads {SCHEMA}: use the version {} of the program",
            row.schema, row.version
        );
        return Err(gap(file, what));
    }
    Ok(ExportedRun { row, file: file.to_owned() })
}

/// Counts the runs of a repository, the newest first. Half a repository would look like a good one, so any gap leaves it out.
pub fn count_runs(
    repository: String,
    runs: &[ExportedRun],
    quarters: &Quarters,
) -> Result<RepositorySums, SourceGap> {
    let mut counter = RepositoryCounter::new(repository, quarters);
    for run in runs {
        let rows = &run.row.rows;
        if rows.defects.is_none() {
            let reason = run.row.gaps.first().map_or("the run did not collect issues", String::as_str);
            return Err(gap(&run.file, format!("the newest run has no defects ({reason}): export it again")));
        }
        count_table(run, rows.defects, |row: DefectRecord| counter.add_defect(&row))?;
        count_table(run, rows.releases, |row: ReleaseRecord| counter.add_release(&row))?;
        count_table(run, rows.exceptions, |row: ExceptionRecord| counter.add_exception(&row))?;
    }
    Ok(counter.finish())
}

/// Reads a table of a run, and holds the number of its rows against the run's.
fn count_table<R: ExportRow>(
    run: &ExportedRun,
    expected: Option<u64>,
    take: impl FnMut(R),
) -> Result<(), SourceGap> {
    let expected = expected.unwrap_or(0);
    // A table without rows has no file.
    if expected == 0 {
        return Ok(());
    }
    let file =
        run.table_file(R::TABLE).ok_or_else(|| gap(&run.file, "it is in no folder of an export".into()))?;
    let found = read_table(&file, take)?;
    if found != expected {
        return Err(gap(
            &file,
            format!("it has {found} rows, and the run wrote {expected}: export the run again"),
        ));
    }
    Ok(())
}

fn read_table<R: ExportRow>(file: &Path, take: impl FnMut(R)) -> Result<u64, SourceGap> {
    let opened = File::open(file).map_err(|error| gap(file, format!("it cannot be read: {error}")))?;
    for_each_row(opened, take).map_err(|error| gap(file, error.to_string()))
}

/// Returns the table of a file: `defects` for `defects/repository=…/date=…/RUN.ndjson.gz`.
fn table_of(file: &Path) -> Option<ExportTable> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut above = file.ancestors().skip(1);
    let is_date = name(above.next()?)?.starts_with("date=");
    let is_repository = name(above.next()?)?.starts_with("repository=");
    let table = name(above.next()?)?;
    ExportTable::ALL.into_iter().find(|one| is_date && is_repository && one.name() == table)
}

/// Returns the file of another table of the same run.
fn sibling(file: &Path, table: ExportTable) -> Option<PathBuf> {
    let day = file.parent()?;
    let repository = day.parent()?;
    let tables = repository.parent()?.parent()?;
    let path = tables.join(table.name()).join(repository.file_name()?).join(day.file_name()?);
    Some(path.join(file.file_name()?))
}

fn gap(file: &Path, what: String) -> SourceGap {
    SourceGap { place: file.display().to_string(), what }
}
