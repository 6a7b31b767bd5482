//! Waivers, overrides and dry runs in a report.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::model::{IssueState, Tag};
use crate::policy::{Mode, Policy};
use crate::verdict::{Exception, ExceptionEffect, Grant};

/// A waiver or an override, whether it applies or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ExceptionLine {
    /// Waiver or override.
    pub kind: ExceptionKind,
    /// Effect on the verdicts.
    pub standing: ExceptionEffect,
    /// Rules and scope as display text: `` `zero-critical`, #12 ``, `every overridable rule`. Untrusted.
    pub about: String,
    /// Ids of the rules whose verdict it changes.
    pub rules: Vec<String>,
    /// Numbers of the issues that it leaves out of the values.
    pub issues: Vec<u64>,
    /// Reason that the approver or author states. Untrusted.
    pub reason: String,
    /// Approver of the waiver, or author of the comment. Untrusted.
    pub by: String,
    /// Repository role of the comment's author; omitted if it was not collected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Last day of the waiver, inclusive, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// Last release that the waiver applies to. Untrusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_with: Option<String>,
    /// Follow-up issue of the waiver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUpLine>,
    /// Time when the comment was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_at: Option<Timestamp>,
    /// File of the waiver, or address of the comment. Untrusted.
    pub place: String,
    /// Reasons why it does not apply, and limits of its coverage. Untrusted.
    pub notes: Vec<String>,
}

/// An issue that must be closed by a due day, or the waiver ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct FollowUpLine {
    /// Issue number.
    pub issue: u64,
    /// Last day on which it may be open, inclusive, in UTC.
    pub due: Date,
    /// `true` if the issue is closed; omitted if it was not collected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<bool>,
}

/// Number of applied exceptions in one quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ExceptionQuarter {
    /// Quarter in UTC, for example `2026-Q4`.
    pub quarter: String,
    /// Number of waivers. A waiver has no date of its own: it counts in the quarter of the evaluation.
    pub waivers: u64,
    /// Number of overrides whose comments were written in the quarter.
    pub overrides: u64,
}

/// Kind of an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionKind {
    /// Entry in the policy, or in a waiver file next to it.
    Waiver,
    /// Comment of a maintainer.
    Override,
}

/// Origin of a dry run, which blocks nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DryRun {
    /// The command line: `--dry-run`.
    Option,
    /// The policy: `mode: observe`.
    Policy,
}

impl DryRun {
    /// Returns the origin of the dry run; `None` if the run blocks. The command line wins over the policy.
    pub(super) fn of(option: bool, policy: &Policy) -> Option<Self> {
        match (option, policy.exceptions.mode) {
            // The option comes first: whoever runs the command sees it there, and not in the
            // policy.
            (true, _) => Some(Self::Option),
            (false, Mode::Observe) => Some(Self::Policy),
            (false, Mode::Enforce) => None,
        }
    }
}

pub(super) fn exception_line(exception: &Exception) -> ExceptionLine {
    let standing = exception.standing;
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

/// Counts the applied exceptions per quarter, oldest first. A waiver counts at the time of the evaluation, an override at
/// the time of its comment.
pub(super) fn exceptions_per_quarter(
    exceptions: &[Exception],
    evaluated_at: Timestamp,
) -> Vec<ExceptionQuarter> {
    let mut counts: BTreeMap<(i16, i8), (u64, u64)> = BTreeMap::new();
    for exception in exceptions.iter().filter(|exception| exception.standing == ExceptionEffect::Applied) {
        match &exception.grant {
            // A waiver has no date of approval, so it counts in the quarter in which it is used.
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

/// Returns year and quarter (1 to 4) of a time in UTC.
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
