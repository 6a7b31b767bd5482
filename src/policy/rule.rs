//! A rule: one metric held against one bound.

use crate::model::{
    Confidence, CountBy, DefectAttribute, DefectFilter, MetricId, MetricUnit, Over, SampleSize, Since,
};

/// One metric held against one bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Unique name, in kebab-case.
    pub id: String,
    /// What is measured.
    pub metric: MetricId,
    /// For which defects.
    pub filter: DefectFilter,
    /// Over which releases or which period.
    pub over: Over,
    /// Every group by this attribute is judged by itself.
    pub per: Option<DefectAttribute>,
    /// The bound.
    pub limit: RuleLimit,
    /// A stricter limit on the same side: beyond it the rule warns.
    pub warn: Option<LimitValue>,
    /// The smallest denominator that a ratio is judged on.
    pub min_sample: Option<u64>,
    /// Verdict of the rule while there is too little data to judge it.
    pub insufficient: Insufficient,
    /// A sample in place of all defects in scope.
    pub sample: Option<SampleSize>,
    /// Which release its defects count for.
    pub count_by: CountBy,
    /// The least that an origin has to be sure; none leaves it to what the rule measures.
    pub confidence: Option<Confidence>,
    /// What a time to detect is counted from.
    pub since: Since,
    /// Day from which reported defects count, in UTC; older ones are listed as debt. `None` for all.
    pub reported_since: Option<jiff::civil::Date>,
    /// `true` if a hotfix that fixes a counted defect makes the rest warn instead of block.
    pub hotfix_warns: bool,
    /// What a defect under investigation does to the rule.
    pub under_investigation: Investigation,
    /// What a breach does.
    pub level: RuleLevel,
    /// Kinds of candidates that the rule is evaluated on, at least one.
    pub on: Vec<CandidateKind>,
    /// Why the rule exists.
    pub why: Option<String>,
}

/// What a defect under investigation does to a rule about unfixed defects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Investigation {
    /// The rule warns, unless it fails.
    #[default]
    Warn,
    /// It is counted as unfixed.
    Count,
    /// It is listed and changes nothing.
    Ignore,
}

impl Investigation {
    /// All of them, from the default on.
    pub const ALL: [Self; 3] = [Self::Warn, Self::Count, Self::Ignore];

    /// The name used in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Count => "count",
            Self::Ignore => "ignore",
        }
    }
}

/// Verdict of a rule while there is too little data: a sample below `min-sample`, no release or defect in scope, too short a
/// past. Evidence that could not be read is never this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Insufficient {
    /// The rule passes.
    Pass,
    /// The rule warns.
    #[default]
    Warn,
    /// The rule is unknown, which blocks.
    Unknown,
}

impl Insufficient {
    /// All of them, from mild to strict.
    pub const ALL: [Self; 3] = [Self::Pass, Self::Warn, Self::Unknown];

    /// Returns the name used in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
        }
    }
}

/// What a value is held against. A value equal to a limit keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleLimit {
    /// No more than this.
    Max(LimitValue),
    /// No less than this.
    Min(LimitValue),
    /// Its course over a row of periods or releases.
    Trend(Trend),
}

/// The number of a bound, in the metric's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitValue {
    /// For counts.
    Count(u64),
    /// For ratios, in millionths: 2 % is 20,000. Whole, so that comparing is exact.
    Millionths(u32),
    /// For lengths of time.
    Seconds(u64),
    /// What the same metric came to before.
    Relative(RelativeLimit),
}

/// A limit that follows the metric's own past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelativeLimit {
    /// Which value of the past.
    pub baseline: Baseline,
    /// What is added to it: a count, millionths of a ratio, or seconds.
    pub offset: i64,
    /// The unit of the metric.
    pub unit: MetricUnit,
}

/// A value of the past. Which of two is the better one depends on the side of the bound: below a `max`, above a `min`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    /// The one before.
    Previous,
    /// The best of so many before; none for as many as are looked at.
    Best(Option<u32>),
    /// The middle one of so many before; with an even number of them, the better of the two in the middle.
    Median(u32),
}

/// What the course of a value has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trend {
    /// How many periods or releases are looked at, at least two. What they are stands in the rule's `over`.
    pub count: u32,
    /// What the newer half of them has to be, held against the older half.
    pub must: TrendDirection,
}

/// The course of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrendDirection {
    /// The newer half is not above the older one.
    NotIncrease,
    /// The newer half is below the older one, or both are zero.
    Decrease,
}

impl TrendDirection {
    /// The name used in policies and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotIncrease => "not-increase",
            Self::Decrease => "decrease",
        }
    }
}

/// A kind of candidate that rules are evaluated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateKind {
    /// A release, a branch or a commit.
    Release,
    /// A pull request, or a group of pull requests in a merge queue.
    PullRequest,
}

impl CandidateKind {
    /// All of them, in the order in which a policy is shown.
    pub const ALL: [Self; 2] = [Self::Release, Self::PullRequest];

    /// Returns the name used in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::PullRequest => "pull-request",
        }
    }
}

/// Verdict of a broken rule about defects on a pull request that has nothing to do with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnPullRequests {
    /// The rule fails, as it does for the release.
    #[default]
    Block,
    /// The rule warns, and fails for the release.
    Warn,
}

impl OnPullRequests {
    /// All of them, from mild to strict.
    pub const ALL: [Self; 2] = [Self::Warn, Self::Block];

    /// Returns the name used in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Warn => "warn",
        }
    }
}

/// What a breach does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleLevel {
    /// Blocks.
    Mandatory,
    /// Blocks unless somebody with the right overrides it.
    Overridable,
    /// Is shown.
    Advisory,
}

impl RuleLevel {
    /// The name used in policies and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Overridable => "overridable",
            Self::Advisory => "advisory",
        }
    }
}
