//! The verdict on a value: first whether it was read completely, then whether it is enough, then the comparison with the limit.
//!
//! This order matters: a gap can hide data, so neither "too little data" nor a comparison means anything before it.

use crate::evidence::Evidence;
use crate::model::{Area, CountBy, Lack, Measurement, MetricValue, MissingReason, Ratio, UndecidedBecause};
use crate::policy::{Insufficient, LimitValue, Missing, Rule, Tolerance};

use super::limit::{
    ResolvedLimit, describe_limit, format_limit, is_within_limit, limit_clause, resolve_limit,
};
use super::sentence::{failure_reason, undecided_reason, value_sentence};
use super::trend::TrendResult;
use super::{Verdict, gap_tolerance};

const INCOMPLETE: &str = "the evidence for it is incomplete; see the gaps";

/// A verdict and its reason, a clause without its full stop.
pub struct RuleDecision {
    /// Verdict of the rule.
    pub verdict: Verdict,
    /// Reason for the verdict.
    pub reason: String,
    /// `true` if everything was read and there is not enough of it yet.
    pub is_insufficient: bool,
}

impl RuleDecision {
    /// Makes a verdict that rests on enough data, or on data that could not be read.
    fn new(verdict: Verdict, reason: impl Into<String>) -> Self {
        Self { verdict, reason: reason.into(), is_insufficient: false }
    }

    /// Makes the verdict that the rule has while there is not enough data. A gap that the policy tolerates warns all the same.
    fn insufficient(rule: &Rule, what: &str, missing: Missing, evidence: &Evidence) -> Self {
        let verdict = match rule.insufficient {
            Insufficient::Pass => Verdict::Pass,
            Insufficient::Warn => Verdict::Warn,
            Insufficient::Unknown => Verdict::Unknown,
        };
        let has_tolerated_gap = needed_evidence(rule)
            .any(|area| has_gap(evidence, missing, area, Tolerance::Warn))
            .then_some(Verdict::Warn);
        Self {
            verdict: verdict.max(has_tolerated_gap.unwrap_or(Verdict::Pass)),
            reason: format!("not enough data yet: {what}"),
            is_insufficient: true,
        }
    }
}

/// A rule's limit, with the earlier values that a relative limit needs.
pub struct LimitCheck<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Limit of the rule.
    pub limit: LimitValue,
    /// `true` for `max`.
    pub is_max: bool,
    /// Earlier values, the newest first.
    pub past: &'a [Measurement],
}

impl LimitCheck<'_> {
    fn is_relative(&self) -> bool {
        matches!(self.limit, LimitValue::Relative(_))
    }

    /// Returns the limit for a person: "at most 5 % (warns above 2 %)", "at most 3 (previous + 1)".
    pub fn describe(&self) -> String {
        match resolve_limit(self.limit, self.is_max, self.past) {
            Ok(line) if self.is_relative() => {
                format!("{}: {}", describe_limit(self.rule), format_limit(line))
            }
            Ok(_) | Err(_) => describe_limit(self.rule),
        }
    }

    /// Returns the warning limit that a value goes beyond; `None` if there is none or the value keeps it.
    fn warning(&self, value: &MetricValue) -> Result<Option<ResolvedLimit>, MissingReason> {
        let Some(warn) = self.rule.warn else { return Ok(None) };
        let line = resolve_limit(warn, self.is_max, self.past)?;
        Ok((!is_within_limit(value, line, self.is_max)).then_some(line))
    }

    /// Returns the verdict that a large enough sample of this value has; `None` if no warning limit is known.
    fn verdict_at(&self, value: &MetricValue, bound: ResolvedLimit) -> Option<Verdict> {
        if !is_within_limit(value, bound, self.is_max) {
            return Some(Verdict::Fail);
        }
        let warning = self.warning(value).ok()?;
        Some(if warning.is_some() { Verdict::Warn } else { Verdict::Pass })
    }

    /// Returns `true` if all samples of `least` that contain this smaller one come to the same verdict.
    fn is_settled(&self, ratio: Ratio, least: u64, bound: ResolvedLimit) -> bool {
        let at =
            |numerator| self.verdict_at(&MetricValue::Ratio(Ratio { numerator, denominator: least }), bound);
        // The extremes: none or all of the defects still to come count against the limit.
        let to_come = least.saturating_sub(ratio.denominator);
        let (lowest, highest) = (at(ratio.numerator), at(ratio.numerator.saturating_add(to_come)));
        // The verdict changes in one direction only, so the two ends decide for all samples in between.
        lowest.is_some() && lowest == highest
    }
}

