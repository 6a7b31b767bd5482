//! Evaluation of one rule: its value compared with its limit.

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

/// Measures the rule's metric over the defects of a filter, and compares the value with the rule's limit.
///
/// Blame alone never blocks a release, because it can name the wrong commit: a rule that fails only with inferred origins
/// warns. A count uses inferred origins only if the rule says so (`confidence`), and warns if it would fail with them.
pub fn evaluate_rule(
    rule: &Rule,
    filter: &DefectFilter,
    missing: Missing,
    evidence: &Evidence,
) -> RuleResult {
    let own = origin_filter(rule);
    let mut result = evaluate_with_origins(rule, filter, own, missing, evidence);
    // The second evaluation below costs as much as the first. Most rules never use origins.
    if !rule.goes_by_origin() {
        return result;
    }
    let at = |sure| evaluate_with_origins(rule, filter, OriginFilter { sure, ..own }, missing, evidence);
    if result.verdict == Verdict::Fail && own.sure <= Confidence::Inferred {
        let stated = at(Confidence::Stated);
        result = match (stated.verdict, rule.metric.unit()) {
            (Verdict::Fail, _) => result,
            // Unknown without blame stays unknown: blame must not settle it.
            (Verdict::Unknown, MetricUnit::Count | MetricUnit::Ratio) => stated,
            // A time may have no stated origin to be measured from; that is no reason for `unknown`.
            (Verdict::Unknown, MetricUnit::Duration)
            | (Verdict::Pass | Verdict::Warn | Verdict::Waived, _) => {
                let why = "but only with what blame inferred, which does not block by itself";
                RuleResult { verdict: Verdict::Warn, reason: format!("{}; {why}", result.reason), ..result }
            }
        };
    // A policy that states `confidence` has decided about blame, and gets no warning that it did
    // not ask for.
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

/// Returns the origins that a rule uses. By default, a time to detect uses inferred origins too, and a count uses only origins
/// that a person stated. The rule's `confidence` overrides both.
pub fn origin_filter(rule: &Rule) -> OriginFilter {
    let usual = match rule.metric.unit() {
        MetricUnit::Duration => Confidence::Inferred,
        MetricUnit::Count | MetricUnit::Ratio => Confidence::Stated,
    };
    OriginFilter { count_by: rule.count_by, sure: rule.confidence.unwrap_or(usual), since: rule.since }
}

/// Evaluates a rule with the origins that a filter lets through.
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
    // The comparison takes no sample and no `since`: the policy reader refuses both with a relative limit.
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

/// Returns the scope of a rule for the defects of a filter. The current release and the rule's id seed the sample; a rule with
/// `per` draws one sample in each group.
pub fn rule_scope(rule: &Rule, filter: &DefectFilter, evidence: &Evidence) -> Scope {
    let release = evidence.timeline.current().map_or("", |release| &release.tag.0);
    // The rule's id in the seed keeps two rules from drawing the same defects.
    let sample = rule.sample.map(|size| Draw::new(size, release, &rule.id));
    Scope {
        sample,
        reported_since: rule.reported_since,
        counts_investigated: rule.under_investigation == Investigation::Count,
        ..Scope::new(rule.over, filter.clone())
    }
}

/// Returns the number of earlier values that a limit needs.
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

/// Formats an earlier value, for example "v1.3.2 at 12 days: 2".
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

/// Evaluates a rule that limits the trend of a value.
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
