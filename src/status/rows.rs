//! The rows of the status table, in order: one function for each row.
//!
//! The reasons are shown to readers of reports. They are clauses, without a full stop.

use super::RowResult::{self, Match, Mismatch, Unread};
use super::StatusQuestion;
use super::fix::{FixInRelease, change_name, is_merged};
use super::release_statements::{
    affected_line_statement, affected_lines, is_younger_than_opening, newest_maintainer_statement,
    releases_with_defect, unchecked_line_statement,
};
use super::release_view::ReleaseContents;
use crate::attribution::statement::{Speaker, only_other_products};
use crate::model::{
    AttributionMethod, Confidence, IssueState, NAMED, StateReason, Status, StatusRow, join_limited,
};
use crate::policy::StatusScope;
use release_history::changes::InRelease;

/// Tries one row.
type RowRule = fn(&StatusQuestion<'_>, &FixInRelease) -> RowResult;

/// The rows in order. Row 10 has no function: it is the result if no other row matches.
pub const STATUS_ROWS: [(StatusRow, RowRule); 10] = [
    (StatusRow::Policy, status_by_policy),
    (StatusRow::FixedByLabel, fixed_by_label),
    (StatusRow::ContainsFix, fixed_by_contained_fix),
    (StatusRow::LacksFix, affected_by_partial_fix),
    (StatusRow::NotAffectedByWord, not_affected_by_statement),
    (StatusRow::ClosedByHand, fixed_by_closing),
    (StatusRow::ClosedByHandLater, unclear_by_closing),
    (StatusRow::LineAffected, affected_by_line_label),
    (StatusRow::OtherLines, not_affected_by_other_lines),
    (StatusRow::FoundBefore, affected_since_found),
];

/// Row 1: an entry of `defects.status` in the policy names the release or its line.
fn status_by_policy(question: &StatusQuestion<'_>, _: &FixInRelease) -> RowResult {
    let release = question.release;
    let entry = question.policy.defects.status.iter().find(|entry| {
        entry.issue == question.issue.number
            && match &entry.scope {
                // A branch or a pull request has no tag. Its name lets the policy decide about
                // `main` as well.
                StatusScope::Release(tag) => release.tag == Some(tag) || release.name == tag.0,
                StatusScope::Line(line) => release.line.as_ref() == Some(line),
            }
    });
    let Some(entry) = entry else {
        return Mismatch(|question, _| {
            format!("the policy says nothing about {} in {}", question.issue.number, question.release.name)
        });
    };
    let by = entry.by.trim_start_matches('@');
    Match(entry.is, Confidence::Certain, format!("@{by}, \"{}\"", entry.reason))
}

/// Row 2: a label or field says `fixed-in/V`, the release contains V, and no fix in the release was reverted.
fn fixed_by_label(question: &StatusQuestion<'_>, fix: &FixInRelease) -> RowResult {
    let Some((Status::Fixed, place)) = newest_maintainer_statement(question) else {
        return Mismatch(|_, _| {
            "no label says that a release which it contains has the fix, or a newer one says otherwise".into()
        });
    };
    // Without the commits, nothing rules out a revert of the labeled fix.
    if let Some(what) = &fix.unread {
        return Unread(what.clone());
    }
    // A label stays when a fix is reverted: the commits are newer evidence.
    if fix.reverted {
        return Mismatch(|question, _| {
            let place = newest_maintainer_statement(question).map_or("", |(_, place)| place);
            format!("{place} says so, but a fix was reverted there")
        });
    }
    Match(Status::Fixed, Confidence::Stated, place.to_owned())
}

/// Row 3: the candidate or release contains the whole fix.
fn fixed_by_contained_fix(_: &StatusQuestion<'_>, fix: &FixInRelease) -> RowResult {
    match (&fix.unread, &fix.whole) {
        (Some(what), _) => Unread(what.clone()),
        (None, Some(found)) => {
            let sure = if found.is_guess { Confidence::Stated } else { Confidence::Certain };
            Match(Status::Fixed, sure, found.reason.clone())
        }
        (None, None) => {
            Mismatch(|question, _| format!("{} does not contain the whole fix", question.release.name))
        }
    }
}

/// Row 4: the release contains a part of the fix, or the fix and a later revert of it.
fn affected_by_partial_fix(_: &StatusQuestion<'_>, fix: &FixInRelease) -> RowResult {
    match &fix.lacking {
        Some(reason) => Match(Status::Affected, Confidence::Certain, reason.clone()),
        None => Mismatch(|_, _| "no part of a fix is there".into()),
    }
}

/// Row 5: a label says that the release or its line is not affected, or names only another product; or a maintainer named
/// the change that caused the defect, and the release contains neither it nor a copy.
fn not_affected_by_statement(question: &StatusQuestion<'_>, _: &FixInRelease) -> RowResult {
    let stated = |reason: String| Match(Status::NotAffected, Confidence::Stated, reason);
    if let Some((Status::NotAffected, place)) = newest_maintainer_statement(question) {
        return stated(place.to_owned());
    }
    if let Some(statement) = only_other_products(question.statements, Speaker::Maintainer) {
        return stated(format!("{} names another product", statement.place));
    }
    let Some(cause) = question.cause else {
        return Mismatch(|_, _| "nobody with the right says so".into());
    };
    fn cause_source<'a>(question: &StatusQuestion<'a>) -> &'a str {
        question.cause.map_or("", |cause| &cause.said)
    }
    let (ReleaseContents::Graph(contained), Some(changes)) = (&question.release.contents, question.changes)
    else {
        return Mismatch(|question, _| {
            format!("{}, but without the commit graph nothing follows from it", cause_source(question))
        });
    };
    let Some(place) = changes.graph.abbreviated(&cause.commit) else {
        return Mismatch(|question, _| {
            format!("{} names a commit that is in no branch or tag", cause_source(question))
        });
    };
    match changes.in_release(&[place], contained) {
        InRelease::Absent => {
            let name = changes.name(place);
            stated(format!("caused by {name}, which is not in {} ({})", question.release.name, cause.said))
        }
        // Only the absence of the cause proves anything: a cause that was reverted may still have its effect.
        InRelease::Partly { .. } | InRelease::Present { .. } | InRelease::TakenBack { .. } => {
            Mismatch(|question, _| format!("{} contains the change that caused it", question.release.name))
        }
    }
}

