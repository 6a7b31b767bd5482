//! Finds the release in which a defect was found, and reads all statements of an issue about releases.
//!
//! # How statements are read
//!
//! 1. **Labels** (`label`): `found-in/v1.3.0`, `affects-1.4`, `fixed-in/1.5.0`, and the policy's own patterns with `{version}`.
//!    The words at the beginning of a label say what it claims, and the rest names the releases.
//! 2. **Issue fields** (`field`): for example "Found in version", as in Jira and in GitHub's issue fields.
//! 3. **The description** (`text`): lines such as `Found in: 1.3.0`, and answers under a heading of an issue form that asks for
//!    the version. `section` splits the text at its headings, and [`heading`] decides which headings are read.
//!
//! `answer` reads the words: "1.3 - 1.5, but not in 1.4.1" is a set of versions. `resolve` maps that set to known releases.
//!
//! # Who says it
//!
//! Fields, and labels that were set after the opening, are statements of a maintainer: both take triage rights. The
//! description, and labels that an issue form or a bot sets, are statements of the reporter.
//!
//! # Which statement wins
//!
//! Maintainers win over the reporter. Within one speaker, the first method of the policy's `attribution.found-in` that names a
//! known release wins. Without any statement, the newest release at the time of the report is used. A version that is no known
//! release is skipped, and the evidence quotes it. Otherwise a typing error would remove a defect from every count per release.
//!
//! Example: the label `found-in/v1.4.0` wins over `Found in: v1.2.0` in the description. If the label says `9.9.9`, v1.2.0 wins.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod answer;
mod field;
pub mod heading;
mod issue_statements;
mod label;
mod resolve;
mod section;
pub mod stated_origin;
pub mod statement;
/// Returns all statements about releases in an issue: of labels first, then of fields, then of the description.
pub fn statements(issue: &Issue, policy: &Policy, timeline: &Timeline) -> Vec<Statement> {
    IssueStatements::read(issue, Phase::Escaped, policy, timeline.product()).resolve(timeline)
}

#[cfg(test)]
mod tests;
mod text;

use crate::model::{Attribution, AttributionMethod, Confidence, Issue, Phase, Tag, Timeline};
use crate::policy::Policy;

pub use issue_statements::IssueStatements;
use statement::{MethodStatement, NamedReleases, Speaker, Statement};

/// Returns the release that an issue was found in, and the statements about releases that were read to find it.
pub fn attribute_issue(
    issue: &Issue,
    phase: Phase,
    policy: &Policy,
    timeline: &Timeline,
) -> (Attribution, Vec<Statement>) {
    IssueStatements::read(issue, phase, policy, timeline.product()).attribute(issue, policy, timeline)
}

/// Attributes an issue by its statements, or else by the time of the report.
fn attribute_by_statements(
    all: &[MethodStatement],
    issue: &Issue,
    phase: Phase,
    policy: &Policy,
    timeline: &Timeline,
) -> Attribution {
    let mut skipped = Vec::new();
    for speaker in [Speaker::Maintainer, Speaker::Reporter] {
        for &method in policy.found_in.iter().filter(|method| **method != AttributionMethod::Window) {
            let statements = || {
                all.iter().filter(|one| one.attributes && one.method == method && one.statement.by == speaker)
            };
            if let Some(found) = attribute_by_method(statements, method, timeline) {
                return with_notes(found, &skipped);
            }
            skipped.extend(statements().filter_map(|one| one.note.clone()));
        }
    }
    skipped.dedup();
    let window = policy
        .found_in
        .contains(&AttributionMethod::Window)
        .then(|| attribute_by_time(issue, phase, timeline))
        .flatten();
    let nothing = || Attribution {
        release: None,
        method: AttributionMethod::None,
        confidence: Confidence::None,
        evidence: "nothing names a release".into(),
    };
    with_notes(window.unwrap_or_else(nothing), &skipped)
}

/// Returns the confidence of each method.
fn method_confidence(method: AttributionMethod) -> Confidence {
    match method {
        AttributionMethod::Field => Confidence::Certain,
        AttributionMethod::Label | AttributionMethod::Form => Confidence::Stated,
        AttributionMethod::Window => Confidence::Inferred,
        AttributionMethod::None => Confidence::None,
    }
}

/// Attributes an issue by the statements of one method; `None` if they name no release.
///
/// Several releases can be named: a defect that comes back gets a second label. A statement that names another product, or
/// something that is not released, ends the search too. The newest release would then be a guess against the statement.
fn attribute_by_method<'s, S: Iterator<Item = &'s MethodStatement>>(
    statements: impl Fn() -> S,
    method: AttributionMethod,
    timeline: &Timeline,
) -> Option<Attribution> {
    let mut named: Vec<&Tag> = statements().flat_map(|one| &one.releases).collect();
    named.sort_unstable();
    named.dedup();
    let confidence = method_confidence(method);
    if let Some(release) = timeline.nearest(&named) {
        let place = statements().find(|one| one.releases.contains(release)).map(|one| &*one.statement.place);
        let place = place.unwrap_or_default();
        let is_highest = || named.iter().all(|other| timeline.compare(other, release).is_le());
        let evidence = match named.len() {
            0 | 1 => place.to_owned(),
            count if is_highest() => format!("{place}, the highest of {count}"),
            count => format!("{place}, {release} of {count}"),
        };
        return Some(Attribution { release: Some(release.clone()), method, confidence, evidence });
    }
    let is_elsewhere = |one: &&MethodStatement| match one.statement.names {
        NamedReleases::OtherProduct(_) | NamedReleases::Unreleased => true,
        NamedReleases::Releases(_) | NamedReleases::Line(_) | NamedReleases::Nothing => false,
    };
    let elsewhere = statements().find(is_elsewhere)?;
    let evidence = elsewhere.note.clone().unwrap_or_else(|| elsewhere.statement.place.to_string());
    Some(Attribution { release: None, method, confidence, evidence })
}

/// Attributes an escaped defect to the newest release at the time of its report, and a caught one to the next release.
fn attribute_by_time(issue: &Issue, phase: Phase, timeline: &Timeline) -> Option<Attribution> {
    let (release, evidence) = match phase {
        Phase::Escaped => {
            let release = timeline.newest_at(issue.created_at)?;
            (release.tag.clone(), "the newest release when it was reported")
        }
        Phase::Caught => {
            let next = timeline.first_after(issue.created_at).map(|r| &r.tag).or(timeline.candidate())?;
            (next.clone(), "the next release after it was reported")
        }
    };
    Some(Attribution {
        release: Some(release),
        method: AttributionMethod::Window,
        confidence: Confidence::Inferred,
        evidence: evidence.into(),
    })
}

/// Adds the statements that were skipped to the evidence.
fn with_notes(mut attribution: Attribution, skipped: &[String]) -> Attribution {
    for note in skipped {
        attribution.evidence.push_str("; ");
        attribution.evidence.push_str(note);
    }
    attribution
}
