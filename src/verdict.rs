//! Rules × values → findings, and one verdict over all of them.
//!
//! A proven breach of a blocking rule is `fail`, whatever else could not be read: more evidence could only add to it.
//! Without such a breach, anything that a blocking rule needed and did not get makes the verdict `unknown`.

mod bound;
mod sentence;
mod totals;

use crate::evidence::Evidence;
use crate::metric::measure;
use crate::model::{Absence, Area, Doubt, Gap, Measurement, Scope, Value};
use crate::policy::{Bound, Level, Missing, Policy, Rule, Tolerance};

use bound::{describe, keeps, side};
use sentence::{breach, doubts, sentence};
pub use totals::Totals;

/// What became of a rule, or of the whole. The order is by weight, the heaviest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Every bound holds.
    Pass,
    /// Nothing blocks, something is worth a look.
    Warn,
    /// Not enough or not complete evidence.
    Unknown,
    /// A bound is broken.
    Fail,
}

/// What became of one rule.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What was measured for it.
    pub measurement: Measurement,
    /// What became of it.
    pub verdict: Verdict,
    /// The bound for a person: "at most 0".
    pub bound: String,
    /// Why it came out so: a sentence without its full stop.
    pub reason: String,
}

impl Finding {
    /// What it means for the whole verdict: an advisory rule is shown and never blocks.
    pub fn weight(&self) -> Verdict {
        match self.rule.level {
            Level::Mandatory | Level::Overridable => self.verdict,
            Level::Advisory => self.verdict.min(Verdict::Warn),
        }
    }
}

/// Everything that was decided.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Over all.
    pub verdict: Verdict,
    /// One for each rule, in the policy's order.
    pub findings: Vec<Finding>,
    /// Each gap with what the policy makes of it.
    pub gaps: Vec<(Gap, Verdict)>,
    /// The values that are shown whatever the rules ask.
    pub totals: Totals,
}

/// Judges every rule, and all of them together.
pub fn judge(policy: &Policy, evidence: &Evidence) -> Judgement {
    let findings: Vec<Finding> =
        policy.rules.iter().map(|rule| judge_rule(rule, policy.missing, evidence)).collect();
    let gaps: Vec<(Gap, Verdict)> = evidence
        .gaps
        .iter()
        .map(|gap| {
            let verdict = match tolerance(policy.missing, gap.area) {
                Tolerance::Unknown => Verdict::Unknown,
                Tolerance::Warn => Verdict::Warn,
            };
            (gap.clone(), verdict)
        })
        .collect();
    let weights = findings.iter().map(Finding::weight).chain(gaps.iter().map(|(_, verdict)| *verdict));
    Judgement {
        verdict: weights.max().unwrap_or(Verdict::Pass),
        findings,
        gaps,
        totals: Totals::of(evidence),
    }
}

/// What the policy makes of a gap in one kind of evidence.
fn tolerance(missing: Missing, area: Area) -> Tolerance {
    match area {
        Area::Issues => missing.issues,
        Area::Tests => missing.tests,
        Area::History => missing.history,
    }
}

/// Measures a rule and holds the value against its bound.
fn judge_rule(rule: &Rule, missing: Missing, evidence: &Evidence) -> Finding {
    let scope = Scope { over: rule.over, filter: rule.filter.clone() };
    let measurement = measure(rule.metric, evidence, &scope);
    let (verdict, reason) = decide(rule, &measurement, missing, evidence);
    Finding { bound: describe(rule), rule: rule.clone(), measurement, verdict, reason }
}

/// The verdict on a rule, and why.
fn decide(rule: &Rule, measured: &Measurement, missing: Missing, evidence: &Evidence) -> (Verdict, String) {
    let has_gap = |area: Area, wanted: Tolerance| {
        evidence.gaps_in(area).next().is_some() && tolerance(missing, area) == wanted
    };
    let (limit, is_max) = match rule.bound {
        Bound::Max(limit) => (limit, true),
        Bound::Min(limit) => (limit, false),
    };
    let keeps_bound = match &measured.value {
        Value::Missing(Absence { reason, unread }) => {
            return if unread.is_some_and(|area| has_gap(area, Tolerance::Warn)) {
                (Verdict::Warn, format!("{reason}; the policy tolerates that"))
            } else {
                (Verdict::Unknown, reason.clone())
            };
        }
        Value::Count(_) | Value::Ratio(_) => keeps(&measured.value, limit, is_max),
    };
    let mut incomplete =
        rule.metric.needs().iter().filter(|area| has_gap(**area, Tolerance::Unknown)).peekable();
    let is_incomplete = incomplete.peek().is_some();
    // A breach stands despite a gap where more evidence could only make it worse.
    let proven = is_max
        && matches!(measured.value, Value::Count(_))
        && !keeps_bound
        && incomplete.all(|area| rule.metric.only_grows_with(*area));
    if is_incomplete && !proven {
        return (Verdict::Unknown, "the evidence for it is incomplete; see the gaps".into());
    }
    if !measured.undecided.is_empty() && !proven {
        let only_history = measured.undecided.iter().all(|(_, doubt)| *doubt == Doubt::Fix);
        return if only_history && keeps_bound && has_gap(Area::History, Tolerance::Warn) {
            (Verdict::Warn, format!("{}; the policy tolerates that", doubts(measured)))
        } else {
            (Verdict::Unknown, doubts(measured))
        };
    }
    if let (Value::Ratio(ratio), Some(min)) = (&measured.value, rule.min_sample)
        && ratio.denominator < min
    {
        return (Verdict::Unknown, format!("a sample of {} is below min-sample {min}", ratio.denominator));
    }
    if !keeps_bound {
        return (Verdict::Fail, breach(rule, measured));
    }
    match rule.warn {
        Some(warn) if !keeps(&measured.value, warn, is_max) => {
            let line = side(warn, is_max);
            let text = sentence(rule, measured);
            (Verdict::Warn, format!("{text}; within the bound, and beyond the warning line of {line}"))
        }
        Some(_) | None => (Verdict::Pass, sentence(rule, measured)),
    }
}