/// Returns `true` if a person closed the issue as completed and no merged change of this repository is linked.
fn is_closed_by_hand(question: &StatusQuestion<'_>) -> bool {
    let issue = question.issue;
    let completed = matches!(issue.state_reason, Some(StateReason::Completed) | None);
    // A merged change of another repository leaves no trace in this history. Only the closing can
    // speak for such a fix.
    let has_change = issue.fixes.iter().any(|change| change.repository.is_none() && is_merged(change));
    issue.state == IssueState::Closed && completed && !question.policy.closed_by_bot(issue) && !has_change
}

/// Describes who closed an issue by hand.
fn closer(question: &StatusQuestion<'_>) -> String {
    let issue = question.issue;
    if let Some(change) = issue.fixes.iter().find(|change| change.repository.is_some() && is_merged(change)) {
        return format!("closed by {}, which is not in this repository", change_name(change));
    }
    let by = issue.closing.as_ref().and_then(|closing| closing.by.as_ref());
    match by.and_then(|by| by.login.as_ref()) {
        Some(login) => format!("closed by @{login} without a change"),
        None => "closed by a person without a change".to_owned(),
    }
}

/// Row 6a: closed by hand, and the release is younger than the closing.
fn fixed_by_closing(question: &StatusQuestion<'_>, _: &FixInRelease) -> RowResult {
    if !is_closed_by_hand(question) {
        return Mismatch(|_, _| "it was not closed by hand as completed".into());
    }
    let (Some(built), Some(closed)) = (question.release.committed_at, question.issue.closed_at) else {
        return Mismatch(|question, _| {
            format!("it is not known whether {} was built after the closing", question.release.name)
        });
    };
    // A release from before the closing was built while the defect was still open.
    if built <= closed {
        return Mismatch(|question, _| format!("{} was built before it was closed", question.release.name));
    }
    // A closing without a change can also mean "cannot reproduce". Teams that close so set
    // `closed-without-change: unknown`.
    if question.policy.defects.closed_by_hand_is_fixed {
        Match(Status::Fixed, Confidence::Stated, format!("by word: {}", closer(question)))
    } else {
        let reason = format!("{} (`closed-without-change: unknown`)", closer(question));
        Match(Status::UnderInvestigation, Confidence::None, reason)
    }
}

