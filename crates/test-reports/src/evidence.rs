//! Test results, one test counted once.

mod counting;
mod records;
mod report_file;

use serde::{Deserialize, Serialize};

pub use records::{Records, TestId};
pub use report_file::{CaseDetail, IssueMention, ReportFile, ReportFormat};

/// What the test reports say, kept so that two of them can be merged without counting a test twice.
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
    /// Distinct test cases.
    pub total: u64,
    /// Of them, passed (also on a rerun).
    pub passed: u64,
    /// Of them, failed.
    pub failed: u64,
    /// Test cases that ended in an error, and errors that belong to no test case.
    pub errors: u64,
    /// Of them, skipped.
    pub skipped: u64,
    /// Of the passed ones, those that failed first.
    pub flaky: u64,
    /// Of the errors, those that belong to no test case: of a whole suite, or declared and not shown.
    pub suite_errors: u64,
    /// Runs in the reports, before one test is counted once; a rerun that a producer folds into one case counts too.
    pub runs: u64,
}

/// How several results under one name in one report are told to be runs of one test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reruns {
    /// By what the report, or its producer's own marks, say of them.
    #[default]
    Reported,
    /// By their name: failures and then one pass in one suite.
    ByName,
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseStatus {
    /// It passed.
    Passed,
    /// It did not run.
    Skipped,
    /// It failed and then passed on a rerun.
    Flaky,
    /// An assertion did not hold.
    Failed,
    /// It could not run to a result.
    Error,
}

/// A test worth naming: one that failed, ended in an error, or was flaky. All text is untrusted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NotableCase {
    /// How it ended.
    pub status: CaseStatus,
    /// Suite or class and name, as a person would write it.
    pub name: String,
    /// The report it stands in.
    pub report: String,
    /// First line of the failure message, cut at a bounded length.
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
    /// Evidence from these reports, in order of path and digest; the same report twice counts once.
    pub fn new(mut files: Vec<ReportFile>) -> Self {
        // Of two readings of the same bytes the greater in field order stays, so that the order of merging cannot show.
        files.sort_by(|a, b| a.key().cmp(&b.key()).then_with(|| b.cmp(a)));
        files.dedup_by(|later, kept| later.key() == kept.key());
        Self { files }
    }

    /// Both together; a report that both hold counts once.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self::new(self.files.into_iter().chain(other.files).collect())
    }

    /// Counts over distinct tests.
    pub fn totals(&self) -> TestTotals {
        counting::count_tests(&self.files)
    }

    /// Tests that name an issue of a repository, by name, with their outcome over all reports. A mention without a
    /// repository means the one at hand.
    pub fn tests_naming(&self, issue: u64, repository: Option<&str>) -> Vec<(&IssueMention, CaseStatus)> {
        counting::cases_naming_issue(&self.files, issue, repository)
    }

    /// Tests worth naming, the worst first, one test once. Readers keep a bounded number of them in each report, so
    /// that this can be fewer than [`totals`](Self::totals) counts.
    pub fn notable(&self) -> Vec<NotableCase> {
        counting::notable_cases(&self.files)
    }
}

impl CaseStatus {
    /// All of them by [`weight`](Self::weight), the lightest first.
    pub const BY_WEIGHT: [Self; 5] = [Self::Skipped, Self::Passed, Self::Flaky, Self::Failed, Self::Error];

    /// The weight by which one of several results of a test is its outcome: a leg that ran outweighs one that skipped.
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
