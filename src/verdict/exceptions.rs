//! AppliedExceptions: what waivers and overrides make of the findings. They are always told of, whether they count or not.

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

/// An exception, and what came of it.
#[derive(Debug, Clone)]
pub struct Exception {
    /// What was granted or asked for.
    pub grant: Grant,
    /// What came of it.
    pub standing: ExceptionEffect,
    /// The rules that hold by it, or of which it leaves out issues.
    pub rules: BTreeSet<String>,
    /// The issues that it leaves out.
    pub issues: BTreeSet<IssueNumber>,
    /// Why a waiver does not hold at the time of the run; `None` if it holds, and for an override.
    pub ended: Option<WaiverEnd>,
    /// State of the follow-up of a waiver; `None` if it has none, or if the evidence does not say.
    pub follow_up: Option<IssueState>,
    /// Why it does not count, or what it does not cover: clauses without a full stop. Untrusted where they quote.
    pub notes: Vec<String>,
}

/// What was granted or asked for.
#[derive(Debug, Clone)]
pub enum Grant {
    /// By the policy.
    Waiver(Waiver),
    /// By a comment.
    Override(Override),
}

/// What came of an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionEffect {
    /// It counts, and a rule comes out otherwise by it.
    Applied,
    /// It counts, and nothing needs it.
    Unneeded,
    /// Its time is over.
    Expired,
    /// It does not count.
    Void,
}

/// Every exception, and what a person should know of them.
#[derive(Debug, Clone, Default)]
pub struct AppliedExceptions {
    /// Waivers in the policy's order, then overrides in the order of their writing.
    pub all: Vec<Exception>,
    /// What a person should look at, without changing the verdict.
    pub warnings: Vec<String>,
}

impl AppliedExceptions {
    /// Lets the exceptions change the findings: waivers first, for they need nobody's word any more.
    pub(super) fn apply(policy: &Policy, evidence: &Evidence, findings: &mut [Finding]) -> Self {
        let (mut all, warnings) = waivers::apply_waivers(policy, evidence, findings);
        all.extend(overrides::apply_overrides(policy, evidence, findings));
        Self { all, warnings }
    }
}

impl Exception {
    /// One of which nothing has come yet.
    fn of(grant: Grant) -> Self {
        let (rules, issues, notes) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        Self { grant, standing: ExceptionEffect::Void, rules, issues, ended: None, follow_up: None, notes }
    }
}
