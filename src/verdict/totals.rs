//! The values that are shown whatever the rules ask.

use crate::evidence::Evidence;
use crate::metric::measure;
use crate::model::{
    DefectAttribute, DefectFilter, Measurement, MetricId, OriginFilter, Over, Scope, Severity, Since,
};

/// The values that are shown whatever the rules ask. Counts are over the supported releases: that is what users have.
#[derive(Debug, Clone)]
pub struct MeasuredTotals {
    /// Escaped defects.
    pub escaped: Measurement,
    /// Of them, critical.
    pub critical: Measurement,
    /// Of them, without a severity label.
    pub untriaged: Measurement,
    /// Escaped defects without a release, over everything read.
    pub unattributed: Measurement,
    /// The escaped defect rate, over its default period.
    pub escape_rate: Measurement,
}

impl MeasuredTotals {
    /// Measures them.
    pub fn of(evidence: &Evidence) -> Self {
        let over = |metric, over| measure(metric, evidence, &Scope::new(over, DefectFilter::default()));
        let critical = DefectFilter::one(DefectAttribute::Severity, Severity::Critical.name());
        Self {
            escaped: over(MetricId::Escaped, Over::Supported),
            critical: measure(MetricId::Escaped, evidence, &Scope::new(Over::Supported, critical)),
            untriaged: over(MetricId::Untriaged, Over::Supported),
            unattributed: over(MetricId::Unattributed, Over::All),
            escape_rate: over(MetricId::EscapeRate, MetricId::EscapeRate.default_over()),
        }
    }
}

/// How long escaped defects went unseen, over the default period of that.
#[derive(Debug, Clone)]
pub struct Detection {
    /// From the release that had them first.
    pub from_release: Measurement,
    /// From the commit that brought them in.
    pub from_commit: Measurement,
}

impl Detection {
    /// Measures both; none if nobody asked where a defect came from.
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
