//! Exact comparison of values with limits.
//!
//! Everything is computed in integers. With floating-point numbers, 1 of 3 could count as equal to 33.3333 %.

use crate::model::{Lack, Measurement, MetricUnit, MetricValue, MissingReason, Ratio, format_duration};
use crate::policy::{Baseline, LimitValue, RelativeLimit, Rule, RuleLimit, TrendDirection};

/// A limit as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolvedLimit {
    /// Limit of a count.
    Count(u64),
    /// Limit of a ratio, in millionths: 50,000 is 5 %.
    Millionths(u32),
    /// Limit of a length of time, in seconds.
    Seconds(u64),
    /// Earlier ratio, and an offset in millionths. Adding the two up would round the ratio.
    Past(Ratio, i64),
}

/// Resolves a limit with the earlier values of its metric, the newest first. An error says why it has no value.
pub fn resolve_limit(
    limit: LimitValue,
    is_max: bool,
    earlier: &[Measurement],
) -> Result<ResolvedLimit, MissingReason> {
    let RelativeLimit { baseline, offset, .. } = match limit {
        LimitValue::Count(count) => return Ok(ResolvedLimit::Count(count)),
        LimitValue::Millionths(millionths) => return Ok(ResolvedLimit::Millionths(millionths)),
        LimitValue::Seconds(seconds) => return Ok(ResolvedLimit::Seconds(seconds)),
        LimitValue::Relative(relative) => relative,
    };
    let asked = match baseline {
        Baseline::Previous => 1,
        Baseline::Best(None) => earlier.len(),
        Baseline::Best(Some(count)) | Baseline::Median(count) => count as usize,
    };
    // Take before filtering: if the previous release has no value, `previous` must not go back to an older one.
    let looked_at = earlier.iter().take(asked);
    let mut values: Vec<&MetricValue> =
        looked_at.map(|one| &one.value).filter(|value| is_comparable(value)).collect();
    // The best values come first: the smallest for `max`, the largest for `min`.
    values.sort_by(|a, b| {
        let order = compare_values(a, b);
        if is_max { order } else { order.reverse() }
    });
    let at = match baseline {
        Baseline::Previous | Baseline::Best(_) => 0,
        // Of an even number, the better of the two in the middle: the limit is always a value that was reached.
        Baseline::Median(_) => values.len().saturating_sub(1) / 2,
    };
    match values.get(at) {
        Some(MetricValue::Count(count)) => Ok(ResolvedLimit::Count(add_offset(*count, offset))),
        Some(MetricValue::Duration(spread)) => Ok(ResolvedLimit::Seconds(add_offset(spread.median, offset))),
        Some(MetricValue::Ratio(ratio)) => Ok(ResolvedLimit::Past(*ratio, offset)),
        Some(MetricValue::Missing(_)) | None => Err(no_earlier_value(earlier, asked)),
    }
}

/// Returns why there is no earlier value to compare with. A value that could not be read comes before one with too little data:
/// only the second lets a rule with `insufficient: pass` pass.
fn no_earlier_value(earlier: &[Measurement], asked: usize) -> MissingReason {
    let unmeasured = earlier.iter().take(asked).find_map(|one| match &one.value {
        MetricValue::Missing(absence) if absence.lack != Lack::NotYet => Some(absence.clone()),
        MetricValue::Missing(_)
        | MetricValue::Count(_)
        | MetricValue::Ratio(_)
        | MetricValue::Duration(_) => None,
    });
    let nothing =
        || MissingReason { reason: "there is no earlier value to compare with".into(), lack: Lack::NotYet };
    unmeasured.unwrap_or_else(nothing)
}

/// Returns `false` for a missing value and for a ratio with denominator 0. By cross products, 0 of 0 would equal every share.
fn is_comparable(value: &MetricValue) -> bool {
    match value {
        MetricValue::Count(_) | MetricValue::Duration(_) => true,
        MetricValue::Ratio(ratio) => ratio.denominator > 0,
        MetricValue::Missing(_) => false,
    }
}

/// Adds an offset to a number. The result is never below zero: no metric is negative.
fn add_offset(number: u64, offset: i64) -> u64 {
    // `i128` holds every sum of a `u64` and an `i64`, so nothing can overflow here.
    let moved = i128::from(number) + i128::from(offset);
    u64::try_from(moved.max(0)).unwrap_or(u64::MAX)
}

