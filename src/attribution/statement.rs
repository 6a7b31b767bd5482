//! What labels, fields and text say about the releases that a defect is in, and who says it.

use jiff::Timestamp;

use crate::model::Tag;

/// A statement about the releases that a defect is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What is said.
    pub says: Says,
    /// About which releases.
    pub names: Names,
    /// Who says it.
    pub by: Speaker,
    /// Time when it was said; `None` if that is not known.
    pub at: Option<Timestamp>,
    /// Where it is said, for a person: "label `found-in/v1.3.0`". Untrusted where it quotes the issue.
    pub place: String,
}

/// What a statement says of the releases that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Says {
    /// The defect was found in them.
    FoundIn,
    /// It is in them.
    Affects,
    /// It may be in them; that is still to be checked.
    MayAffect,
    /// It is fixed from them on.
    FixedIn,
    /// It is not in them.
    NotAffected,
}

/// The releases that a statement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Names {
    /// These releases.
    Releases(Vec<Tag>),
    /// All releases of a line, for example `7.5`.
    Line(String),
    /// A release of another product.
    OtherProduct(String),
    /// What is not released: a development branch, a nightly build.
    Unreleased,
    /// No release that is known.
    Nothing,
}

/// Who says something, and with what right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// Anyone: it can add a defect to a release, and never takes one out.
    Reporter,
    /// A person with triage rights.
    Maintainer,
}

/// What is said about the releases of a defect. (Labels alone, until the reader of text is merged.)
pub fn statements(
    ticket: &crate::model::Ticket,
    policy: &crate::policy::Policy,
    timeline: &crate::model::Timeline,
) -> Vec<Statement> {
    let _ = policy;
    let mut all = Vec::new();
    for label in &ticket.labels {
        let (says, text) = if let Some(v) = label.strip_prefix("found-in/") {
            (Says::FoundIn, v)
        } else if let Some(v) = label.strip_prefix("may-affects-") {
            (Says::MayAffect, v)
        } else if let Some(v) = label.strip_prefix("affects-") {
            (Says::Affects, v)
        } else if let Some(v) = label.strip_prefix("fixed-in/") {
            (Says::FixedIn, v)
        } else {
            continue;
        };
        let names = if matches!(says, Says::Affects | Says::MayAffect) {
            Names::Line(text.to_owned())
        } else {
            match timeline.named(text, ticket.created_at) {
                crate::model::Named::One(release) => Names::Releases(vec![release.tag.clone()]),
                _ => Names::Nothing,
            }
        };
        all.push(Statement {
            says,
            names,
            by: Speaker::Maintainer,
            at: None,
            place: format!("label {label}"),
        });
    }
    all
}
