//! Rows of releases.

use std::collections::{BTreeMap, BTreeSet};

use super::build::RowKey;
use super::rows::ReleaseRecord;
use crate::evidence::Evidence;
use crate::metric::measure;
use crate::model::{DefectFilter, FailedRelease, MetricId, Over, Release, Scope, Tag};

/// Returns a row for each release, in order.
pub(super) fn release_rows(key: RowKey<'_>, evidence: &Evidence) -> Vec<ReleaseRecord> {
    // The metric decides which releases count and which failed, so that the table always agrees with the report.
    let scope = Scope::new(Over::All, DefectFilter::default());
    let details = measure(MetricId::ChangeFailureRate, evidence, &scope).details;
    let rated: BTreeSet<&Tag> = details.rated.iter().collect();
    let failed: BTreeMap<&Tag, &FailedRelease> =
        details.failed.iter().map(|failed| (&failed.release, failed)).collect();
    let has_issues = evidence.defects.is_some();
    let row = |release: &Release| {
        let tag = &release.tag;
        let is_rated = rated.contains(tag);
        let failure = failed.get(tag);
        ReleaseRecord {
            owner: key.repository.owner.clone(),
            repository: key.repository.name.clone(),
            run: key.run.to_owned(),
            tag: tag.0.clone(),
            commit: release.commit.as_ref().map(ToString::to_string),
            line: evidence.timeline.versioned(tag).and_then(|one| one.line.clone()),
            published_at: release.published_at,
            draft: release.draft,
            prerelease: release.prerelease,
            rated: has_issues.then_some(is_rated),
            failed: is_rated.then_some(failure.is_some()),
            failed_by: failure
                .map(|one| one.defects.iter().map(|number| number.0).collect())
                .unwrap_or_default(),
            failed_deployments: evidence
                .deployments
                .as_ref()
                .filter(|_| is_rated)
                .map(|_| failure.map_or(0, |one| one.failed_deployments)),
            rolled_back_to: failure.and_then(|one| one.rolled_back_to.as_ref()).map(|to| to.0.clone()),
            taken_back_by: failure.and_then(|one| one.taken_back_by.as_ref()).map(|by| by.0.clone()),
            hotfixed_by: failure.and_then(|one| one.hotfixed_by.as_ref()).map(|by| by.0.clone()),
            environment: evidence.environment.clone(),
        }
    };
    evidence.timeline.ordered().map(|one| row(&one.release)).collect()
}
