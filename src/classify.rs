//! Turns an issue into a defect, or into an excluded issue with the reason why it does not count.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod areas;
pub mod codeowners;
mod duplicates;
mod names;
mod recorded_cause;

use std::sync::Arc;

use crate::model::{
    Attribution, Defect, DefectFacts, Excluded, ExclusionReason, Inferred, Issue, IssueNumber, IssueState,
    Phase, Severity, StateReason,
};
use crate::policy::{Defects, LabelPattern, Policy, Selector, Variables};

use codeowners::Codeowners;
pub use names::names_on_issue;
use names::stated_names;

pub use duplicates::{inherit_from_duplicate, is_duplicate, originals};

/// A defect that counts, or an issue that the policy excludes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Classification {
    /// An issue that counts.
    Defect(Defect),
    /// An issue that matches a selector, and that the policy does not count.
    Excluded(Excluded),
}

impl Classification {
    /// Returns the defect, counted or excluded.
    pub fn defect_mut(&mut self) -> &mut Defect {
        match self {
            Self::Defect(defect) => defect,
            Self::Excluded(excluded) => &mut excluded.defect,
        }
    }
}

/// Returns the phase in which the policy says that a defect was found, and the condition that matched. Escaped wins over
/// caught. `None` if no selector matches.
pub fn detection_phase(issue: &Issue, rules: &Defects) -> Option<(Phase, String)> {
    let find = |selector: &Selector| selector.find(issue, &Variables::default());
    let escaped = find(&rules.escaped).map(|because| (Phase::Escaped, because));
    escaped.or_else(|| find(&rules.caught).map(|because| (Phase::Caught, because)))
}

/// An issue as the policy reads it, whatever the candidate and the other issues.
#[derive(Debug, Clone)]
pub struct ReadDefect {
    /// The issue with its attributes.
    pub facts: Arc<DefectFacts>,
    /// Phase by the selectors of the policy.
    pub phase: Phase,
    because: Arc<str>,
    severity: Option<Severity>,
    triaged: bool,
    /// Reason why the issue by itself is not counted, and its evidence.
    exclusion: Option<(ExclusionReason, String)>,
}

impl ReadDefect {
    /// Reads an issue that the policy names. `owners` says which team owns which paths.
    pub fn new(
        issue: Arc<Issue>,
        (phase, because): (Phase, String),
        policy: &Policy,
        owners: Option<&Codeowners>,
    ) -> Self {
        let rules = &policy.defects;
        let exclusion = exclusion(&issue, policy);
        // A severity in the reporter's text does not count: any author could weaken or strengthen a
        // defect.
        let stated = severity_by_label(&issue, rules);
        let (components, components_inferred) = areas::components(&issue, rules);
        let (teams, teams_inferred) = areas::teams(&issue, rules, owners);
        let facts = DefectFacts {
            components,
            teams,
            inferred: Inferred { components: components_inferred, teams: teams_inferred },
            kinds: stated_names(&issue, &rules.kind),
            found_by: stated_names(&issue, &rules.found_by),
            root_cause: recorded_cause::root_cause(&issue, rules),
            detection_gap: recorded_cause::detection_gap(&issue, rules),
            issue,
        };
        Self {
            facts: Arc::new(facts),
            phase,
            because: because.into(),
            // `triaged` keeps the difference. Otherwise, `untriaged` could not be measured.
            severity: stated.or(rules.untriaged),
            triaged: stated.is_some(),
            exclusion,
        }
    }

    /// Returns the issue as a defect, or as what excludes it.
    ///
    /// `in_pre_release` says that the release it was found in is a pre-release: whatever its labels say, it was caught.
    /// `original` is the issue that counts instead, if it is one of the [`originals`] keys.
    pub fn classify(
        &self,
        found_in: Attribution,
        in_pre_release: bool,
        original: Option<IssueNumber>,
    ) -> Classification {
        // A duplicate comes first: its original may not be excluded, and then it counts there.
        let exclusion = match original {
            Some(original) => {
                let because = format!("closed as a duplicate of {original}");
                Some((ExclusionReason::Duplicate(original), because))
            }
            None => self.exclusion.clone(),
        };
        let (phase, because) = if in_pre_release && self.phase == Phase::Escaped {
            (Phase::Caught, format!("{}, found in a pre-release", self.because).into())
        } else {
            (self.phase, Arc::clone(&self.because))
        };
        let defect = Defect {
            facts: Arc::clone(&self.facts),
            phase,
            because,
            severity: self.severity,
            triaged: self.triaged,
            excluded_as: exclusion.iter().map(|(reason, _)| reason.class().to_owned()).collect(),
            found_in,
            status: None,
            introduced: None,
        };
        match exclusion {
            Some((reason, because)) => Classification::Excluded(Excluded { defect, reason, because }),
            None => Classification::Defect(defect),
        }
    }
}

/// Returns the reason why an issue by itself is not counted, and its evidence.
fn exclusion(issue: &Issue, policy: &Policy) -> Option<(ExclusionReason, String)> {
    let not_planned =
        issue.state == IssueState::Closed && issue.state_reason == Some(StateReason::NotPlanned);
    // A stale bot closes issues by their age, which says nothing about the defect.
    if not_planned && !policy.closed_by_bot(issue) {
        return Some((ExclusionReason::NotPlanned, "closed as not planned".into()));
    }
    policy.defects.excluded.iter().find_map(|(class, patterns)| {
        let label = first_match(&issue.labels, patterns)?;
        Some((ExclusionReason::Expected(class.clone()), format!("label `{label}`")))
    })
}

/// Returns the most severe severity that a label states.
fn severity_by_label(issue: &Issue, rules: &Defects) -> Option<Severity> {
    let stated = rules.severity.iter().filter(|(_, patterns)| first_match(&issue.labels, patterns).is_some());
    // Two labels contradict each other. The more severe one cannot unblock a release.
    stated.map(|(severity, _)| *severity).max()
}

/// Returns the first label that one of the patterns matches.
fn first_match<'a>(labels: &'a [String], patterns: &[LabelPattern]) -> Option<&'a str> {
    labels.iter().map(String::as_str).find(|label| patterns.iter().any(|p| p.matches(label).is_some()))
}
