//! Which statements are about a release, and what is shown where nothing decides.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::StatusQuestion;
use super::fix::last_opening_of;
use crate::attribution::statement::{Claim, NamedReleases, Speaker, Statement};
use crate::model::{AttributionMethod, IssueState, Status};

/// What a maintainer says of a release itself or of its line.
pub struct MaintainerStatement<'a> {
    /// The status that it comes to.
    pub status: Status,
    /// Where it is said.
    pub place: &'a str,
}

/// The newest word of a maintainer about the release. Of two at one time the worse one counts.
pub fn newest_maintainer_statement<'a>(question: &StatusQuestion<'a>) -> Option<MaintainerStatement<'a>> {
    let said = question.statements.iter().filter(|one| one.by == Speaker::Maintainer);
    let about = said.filter_map(|one| Some((status_by_statement(question, one)?, one)));
    let worse = |status: Status| status == Status::Affected;
    let newest = about.max_by_key(|(status, one)| (one.at.unwrap_or(Timestamp::MIN), worse(*status)));
    newest.map(|(status, one)| MaintainerStatement { status, place: &one.place })
}

/// What a statement says of the release; `None` if it is about others.
fn status_by_statement(question: &StatusQuestion<'_>, statement: &Statement) -> Option<Status> {
    let release = question.release;
    let names_it = names_release(question, &statement.names);
    match statement.claim {
        Claim::FoundIn | Claim::Affects => names_it.then_some(Status::Affected),
        Claim::NotAffected => names_it.then_some(Status::NotAffected),
        Claim::FixedIn => {
            let contains = match &statement.names {
                NamedReleases::Releases(tags) => tags.iter().any(|tag| release.contains.contains(tag)),
                NamedReleases::Line(_)
                | NamedReleases::OtherProduct(_)
                | NamedReleases::Unreleased
                | NamedReleases::Nothing => names_it,
            };
            // Whoever opens the issue again says that it is not fixed.
            let is_overtaken = question.issue.reopened_at.is_some_and(|reopened| match statement.at {
                Some(at) => at < reopened,
                // It is not known when a field was filled in: while the issue is open, it is no answer to the reopening.
                None => question.issue.state == IssueState::Open,
            });
            (contains && !is_overtaken).then_some(Status::Fixed)
        }
        Claim::MayAffect => None,
    }
}

/// `true` if a statement names the release itself or its line.
fn names_release(question: &StatusQuestion<'_>, names: &NamedReleases) -> bool {
    match names {
        NamedReleases::Releases(tags) => question.release.tag.is_some_and(|tag| tags.contains(tag)),
        NamedReleases::Line(line) => is_release_line(question, line),
        NamedReleases::OtherProduct(_) | NamedReleases::Unreleased | NamedReleases::Nothing => false,
    }
}

/// `true` if a line is that of the release, or holds it: `7` holds `7.5`.
fn is_release_line(question: &StatusQuestion<'_>, line: &str) -> bool {
    let behind = question.release.line.as_deref().and_then(|own| own.strip_prefix(line));
    behind.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The statement that names the line of the release as affected.
pub fn affected_line_statement<'a>(question: &StatusQuestion<'a>) -> Option<&'a Statement> {
    let mut statements = question.statements.iter().filter(|one| one.by == Speaker::Maintainer);
    statements.find(|one| one.claim == Claim::Affects && names_release(question, &one.names))
}

/// The statement that the line of the release is still to be checked; anyone may make it.
pub fn unchecked_line_statement<'a>(question: &StatusQuestion<'a>) -> Option<&'a Statement> {
    let mut statements = question.statements.iter();
    statements.find(|one| one.claim == Claim::MayAffect && names_release(question, &one.names))
}

/// The lines that maintainers name as affected.
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

/// The place where another product is named, if everything that is said names another product.
pub fn only_other_products<'a>(question: &StatusQuestion<'a>, by: Speaker) -> Option<&'a Statement> {
    let said: Vec<&Statement> = question
        .statements
        .iter()
        .filter(|one| one.by == by && matches!(one.claim, Claim::FoundIn | Claim::Affects))
        .filter(|one| one.names != NamedReleases::Nothing)
        .collect();
    let is_other = |one: &&Statement| matches!(one.names, NamedReleases::OtherProduct(_));
    if said.iter().all(is_other) { said.first().copied() } else { None }
}

/// The releases that anyone names as having the defect, with where that is said.
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

/// Why the status is open, where no row decides.
pub fn open_reason(question: &StatusQuestion<'_>) -> String {
    if let Some(statement) = unchecked_line_statement(question) {
        return format!("{}: to be checked", statement.place);
    }
    if let Some(statement) = only_other_products(question, Speaker::Reporter) {
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

/// `true` if the release was built after an issue was opened last.
pub fn is_younger_than_opening(question: &StatusQuestion<'_>) -> bool {
    question.release.committed_at.is_some_and(|at| at > last_opening_of(question.issue))
}
