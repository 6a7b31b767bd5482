//! The status of a release for one defect, in the words of VEX.

use super::named_enum::named_enum;

use std::fmt;

use serde::{Deserialize, Serialize};

use release_history::origins::origin_method::Confidence;

named_enum! {
    /// Status of a release for one defect.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    #[serde(rename_all = "kebab-case")]
    pub enum Status {
        /// The defect is in the release.
        Affected = "affected",
        /// The release contains the fix, or a person says that it does.
        Fixed = "fixed",
        /// The defect was never in the release.
        NotAffected = "not-affected",
        /// The evidence does not show whether the defect is in the release.
        UnderInvestigation = "under-investigation",
    }
}

impl Status {
    /// Returns the words shown in reports.
    pub fn words(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::NotAffected => "not affected",
            Self::UnderInvestigation => "under investigation",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// A row of the table that decides the status. The first row that applies wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusRow {
    /// 1: the policy says so.
    Policy,
    /// 2: a label says in which release it is fixed.
    FixedByLabel,
    /// 3: the release contains the whole fix.
    ContainsFix,
    /// 4: the release contains a part of the fix, or took it back.
    LacksFix,
    /// 5: a maintainer says that the release is not affected.
    NotAffectedByWord,
    /// 6a: closed by hand before the release was built.
    ClosedByHand,
    /// 6b: closed by hand after the release was built.
    ClosedByHandLater,
    /// 7: a label says that the line is affected.
    LineAffected,
    /// 8: labels name every affected line, and not this one.
    OtherLines,
    /// 9: found in this release or in one before it.
    FoundBefore,
    /// 10: nothing says whether the release has it.
    Unknown,
}

impl StatusRow {
    /// The number in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Policy => "1",
            Self::FixedByLabel => "2",
            Self::ContainsFix => "3",
            Self::LacksFix => "4",
            Self::NotAffectedByWord => "5",
            Self::ClosedByHand => "6a",
            Self::ClosedByHandLater => "6b",
            Self::LineAffected => "7",
            Self::OtherLines => "8",
            Self::FoundBefore => "9",
            Self::Unknown => "10",
        }
    }
}

impl fmt::Display for StatusRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The status of a release for one defect, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefectStatus {
    /// The status; an error says which evidence could not be read.
    pub status: Result<Status, String>,
    /// The row that decided or, if evidence could not be read, the row that needed it.
    pub row: StatusRow,
    /// Confidence in the status; `Confidence::None` for *under investigation*.
    pub confidence: Confidence,
    /// The reason in words, for example "found in v1.3.0, no fix is in v1.6.0". Untrusted where it quotes the issue.
    pub reason: String,
    /// `true` if a person closed the issue as not planned: it is listed and not counted.
    pub accepted: bool,
    /// Names of the changes that fix it elsewhere, for example `#2`: cherry-picking them would fix the release.
    pub elsewhere: Vec<String>,
    /// Notes for the reader.
    pub notes: Vec<String>,
}

impl DefectStatus {
    /// Formats the status and its reason: "affected: found in v1.3.0, no fix is in v1.6.0".
    pub fn shown(&self) -> String {
        match &self.status {
            Ok(status) => format!("{}: {}", status.words(), self.reason),
            Err(what) => format!("not known: {what}"),
        }
    }
}
