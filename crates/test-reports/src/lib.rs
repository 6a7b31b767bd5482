//! Test reports: which files, what they are written in, and what they say.
//!
//! Files are found by a glob list and read side by side; each is one pass over its bytes. Whatever could not be read, or
//! was not understood, is a [`ReportGap`] that names file, line and column.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod archive;
mod cargotest;
mod collector;
mod ctrf;
mod detect;
mod elements;
mod encoding;
mod evidence;
mod files;
mod glob;
mod gotest;
mod junit;
mod limits;
mod lines;
mod marker;
mod mention;
mod nunit;
mod nunit2;
mod place;
mod rerun;
mod roots;
mod shared;
mod single;
mod source;
mod tap;
mod text;
mod trx;
mod watch;
mod xml;
mod xunit;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

pub use evidence::{
    CaseDetail, CaseStatus, IssueMention, NotableCase, Records, ReportFile, ReportFormat, Reruns,
    TestEvidence, TestId, TestTotals,
};

pub use glob::GlobError;
pub use watch::{FileRead, Unwatched, Watch};

/// Something that should have been read and was not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportGap {
    /// Where: a file with line and column, or a glob. Untrusted text.
    pub place: Option<String>,
    /// What happened, in lower case, without a full stop. Untrusted text.
    pub what: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

/// What the reports of a workspace say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadReports {
    /// The tests.
    pub evidence: TestEvidence,
    /// What could not be read, or not in full, in order of the files.
    pub gaps: Vec<ReportGap>,
    /// What a person should look at.
    pub warnings: Vec<String>,
}

/// How reports are found and read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// How several results under one name are told to be runs of one test.
    pub reruns: Reruns,
    /// Folders beside the workspace in which absolute globs may find reports.
    pub roots: Vec<PathBuf>,
}

/// Reads the reports that a glob list finds under `root`.
///
/// Globs are relative to `root`, or absolute and under it; `**` stands for any number of folders, `{a,b}` for either, and a leading `!` takes out
/// what the globs before it have found. Hidden and git-ignored files are found like others.
///
/// # Errors
/// If a glob is malformed, or points to where no report may be read. Everything else is a gap.
pub fn read(root: &Path, globs: &[String]) -> Result<ReadReports, GlobError> {
    read_with(root, globs, &ReadOptions::default(), &(Arc::new(Unwatched) as Arc<dyn Watch>))
}

/// Reads the reports as [`read`] does, with options, and tells how it goes.
///
/// # Errors
/// As [`read`].
pub fn read_with(
    root: &Path,
    globs: &[String],
    options: &ReadOptions,
    watch: &Arc<dyn Watch>,
) -> Result<ReadReports, GlobError> {
    let found = roots::find_report_files(root, &options.roots, globs)?;
    // A file whose size cannot be told cannot be read either, and is a gap then.
    watch.begins(
        found.files.iter().filter_map(|file| file.location.metadata().ok()).map(|file| file.len()).sum(),
    );
    let mut outcomes: Vec<single::Outcome> =
        found.files.par_iter().flat_map_iter(|file| archive::read(file, options.reruns, watch)).collect();
    let took: Vec<FileRead> = outcomes.iter_mut().filter_map(|outcome| outcome.took.take()).collect();
    watch.ends(&took);
    Ok(together(found.gaps, found.warnings, outcomes))
}

/// Reads one report that is in memory already. `path` is what it is called.
pub fn read_bytes(path: &str, bytes: &[u8]) -> ReadReports {
    read_bytes_with(path, bytes, Reruns::Reported)
}

/// Reads one report as [`read_bytes`] does. `reruns` says how several results under one name are told to be runs of one test.
pub fn read_bytes_with(path: &str, bytes: &[u8], reruns: Reruns) -> ReadReports {
    let outcome = single::read(path, reruns, source::Source::new(bytes), &|then| {
        then(&mut &*bytes);
        Ok(())
    });
    together(Vec::new(), Vec::new(), [outcome])
}

/// What became of all files as one.
fn together(
    gaps: Vec<ReportGap>,
    warnings: Vec<String>,
    outcomes: impl IntoIterator<Item = single::Outcome>,
) -> ReadReports {
    let mut read = ReadReports { gaps, warnings, ..ReadReports::default() };
    let mut files = Vec::new();
    for outcome in outcomes {
        files.extend(outcome.file);
        read.gaps.extend(outcome.gaps);
        read.warnings.extend(outcome.warnings);
    }
    read.evidence = TestEvidence::new(files);
    let nothing = read.evidence.files.iter().all(|file| file.tests.is_empty());
    if nothing && !read.evidence.files.is_empty() && read.gaps.is_empty() {
        read.gaps.push(ReportGap {
            place: None,
            what: "the reports hold no test".to_owned(),
            remedy: Some("check that the tests ran before their reports were read".to_owned()),
        });
    }
    read
}

#[cfg(test)]
mod tests;
