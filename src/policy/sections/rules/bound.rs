//! `max`, `min` and `warn` of a rule: limits in the unit of its metric.

use super::past::{is_relative, relative};
use crate::model::{MetricId, MetricUnit};
use crate::policy::code::Code;
use crate::policy::language::{Draft, Fields, Problems, Scalar, Spanned, quote, read_scalar, visible};
use crate::policy::numbers::{PERCENT, Shape, check_size, is_digits, parse_hours, percentage, shape};
use crate::policy::{LimitValue, RelativeLimit, RuleLimit};

/// Returns the limit of a rule. Reports a rule without exactly one valid limit, and returns `None`.
pub(super) fn read_bound(
    rule: &Fields<'_>,
    metric: Option<MetricId>,
    problems: &mut Problems,
) -> Option<RuleLimit> {
    let unit = metric.map(MetricId::unit);
    let (max, min) = (rule.get("max", problems, read_scalar), rule.get("min", problems, read_scalar));
    let is_alone = max.is_absent() || min.is_absent();
    let max = max.good().map(|at| (at, limit(at, unit, "max", problems)));
    let min = min.good().map(|at| (at, limit(at, unit, "min", problems)));
    match (max, min) {
        (Some((max, _)), Some((min, _))) => {
            problems.push(
                Draft::new(Code::TwoBounds, &min.span, "a rule has either `max` or `min`")
                    .see(&max.span, "the other limit")
                    .help("write two rules, each with its own id"),
            );
            None
        }
        // A `min` that is present and invalid has been reported. Ignoring it would accept half of the rule.
        (Some((at, limit)), None) => {
            always_holds(limit.filter(|_| is_alone).map(RuleLimit::Max)?, at, rule, problems)
        }
        (None, Some((at, limit))) => {
            always_holds(limit.filter(|_| is_alone).map(RuleLimit::Min)?, at, rule, problems)
        }
        (None, None) => {
            if rule.is_absent("max") && rule.is_absent("min") {
                let help = match unit {
                    Some(MetricUnit::Ratio) => "add `max: 5%`, or `min: 95%` where more is better",
                    Some(MetricUnit::Duration) => "add `max: 90d`",
                    Some(MetricUnit::Count) | None => "add `max: 0`, or `min: 1` where more is better",
                };
                let draft =
                    Draft::new(Code::NoBound, rule.span(), "a rule needs a limit: `max`, `min` or `trend`");
                problems.push(draft.help(help));
            }
            None
        }
    }
}

/// Returns the warning limit of a rule: `Some(None)` without one. Reports an invalid one, and returns `None`.
pub(super) fn read_warn(
    rule: &Fields<'_>,
    metric: Option<MetricId>,
    bound: Option<RuleLimit>,
    problems: &mut Problems,
) -> Option<Option<LimitValue>> {
    rule.get("warn", problems, read_scalar).check_optional(|at| {
        let warn = limit(at, metric.map(MetricId::unit), "warn", problems)?;
        is_milder(warn, at, rule, bound?, problems).then_some(warn)
    })
}

/// Returns `false` for a warning limit beyond which the rule has failed already, which is then reported.
fn is_milder(
    warn: LimitValue,
    at: &Spanned<Scalar>,
    rule: &Fields<'_>,
    bound: RuleLimit,
    problems: &mut Problems,
) -> bool {
    let (name, fail, is_max) = match bound {
        RuleLimit::Max(fail) => ("max", fail, true),
        RuleLimit::Min(fail) => ("min", fail, false),
        RuleLimit::Trend(_) => return false,
    };
    // Earlier values are not known yet, so limits relative to different values cannot be compared.
    let Some((warned, failed)) = comparable(warn, fail) else { return true };
    let beyond = if is_max { warned > failed } else { warned < failed };
    let code = match (beyond, warned == failed) {
        (true, _) => Code::WarnBeyondBound,
        (false, true) => Code::WarnAtBound,
        (false, false) => return true,
    };
    let side = if is_max { "smaller" } else { "greater" };
    let message = if beyond {
        format!("the rule fails at `{name}` before it warns at `warn`")
    } else {
        format!("`warn` is equal to `{name}`, so that the rule never warns")
    };
    let mut draft = Draft::new(code, &at.span, message).help(format!("write a `warn` {side} than `{name}`"));
    if let Some(span) = rule.value_span(name) {
        draft = draft.see(span, format!("`{name}`"));
    }
    problems.push(draft);
    !beyond
}

