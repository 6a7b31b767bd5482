//! The rows of the table of defects.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::{IssueState, Severity, Status};
use crate::report::OriginLine;
use crate::report::build::{RulesByDefect, rules_by_defect};
use crate::verdict::Evaluation;

/// An escaped defect in the table of the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DefectRow {
    /// Issue number.
    pub number: u64,
    /// Title of the issue. Untrusted.
    pub title: String,
    /// Address of the issue's page. Untrusted.
    pub url: String,
    /// `true` if the issue is open.
    pub open: bool,
    /// Severity; `None` if untriaged.
    pub severity: Option<Severity>,
    /// `false` if the severity is the policy's default.
    pub triaged: bool,
    /// Day of the report, in UTC.
    pub reported: Date,
    /// Tag of the release that the defect was found in. Untrusted.
    pub found_in: Option<String>,
    /// Tag of the release that introduced the defect; `None` if it is not known. Untrusted.
    pub introduced_in: Option<String>,
    /// Status in the candidate; `None` if its evidence is missing.
    pub status: Option<Status>,
    /// Status in each release line, in the order of the page's lines; `None` if its evidence is missing.
    pub lines: Vec<Option<Status>>,
    /// Components. Untrusted.
    pub components: Vec<String>,
    /// Teams. Untrusted.
    pub teams: Vec<String>,
    /// Ids of the rules that fail because of the defect. The suffix ` (undecided)` marks a rule that is unknown because of it.
    pub breaks: Vec<Arc<str>>,
}

/// Returns every escaped defect: first those that fail a rule, then by severity, open before closed, the newest first.
pub fn defect_rows(evidence: &Evidence, evaluation: &Evaluation) -> Vec<DefectRow> {
    let roles: RulesByDefect = rules_by_defect(evaluation);
    let mut rows: Vec<DefectRow> = evidence
        .escaped()
        .into_iter()
        .flatten()
        .map(|defect| {
            let number = defect.number();
            let issue = &defect.issue;
            DefectRow {
                number: number.0,
                title: issue.title.clone(),
                url: issue.url.clone(),
                open: issue.state == IssueState::Open,
                severity: defect.severity,
                triaged: defect.triaged,
                reported: issue.created_at.to_zoned(TimeZone::UTC).date(),
                found_in: defect.found_in.release.as_ref().map(|tag| tag.0.clone()),
                introduced_in: OriginLine::of(defect).and_then(|origin| origin.release),
                status: defect.status.as_ref().and_then(|found| found.status.clone().ok()),
                lines: evidence
                    .lines
                    .iter()
                    .map(|line| line.statuses.get(&number).copied().flatten())
                    .collect(),
                components: defect.components.clone(),
                teams: defect.teams.clone(),
                breaks: roles.broken_by(number),
            }
        })
        .collect();
    rows.sort_by_key(|row| {
        (Reverse((!row.breaks.is_empty(), row.severity, row.open, row.reported)), row.number)
    });
    rows
}
