//! Rules and their results.

use serde::Serialize;

use super::{FailedReleaseLine, Rate, Verdict};
use crate::model::{DurationSummary, MetricId};

/// An evaluated rule with its value, limit and verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct RuleLine {
    /// Id of the rule.
    pub id: String,
    /// Name of the metric.
    pub metric: String,
    /// `mandatory`, `overridable` or `advisory`.
    pub level: &'static str,
    /// `true` if the run fails when the rule fails.
    pub blocks: bool,
    /// Verdict of the rule.
    pub verdict: Verdict,
    /// `true` if the rule fails, only warns on this pull request and will block the release; omitted if `false`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub blocks_release: bool,
    /// Value as numbers; `None` if it was not measured.
    pub value: Option<RuleValue>,
    /// Value as display text: `2`, `2.1 % (3 of 142)`, `not measured`.
    pub shown: String,
    /// Limit as display text: `at most 0`.
    pub bound: String,
    /// Scope as display text: `supported: v1.4.0, v1.3.2`.
    pub over: String,
    /// Filter as display text, for example `severity: critical`; empty if the rule looks at all defects.
    pub filter: String,
    /// Reason for the verdict, one sentence. Untrusted.
    pub reason: String,
    /// `true` if the evidence is complete and the sample is too small; omitted if `false`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub insufficient: bool,
    /// Purpose of the rule, quoted from the policy. Untrusted.
    pub why: Option<String>,
    /// Numbers of the defects that count against the release; for a coverage, of those that are not covered.
    pub issues: Vec<u64>,
    /// Numbers of the defects that waivers leave out of the value; omitted if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waived: Vec<u64>,
    /// Releases and defects left out of the value, with the reason. Untrusted.
    pub notes: Vec<String>,
    /// Numbers of the sampled defects; omitted if the rule takes no sample.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sampled: Vec<u64>,
    /// Releases that failed in production; omitted unless the rule counts them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed_releases: Vec<FailedReleaseLine>,
    /// Earlier values that the rule compares with. For a trend: every period, oldest first. For a relative limit: the
    /// previous values, newest first. Empty for a fixed limit.
    pub past: Vec<PastLine>,
    /// Attribute by which the rule groups defects. `value` and `shown` are then those of the worst group.
    pub per: Option<&'static str>,
    /// Groups, worst first; empty without `per`.
    pub groups: Vec<GroupLine>,
    /// Place of the rule in the policy; omitted if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PolicyPlace>,
}

/// A place in a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct PolicyPlace {
    /// Name of the file: a path, `owner/name//path@commit` or `preset starter`. Untrusted.
    pub file: String,
    /// Number of the line, counted from 1.
    pub line: u64,
}

/// A rule that does not apply to this kind of candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct NotEvaluatedLine {
    /// Id of the rule.
    pub id: String,
    /// Name of the metric.
    pub metric: String,
    /// Candidates that the rule is evaluated on: `release` or `pull-request`.
    pub on: Vec<&'static str>,
    /// Reason as display text: `not evaluated on pull requests`.
    pub reason: &'static str,
}

/// An earlier value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct PastLine {
    /// Scope as display text: `v1.3.2 at 12 days`, `2026-Q2`.
    pub over: String,
    /// Value as numbers; `None` if it was not measured.
    pub value: Option<RuleValue>,
    /// Value as display text.
    pub shown: String,
}

/// One group of a rule with `per`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct GroupLine {
    /// Component, team or other attribute value that the defects share, for example `cart`. Untrusted.
    pub name: String,
    /// Verdict of the group.
    pub verdict: Verdict,
    /// Value as numbers; `None` if it was not measured.
    pub value: Option<RuleValue>,
    /// Value as display text.
    pub shown: String,
    /// Numbers of the defects that count against the release.
    pub issues: Vec<u64>,
}

impl RuleLine {
    /// Returns the rule's contribution to the verdict of the run: a rule that does not block warns at most.
    pub fn weight(&self) -> Verdict {
        match self.verdict {
            Verdict::Waived => Verdict::Warn,
            // An advisory rule keeps its true verdict in the report and only warns in the run.
            Verdict::Fail | Verdict::Unknown if !self.blocks => Verdict::Warn,
            Verdict::Pass | Verdict::Warn | Verdict::Unknown | Verdict::Fail => self.verdict,
        }
    }
}

/// A metric's value as numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RuleValue {
    /// A whole number.
    Count(u64),
    /// A ratio with its sample.
    Ratio(Rate),
    /// Median and mean of several durations.
    Duration(DurationValue),
}

/// Median and mean of several durations.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct DurationValue {
    /// Median in seconds.
    pub median_seconds: u64,
    /// Arithmetic mean in seconds.
    pub mean_seconds: u64,
    /// Number of durations.
    pub count: u64,
    /// Median and mean as display text: `12 days (mean 20 days)`.
    pub shown: String,
}

/// Returns the noun for what a metric counts, in plural; `None` if no metric has this name.
pub fn metric_noun(metric: &str) -> Option<&'static str> {
    let row = MetricId::ALL.into_iter().map(MetricId::row).find(|row| row.name == metric)?;
    Some(row.noun[1])
}

/// Returns the median and the mean of durations as a value of a rule.
pub fn duration_value(spread: DurationSummary) -> DurationValue {
    DurationValue {
        median_seconds: spread.median,
        mean_seconds: spread.mean,
        count: spread.count,
        shown: spread.shown(),
    }
}
