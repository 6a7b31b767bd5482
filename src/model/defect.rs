//! Defects and excluded issues: issues as the policy classifies them.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use release_history::origins::origin_method::Confidence;
use release_history::{IssueNumber, Tag};
use serde::{Deserialize, Serialize};

use super::issue::Issue;
use super::named_enum::named_enum;
use super::origin::DefectOrigin;
use super::status::DefectStatus;

/// Severity of a defect, ordered from minor to critical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// For example a typo or a nuisance.
    Minor,
    /// For example a feature that is broken for some users.
    Major,
    /// For example data loss, a security hole, a complete outage.
    Critical,
}

impl Severity {
    /// All severities, the most severe first.
    pub const ALL: [Self; 3] = [Self::Critical, Self::Major, Self::Minor];

    /// Returns the name used in policies and reports.
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

/// Phase in which a defect was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// In production.
    Escaped,
    /// Before production: by review, tests, QA, or in a pre-release.
    Caught,
}

/// An issue that the policy counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// Issue and attributes, which no release changes. A simulation shares them between releases.
    pub facts: Arc<DefectFacts>,
    /// Escaped or caught.
    pub phase: Phase,
    /// Display text of the reason for the phase, for example "label `production-bug`".
    pub because: Arc<str>,
    /// Severity; `None` if the defect is untriaged and the policy has no default for untriaged defects.
    pub severity: Option<Severity>,
    /// `true` if a label sets the severity; `false` if it is the policy's default for untriaged defects.
    pub triaged: bool,
    /// Class of an excluded issue: an expected production issue of this class, `duplicate` or `not-planned`. Empty for a defect.
    pub excluded_as: Vec<String>,
    /// The release that was running when it was reported.
    pub found_in: Attribution,
    /// Status of the candidate for this defect; `None` if it did not escape.
    pub status: Option<Box<DefectStatus>>,
    /// Origin; `None` if the policy needs no origins, or if the defect did not escape.
    pub introduced: Option<Box<DefectOrigin>>,
}

/// An issue with the attributes that its labels, fields and texts give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefectFacts {
    /// Issue as the tracker gives it.
    pub issue: Arc<Issue>,
    /// Affected components of the product.
    pub components: Vec<String>,
    /// Owning teams.
    pub teams: Vec<String>,
    /// Attributes that no label names and that follow from the files that the fix changes.
    pub inferred: Inferred,
    /// Functional, performance, security, usability …
    pub kinds: Vec<String>,
    /// User report, monitoring, internal …
    pub found_by: Vec<String>,
    /// Recorded root cause.
    pub root_cause: RecordedCause,
    /// Recorded reason why no quality gate caught the defect.
    pub detection_gap: RecordedCause,
}

impl Deref for Defect {
    type Target = DefectFacts;

    fn deref(&self) -> &DefectFacts {
        &self.facts
    }
}

/// Attributes of a defect that no label names and that follow from changed paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Inferred {
    /// `true` if the components are inferred.
    pub components: bool,
    /// `true` if the teams are inferred.
    pub teams: bool,
}

/// A cause that people record on an issue: the root cause, or the detection gap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordedCause {
    /// Names of the cause, for example `race-condition`. Empty if it is not recorded, or only in prose.
    pub names: Vec<String>,
    /// Display text of the evidence that the cause is recorded, for example "label `root-cause/logic`". `None` without evidence,
    /// or if a label says that the cause is still to be found.
    pub shown_by: Option<String>,
    /// `true` if the names are only in the description, which the reporter may have written.
    pub in_text: bool,
}

impl Defect {
    /// Drops the texts of the issue to save memory. Only classification reads them.
    pub fn forget_texts(&mut self) {
        // An issue that a simulation shares is kept for the other releases.
        let own = Arc::get_mut(&mut self.facts).and_then(|facts| Arc::get_mut(&mut facts.issue));
        if let Some(issue) = own {
            issue.forget_texts();
        }
    }

    /// Returns the number of the issue.
    pub fn number(&self) -> IssueNumber {
        self.issue.number
    }

