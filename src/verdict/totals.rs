//! Values that every report shows, even if no rule limits them.

use crate::evidence::Evidence;
use crate::metric::measure;
use crate::model::{
    DefectAttribute, DefectFilter, Measurement, MetricId, OriginFilter, Over, Scope, Severity, Since,
};

/// Values that every report shows. Counts are over the supported releases, because users run those.
#[derive(Debug, Clone)]
pub struct MeasuredTotals {
    /// Escaped defects.
    pub escaped: Measurement,
    /// Critical escaped defects.
    pub critical: Measurement,
    /// Escaped defects without a severity label.
    pub untriaged: Measurement,
    /// Escaped defects without a release, over everything read.
    pub unattributed: Measurement,
    /// The escaped defect rate, over its default period.
    pub escape_rate: Measurement,
}

impl MeasuredTotals {
    /// Measures the totals of a run.
    pub fn of(evidence: &Evidence) -> Self {
        let over = |metric, over| measure(metric, evidence, &Scope::new(over, DefectFilter::default()));
        let critical = DefectFilter::one(DefectAttribute::Severity, Severity::Critical.name());
        Self {
            escaped: over(MetricId::Escaped, Over::Supported),
            critical: measure(MetricId::Escaped, evidence, &Scope::new(Over::Supported, critical)),
            untriaged: over(MetricId::Untriaged, Over::Supported),
            // A defect without a release is in no set of releases, so any narrower scope would show
            // zero.
            unattributed: over(MetricId::Unattributed, Over::All),
            escape_rate: over(MetricId::EscapeRate, MetricId::EscapeRate.default_over()),
        }
    }
}

/// Time to detect of escaped defects, over the default period of the metric.
#[derive(Debug, Clone)]
pub struct Detection {
    /// Time from the first release that has the defect.
    pub from_release: Measurement,
    /// Time from the introducing commit.
    pub from_commit: Measurement,
}

impl Detection {
    /// Measures both times; `None` if no origins were collected.
    pub fn of(evidence: &Evidence) -> Option<Self> {
        evidence.escaped()?.find(|defect| defect.introduced.is_some())?;
        let metric = MetricId::TimeToDetect;
        let since = |since| {
            let origin = OriginFilter { since, ..OriginFilter::default() };
            let scope = Scope { origin, ..Scope::new(metric.default_over(), DefectFilter::default()) };
            measure(metric, evidence, &scope)
        };
        Some(Self { from_release: since(Since::Release), from_commit: since(Since::Commit) })
    }
}
