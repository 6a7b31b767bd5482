//! One value held against one bound.

use crate::evidence::Evidence;
use crate::metric::{compare, measure};
use crate::model::{
    Confidence, Draw, Filter, MOST_WINDOWS, Measurement, MetricValue, OriginFilter, Scope, Unit,
};
use crate::policy::{Baseline, Investigation, LimitValue, Missing, Rule, RuleLimit, Trend};

use super::decide::{Decision, Held, decide, decide_trend};
use super::leniency::adjust;
use super::line::describe;
use super::sentence::list;
use super::trend::tell;
use super::{Verdict, Weighed};

/// Measures what a rule asks of the defects of a filter, and holds it against the rule's bound.
///
/// What blame inferred informs, and breaks no bound by itself: a rule that is broken only with it warns. A count goes by it
/// only where the rule says so, and warns where it would be broken by it.
pub fn weigh(rule: &Rule, filter: &Filter, missing: Missing, evidence: &Evidence) -> Weighed {
    let own = origin(rule);
    let mut weighed = weigh_by(rule, filter, own, missing, evidence);
    if !rule.goes_by_origin() {
        return weighed;
    }
    let at = |sure| weigh_by(rule, filter, OriginFilter { sure, ..own }, missing, evidence);
    if weighed.verdict == Verdict::Fail && own.sure <= Confidence::Inferred {
        let stated = at(Confidence::Stated);
        weighed = match (stated.verdict, rule.metric.unit()) {
            (Verdict::Fail, _) => weighed,
            // What is not decided without blame is not settled by it either.
            (Verdict::Unknown, Unit::Count | Unit::Ratio) => stated,
            // Without blame there may be no time at all.
            (Verdict::Unknown, Unit::Duration) | (Verdict::Pass | Verdict::Warn | Verdict::Waived, _) => {
                let why = "but only with what blame inferred, which does not block by itself";
                Weighed { verdict: Verdict::Warn, reason: format!("{}; {why}", weighed.reason), ..weighed }
            }
        };
    } else if weighed.verdict == Verdict::Pass && rule.confidence.is_none() && own.sure > Confidence::Inferred
    {
        let inferred = at(Confidence::Inferred);
        if inferred.verdict == Verdict::Fail {
            weighed.verdict = Verdict::Warn;
            let named = list(&inferred.measurement.against);
            weighed.reason.push_str(&format!("; with what blame inferred of {named}: {}", inferred.reason));
        }
    }
    weighed
}

/// How a rule goes by where defects came from. A time is measured over everything that was attributed; a count goes by what
/// somebody has said, unless the rule asks for less or more.
pub fn origin(rule: &Rule) -> OriginFilter {
    let usual = match rule.metric.unit() {
        Unit::Duration => Confidence::Inferred,
        Unit::Count | Unit::Ratio => Confidence::Stated,
    };
    OriginFilter { count_by: rule.count_by, sure: rule.confidence.unwrap_or(usual), since: rule.since }
}

/// The same with origins that are so sure.
fn weigh_by(
    rule: &Rule,
    filter: &Filter,
    origin: OriginFilter,
    missing: Missing,
    evidence: &Evidence,
) -> Weighed {
    let (limit, is_max) = match rule.limit {
        RuleLimit::Max(limit) => (limit, true),
        RuleLimit::Min(limit) => (limit, false),
        RuleLimit::Trend(trend) => return weigh_trend(rule, trend, (filter, origin), missing, evidence),
    };
    let earlier = windows(limit).max(rule.warn.map_or(0, windows));
    let (mut measurement, past) = if earlier == 0 {
        (measure(rule.metric, evidence, &Scope { origin, ..scope(rule, filter, evidence) }), Vec::new())
    } else {
        let compared = compare(rule.metric, evidence, rule.over, filter, origin, earlier);
        (compared.present, compared.earlier)
    };
    for one in &past {
        measurement.notes.push(format!("before: {}", told(one)));
    }
    let held = Held { rule, limit, is_max, past: &past };
    let decision = decide(&held, &measurement, missing, evidence);
    let Decision { verdict, reason, is_insufficient } = adjust(rule, &measurement, decision, evidence);
    note_pass_without_data(&mut measurement, verdict, is_insufficient, &reason);
    Weighed { bound: held.describe(), measurement, verdict, reason, is_insufficient, past }
}

/// What a rule looks at for the defects of a filter. A sample is drawn by the release that is current and by the rule: of
/// each group, where the rule judges groups.
pub fn scope(rule: &Rule, filter: &Filter, evidence: &Evidence) -> Scope {
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
fn windows(limit: LimitValue) -> u32 {
    match limit {
        LimitValue::Count(_) | LimitValue::Millionths(_) | LimitValue::Seconds(_) => 0,
        LimitValue::Relative(relative) => match relative.baseline {
            Baseline::Previous => 1,
            Baseline::Best(None) => MOST_WINDOWS,
            Baseline::Best(Some(count)) | Baseline::Median(count) => count,
        },
    }
}

/// An earlier value, for a person: "v1.3.2 at 12 days: 2".
fn told(earlier: &Measurement) -> String {
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
fn weigh_trend(
    rule: &Rule,
    trend: Trend,
    (filter, origin): (&Filter, OriginFilter),
    missing: Missing,
    evidence: &Evidence,
) -> Weighed {
    let mut told = tell(rule, trend, filter, origin, evidence);
    let Decision { verdict, reason, is_insufficient } = decide_trend(rule, &told, missing, evidence);
    note_pass_without_data(&mut told.measurement, verdict, is_insufficient, &reason);
    let bound = describe(rule);
    Weighed { bound, measurement: told.measurement, verdict, reason, is_insufficient, past: told.row }
}
