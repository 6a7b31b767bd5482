//! Everything a verdict may rest on: defects, what was excluded, releases, tests, and what could not be read.

mod fix;

use jiff::Timestamp;

use crate::model::{Area, Candidate, Defect, Excluded, Gap, Phase, Tag, TestEvidence, Timeline, Warning};

pub use fix::FixState;

/// Everything a verdict may rest on.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The moment that ages and periods are counted from.
    pub now: Timestamp,
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
    /// Tickets that count, in order of their numbers; none if tickets or releases were not read at all.
    pub defects: Option<Vec<Defect>>,
    /// True if the policy says which tickets were caught before production: without that there is no rate.
    pub knows_caught: bool,
    /// Tickets that look like a defect and do not count.
    pub excluded: Vec<Excluded>,
    /// Test results; none if no reports were asked for.
    pub tests: Option<TestEvidence>,
    /// What should have been read and was not.
    pub gaps: Vec<Gap>,
    /// What a person should look at.
    pub warnings: Vec<Warning>,
}

impl Evidence {
    /// Escaped defects, in order of their numbers; none if tickets were not read.
    pub fn escaped(&self) -> Option<impl Iterator<Item = &Defect>> {
        self.defects.as_ref().map(|all| all.iter().filter(|d| d.phase == Phase::Escaped))
    }

    /// Gaps in one kind of evidence.
    pub fn gaps_in(&self, area: Area) -> impl Iterator<Item = &Gap> {
        self.gaps.iter().filter(move |gap| gap.area == area)
    }

    /// Whole days of 24 hours since a release was published; none for one that is not.
    pub fn age_days(&self, tag: &Tag) -> Option<i64> {
        let published = self.timeline.get(tag).filter(|r| !r.draft)?.published_at?;
        Some(self.now.duration_since(published).as_hours() / 24)
    }

    /// True if a release is old enough for rates. One that is not published is not.
    pub fn is_mature(&self, tag: &Tag) -> bool {
        self.age_days(tag).is_some_and(|days| days >= i64::from(self.mature_after_days))
    }
}
