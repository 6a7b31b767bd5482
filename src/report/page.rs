//! Data of the page: what its charts and tables show beyond the rest of the report.
//!
//! Every rate has its numerator and denominator. A value that was not measured is `None`, never zero.

mod age_curves;
mod areas;
mod causes;
mod defect_rows;
mod detection;
mod exceptions;
mod lines;
mod periods;
mod releases;

use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::Severity;
use crate::policy::Policy;
use crate::verdict::{ChartMeasures, Evaluation};

use super::Report;

pub use age_curves::{AgeCurve, AgeCurves, AgeForecast, CurvePoint, EqualAge};
pub use areas::{AreaCell, AreaRateRow, AreaRates};
pub use causes::{CauseCount, CauseTable};
pub use defect_rows::DefectRow;
pub use detection::{DetectionBucket, DetectionHistogram};
pub use exceptions::{ExceptionAge, ExcludedAge};
pub use lines::{LineColumn, StatusCounts};
pub use periods::{PeriodBar, PeriodSeries};
pub use releases::{ReleaseBar, ReleaseLimit};

/// Data of the page beyond the rest of the report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PageReport {
    /// `true` if issues and releases were collected. Otherwise, all lists of defects are empty.
    pub collected: bool,
    /// Escaped defects of the last releases, the oldest first.
    pub releases: Vec<ReleaseBar>,
    /// Limits of rules on the escaped defects of one release.
    pub limits: Vec<ReleaseLimit>,
    /// Number of escaped defects without a release.
    pub without_release: u64,
    /// Escaped defects and escape rates by period: first calendar quarters, then the periods of the policy.
    pub periods: Vec<PeriodSeries>,
    /// Smallest denominator of a rate that is shown.
    pub rate_sample: u64,
    /// Limits of rules on the escape rate, as shares from 0 to 1, with the id of the rule.
    pub rate_limits: Vec<(String, f64)>,
    /// Escaped defects by the age of the release; `None` if no release has been published.
    pub age_curves: Option<AgeCurves>,
    /// Escaped defects and escape rates by component and team; `None` if no defect has either.
    pub areas: Option<AreaRates>,
    /// Escaped defects by recorded cause, each table the most frequent cause first.
    pub causes: Vec<CauseTable>,
    /// Times to detect; `None` if origins were not collected.
    pub detection: Option<DetectionHistogram>,
    /// Newest release of each release line, the newest line first.
    pub lines: Vec<LineColumn>,
    /// Statuses of all escaped defects in the candidate.
    pub candidate_statuses: StatusCounts,
    /// Every escaped defect: first those that fail a rule, then by severity, open before closed, the newest first.
    pub defects: Vec<DefectRow>,
    /// Age of each excluded issue, in the order of [`Report::excluded`].
    pub excluded: Vec<ExcludedAge>,
    /// Age or end of each exception, in the order of [`Report::exceptions`].
    pub exceptions: Vec<ExceptionAge>,
}

/// Numbers of escaped defects by severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SeverityCounts {
    /// Number of critical defects.
    pub critical: u64,
    /// Number of major defects.
    pub major: u64,
    /// Number of minor defects.
    pub minor: u64,
    /// Number of defects without a severity.
    pub untriaged: u64,
}

impl SeverityCounts {
    /// Counts one more defect.
    pub(super) fn add(&mut self, severity: Option<Severity>) {
        *match severity {
            Some(Severity::Critical) => &mut self.critical,
            Some(Severity::Major) => &mut self.major,
            Some(Severity::Minor) => &mut self.minor,
            None => &mut self.untriaged,
        } += 1;
    }

    /// Returns the counts, the most severe first, then the untriaged.
    pub fn parts(&self) -> [u64; 4] {
        [self.critical, self.major, self.minor, self.untriaged]
    }

    /// Returns the number of all defects.
    pub fn total(&self) -> u64 {
        self.parts().iter().sum()
    }
}

impl Report {
    /// Adds the data of the page.
    #[must_use]
    pub fn with_page(mut self, policy: &Policy, evidence: &Evidence, evaluation: &Evaluation) -> Self {
        let measures = ChartMeasures::of(policy, evidence);
        let releases = releases::release_bars(evidence);
        self.page = Some(Box::new(PageReport {
            collected: evidence.defects.is_some(),
            limits: releases::release_limits(policy),
            without_release: releases::without_release(evidence),
            periods: periods::period_series(&measures, evidence),
            rate_sample: measures.rate_sample,
            rate_limits: periods::rate_limits(policy),
            age_curves: age_curves::age_curves(evidence),
            areas: measures.areas.as_ref().map(|areas| areas::area_rates(areas, measures.rate_sample)),
            causes: causes::cause_tables(&measures.root_causes, policy.gates.over, evidence),
            detection: detection::detection_histogram(evidence),
            lines: lines::line_columns(evidence),
            candidate_statuses: lines::candidate_statuses(evidence),
            defects: defect_rows::defect_rows(evidence, evaluation),
            excluded: exceptions::excluded_ages(evidence),
            exceptions: exceptions::exception_ages(&self.exceptions, evidence),
            releases,
        }));
        self
    }
}
