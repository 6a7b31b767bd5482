//! Deployments to an environment, as the tracker records them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use release_history::Sha;

/// Deployments by environment. An environment without a key was not collected, which differs from an environment without
/// deployments.
pub type Deployments = BTreeMap<String, Vec<Deployment>>;

/// One attempt to deploy a commit to an environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Deployment {
    /// Id, unique in its environment.
    pub id: String,
    /// Time when it was created.
    pub created_at: Timestamp,
    /// The commit that was deployed.
    pub commit: Sha,
    /// Deployed branch or tag; `None` if the deployment names only a commit.
    #[serde(default)]
    pub reference: Option<String>,
    /// Reported states, without an order.
    #[serde(default)]
    pub states: BTreeSet<DeploymentState>,
}

/// State that was reported for a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeploymentState {
    /// Failure or error.
    Failed,
    /// Deployed.
    Succeeded,
    /// Any other state: waiting, running, or replaced by a later deployment.
    Other,
}

impl Deployment {
    /// Returns `true` if a failure was ever reported: a success after it took another attempt.
    pub fn failed(&self) -> bool {
        self.states.contains(&DeploymentState::Failed)
    }

    /// Returns `true` if a success was ever reported.
    pub fn succeeded(&self) -> bool {
        self.states.contains(&DeploymentState::Succeeded)
    }

    /// Merges two copies of one deployment. The result has the states of both, because the tracker only ever adds states.
    fn and(mut self, other: Self) -> Self {
        self.states.extend(other.states.iter().copied());
        // Compare without the states, so that the order of the copies does not matter.
        let states = std::mem::take(&mut self.states);
        let mut one = self.max(Self { states: BTreeSet::new(), ..other });
        one.states = states;
        one
    }
}

/// Merges the deployments of two snapshots by environment and id. The order of the snapshots does not matter.
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
    fn failure_in_either_copy_is_kept() {
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
