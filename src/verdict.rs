//! Rules × values → findings, and one verdict over all of them.
//!
//! A proven failure of a blocking rule is `fail`, whatever else could not be read: more evidence could only add to it.
//! Without such a failure, anything that a blocking rule needed and did not get makes the verdict `unknown`.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod chart_measures;
mod decision;
mod exceptions;
mod explain;
mod groups;
mod leniency;
mod limit;
mod pull_requests;
mod quality_gates;
mod rule;
mod sentence;
mod totals;
mod trend;

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::named_enum;
use crate::model::{Area, Gap, IssueNumber, Measurement, OriginFilter};
use crate::policy::{Missing, Policy, Rule, RuleLevel, Tolerance};

pub use crate::metric::{
    Contribution, FORECAST_RELEASES, ForecastInterval, NotCountedReason, forecast_count,
};
pub use chart_measures::{
    AreaMeasures, AreaValue, ChartMeasures, ComponentMeasures, PeriodMeasures, rate_sample,
};
pub use exceptions::{AppliedExceptions, Exception, ExceptionEffect, Grant, WaiverEnd};
pub use explain::explain_contribution;
pub use quality_gates::{EscapesByQualityGate, MissedDefects, escapes_by_quality_gate};
pub use sentence::list_issues;
pub use totals::{Detection, MeasuredTotals};

named_enum! {
    /// Result of a rule or of the whole run, most severe last.
    // The order of the variants decides: the verdict of a run is the maximum of its findings and gaps.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    #[serde(rename_all = "kebab-case")]
    pub enum Verdict {
        /// Every limit is met.
        Pass = "pass",
        /// Nothing blocks, but a warning limit or an advisory rule fails.
        Warn = "warn",
        /// The rule fails, but a waiver or an override applies. Counts as a warning in the verdict of the run.
        Waived = "waived",
        /// Not enough or not complete evidence.
        Unknown = "unknown",
        /// A limit is exceeded.
        Fail = "fail",
    }
}

/// Result of one rule, with its groups.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// Result of the rule; for a rule with groups, of the worst group.
    pub result: RuleResult,
    /// Result of each group, the worst first; empty for a rule without `per`.
    pub groups: Vec<GroupResult>,
    /// Issues that waivers remove from the value.
    pub waived: BTreeSet<IssueNumber>,
    /// `true` if the rule fails, and only warns because the candidate is a pull request.
    pub deferred: bool,
}

/// Value, verdict and limit of a rule or of one group.
#[derive(Debug, Clone)]
pub struct RuleResult {
    /// Measured value and its defects.
    pub measurement: Measurement,
    /// Verdict on the value.
    pub verdict: Verdict,
    /// Display text of the limit, for example "at most 0".
    pub bound: String,
    /// Reason for the verdict: a sentence without its full stop.
    pub reason: String,
    /// `true` if everything was read and there is not enough data yet; an exception may then let a rule pass.
    pub is_insufficient: bool,
    /// Earlier values: for a trend every period, oldest first; otherwise newest first.
    pub past: Vec<Measurement>,
}

/// One group of a rule with `per`, for example one component.
#[derive(Debug, Clone)]
pub struct GroupResult {
    /// Attribute value of its defects, for example "cart"; "without a component" for the group without one.
    pub name: String,
    /// Result of the group.
    pub result: RuleResult,
}

impl Finding {
    /// Returns the contribution to the verdict of the run: an advisory rule never blocks.
    pub fn weight(&self) -> Verdict {
        match (self.rule.level, self.result.verdict) {
            // A waived rule stays visible as a warning until the waiver ends.
            (_, Verdict::Waived) => Verdict::Warn,
            // Only failures are deferred: an unknown rule may hide a defect that this pull request
            // brings back.
            (_, Verdict::Fail) if self.deferred => Verdict::Warn,
            (RuleLevel::Mandatory | RuleLevel::Overridable, verdict) => verdict,
            (RuleLevel::Advisory, verdict) => verdict.min(Verdict::Warn),
        }
    }

    /// Returns which origins the rule uses, and how certain they must be.
    pub fn origin(&self) -> OriginFilter {
        rule::origin_filter(&self.rule)
    }

    /// Returns every compared value: those of the groups, or the only one.
    pub fn parts(&self) -> impl Iterator<Item = &RuleResult> {
        let whole = self.groups.is_empty().then_some(&self.result);
        whole.into_iter().chain(self.groups.iter().map(|group| &group.result))
    }

    /// Returns the defects that count against the release in every part with one of these verdicts, in ascending order.
    pub fn against(&self, verdicts: &[Verdict]) -> Vec<IssueNumber> {
        let those = self.parts().filter(|part| verdicts.contains(&part.verdict));
        let all: BTreeSet<_> = those.flat_map(|part| part.measurement.against.iter().copied()).collect();
        all.into_iter().collect()
    }
}

/// Results of all rules and of the run.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// Verdict of the run.
    pub verdict: Verdict,
    /// Finding of each rule that is evaluated, in the policy's order.
    pub findings: Vec<Finding>,
    /// Finding of each rule that the policy does not evaluate on this kind of candidate; without effect on the verdict.
    pub not_evaluated: Vec<Finding>,
    /// Waivers and overrides, with their effect.
    pub exceptions: AppliedExceptions,
    /// Each gap with what the policy makes of it.
    pub gaps: Vec<(Gap, Verdict)>,
    /// Values that every report shows, even if no rule limits them.
    pub totals: MeasuredTotals,
    /// Time to detect of escaped defects; `None` if no origins were collected.
    pub detection: Option<Detection>,
    /// Escaped defects by the quality gate that should have caught them; `None` if no root cause belongs to a quality gate.
    pub gates: Option<EscapesByQualityGate>,
}

/// Evaluates every rule and the run.
pub fn evaluate_policy(policy: &Policy, evidence: &Evidence) -> Evaluation {
    // Rules are independent of each other up to here. Exceptions and pull requests look across rules.
    let mut all: Vec<Finding> =
        policy.rules.par_iter().map(|rule| groups::build_finding(rule, policy.missing, evidence)).collect();
    // Exceptions come first: on a pull request, only a rule that still fails after them is deferred to the release.
    let exceptions = AppliedExceptions::apply(policy, evidence, &mut all);
    let (findings, not_evaluated) = pull_requests::apply_pull_request_rules(policy, evidence, all);
    let gaps: Vec<(Gap, Verdict)> = evidence
        .gaps
        .iter()
        .map(|gap| {
            let verdict = match gap_tolerance(policy.missing, gap.area) {
                Tolerance::Unknown => Verdict::Unknown,
                Tolerance::Warn => Verdict::Warn,
            };
            (gap.clone(), verdict)
        })
        .collect();
    // Gaps weigh by themselves: a gap that no rule happens to need still means that the report is
    // incomplete.
    let weights = findings.iter().map(Finding::weight).chain(gaps.iter().map(|(_, verdict)| *verdict));
    Evaluation {
        verdict: weights.max().unwrap_or(Verdict::Pass),
        findings,
        not_evaluated,
        exceptions,
        gaps,
        totals: MeasuredTotals::of(evidence),
        detection: Detection::of(evidence),
        gates: quality_gates::escapes_by_quality_gate(&policy.gates, evidence),
    }
}

/// Returns how the policy treats a gap in one kind of evidence.
fn gap_tolerance(missing: Missing, area: Area) -> Tolerance {
    match area {
        Area::Issues => missing.issues,
        Area::Tests => missing.tests,
        Area::History => missing.history,
        Area::Deployments => missing.deployments,
        Area::Origins => missing.origins,
    }
}
