//! Labels for the facts that a team records about each defect: names to create, and names that the repository has.

use crate::policy::LabelPattern;

/// A label to create: name, color, description.
pub type NewLabel = (String, &'static str, &'static str);

/// Classes of expected issues, each with the label to create and its description.
pub const EXPECTED: [(&str, &str, &str); 3] = [
    (
        "infrastructure",
        "expected/infrastructure",
        "Not counted: an outage of our infrastructure, no change of ours",
    ),
    (
        "third-party",
        "expected/third-party",
        "Not counted: a failure of a service or library that we do not control",
    ),
    ("novel", "expected/novel", "Not counted: a new kind of failure that no quality gate could know"),
];

/// The label of a report that no maintainer has looked at.
const TRIAGE: (&str, &str, &str) =
    ("needs-triage", "fbca04", "A maintainer decides: escaped or not, severity, component");

/// The label of a defect whose root cause is still to be found.
const ROOT_CAUSE_NEEDED: (&str, &str, &str) = ("rca-needed", "d4c5f9", "The root cause is still to be found");

/// Labels of a kind that share a beginning.
pub struct LabelFamily {
    /// The pattern, for example `kind/*`.
    pub pattern: &'static str,
    color: &'static str,
    /// Names at the `*`, each with its description.
    pub names: &'static [(&'static str, &'static str)],
}

/// Kinds of defects.
pub const KIND: LabelFamily = LabelFamily {
    pattern: "kind/*",
    color: "c5def5",
    names: &[
        ("functional", "It does the wrong thing, or nothing"),
        ("performance", "It is too slow, or needs too much"),
        ("security", "It can be abused"),
        ("data", "It loses or changes data"),
        ("usability", "It is hard to use, or not accessible"),
        ("compatibility", "It fails with another version, device or browser"),
    ],
};

/// Ways to find a defect.
pub const FOUND_BY: LabelFamily = LabelFamily {
    pattern: "found-by/*",
    color: "bfdadc",
    names: &[
        ("user", "A user or customer reported it"),
        ("monitoring", "An alert, a log or a metric showed it"),
        ("internal", "A person of the team found it"),
    ],
};

/// Root causes. The built-in table of quality gates knows each of them.
pub const ROOT_CAUSE: LabelFamily = LabelFamily {
    pattern: "root-cause/*",
    color: "d4c5f9",
    names: &[
        ("requirement", "The requirement was wrong, missing or misunderstood"),
        ("design", "The design could not work"),
        ("logic", "The code does not do what was meant"),
        ("validation", "Input was not checked"),
        ("interface", "Two parts did not agree on their contract"),
        ("dependency", "A dependency behaves differently than expected"),
        ("migration", "Data or a schema was changed wrongly"),
        ("concurrency", "The order of events, or two at a time"),
        ("capacity", "More load or data than it was built for"),
        ("authorization", "Users may do what they should not"),
        ("configuration", "A setting was wrong or missing"),
        ("deployment", "The way to production broke it"),
    ],
};

/// Detection gaps: the quality gates that should have caught a defect and did not.
pub const DETECTION_GAP: LabelFamily = LabelFamily {
    pattern: "detection-gap/*",
    color: "f9d0c4",
    names: &[
        ("review", "No review would or did notice it"),
        ("unit", "A unit test is missing"),
        ("integration", "An integration test is missing"),
        ("end-to-end", "An end-to-end test is missing"),
        ("performance", "A performance or load test is missing"),
        ("security", "A security test or scan is missing"),
        ("monitoring", "An alert or a check during the rollout is missing"),
    ],
};

/// Labels and patterns of what a team records, next to escaped, caught and severity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Practice {
    /// Labels of what blocks a release. Nothing is created for them.
    pub blocking: Vec<String>,
    /// Label of a report that no maintainer has looked at.
    pub triage: Option<String>,
    /// Labels that say that the root cause is still to be found.
    pub root_cause_needed: Vec<String>,
    /// Labels of each class of expected issues.
    pub excluded: [(&'static str, Vec<String>); 3],
    /// The kind.
    pub kind: AttributeSource,
    /// The way it was found.
    pub found_by: AttributeSource,
    /// The root cause.
    pub root_cause: AttributeSource,
    /// The detection gap.
    pub detection_gap: AttributeSource,
}

/// The place where an attribute of a defect is recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttributeSource {
    /// Pattern of labels that name it.
    pub labels: Option<String>,
    /// Name of the issue field that holds it.
    pub field: Option<String>,
    /// `true` if the repository has labels with names of its own, next to which none are created.
    pub has_own_names: bool,
}

