//! What is said about releases in an issue: by labels, by fields, and by the text.

use jiff::Timestamp;

use super::answer::VersionAnswer;
use super::label::{label_statements, value_answer};
use super::resolve::{LineMeaning, Reading, ResolvedVersions, resolve_versions};
use super::text::text_statements;
use crate::model::{AttributionMethod, Issue, Phase, Tag, Timeline};
use crate::policy::Policy;

/// A statement about releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it says about them.
    pub claim: Claim,
    /// The releases that it names.
    pub names: NamedReleases,
    /// Who says it.
    pub by: Speaker,
    /// Time when it was said; `None` if that is not known.
    pub at: Option<Timestamp>,
    /// Where it stands, for a person: "label `found-in/v1.3.0`". Untrusted where it quotes the issue.
    pub place: String,
}

/// What a statement says about releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// The defect was found in them.
    FoundIn,
    /// The defect is in them.
    Affects,
    /// The defect may be in them.
    MayAffect,
    /// They contain the fix.
    FixedIn,
    /// The defect was never in them.
    NotAffected,
}

impl Claim {
    /// What a line stands for in such a statement.
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
    /// What is built and not released: `main`, `nightly`.
    Unreleased,
    /// No known release.
    Nothing,
}

/// Who makes a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Speaker {
    /// A person with triage rights.
    Maintainer,
    /// Whoever opened the issue.
    Reporter,
}

/// A statement, and what attribution needs of it.
#[derive(Debug, Clone)]
pub(super) struct MethodStatement {
    pub statement: Statement,
    /// The method of the policy that it belongs to.
    pub method: AttributionMethod,
    /// The releases that it is attributed to, the lowest first: those of a line, and another product's as well.
    pub releases: Vec<Tag>,
    /// `true` if it tells where the defect was found.
    pub attributes: bool,
    /// What to say if it names no known release.
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

/// Issue fields that say the same in a shorter way; a line of a description with such a name is read as a form's answer.
const VERSION_FIELDS: [&str; 5] = ["version", "versions", "release", "productversion", "appversion"];

/// Issue fields that name the releases with the fix.
const FIXED_IN: [&str; 8] = [
    "fixedin",
    "fixedinversion",
    "fixedinrelease",
    "fixedversion",
    "fixversion",
    "fixversions",
    "fixinversion",
    "fixrelease",
];

/// All that is said about releases in an issue: labels first, then fields, then the text.
pub fn statements(issue: &Issue, policy: &Policy, timeline: &Timeline) -> Vec<Statement> {
    method_statements(issue, Phase::Escaped, policy, timeline)
        .into_iter()
        .map(|stated| stated.statement)
        .collect()
}

/// As [`statements`], for any phase: that says whose label patterns of the policy are read.
pub(super) fn method_statements(
    issue: &Issue,
    phase: Phase,
    policy: &Policy,
    timeline: &Timeline,
) -> Vec<MethodStatement> {
    let reading = Reading::new(issue, timeline);
    let mut found = label_statements(issue, phase, policy, &reading);
    found.extend(field_statements(issue, &reading));
    found.extend(text_statements(issue, policy, &reading));
    found
}

/// What the issue fields say. Setting them takes the rights of a maintainer.
fn field_statements(issue: &Issue, reading: &Reading<'_>) -> Vec<MethodStatement> {
    let mut found = Vec::new();
    for (name, value) in &issue.fields {
        let squeezed = fold_name(name);
        let squeezed = squeezed.as_str();
        let says = match () {
            () if is_found_in(name) || VERSION_FIELDS.contains(&squeezed) => Claim::FoundIn,
            () if FIXED_IN.contains(&squeezed) => Claim::FixedIn,
            () if squeezed == "notaffected" || squeezed.starts_with("unaffected") => Claim::NotAffected,
            () => continue,
        };
        let answer = value_answer(value, reading);
        let place = format!("field `{name}: {value}`");
        let source = StatementSource {
            says,
            by: Speaker::Maintainer,
            at: None,
            method: AttributionMethod::Field,
            place,
        };
        found.extend(source.stated(&answer, resolve_versions(&answer, reading, says.lines())));
    }
    found
}

/// Returns `true` if a field or a line of this name tells where a defect was found.
pub(super) fn is_found_in(name: &str) -> bool {
    FOUND_IN.contains(&fold_name(name).as_str())
}

/// Letters and digits only, in lower case.
pub(super) fn fold_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Where a statement comes from.
#[derive(Debug, Clone)]
pub(super) struct StatementSource {
    pub says: Claim,
    pub by: Speaker,
    pub at: Option<Timestamp>,
    pub method: AttributionMethod,
    pub place: String,
}

impl StatementSource {
    /// The statements that an answer makes.
    pub fn stated(self, answer: &VersionAnswer, found: ResolvedVersions) -> Vec<MethodStatement> {
        let mut place = self.place;
        if !answer.denied.is_empty() {
            let denied: Vec<String> = answer.denied.iter().map(|text| format!("`{text}`")).collect();
            place.push_str(&format!(", without {}", denied.join(", ")));
        }
        let note = found.note(&place);
        let one = |names: NamedReleases, releases: Vec<Tag>| MethodStatement {
            statement: Statement { claim: self.says, names, by: self.by, at: self.at, place: place.clone() },
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
        if stated.is_empty() && answer.has_text {
            stated.push(one(NamedReleases::Nothing, Vec::new()));
        }
        stated
    }
}
