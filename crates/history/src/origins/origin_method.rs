//! Methods that find origins, the confidence in an origin, and reasons for no origin.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Method that found an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OriginMethod {
    /// A line, field, label or policy entry that is written for this purpose.
    Override,
    /// A statement in the change that fixes it, or in the issue.
    RegressedBy,
    /// The lines that the fix changes.
    Blame,
    /// Not at all.
    None,
}

impl OriginMethod {
    /// The ways there are, in the order in which they are asked.
    pub const ALL: [Self; 3] = [Self::Override, Self::RegressedBy, Self::Blame];

    /// The name used in policies and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Override => "override",
            Self::RegressedBy => "regressed-by",
            Self::Blame => "blame",
            Self::None => "none",
        }
    }
}

/// Number of code files above which a fix is a bulk change, whose lines say nothing about one defect.
pub const BULK: usize = 40;

/// Reasons that there is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoOrigin {
    /// No change is linked to it as its fix.
    NoFix,
    /// The fix is not in this copy of the repository.
    FixNotHere,
    /// The fix changes too many code files for their lines to point at one defect.
    BulkFix,
    /// The fix changes no existing line of code: only new files, or files that are no code.
    NothingToBlame,
    /// History is cut off, and blame would name the cut.
    ShallowClone,
    /// A part of history could not be read.
    BlameFailed,
    /// No author of the changed lines can have introduced the defect.
    AllRuledOut,
    /// No candidate is probable enough.
    TooUncertain,
    /// There are more defects than a run looks at.
    NotLookedAt,
    /// There was no history to read, and no statement names an origin.
    NoHistory,
    /// A method found it that the policy does not enable.
    NotAskedFor,
}

/// Shows the reason as a sentence's end: "no origin: …".
impl fmt::Display for NoOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoFix => "no fix is linked yet",
            Self::FixNotHere => "the fix is not in this copy of the repository",
            Self::BulkFix => return write!(f, "the fix touches more than {BULK} files of code"),
            Self::NothingToBlame => "the fix changes no line of code that was there before",
            Self::ShallowClone => {
                "the clone is shallow, and blame would name its boundary; write `fetch-depth: 0` below `with:` of \
                 actions/checkout"
            }
            Self::BlameFailed => "a part of the history could not be read",
            Self::AllRuledOut => "nobody who wrote the changed lines can have brought it in",
            Self::TooUncertain => "no candidate is probable enough",
            Self::NotLookedAt => "there are more defects than one run looks at",
            Self::NoHistory => "there was no history to look at, and nobody names an origin",
            Self::NotAskedFor => "it was found in a way that the policy does not go by",
        })
    }
}

/// Confidence in an attribution, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// No evidence.
    None,
    /// Concluded from circumstances.
    Inferred,
    /// A person chose it from a list or by a label.
    Stated,
    /// A person wrote it down for this purpose.
    Certain,
}

impl Confidence {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Inferred => "inferred",
            Self::Stated => "stated",
            Self::Certain => "certain",
        }
    }
}
