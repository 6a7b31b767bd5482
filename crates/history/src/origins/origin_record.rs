//! The origin of one defect with its evidence.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::origin_method::Confidence;
use super::report_facts::Impossible;
use super::statement::OriginStatement;
use crate::{Sha, Tag};

pub use super::origin_method::{NoOrigin as Nothing, OriginMethod as Method};

/// The most that is ever printed: even the best candidate is wrong often enough.
const CAP: f64 = 0.85;

/// From here on an answer is likely.
const LIKELY: f64 = 0.7;

/// From here on it is possible; below, there is no answer.
const POSSIBLE: f64 = 0.3;

/// The origin of one defect. Texts of commits and issues are untrusted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OriginRecord {
    /// The change that fixed it, where there is one.
    pub fix: Option<Sha>,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// Method that found the origin.
    pub method: Method,
    /// Confidence in the origin.
    pub confidence: Confidence,
    /// Evidence for the origin, as text.
    pub evidence: String,
    /// The origin; `None` for the reason in `nothing`.
    pub origin: Option<FoundOrigin>,
    /// Reason that there is no origin.
    pub nothing: Option<Nothing>,
    /// The most probable commits by blame, the first one first, even if a statement decides. A suggestion below
    /// *possible* never becomes the origin.
    pub suggestions: Vec<Suggestion>,
    /// `true` if a statement and blame name the same commit; `None` unless both name one.
    pub blame_agrees: Option<bool>,
    /// Commits that cannot be it, and why.
    pub ruled_out: Vec<RuledOut>,
    /// Words that name nothing that could be it, and why.
    pub passed_over: Vec<PassedOver>,
    /// Releases that have the defect and not its fix, the first one first.
    pub affected: Vec<Tag>,
    /// Parts of the history that could not be read.
    pub unread: Vec<String>,
}

/// The commit and release that introduced a defect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FoundOrigin {
    /// The commit; none if only a release was named.
    pub commit: Option<Sha>,
    /// The first line of its message.
    pub subject: Option<String>,
    /// The pull request that its message names.
    pub pull_request: Option<u64>,
    /// The first release that contains it; none if it is in no release yet.
    pub release: Option<Tag>,
    /// When it was committed.
    pub committed_at: Option<Timestamp>,
    /// When that release came out.
    pub released_at: Option<Timestamp>,
}

/// A commit that blame names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Suggestion {
    /// The commit.
    pub commit: Sha,
    /// The first line of its message.
    pub subject: String,
    /// The first release that contains it; none if it is in no release yet.
    pub release: Option<Tag>,
    /// Probability in percent, at most 85.
    pub percent: u8,
    /// The same as a word.
    pub likelihood: Likelihood,
}

/// A probability as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likelihood {
    /// Below 30 %: no answer.
    None,
    /// From 30 %.
    Possible,
    /// From 70 %.
    Likely,
}

impl Likelihood {
    /// The word for a probability.
    pub fn of(probability: f64) -> Self {
        if probability >= LIKELY {
            Self::Likely
        } else if probability >= POSSIBLE {
            Self::Possible
        } else {
            Self::None
        }
    }

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Possible => "possible",
            Self::Likely => "likely",
        }
    }
}

/// A probability as it is printed.
pub fn capped_percent(probability: f64) -> u8 {
    (probability.clamp(0.0, CAP) * 100.0).round() as u8
}

/// A commit that cannot be it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuledOut {
    /// The commit.
    pub commit: Sha,
    /// The first line of its message.
    pub subject: String,
    /// Reason that excludes the commit.
    pub because: Impossible,
}

/// Words that name nothing that could be it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PassedOver {
    /// The statement.
    pub signal: OriginStatement,
    /// Reason that it does not count, in lower case.
    pub because: String,
}