    /// Returns the values of an attribute that is a list; empty for the severity, which is not a list.
    pub fn values(&self, attribute: DefectAttribute) -> &[String] {
        match attribute {
            DefectAttribute::Severity => &[],
            DefectAttribute::Component => &self.components,
            DefectAttribute::Team => &self.teams,
            DefectAttribute::Kind => &self.kinds,
            DefectAttribute::FoundBy => &self.found_by,
            DefectAttribute::RootCause => &self.root_cause.names,
            DefectAttribute::DetectionGap => &self.detection_gap.names,
            DefectAttribute::Class => &self.excluded_as,
        }
    }

    /// Returns `true` if only the description gives the values of an attribute.
    pub fn is_in_text(&self, attribute: DefectAttribute) -> bool {
        match attribute {
            DefectAttribute::RootCause => self.root_cause.in_text,
            DefectAttribute::DetectionGap => self.detection_gap.in_text,
            DefectAttribute::Severity
            | DefectAttribute::Component
            | DefectAttribute::Team
            | DefectAttribute::Kind
            | DefectAttribute::FoundBy
            | DefectAttribute::Class => false,
        }
    }
}

/// The release that a defect was found in, and the confidence of that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Attribution {
    /// The release; `None` if the issue names none, or none that is known.
    pub release: Option<Tag>,
    /// Method that found the release.
    pub method: AttributionMethod,
    /// Confidence in the release.
    pub confidence: Confidence,
    /// Display text of the evidence. Untrusted where it quotes the issue.
    pub evidence: String,
}

/// Method that finds the release of a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AttributionMethod {
    /// An issue field, or a line `Found-in: v1.4.0` in the body.
    Field,
    /// A label that carries the version.
    Label,
    /// The version section of an issue form.
    Form,
    /// The newest release published when the issue was created.
    Window,
    /// No method found a release.
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

/// An excluded issue: it looks like a defect, and the policy does not count it. Reports always show it, so that exclusions
/// cannot hide defects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// The defect that it would be.
    pub defect: Defect,
    /// Reason for the exclusion.
    pub reason: ExclusionReason,
    /// Display text of the evidence, for example "label `cause/infra`".
    pub because: String,
}

/// Reason why the policy excludes an issue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExclusionReason {
    /// An expected production issue of a class that the policy names: infrastructure, third-party, novel …
    Expected(String),
    /// Duplicate of another issue, which counts instead.
    Duplicate(IssueNumber),
    /// Closed as not planned.
    NotPlanned,
    /// Belongs to another product than the policy's.
    OtherProduct,
}

impl ExclusionReason {
    /// Reasons that exist without a class of the policy, by the names that `where` uses.
    pub const BUILT_IN: [&str; 2] = ["duplicate", "not-planned"];

    /// Returns the name in reports. `where` knows those of [`Self::BUILT_IN`] and of the policy.
    pub fn class(&self) -> &str {
        match self {
            Self::Expected(class) => class,
            Self::Duplicate(_) => Self::BUILT_IN[0],
            Self::NotPlanned => Self::BUILT_IN[1],
            Self::OtherProduct => "other-product",
        }
    }
}

impl fmt::Display for ExclusionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(class) => f.write_str(class),
            Self::Duplicate(of) => write!(f, "duplicate of {of}"),
            Self::NotPlanned => f.write_str("not planned"),
            Self::OtherProduct => f.write_str("of another product"),
        }
    }
}

named_enum! {
    /// A property of a defect that a rule can select by.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum DefectAttribute {
        /// Critical, major, minor.
        Severity = "severity",
        /// A part of the product.
        Component = "component",
        /// An owner.
        Team = "team",
        /// Functional, performance, security, usability …
        Kind = "kind",
        /// User report, monitoring, internal …
        FoundBy = "found-by",
        /// Root cause.
        RootCause = "root-cause",
        /// Reason why no quality gate caught it: the quality gate that is missing or insufficient.
        DetectionGap = "detection-gap",
        /// Class of exclusion; only excluded issues have one.
        Class = "class",
    }
}
