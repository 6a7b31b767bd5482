//! Builds the lines of rules, groups and failed releases.

use crate::model::{Area, FailedRelease, Measurement, MetricValue, Over, Ratio};
use crate::policy::{CandidateKind, RuleLevel, RuleLimit};
use crate::verdict::{Finding, GroupResult, Verdict};

use super::super::percent::percent_text;
use super::super::rule_line::duration_value;
use super::super::{FailedReleaseLine, GroupLine, NotEvaluatedLine, PastLine, Rate, RuleLine, RuleValue};

pub fn rule_line(finding: &Finding) -> RuleLine {
    let Finding { rule, result, groups, waived, deferred } = finding;
    let here = |verdict| if *deferred && verdict == Verdict::Fail { Verdict::Warn } else { verdict };
    let measurement = &result.measurement;
    let past: Vec<PastLine> = result.past.iter().map(past_line).collect();
    // "candidate" is the scope of every test rule. The number of reports says more.
    let about_tests = !measurement.basis.is_empty() && rule.metric.needs().contains(&Area::Tests);
    // A failed rule names only the issues that break it. Otherwise all counted issues are listed.
    let issues = match result.verdict {
        Verdict::Fail => finding.against(&[Verdict::Fail]),
        Verdict::Pass | Verdict::Warn | Verdict::Waived | Verdict::Unknown => finding.against(&Verdict::ALL),
    };
    let shown = match (rule.limit, groups.first()) {
        (RuleLimit::Trend(_), None) if !past.is_empty() => trend_text(&past),
        (RuleLimit::Trend(_) | RuleLimit::Max(_) | RuleLimit::Min(_), None) => value_text(measurement),
        (RuleLimit::Trend(_), Some(worst)) if !past.is_empty() => {
            format!("{}: {}", worst.name, trend_text(&past))
        }
        (RuleLimit::Trend(_) | RuleLimit::Max(_) | RuleLimit::Min(_), Some(worst)) => {
            format!("{}: {}", worst.name, value_text(measurement))
        }
    };
    RuleLine {
        id: rule.id.clone(),
        metric: rule.metric.name().to_owned(),
        level: rule.level.name(),
        blocks: matches!(rule.level, RuleLevel::Mandatory | RuleLevel::Overridable),
        verdict: here(result.verdict),
        blocks_release: *deferred,
        shown: beside(shown, waived.len()),
        waived: waived.iter().map(|number| number.0).collect(),
        value: rule_value(measurement),
        bound: result.bound.clone(),
        over: if about_tests { measurement.basis.clone() } else { scope_text(rule.over, &measurement.basis) },
        filter: rule.filter.to_string(),
        reason: result.reason.clone(),
        insufficient: result.is_insufficient,
        why: rule.why.clone(),
        issues: issues.iter().map(|number| number.0).collect(),
        notes: measurement.notes.clone(),
        sampled: measurement.details.sampled.iter().map(|number| number.0).collect(),
        failed_releases: measurement.details.failed.iter().map(failed_release_line).collect(),
        past,
        per: rule.per.map(|attribute| attribute.name()),
        groups: groups.iter().map(|group| group_line(group, here(group.result.verdict))).collect(),
        place: None,
    }
}

pub fn not_evaluated_line(finding: &Finding) -> NotEvaluatedLine {
    let rule = &finding.rule;
    NotEvaluatedLine {
        id: rule.id.clone(),
        metric: rule.metric.name().to_owned(),
        on: rule.on.iter().map(|occasion| occasion.name()).collect(),
        reason: match rule.on.contains(&CandidateKind::Release) {
            true => "not evaluated on pull requests",
            false => "not evaluated on releases",
        },
    }
}

/// A value with the number of issues that waivers leave out of it: "0 (2 waived)", "11 % (1 of 9; 1 waived)".
fn beside(shown: String, waived: usize) -> String {
    match (waived, shown.strip_suffix(')')) {
        (0, _) => shown,
        (_, Some(open)) => format!("{open}; {waived} waived)"),
        (_, None) => format!("{shown} ({waived} waived)"),
    }
}

fn failed_release_line(failed: &FailedRelease) -> FailedReleaseLine {
    FailedReleaseLine {
        release: failed.release.0.clone(),
        issues: failed.defects.iter().map(|number| number.0).collect(),
        hotfixed_by: failed.hotfixed_by.as_ref().map(|tag| tag.0.clone()),
        failed_deployments: failed.failed_deployments,
        rolled_back_to: failed.rolled_back_to.as_ref().map(|tag| tag.0.clone()),
        taken_back_by: failed.taken_back_by.as_ref().map(|tag| tag.0.clone()),
    }
}

/// Joins the values of all periods: `3 → 3 → 2 → 1`.
fn trend_text(past: &[PastLine]) -> String {
    past.iter().map(|one| one.shown.as_str()).collect::<Vec<_>>().join(" → ")
}

fn past_line(measurement: &Measurement) -> PastLine {
    PastLine {
        over: measurement.basis.clone(),
        value: rule_value(measurement),
        shown: value_text(measurement),
    }
}

fn group_line(group: &GroupResult, verdict: Verdict) -> GroupLine {
    let measurement = &group.result.measurement;
    GroupLine {
        name: group.name.clone(),
        verdict,
        value: rule_value(measurement),
        shown: value_text(measurement),
        issues: measurement.against.iter().map(|number| number.0).collect(),
    }
}

/// Returns the value as numbers; `None` if it was not measured.
fn rule_value(measurement: &Measurement) -> Option<RuleValue> {
    match &measurement.value {
        MetricValue::Count(count) => Some(RuleValue::Count(*count)),
        MetricValue::Ratio(ratio) => rate(*ratio, &measurement.basis).map(RuleValue::Ratio),
        MetricValue::Duration(spread) => Some(RuleValue::Duration(duration_value(*spread))),
        MetricValue::Missing(_) => None,
    }
}

/// Adds the confidence interval to a ratio. Returns `None` for an empty sample.
pub fn rate(ratio: Ratio, over: &str) -> Option<Rate> {
    let (low, high) = ratio.wilson_95()?;
    Some(Rate {
        numerator: ratio.numerator,
        denominator: ratio.denominator,
        low,
        high,
        over: over.to_owned(),
    })
}

/// Formats a scope and its releases: `supported: v1.4.0, v1.3.2`.
pub fn scope_text(over: Over, basis: &str) -> String {
    if basis.is_empty() {
        return over.to_string();
    }
    if over.is_period() { basis.to_owned() } else { format!("{over}: {basis}") }
}

/// Formats a value: `2`, `2.1 % (3 of 142)`, `not measured`.
fn value_text(measurement: &Measurement) -> String {
    match &measurement.value {
        MetricValue::Count(count) if measurement.undecided.is_empty() => count.to_string(),
        // Undecided defects can only raise a count.
        MetricValue::Count(count) => format!("{count} or more"),
        MetricValue::Ratio(Ratio { numerator, denominator }) if *denominator > 0 => {
            format!("{} ({numerator} of {denominator})", percent_text(*numerator, *denominator))
        }
        MetricValue::Duration(spread) => spread.shown(),
        // A coverage of an empty sample is a value (`0 of 0`); any other ratio of an empty sample is missing.
        MetricValue::Ratio(ratio) => format!("{} of {}", ratio.numerator, ratio.denominator),
        MetricValue::Missing(_) => "not measured".into(),
    }
}
