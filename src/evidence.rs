//! Evidence of one run: defects, excluded issues, releases, tests and gaps.
//!
//! Metrics and verdicts read nothing else, so the same evidence always gives the same verdict.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod defects;
mod line_statuses;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::{
    Area, Blocker, Candidate, Defect, Deployment, EarlierTests, Excluded, ExclusionReason, Gap, IssueNumber,
    IssueState, MetricId, Override, Phase, ProposedChange, Release, Tag, TestEvidence, Timeline, Warning,
};

pub use defects::{DefectIndex, DefectMatches};
pub use line_statuses::LineStatuses;

/// Evidence of one run, as the policy sorts it.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Time from which ages and periods are counted.
    pub now: Timestamp,
    /// Time of evaluation, which decides whether an exception has ended. The time of the evidence, unless the run sets another.
    pub evaluated_at: Timestamp,
    /// `owner/name`.
    pub repository: Option<String>,
    /// Candidate under evaluation.
    pub candidate: Option<Candidate>,
    /// The releases in order.
    pub timeline: Timeline,
    /// Number of newest releases that are supported in production.
    pub supported: u32,
    /// Days of 24 hours after which a release takes part in rates.
    pub mature_after_days: u32,
    /// Hours within which a release that fixes the one before is its hotfix.
    pub hotfix_within_hours: u32,
    /// Hours after its publication within which a defect makes a release fail; `None` for any time.
    pub failure_within_hours: Option<u32>,
    /// Production environment; `None` if the policy does not name it.
    pub environment: Option<String>,
    /// Deployments to the production environment; `None` if they were not read.
    pub deployments: Option<Vec<Deployment>>,
    /// Defects; `None` if issues or releases were not read at all.
    pub defects: Option<DefectIndex>,
    /// `true` if the policy says which issues are caught defects. Without them, the escape rate has no denominator.
    pub knows_caught: bool,
    /// Excluded issues.
    pub excluded: Vec<Excluded>,
    /// Statuses in the newest release of each release line, the newest line first; empty unless a run asks for them.
    pub lines: Vec<LineStatuses>,
    /// Defects that the candidate fixes and the previous release does not, if the candidate is its next patch: these make it a
    /// hotfix. Empty if no rule uses it.
    pub hotfixed: BTreeSet<IssueNumber>,
    /// Releases that the next release took back, with the next release as the value.
    pub taken_back: BTreeMap<Tag, Tag>,
    /// Issues and pull requests that block the candidate until they are done; `None` if the policy has no blockers, or if they
    /// were not read.
    pub blockers: Option<Vec<Blocker>>,
    /// Effect of a pull request on the release; `None` if the candidate is not a pull request.
    pub proposed: Option<ProposedChange>,
    /// Test results; `None` if the run names no test reports.
    pub tests: Option<TestEvidence>,
    /// Tests of an earlier release; `None` if no run gave them.
    pub tests_before: Option<EarlierTests>,
    /// States of the issues that waivers name as follow-ups; an issue that was not read has no entry.
    pub follow_ups: BTreeMap<IssueNumber, IssueState>,
    /// Comments that ask to let the candidate pass.
    pub overrides: Vec<Override>,
    /// Evidence that is needed and was not collected.
    pub gaps: Vec<Gap>,
    /// Warnings that do not change the verdict.
    pub warnings: Vec<Warning>,
}

impl Evidence {
    /// Drops issue texts to save memory. Only classification reads them; metrics and verdicts do not.
    pub fn forget_texts(&mut self) {
        self.defects.iter_mut().for_each(DefectIndex::forget_texts);
        self.excluded.iter_mut().for_each(|excluded| excluded.defect.forget_texts());
    }

    /// Returns the escaped defects in order of their numbers; `None` if issues were not read.
    pub fn escaped(&self) -> Option<impl Iterator<Item = &Defect>> {
        self.defects.as_ref().map(|all| all.iter().filter(|d| d.phase == Phase::Escaped))
    }

    /// Returns the defect or excluded issue with this number.
    pub fn defect(&self, number: IssueNumber) -> Option<&Defect> {
        // `DefectIndex` sorts by number.
        let defects = self.defects.as_deref().unwrap_or_default();
        match defects.binary_search_by_key(&number, Defect::number) {
            Ok(at) => defects.get(at),
            Err(_) => self.excluded.iter().map(|one| &one.defect).find(|defect| defect.number() == number),
        }
    }

    /// Returns a copy of the evidence without some issues.
    pub fn without(&self, issues: &BTreeSet<IssueNumber>) -> Self {
        let mut rest = self.clone();
        rest.defects = rest.defects.map(|defects| {
            DefectIndex::new(
                defects.into_iter().filter(|defect| !issues.contains(&defect.number())).collect(),
            )
        });
        rest.excluded.retain(|one| !issues.contains(&one.defect.number()));
        rest
    }

    /// Returns the defects that a metric looks at: excluded issues for the metric `excluded`, else escaped and caught defects.
    /// `None` if issues were not read.
    pub fn looked_at(&self, metric: MetricId) -> Option<impl Iterator<Item = &Defect>> {
        let counted = self.defects.as_ref()?;
        let (counted, excluded): (&[Defect], &[Excluded]) =
            if metric == MetricId::Excluded { (&[], &self.excluded) } else { (counted, &[]) };
        // The exclusions of this product are what a limit is for, not the defects of the others.
        let own = excluded.iter().filter(|one| one.reason != ExclusionReason::OtherProduct);
        Some(counted.iter().chain(own.map(|one| &one.defect)))
    }

    /// Returns the gaps in one kind of evidence.
    pub fn gaps_in(&self, area: Area) -> impl Iterator<Item = &Gap> {
        self.gaps.iter().filter(move |gap| gap.area == area)
    }

    /// Returns the whole days of 24 hours since a release was published; `None` for an unpublished release.
    pub fn age_days(&self, tag: &Tag) -> Option<i64> {
        self.days_since(self.timeline.get(tag)?)
    }

    fn days_since(&self, release: &Release) -> Option<i64> {
        let published = release.published_at.filter(|_| !release.draft)?;
        Some(self.now.duration_since(published).as_hours() / 24)
    }

    /// Returns `true` if a release is old enough for rates: in its first days, most of its defects are still unknown.
    pub fn is_mature(&self, tag: &Tag) -> bool {
        self.timeline.get(tag).is_some_and(|release| self.is_old_enough(release))
    }

    /// Returns `true` if a published release is at least `mature_after_days` old.
    pub fn is_old_enough(&self, release: &Release) -> bool {
        self.days_since(release).is_some_and(|days| days >= i64::from(self.mature_after_days))
    }
}
