//! Deployments to an environment, as the tracker records them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use release_history::Sha;

/// Every deployment that was read, by environment. An environment that is not among the keys was not asked for, which
/// is not the same as one without deployments.
pub type Deployments = BTreeMap<String, Vec<Deployment>>;

/// One attempt to bring a commit into an environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Deployment {
    /// What tells it from others of its environment.
    pub id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The commit that was deployed.
    pub commit: Sha,
    /// The branch or the tag that it was deployed by, where there was one.
    #[serde(default)]
    pub reference: Option<String>,
    /// What was reported of it, in whatever order.
    #[serde(default)]
    pub states: BTreeSet<DeploymentState>,
}

/// What is reported of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeploymentState {
    /// It ended in a failure or an error.
    Failed,
    /// It arrived.
    Succeeded,
    /// Neither: it waits, runs, or was replaced by a later one.
    Other,
}

impl Deployment {
    /// True if a failure was reported, whatever was reported after it: it took another attempt.
    pub fn failed(&self) -> bool {
        self.states.contains(&DeploymentState::Failed)
    }

    /// True if it arrived.
    pub fn succeeded(&self) -> bool {
        self.states.contains(&DeploymentState::Succeeded)
    }

    /// Two copies of one deployment as one: states are only ever added.
    fn and(mut self, other: Self) -> Self {
        self.states.extend(other.states.iter().copied());
        let states = std::mem::take(&mut self.states);
        let mut one = self.max(Self { states: BTreeSet::new(), ..other });
        one.states = states;
        one
    }
}

/// The deployments of both sides, those of one environment by their ids. The order of the sides does not matter.
pub(super) fn merge_deployments(
    left: Option<Deployments>,
    right: Option<Deployments>,
) -> Option<Deployments> {
    if left.is_none() && right.is_none() {
        return None;
    }
    let mut environments: BTreeMap<String, BTreeMap<String, Deployment>> = BTreeMap::new();
    for (environment, deployments) in left.into_iter().chain(right).flatten() {
        let known = environments.entry(environment).or_default();
        for deployment in deployments {
            let one = match known.remove(&deployment.id) {
                Some(before) => before.and(deployment),
                None => deployment,
            };
            known.insert(one.id.clone(), one);
        }
    }
    Some(environments.into_iter().map(|(name, known)| (name, known.into_values().collect())).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn deployment(id: &str, states: &[DeploymentState]) -> Deployment {
        Deployment {
            id: id.into(),
            created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            commit: Sha("c1".into()),
            reference: None,
            states: states.iter().copied().collect(),
        }
    }

    fn read(list: Vec<Deployment>) -> Option<Deployments> {
        Some(BTreeMap::from([("production".to_owned(), list)]))
    }

    #[test]
    fn a_failure_that_one_of_two_copies_knows_is_kept_whichever_comes_first() {
        let early = || read(vec![deployment("1", &[DeploymentState::Failed])]);
        let late = || read(vec![deployment("1", &[DeploymentState::Succeeded]), deployment("2", &[])]);
        let both = [DeploymentState::Failed, DeploymentState::Succeeded];
        let expected = read(vec![deployment("1", &both), deployment("2", &[])]);
        assert_eq!(merge_deployments(early(), late()), expected);
        assert_eq!(merge_deployments(late(), early()), expected);
    }

    #[test]
    fn an_environment_without_deployments_is_not_one_that_was_not_read() {
        assert_eq!(merge_deployments(read(Vec::new()), None), read(Vec::new()));
        assert_eq!(merge_deployments(None, None), None);
    }
}
