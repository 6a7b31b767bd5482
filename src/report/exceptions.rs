//! Exceptions as a report tells of them, and why nothing was blocked.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::model::{IssueState, Tag};
use crate::policy::{Mode, Policy};
use crate::verdict::{Exception, ExceptionEffect, Grant};

/// An exception that the policy grants or that somebody asked for, whether it counts or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ExceptionLine {
    /// A waiver of the policy, or an override by a comment.
    pub kind: ExceptionKind,
    /// What came of it.
    pub standing: ExceptionStanding,
    /// What it is about: "`zero-critical`, #12", "every overridable rule". Untrusted.
    pub about: String,
    /// Ids of the rules that come out otherwise by it.
    pub rules: Vec<String>,
    /// The issues that it leaves out of their values.
    pub issues: Vec<u64>,
    /// Why it was granted or asked for. Untrusted.
    pub reason: String,
    /// Who approved the waiver, or wrote the comment. Untrusted.
    pub by: String,
    /// The role of whoever wrote the comment, as far as it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The last day of a waiver, to its end in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// The last release that a waiver holds for. Untrusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_with: Option<String>,
    /// The issue that has to be closed for a waiver to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUpLine>,
    /// When the comment was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_at: Option<Timestamp>,
    /// The file of a waiver, or the address of a comment. Untrusted.
    pub place: String,
    /// Why it does not count, or what it does not cover. Untrusted.
    pub notes: Vec<String>,
}

/// An issue that has to be closed for a waiver to hold after a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FollowUpLine {
    /// Its number.
    pub issue: u64,
    /// The last day on which it may be open, to its end in UTC.
    pub due: Date,
    /// `true` if it is closed; absent if the evidence does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<bool>,
}

/// The exceptions that this report applies, by the quarter that they count in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ExceptionQuarter {
    /// For example `2026-Q4`, in UTC.
    pub quarter: String,
    /// Number of waivers. A waiver has no date of its own: it counts in the quarter of the evaluation.
    pub waivers: u64,
    /// Number of overrides whose comments were written in the quarter.
    pub overrides: u64,
}

/// How an exception came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionKind {
    /// It stands in the policy, or beside it.
    Waiver,
    /// Somebody wrote a comment.
    Override,
}

/// What came of an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionStanding {
    /// A rule comes out otherwise by it.
    Applied,
    /// It counts, and nothing needs it.
    Unneeded,
    /// Its time is over.
    Expired,
    /// It does not count.
    Void,
}

/// Who asked for a run that blocks nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DryRun {
    /// The command line: `--dry-run`.
    Option,
    /// The policy: `mode: observe`.
    Policy,
}

impl DryRun {
    /// Who asked, if anybody did. The command line is the nearer one.
    pub(super) fn of(option: bool, policy: &Policy) -> Option<Self> {
        match (option, policy.exceptions.mode) {
            (true, _) => Some(Self::Option),
            (false, Mode::Observe) => Some(Self::Policy),
            (false, Mode::Enforce) => None,
        }
    }
}

/// One exception.
pub(super) fn exception_line(exception: &Exception) -> ExceptionLine {
    let standing = match exception.standing {
        ExceptionEffect::Applied => ExceptionStanding::Applied,
        ExceptionEffect::Unneeded => ExceptionStanding::Unneeded,
        ExceptionEffect::Expired => ExceptionStanding::Expired,
        ExceptionEffect::Void => ExceptionStanding::Void,
    };
    let (rules, issues) =
        (exception.rules.iter().cloned().collect(), exception.issues.iter().map(|n| n.0).collect());
    let notes = exception.notes.clone();
    match &exception.grant {
        Grant::Waiver(waiver) => ExceptionLine {
            kind: ExceptionKind::Waiver,
            standing,
            about: format!("`{}`, {}", waiver.rule, waiver.scope()),
            rules,
            issues,
            reason: waiver.reason.clone(),
            by: waiver.approved_by.clone(),
            role: None,
            expires: waiver.expires,
            ends_with: waiver.ends_with.as_ref().map(Tag::to_string),
            follow_up: waiver.follow_up.map(|one| FollowUpLine {
                issue: one.issue.0,
                due: one.due,
                closed: exception.follow_up.map(|state| state == IssueState::Closed),
            }),
            written_at: None,
            place: waiver.file.clone(),
            notes,
        },
        Grant::Override(comment) => {
            let named: Vec<String> = comment.command.rules.iter().map(|id| format!("`{id}`")).collect();
            ExceptionLine {
                kind: ExceptionKind::Override,
                standing,
                about: if named.is_empty() { "every overridable rule".into() } else { named.join(", ") },
                rules,
                issues,
                reason: comment.command.reason.clone(),
                by: comment.by.clone().unwrap_or_else(|| "somebody unknown".into()),
                role: comment.role.clone(),
                expires: None,
                ends_with: None,
                follow_up: None,
                written_at: Some(comment.created_at),
                place: comment.url.clone(),
                notes,
            }
        }
    }
}

/// The exceptions that changed a verdict, by quarter, the oldest first: a waiver counts at the time of the evaluation, an override
/// at the time of its comment.
pub(super) fn exceptions_per_quarter(
    exceptions: &[Exception],
    evaluated_at: Timestamp,
) -> Vec<ExceptionQuarter> {
    let mut counts: BTreeMap<(i16, i8), (u64, u64)> = BTreeMap::new();
    for exception in exceptions.iter().filter(|exception| exception.standing == ExceptionEffect::Applied) {
        match &exception.grant {
            Grant::Waiver(_) => counts.entry(quarter_of(evaluated_at)).or_default().0 += 1,
            Grant::Override(comment) => counts.entry(quarter_of(comment.created_at)).or_default().1 += 1,
        }
    }
    let line = |((year, quarter), (waivers, overrides))| ExceptionQuarter {
        quarter: format!("{year}-Q{quarter}"),
        waivers,
        overrides,
    };
    counts.into_iter().map(line).collect()
}

/// Year and quarter of a time in UTC.
fn quarter_of(at: Timestamp) -> (i16, i8) {
    let day = at.to_zoned(TimeZone::UTC).date();
    (day.year(), (day.month() - 1) / 3 + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::quarter_of;

    #[test]
    fn a_quarter_begins_at_midnight_in_utc() {
        let of = |text: &str| quarter_of(text.parse().unwrap());
        assert_eq!(of("2026-01-01T00:00:00Z"), (2026, 1));
        assert_eq!(of("2026-03-31T23:59:59Z"), (2026, 1));
        assert_eq!(of("2026-04-01T01:00:00+02:00"), (2026, 1));
        assert_eq!(of("2026-04-01T00:00:00Z"), (2026, 2));
        assert_eq!(of("2026-12-31T23:59:59Z"), (2026, 4));
    }
}
