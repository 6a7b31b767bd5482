//! Metrics and the values they take. A value that could not be measured is missing, never zero.

use super::duration::{DetectionCoverage, DurationSummary};
use super::gap::Area;
use release_history::IssueNumber;
use release_history::Tag;

/// Unit of the value of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricUnit {
    /// A whole number of things.
    Count,
    /// Two whole numbers, printed as a percentage.
    Ratio,
    /// A length of time.
    Duration,
}

/// The value of a metric, or the reason why it could not be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetricValue {
    /// A whole number of things.
    Count(u64),
    /// A share.
    Ratio(Ratio),
    /// The middle of several lengths of time.
    Duration(DurationSummary),
    /// No value, with the reason.
    Missing(MissingReason),
}

/// Reason for a missing value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingReason {
    /// The reason: a clause in lower case.
    pub reason: String,
    /// Kind of the reason.
    pub lack: Lack,
}

/// Kind of reason for a missing value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Evidence of this kind could not be read.
    Unread(Area),
    /// Complete evidence with too little data: no release, no defect, too few earlier values.
    NotYet,
    /// Neither policy nor run says enough to measure it, or a run that should have given a value gave none.
    Undefined,
}

/// A share as two whole numbers: it stays exact until it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Number of items that count.
    pub numerator: u64,
    /// Out of how many; may be zero, and then there is no rate.
    pub denominator: u64,
}

impl Ratio {
    /// The 95 % Wilson score interval (E. B. Wilson, 1927): the range, within 0 to 1, that the true share lies in. It
    /// holds for small samples and for shares near 0, where the usual interval does not. `None` for a sample of zero.
    pub fn wilson_95(self) -> Option<(f64, f64)> {
        /// The standard normal quantile at 97.5 %.
        const Z: f64 = 1.959_963_984_540_054;
        if self.denominator == 0 {
            return None;
        }
        let n = self.denominator as f64;
        let p = self.numerator as f64 / n;
        let middle = p + Z * Z / (2.0 * n);
        let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        Some((((middle - spread) / scale).clamp(0.0, 1.0), ((middle + spread) / scale).clamp(0.0, 1.0)))
    }
}

/// A value with the defects and notes that explain it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurement {
    /// The value.
    pub value: MetricValue,
    /// The defects that speak against the release, in ascending order: those it counts; for the escape rate, those that
    /// escaped; for a coverage, those that are not covered.
    pub against: Vec<IssueNumber>,
    /// Display text of the resolved scope, for example "v1.4.0, v1.3.2".
    pub basis: String,
    /// Notes for the reader, for example about skipped defects.
    pub notes: Vec<String>,
    /// Defects that might count too, and what is not known about them. A count is then a lower bound.
    pub undecided: Vec<(IssueNumber, UndecidedBecause)>,
    /// Additional results of some metrics: samples, failed releases, detection times.
    pub details: Details,
}

/// Additional results of some metrics: samples, failed releases, detection times.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// The defects that were drawn, where the rule looks at a sample.
    pub sampled: Vec<IssueNumber>,
    /// The releases that failed in production, the newest first.
    pub failed: Vec<FailedRelease>,
    /// The releases that a change failure rate is made of, failed or not, the newest first.
    pub rated: Vec<Tag>,
    /// Coverage of the time to detect; `None` for other metrics.
    pub times: Option<DetectionCoverage>,
    /// Defects of which nothing says whether they are in the candidate.
    pub investigated: Vec<IssueNumber>,
    /// Defects that were reported before the rule's `since`.
    pub debt: Vec<IssueNumber>,
    /// Defects that the rule looks at and the candidate fixes.
    pub fixed: Vec<IssueNumber>,
}

/// A release that failed in production, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedRelease {
    /// Tag of the release.
    pub release: Tag,
    /// Escaped defects that were found in it, and those that its hotfix closed.
    pub defects: Vec<IssueNumber>,
    /// The release that followed at once and fixed some of them.
    pub hotfixed_by: Option<Tag>,
    /// Number of failed deployments.
    pub failed_deployments: u64,
    /// Older release that was deployed instead; `None` if there was no rollback.
    pub rolled_back_to: Option<Tag>,
    /// The next release, if that took it back.
    pub taken_back_by: Option<Tag>,
}

/// Missing fact that leaves it open whether a defect counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UndecidedBecause {
    /// Severity, which the rule requires.
    Severity,
    /// Presence of the fix in the candidate: the candidate's commits were not read.
    Fix,
}

impl Measurement {
    /// A value that could not be measured.
    pub fn missing(reason: impl Into<String>, lack: Lack) -> Self {
        Self::from(MissingReason { reason: reason.into(), lack })
    }
}

impl From<MissingReason> for Measurement {
    fn from(absence: MissingReason) -> Self {
        Self {
            value: MetricValue::Missing(absence),
            against: Vec::new(),
            basis: String::new(),
            notes: Vec::new(),
            undecided: Vec::new(),
            details: Details::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Ratio;

    fn interval(numerator: u64, denominator: u64) -> (f64, f64) {
        let (low, high) = Ratio { numerator, denominator }.wilson_95().unwrap();
        ((low * 1e4).round() / 1e4, (high * 1e4).round() / 1e4)
    }

    #[test]
    fn the_interval_is_the_published_one() {
        // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
        assert_eq!(interval(81, 263), (0.2553, 0.3662));
        assert_eq!(interval(15, 148), (0.0624, 0.1605));
        assert_eq!(interval(0, 20), (0.0, 0.1611));
        assert_eq!(interval(1, 29), (0.0061, 0.1718));
    }

    #[test]
    fn no_sample_has_no_interval() {
        assert_eq!(Ratio { numerator: 0, denominator: 0 }.wilson_95(), None);
    }
}
