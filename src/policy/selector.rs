//! Selects issues and pull requests: by alternatives, each of which is a conjunction of conditions.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::model::{Issue, PullRequest, Version, same_name};

use super::matcher::{LabelPattern, Variables};

/// Issues that match at least one alternative.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector {
    /// The alternatives, in the file's order.
    pub alternatives: Vec<Alternative>,
}

/// Conditions that must all be met. An empty condition is always met.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alternative {
    /// Labels of which at least one is set.
    pub labels: Vec<LabelPattern>,
    /// Labels that are all set.
    pub all_labels: Vec<LabelPattern>,
    /// Issue types of which the issue has one, compared without case.
    pub types: Vec<String>,
    /// Issue fields by name, each with the values of which it has one; compared without case.
    pub fields: Vec<(String, Vec<String>)>,
    /// Milestone that the issue is in.
    pub milestone: Option<MilestonePattern>,
    /// Conditions of which at least one must not be met.
    pub not: Option<Box<Alternative>>,
}

/// The milestones that an alternative accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MilestonePattern {
    /// A title.
    Title(LabelPattern),
    /// `{candidate}`: a title that names the candidate's version, for example `1.4` for `v1.4.0`.
    Candidate,
    /// `{line}`: a title that names the candidate's release line, for example `1.4.x` for `v1.4.2`.
    Line,
}

/// The facts of an issue or pull request that a selector reads.
#[derive(Debug, Clone, Copy)]
pub struct SelectorSubject<'s> {
    /// Label names.
    pub labels: &'s [String],
    /// Issue type; `None` for pull requests.
    pub issue_type: Option<&'s str>,
    /// Issue fields by name; `None` for pull requests.
    pub fields: Option<&'s BTreeMap<String, String>>,
    /// Title of the milestone.
    pub milestone: Option<&'s str>,
}

impl<'s> From<&'s Issue> for SelectorSubject<'s> {
    fn from(issue: &'s Issue) -> Self {
        Self {
            labels: &issue.labels,
            issue_type: issue.issue_type.as_deref(),
            fields: Some(&issue.fields),
            milestone: issue.milestone.as_deref(),
        }
    }
}

impl<'s> From<&'s PullRequest> for SelectorSubject<'s> {
    fn from(pull: &'s PullRequest) -> Self {
        Self { labels: &pull.labels, issue_type: None, fields: None, milestone: pull.milestone.as_deref() }
    }
}

impl Selector {
    /// Issues with any of these labels or any of these types.
    pub fn any_of(labels: Vec<LabelPattern>, types: Vec<String>) -> Self {
        let labels = Alternative { labels, ..Alternative::default() };
        let types = Alternative { types, ..Alternative::default() };
        Self { alternatives: [labels, types].into_iter().filter(|one| !one.is_empty()).collect() }
    }

    /// Returns the conditions that a subject meets, for display: "label `production-bug`", "type `Bug`, milestone `1.4`".
    pub fn find<'s>(&self, subject: impl Into<SelectorSubject<'s>>, variables: &Variables) -> Option<String> {
        let subject = subject.into();
        self.alternatives.iter().find_map(|one| one.find(&subject, variables))
    }

    /// Returns `true` if nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// The labels that an issue may be selected by; not those under `not`.
    pub fn labels(&self) -> impl Iterator<Item = &LabelPattern> {
        self.alternatives.iter().flat_map(|one| one.labels.iter().chain(&one.all_labels))
    }

    /// Every label that is named, also under `not`.
    pub fn named_labels(&self) -> impl Iterator<Item = &LabelPattern> {
        let excluded = self.alternatives.iter().filter_map(|one| one.not.as_deref());
        self.labels().chain(excluded.flat_map(|not| not.labels.iter().chain(&not.all_labels)))
    }

    /// The issue types that an issue may be selected by; not those under `not`.
    pub fn types(&self) -> impl Iterator<Item = &String> {
        self.alternatives.iter().flat_map(|one| &one.types)
    }

    /// Labels whose lists hold every issue that an alternative with labels selects.
    pub fn listed_labels(&self) -> impl Iterator<Item = &LabelPattern> {
        self.alternatives.iter().flat_map(Alternative::listed_labels)
    }

    /// Issue types whose lists hold every issue that an alternative without labels selects.
    pub fn listed_types(&self) -> impl Iterator<Item = &String> {
        self.alternatives.iter().filter(|one| !one.has_labels()).flat_map(|one| &one.types)
    }

    /// Milestones whose lists hold every issue that an alternative without labels and types selects.
    pub fn listed_milestones(&self) -> impl Iterator<Item = &MilestonePattern> {
        let only = self.alternatives.iter().filter(|one| !one.has_labels() && one.types.is_empty());
        only.filter_map(|one| one.milestone.as_ref())
    }

    /// Returns `true` if it holds `{candidate}` or `{line}`.
    pub fn has_variables(&self) -> bool {
        self.alternatives.iter().any(Alternative::has_variables)
    }
}