/// Compares two values of one metric, which have one unit.
fn compare_values(a: &MetricValue, b: &MetricValue) -> std::cmp::Ordering {
    match (a, b) {
        (MetricValue::Count(a), MetricValue::Count(b)) => a.cmp(b),
        (MetricValue::Duration(a), MetricValue::Duration(b)) => a.median.cmp(&b.median),
        (MetricValue::Ratio(a), MetricValue::Ratio(b)) => {
            let (left, right) =
                (cross_product(a.numerator, b.denominator), cross_product(b.numerator, a.denominator));
            left.cmp(&right)
        }
        (
            MetricValue::Count(_)
            | MetricValue::Ratio(_)
            | MetricValue::Duration(_)
            | MetricValue::Missing(_),
            _,
        ) => std::cmp::Ordering::Equal,
    }
}

fn cross_product(a: u64, b: u64) -> i128 {
    i128::from(a) * i128::from(b)
}

/// Returns `true` if a value is within a limit; a value equal to the limit is. A missing value is never within one.
pub fn is_within_limit(value: &MetricValue, line: ResolvedLimit, is_max: bool) -> bool {
    /// Millionths of a whole.
    const MILLION: i128 = 1_000_000;
    let (value, limit) = match (value, line) {
        (MetricValue::Count(count), ResolvedLimit::Count(limit)) => (i128::from(*count), i128::from(limit)),
        (MetricValue::Duration(spread), ResolvedLimit::Seconds(limit)) => {
            (i128::from(spread.median), i128::from(limit))
        }
        // n/N ≤ m/10⁶ without a division: both sides times N and 10⁶.
        (MetricValue::Ratio(ratio), ResolvedLimit::Millionths(limit)) => {
            (i128::from(ratio.numerator) * MILLION, i128::from(limit) * i128::from(ratio.denominator))
        }
        // n/N ≤ p/P + m/10⁶: both sides times N, P and 10⁶. On overflow, the value is not within the limit.
        (MetricValue::Ratio(ratio), ResolvedLimit::Past(past, offset)) => {
            let sides = || {
                let value = cross_product(ratio.numerator, past.denominator).checked_mul(MILLION)?;
                let past_share = i128::from(past.numerator).checked_mul(MILLION)?;
                let moved = past_share.checked_add(i128::from(offset) * i128::from(past.denominator))?;
                Some((value, moved.max(0).checked_mul(i128::from(ratio.denominator))?))
            };
            match sides() {
                Some(sides) => sides,
                None => return false,
            }
        }
        (
            MetricValue::Count(_),
            ResolvedLimit::Millionths(_) | ResolvedLimit::Seconds(_) | ResolvedLimit::Past(..),
        )
        | (MetricValue::Ratio(_), ResolvedLimit::Count(_) | ResolvedLimit::Seconds(_))
        | (
            MetricValue::Duration(_),
            ResolvedLimit::Count(_) | ResolvedLimit::Millionths(_) | ResolvedLimit::Past(..),
        )
        | (MetricValue::Missing(_), _) => return false,
    };
    if is_max { value <= limit } else { value >= limit }
}

/// Formats a rule's limit: "at most 5 % (warns above 2 %)", "at most previous + 1", "must not increase".
pub fn describe_limit(rule: &Rule) -> String {
    let (limit, is_max) = match rule.limit {
        RuleLimit::Max(limit) => (limit, true),
        RuleLimit::Min(limit) => (limit, false),
        RuleLimit::Trend(trend) => {
            return match trend.must {
                TrendDirection::NotIncrease => "must not increase".into(),
                TrendDirection::Decrease => "must decrease".into(),
            };
        }
    };
    match rule.warn {
        Some(warn) => {
            let beyond = if is_max { "above" } else { "below" };
            format!("{} (warns {beyond} {})", limit_clause(limit, is_max), format_stated_limit(warn))
        }
        None => limit_clause(limit, is_max),
    }
}

/// Formats one limit, for example "at most 5 %".
pub fn limit_clause(limit: LimitValue, is_max: bool) -> String {
    format!("{} {}", if is_max { "at most" } else { "at least" }, format_stated_limit(limit))
}

