//! How the origin of a defect was found, how sure that is, and why there is none.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How an origin was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OriginMethod {
    /// Somebody named it for this purpose.
    Override,
    /// Somebody named it in the change that fixes it, or in the issue.
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

/// Why there is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoOrigin {
    /// No change is linked to it as its fix.
    NoFix,
    /// Its fix is not in this copy of the repository.
    FixNotHere,
    /// Its fix touches so many files of code that their lines say nothing about one defect.
    BulkFix,
    /// Its fix changes no line that somebody wrote before: new files, or files that are no code.
    NothingToBlame,
    /// History is cut off, and blame would name the cut.
    ShallowClone,
    /// A part of history could not be read.
    BlameFailed,
    /// Nobody who wrote the lines can have brought the defect in.
    AllRuledOut,
    /// No candidate is probable enough.
    TooUncertain,
    /// There are more defects than a run looks at.
    NotLookedAt,
    /// There was no history to look at, and nobody has said anything.
    NoHistory,
    /// It was found in a way that the policy does not go by.
    NotAskedFor,
}

impl NoOrigin {
    /// The reason as a sentence's end: "no origin: …".
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoFix => "no fix is linked yet",
            Self::FixNotHere => "the fix is not in this copy of the repository",
            Self::BulkFix => "the fix touches more than 40 files of code",
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
        }
    }
}

impl fmt::Display for NoOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

/// How sure an attribution is. The order is by strength, the strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Nothing is known.
    None,
    /// Concluded from circumstances.
    Inferred,
    /// Somebody chose it from a list or by a label.
    Stated,
    /// Somebody wrote it down for this purpose.
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
