//! Which release a defect was found in, by the policy's methods in order; the first hit wins (DESIGN section 4).
//!
//! A statement that names no known release is no hit: the next method decides, and the evidence quotes the statement.
//! Otherwise a slip of the pen would take a defect out of every count per release.

pub mod introduced;
pub mod statement;

use crate::model::{Attribution, Confidence, Method, Named, Phase, Release, Tag, Ticket, Timeline, body};
use crate::policy::Policy;

/// The issue fields and body lines that state a release, compared without regard to case, spaces and hyphens.
const FIELD_NAMES: [&str; 6] =
    ["foundin", "foundinversion", "affectsversion", "affectsversions", "affectedversion", "affectedversions"];

/// Headings of an issue form's version section, in lower case.
const VERSION_HEADINGS: [&str; 5] =
    ["version", "affected version", "found in", "found in version", "product version"];

/// The labels that state a release whatever the policy says: `found-in/v1.4.0`, `found-in:v1.4.0`.
const LABEL_PREFIXES: [&str; 2] = ["found-in/", "found-in:"];

/// The release a ticket was found in, with the method that told and its confidence.
pub fn found_in(ticket: &Ticket, phase: Phase, policy: &Policy, timeline: &Timeline) -> Attribution {
    let mut passed_over = Vec::new();
    for &method in &policy.found_in {
        let statements = match method {
            Method::Field => field(ticket),
            Method::Label => labels(ticket, phase, policy),
            Method::Form => form(ticket),
            Method::Window => {
                if let Some(found) = window(ticket, phase, timeline) {
                    return with_notes(found, &passed_over);
                }
                continue;
            }
            Method::None => continue,
        };
        match resolve(&statements, ticket, timeline) {
            Ok(Some((tag, evidence))) => {
                let confidence = confidence(method);
                return with_notes(
                    Attribution { release: Some(tag), method, confidence, evidence },
                    &passed_over,
                );
            }
            Ok(None) => {}
            Err(note) => passed_over.push(note),
        }
    }
    let nothing = Attribution {
        release: None,
        method: Method::None,
        confidence: Confidence::None,
        evidence: "nothing names a release".into(),
    };
    with_notes(nothing, &passed_over)
}

/// A version as stated, and where.
struct Statement {
    version: String,
    place: String,
}

/// How sure each method is.
fn confidence(method: Method) -> Confidence {
    match method {
        Method::Field => Confidence::Certain,
        Method::Label | Method::Form => Confidence::Stated,
        Method::Window => Confidence::Inferred,
        Method::None => Confidence::None,
    }
}

/// Issue fields first, then lines of the body.
fn field(ticket: &Ticket) -> Vec<Statement> {
    let fields = ticket
        .fields
        .iter()
        .filter(|(name, _)| FIELD_NAMES.contains(&squeeze(name).as_str()))
        .flat_map(|(name, value)| stated(value, format!("field `{name}: {value}`")));
    let lines = body::lines(&ticket.body).filter_map(|line| {
        let line = line.trim_start_matches(['-', '*', '+', '>', ' ', '\t']);
        let (name, value) = line.split_once(':')?;
        let value = value.trim().trim_matches(['*', '`', '_']).trim();
        (FIELD_NAMES.contains(&squeeze(name).as_str()) && !value.is_empty())
            .then(|| stated(value, format!("`{}`", line.trim())))
    });
    fields.chain(lines.flatten()).collect()
}

/// The versions that one answer states: a list holds several.
fn stated(answer: &str, place: String) -> impl Iterator<Item = Statement> {
    let parts = answer.split([',', ';', '|']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(move |part| Statement { version: part.to_owned(), place: place.clone() })
}

/// Letters and digits only, in lower case.
fn squeeze(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Labels with a version in them. The patterns of caught defects say nothing about an escaped one: a label of a release
/// candidate does not undo a label of production.
fn labels(ticket: &Ticket, phase: Phase, policy: &Policy) -> Vec<Statement> {
    let selector = match phase {
        Phase::Escaped => &policy.defects.escaped,
        Phase::Caught => &policy.defects.caught,
    };
    let version_in = |label: &str| -> Option<String> {
        let own = LABEL_PREFIXES.iter().find_map(|prefix| {
            label.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix))?;
            Some(label[prefix.len()..].to_owned())
        });
        own.or_else(|| selector.labels().find_map(|p| p.matches(label)?.version.map(str::to_owned)))
    };
    ticket
        .labels
        .iter()
        .filter_map(|label| {
            Some(Statement { version: version_in(label)?, place: format!("label `{label}`") })
        })
        .collect()
}

/// The version section of an issue form.
fn form(ticket: &Ticket) -> Vec<Statement> {
    let sections = body::sections(&ticket.body, &VERSION_HEADINGS).into_iter();
    let answers = sections.flat_map(|(heading, lines)| lines.into_iter().map(move |line| (heading, line)));
    answers.flat_map(|(heading, line)| stated(line, format!("`### {heading}`: `{line}`"))).collect()
}

/// The newest release that the statements name; an error says which statement names none.
///
/// Several may: a defect that comes back gets a second label. It then counts for the newest, and for a pre-release only
/// if no other release is named.
fn resolve(
    statements: &[Statement],
    ticket: &Ticket,
    timeline: &Timeline,
) -> Result<Option<(Tag, String)>, String> {
    let mut found: Vec<(&Release, &str)> = Vec::new();
    let mut unknown = Vec::new();
    for Statement { version, place } in statements {
        match timeline.named(version, ticket.created_at) {
            Named::One(release) => found.push((release, place)),
            Named::Several(tags) => {
                let tags: Vec<&str> = tags.iter().map(|t| t.0.as_str()).collect();
                unknown.push(format!("{place} fits several releases: {}", tags.join(", ")));
            }
            Named::Nothing => unknown.push(format!("{place} names no known release")),
        }
    }
    // A draft has no publication time yet, so it is the newest of all.
    found.sort_by_key(|(release, _)| {
        (!release.prerelease, release.published_at.is_none(), release.published_at)
    });
    match found.pop() {
        Some((newest, place)) if found.iter().any(|(other, _)| other.tag != newest.tag) => {
            Ok(Some((newest.tag.clone(), format!("{place}, the newest of {}", found.len() + 1))))
        }
        Some((newest, place)) => Ok(Some((newest.tag.clone(), place.to_owned()))),
        None if unknown.is_empty() => Ok(None),
        None => Err(unknown.join("; ")),
    }
}

/// The release that was out when the ticket was written; for a defect caught before production, the next one to come.
fn window(ticket: &Ticket, phase: Phase, timeline: &Timeline) -> Option<Attribution> {
    let (release, evidence) = match phase {
        Phase::Escaped => {
            let release = timeline.newest_at(ticket.created_at)?;
            (release.tag.clone(), "the newest release when it was reported")
        }
        Phase::Caught => {
            let next = timeline.first_after(ticket.created_at).map(|r| &r.tag).or(timeline.candidate())?;
            (next.clone(), "the next release after it was reported")
        }
    };
    Some(Attribution {
        release: Some(release),
        method: Method::Window,
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