/// Formats a limit as the policy states it: "0", "2.5 %", "previous + 1".
fn format_stated_limit(limit: LimitValue) -> String {
    match limit {
        LimitValue::Count(count) => count.to_string(),
        LimitValue::Millionths(millionths) => format_millionths(millionths.into()),
        LimitValue::Seconds(seconds) => format_seconds(seconds),
        LimitValue::Relative(RelativeLimit { baseline, offset, unit }) => {
            let baseline = match baseline {
                Baseline::Previous => "previous".to_owned(),
                Baseline::Best(None) => "best".into(),
                Baseline::Best(Some(count)) => format!("best(last {count})"),
                Baseline::Median(count) => format!("median(last {count})"),
            };
            format_offset(&baseline, offset, unit)
        }
    }
}

/// Formats a resolved limit: "3", "2.5 %", "1 of 40 + 1 %".
pub fn format_limit(line: ResolvedLimit) -> String {
    match line {
        ResolvedLimit::Count(count) => count.to_string(),
        ResolvedLimit::Millionths(limit) => format_millionths(limit.into()),
        ResolvedLimit::Seconds(limit) => format_seconds(limit),
        ResolvedLimit::Past(ratio, offset) => {
            format_offset(&format!("{} of {}", ratio.numerator, ratio.denominator), offset, MetricUnit::Ratio)
        }
    }
}

/// Formats a value and its offset, for example "previous + 1".
fn format_offset(value: &str, offset: i64, unit: MetricUnit) -> String {
    let amount = |offset: u64| match unit {
        MetricUnit::Count => offset.to_string(),
        MetricUnit::Ratio => format_millionths(offset),
        MetricUnit::Duration => format_seconds(offset),
    };
    match offset {
        0 => value.to_owned(),
        1.. => format!("{value} + {}", amount(offset.unsigned_abs())),
        _ => format!("{value} - {}", amount(offset.unsigned_abs())),
    }
}

