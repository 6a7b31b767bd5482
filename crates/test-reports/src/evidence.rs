//! Test results, one test counted once.

mod counting;
mod records;
mod report_file;

use serde::{Deserialize, Serialize};

pub use records::{Records, TestId};
pub use report_file::{CaseDetail, IssueMention, ReportFile, ReportFormat};

/// Tests of all reports, stored so that two values merge without counting a test twice.
///
/// One test is one identity (suite path, class, name, file). Within one report the reader has already folded reruns into
/// one outcome. Across reports they are legs of a matrix, and the worst wins:
/// error, failed, flaky, passed, skipped. A test that one leg skips and another passes has passed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TestEvidence {
    /// The reports that were read, by path and digest.
    pub files: Vec<ReportFile>,
}

/// Counts over distinct tests. `passed` includes the flaky ones.
///
/// `passed + failed + errors + skipped` is `total + suite_errors`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TestTotals {
    /// Number of distinct test cases.
    pub total: u64,
    /// Number of tests that passed, also on a rerun.
    pub passed: u64,
    /// Number of tests that failed.
    pub failed: u64,
    /// Number of test cases with an error, and of errors that belong to no test case.
    pub errors: u64,
    /// Number of tests that were skipped.
    pub skipped: u64,
    /// Number of passed tests that failed first.
    pub flaky: u64,
    /// Number of errors that belong to no test case: of a whole suite, or declared and not shown.
    pub suite_errors: u64,
    /// Number of runs before one test is counted once. Reruns that a producer folds into one case count too.
    pub runs: u64,
}

/// Rule by which several results with one name in one report are runs of one test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reruns {
    /// Only if the report, or a mark of its producer, says so.
    #[default]
    Reported,
    /// By name: failures and then at most one pass in one suite.
    ByName,
}

/// Result of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseStatus {
    /// The test passed.
    Passed,
    /// The test did not run.
    Skipped,
    /// The test failed and then passed on a rerun.
    Flaky,
    /// An assertion failed.
    Failed,
    /// The test could not run to a result.
    Error,
}

/// A failed, erroneous or flaky test, for display. All text is untrusted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NotableCase {
    /// Worst status over all reports.
    pub status: CaseStatus,
    /// Suite or class and name, for example `Cart › rounds`.
    pub name: String,
    /// Path of the report.
    pub report: String,
    /// First line of the failure message, at most 300 characters.
    #[serde(default)]
    pub message: Option<String>,
    /// The source file, where the report names it.
    #[serde(default)]
    pub file: Option<String>,
    /// The line in that file.
    #[serde(default)]
    pub line: Option<u64>,
}

impl TestEvidence {
    /// Creates evidence from reports, in order of path and digest; the same report twice counts once.
    pub fn new(mut files: Vec<ReportFile>) -> Self {
        // Keep the greater of two readings of the same bytes, so that the order of merging has no effect.
        files.sort_by(|a, b| a.key().cmp(&b.key()).then_with(|| b.cmp(a)));
        files.dedup_by(|later, kept| later.key() == kept.key());
        Self { files }
    }

    /// Merges two values; a report in both counts once.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self::new(self.files.into_iter().chain(other.files).collect())
    }

    /// Counts the distinct tests.
    pub fn totals(&self) -> TestTotals {
        counting::count_distinct_tests(&self.files)
    }

    /// Returns the tests that name an issue, in order of their names, with their worst status over all reports. A mention without a
    /// repository refers to `repository`.
    pub fn tests_naming(&self, issue: u64, repository: Option<&str>) -> Vec<(&IssueMention, CaseStatus)> {
        counting::cases_naming_issue(&self.files, issue, repository)
    }

    /// Returns failed and flaky tests, the worst first, each once. A report keeps at most 100 of each by name, so
    /// that [`totals`](Self::totals) can count more.
    pub fn notable(&self) -> Vec<NotableCase> {
        counting::notable_cases(&self.files)
    }
}

impl CaseStatus {
    /// All statuses by [`weight`](Self::weight), the lightest first.
    pub const BY_WEIGHT: [Self; 5] = [Self::Skipped, Self::Passed, Self::Flaky, Self::Failed, Self::Error];

    /// Returns `true` for a failure or an error.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Error)
    }

    /// Returns the weight of the status; of several results of a test, the one with the greatest weight counts. A run outweighs a skip.
    pub fn weight(self) -> u8 {
        match self {
            Self::Skipped => 0,
            Self::Passed => 1,
            Self::Flaky => 2,
            Self::Failed => 3,
            Self::Error => 4,
        }
    }
}

#[cfg(test)]
mod laws;
