//! Escaped defects by the age of a release, so that a young release is compared with older ones at equal age.

use jiff::Timestamp;
use serde::Serialize;

use super::releases::published_releases;
use crate::evidence::Evidence;
use crate::model::Release;
use crate::verdict::{ForecastInterval, forecast_count};

/// Maximum number of earlier releases.
const EARLIER: usize = 6;

/// Shortest and longest horizon in days. A month shows most defects of a release; half a year is as much as a chart can show.
const HORIZON_DAYS: (u32, u32) = (30, 180);

/// Escaped defects by the age of the release.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgeCurves {
    /// Last day that is shown.
    pub horizon_days: u64,
    /// The releases, the oldest first. The last one is the newest published release.
    pub curves: Vec<AgeCurve>,
    /// The newest published release compared with the earlier ones.
    pub newest: EqualAge,
    /// Forecast for a candidate that is not published yet; `None` if it is, or if there are too few earlier releases.
    pub candidate: Option<AgeForecast>,
}

/// Cumulative number of escaped defects of one release.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgeCurve {
    /// Tag of the release. Untrusted.
    pub release: String,
    /// Last day for which the number is known: the age of the release, or the horizon if that is less.
    pub until_day: u64,
    /// Days on which the number rises.
    pub points: Vec<CurvePoint>,
}

/// A day on which the number of escaped defects rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CurvePoint {
    /// Whole days since the publication.
    pub day: u64,
    /// Number of escaped defects up to and including this day.
    pub escaped: u64,
}

/// A release compared with earlier releases at the same age.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EqualAge {
    /// Tag of the release. Untrusted.
    pub release: String,
    /// Age in whole days, at most the horizon.
    pub day: u64,
    /// Number of its escaped defects.
    pub escaped: u64,
    /// Number of escaped defects of each earlier release at that age, the oldest first.
    pub earlier: Vec<u64>,
    /// Expected range at that age; `None` if fewer than three earlier releases are that old.
    pub expected: Option<AgeForecast>,
    /// Forecast for the horizon; `None` if the release is that old, or if there are too few earlier releases.
    pub horizon: Option<AgeForecast>,
}

/// Range that holds the number of escaped defects with a probability of 80 %.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgeForecast {
    /// Tag of the release. Untrusted.
    pub release: String,
    /// Age in days that it is about.
    pub day: u64,
    /// Lowest number.
    pub low: u64,
    /// Highest number, inclusive.
    pub high: u64,
    /// Number of earlier releases that it is made from.
    pub releases: u64,
}

impl AgeCurve {
    /// Returns the number of escaped defects up to a day.
    pub fn escaped_by(&self, day: u64) -> u64 {
        self.points.iter().take_while(|point| point.day <= day).last().map_or(0, |point| point.escaped)
    }
}

/// Counts the escaped defects of the last releases by age; `None` if no release has been published or no issue was collected.
pub fn age_curves(evidence: &Evidence) -> Option<AgeCurves> {
    evidence.defects.as_ref()?;
    let (shortest, longest) = HORIZON_DAYS;
    let horizon = u64::from(evidence.mature_after_days.clamp(shortest, longest));
    let releases = published_releases(evidence);
    let kept = releases.len().saturating_sub(EARLIER + 1);
    let curves: Vec<AgeCurve> =
        releases.into_iter().skip(kept).filter_map(|release| age_curve(release, horizon, evidence)).collect();
    let (newest, earlier) = curves.split_last()?;
    let timeline = &evidence.timeline;
    let unpublished = timeline.candidate().filter(|tag| evidence.age_days(tag).is_none());
    let candidate = unpublished.and_then(|tag| {
        let counts = counts_between(&curves, 0, horizon);
        forecast(&tag.0, horizon, 0, &counts)
    });
    Some(AgeCurves { horizon_days: horizon, newest: compare(newest, earlier, horizon), candidate, curves })
}

fn age_curve(release: &Release, horizon: u64, evidence: &Evidence) -> Option<AgeCurve> {
    let published = release.published_at?;
    let until_day = days_between(published, evidence.now).min(horizon);
    let found = evidence.escaped()?.filter(|defect| defect.found_in.release.as_ref() == Some(&release.tag));
    // A defect that was reported before the publication, such as one of a staged rollout, counts for day 0.
    let mut days: Vec<u64> = found.map(|defect| days_between(published, defect.issue.created_at)).collect();
    days.retain(|day| *day <= until_day);
    days.sort_unstable();
    let mut points: Vec<CurvePoint> = Vec::new();
    for (before, day) in days.into_iter().enumerate() {
        let escaped = before as u64 + 1;
        match points.last_mut() {
            Some(last) if last.day == day => last.escaped = escaped,
            Some(_) | None => points.push(CurvePoint { day, escaped }),
        }
    }
    Some(AgeCurve { release: release.tag.0.clone(), until_day, points })
}

/// Returns the whole days of 24 hours between two times; 0 if the second is earlier.
fn days_between(from: Timestamp, until: Timestamp) -> u64 {
    u64::try_from(until.duration_since(from).as_hours() / 24).unwrap_or(0)
}

/// Compares the newest release with the earlier ones.
fn compare(newest: &AgeCurve, earlier: &[AgeCurve], horizon: u64) -> EqualAge {
    let (day, name) = (newest.until_day, &newest.release);
    let escaped = newest.escaped_by(day);
    let counts: Vec<u64> =
        earlier.iter().filter(|curve| curve.until_day >= day).map(|curve| curve.escaped_by(day)).collect();
    let later = counts_between(earlier, day, horizon);
    EqualAge {
        release: name.clone(),
        day,
        escaped,
        expected: forecast(name, day, 0, &counts),
        // What has happened is known: only the defects of the days to come are forecast.
        horizon: (day < horizon).then(|| forecast(name, horizon, escaped, &later)).flatten(),
        earlier: counts,
    }
}

/// Returns the defects that were found between two ages, for each release that has reached the second one.
fn counts_between(curves: &[AgeCurve], from: u64, until: u64) -> Vec<u64> {
    let old_enough = curves.iter().filter(|curve| curve.until_day >= until);
    let before = |curve: &AgeCurve| if from == 0 { 0 } else { curve.escaped_by(from) };
    old_enough.map(|curve| curve.escaped_by(until).saturating_sub(before(curve))).collect()
}

/// Forecasts a count from those of earlier releases, and adds what is known already.
fn forecast(release: &str, day: u64, known: u64, earlier: &[u64]) -> Option<AgeForecast> {
    let ForecastInterval { low, high } = forecast_count(earlier)?;
    let releases = earlier.len() as u64;
    Some(AgeForecast { release: release.to_owned(), day, low: known + low, high: known + high, releases })
}
