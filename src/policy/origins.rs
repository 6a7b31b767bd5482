//! The keys of a policy about the origins of defects.

use super::Policy;
use crate::model::{Area, CountBy, IssueNumber, OriginMethod, Over};

/// Default number of defects whose origin a run looks up.
pub const DEFAULT_AT_MOST: u32 = 100;

/// The keys of a policy about the origins of defects.
#[derive(Debug, Clone)]
pub struct OriginRules {
    /// Methods that find an origin; `None` if the policy names none.
    pub methods: Option<Vec<OriginMethod>>,
    /// Largest number of defects that a run looks up in the history.
    pub at_most: u32,
    /// Place where the history is read.
    pub history: OriginHistory,
    /// Origins of single defects, as stated by maintainers.
    pub overrides: Vec<OriginOverride>,
}

/// The place where the history of commits is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OriginHistory {
    /// On the server; where its commits were not read, in the clone.
    #[default]
    Auto,
    /// In the clone, and nowhere else.
    Clone,
    /// On the server, and nowhere else.
    Api,
}

/// The origin of a defect, as stated by a maintainer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginOverride {
    /// The defect.
    pub issue: IssueNumber,
    /// A release, or the beginning of a commit's id.
    pub introduced_in: String,
    /// Evidence for the statement.
    pub reason: String,
}

impl Policy {
    /// Returns `true` if origins have to be found: the policy names methods or single origins, or a rule depends on them.
    pub fn wants_origins(&self) -> bool {
        self.origins.methods.is_some() || !self.origins.overrides.is_empty() || self.needs_origins()
    }

    /// Returns `true` if a rule cannot be evaluated without the origins of defects.
    pub fn needs_origins(&self) -> bool {
        self.rules.iter().any(|rule| rule.goes_by_origin())
    }

    /// The ways in which an origin is found.
    pub fn origin_methods(&self) -> &[OriginMethod] {
        self.origins.methods.as_deref().unwrap_or(&OriginMethod::ALL)
    }
}

impl super::Rule {
    /// Returns `true` if its value depends on the origins of defects.
    pub fn goes_by_origin(&self) -> bool {
        self.count_by == CountBy::Introduced || self.metric.needs().contains(&Area::Origins)
    }
}

/// Returns `true` if a scope consists of releases, so that it matters for which release a defect counts.
pub fn is_of_releases(over: Over) -> bool {
    !over.is_period()
}