/// Returns the number of a limit in the unit of its metric. Reports any other text, and returns `None`.
pub(in crate::policy) fn limit(
    at: &Spanned<Scalar>,
    unit: Option<MetricUnit>,
    key: &str,
    problems: &mut Problems,
) -> Option<LimitValue> {
    let text = at.value.0.as_str();
    if is_relative(text) {
        return unit.and_then(|unit| relative(at, unit, problems));
    }
    let quoted = quote(text);
    let draft = match (shape(text), unit) {
        (Shape::NotFinite, _) => Draft::new(
            Code::NotFinite,
            &at.span,
            format!("{quoted} is not a number that a value can be compared with"),
        )
        .help("write a number; to have no limit, remove the rule"),
        (Shape::Negative, _) => {
            Draft::new(Code::Negative, &at.span, "a limit cannot be negative: no metric is")
                .help("write 0 or more")
        }
        // Without a metric, the number has no unit to check; the missing metric has been reported.
        (_, None) => return None,
        (Shape::Percent, Some(MetricUnit::Count)) => Draft::new(
            Code::PercentOnCount,
            &at.span,
            "a percentage cannot limit a count: a baseline of 0 has no percentage",
        )
        .help(format!("write a whole number, such as `{key}: 0`")),
        (_, Some(MetricUnit::Duration)) => match parse_hours(text) {
            Some(hours) => return Some(LimitValue::Seconds(u64::from(hours) * 3_600)),
            None => Draft::new(Code::NotADuration, &at.span, format!("{quoted} is not a length of time"))
                .help(format!("write hours, days or weeks, such as `{key}: 90d`")),
        },
        (_, Some(MetricUnit::Count)) if is_digits(text) => {
            return check_size(at, problems).map(LimitValue::Count);
        }
        (Shape::Fraction, Some(MetricUnit::Count)) => {
            Draft::new(Code::Fraction, &at.span, "the limit of a count is a whole number")
                .help(format!("write digits only, such as `{key}: 0`"))
        }
        (Shape::Percent, Some(MetricUnit::Ratio)) => {
            return percentage(at, text, problems).map(LimitValue::Millionths);
        }
        // Zero needs no `%`: 0 and 0 % are the same share.
        (_, Some(MetricUnit::Ratio)) if is_digits(text) && text.bytes().all(|byte| byte == b'0') => {
            return Some(LimitValue::Millionths(0));
        }
        // `0.05` could mean 5 % or 0.05 %. A limit must not depend on such a guess.
        (Shape::Fraction, Some(MetricUnit::Ratio)) => {
            Draft::new(Code::MissingPercent, &at.span, "the limit of a ratio is a percentage")
                .help(format!("write the percentage that is meant: `{key}: 5%`, not `{key}: 0.05`"))
        }
        (Shape::Other, Some(MetricUnit::Ratio)) if is_digits(text) => {
            Draft::new(Code::MissingPercent, &at.span, "the limit of a ratio is a percentage")
                .help(format!("write `{key}: {text}%`"))
        }
        (Shape::Other, Some(MetricUnit::Count)) => {
            let help = format!("write a whole number in decimal digits, such as `{key}: 0`");
            Draft::new(Code::NotABound, &at.span, format!("{quoted} is not a limit")).help(help)
        }
        (Shape::Other, Some(MetricUnit::Ratio)) => {
            let help = format!("write a percentage, such as `{key}: 5%`");
            Draft::new(Code::NotABound, &at.span, format!("{quoted} is not a limit")).help(help)
        }
    };
    problems.push(draft);
    None
}

/// Returns the limit, and warns about one that no value can exceed. With `warn` it is intended: such a rule only warns.
fn always_holds(
    bound: RuleLimit,
    at: &Spanned<Scalar>,
    rule: &Fields<'_>,
    problems: &mut Problems,
) -> Option<RuleLimit> {
    let (holds, other) = match bound {
        RuleLimit::Min(LimitValue::Count(limit) | LimitValue::Seconds(limit)) => (limit == 0, "max"),
        RuleLimit::Min(LimitValue::Millionths(limit)) => (limit == 0, "max"),
        RuleLimit::Max(LimitValue::Millionths(millionths)) => (millionths >= 100 * PERCENT, "min"),
        RuleLimit::Max(LimitValue::Count(_) | LimitValue::Seconds(_) | LimitValue::Relative(_))
        | RuleLimit::Min(LimitValue::Relative(_))
        | RuleLimit::Trend(_) => return Some(bound),
    };
    if holds && rule.is_absent("warn") {
        let draft =
            Draft::new(Code::AlwaysHolds, &at.span, "every value keeps this limit, so the rule never fails");
        problems.push(draft.help(format!("did you mean `{other}: {}`?", visible(&at.value.0))));
    }
    Some(bound)
}

/// Returns two limits as numbers of one unit; `None` if they cannot be compared before earlier values are known.
pub(in crate::policy) fn comparable(one: LimitValue, other: LimitValue) -> Option<(i128, i128)> {
    let absolute = |limit: LimitValue| match limit {
        LimitValue::Count(count) => Some(i128::from(count)),
        LimitValue::Millionths(millionths) => Some(i128::from(millionths)),
        LimitValue::Seconds(seconds) => Some(i128::from(seconds)),
        LimitValue::Relative(_) => None,
    };
    match (one, other) {
        (
            LimitValue::Relative(RelativeLimit { baseline, offset, .. }),
            LimitValue::Relative(RelativeLimit { baseline: same, offset: to, .. }),
        ) => (baseline == same).then_some((i128::from(offset), i128::from(to))),
        (
            LimitValue::Count(_)
            | LimitValue::Millionths(_)
            | LimitValue::Seconds(_)
            | LimitValue::Relative(_),
            _,
        ) => absolute(one).zip(absolute(other)),
    }
}
