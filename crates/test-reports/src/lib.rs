//! Reads the reports that test runners write, and counts each test once.
//!
//! [`read_reports`] finds files by a glob list and reads them in parallel, each in one pass over its bytes. The result is a
//! [`TestEvidence`], which can be merged and stored, and a [`ReportGap`] with file, line and column for everything that
//! could not be read.
//!
//! ```
//! use test_reports::{CaseStatus, Reruns, read_report};
//!
//! let xml = br#"<testsuite name="cart" tests="2" failures="1">
//!   <testcase classname="Cart" name="adds"/>
//!   <testcase classname="Cart" name="rounds (#123)"><failure message="got 3"/></testcase>
//! </testsuite>"#;
//! let read = read_report("unit.xml", xml, Reruns::Reported);
//!
//! let totals = read.evidence.totals();
//! assert_eq!((totals.total, totals.passed, totals.failed), (2, 1, 1));
//! assert_eq!(read.evidence.notable()[0].message.as_deref(), Some("got 3"));
//! let (mention, status) = read.evidence.tests_naming(123, None)[0];
//! assert_eq!((mention.name.as_str(), status), ("Cart › rounds (#123)", CaseStatus::Failed));
//! assert!(read.gaps.is_empty());
//! ```

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
mod file_search;
mod glob;
mod gotest;
mod junit;
mod limits;
mod line_column;
mod lines;
mod marker;
mod mention;
mod nunit;
mod nunit2;
mod observer;
mod report_file;
mod rerun;
mod search_roots;
mod shared_file;
mod source;
mod tap;
mod text_sink;
mod trx;
mod xml;
mod xml_reference;
mod xunit;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use report_file::FileOutcome;

pub use evidence::{
    CaseDetail, CaseStatus, IssueMention, NotableCase, Records, ReportFile, ReportFormat, Reruns,
    TestEvidence, TestId, TestTotals,
};
pub use glob::GlobError;
pub use observer::{FileSummary, ReadObserver};

/// Evidence that should have been read and was not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportGap {
    /// File with line and column, for example `unit.xml:12:3`, or a glob; `None` if the gap concerns all reports.
    /// Untrusted text.
    pub place: Option<String>,
    /// Description in lower case, without a full stop. Untrusted text.
    pub what: String,
    /// Next step; `None` if none is known.
    pub remedy: Option<String>,
}

/// Contents of all reports that were read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadReports {
    /// Tests by report.
    pub evidence: TestEvidence,
    /// Gaps in order of the files.
    pub gaps: Vec<ReportGap>,
    /// Oddities that lose no evidence, in order of the files. Untrusted text.
    pub warnings: Vec<String>,
}

/// Options of [`read_reports`].
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Rule by which several results with one name are runs of one test.
    pub reruns: Reruns,
    /// Folders outside the workspace in which absolute globs may find reports.
    pub roots: Vec<PathBuf>,
    /// Receiver of progress; `None` if nothing shows it.
    pub observer: Option<Arc<dyn ReadObserver>>,
}

/// Reads the reports that a glob list finds below `workspace`.
///
/// A glob is relative to `workspace`, or absolute and below it or one of [`ReadOptions::roots`]. `**` matches any number
/// of folders, `{a,b}` either word, and `a/` everything in the folder `a`. The last glob that matches a file decides; a
/// leading `!` excludes the file. Hidden and git-ignored files are found too.
///
/// # Errors
/// Returns a [`GlobError`] if a glob is malformed or points outside these folders. Everything else is a gap.
pub fn read_reports(
    workspace: &Path,
    globs: &[String],
    options: &ReadOptions,
) -> Result<ReadReports, GlobError> {
    let found = search_roots::find_report_files(workspace, &options.roots, globs)?;
    let observer = options.observer.as_ref();
    if let Some(observer) = observer {
        // A file without a size cannot be read either, and becomes a gap.
        let sizes =
            found.files.iter().filter_map(|file| file.location.metadata().ok()).map(|file| file.len());
        observer.begins(sizes.sum());
    }
    let mut outcomes: Vec<FileOutcome> =
        found.files.par_iter().flat_map_iter(|file| archive::read_file_or_archive(file, options)).collect();
    if let Some(observer) = observer {
        let summaries: Vec<_> = outcomes.iter_mut().filter_map(|outcome| outcome.summary.take()).collect();
        observer.ends(&summaries);
    }
    Ok(merge_outcomes(found.gaps, found.warnings, outcomes))
}

/// Reads one report from memory. `path` is its name in gaps and evidence.
pub fn read_report(path: &str, bytes: &[u8], reruns: Reruns) -> ReadReports {
    let outcome = report_file::read_report_file(path, reruns, source::Source::new(bytes), &|then| {
        then(&mut &*bytes);
        Ok(())
    });
    merge_outcomes(Vec::new(), Vec::new(), [outcome])
}

/// Merges the outcomes of all files.
fn merge_outcomes(
    gaps: Vec<ReportGap>,
    warnings: Vec<String>,
    outcomes: impl IntoIterator<Item = FileOutcome>,
) -> ReadReports {
    let mut read = ReadReports { gaps, warnings, ..ReadReports::default() };
    let mut files = Vec::new();
    for outcome in outcomes {
        files.extend(outcome.file);
        read.gaps.extend(outcome.gaps);
        read.warnings.extend(outcome.warnings);
    }
    read.evidence = TestEvidence::new(files);
    // Reports without tests have no failures: that must not look like success.
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

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExample;

#[cfg(test)]
mod tests;
