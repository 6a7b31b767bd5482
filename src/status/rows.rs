//! The rows of the table, in its order. Each function is one row.

use super::fix::{FixInRelease, is_merged};
use super::release_statements;
use super::{RowResult, StatusQuestion};
use crate::attribution::statement::Speaker;
use crate::model::{
    AttributionMethod, Confidence, IssueState, NAMED, StateReason, Status, StatusRow, join_limited,
};
use crate::policy::StatusScope;
use release_history::changes::InRelease;

use super::release_view::ReleaseContents;

/// A row.
type RowRule = fn(&StatusQuestion<'_>, &FixInRelease) -> RowResult;

/// The rows in order; row 10 is what is left.
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

fn mismatch(why: impl Into<String>) -> RowResult {
    RowResult::Mismatch(why.into())
}

/// Row 1: an entry in `defects.status` of the policy names the release or its line.
fn status_by_policy(question: &StatusQuestion<'_>, _: &FixInRelease) -> RowResult {
    let release = question.release;
    let entry = question.policy.defects.status.iter().find(|entry| {
        entry.issue == question.issue.number
            && match &entry.scope {
                StatusScope::Release(tag) => release.tag == Some(tag) || release.name == tag.0,
                StatusScope::Line(line) => release.line.as_ref() == Some(line),
            }
    });
    match entry {
        Some(entry) => {
            let by = entry.by.trim_start_matches('@');
            RowResult::Match(entry.is, Confidence::Certain, format!("@{by}, \"{}\"", entry.reason))
        }
        None => {
            mismatch(format!("the policy says nothing about {} in {}", question.issue.number, release.name))
        }
    }
}

/// Row 2: a label or field says `fixed-in/V`, the release contains V, and no fix in the release was reverted.
fn fixed_by_label(question: &StatusQuestion<'_>, fix: &FixInRelease) -> RowResult {
    let Some(word) =
        release_statements::newest_maintainer_statement(question).filter(|word| word.status == Status::Fixed)
    else {
        return mismatch(
            "no label says that a release which it contains has the fix, or a newer one says otherwise",
        );
    };
    if let Some(what) = &fix.unread {
        return RowResult::Unread(what.clone());
    }
    if fix.reverted {
        return mismatch(format!("{} says so, but a fix was reverted there", word.place));
    }
    RowResult::Match(Status::Fixed, Confidence::Stated, word.place.to_owned())
}

/// Row 3: the release contains the whole fix.
fn fixed_by_contained_fix(question: &StatusQuestion<'_>, fix: &FixInRelease) -> RowResult {
    match (&fix.unread, &fix.whole) {
        (Some(what), _) => RowResult::Unread(what.clone()),
        (None, Some(found)) => {
            let sure = if found.is_guess { Confidence::Stated } else { Confidence::Certain };
            RowResult::Match(Status::Fixed, sure, found.reason.clone())
        }
        (None, None) => mismatch(format!("{} does not contain the whole fix", question.release.name)),
    }
}

/// Row 4: the release contains a part of the fix, or the fix and a later revert of it.
fn affected_by_partial_fix(_: &StatusQuestion<'_>, fix: &FixInRelease) -> RowResult {
    match &fix.lacking {
        Some(reason) => RowResult::Match(Status::Affected, Confidence::Certain, reason.clone()),
        None => mismatch("no part of a fix is there"),
    }
}

/// Row 5: a label says that the release or its line is not affected, or names only another product; or a maintainer named
/// the change that caused the defect, and the release contains neither it nor a copy.
fn not_affected_by_statement(question: &StatusQuestion<'_>, _: &FixInRelease) -> RowResult {
    let stated = |reason: String| RowResult::Match(Status::NotAffected, Confidence::Stated, reason);
    let word = release_statements::newest_maintainer_statement(question);
    if let Some(word) = word.as_ref().filter(|word| word.status == Status::NotAffected) {
        return stated(word.place.to_owned());
    }
    if let Some(statement) = release_statements::only_other_products(question, Speaker::Maintainer) {
        return stated(format!("{} names another product", statement.place));
    }
    let Some(cause) = question.cause else { return mismatch("nobody with the right says so") };
    let (ReleaseContents::Graph(contained), Some(changes)) = (&question.release.contents, question.changes)
    else {
        return mismatch(format!("{}, but without the commit graph nothing follows from it", cause.said));
    };
    let Some(place) = changes.graph.abbreviated(&cause.commit) else {
        return mismatch(format!("{} names a commit that is in no branch or tag", cause.said));
    };
    match changes.in_release(&[place], contained) {
        InRelease::Absent => {
            let name = changes.name(place);
            stated(format!("caused by {name}, which is not in {} ({})", question.release.name, cause.said))
        }
        InRelease::Partly { .. } | InRelease::Present { .. } | InRelease::TakenBack { .. } => {
            mismatch(format!("{} contains the change that caused it", question.release.name))
        }
    }
}

/// `true` if a person closed the issue as completed and no change of this repository is linked.
fn is_closed_by_hand(question: &StatusQuestion<'_>) -> bool {
    let issue = question.issue;
    let completed = matches!(issue.state_reason, Some(StateReason::Completed) | None);
    let has_change = issue.fixes.iter().any(|change| change.repository.is_none() && is_merged(change));
    issue.state == IssueState::Closed && completed && !question.policy.closed_by_bot(issue) && !has_change
}

/// Who closed an issue by hand, for a person.
fn closer(question: &StatusQuestion<'_>) -> String {
    let closing = question.issue.closing.as_ref();
    let elsewhere =
        question.issue.fixes.iter().find(|change| change.repository.is_some() && is_merged(change));
    if let Some(change) = elsewhere {
        return format!("closed by {}, which is not in this repository", super::fix::change_name(change));
    }
    match closing.and_then(|closing| closing.by.as_ref()).and_then(|by| by.login.as_ref()) {
        Some(login) => format!("closed by @{login} without a change"),
        None => "closed by a person without a change".to_owned(),
    }
}

/// Row 6a: closed by hand, and the release is younger than the closing.
fn fixed_by_closing(question: &StatusQuestion<'_>, _: &FixInRelease) -> RowResult {
    if !is_closed_by_hand(question) {
        return mismatch("it was not closed by hand as completed");
    }
    let (Some(built), Some(closed)) = (question.release.committed_at, question.issue.closed_at) else {
        return mismatch(format!(
            "it is not known whether {} was built after the closing",
            question.release.name
        ));
    };
    if built <= closed {
        return mismatch(format!("{} was built before it was closed", question.release.name));
    }
    if question.policy.defects.closed_by_hand_is_fixed {
        RowResult::Match(Status::Fixed, Confidence::Stated, format!("by word: {}", closer(question)))
    } else {
        let reason = format!("{} (`closed-without-change: unknown`)", closer(question));
        RowResult::Match(Status::UnderInvestigation, Confidence::None, reason)
    }
}

/// Row 6b: closed by hand, and the release is younger than the last opening only.
fn unclear_by_closing(question: &StatusQuestion<'_>, _: &FixInRelease) -> RowResult {
    if is_closed_by_hand(question) && release_statements::is_younger_than_opening(question) {
        let reason = format!("closed by hand after {} was built", question.release.name);
        return RowResult::Match(Status::UnderInvestigation, Confidence::None, reason);
    }
    mismatch("it was not closed by hand after the release was built")
}

/// Row 7: a label says that the line of the release is affected.
fn affected_by_line_label(question: &StatusQuestion<'_>, fix: &FixInRelease) -> RowResult {
    match release_statements::affected_line_statement(question) {
        Some(statement) => {
            RowResult::Match(Status::Affected, Confidence::Stated, with_fix(question, fix, &statement.place))
        }
        None => mismatch("no label says that its line is affected"),
    }
}

/// Row 8: labels name every affected line, other ones only, and none says that this line is still to be checked.
fn not_affected_by_other_lines(question: &StatusQuestion<'_>, _: &FixInRelease) -> RowResult {
    if !question.policy.lines_complete {
        return mismatch("the policy does not say that labels name every affected line (`lines.complete`)");
    }
    let lines = release_statements::affected_lines(question);
    if lines.is_empty() {
        return mismatch("no label names an affected line");
    }
    if let Some(statement) = release_statements::unchecked_line_statement(question) {
        return mismatch(format!("{} leaves it open", statement.place));
    }
    if question.release.line.is_none() {
        return mismatch(format!("{} is on no release line", question.release.name));
    }
    let lines: Vec<String> = lines.into_iter().map(|line| format!("affects-{line}")).collect();
    RowResult::Match(Status::NotAffected, Confidence::Stated, format!("only {}", join_limited(lines, NAMED)))
}

/// Row 9: found in the release or in one before it; or nobody names a version, and the newest release at the opening is not
/// after it.
fn affected_since_found(question: &StatusQuestion<'_>, fix: &FixInRelease) -> RowResult {
    let release = question.release;
    let affected = |sure: Confidence, found: &str| {
        RowResult::Match(Status::Affected, sure, with_fix(question, fix, found))
    };
    let before = release_statements::releases_with_defect(question)
        .filter(|(tag, _)| release.not_after.contains(*tag));
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
    if let Some((tag, statement)) = before.max_by_key(|(_, statement)| statement.by == Speaker::Maintainer) {
        let sure = match statement.by {
            Speaker::Maintainer => Confidence::Stated,
            Speaker::Reporter => Confidence::Inferred,
        };
        return affected(sure, &format!("found in {tag}"));
    }
    let was_out = question.newest_at_opening.is_none_or(|newest| release.not_after.contains(newest));
    if own.release.is_none()
        && was_out
        && release_statements::only_other_products(question, Speaker::Reporter).is_none()
    {
        return affected(Confidence::Inferred, "nothing names a release that is known");
    }
    mismatch(format!("it was found in no release that stands before {}", release.name))
}

/// What was found, and that no fix is there: "found in v1.3.0, no fix is in v1.6.0".
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
