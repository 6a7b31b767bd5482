//! Exceptions: the effect of waivers and overrides on the findings. Reports list every exception, even one without effect.

mod overrides;
mod waiver_end;
mod waivers;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::{IssueNumber, IssueState, Override};
use crate::policy::{Policy, Waiver};

use super::Finding;
pub use waiver_end::WaiverEnd;

/// An exception and its effect.
#[derive(Debug, Clone)]
pub struct Exception {
    /// The waiver or override.
    pub grant: Grant,
    /// Effect on the findings.
    pub standing: ExceptionEffect,
    /// Rules that it waives, as a whole or for some issues.
    pub rules: BTreeSet<String>,
    /// Issues that a waiver removes from the value of its rule.
    pub issues: BTreeSet<IssueNumber>,
    /// Reason why a waiver does not apply at the time of the run; `None` if it applies, and for an override.
    pub ended: Option<WaiverEnd>,
    /// State of the follow-up of a waiver; `None` without a follow-up, or if its state was not collected.
    pub follow_up: Option<IssueState>,
    /// Clauses without a full stop: why the exception has no effect, or what it does not cover. Quotations are untrusted.
    pub notes: Vec<String>,
}

/// Source of an exception.
#[derive(Debug, Clone)]
pub enum Grant {
    /// Entry of the policy.
    Waiver(Waiver),
    /// Comment of a maintainer.
    Override(Override),
}

/// Effect of an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionEffect {
    /// Valid, and it changes the verdict of a rule.
    Applied,
    /// Valid, but no rule needs it.
    Unneeded,
    /// Past its last day or last release.
    Expired,
    /// Not valid.
    Void,
}

/// All exceptions of a run, with their warnings.
#[derive(Debug, Clone, Default)]
pub struct AppliedExceptions {
    /// Waivers in the policy's order, then overrides in the order of their writing.
    pub all: Vec<Exception>,
    /// Warnings that do not change the verdict.
    pub warnings: Vec<String>,
}

impl AppliedExceptions {
    /// Applies the exceptions to the findings. Waivers come first: they are already approved, so an override of a rule that a
    /// waiver covers is reported as unneeded.
    pub(super) fn apply(policy: &Policy, evidence: &Evidence, findings: &mut [Finding]) -> Self {
        let (mut all, warnings) = waivers::apply_waivers(policy, evidence, findings);
        all.extend(overrides::apply_overrides(policy, evidence, findings));
        Self { all, warnings }
    }
}

impl Exception {
    /// Creates an exception without effect.
    fn of(grant: Grant) -> Self {
        let (rules, issues, notes) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        Self { grant, standing: ExceptionEffect::Void, rules, issues, ended: None, follow_up: None, notes }
    }
}
