//! One value held against one bound.

use crate::evidence::Evidence;
use crate::metric::{compare, measure};
use crate::model::{
    Absence, Area, ByOrigin, Confidence, CountBy, Doubt, Draw, Filter, MOST_WINDOWS, Measurement, Scope,
    Unit, Value,
};
use crate::policy::{Baseline, Bound, Investigation, Limit, Missing, Rule, Tolerance, Trend};

use super::leniency::adjust;
use super::line::{Line, describe, keeps, line, shown, side};
use super::sentence::{breach, doubts, list, sentence};
use super::trend::tell;
use super::{Verdict, Weighed, tolerance};

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
    let at = |sure| weigh_by(rule, filter, ByOrigin { sure, ..own }, missing, evidence);
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
pub fn origin(rule: &Rule) -> ByOrigin {
    let usual = match rule.metric.unit() {
        Unit::Duration => Confidence::Inferred,
        Unit::Count | Unit::Ratio => Confidence::Stated,
    };
    ByOrigin { count_by: rule.count_by, sure: rule.confidence.unwrap_or(usual), since: rule.since }
}

/// The same with origins that are so sure.
fn weigh_by(
    rule: &Rule,
    filter: &Filter,
    origin: ByOrigin,
    missing: Missing,
    evidence: &Evidence,
) -> Weighed {
    let (limit, is_max) = match rule.bound {
        Bound::Max(limit) => (limit, true),
        Bound::Min(limit) => (limit, false),
        Bound::Trend(trend) => return weigh_trend(rule, trend, (filter, origin), missing, evidence),
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
    let decided = decide(&held, &measurement, missing, evidence);
    let (verdict, reason) = adjust(rule, &measurement, decided, evidence);
    Weighed { bound: held.describe(), measurement, verdict, reason, past }
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
fn windows(limit: Limit) -> u32 {
    match limit {
        Limit::Count(_) | Limit::Millionths(_) | Limit::Seconds(_) => 0,
        Limit::Relative(relative) => match relative.baseline {
            Baseline::Previous => 1,
            Baseline::Best(None) => MOST_WINDOWS,
            Baseline::Best(Some(count)) | Baseline::Median(count) => count,
        },
    }
}

/// An earlier value, for a person: "v1.3.2 at 12 days: 2".
fn told(earlier: &Measurement) -> String {
    let value = match &earlier.value {
        Value::Count(count) => count.to_string(),
        Value::Ratio(ratio) => format!("{} of {}", ratio.numerator, ratio.denominator),
        Value::Duration(spread) => spread.shown(),
        Value::Missing(absence) => absence.reason.clone(),
    };
    format!("{}: {value}", earlier.basis)
}

/// A rule's bound, with the past that it may follow.
struct Held<'a> {
    rule: &'a Rule,
    limit: Limit,
    is_max: bool,
    past: &'a [Measurement],
}

impl Held<'_> {
    fn is_relative(&self) -> bool {
        matches!(self.limit, Limit::Relative(_))
    }

    /// "at most 5 % (warns above 2 %)", "at most 3 (previous + 1)".
    fn describe(&self) -> String {
        match line(self.limit, self.is_max, self.past) {
            Ok(line) if self.is_relative() => format!("{}: {}", describe(self.rule), shown(line)),
            Ok(_) | Err(_) => describe(self.rule),
        }
    }
}

/// True if there are gaps in one kind of evidence, and the policy makes this of them.
fn has_gap(evidence: &Evidence, missing: Missing, area: Area, wanted: Tolerance) -> bool {
    evidence.gaps_in(area).next().is_some() && tolerance(missing, area) == wanted
}

/// The kinds of evidence that a rule needs and that are incomplete, where the policy does not tolerate that.
fn incomplete(rule: &Rule, missing: Missing, evidence: &Evidence) -> Vec<Area> {
    let needs = rule.metric.needs().iter().copied();
    let origins = (rule.count_by == CountBy::Introduced).then_some(Area::Origins);
    needs.chain(origins).filter(|area| has_gap(evidence, missing, *area, Tolerance::Unknown)).collect()
}

const INCOMPLETE: &str = "the evidence for it is incomplete; see the gaps";

/// The verdict on a value that could not be measured.
fn unmeasured(absence: &Absence, missing: Missing, evidence: &Evidence) -> (Verdict, String) {
    if absence.unread.is_some_and(|area| has_gap(evidence, missing, area, Tolerance::Warn)) {
        (Verdict::Warn, format!("{}; the policy tolerates that", absence.reason))
    } else {
        (Verdict::Unknown, absence.reason.clone())
    }
}

