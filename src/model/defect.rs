//! What a ticket becomes once a policy has looked at it.

use std::fmt;

use release_history::origins::origin_method::Confidence;
use release_history::{IssueNumber, Tag};
use serde::{Deserialize, Serialize};

use super::issue::Issue;
use super::origin::DefectOrigin;
use super::scope::DefectAttribute;
use super::status::DefectStatus;

/// How bad a defect is. The order is by weight, the heaviest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A nuisance.
    Minor,
    /// A feature is broken for some.
    Major,
    /// Data loss, a security breach, a complete outage.
    Critical,
}

impl Severity {
    /// All of them, the heaviest first.
    pub const ALL: [Self; 3] = [Self::Critical, Self::Major, Self::Minor];

    /// The name used in policies and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Major => "major",
            Self::Minor => "minor",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a defect was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// In production.
    Escaped,
    /// Before production: by review, tests, QA, or in a pre-release.
    Caught,
}

/// A ticket that the policy counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// The ticket as read.
    pub issue: Issue,
    /// Escaped or caught.
    pub phase: Phase,
    /// What made it so, for a person: "label `production-bug`".
    pub because: String,
    /// Its severity; none means that nothing says (untriaged) and that the policy gives no stand-in.
    pub severity: Option<Severity>,
    /// True if a label says the severity, false if the policy's stand-in for untriaged defects does.
    pub triaged: bool,
    /// Parts of the product it touches.
    pub components: Vec<String>,
    /// Teams that own it.
    pub teams: Vec<String>,
    /// Which of the two are not named by a label, but concluded from the files that its fix changes.
    pub inferred: Inferred,
    /// Functional, performance, security, usability …
    pub kinds: Vec<String>,
    /// User report, monitoring, internal …
    pub found_by: Vec<String>,
    /// Root causes named by labels.
    pub root_causes: Vec<String>,
    /// The class that excludes it, if it is excluded: an expected production issue of this class, `duplicate`,
    /// `not-planned`.
    pub excluded_as: Vec<String>,
    /// What shows that its root cause is recorded, for a person; none if nothing does, or if a label says that it is
    /// still to be found.
    pub root_cause_shown_by: Option<String>,
    /// The release that was running when it was reported.
    pub found_in: Attribution,
    /// Its status in the candidate; `None` if it did not escape.
    pub status: Option<Box<DefectStatus>>,
    /// Where it came from; none if the policy does not ask, or if it did not escape.
    pub introduced: Option<Box<DefectOrigin>>,
}

/// What about a defect is not stated, but concluded from changed paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Inferred {
    /// Its components.
    pub components: bool,
    /// Its teams.
    pub teams: bool,
}

impl Defect {
    /// Its ticket's number.
    pub fn number(&self) -> IssueNumber {
        self.issue.number
    }

    /// Its values of an attribute that is a list; a severity is none.
    pub fn values(&self, attribute: DefectAttribute) -> &[String] {
        match attribute {
            DefectAttribute::Severity => &[],
            DefectAttribute::Component => &self.components,
            DefectAttribute::Team => &self.teams,
            DefectAttribute::Kind => &self.kinds,
            DefectAttribute::FoundBy => &self.found_by,
            DefectAttribute::RootCause => &self.root_causes,
            DefectAttribute::Class => &self.excluded_as,
        }
    }
}

/// A release that a defect is assigned to, and how sure that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Attribution {
    /// The release; none if nothing says, or if what is said names no known release.
    pub release: Option<Tag>,
    /// How it was found.
    pub method: AttributionMethod,
    /// How sure it is.
    pub confidence: Confidence,
    /// The text or fact it rests on, for a person. Untrusted where it quotes the ticket.
    pub evidence: String,
}

/// How a defect came to its release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttributionMethod {
    /// An issue field, or a line `Found-in: v1.4.0` in the body.
    Field,
    /// A label that carries the version.
    Label,
    /// The version section of an issue form.
    Form,
    /// The newest release published when the ticket was created.
    Window,
    /// Nothing said.
    None,
}

impl AttributionMethod {
    /// The name used in policies and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Label => "label",
            Self::Form => "form",
            Self::Window => "window",
            Self::None => "none",
        }
    }
}

/// A ticket that looks like a defect and does not count; it is always shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// What it would have been.
    pub defect: Defect,
    /// Why it does not count.
    pub reason: ExclusionReason,
    /// What shows that, for a person: "label `cause/infra`".
    pub because: String,
}

/// Why a ticket that looks like a defect does not count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExclusionReason {
    /// An expected production issue of a class that the policy names: infrastructure, third-party, novel …
    Expected(String),
    /// It repeats another ticket, which counts in its place.
    Duplicate(IssueNumber),
    /// Closed as not planned.
    NotPlanned,
}

impl ExclusionReason {
    /// The names of the reasons that need no class of the policy, as `where` selects them.
    pub const BUILT_IN: [&str; 2] = ["duplicate", "not-planned"];

    /// The name by which `where` selects it.
    pub fn class(&self) -> &str {
        match self {
            Self::Expected(class) => class,
            Self::Duplicate(_) => Self::BUILT_IN[0],
            Self::NotPlanned => Self::BUILT_IN[1],
        }
    }
}

impl fmt::Display for ExclusionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(class) => f.write_str(class),
            Self::Duplicate(of) => write!(f, "duplicate of {of}"),
            Self::NotPlanned => f.write_str("not planned"),
        }
    }
}
