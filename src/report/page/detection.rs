//! Times from the release that introduced a defect to its report.

use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::{OriginFilter, Since};

/// Upper limits of the buckets in days, with their names.
const BUCKETS: [(i64, &str); 6] = [
    (1, "1 day"),
    (7, "1 week"),
    (30, "1 month"),
    (90, "3 months"),
    (365, "1 year"),
    (i64::MAX, "more than 1 year"),
];

/// Escaped defects by time to detect, over everything that was collected.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DetectionHistogram {
    /// Buckets, the shortest time first.
    pub buckets: Vec<DetectionBucket>,
    /// Number of escaped defects without a known time.
    pub unknown: u64,
}

/// Escaped defects of one range of times.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DetectionBucket {
    /// Longest time, for example `1 week`.
    pub up_to: &'static str,
    /// Number of escaped defects with a time up to this and longer than the bucket before.
    pub defects: u64,
}

/// Counts the escaped defects by time to detect; `None` if origins were not collected, or no time is known.
pub fn detection_histogram(evidence: &Evidence) -> Option<DetectionHistogram> {
    let mut counts = [0; BUCKETS.len()];
    let mut unknown = 0;
    for defect in evidence.escaped()? {
        let origin = defect.introduced.as_deref();
        // As in the metric: an origin of too little confidence has no time.
        let origin = origin.filter(|origin| origin.confidence >= OriginFilter::default().sure);
        let since = origin.and_then(|origin| origin.since(Since::Release));
        let time = since.map(|since| defect.issue.created_at.duration_since(since));
        match time.filter(|time| !time.is_negative()) {
            Some(time) => {
                let days = time.as_secs().div_euclid(86_400) + i64::from(time.as_secs() % 86_400 > 0);
                let at = BUCKETS.iter().position(|(most, _)| days <= *most);
                counts.get_mut(at.unwrap_or(0)).into_iter().for_each(|count| *count += 1);
            }
            None => unknown += 1,
        }
    }
    let buckets: Vec<DetectionBucket> =
        BUCKETS.iter().zip(counts).map(|((_, up_to), defects)| DetectionBucket { up_to, defects }).collect();
    (counts.iter().sum::<u64>() > 0).then_some(DetectionHistogram { buckets, unknown })
}