/// Returns `true` if one kind of evidence has gaps, and the policy treats them this way.
fn has_gap(evidence: &Evidence, missing: Missing, area: Area, wanted: Tolerance) -> bool {
    evidence.gaps_in(area).next().is_some() && gap_tolerance(missing, area) == wanted
}

/// Returns the kinds of evidence that a rule needs.
fn needed_evidence(rule: &Rule) -> impl Iterator<Item = Area> {
    let origins = (rule.count_by == CountBy::Introduced).then_some(Area::Origins);
    rule.metric.needs().iter().copied().chain(origins)
}

/// Returns the kinds of evidence that a rule needs and that have gaps which the policy does not tolerate.
fn incomplete_evidence(rule: &Rule, missing: Missing, evidence: &Evidence) -> Vec<Area> {
    needed_evidence(rule).filter(|area| has_gap(evidence, missing, *area, Tolerance::Unknown)).collect()
}

/// Returns the verdict on a value that is missing, or that has nothing to be compared with.
fn decide_without_value(
    rule: &Rule,
    absence: &MissingReason,
    missing: Missing,
    evidence: &Evidence,
) -> RuleDecision {
    match absence.lack {
        Lack::Unread(area) if has_gap(evidence, missing, area, Tolerance::Warn) => {
            RuleDecision::new(Verdict::Warn, format!("{}; the policy tolerates that", absence.reason))
        }
        // `insufficient: pass` does not apply here. A project cannot pass by withholding evidence
        // or by leaving out a policy key.
        Lack::Unread(_) | Lack::Undefined => RuleDecision::new(Verdict::Unknown, absence.reason.clone()),
        // "Not yet" is only true if everything was read: a gap may hide the missing release or defect.
        Lack::NotYet if incomplete_evidence(rule, missing, evidence).is_empty() => {
            RuleDecision::insufficient(rule, &absence.reason, missing, evidence)
        }
        Lack::NotYet => RuleDecision::new(Verdict::Unknown, INCOMPLETE),
    }
}

