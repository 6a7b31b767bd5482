//! The course of a value: the newer half of a row of periods against the older half.

use crate::evidence::Evidence;
use crate::metric::measure_series;
use crate::model::{
    DefectFilter, Details, IssueNumber, Lack, Measurement, MetricValue, MissingReason, NAMED, OriginFilter,
    Ratio, join_limited,
};
use crate::policy::{Rule, Trend, TrendDirection};

use super::sentence::counted_things;

/// The sample below which a rise says nothing, where a rule does not say: defects of both halves, or, for a ratio, the
/// denominator of the smaller half. Of eight defects, seven in the newer half would be a rise by chance once in 28 times.
const SAMPLE: u64 = 8;

/// What a course came to.
pub struct TrendResult {
    /// The newer half, with all that speaks against it.
    pub measurement: Measurement,
    /// The value of every period, the oldest first.
    pub row: Vec<Measurement>,
    /// Whether the course is as it must be; none if the numbers are too small to tell. An error says what is missing.
    pub answer: Result<Option<bool>, MissingReason>,
    /// The halves, for a person.
    pub sentence: String,
}

/// Measures the row and compares its halves. With an odd number of periods the one in the middle is in neither half.
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
            let order = (u128::from(older.numerator) * u128::from(newer.denominator))
                .cmp(&(u128::from(newer.numerator) * u128::from(older.denominator)));
            let sample = older.denominator.min(newer.denominator);
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

/// Whether the course is as it must be, given how the older half compares with the newer one.
fn is_trend_kept(
    rule: &Rule,
    must: TrendDirection,
    older_to_newer: std::cmp::Ordering,
    is_zero: bool,
    sample: u64,
) -> Option<bool> {
    let holds = match must {
        TrendDirection::NotIncrease => older_to_newer.is_ge(),
        // What is at zero cannot fall any more.
        TrendDirection::Decrease => older_to_newer.is_gt() || (is_zero && older_to_newer.is_eq()),
    };
    if holds || sample >= rule.min_sample.unwrap_or(SAMPLE) { Some(holds) } else { None }
}

/// Several periods as one. A ratio of nothing adds nothing; one that could not be measured leaves nothing to compare.
fn pool_values(part: &[Measurement]) -> MetricValue {
    let mut pooled: Option<MetricValue> = None;
    for one in part {
        let next = match (&one.value, pooled.take()) {
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

/// What speaks against a part of the row.
fn issues_against(part: &[Measurement]) -> Vec<IssueNumber> {
    let mut all: Vec<IssueNumber> = part.iter().flat_map(|one| one.against.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The statistic for a person: how often chance alone would bring as much into the newer half, or more.
fn statistic(test: &str, chance: f64) -> String {
    let p = if chance < 0.001 { "p < 0.001".to_owned() } else { format!("p = {chance:.3}") };
    format!("so much or more in the newer half by chance alone: {p} ({test})")
}

/// The chance that of `sample` events, each as likely in either half, at least `newer` fall into the newer half: the exact
/// conditional comparison of two Poisson counts (Przyborowski and Wilenski, 1940).
fn binomial_tail(newer: u64, sample: u64) -> f64 {
    let log = LogFactorials::up_to(sample);
    let all = sample as f64 * std::f64::consts::LN_2;
    (newer..=sample).map(|k| (log.choose(sample, k) - all).exp()).sum::<f64>().min(1.0)
}

/// The chance that at least so many of all events fall into the newer half, given the sizes of both: Fisher's exact test
/// (R. A. Fisher, 1935), one-sided.
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

/// Logarithms of factorials.
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

    fn ratio(numerator: u64, denominator: u64) -> Ratio {
        Ratio { numerator, denominator }
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
