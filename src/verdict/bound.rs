//! Values against limits, exactly.

use crate::model::Value;
use crate::policy::{Bound, Limit, Rule};

/// True if a value keeps a limit; a value equal to the limit does. A missing value keeps none.
pub fn keeps(value: &Value, limit: Limit, is_max: bool) -> bool {
    let (value, limit) = match (value, limit) {
        (Value::Count(count), Limit::Count(limit)) => (u128::from(*count), u128::from(limit)),
        // n/N ≤ m/10⁶ without a division: both sides times N and 10⁶.
        (Value::Ratio(ratio), Limit::Millionths(limit)) => {
            (u128::from(ratio.numerator) * 1_000_000, u128::from(limit) * u128::from(ratio.denominator))
        }
        (Value::Count(_), Limit::Millionths(_))
        | (Value::Ratio(_), Limit::Count(_))
        | (Value::Missing(_), _) => {
            return false;
        }
    };
    if is_max { value <= limit } else { value >= limit }
}

/// A rule's bound for a person: "at most 5 % (warns above 2 %)".
pub fn describe(rule: &Rule) -> String {
    let (limit, is_max) = match rule.bound {
        Bound::Max(limit) => (limit, true),
        Bound::Min(limit) => (limit, false),
    };
    match rule.warn {
        Some(warn) => {
            let beyond = if is_max { "above" } else { "below" };
            format!("{} (warns {beyond} {})", side(limit, is_max), number(warn))
        }
        None => side(limit, is_max),
    }
}

/// "at most 5 %".
pub fn side(limit: Limit, is_max: bool) -> String {
    format!("{} {}", if is_max { "at most" } else { "at least" }, number(limit))
}

/// A limit in its unit: "0", "2.5 %".
fn number(limit: Limit) -> String {
    match limit {
        Limit::Count(count) => count.to_string(),
        Limit::Millionths(millionths) => {
            let (whole, rest) = (millionths / 10_000, millionths % 10_000);
            if rest == 0 {
                return format!("{whole} %");
            }
            let decimals = format!("{rest:04}");
            format!("{whole}.{} %", decimals.trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Absence, Ratio};

    fn ratio(numerator: u64, denominator: u64) -> Value {
        Value::Ratio(Ratio { numerator, denominator })
    }

    #[test]
    fn a_value_equal_to_the_limit_keeps_it() {
        assert!(keeps(&Value::Count(3), Limit::Count(3), true));
        assert!(keeps(&Value::Count(3), Limit::Count(3), false));
        assert!(keeps(&ratio(1, 20), Limit::Millionths(50_000), true));
        assert!(keeps(&ratio(1, 20), Limit::Millionths(50_000), false));
    }

    #[test]
    fn comparing_a_share_does_not_round() {
        // 1/3 is 33.3333 % and a bit: more than the limit by less than any float would show.
        assert!(!keeps(&ratio(1, 3), Limit::Millionths(333_333), true));
        assert!(keeps(&ratio(1, 3), Limit::Millionths(333_334), true));
        assert!(!keeps(&ratio(u64::MAX, u64::MAX), Limit::Millionths(999_999), true));
    }

    #[test]
    fn a_missing_value_keeps_no_bound() {
        let missing = Value::Missing(Absence { reason: "nothing".into(), unread: None });
        assert!(!keeps(&missing, Limit::Count(0), true) && !keeps(&missing, Limit::Count(0), false));
    }

    #[test]
    fn limits_are_printed_as_they_were_written() {
        for (millionths, text) in
            [(50_000, "5 %"), (25_000, "2.5 %"), (5_000, "0.5 %"), (1, "0.0001 %"), (1_000_000, "100 %")]
        {
            assert_eq!(number(Limit::Millionths(millionths)), text);
        }
    }
}
