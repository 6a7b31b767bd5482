//! Trends: the newer half of a row of periods compared with the older half.

use crate::evidence::Evidence;
use crate::metric::measure_series;
use crate::model::{
    DefectFilter, Details, IssueNumber, Lack, Measurement, MetricValue, MissingReason, NAMED, OriginFilter,
    Ratio, join_limited,
};
use crate::policy::{Rule, Trend, TrendDirection};

use super::sentence::counted_things;

/// Default of `min-sample`: below it, a rise proves nothing. It limits the defects of both halves or, for a ratio, the smaller
/// denominator. With 8 defects, chance alone puts 7 or more into the newer half once in 28 times (9 of 256).
const SAMPLE: u64 = 8;

/// Result of comparing the halves of a trend.
pub struct TrendResult {
    /// Value of the newer half, with the defects that count against it.
    pub measurement: Measurement,
    /// Value of every period, the oldest first.
    pub row: Vec<Measurement>,
    /// `true` if the trend keeps the limit; `None` if the sample is too small to tell. An error names the missing value.
    pub answer: Result<Option<bool>, MissingReason>,
    /// Display text of both halves.
    pub sentence: String,
}

/// Measures the row and compares its halves. With an odd number of periods, the middle one is in neither half.
pub fn evaluate_trend(
    rule: &Rule,
    trend: Trend,
    filter: &DefectFilter,
    origin: OriginFilter,
    evidence: &Evidence,
) -> TrendResult {
    let row = match measure_series(rule.metric, evidence, rule.over, filter, origin, trend.count) {
        Ok(row) => row,
        Err(reason) => {
            let absence = MissingReason { reason, lack: Lack::NotYet };
            return TrendResult {
                measurement: absence.clone().into(),
                row: Vec::new(),
                answer: Err(absence),
                sentence: String::new(),
            };
        }
    };
    // Halves and not the first and the last period: two single periods differ by chance too often.
    let half = row.len() / 2;
    let (older, newer) = (pool_values(&row[..half]), pool_values(&row[row.len() - half..]));
    let mut measurement = Measurement {
        value: newer.clone(),
        against: issues_against(&row[row.len() - half..]),
        basis: join_limited(row.iter().map(|one| one.basis.as_str()), NAMED),
        notes: Vec::new(),
        undecided: row.iter().flat_map(|one| one.undecided.iter().copied()).collect(),
        details: Details::default(),
    };
    let (answer, sentence) = match (&older, &newer) {
        (MetricValue::Count(older), MetricValue::Count(newer)) => {
            let sample = older + newer;
            measurement
                .notes
                .push(statistic("exact comparison of two Poisson counts", binomial_tail(*newer, sample)));
            let text =
                format!("{newer} {} in the newer half after {older} in the older", counted_things(rule));
            (Ok(is_trend_kept(rule, trend.must, older.cmp(newer), *newer == 0, sample)), text)
        }
        (MetricValue::Ratio(older), MetricValue::Ratio(newer)) => {
            // Cross products compare the shares without a division, so rounding cannot decide.
            let order = (u128::from(older.numerator) * u128::from(newer.denominator))
                .cmp(&(u128::from(newer.numerator) * u128::from(older.denominator)));
            // The smaller half limits the certainty: 1 of 2 compared with 30 of 100 says little.
            let sample = older.denominator.min(newer.denominator);
            // The chance is shown and never decides: `min-sample` does, which a reader can check by counting.
            let chance = hypergeometric_tail(*older, *newer);
            measurement.notes.push(statistic("Fisher's exact test", chance));
            let text = format!(
                "{} of {} {} in the newer half after {} of {} in the older",
                newer.numerator,
                newer.denominator,
                counted_things(rule),
                older.numerator,
                older.denominator,
            );
            (Ok(is_trend_kept(rule, trend.must, order, newer.numerator == 0, sample)), text)
        }
        (MetricValue::Missing(absence), _) | (_, MetricValue::Missing(absence)) => {
            (Err(absence.clone()), String::new())
        }
        (MetricValue::Count(_) | MetricValue::Ratio(_) | MetricValue::Duration(_), _) => {
            let reason = "the halves have no total of one unit".into();
            (Err(MissingReason { reason, lack: Lack::Undefined }), String::new())
        }
    };
    TrendResult { measurement, row, answer, sentence }
}

/// Returns `true` if the trend keeps the limit; `None` if it does not, and the sample is too small to call that a rise.
fn is_trend_kept(
    rule: &Rule,
    must: TrendDirection,
    older_to_newer: std::cmp::Ordering,
    is_zero: bool,
    sample: u64,
) -> Option<bool> {
    let holds = match must {
        TrendDirection::NotIncrease => older_to_newer.is_ge(),
        // A value of zero in both halves cannot fall any more.
        TrendDirection::Decrease => older_to_newer.is_gt() || (is_zero && older_to_newer.is_eq()),
    };
    if holds || sample >= rule.min_sample.unwrap_or(SAMPLE) { Some(holds) } else { None }
}

