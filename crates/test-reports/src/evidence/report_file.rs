//! One report, as it was read.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::CaseStatus;
use super::records::{Records, TestId};

/// One report that was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReportFile {
    /// Its path from the workspace, with forward slashes; inside an archive, `archive.zip!/path`. Untrusted text.
    pub path: String,
    /// XXH3-128 of its bytes: two reports are the same if path and digest are. It guards against accidents, not
    /// against an attacker, who could as well write a report in which everything passes.
    pub digest: TestId,
    /// What it was written in.
    pub format: ReportFormat,
    /// The encoding its bytes were read in, by its WHATWG name.
    pub encoding: String,
    /// False if reading stopped early; a gap says why. What was read until then counts.
    pub complete: bool,
    /// Runs in it, before one test is counted once.
    pub runs: u64,
    /// Its tests by outcome.
    pub tests: Records,
    /// Tests worth naming, bounded in number and length.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<CaseDetail>,
    /// Issues that its tests name, bounded in number.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub mentions: BTreeSet<IssueMention>,
}

/// What a test report is written in. A stranger adds a format here, and the compiler lists the rest.
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

/// A test worth naming. All text is untrusted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CaseDetail {
    /// Which test.
    pub test: TestId,
    /// How it ended in this report.
    pub status: CaseStatus,
    /// Suite or class and name, as a person would write it.
    pub name: String,
    /// First line of the failure message.
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
    /// The issue's number.
    pub issue: u64,
    /// `owner/name`, where the test says it. Untrusted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The test.
    pub test: TestId,
    /// Suite or class and name, as a person would write it. Untrusted text.
    pub name: String,
}

impl ReportFile {
    /// What makes it this report and no other.
    pub(super) fn key(&self) -> (&str, TestId) {
        (&self.path, self.digest)
    }
}

impl ReportFormat {
    /// Its name for a person.
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
