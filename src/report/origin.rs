//! Origins of defects and the time to detect them.

use serde::Serialize;

use crate::model::{Defect, DefectOrigin, Measurement, MetricValue, Since};
use crate::verdict::Detection;

use super::rule_line::duration_value;
use super::{Confidence, DurationValue, OriginMethod};

/// Origin of a defect.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct OriginLine {
    /// Tag of the first release that contains the defect; `None` if unknown.
    pub release: Option<String>,
    /// SHA of the introducing commit; `None` if unknown.
    pub commit: Option<String>,
    /// Number of the pull request that the commit message names.
    pub pull_request: Option<u64>,
    /// Method that determined the origin.
    #[cfg_attr(test, schemars(with = "super::json_schema::OriginMethodSchema"))]
    pub method: OriginMethod,
    /// Confidence in the origin.
    #[cfg_attr(test, schemars(with = "super::json_schema::ConfidenceSchema"))]
    pub confidence: Confidence,
    /// The fact that names the origin, or the reason why it is unknown. Untrusted.
    pub evidence: String,
    /// Whole days from the release to the report; `None` if unknown or negative.
    pub days_from_release: Option<i64>,
    /// Whole days from the commit to the report; `None` if unknown or negative.
    pub days_from_commit: Option<i64>,
}

impl OriginLine {
    /// Returns the origin of a defect; `None` if origins were not collected.
    pub fn of(defect: &Defect) -> Option<Self> {
        let origin = defect.introduced.as_deref()?;
        let days = |since: Since| {
            let time = defect.issue.created_at.duration_since(origin.since(since)?);
            // An origin after the report is wrong, and "-3 days" would not help anybody.
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

/// Time to detect: duration from the origin of escaped defects to their report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct DetectionReport {
    /// Scope, for example `reported in the last 90 days`.
    pub over: String,
    /// Duration since the introducing release; `None` if no release is known.
    pub from_release: Option<DurationValue>,
    /// Duration since the introducing commit; `None` if no commit is known.
    pub from_commit: Option<DurationValue>,
    /// Coverage of the first known duration: `37 of 45: 12 named by developers, 25 inferred; 8 unattributed`.
    pub coverage: String,
    /// Agreement of blame with developers, for example `blame agreed on 9 of 12`; omitted if there is nothing to compare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
}

/// Summarizes the time to detect. Returns `None` if there are no escaped defects.
pub fn detection_report(detection: &Detection) -> Option<DetectionReport> {
    let shown = |measured: &Measurement| match &measured.value {
        MetricValue::Duration(spread) => Some(duration_value(*spread)),
        MetricValue::Count(_) | MetricValue::Ratio(_) | MetricValue::Missing(_) => None,
    };
    let Detection { from_release, from_commit } = detection;
    // A defect found before its first release has a commit and no release yet.
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
