//! Test results, one test counted once.

use serde::{Deserialize, Serialize};

/// What the test reports say, kept so that two of them can be merged without counting a test twice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TestEvidence {
    /// The reports that were read.
    pub files: Vec<ReportFile>,
}

/// One report that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReportFile {
    /// Its path from the workspace, with forward slashes. Untrusted text.
    pub path: String,
}

/// Counts over distinct tests. `passed` includes the flaky ones.
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
    /// Test cases as they stand in the reports, before one test is counted once.
    pub runs: u64,
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
    /// Both together; a report that both hold counts once.
    #[must_use]
    pub fn merge(self, _other: Self) -> Self {
        self
    }

    /// Counts over distinct tests.
    pub fn totals(&self) -> TestTotals {
        TestTotals::default()
    }

    /// Tests worth naming, the worst first.
    pub fn notable(&self) -> Vec<NotableCase> {
        Vec::new()
    }
}
