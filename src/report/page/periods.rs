//! Escaped defects and escape rates by period.

use std::collections::BTreeSet;

use serde::Serialize;

use super::SeverityCounts;
use crate::evidence::Evidence;
use crate::model::{IssueNumber, Measurement, MetricId, MetricValue};
use crate::policy::{LimitValue, Policy, RuleLimit};
use crate::report::Rate;
use crate::report::build::rate;
use crate::verdict::{ChartMeasures, PeriodMeasures};

/// Periods of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PeriodSeries {
    /// Name of the kind: `quarter`, or the policy's name, for example `sprint`. Untrusted.
    pub name: String,
    /// The periods, the oldest first; the last one is still running.
    pub periods: Vec<PeriodBar>,
}

/// One period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PeriodBar {
    /// Name, for example `2026-Q3` or `sprint 2026-01-05 to 2026-01-18`.
    pub name: String,
    /// Number of escaped defects reported in the period, by severity; `None` if not measured.
    pub counts: Option<SeverityCounts>,
    /// Escape rate with its sample; `None` if not measured.
    pub rate: Option<Rate>,
    /// Reason why there is no rate. Untrusted.
    pub no_rate: Option<String>,
}

/// Returns the series of calendar quarters, then those of the policy's periods.
pub fn period_series(measures: &ChartMeasures, evidence: &Evidence) -> Vec<PeriodSeries> {
    let series = |name: &str, periods: &[PeriodMeasures]| PeriodSeries {
        name: name.to_owned(),
        periods: periods.iter().map(|period| period_bar(period, evidence)).collect(),
    };
    let own = measures.periods.iter().map(|(period, found)| series(period.name.as_str(), found));
    let all = std::iter::once(series("quarter", &measures.quarters)).chain(own);
    all.filter(|one| !one.periods.is_empty()).collect()
}

fn period_bar(period: &PeriodMeasures, evidence: &Evidence) -> PeriodBar {
    let (rate, no_rate) = measured_rate(&period.escape_rate);
    PeriodBar { name: period.name.clone(), counts: severity_counts(&period.escaped, evidence), rate, no_rate }
}

/// Counts the defects of a measurement by severity; `None` if it has no value.
fn severity_counts(escaped: &Measurement, evidence: &Evidence) -> Option<SeverityCounts> {
    let MetricValue::Count(_) = escaped.value else { return None };
    let counted: BTreeSet<&IssueNumber> = escaped.against.iter().collect();
    let mut counts = SeverityCounts::default();
    for defect in evidence.escaped()?.filter(|defect| counted.contains(&defect.number())) {
        counts.add(defect.severity);
    }
    Some(counts)
}

/// Returns a rate, or the reason why there is none.
pub fn measured_rate(measured: &Measurement) -> (Option<Rate>, Option<String>) {
    match &measured.value {
        MetricValue::Ratio(ratio) => (rate(*ratio, &measured.basis), None),
        MetricValue::Missing(missing) => (None, Some(missing.reason.clone())),
        MetricValue::Count(_) | MetricValue::Duration(_) => (None, None),
    }
}

/// Returns the fixed limits of rules on the escape rate of all defects.
pub fn rate_limits(policy: &Policy) -> Vec<(String, f64)> {
    let rules = policy
        .rules
        .iter()
        .filter(|rule| rule.metric == MetricId::EscapeRate && rule.filter.is_empty() && rule.per.is_none());
    rules
        .filter_map(|rule| match rule.limit {
            RuleLimit::Max(LimitValue::Millionths(max)) => Some((rule.id.clone(), f64::from(max) / 1e6)),
            RuleLimit::Max(_) | RuleLimit::Min(_) | RuleLimit::Trend(_) => None,
        })
        .collect()
}