/// Adds up several periods. A period with too little data adds nothing. A period that could not be measured makes the sum
/// missing: the total of the other periods would look too small.
fn pool_values(part: &[Measurement]) -> MetricValue {
    let mut pooled: Option<MetricValue> = None;
    for one in part {
        let next = match (&one.value, pooled.take()) {
            // A gap in one period would make the newer half look better, so it spoils the whole
            // half.
            (MetricValue::Missing(absence), _) if absence.lack != Lack::NotYet => return one.value.clone(),
            (MetricValue::Missing(_) | MetricValue::Ratio(Ratio { denominator: 0, .. }), sofar) => {
                pooled = sofar;
                continue;
            }
            (MetricValue::Count(count), Some(MetricValue::Count(sum))) => MetricValue::Count(sum + count),
            (MetricValue::Ratio(ratio), Some(MetricValue::Ratio(sum))) => MetricValue::Ratio(Ratio {
                numerator: sum.numerator + ratio.numerator,
                denominator: sum.denominator + ratio.denominator,
            }),
            (value, _) => value.clone(),
        };
        pooled = Some(next);
    }
    let nothing =
        || Measurement::missing("there is nothing to measure in one half of the row", Lack::NotYet).value;
    pooled.unwrap_or_else(nothing)
}

/// Returns the defects that count against the release in some periods, each once.
fn issues_against(part: &[Measurement]) -> Vec<IssueNumber> {
    let mut all: Vec<IssueNumber> = part.iter().flat_map(|one| one.against.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Formats the probability that chance alone puts as much or more into the newer half.
fn statistic(test: &str, chance: f64) -> String {
    let p = if chance < 0.001 { "p < 0.001".to_owned() } else { format!("p = {chance:.3}") };
    format!("so much or more in the newer half by chance alone: {p} ({test})")
}

/// Returns the probability that at least `newer` of `sample` events fall into the newer half if both halves are equally likely.
/// This is the exact conditional comparison of two Poisson counts (Przyborowski and Wilenski, 1940).
fn binomial_tail(newer: u64, sample: u64) -> f64 {
    let log = LogFactorials::up_to(sample);
    let all = sample as f64 * std::f64::consts::LN_2;
    // Rounding can lift the sum of all terms slightly above 1.
    (newer..=sample).map(|k| (log.choose(sample, k) - all).exp()).sum::<f64>().min(1.0)
}

/// Returns the probability that at least as many events fall into the newer half, given the sizes of both halves: Fisher's
/// exact test (R. A. Fisher, 1935), one-sided.
fn hypergeometric_tail(older: Ratio, newer: Ratio) -> f64 {
    let (events, all) = (older.numerator + newer.numerator, older.denominator + newer.denominator);
    let log = LogFactorials::up_to(all);
    let chance = |k: u64| {
        let others = events.checked_sub(k).filter(|others| *others <= older.denominator)?;
        let ways = log.choose(newer.denominator, k) + log.choose(older.denominator, others);
        Some((ways - log.choose(all, events)).exp())
    };
    let most = events.min(newer.denominator);
    (newer.numerator..=most).filter_map(chance).sum::<f64>().min(1.0)
}

/// Logarithms of factorials: `f64` cannot hold the factorial of a number above 170.
struct LogFactorials(Vec<f64>);

impl LogFactorials {
    fn up_to(most: u64) -> Self {
        let mut sum = 0.0;
        let logs = (1..=most).map(|n| {
            sum += (n as f64).ln();
            sum
        });
        Self(std::iter::once(0.0).chain(logs).collect())
    }

    /// The logarithm of the number of ways to choose `k` of `n`, for `k ≤ n` within the table.
    fn choose(&self, n: u64, k: u64) -> f64 {
        let at = |n: u64| self.0[n as usize];
        at(n) - at(k) - at(n - k)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Area;

    fn ratio(numerator: u64, denominator: u64) -> Ratio {
        Ratio { numerator, denominator }
    }

    fn measured(value: MetricValue) -> Measurement {
        Measurement { value, ..Measurement::missing("", Lack::Undefined) }
    }

    #[test]
    fn gap_in_a_period_is_a_gap_in_its_half() {
        let count = || measured(MetricValue::Count(3));
        // A period that was not read may have had defects: the half has no total.
        for lack in [Lack::Unread(Area::Issues), Lack::Undefined] {
            let unread = Measurement::missing("not read", lack).value;
            assert_eq!(pool_values(&[count(), measured(unread.clone())]), unread);
            assert_eq!(pool_values(&[measured(unread.clone()), count()]), unread);
        }
        // A period without anything to measure adds nothing.
        let empty = || Measurement::missing("no defect", Lack::NotYet);
        assert_eq!(pool_values(&[count(), empty(), count()]), MetricValue::Count(6));
        assert!(matches!(
            pool_values(&[empty()]),
            MetricValue::Missing(MissingReason { lack: Lack::NotYet, .. })
        ));
    }

    #[test]
    fn chance_is_shown_with_three_decimals() {
        for (chance, text) in
            [(0.0, "p < 0.001"), (0.000_9, "p < 0.001"), (0.001, "p = 0.001"), (0.5, "p = 0.500")]
        {
            let shown = statistic("a test", chance);
            assert!(shown.ends_with(&format!("by chance alone: {text} (a test)")), "{shown}");
        }
    }

    #[test]
    fn chances_are_those_of_the_published_tests() {
        // 7 or 8 heads in 8 tosses: 9 of 256.
        assert!((binomial_tail(7, 8) - 9.0 / 256.0).abs() < 1e-12);
        assert!((binomial_tail(0, 8) - 1.0).abs() < 1e-12);
        assert!((binomial_tail(0, 0) - 1.0).abs() < 1e-12);
        // Fisher's lady tasting tea: all four cups right, 1 of 70; three or four right, 17 of 70.
        assert!((hypergeometric_tail(ratio(0, 4), ratio(4, 4)) - 1.0 / 70.0).abs() < 1e-12);
        assert!((hypergeometric_tail(ratio(1, 4), ratio(3, 4)) - 17.0 / 70.0).abs() < 1e-12);
    }
}
