//! Finds the statements that are about a release, and words the reason if no row of the table decides.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::StatusQuestion;
use super::fix::last_opening_of;
use crate::attribution::statement::{Claim, NamedReleases, Speaker, Statement, only_other_products};
use crate::model::{AttributionMethod, IssueState, Status};

/// Returns the status that the newest statement of a maintainer gives the release, and the place of that statement, for
/// example "label `fixed-in/v1.3.0`". If two statements have the same time, *affected* wins.
pub fn newest_maintainer_statement<'a>(question: &StatusQuestion<'a>) -> Option<(Status, &'a str)> {
    let said = question.statements.iter().filter(|one| one.by == Speaker::Maintainer);
    let about = said.filter_map(|one| Some((status_by_statement(question, one)?, one)));
    let worse = |status: Status| status == Status::Affected;
    // A field has no time of its change. It counts as the oldest, so that a label set later can
    // correct it.
    let newest = about.max_by_key(|(status, one)| (one.at.unwrap_or(Timestamp::MIN), worse(*status)));
    newest.map(|(status, one)| (status, &*one.place))
}

/// Returns the status that a statement gives the release; `None` if it is about other releases.
fn status_by_statement(question: &StatusQuestion<'_>, statement: &Statement) -> Option<Status> {
    let release = question.release;
    let names_it = names_release(question, &statement.names);
    match statement.claim {
        Claim::FoundIn | Claim::Affects => names_it.then_some(Status::Affected),
        // Only the release itself. "v1.3.0 is not affected" says nothing about v1.4.0, which may
        // have introduced the defect.
        Claim::NotAffected => names_it.then_some(Status::NotAffected),
        Claim::FixedIn => {
            // A fix is inherited: `fixed-in/v1.3.0` also holds for each release whose history
            // contains v1.3.0.
            let contains = match &statement.names {
                NamedReleases::Releases(tags) => tags.iter().any(|tag| release.contains.contains(tag)),
                NamedReleases::Line(_)
                | NamedReleases::OtherProduct(_)
                | NamedReleases::Unreleased
                | NamedReleases::Nothing => names_it,
            };
            // Reopening an issue says that the fix did not help, and is newer than the label.
            let is_overtaken = question.issue.reopened_at.is_some_and(|reopened| match statement.at {
                Some(at) => at < reopened,
                // A field has no time. While the issue is open, it cannot be an answer to the reopening.
                None => question.issue.state == IssueState::Open,
            });
            (contains && !is_overtaken).then_some(Status::Fixed)
        }
        // "To be checked" is no answer. Row 10 shows it as the reason.
        Claim::MayAffect => None,
    }
}

/// Returns `true` if a statement names the release itself or its line.
fn names_release(question: &StatusQuestion<'_>, names: &NamedReleases) -> bool {
    match names {
        NamedReleases::Releases(tags) => question.release.tag.is_some_and(|tag| tags.contains(tag)),
        NamedReleases::Line(line) => is_release_line(question, line),
        NamedReleases::OtherProduct(_) | NamedReleases::Unreleased | NamedReleases::Nothing => false,
    }
}

/// Returns `true` if a line is that of the release or contains it, as `7` contains `7.5`.
fn is_release_line(question: &StatusQuestion<'_>, line: &str) -> bool {
    // Compare up to a dot: line `7` contains `7.5`, but line `7.1` does not contain `7.15`.
    let behind = question.release.line.as_deref().and_then(|own| own.strip_prefix(line));
    behind.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Returns the statement of a maintainer that the release or its line is affected.
pub fn affected_line_statement<'a>(question: &StatusQuestion<'a>) -> Option<&'a Statement> {
    let mut statements = question.statements.iter().filter(|one| one.by == Speaker::Maintainer);
    statements.find(|one| one.claim == Claim::Affects && names_release(question, &one.names))
}

/// Returns the statement that the line of the release is still to be checked. A reporter's statement counts as well.
pub fn unchecked_line_statement<'a>(question: &StatusQuestion<'a>) -> Option<&'a Statement> {
    let mut statements = question.statements.iter();
    // A reporter may keep a release from passing here. Only a maintainer can say that it is not
    // affected.
    statements.find(|one| one.claim == Claim::MayAffect && names_release(question, &one.names))
}

/// Returns the lines that maintainers name as affected.
pub fn affected_lines<'a>(question: &StatusQuestion<'a>) -> BTreeSet<&'a str> {
    let said =
        question.statements.iter().filter(|one| one.by == Speaker::Maintainer && one.claim == Claim::Affects);
    said.filter_map(|one| match &one.names {
        NamedReleases::Line(line) => Some(line.as_str()),
        NamedReleases::Releases(_)
        | NamedReleases::OtherProduct(_)
        | NamedReleases::Unreleased
        | NamedReleases::Nothing => None,
    })
    .collect()
}

/// Returns the releases that any statement names as having the defect, each with the statement.
pub fn releases_with_defect<'a>(
    question: &StatusQuestion<'a>,
) -> impl Iterator<Item = (&'a crate::model::Tag, &'a Statement)> {
    let said = question.statements.iter().filter(|one| matches!(one.claim, Claim::FoundIn | Claim::Affects));
    said.flat_map(|one| match &one.names {
        NamedReleases::Releases(tags) => tags.iter().map(|tag| (tag, one)).collect::<Vec<_>>(),
        NamedReleases::Line(_)
        | NamedReleases::OtherProduct(_)
        | NamedReleases::Unreleased
        | NamedReleases::Nothing => Vec::new(),
    })
}

/// Words the reason of row 10, *under investigation*.
pub fn open_reason(question: &StatusQuestion<'_>) -> String {
    if let Some(statement) = unchecked_line_statement(question) {
        // The reasons go from the most to the least specific: a reader can act on the first ones.
        return format!("{}: to be checked", statement.place);
    }
    if let Some(statement) = only_other_products(question.statements, Speaker::Reporter) {
        return format!("{} names another product", statement.place);
    }
    match &question.found_in.release {
        Some(tag) if question.found_in.method == AttributionMethod::Window => {
            format!("no version is stated, and {tag} was the newest release")
        }
        Some(tag) => format!("found in {tag} only"),
        None => format!("nothing that was read says whether {} has it", question.release.name),
    }
}

/// Returns `true` if the release was built after the issue was last opened or reopened.
pub fn is_younger_than_opening(question: &StatusQuestion<'_>) -> bool {
    question.release.committed_at.is_some_and(|at| at > last_opening_of(question.issue))
}
