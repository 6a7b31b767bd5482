//! Ages of excluded issues, waivers and overrides.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};
use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::IssueState;
use crate::report::ExceptionLine;

/// Age of an excluded issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ExcludedAge {
    /// Issue number.
    pub number: u64,
    /// Whole days since the issue was reported.
    pub days: i64,
    /// `true` if the issue is open.
    pub open: bool,
}

/// Age or end of an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ExceptionAge {
    /// Whole days since the comment was written; `None` for a waiver, which has no date of its own.
    pub days: Option<i64>,
    /// Days until the last day of the waiver; negative after it. `None` if it does not end on a day.
    pub days_left: Option<i64>,
}

/// Returns the age of each excluded issue, in the order of the evidence.
pub fn excluded_ages(evidence: &Evidence) -> Vec<ExcludedAge> {
    let age = |excluded: &crate::model::Excluded| {
        let issue = &excluded.defect.issue;
        ExcludedAge {
            number: issue.number.0,
            days: days_since(issue.created_at, evidence.now),
            open: issue.state == IssueState::Open,
        }
    };
    evidence.excluded.iter().map(age).collect()
}

/// Returns the age or the end of each exception.
pub fn exception_ages(exceptions: &[ExceptionLine], evidence: &Evidence) -> Vec<ExceptionAge> {
    // The time of the evidence, so that the same snapshot gives the same page on every day.
    let today = evidence.now.to_zoned(TimeZone::UTC).date();
    let left = |day: Date| day.since((Unit::Day, today)).ok().map(|span| i64::from(span.get_days()));
    let age = |line: &ExceptionLine| ExceptionAge {
        days: line.written_at.map(|at| days_since(at, evidence.now)),
        days_left: line.expires.and_then(left),
    };
    exceptions.iter().map(age).collect()
}

fn days_since(moment: Timestamp, now: Timestamp) -> i64 {
    now.duration_since(moment).as_hours() / 24
}