/// Returns the verdict on a value, and why.
pub fn decide_limit(
    held: &LimitCheck<'_>,
    measured: &Measurement,
    missing: Missing,
    evidence: &Evidence,
) -> RuleDecision {
    let LimitCheck { rule, is_max, past, .. } = *held;
    if let MetricValue::Missing(absence) = &measured.value
        && measured.undecided.is_empty()
    {
        return decide_without_value(rule, absence, missing, evidence);
    }
    let bound = resolve_limit(held.limit, is_max, past);
    let keeps_bound = bound.as_ref().is_ok_and(|bound| is_within_limit(&measured.value, *bound, is_max));
    let incomplete = incomplete_evidence(rule, missing, evidence);
    // A failure is proven despite a gap if more evidence could only raise the count. Not so for a relative limit: the earlier
    // values would grow as well. Not so for a ratio: more evidence may also raise its denominator.
    let proven = is_max
        && !held.is_relative()
        && matches!(measured.value, MetricValue::Count(_))
        && !keeps_bound
        && incomplete.iter().all(|area| rule.metric.only_grows_with(*area));
    if !incomplete.is_empty() && !proven {
        return RuleDecision::new(Verdict::Unknown, INCOMPLETE);
    }
    if !measured.undecided.is_empty() && !proven {
        // `missing.history: warn` tolerates fixes that were not read. It does not tolerate a missing severity.
        let only_history = measured.undecided.iter().all(|(_, doubt)| *doubt == UndecidedBecause::Fix);
        return if only_history && keeps_bound && has_gap(evidence, missing, Area::History, Tolerance::Warn) {
            let reason = format!("{}; the policy tolerates that", undecided_reason(&measured.undecided));
            RuleDecision::new(Verdict::Warn, reason)
        } else {
            RuleDecision::new(Verdict::Unknown, undecided_reason(&measured.undecided))
        };
    }
    // An undecided earlier value is no limit: deciding its defects could move it above or below the present value.
    if let Some(earlier) = past.iter().find(|one| !one.undecided.is_empty()) {
        let reason = format!("{}: {}", earlier.basis, undecided_reason(&earlier.undecided));
        return RuleDecision::new(Verdict::Unknown, reason);
    }
    let bound = match bound {
        Ok(bound) => bound,
        Err(absence) => return decide_without_value(rule, &absence, missing, evidence),
    };
    let settled = match small_sample(held, &measured.value, bound) {
        Some(Err(what)) => return RuleDecision::insufficient(rule, &what, missing, evidence),
        Some(Ok(settled)) => settled,
        None => String::new(),
    };
    if !keeps_bound {
        let asked = match held.is_relative() {
            true => format!("{}, which is {}", limit_clause(held.limit, is_max), format_limit(bound)),
            false => limit_clause(held.limit, is_max),
        };
        return RuleDecision::new(Verdict::Fail, failure_reason(rule, measured, &asked, is_max) + &settled);
    }
    match held.warning(&measured.value) {
        Ok(None) => RuleDecision::new(Verdict::Pass, value_sentence(rule, measured) + &settled),
        Ok(Some(line)) => {
            let (text, side) = (value_sentence(rule, measured), if is_max { "at most" } else { "at least" });
            let beyond = format!("beyond the warning limit of {side} {}", format_limit(line));
            RuleDecision::new(Verdict::Warn, format!("{text}; within the limit, and {beyond}{settled}"))
        }
        // The limit itself was met. A new project without earlier values should not see a warning
        // that it cannot remove.
        Err(absence) if absence.lack == Lack::NotYet && rule.insufficient == Insufficient::Pass => {
            RuleDecision::new(Verdict::Pass, value_sentence(rule, measured))
        }
        Err(absence) => {
            RuleDecision::new(Verdict::Warn, format!("there is no warning limit: {}", absence.reason))
        }
    }
}

/// Checks a value against `min-sample`; `None` if the sample is large enough. Returns `Ok` with a clause for the reason if no
/// larger sample can change the verdict, else `Err` with the size that is needed.
fn small_sample(
    held: &LimitCheck<'_>,
    value: &MetricValue,
    bound: ResolvedLimit,
) -> Option<Result<String, String>> {
    let least = held.rule.min_sample?;
    match value {
        MetricValue::Ratio(ratio) if ratio.denominator < least && held.is_settled(*ratio, least, bound) => {
            let to_come = least - ratio.denominator;
            Some(Ok(format!("; the {to_come} still missing for a sample of {least} cannot change that")))
        }
        MetricValue::Ratio(ratio) if ratio.denominator < least => {
            Some(Err(format!("{} of {}, needs {least}", ratio.numerator, ratio.denominator)))
        }
        MetricValue::Duration(spread) if spread.count < least => {
            let s = if spread.count == 1 { "" } else { "s" };
            Some(Err(format!("{} time{s} to detect, needs {least}", spread.count)))
        }
        // A count needs no sample: it is exact, however small.
        MetricValue::Ratio(_)
        | MetricValue::Duration(_)
        | MetricValue::Count(_)
        | MetricValue::Missing(_) => None,
    }
}