impl Alternative {
    /// Returns `true` if no condition is given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns `true` if it asks for labels.
    pub fn has_labels(&self) -> bool {
        !(self.labels.is_empty() && self.all_labels.is_empty())
    }

    /// Returns `true` if it asks for any of some labels, and for nothing else.
    pub fn is_labels_only(&self) -> bool {
        *self == Self { labels: self.labels.clone(), ..Self::default() }
    }

    /// Returns `true` if it holds `{candidate}` or `{line}`.
    fn has_variables(&self) -> bool {
        self.milestone.as_ref().is_some_and(MilestonePattern::has_variable)
            || self.labels.iter().chain(&self.all_labels).any(LabelPattern::has_variable)
            || self.not.as_ref().is_some_and(|not| not.has_variables())
    }

    /// The labels by whose lists its issues are found: one label that all of them have is enough.
    pub fn listed_labels(&self) -> impl Iterator<Item = &LabelPattern> {
        // Each label is a list of its own on GitHub, with requests for each page.
        let all = self.all_labels.first().filter(|_| self.labels.is_empty());
        self.labels.iter().chain(all)
    }

    /// Returns the conditions for display; `None` if one of them is not met.
    pub fn find(&self, subject: &SelectorSubject<'_>, variables: &Variables) -> Option<String> {
        let set = |wanted: &LabelPattern| {
            let matches =
                |pattern: &LabelPattern| subject.labels.iter().find(|label| pattern.matches(label).is_some());
            if wanted.has_variable() { matches(&wanted.bind(variables)) } else { matches(wanted) }
        };
        let mut found = Vec::new();
        if !self.labels.is_empty() {
            // Show the label that is first at the issue, so that the order in the policy does not change reports.
            let any: Vec<&String> = self.labels.iter().filter_map(set).collect();
            let first = subject.labels.iter().find(|label| any.contains(label))?;
            found.push(format!("label `{first}`"));
        }
        for label in &self.all_labels {
            found.push(format!("label `{}`", set(label)?));
        }
        if !self.types.is_empty() {
            let named = subject.issue_type.filter(|named| contains_name(&self.types, named))?;
            found.push(format!("type `{named}`"));
        }
        for (name, values) in &self.fields {
            // Pull requests have no fields, so they never match this alternative.
            let (name, value) = subject.fields?.iter().find(|(field, _)| same_name(field, name))?;
            found.push(contains_name(values, value).then(|| format!("field `{name}: {value}`"))?);
        }
        if let Some(milestone) = &self.milestone {
            let title = subject.milestone.filter(|title| milestone.accepts(title, variables))?;
            found.push(format!("milestone `{title}`"));
        }
        let excluded = self.not.as_ref().is_some_and(|not| not.find(subject, variables).is_some());
        (!excluded && !found.is_empty()).then(|| found.join(", "))
    }
}

impl MilestonePattern {
    /// The pattern as written.
    pub fn source(&self) -> &str {
        match self {
            Self::Title(pattern) => pattern.source(),
            Self::Candidate => "{candidate}",
            Self::Line => "{line}",
        }
    }

    /// Returns `true` if it holds `{candidate}` or `{line}`.
    pub fn has_variable(&self) -> bool {
        match self {
            Self::Title(pattern) => pattern.has_variable(),
            Self::Candidate | Self::Line => true,
        }
    }

    /// Returns `true` if it holds a variable that has no value.
    pub fn lacks_value(&self, variables: &Variables) -> bool {
        match self {
            Self::Title(pattern) => pattern.bind(variables).lacks_value(),
            Self::Candidate => variables.candidate.is_none(),
            Self::Line => variables.line.is_none(),
        }
    }

    /// Returns `true` if a milestone of this title is meant. A variable without a value accepts none.
    pub fn accepts(&self, title: &str, variables: &Variables) -> bool {
        let version = |text: &str| Version::parse(text).filter(|version| version.is_all_of(text));
        let stated =
            |value: &Option<String>| value.as_deref().map(|value| (value.to_owned(), Version::parse(value)));
        match self {
            Self::Title(pattern) => pattern.bind(variables).matches(title.trim()).is_some(),
            Self::Candidate => match (stated(&variables.candidate), version(title)) {
                // `1.4` and `v1.4.0` name one release, and teams write milestones without the zero.
                (Some((_, Some(candidate))), Some(title)) => title.same(&candidate),
                (Some((name, None)), _) => same_name(&name, title.trim()),
                (Some((_, Some(_))) | None, _) => false,
            },
            Self::Line => match (stated(&variables.line), version(title)) {
                (Some((_, Some(line))), Some(title)) => title.is_same_line(&line),
                (Some((_, None)) | None, _) | (Some((_, Some(_))), None) => false,
            },
        }
    }
}

/// Returns `true` if one of the names is this one.
fn contains_name(names: &[String], name: &str) -> bool {
    names.iter().any(|one| same_name(one.trim(), name.trim()))
}
