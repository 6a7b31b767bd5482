//! Escaped defects by the release that they were found in.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::SeverityCounts;
use crate::evidence::Evidence;
use crate::model::{DefectAttribute, MetricId, Over, Release, Selection, Tag};
use crate::policy::{LimitValue, Policy, RuleLimit};

/// Maximum number of releases in the chart.
const RELEASES: usize = 20;

/// Escaped defects of one release.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReleaseBar {
    /// Tag of the release. Untrusted.
    pub release: String,
    /// Day of publication, in UTC.
    pub published: Option<Date>,
    /// Whole days since the publication.
    pub age_days: Option<i64>,
    /// `false` if the release is too young to take part in rates.
    pub mature: bool,
    /// Number of escaped defects by severity; `None` if issues were not collected.
    pub counts: Option<SeverityCounts>,
}

/// A limit on the escaped defects of one release.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReleaseLimit {
    /// Id of the rule.
    pub rule: String,
    /// Largest allowed number.
    pub max: u64,
    /// Severities that it counts; empty for all.
    pub severities: Vec<String>,
}

/// Returns the last published releases of the candidate's product, the oldest first.
pub fn published_releases(evidence: &Evidence) -> Vec<&Release> {
    let timeline = &evidence.timeline;
    let own = timeline.candidate().and_then(|tag| timeline.get(tag));
    let own = own.filter(|release| !release.draft && release.published_at.is_some());
    let mut found: Vec<&Release> = own.into_iter().chain(timeline.published_before_candidate()).collect();
    found.sort_by_key(|release| std::cmp::Reverse(release.published_at));
    found.dedup_by(|one, other| one.tag == other.tag);
    found.truncate(RELEASES);
    found.reverse();
    found
}

/// Counts the escaped defects of the last releases, the oldest first.
pub fn release_bars(evidence: &Evidence) -> Vec<ReleaseBar> {
    let mut counts: HashMap<&Tag, SeverityCounts> = HashMap::new();
    for defect in evidence.escaped().into_iter().flatten() {
        if let Some(release) = &defect.found_in.release {
            counts.entry(release).or_default().add(defect.severity);
        }
    }
    let bar = |release: &Release| ReleaseBar {
        release: release.tag.0.clone(),
        published: release.published_at.map(|at| at.to_zoned(TimeZone::UTC).date()),
        age_days: evidence.age_days(&release.tag),
        mature: evidence.is_mature(&release.tag),
        counts: evidence.defects.as_ref().map(|_| counts.get(&release.tag).copied().unwrap_or_default()),
    };
    published_releases(evidence).into_iter().map(bar).collect()
}

/// Counts the escaped defects without a release.
pub fn without_release(evidence: &Evidence) -> u64 {
    let escaped = evidence.escaped().into_iter().flatten();
    escaped.filter(|defect| defect.found_in.release.is_none()).count() as u64
}

/// Returns the fixed limits of rules that count the escaped defects of one release, of all or of some severities.
pub fn release_limits(policy: &Policy) -> Vec<ReleaseLimit> {
    let of_one_release = |over| matches!(over, Over::Current | Over::Candidate | Over::LastReleases(1));
    let rules = policy
        .rules
        .iter()
        .filter(|rule| rule.metric == MetricId::Escaped && of_one_release(rule.over) && rule.per.is_none());
    rules
        .filter_map(|rule| {
            let RuleLimit::Max(LimitValue::Count(max)) = rule.limit else { return None };
            let severities = match rule.filter.0.as_slice() {
                [] => Vec::new(),
                [only] if only.attribute == DefectAttribute::Severity => match &only.selection {
                    Selection::AnyOf(names) => names.clone(),
                    Selection::NoneOf(_) | Selection::Nothing => return None,
                },
                // A limit on one component would look like a limit on the whole bar.
                _ => return None,
            };
            Some(ReleaseLimit { rule: rule.id.clone(), max, severities })
        })
        .collect()
}
