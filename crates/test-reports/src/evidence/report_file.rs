//! Contents of one report.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::CaseStatus;
use super::records::{Records, TestId};

/// Contents of one report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReportFile {
    /// Path relative to the workspace, with forward slashes, for example `build/unit.xml` or `artifact.zip!/unit.xml`. Untrusted text.
    pub path: String,
    /// XXH3-128 of its bytes: two reports are the same if path and digest are. It guards against accidents, not
    /// against an attacker, who could as well write a report in which everything passes.
    pub digest: TestId,
    /// Format of the report.
    pub format: ReportFormat,
    /// Encoding of the report by its WHATWG name, for example `UTF-8`.
    pub encoding: String,
    /// `false` if reading stopped early. A gap says why, and the results before it count.
    pub complete: bool,
    /// Number of runs before one test is counted once.
    pub runs: u64,
    /// Tests by status.
    pub tests: Records,
    /// Failed and flaky tests, at most 100 of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<CaseDetail>,
    /// Issues that tests name, at most 10,000.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub mentions: BTreeSet<IssueMention>,
}

/// Format of a test report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportFormat {
    /// JUnit XML in any of its dialects.
    Junit,
    /// NUnit 3's own XML.
    Nunit,
    /// NUnit 2's XML, which Pester writes by default.
    Nunit2,
    /// xUnit.net's own XML, versions 2 and 3.
    Xunit,
    /// Visual Studio's and `dotnet test`'s TRX.
    Trx,
    /// The Common Test Report Format, JSON.
    Ctrf,
    /// `go test -json`.
    GoTest,
    /// libtest's JSON, from `cargo test -- --format json` or nextest.
    CargoTest,
    /// The Test Anything Protocol.
    Tap,
}

/// A failed or flaky test of a report. All text is untrusted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CaseDetail {
    /// Identity of the test.
    pub test: TestId,
    /// Status in this report.
    pub status: CaseStatus,
    /// Suite or class and name, for example `Cart › rounds`.
    pub name: String,
    /// First line of the failure message, at most 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The source file, where the report names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

/// An issue that a test names: in its name, its class, a property, or a marker in what it prints.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IssueMention {
    /// Number of the issue.
    pub issue: u64,
    /// `owner/name`; `None` if the test names only the number. Untrusted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Identity of the test.
    pub test: TestId,
    /// Suite or class and name, for example `Cart › rounds (#12)`. Untrusted text.
    pub name: String,
}

impl ReportFile {
    /// Returns the path and digest that identify a report.
    pub(super) fn key(&self) -> (&str, TestId) {
        (&self.path, self.digest)
    }
}

impl ReportFormat {
    /// Returns the display name, for example `JUnit XML`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Junit => "JUnit XML",
            Self::Nunit => "NUnit 3 XML",
            Self::Nunit2 => "NUnit 2 XML",
            Self::Xunit => "xUnit.net XML",
            Self::Trx => "TRX",
            Self::Ctrf => "CTRF",
            Self::GoTest => "go test -json",
            Self::CargoTest => "cargo test JSON",
            Self::Tap => "TAP",
        }
    }
}
