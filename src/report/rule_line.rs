//! One rule and what became of it.

use serde::Serialize;

use super::{FailedReleaseLine, Outcome, Rate};

/// One rule and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RuleLine {
    /// The rule's id.
    pub id: String,
    /// The metric's name.
    pub metric: String,
    /// `mandatory`, `overridable` or `advisory`.
    pub level: &'static str,
    /// True if a breach of this rule blocks.
    pub blocks: bool,
    /// What became of it.
    pub verdict: Outcome,
    /// `true` if the rule is broken, warns on this pull request and blocks the release; absent if `false`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub blocks_release: bool,
    /// The value for a machine; absent if it could not be measured.
    pub value: Option<RuleValue>,
    /// The value for a person: "2", "2.1 % (3 of 142)", "not measured".
    pub shown: String,
    /// The bound for a person: "at most 0".
    pub bound: String,
    /// What it was measured over, for a person: "supported: v1.4.0, v1.3.2".
    pub over: String,
    /// Which defects it looks at, for a person; empty if all: "severity: critical".
    pub filter: String,
    /// Why it came out so, one sentence.
    pub reason: String,
    /// `true` if everything was read and there is not enough data yet; absent if `false`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub insufficient: bool,
    /// Why the rule exists, in the policy's words.
    pub why: Option<String>,
    /// The defects that speak against the release: those it counts; for a coverage, those that are not covered.
    pub issues: Vec<u64>,
    /// The defects that waivers leave out of the value; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waived: Vec<u64>,
    /// What was left out of the value, and why.
    pub notes: Vec<String>,
    /// The defects that were drawn, where the rule looks at a sample.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sampled: Vec<u64>,
    /// The releases that failed in production, where the rule counts them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed_releases: Vec<FailedReleaseLine>,
    /// The values of the past that it was held against: for a trend every period, the oldest first; for a relative bound
    /// those before, the newest first. Empty for a bound that is a number.
    pub past: Vec<PastLine>,
    /// The attribute by which every group is judged by itself; the value above is then that of the worst group.
    pub per: Option<&'static str>,
    /// Every group, the worst first; empty without `per`.
    pub groups: Vec<GroupLine>,
}

/// A rule that is not evaluated on a candidate of this kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct NotEvaluatedLine {
    /// The rule's id.
    pub id: String,
    /// The metric's name.
    pub metric: String,
    /// Candidates that the rule is evaluated on: `release` or `pull-request`.
    pub on: Vec<&'static str>,
    /// Candidates that it is not evaluated on: "not evaluated on pull requests".
    pub reason: &'static str,
}

/// A value of the past.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PastLine {
    /// What it was measured over: "v1.3.2 at 12 days", "2026-Q2".
    pub over: String,
    /// The value for a machine; absent if it could not be measured.
    pub value: Option<RuleValue>,
    /// The value for a person.
    pub shown: String,
}

/// One group of a rule that judges every group by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GroupLine {
    /// The value that its defects have: "cart". Untrusted.
    pub name: String,
    /// What became of it.
    pub verdict: Outcome,
    /// The value for a machine; absent if it could not be measured.
    pub value: Option<RuleValue>,
    /// The value for a person.
    pub shown: String,
    /// The defects that speak against the release.
    pub issues: Vec<u64>,
}

impl RuleLine {
    /// What it means for the whole verdict: a rule that does not block is at most worth a look.
    pub fn weight(&self) -> Outcome {
        match self.verdict {
            Outcome::Waived => Outcome::Warn,
            Outcome::Fail | Outcome::Unknown if !self.blocks => Outcome::Warn,
            Outcome::Pass | Outcome::Warn | Outcome::Unknown | Outcome::Fail => self.verdict,
        }
    }
}

/// A value for a machine.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleValue {
    /// A whole number.
    Count(u64),
    /// A share.
    Ratio(Rate),
    /// A length of time.
    Duration(DurationValue),
}

/// The middle of several lengths of time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DurationValue {
    /// Half of them are shorter.
    pub median_seconds: u64,
    /// Their mean.
    pub mean_seconds: u64,
    /// How many there are.
    pub count: u64,
    /// Both for a person: "12 days (mean 20 days)".
    pub shown: String,
}
