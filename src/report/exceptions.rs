//! Exceptions as a report tells of them, and why nothing was blocked.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::policy::{Mode, Policy};
use crate::verdict::{Effect, Exception, Grant};

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
    /// When the comment was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_at: Option<Timestamp>,
    /// The file of a waiver, or the address of a comment. Untrusted.
    pub place: String,
    /// Why it does not count, or what it does not cover. Untrusted.
    pub notes: Vec<String>,
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
pub(super) fn line(exception: &Exception) -> ExceptionLine {
    let standing = match exception.standing {
        Effect::Applied => ExceptionStanding::Applied,
        Effect::Unneeded => ExceptionStanding::Unneeded,
        Effect::Expired => ExceptionStanding::Expired,
        Effect::Void => ExceptionStanding::Void,
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
            expires: Some(waiver.expires),
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
                written_at: Some(comment.created_at),
                place: comment.url.clone(),
                notes,
            }
        }
    }
}
