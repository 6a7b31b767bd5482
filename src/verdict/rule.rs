//! One value held against one bound.

use crate::evidence::Evidence;
use crate::metric::{compare_with_earlier, measure};
use crate::model::{
    Confidence, DefectFilter, Draw, MAX_EARLIER_VALUES, Measurement, MetricUnit, MetricValue, OriginFilter,
    Scope,
};
use crate::policy::{Baseline, Investigation, LimitValue, Missing, Rule, RuleLimit, Trend};

use super::decision::{LimitCheck, RuleDecision, decide_limit, decide_trend};
use super::leniency::apply_leniency;
use super::limit::describe_limit;
use super::sentence::list_issues;
use super::trend::evaluate_trend;
use super::{RuleResult, Verdict};

/// Measures what a rule asks of the defects of a filter, and holds it against the rule's bound.
///
/// What blame inferred informs, and breaks no bound by itself: a rule that is broken only with it warns. A count goes by it
/// only where the rule says so, and warns where it would be broken by it.
pub fn evaluate_rule(
    rule: &Rule,
    filter: &DefectFilter,
    missing: Missing,
    evidence: &Evidence,
) -> RuleResult {
    let own = origin_filter(rule);
    let mut result = evaluate_with_origins(rule, filter, own, missing, evidence);
    if !rule.goes_by_origin() {
        return result;
    }
    let at = |sure| evaluate_with_origins(rule, filter, OriginFilter { sure, ..own }, missing, evidence);
    if result.verdict == Verdict::Fail && own.sure <= Confidence::Inferred {
        let stated = at(Confidence::Stated);
        result = match (stated.verdict, rule.metric.unit()) {
            (Verdict::Fail, _) => result,
            // What is not decided without blame is not settled by it either.
            (Verdict::Unknown, MetricUnit::Count | MetricUnit::Ratio) => stated,
            // Without blame there may be no time at all.
            (Verdict::Unknown, MetricUnit::Duration)
            | (Verdict::Pass | Verdict::Warn | Verdict::Waived, _) => {
                let why = "but only with what blame inferred, which does not block by itself";
                RuleResult { verdict: Verdict::Warn, reason: format!("{}; {why}", result.reason), ..result }
            }
        };
    } else if result.verdict == Verdict::Pass && rule.confidence.is_none() && own.sure > Confidence::Inferred
    {
        let inferred = at(Confidence::Inferred);
        if inferred.verdict == Verdict::Fail {
            result.verdict = Verdict::Warn;
            let named = list_issues(&inferred.measurement.against);
            result.reason.push_str(&format!("; with what blame inferred of {named}: {}", inferred.reason));
        }
    }
    result
}

/// How a rule goes by where defects came from. A time is measured over everything that was attributed; a count goes by what
/// somebody has said, unless the rule asks for less or more.
pub fn origin_filter(rule: &Rule) -> OriginFilter {
    let usual = match rule.metric.unit() {
        MetricUnit::Duration => Confidence::Inferred,
        MetricUnit::Count | MetricUnit::Ratio => Confidence::Stated,
    };
    OriginFilter { count_by: rule.count_by, sure: rule.confidence.unwrap_or(usual), since: rule.since }
}

/// The same with origins that are so sure.
fn evaluate_with_origins(
    rule: &Rule,
    filter: &DefectFilter,
    origin: OriginFilter,
    missing: Missing,
    evidence: &Evidence,
) -> RuleResult {
    let (limit, is_max) = match rule.limit {
        RuleLimit::Max(limit) => (limit, true),
        RuleLimit::Min(limit) => (limit, false),
        RuleLimit::Trend(trend) => {
            return evaluate_trend_rule(rule, trend, (filter, origin), missing, evidence);
        }
    };
    let earlier = earlier_values_needed(limit).max(rule.warn.map_or(0, earlier_values_needed));
    let (mut measurement, past) = if earlier == 0 {
        (measure(rule.metric, evidence, &Scope { origin, ..rule_scope(rule, filter, evidence) }), Vec::new())
    } else {
        let compared = compare_with_earlier(rule.metric, evidence, rule.over, filter, origin, earlier);
        (compared.current, compared.earlier)
    };
    for one in &past {
        measurement.notes.push(format!("before: {}", earlier_value_note(one)));
    }
    let held = LimitCheck { rule, limit, is_max, past: &past };
    let decision = decide_limit(&held, &measurement, missing, evidence);
    let RuleDecision { verdict, reason, is_insufficient } =
        apply_leniency(rule, &measurement, decision, evidence);
    note_pass_without_data(&mut measurement, verdict, is_insufficient, &reason);
    RuleResult { bound: held.describe(), measurement, verdict, reason, is_insufficient, past }
}

/// What a rule looks at for the defects of a filter. A sample is drawn by the release that is current and by the rule: of
/// each group, where the rule judges groups.
pub fn rule_scope(rule: &Rule, filter: &DefectFilter, evidence: &Evidence) -> Scope {
    let release = evidence.timeline.current().map_or("", |release| &release.tag.0);
    let sample = rule.sample.map(|size| Draw::new(size, release, &rule.id));
    Scope {
        sample,
        reported_since: rule.reported_since,
        counts_investigated: rule.under_investigation == Investigation::Count,
        ..Scope::new(rule.over, filter.clone())
    }
}

/// How many earlier values a limit looks at.
fn earlier_values_needed(limit: LimitValue) -> u32 {
    match limit {
        LimitValue::Count(_) | LimitValue::Millionths(_) | LimitValue::Seconds(_) => 0,
        LimitValue::Relative(relative) => match relative.baseline {
            Baseline::Previous => 1,
            Baseline::Best(None) => MAX_EARLIER_VALUES,
            Baseline::Best(Some(count)) | Baseline::Median(count) => count,
        },
    }
}

/// An earlier value, for a person: "v1.3.2 at 12 days: 2".
fn earlier_value_note(earlier: &Measurement) -> String {
    let value = match &earlier.value {
        MetricValue::Count(count) => count.to_string(),
        MetricValue::Ratio(ratio) => format!("{} of {}", ratio.numerator, ratio.denominator),
        MetricValue::Duration(spread) => spread.shown(),
        MetricValue::Missing(absence) => absence.reason.clone(),
    };
    format!("{}: {value}", earlier.basis)
}

/// Keeps the reason of a rule that passes for lack of data: reports leave out the reason of a pass.
fn note_pass_without_data(
    measurement: &mut Measurement,
    verdict: Verdict,
    is_insufficient: bool,
    reason: &str,
) {
    if verdict == Verdict::Pass && is_insufficient {
        measurement.notes.push(reason.to_owned());
    }
}

/// Tells the course of a value and judges it.
fn evaluate_trend_rule(
    rule: &Rule,
    trend: Trend,
    (filter, origin): (&DefectFilter, OriginFilter),
    missing: Missing,
    evidence: &Evidence,
) -> RuleResult {
    let mut told = evaluate_trend(rule, trend, filter, origin, evidence);
    let RuleDecision { verdict, reason, is_insufficient } = decide_trend(rule, &told, missing, evidence);
    note_pass_without_data(&mut told.measurement, verdict, is_insufficient, &reason);
    let bound = describe_limit(rule);
    RuleResult { bound, measurement: told.measurement, verdict, reason, is_insufficient, past: told.row }
}