/// The verdict on a value, and why.
fn decide(
    held: &Held<'_>,
    measured: &Measurement,
    missing: Missing,
    evidence: &Evidence,
) -> (Verdict, String) {
    let Held { rule, is_max, past, .. } = *held;
    if let Value::Missing(absence) = &measured.value {
        return unmeasured(absence, missing, evidence);
    }
    let bound = match line(held.limit, is_max, past) {
        Ok(bound) => bound,
        Err(reason) => return (Verdict::Unknown, reason),
    };
    let keeps_bound = keeps(&measured.value, bound, is_max);
    let incomplete = incomplete(rule, missing, evidence);
    // A breach stands despite a gap where more evidence could only make it worse. The past would grow with it.
    let proven = is_max
        && !held.is_relative()
        && matches!(measured.value, Value::Count(_))
        && !keeps_bound
        && incomplete.iter().all(|area| rule.metric.only_grows_with(*area));
    if !incomplete.is_empty() && !proven {
        return (Verdict::Unknown, INCOMPLETE.into());
    }
    if !measured.undecided.is_empty() && !proven {
        let only_history = measured.undecided.iter().all(|(_, doubt)| *doubt == Doubt::Fix);
        return if only_history && keeps_bound && has_gap(evidence, missing, Area::History, Tolerance::Warn) {
            (Verdict::Warn, format!("{}; the policy tolerates that", doubts(&measured.undecided)))
        } else {
            (Verdict::Unknown, doubts(&measured.undecided))
        };
    }
    if let Some(earlier) = past.iter().find(|one| !one.undecided.is_empty()) {
        return (Verdict::Unknown, format!("{}: {}", earlier.basis, doubts(&earlier.undecided)));
    }
    let sample = match &measured.value {
        Value::Ratio(ratio) => Some(ratio.denominator),
        Value::Duration(spread) => Some(spread.count),
        Value::Count(_) | Value::Missing(_) => None,
    };
    if let Some((sample, min)) = sample.zip(rule.min_sample).filter(|(sample, min)| sample < min) {
        return (Verdict::Unknown, format!("a sample of {sample} is below min-sample {min}"));
    }
    if !keeps_bound {
        let asked = match held.is_relative() {
            true => format!("{}, which is {}", side(held.limit, is_max), shown(bound)),
            false => side(held.limit, is_max),
        };
        return (Verdict::Fail, breach(rule, measured, &asked, is_max));
    }
    let warns = |warn: Limit| -> Result<Option<Line>, String> {
        let line = line(warn, is_max, past)?;
        Ok((!keeps(&measured.value, line, is_max)).then_some(line))
    };
    match rule.warn.map(warns).transpose() {
        Ok(None | Some(None)) => (Verdict::Pass, sentence(rule, measured)),
        Ok(Some(Some(line))) => {
            let (text, side) = (sentence(rule, measured), if is_max { "at most" } else { "at least" });
            let reason =
                format!("{text}; within the bound, and beyond the warning line of {side} {}", shown(line));
            (Verdict::Warn, reason)
        }
        Err(reason) => (Verdict::Warn, format!("no warning line could be drawn: {reason}")),
    }
}

/// Tells the course of a value and judges it.
fn weigh_trend(
    rule: &Rule,
    trend: Trend,
    (filter, origin): (&Filter, ByOrigin),
    missing: Missing,
    evidence: &Evidence,
) -> Weighed {
    let told = tell(rule, trend, filter, origin, evidence);
    let (verdict, reason) = match (&told.measurement.value, &told.answer) {
        (Value::Missing(absence), _) => unmeasured(absence, missing, evidence),
        (Value::Count(_) | Value::Ratio(_) | Value::Duration(_), _)
            if !incomplete(rule, missing, evidence).is_empty() =>
        {
            (Verdict::Unknown, INCOMPLETE.into())
        }
        (Value::Count(_) | Value::Ratio(_) | Value::Duration(_), _)
            if !told.measurement.undecided.is_empty() =>
        {
            (Verdict::Unknown, doubts(&told.measurement.undecided))
        }
        (_, Err(reason)) => (Verdict::Unknown, reason.clone()),
        (_, Ok(Some(true))) => (Verdict::Pass, told.sentence.clone()),
        (_, Ok(Some(false))) => {
            (Verdict::Fail, format!("{}; the policy says it {}", told.sentence, describe(rule)))
        }
        (_, Ok(None)) => {
            (Verdict::Unknown, format!("{}: too few to tell chance from a trend", told.sentence))
        }
    };
    Weighed { bound: describe(rule), measurement: told.measurement, verdict, reason, past: told.row }
}