/// Row 6b: closed by hand, and the release is younger than the last opening only.
fn unclear_by_closing(question: &StatusQuestion<'_>, _: &FixInRelease) -> RowResult {
    if is_closed_by_hand(question) && is_younger_than_opening(question) {
        let reason = format!("closed by hand after {} was built", question.release.name);
        return Match(Status::UnderInvestigation, Confidence::None, reason);
    }
    Mismatch(|_, _| "it was not closed by hand after the release was built".into())
}

/// Row 7: a label says that the line of the release is affected.
fn affected_by_line_label(question: &StatusQuestion<'_>, fix: &FixInRelease) -> RowResult {
    match affected_line_statement(question) {
        Some(statement) => {
            Match(Status::Affected, Confidence::Stated, with_fix(question, fix, &statement.place))
        }
        None => Mismatch(|_, _| "no label says that its line is affected".into()),
    }
}

/// Row 8: labels name every affected line, all of them other lines, and none says that this line is still to be checked.
fn not_affected_by_other_lines(question: &StatusQuestion<'_>, _: &FixInRelease) -> RowResult {
    if !question.policy.lines_complete {
        return Mismatch(|_, _| {
            "the policy does not say that labels name every affected line (`lines.complete`)".into()
        });
    }
    let lines = affected_lines(question);
    if lines.is_empty() {
        return Mismatch(|_, _| "no label names an affected line".into());
    }
    // The triage is not complete while one line is still to be checked, whatever `lines.complete`
    // says.
    if unchecked_line_statement(question).is_some() {
        return Mismatch(|question, _| {
            let place = unchecked_line_statement(question).map_or("", |statement| &*statement.place);
            format!("{place} leaves it open")
        });
    }
    // A branch without a line is in none of the named lines, but that is no evidence about its
    // code.
    if question.release.line.is_none() {
        return Mismatch(|question, _| format!("{} is on no release line", question.release.name));
    }
    let lines: Vec<String> = lines.into_iter().map(|line| format!("affects-{line}")).collect();
    Match(Status::NotAffected, Confidence::Stated, format!("only {}", join_limited(lines, NAMED)))
}

/// Row 9: found in the release or in one before it; or no statement names a version, and the newest release at the opening is
/// not after the release.
fn affected_since_found(question: &StatusQuestion<'_>, fix: &FixInRelease) -> RowResult {
    let release = question.release;
    let affected =
        |sure: Confidence, found: &str| Match(Status::Affected, sure, with_fix(question, fix, found));
    let own = question.found_in;
    if let Some(tag) = own.release.as_ref().filter(|tag| release.not_after.contains(*tag)) {
        let how = match own.method {
            AttributionMethod::Window => format!("reported when {tag} was the newest release"),
            AttributionMethod::Field
            | AttributionMethod::Label
            | AttributionMethod::Form
            | AttributionMethod::None => format!("found in {tag}"),
        };
        return affected(own.confidence, &how);
    }
    let before = releases_with_defect(question).filter(|(tag, _)| release.not_after.contains(*tag));
    // A reporter may name a release here: a statement can add a defect to a release, and never
    // removes one.
    if let Some((tag, statement)) = before.max_by_key(|(_, statement)| statement.by == Speaker::Maintainer) {
        let sure = match statement.by {
            Speaker::Maintainer => Confidence::Stated,
            Speaker::Reporter => Confidence::Inferred,
        };
        return affected(sure, &format!("found in {tag}"));
    }
    // Without any version, blame the release that users had when the issue was opened. An older
    // line, such as 1.1.x, is not blamed: the reporter most likely ran the newest release.
    let was_out = question.newest_at_opening.is_none_or(|newest| release.not_after.contains(newest));
    if own.release.is_none()
        && was_out
        && only_other_products(question.statements, Speaker::Reporter).is_none()
    {
        return affected(Confidence::Inferred, "nothing names a release that is known");
    }
    Mismatch(|question, _| format!("it was found in no release that stands before {}", question.release.name))
}

/// Adds that the fix is missing: "found in v1.3.0, no fix is in v1.6.0".
fn with_fix(question: &StatusQuestion<'_>, fix: &FixInRelease, found: &str) -> String {
    let release = &question.release.name;
    match fix.elsewhere.as_slice() {
        [] => format!("{found}, no fix is in {release}"),
        names => {
            let verb = if names.len() == 1 { "is" } else { "are" };
            format!("{found}, the fix {} {verb} not in {release}", join_limited(names, 3))
        }
    }
}