impl AttributeSource {
    /// Returns `true` if neither labels nor a field hold it.
    pub fn is_empty(&self) -> bool {
        self.labels.is_none() && self.field.is_none()
    }

    /// Adds the labels of a family if nothing holds it.
    fn or_new(self, family: &LabelFamily) -> Self {
        if self.is_empty() {
            Self { labels: Some(family.pattern.to_owned()), ..Self::default() }
        } else {
            self
        }
    }

    /// Returns `true` if the labels of this family hold it, with its names.
    pub fn is_new(&self, family: &LabelFamily) -> bool {
        self.labels.as_deref() == Some(family.pattern) && !self.has_own_names
    }
}

impl Practice {
    /// Fills what a repository does not have with the names to create.
    pub fn or_new(self) -> Self {
        let one = |found: Vec<String>, new: &str| if found.is_empty() { vec![new.to_owned()] } else { found };
        let mut at = EXPECTED.iter();
        Self {
            blocking: self.blocking,
            triage: self.triage.or_else(|| Some(TRIAGE.0.to_owned())),
            root_cause_needed: one(self.root_cause_needed, ROOT_CAUSE_NEEDED.0),
            excluded: self.excluded.map(|(_, found)| {
                let (class, new, _) = at.next().unwrap_or(&EXPECTED[0]);
                (*class, one(found, new))
            }),
            kind: self.kind.or_new(&KIND),
            found_by: self.found_by.or_new(&FOUND_BY),
            root_cause: self.root_cause.or_new(&ROOT_CAUSE),
            detection_gap: self.detection_gap.or_new(&DETECTION_GAP),
        }
    }

    /// The labels that the practice needs, with color and description. A family that the repository has under other names
    /// needs none.
    pub fn new_labels(&self) -> Vec<NewLabel> {
        let label =
            |(name, color, about): (&str, &'static str, &'static str)| (name.to_owned(), color, about);
        let mut labels = Vec::new();
        if self.triage.as_deref() == Some(TRIAGE.0) {
            labels.push(label(TRIAGE));
        }
        for (family, chosen) in self.families() {
            if chosen.is_new(&family) {
                labels.extend(family.labels());
            }
        }
        if self.root_cause_needed == [ROOT_CAUSE_NEEDED.0] {
            labels.push(label(ROOT_CAUSE_NEEDED));
        }
        for ((_, new, about), (_, chosen)) in EXPECTED.into_iter().zip(&self.excluded) {
            if chosen.iter().any(|name| name == new) {
                labels.push(label((new, "cccccc", about)));
            }
        }
        labels
    }

    fn families(&self) -> [(LabelFamily, &AttributeSource); 4] {
        [
            (KIND, &self.kind),
            (FOUND_BY, &self.found_by),
            (ROOT_CAUSE, &self.root_cause),
            (DETECTION_GAP, &self.detection_gap),
        ]
    }
}

impl LabelFamily {
    /// Returns `true` if one of the labels has its beginning and none of its names: `kind/bug`.
    pub fn has_other_names<'l>(&self, labels: impl Iterator<Item = &'l str>) -> bool {
        let Ok(pattern) = LabelPattern::new(self.pattern) else { return false };
        labels
            .filter_map(|label| pattern.matches(label)?.star)
            .any(|name| !self.names.iter().any(|(known, _)| *known == name))
    }

    /// Returns the labels of all names.
    pub fn labels(&self) -> impl Iterator<Item = NewLabel> {
        self.names.iter().map(|(name, about)| (self.pattern.replace('*', name), self.color, *about))
    }
}

/// The names at the `*` of a pattern among labels, in their order.
pub fn names_of(pattern: &str, labels: &[String]) -> Vec<String> {
    let Ok(pattern) = LabelPattern::new(pattern) else { return Vec::new() };
    labels.iter().filter_map(|label| pattern.matches(label)?.star.map(str::to_owned)).collect()
}