/// Returns the verdict on a trend, and why.
pub fn decide_trend(rule: &Rule, told: &TrendResult, missing: Missing, evidence: &Evidence) -> RuleDecision {
    if let MetricValue::Missing(absence) = &told.measurement.value
        && told.measurement.undecided.is_empty()
    {
        return decide_without_value(rule, absence, missing, evidence);
    }
    if !incomplete_evidence(rule, missing, evidence).is_empty() {
        return RuleDecision::new(Verdict::Unknown, INCOMPLETE);
    }
    if !told.measurement.undecided.is_empty() {
        return RuleDecision::new(Verdict::Unknown, undecided_reason(&told.measurement.undecided));
    }
    match &told.answer {
        Err(absence) => decide_without_value(rule, absence, missing, evidence),
        Ok(Some(true)) => RuleDecision::new(Verdict::Pass, told.sentence.clone()),
        // A gap is never tolerated here, unlike for a count: the missing evidence may raise the
        // older half.
        Ok(Some(false)) => {
            let reason = format!("{}; the policy says it {}", told.sentence, describe_limit(rule));
            RuleDecision::new(Verdict::Fail, reason)
        }
        Ok(None) => {
            let what = format!("{}, too few to tell chance from a trend", told.sentence);
            RuleDecision::insufficient(rule, &what, missing, evidence)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::MetricId;
    use crate::policy::{Policy, RuleLimit, parse};

    /// The policy of one rule.
    fn policy(rule: &str) -> Policy {
        let text = format!(
            "version: 1\ndefects: {{ escaped: {{ labels: [p] }}, caught: {{ labels: [b] }} }}\nrules: [{{ id: r, {rule} }}]\n"
        );
        parse(text.as_bytes(), "policy.yml").unwrap().policy
    }

    /// Checks a ratio against the `min-sample` of a rule.
    fn small(rule: &str, numerator: u64, denominator: u64) -> Option<Result<String, String>> {
        let policy = policy(rule);
        let rule = &policy.rules[0];
        let (limit, is_max) = match rule.limit {
            RuleLimit::Max(limit) => (limit, true),
            RuleLimit::Min(limit) => (limit, false),
            RuleLimit::Trend(_) => unreachable!("no trend in these tests"),
        };
        let held = LimitCheck { rule, limit, is_max, past: &[] };
        let bound = resolve_limit(limit, is_max, &[]).unwrap();
        small_sample(&held, &MetricValue::Ratio(Ratio { numerator, denominator }), bound)
    }

    #[test]
    fn sample_that_no_further_one_can_change_decides() {
        let rate = "metric: escape-rate, min-sample: 20";
        for (rule, numerator, denominator, settled) in [
            // 5 of 20 is 25 %, and 4 of 20 keeps 20 %.
            ("max: 20%", 5, 10, true),
            ("max: 20%", 4, 10, false),
            // At worst 10 of 20, which keeps 50 %.
            ("max: 50%", 0, 10, true),
            ("max: 49%", 0, 10, false),
            ("max: 50%, warn: 40%", 0, 10, false),
            ("max: 50%, warn: 20%", 5, 15, true),
            ("max: 100%", 0, 0, true),
            ("max: 5%", 0, 0, false),
            ("max: 5%", 0, 19, true),
            // At best 15 of 20.
            ("min: 76%", 5, 10, true),
            ("min: 75%", 5, 10, false),
            ("min: 25%", 5, 10, true),
            ("min: 26%", 5, 10, false),
        ] {
            let answer = small(&format!("{rate}, {rule}"), numerator, denominator).unwrap();
            assert_eq!(answer.is_ok(), settled, "{rule}: {numerator} of {denominator}: {answer:?}");
        }
        assert_eq!(small(&format!("{rate}, max: 5%"), 0, 20), None, "large enough");
        assert_eq!(small("metric: escape-rate, max: 5%", 0, 1), None, "no sample is asked for");
        let text = small(&format!("{rate}, max: 5%"), 0, 10);
        assert_eq!(text, Some(Err("0 of 10, needs 20".to_owned())));
    }

    #[test]
    fn time_of_too_few_defects_is_not_enough() {
        let policy = policy("metric: time-to-detect, max: 90d, min-sample: 5");
        let rule = &policy.rules[0];
        assert_eq!(rule.metric, MetricId::TimeToDetect);
        let RuleLimit::Max(limit) = rule.limit else { unreachable!("the rule has a max") };
        let held = LimitCheck { rule, limit, is_max: true, past: &[] };
        let time = |count| MetricValue::Duration(crate::model::DurationSummary { median: 1, mean: 1, count });
        let bound = resolve_limit(limit, true, &[]).unwrap();
        let few = small_sample(&held, &time(4), bound);
        assert_eq!(few, Some(Err("4 times to detect, needs 5".to_owned())));
        assert_eq!(small_sample(&held, &time(5), bound), None);
    }
}