/// Formats a length of time as a policy states it: in days, or in hours if it is not a whole number of days.
fn format_seconds(seconds: u64) -> String {
    const DAY: u64 = 86_400;
    let (count, unit) = match seconds {
        _ if seconds.is_multiple_of(DAY) => (seconds / DAY, "day"),
        _ if seconds.is_multiple_of(3_600) => (seconds / 3_600, "hour"),
        // Policies state whole hours, so this is a limit from an earlier value.
        _ => return format_duration(seconds),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Formats millionths without trailing zeros, for example "2.5 %".
fn format_millionths(millionths: u64) -> String {
    let (whole, rest) = (millionths / 10_000, millionths % 10_000);
    if rest == 0 {
        return format!("{whole} %");
    }
    let decimals = format!("{rest:04}");
    format!("{whole}.{} %", decimals.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Area, DurationSummary};

    fn ratio(numerator: u64, denominator: u64) -> MetricValue {
        MetricValue::Ratio(Ratio { numerator, denominator })
    }

    #[test]
    fn a_value_equal_to_the_limit_keeps_it() {
        assert!(is_within_limit(&MetricValue::Count(3), ResolvedLimit::Count(3), true));
        assert!(is_within_limit(&MetricValue::Count(3), ResolvedLimit::Count(3), false));
        assert!(is_within_limit(&ratio(1, 20), ResolvedLimit::Millionths(50_000), true));
        assert!(is_within_limit(&ratio(1, 20), ResolvedLimit::Millionths(50_000), false));
        let past = ResolvedLimit::Past(Ratio { numerator: 1, denominator: 40 }, 25_000);
        assert!(is_within_limit(&ratio(1, 20), past, true) && is_within_limit(&ratio(1, 20), past, false));
    }

    #[test]
    fn comparing_a_share_does_not_round() {
        // 1/3 is 33.3333 % and a bit: more than the limit by less than any float would show.
        assert!(!is_within_limit(&ratio(1, 3), ResolvedLimit::Millionths(333_333), true));
        assert!(is_within_limit(&ratio(1, 3), ResolvedLimit::Millionths(333_334), true));
        assert!(!is_within_limit(&ratio(u64::MAX, u64::MAX), ResolvedLimit::Millionths(999_999), true));
    }

    #[test]
    fn a_missing_value_keeps_no_bound() {
        let missing = MetricValue::Missing(MissingReason { reason: "nothing".into(), lack: Lack::NotYet });
        assert!(
            !is_within_limit(&missing, ResolvedLimit::Count(0), true)
                && !is_within_limit(&missing, ResolvedLimit::Count(0), false)
        );
    }

    #[test]
    fn limits_are_printed_as_they_were_written() {
        for (millionths, text) in
            [(50_000, "5 %"), (25_000, "2.5 %"), (5_000, "0.5 %"), (1, "0.0001 %"), (1_000_000, "100 %")]
        {
            assert_eq!(format_stated_limit(LimitValue::Millionths(millionths)), text);
        }
    }

    fn counts(counts: &[u64]) -> Vec<Measurement> {
        let measured = |count| Measurement {
            value: MetricValue::Count(count),
            ..Measurement::missing("", Lack::Undefined)
        };
        counts.iter().map(|count| measured(*count)).collect()
    }

    fn past(baseline: Baseline, offset: i64) -> LimitValue {
        LimitValue::Relative(RelativeLimit { baseline, offset, unit: MetricUnit::Count })
    }

    #[test]
    fn the_past_draws_the_line_that_was_asked_for() {
        let earlier = counts(&[3, 1, 4, 2]);
        for (limit, is_max, expected) in [
            (past(Baseline::Previous, 0), true, 3),
            (past(Baseline::Previous, 1), true, 4),
            (past(Baseline::Previous, -5), true, 0),
            (past(Baseline::Best(None), 0), true, 1),
            (past(Baseline::Best(None), 0), false, 4),
            (past(Baseline::Best(Some(1)), 0), true, 3),
            // Of 1, 2, 3 and 4 the better one of the two in the middle.
            (past(Baseline::Median(4), 0), true, 2),
            (past(Baseline::Median(4), 0), false, 3),
            (past(Baseline::Median(3), 0), true, 3),
        ] {
            assert_eq!(
                resolve_limit(limit, is_max, &earlier),
                Ok(ResolvedLimit::Count(expected)),
                "{}",
                format_stated_limit(limit)
            );
        }
    }

    #[test]
    fn a_time_is_held_against_a_time_to_the_second() {
        let time = |median| MetricValue::Duration(DurationSummary { median, mean: 0, count: 1 });
        let day = ResolvedLimit::Seconds(86_400);
        assert!(is_within_limit(&time(86_400), day, true) && is_within_limit(&time(86_400), day, false));
        assert!(!is_within_limit(&time(86_401), day, true) && !is_within_limit(&time(86_399), day, false));
        assert!(
            !is_within_limit(&time(0), ResolvedLimit::Count(1), true),
            "a time keeps no bound of another unit"
        );
        let before = [Measurement { value: time(3_600), ..Measurement::missing("", Lack::Undefined) }];
        let later = RelativeLimit { baseline: Baseline::Previous, offset: 7_200, unit: MetricUnit::Duration };
        assert_eq!(
            resolve_limit(LimitValue::Relative(later), true, &before),
            Ok(ResolvedLimit::Seconds(10_800))
        );
        for (seconds, text) in [
            (86_400, "1 day"),
            (90 * 86_400, "90 days"),
            (36 * 3_600, "36 hours"),
            (100 * 3_600, "100 hours"),
            // A limit from an earlier value is rounded up: 1 hour would be a limit that nothing states.
            (5_400, "2 hours"),
        ] {
            assert_eq!(format_stated_limit(LimitValue::Seconds(seconds)), text);
        }
    }

    #[test]
    fn unread_earlier_value_is_no_lack_of_data() {
        let missing = |lack| Measurement::missing("why", lack);
        let lack = |earlier: &[Measurement]| {
            resolve_limit(past(Baseline::Best(None), 0), true, earlier).map_err(|absence| absence.lack)
        };
        // `insufficient: pass` lets a rule pass for `NotYet` alone.
        assert_eq!(
            lack(&[missing(Lack::NotYet), missing(Lack::Unread(Area::Issues))]),
            Err(Lack::Unread(Area::Issues))
        );
        assert_eq!(lack(&[missing(Lack::Undefined), missing(Lack::NotYet)]), Err(Lack::Undefined));
        assert_eq!(lack(&[missing(Lack::NotYet)]), Err(Lack::NotYet));
    }

    #[test]
    fn without_a_past_there_is_no_line() {
        assert!(resolve_limit(past(Baseline::Previous, 3), true, &[]).is_err());
        let missing = [Measurement::missing("nothing in scope", Lack::NotYet)];
        assert!(resolve_limit(past(Baseline::Best(None), 3), true, &missing).is_err());
        assert_eq!(resolve_limit(LimitValue::Count(3), true, &[]), Ok(ResolvedLimit::Count(3)));
    }
}
