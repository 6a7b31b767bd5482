//! What a policy says about where defects came from.

use super::Policy;
use crate::model::{Area, CountBy, IssueNumber, OriginMethod, Over};

/// How many defects a run looks at where a policy does not say.
pub const DEFAULT_AT_MOST: u32 = 100;

/// What a policy says about where defects came from.
#[derive(Debug, Clone)]
pub struct OriginRules {
    /// The ways in which an origin is found; none if the policy does not ask.
    pub methods: Option<Vec<OriginMethod>>,
    /// How many defects a run looks up in history.
    pub at_most: u32,
    /// Where that history is read.
    pub history: OriginHistory,
    /// A person's word on the origin of single defects.
    pub overrides: Vec<OriginOverride>,
}

/// Where the history is read that tells where defects came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OriginHistory {
    /// On the server; where its commits were not read, in the clone.
    #[default]
    Auto,
    /// In the clone, and nowhere else.
    Clone,
    /// The same as [`OriginHistory::Auto`]: a word of older policies.
    Deepen,
    /// On the server, and nowhere else.
    Api,
}

impl OriginHistory {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Clone, Self::Deepen, Self::Api];

    /// The name used in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Clone => "clone",
            Self::Deepen => "deepen",
            Self::Api => "api",
        }
    }
}

/// A person's word on where a defect came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginOverride {
    /// The defect.
    pub issue: IssueNumber,
    /// A release, or the beginning of a commit's id.
    pub introduced_in: String,
    /// How that is known.
    pub reason: String,
}

impl Policy {
    /// True if it is to be found out where defects came from: the policy says how, or of single ones, or a rule goes by it.
    pub fn wants_origins(&self) -> bool {
        self.origins.methods.is_some() || !self.origins.overrides.is_empty() || self.needs_origins()
    }

    /// True if a rule cannot be judged without knowing where defects came from.
    pub fn needs_origins(&self) -> bool {
        self.rules.iter().any(|rule| rule.goes_by_origin())
    }

    /// The ways in which an origin is found.
    pub fn origin_methods(&self) -> &[OriginMethod] {
        self.origins.methods.as_deref().unwrap_or(&OriginMethod::ALL)
    }
}

impl super::Rule {
    /// True if what it measures depends on where defects came from.
    pub fn goes_by_origin(&self) -> bool {
        self.count_by == CountBy::Introduced || self.metric.needs().contains(&Area::Origins)
    }
}

/// True if a scope is about releases, so that it matters which one a defect counts for.
pub fn is_of_releases(over: Over) -> bool {
    !over.is_period()
}
