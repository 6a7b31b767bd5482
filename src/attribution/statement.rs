//! Statements about releases in an issue.

use std::sync::Arc;

use jiff::Timestamp;

use super::answer::VersionAnswer;
use super::resolve::{LineMeaning, ResolvedVersions, folds_to};
use crate::model::{AttributionMethod, Tag};

/// A statement about releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Claim about the releases.
    pub claim: Claim,
    /// Releases that it names.
    pub names: NamedReleases,
    /// Person who says it.
    pub by: Speaker,
    /// Time when it was said; `None` if that is not known.
    pub at: Option<Timestamp>,
    /// Displayed place: "label `found-in/v1.3.0`". Untrusted text if it quotes the issue.
    pub place: Arc<str>,
}

/// The claim of a statement about releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// The defect was found in them.
    FoundIn,
    /// The defect is in them.
    Affects,
    /// The defect may be in them.
    MayAffect,
    /// The releases contain the fix.
    FixedIn,
    /// The defect was never in them.
    NotAffected,
}

impl Claim {
    /// Returns the meaning of a line in such a statement.
    pub(super) fn lines(self) -> LineMeaning {
        match self {
            Self::FoundIn => LineMeaning::Releases,
            // A fix is in one release first.
            Self::FixedIn => LineMeaning::First,
            Self::Affects | Self::MayAffect | Self::NotAffected => LineMeaning::Line,
        }
    }
}

/// The releases that a statement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedReleases {
    /// These releases, the lowest first; the candidate may be one of them.
    Releases(Vec<Tag>),
    /// A release line, for example `7.5`.
    Line(String),
    /// Another product than the candidate's.
    OtherProduct(String),
    /// A build that is not released: `main`, `nightly`.
    Unreleased,
    /// No known release.
    Nothing,
}

/// The person who makes a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Speaker {
    /// A person with triage rights.
    Maintainer,
    /// The author of the issue.
    Reporter,
}

/// A statement with the facts that attribution needs.
#[derive(Debug, Clone)]
pub(super) struct MethodStatement {
    pub statement: Statement,
    /// The method of the policy that it belongs to.
    pub method: AttributionMethod,
    /// The releases that it is attributed to, the lowest first: those of a line, and another product's as well.
    pub releases: Vec<Tag>,
    /// `true` if it tells where the defect was found.
    pub attributes: bool,
    /// Reason why it names no known release; `None` if it does.
    pub note: Option<String>,
}

/// The names of issue fields, and of lines in a description, that tell where a defect was found; letters only.
const FOUND_IN: [&str; 22] = [
    "foundin",
    "foundinversion",
    "foundinversions",
    "foundinrelease",
    "foundinbuild",
    "affectsversion",
    "affectsversions",
    "affectedversion",
    "affectedversions",
    "affectedrelease",
    "affectedreleases",
    "affectsrelease",
    "affectsreleases",
    "versionsaffected",
    "versionaffected",
    "versionfound",
    "versionfoundin",
    "releasefoundin",
    "reportedversion",
    "reportedin",
    "detectedin",
    "seenin",
];

/// Returns `true` if a field or a line of this name tells where a defect was found.
pub(super) fn is_found_in(name: &str) -> bool {
    FOUND_IN.iter().any(|known| folds_to(name, known))
}

/// Returns the first statement if every statement of this speaker names another product.
pub fn only_other_products(statements: &[Statement], by: Speaker) -> Option<&Statement> {
    let said: Vec<&Statement> = statements
        .iter()
        .filter(|one| one.by == by && matches!(one.claim, Claim::FoundIn | Claim::Affects))
        // A value such as "latest" names no product, so it cannot contradict the others.
        .filter(|one| one.names != NamedReleases::Nothing)
        .collect();
    let is_other = |one: &&Statement| matches!(one.names, NamedReleases::OtherProduct(_));
    if said.iter().all(is_other) { said.first().copied() } else { None }
}

/// The origin of a statement: its place, its speaker and its claim.
#[derive(Debug, Clone)]
pub(super) struct StatementSource {
    pub says: Claim,
    pub by: Speaker,
    pub at: Option<Timestamp>,
    pub method: AttributionMethod,
    pub place: Arc<str>,
}

impl StatementSource {
    /// Adds the versions that the answer denies to the place.
    pub fn new(
        (says, by, at): (Claim, Speaker, Option<Timestamp>),
        method: AttributionMethod,
        place: String,
        answer: &VersionAnswer,
    ) -> Self {
        let place = if answer.denied.is_empty() {
            place
        } else {
            let denied: Vec<String> = answer.denied.iter().map(|text| format!("`{text}`")).collect();
            format!("{place}, without {}", denied.join(", "))
        };
        Self { says, by, at, method, place: place.into() }
    }

    /// Returns the statements that an answer makes.
    pub fn stated(&self, answer: &VersionAnswer, found: ResolvedVersions) -> Vec<MethodStatement> {
        let place = &self.place;
        let note = found.note(place);
        let one = |names: NamedReleases, releases: Vec<Tag>| MethodStatement {
            statement: Statement {
                claim: self.says,
                names,
                by: self.by,
                at: self.at,
                place: Arc::clone(place),
            },
            method: self.method,
            releases,
            attributes: self.says == Claim::FoundIn,
            note: note.clone(),
        };
        let mut stated = Vec::new();
        if !found.releases.is_empty() {
            stated.push(one(NamedReleases::Releases(found.releases.clone()), found.releases));
        }
        stated
            .extend(found.lines.into_iter().map(|(line, releases)| one(NamedReleases::Line(line), releases)));
        stated.extend(
            found.others.into_iter().map(|product| one(NamedReleases::OtherProduct(product), Vec::new())),
        );
        if found.unreleased {
            stated.push(one(NamedReleases::Unreleased, Vec::new()));
        }
        // An answer that names no release is still shown, so that a reader sees why the next method
        // decided.
        if stated.is_empty() && answer.has_text {
            stated.push(one(NamedReleases::Nothing, Vec::new()));
        }
        stated
    }
}
