//! Deployment outcomes of releases: failed deployments and rollbacks.

use std::collections::{BTreeMap, HashMap};

use crate::evidence::Evidence;
use crate::model::{Deployment, NAMED, Release, Scope, Sha, Tag, join_limited};

/// Deployment outcome of one release.
#[derive(Debug, Clone, Default)]
pub struct DeploymentOutcome {
    /// Number of failed deployments.
    pub failed: u64,
    /// Older release that was deployed instead; `None` if there was no rollback.
    pub rolled_back_to: Option<Tag>,
}

impl DeploymentOutcome {
    /// Returns `true` if the outcome makes the release fail.
    pub fn is_failure(&self) -> bool {
        self.failed > 0 || self.rolled_back_to.is_some()
    }
}

/// Deployment outcome of every release, and notes about deployments that match none.
#[derive(Debug, Default)]
pub struct DeploymentOutcomes {
    /// By tag; a release of which no deployment is known is not among them.
    pub by_release: BTreeMap<Tag, DeploymentOutcome>,
    /// Notes about skipped evidence and about deployments of unknown releases.
    pub notes: Vec<String>,
}

/// Follows the deployments to production in their order. `releases` are those that the rule looks at, the newest first.
///
/// A release is rolled back where, after it arrived, the next one to arrive was published before it.
pub fn deployment_outcomes(evidence: &Evidence, scope: &Scope, releases: &[&Release]) -> DeploymentOutcomes {
    let passed_over = |why: &str| DeploymentOutcomes {
        by_release: BTreeMap::new(),
        notes: vec![format!("failed deployments and rollbacks are not looked at: {why}")],
    };
    let Some(environment) = &evidence.environment else {
        return passed_over("the policy names no environment (`deployments`)");
    };
    // A deployment has no severity or component. Counting it would make the rate of each component
    // include every failure.
    if !scope.filter.is_empty() {
        return passed_over("`where` selects defects");
    }
    let Some(deployments) = &evidence.deployments else {
        return passed_over(&format!("those to `{environment}` were not read"));
    };
    let known = ReleaseLookup::of(evidence);
    let mut fates: BTreeMap<Tag, DeploymentOutcome> = BTreeMap::new();
    let mut in_place: Option<&Release> = None;
    let mut of_no_release = 0_u64;
    let oldest = releases.last().and_then(|release| release.published_at);
    let mut ordered: Vec<&Deployment> = deployments.iter().collect();
    // The id breaks ties, so that two deployments of one second have the same order in every run.
    ordered.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    for deployment in ordered {
        let Some(release) = known.release_of(deployment) else {
            // Failures from before the oldest release cannot concern these releases.
            of_no_release += u64::from(deployment.failed() && Some(deployment.created_at) >= oldest);
            continue;
        };
        let fate = fates.entry(release.tag.clone()).or_default();
        fate.failed += u64::from(deployment.failed());
        // A deployment that failed never arrived, so it replaces nothing.
        if deployment.succeeded() {
            // Deploying the same release again, after a restart for example, is no rollback.
            let replaced = in_place.filter(|before| release.published_at < before.published_at);
            if let Some(replaced) = replaced {
                fates.entry(replaced.tag.clone()).or_default().rolled_back_to = Some(release.tag.clone());
            }
            in_place = Some(release);
        }
    }
    let mut notes = Vec::new();
    if of_no_release > 0 {
        let s = if of_no_release == 1 { "failed deployment is" } else { "failed deployments are" };
        notes.push(format!("{of_no_release} {s} of no known release, and not counted"));
    }
    let unseen: Vec<&str> = releases
        .iter()
        .map(|r| &r.tag)
        .filter(|tag| !fates.contains_key(tag))
        .map(|tag| tag.0.as_str())
        .collect();
    if !unseen.is_empty() {
        notes.push(format!("no deployment to `{environment}` is known of {}", join_limited(unseen, NAMED)));
    }
    DeploymentOutcomes { by_release: fates, notes }
}

/// The releases by what a deployment names them by.
struct ReleaseLookup<'a> {
    by_tag: HashMap<&'a str, &'a Release>,
    by_commit: HashMap<&'a Sha, &'a Release>,
}

impl<'a> ReleaseLookup<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        let timeline = &evidence.timeline;
        let own = timeline.candidate().and_then(|tag| timeline.get(tag));
        let own =
            own.filter(|release| !release.draft && !release.prerelease && release.published_at.is_some());
        let mut known = Self { by_tag: HashMap::new(), by_commit: HashMap::new() };
        for release in own.into_iter().chain(timeline.published_before_candidate()) {
            known.by_tag.entry(&release.tag.0).or_insert(release);
            if let Some(commit) = &release.commit {
                // The newest first: of two tags at one commit it counts for the newer.
                known.by_commit.entry(commit).or_insert(release);
            }
        }
        known
    }

    fn release_of(&self, deployment: &Deployment) -> Option<&'a Release> {
        let by_tag = deployment.reference.as_deref().and_then(|name| self.by_tag.get(name));
        // The name first: one commit may have the tags of several products.
        by_tag.or_else(|| self.by_commit.get(&deployment.commit)).copied()
    }
}
