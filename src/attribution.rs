//! Which release a defect was found in, by the policy's methods in order; the first hit wins .
//!
//! [`statement::statements`] has all that labels, fields and the text of an issue say about releases. Attribution goes by what
//! maintainers say, then by what the reporter says, then by the time of the report. A statement that names no known release
//! is no hit: the next method decides, and the evidence quotes the statement. Otherwise a slip of the pen would take a defect
//! out of every count per release.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod answer;
pub mod heading;
mod label;
mod resolve;
mod section;
pub mod stated_origin;
pub mod statement;
#[cfg(test)]
mod tests;
mod text;

use crate::model::{Attribution, AttributionMethod, Confidence, Issue, Phase, Tag, Timeline};
use crate::policy::Policy;

use statement::{MethodStatement, NamedReleases, Speaker, Statement, method_statements};

/// The release an issue was found in, with the method that told and its confidence; and the statements that were read to find it.
pub fn attribute_issue(
    issue: &Issue,
    phase: Phase,
    policy: &Policy,
    timeline: &Timeline,
) -> (Attribution, Vec<Statement>) {
    let all = method_statements(issue, phase, policy, timeline);
    let found = attribute_by_statements(&all, issue, phase, policy, timeline);
    (found, all.into_iter().map(|one| one.statement).collect())
}

/// The release that statements come to, or else the time of the report.
fn attribute_by_statements(
    all: &[MethodStatement],
    issue: &Issue,
    phase: Phase,
    policy: &Policy,
    timeline: &Timeline,
) -> Attribution {
    let mut passed_over = Vec::new();
    for speaker in [Speaker::Maintainer, Speaker::Reporter] {
        for &method in policy.found_in.iter().filter(|method| **method != AttributionMethod::Window) {
            let statements = || {
                all.iter().filter(|one| one.attributes && one.method == method && one.statement.by == speaker)
            };
            if let Some(found) = attribute_by_method(statements, method, timeline) {
                return with_notes(found, &passed_over);
            }
            passed_over.extend(statements().filter_map(|one| one.note.clone()));
        }
    }
    passed_over.dedup();
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
    with_notes(window.unwrap_or_else(nothing), &passed_over)
}

/// How sure each method is.
fn method_confidence(method: AttributionMethod) -> Confidence {
    match method {
        AttributionMethod::Field => Confidence::Certain,
        AttributionMethod::Label | AttributionMethod::Form => Confidence::Stated,
        AttributionMethod::Window => Confidence::Inferred,
        AttributionMethod::None => Confidence::None,
    }
}

/// The release that statements of one method come to; `None` if they name none.
///
/// Several may be named: a defect that comes back gets a second label. Without a release, a statement that names another
/// product or what is not released is a hit as well: then the newest release would be a guess against what is written.
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
        let place =
            statements().find(|one| one.releases.contains(release)).map(|one| one.statement.place.as_str());
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
    let evidence = elsewhere.note.clone().unwrap_or_else(|| elsewhere.statement.place.clone());
    Some(Attribution { release: None, method, confidence, evidence })
}

/// The release that was out when the issue was written; for a defect caught before production, the next one to come.
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

/// The attribution, with the statements that did not count.
fn with_notes(mut attribution: Attribution, passed_over: &[String]) -> Attribution {
    for note in passed_over {
        attribution.evidence.push_str("; ");
        attribution.evidence.push_str(note);
    }
    attribution
}
