//! The status of a release for one defect, in the words of VEX.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether a defect is in a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The defect is in the release.
    Affected,
    /// The release contains the fix, or a person says that it does.
    Fixed,
    /// The defect was never in the release.
    NotAffected,
    /// Nothing that was read says whether it is in the release.
    UnderInvestigation,
}

impl Status {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Affected, Self::Fixed, Self::NotAffected, Self::UnderInvestigation];

    /// The name used in policies and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::NotAffected => "not-affected",
            Self::UnderInvestigation => "under-investigation",
        }
    }

    /// The words shown to people.
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
