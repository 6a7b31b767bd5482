//! Where defects are affected and fixed, by release line.

use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::Status;

/// The newest release of a release line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LineColumn {
    /// Name of the line, for example `1.4`. Untrusted.
    pub line: String,
    /// Tag of its newest release. Untrusted.
    pub release: String,
    /// Number of escaped defects by status.
    pub counts: StatusCounts,
}

/// Numbers of escaped defects by status in one release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StatusCounts {
    /// Number of defects that the release has.
    pub affected: u64,
    /// Number of defects that nothing says enough about.
    pub under_investigation: u64,
    /// Number of defects whose fix is in the release.
    pub fixed: u64,
    /// Number of defects that were never in the release.
    pub not_affected: u64,
    /// Number of defects whose evidence is missing.
    pub unknown: u64,
}

impl StatusCounts {
    /// Counts statuses; `None` is a status whose evidence is missing.
    pub(super) fn of(statuses: impl Iterator<Item = Option<Status>>) -> Self {
        let mut counts = Self::default();
        for status in statuses {
            *match status {
                Some(Status::Affected) => &mut counts.affected,
                Some(Status::UnderInvestigation) => &mut counts.under_investigation,
                Some(Status::Fixed) => &mut counts.fixed,
                Some(Status::NotAffected) => &mut counts.not_affected,
                None => &mut counts.unknown,
            } += 1;
        }
        counts
    }

    /// Returns the counts in the order of the fields.
    pub fn parts(&self) -> [u64; 5] {
        [self.affected, self.under_investigation, self.fixed, self.not_affected, self.unknown]
    }
}

/// Returns the release lines, the newest first.
pub fn line_columns(evidence: &Evidence) -> Vec<LineColumn> {
    let column = |line: &crate::evidence::LineStatuses| LineColumn {
        line: line.line.clone(),
        release: line.release.0.clone(),
        counts: StatusCounts::of(line.statuses.values().copied()),
    };
    evidence.lines.iter().map(column).collect()
}

/// Counts the statuses in the candidate.
pub fn candidate_statuses(evidence: &Evidence) -> StatusCounts {
    let found = evidence.escaped().into_iter().flatten();
    StatusCounts::of(found.map(|defect| defect.status.as_ref().and_then(|found| found.status.clone().ok())))
}
