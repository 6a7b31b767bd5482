//! The report of an organization: the same values over many repositories.

use jiff::Timestamp;
use serde::Serialize;

use crate::model::{DurationSummary, Ratio, format_duration};

/// Version of the document that `org --format json` prints.
pub const ORGANIZATION_SCHEMA: u32 = 1;

/// Values over many repositories. A value that was not measured is `None`, never zero.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OrganizationReport {
    /// Version of the format, [`ORGANIZATION_SCHEMA`].
    pub schema: u32,
    /// Version of the program.
    pub version: &'static str,
    /// Path of the policy.
    pub policy: String,
    /// Time of the evaluation, at which the last quarter ends.
    pub evaluated_at: Timestamp,
    /// Quarters that are looked at, the oldest first; the last one is still running.
    pub quarters: Vec<String>,
    /// Smallest denominator of a rate. Below it, the sample is marked as small.
    pub min_sample: u64,
    /// `true` if everything in the folder was read.
    pub complete: bool,
    /// Sources that could not be read: every value may be too low.
    pub gaps: Vec<SourceGap>,
    /// All repositories together.
    pub total: OrganizationRow,
    /// Teams over all repositories, the worst first.
    pub teams: Vec<OrganizationRow>,
    /// Repositories, the worst first.
    pub repositories: Vec<OrganizationRow>,
    /// Teams by component and repository, the worst first.
    pub areas: Vec<OrganizationRow>,
}

/// A source that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SourceGap {
    /// File or repository. Untrusted.
    pub place: String,
    /// Cause, with the next step. Untrusted.
    pub what: String,
}

/// Values of one group of defects.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OrganizationRow {
    /// Repository, `owner/name`; `None` for a group over several. Untrusted.
    pub repository: Option<String>,
    /// Team; `None` for a group of all teams, and for defects without a team. Untrusted.
    pub team: Option<String>,
    /// Component; `None` for a group of all components, and for defects without one. Untrusted.
    pub component: Option<String>,
    /// Number of repositories in the group.
    pub repositories: u64,
    /// Number of escaped defects reported in the quarters.
    pub escaped: u64,
    /// Number of critical ones.
    pub critical: u64,
    /// Number of major ones.
    pub major: u64,
    /// Critical and major escaped defects of each quarter, in the order of the report's quarters.
    pub by_quarter: Vec<QuarterCount>,
    /// Escape rate; `None` if no defect counts in it.
    pub escape_rate: Option<OrganizationRate>,
    /// Change failure rate: failed ÷ published releases of the group's repositories; `None` without such releases.
    pub change_failure_rate: Option<OrganizationRate>,
    /// Time to detect; `None` if no time is known.
    pub time_to_detect: Option<OrganizationTime>,
    /// Quality gates that should have caught the most, several at a tie; empty if no cause is recorded.
    pub weakest: Vec<String>,
    /// Number of escaped defects by quality gate, the weakest first.
    pub quality_gates: Vec<QualityGateCount>,
    /// Number of waivers that change a verdict of the newest run; `None` for groups that are no whole repository.
    pub waivers: Option<u64>,
    /// Number of overrides that change a verdict of the newest run; `None` for groups that are no whole repository.
    pub overrides: Option<u64>,
}

/// Escaped defects of one quarter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct QuarterCount {
    /// Number of critical ones.
    pub critical: u64,
    /// Number of major ones.
    pub major: u64,
}

/// A ratio with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OrganizationRate {
    /// Number that counts against the group.
    pub numerator: u64,
    /// Size of the sample, never zero.
    pub denominator: u64,
    /// Lower end of the 95 % Wilson score interval, 0 to 1.
    pub low: f64,
    /// Upper end of the 95 % Wilson score interval, 0 to 1.
    pub high: f64,
    /// `true` if the sample is too small to compare the group with others.
    pub small_sample: bool,
}

/// Time to detect of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OrganizationTime {
    /// Median in seconds.
    pub median_seconds: u64,
    /// Median as display text: `12 days`.
    pub shown: String,
    /// Number of defects with a known time.
    pub count: u64,
    /// `true` if there are too few to compare the group with others.
    pub small_sample: bool,
}

/// Escaped defects that one quality gate should have caught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct QualityGateCount {
    /// Name of the quality gate.
    pub gate: String,
    /// Number of defects.
    pub defects: u64,
}

impl OrganizationRate {
    /// Returns the rate with its interval; `None` for a sample of zero.
    pub fn of(ratio: Ratio, min_sample: u64) -> Option<Self> {
        let (low, high) = ratio.wilson_95()?;
        let Ratio { numerator, denominator } = ratio;
        Some(Self { numerator, denominator, low, high, small_sample: denominator < min_sample })
    }
}

impl OrganizationTime {
    /// Returns the median of some times in seconds; `None` if there are none.
    pub fn of(seconds: Vec<u64>, min_sample: u64) -> Option<Self> {
        let DurationSummary { median, count, .. } = DurationSummary::of(seconds)?;
        Some(Self {
            median_seconds: median,
            shown: format_duration(median),
            count,
            small_sample: count < min_sample,
        })
    }
}
