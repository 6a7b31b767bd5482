//! Everything a verdict may rest on: defects, what was excluded, releases, tests, and what could not be read.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod defects;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::{
    Area, Blocker, Candidate, Defect, Deployment, EarlierTests, Excluded, Gap, IssueNumber, IssueState,
    MetricId, Override, Phase, ProposedChange, Release, Tag, TestEvidence, Timeline, Warning,
};

pub use defects::{DefectIndex, DefectMatches};

/// Everything a verdict may rest on.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The moment that ages and periods are counted from.
    pub now: Timestamp,
    /// Time of evaluation: exceptions hold or have ended by it. The time of the evidence, unless the run sets another.
    pub evaluated_at: Timestamp,
    /// `owner/name`.
    pub repository: Option<String>,
    /// What is being decided.
    pub candidate: Option<Candidate>,
    /// The releases in order.
    pub timeline: Timeline,
    /// How many of the newest releases are in production.
    pub supported: u32,
    /// Days of 24 hours after which a release takes part in rates.
    pub mature_after_days: u32,
    /// Hours within which a release that fixes the one before is its hotfix.
    pub hotfix_within_hours: u32,
    /// Hours after its publication within which a defect makes a release fail; `None` for any time.
    pub failure_within_hours: Option<u32>,
    /// The environment that is production, where the policy names it.
    pub environment: Option<String>,
    /// The deployments to that environment; none if they were not read.
    pub deployments: Option<Vec<Deployment>>,
    /// Tickets that count; none if tickets or releases were not read at all.
    pub defects: Option<DefectIndex>,
    /// True if the policy says which tickets were caught before production: without that there is no rate.
    pub knows_caught: bool,
    /// Tickets that look like a defect and do not count.
    pub excluded: Vec<Excluded>,
    /// DefectIndex that the candidate, as the next patch of the release before it, fixes and that release does not: what makes it a
    /// hotfix. Empty where no rule asks.
    pub hotfixed: BTreeSet<IssueNumber>,
    /// Releases that the next one took back, each with that one.
    pub taken_back: BTreeMap<Tag, Tag>,
    /// Issues and pull requests that block the candidate until they are done; none if the policy names none, or if they were
    /// not read.
    pub blockers: Option<Vec<Blocker>>,
    /// What a candidate that is not merged yet means for the release; `None` for every other candidate.
    pub proposed: Option<ProposedChange>,
    /// Test results; none if no reports were asked for.
    pub tests: Option<TestEvidence>,
    /// Tests of an earlier release; `None` if no run gave them.
    pub tests_before: Option<EarlierTests>,
    /// States of the issues that waivers name as their follow-ups; one that was not read is absent.
    pub follow_ups: BTreeMap<IssueNumber, IssueState>,
    /// Comments that ask to let the candidate pass.
    pub overrides: Vec<Override>,
    /// What should have been read and was not.
    pub gaps: Vec<Gap>,
    /// What a person should look at.
    pub warnings: Vec<Warning>,
}

impl Evidence {
    /// Lets go of what only sorting tickets out looks at: nothing that measures or judges reads it.
    pub fn forget_texts(&mut self) {
        self.defects.iter_mut().for_each(DefectIndex::forget_texts);
        self.excluded.iter_mut().for_each(|excluded| excluded.defect.issue.forget_texts());
    }

    /// Escaped defects, in order of their numbers; none if tickets were not read.
    pub fn escaped(&self) -> Option<impl Iterator<Item = &Defect>> {
        self.defects.as_ref().map(|all| all.iter().filter(|d| d.phase == Phase::Escaped))
    }

    /// A ticket of this number that counts, or that looks as if it should.
    pub fn defect(&self, number: IssueNumber) -> Option<&Defect> {
        let defects = self.defects.as_deref().unwrap_or_default();
        match defects.binary_search_by_key(&number, Defect::number) {
            Ok(at) => defects.get(at),
            Err(_) => self.excluded.iter().map(|one| &one.defect).find(|defect| defect.number() == number),
        }
    }

    /// The evidence as it would be without some tickets.
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

    /// The defects that a metric looks at: for `excluded`, those that the policy excludes; for all others, those that count,
    /// caught ones too. None if tickets were not read.
    pub fn looked_at(&self, metric: MetricId) -> Option<impl Iterator<Item = &Defect>> {
        let counted = self.defects.as_ref()?;
        let (counted, excluded): (&[Defect], &[Excluded]) =
            if metric == MetricId::Excluded { (&[], &self.excluded) } else { (counted, &[]) };
        Some(counted.iter().chain(excluded.iter().map(|one| &one.defect)))
    }

    /// Gaps in one kind of evidence.
    pub fn gaps_in(&self, area: Area) -> impl Iterator<Item = &Gap> {
        self.gaps.iter().filter(move |gap| gap.area == area)
    }

    /// Whole days of 24 hours since a release was published; none for one that is not.
    pub fn age_days(&self, tag: &Tag) -> Option<i64> {
        self.days_since(self.timeline.get(tag)?)
    }

    fn days_since(&self, release: &Release) -> Option<i64> {
        let published = release.published_at.filter(|_| !release.draft)?;
        Some(self.now.duration_since(published).as_hours() / 24)
    }

    /// True if a release is old enough for rates. One that is not published is not.
    pub fn is_mature(&self, tag: &Tag) -> bool {
        self.timeline.get(tag).is_some_and(|release| self.is_old_enough(release))
    }

    /// The same of a release that is known.
    pub fn is_old_enough(&self, release: &Release) -> bool {
        self.days_since(release).is_some_and(|days| days >= i64::from(self.mature_after_days))
    }
}
