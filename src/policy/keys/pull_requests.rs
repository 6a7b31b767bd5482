//! The keys that say which rules hold before a change is merged.

use super::{Key, Merge, ValueType, WhenOmitted};
use crate::policy::{CandidateKind, OnPullRequests};

/// `pull-requests`.
pub(super) const PULL_REQUESTS: Key = Key::new(
    "pull-requests",
    ValueType::Word(pull_requests),
    Merge::Order(&["warn", "block"]),
    "Effect of failed rules about defects on pull requests and in the merge queue. `warn` blocks only \
     releases, pull requests to a release branch, and those that revert the fix of a counted defect.",
)
.when_omitted(WhenOmitted::Value("block"));

/// `on` of a rule.
pub(super) const ON: Key = Key::new(
    "on",
    ValueType::List { of: &ValueType::Word(occasions), least: 1 },
    // A rule that is evaluated less often blocks less.
    Merge::Covers,
    "Runs in which the rule is evaluated. The merge queue counts as a pull request.",
)
.when_omitted(WhenOmitted::Meaning("[release, pull-request]"));

fn pull_requests() -> Vec<&'static str> {
    OnPullRequests::ALL.map(OnPullRequests::name).to_vec()
}

fn occasions() -> Vec<&'static str> {
    CandidateKind::ALL.map(CandidateKind::name).to_vec()
}
