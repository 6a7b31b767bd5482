//! A rule: one metric that is compared with one limit.

use crate::model::named_enum;
use crate::model::{
    Confidence, CountBy, DefectAttribute, DefectFilter, MetricId, MetricUnit, Over, SampleSize, Since,
};

/// One metric that is compared with one limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Unique name, in kebab-case.
    pub id: String,
    /// Metric that is measured.
    pub metric: MetricId,
    /// Filter for the defects (`where`).
    pub filter: DefectFilter,
    /// Scope: releases or a period.
    pub over: Over,
    /// Attribute by which defects are grouped; each group is evaluated by itself.
    pub per: Option<DefectAttribute>,
    /// Limit.
    pub limit: RuleLimit,
    /// A stricter limit on the same side: beyond it the rule warns.
    pub warn: Option<LimitValue>,
    /// Smallest denominator for which a ratio is evaluated.
    pub min_sample: Option<u64>,
    /// Verdict of the rule while there is too little data to judge it.
    pub insufficient: Insufficient,
    /// Sample that replaces all defects in scope; `None` for all.
    pub sample: Option<SampleSize>,
    /// Release that its defects count for.
    pub count_by: CountBy,
    /// Lowest confidence of an origin; `None` for the default of the metric.
    pub confidence: Option<Confidence>,
    /// Start of the time to detect.
    pub since: Since,
    /// Day from which reported defects count, in UTC; older ones are listed as debt. `None` for all.
    pub reported_since: Option<jiff::civil::Date>,
    /// `true` if a hotfix that fixes a counted defect makes the rest warn instead of block.
    pub hotfix_warns: bool,
    /// Effect of a defect under investigation.
    pub under_investigation: Investigation,
    /// Effect of a failure.
    pub level: RuleLevel,
    /// Kinds of candidates that the rule is evaluated on, at least one.
    pub on: Vec<CandidateKind>,
    /// Reason why the rule exists; shown in reports.
    pub why: Option<String>,
}

named_enum! {
    /// The effect of a defect under investigation on a rule about unfixed defects.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum Investigation {
        /// The rule warns, unless it fails.
        #[default]
        Warn = "warn",
        /// The defect counts as unfixed.
        Count = "count",
        /// The defect is listed and changes nothing.
        Ignore = "ignore",
    }
}

named_enum! {
    /// Verdict of a rule while there is too little data: a sample below `min-sample`, no release or defect in scope, too short a
    /// past. Evidence that could not be read is never this.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum Insufficient {
        /// The rule passes.
        Pass = "pass",
        /// The rule warns.
        #[default]
        Warn = "warn",
        /// The rule is unknown, which blocks.
        Unknown = "unknown",
    }
}

/// The limit of a rule. A value equal to the limit passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleLimit {
    /// No more than this.
    Max(LimitValue),
    /// No less than this.
    Min(LimitValue),
    /// A trend over several periods or releases.
    Trend(Trend),
}

/// The value of a limit, in the unit of the metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitValue {
    /// For counts.
    Count(u64),
    /// For ratios, in millionths: 2 % is 20,000. Whole, so that comparing is exact.
    Millionths(u32),
    /// For lengths of time.
    Seconds(u64),
    /// A limit that follows an earlier value of the same metric.
    Relative(RelativeLimit),
}

/// A limit that follows the metric's own past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelativeLimit {
    /// Earlier value that the limit follows.
    pub baseline: Baseline,
    /// Offset from that value: a count, millionths of a ratio, or seconds.
    pub offset: i64,
    /// The unit of the metric.
    pub unit: MetricUnit,
}

/// An earlier value. The lower of two values is better for a `max`, the higher for a `min`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    /// The one before.
    Previous,
    /// The best of the given number of values before; `None` for all that are read.
    Best(Option<u32>),
    /// The median of the given number of values before; of two in the middle, the better one.
    Median(u32),
}

/// The required trend of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trend {
    /// Number of periods or releases, at least two. The scope of the rule says which.
    pub count: u32,
    /// Required direction of the newer half, compared with the older half.
    pub must: TrendDirection,
}

named_enum! {
    /// The direction of a trend.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum TrendDirection {
        /// The newer half is not above the older one.
        NotIncrease = "not-increase",
        /// The newer half is below the older one, or both are zero.
        Decrease = "decrease",
    }
}

named_enum! {
    /// A kind of candidate that rules are evaluated on.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum CandidateKind {
        /// A release, a branch or a commit.
        Release = "release",
        /// A pull request, or a group of pull requests in a merge queue.
        PullRequest = "pull-request",
    }
}

named_enum! {
    /// Verdict of a broken rule about defects on a pull request that has nothing to do with them.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum OnPullRequests {
        /// The rule warns, and fails for the release.
        Warn = "warn",
        /// The rule fails, as it does for the release.
        #[default]
        Block = "block",
    }
}

named_enum! {
    /// The effect of a failed rule.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum RuleLevel {
        /// Blocks.
        Mandatory = "mandatory",
        /// Blocks unless a maintainer overrides it.
        Overridable = "overridable",
        /// Is shown.
        Advisory = "advisory",
    }
}
