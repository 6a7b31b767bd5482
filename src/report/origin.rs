//! Where defects came from, and how long they went unseen.

use serde::Serialize;

use crate::model::{Defect, DefectOrigin, Measurement, MetricValue, Since};
use crate::verdict::Detection;

use super::build::duration_value;
use super::{Confidence, DurationValue, OriginMethod};

/// Where a defect came from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OriginLine {
    /// The first release that has it; none if that is not known.
    pub release: Option<String>,
    /// The commit.
    pub commit: Option<String>,
    /// The pull request that the commit names.
    pub pull_request: Option<u64>,
    /// How that is known.
    pub method: OriginMethod,
    /// How sure that is.
    pub confidence: Confidence,
    /// The fact it rests on, or why nothing is known. Untrusted.
    pub evidence: String,
    /// Whole days from the release to the report.
    pub days_from_release: Option<i64>,
    /// Whole days from the commit to the report.
    pub days_from_commit: Option<i64>,
}

impl OriginLine {
    /// The line of a defect; none if nobody asked.
    pub fn of(defect: &Defect) -> Option<Self> {
        let origin = defect.introduced.as_deref()?;
        let days = |since: Since| {
            let time = defect.issue.created_at.duration_since(origin.since(since)?);
            (!time.is_negative()).then(|| time.as_hours() / 24)
        };
        let DefectOrigin { release, commit, pull_request, method, confidence, evidence, .. } = origin;
        Some(Self {
            release: release.as_ref().map(|tag| tag.0.clone()),
            commit: commit.as_ref().map(|commit| commit.0.clone()),
            pull_request: *pull_request,
            method: *method,
            confidence: *confidence,
            evidence: evidence.clone(),
            days_from_release: days(Since::Release),
            days_from_commit: days(Since::Commit),
        })
    }
}

/// How long escaped defects went unseen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DetectionReport {
    /// Which defects: "reported in the last 90 days".
    pub over: String,
    /// From the release; none if no origin has one.
    pub from_release: Option<DurationValue>,
    /// From the commit; none if no origin has one.
    pub from_commit: Option<DurationValue>,
    /// What the first of these that is there rests on: "37 of 45: 12 named by developers, 25 inferred; 8 unattributed".
    pub coverage: String,
    /// "blame agreed on 9 of 12"; absent where nothing can be compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
}

/// How long the escaped defects went unseen; none if nothing escaped.
pub fn detection_report(detection: &Detection) -> Option<DetectionReport> {
    let shown = |measured: &Measurement| match &measured.value {
        MetricValue::Duration(spread) => Some(duration_value(*spread)),
        MetricValue::Count(_) | MetricValue::Ratio(_) | MetricValue::Missing(_) => None,
    };
    let Detection { from_release, from_commit } = detection;
    let first = if shown(from_release).is_some() { from_release } else { from_commit };
    let times = first.details.times.filter(|times| times.all > 0)?;
    Some(DetectionReport {
        over: first.basis.clone(),
        from_release: shown(from_release),
        from_commit: shown(from_commit),
        coverage: times.sentence(),
        agreement: times.agreement(),
    })
}
