//! Limits from earlier values of a metric: relative limits and trends.

use std::ops::Range;

use crate::model::{Anchored, MAX_EARLIER_VALUES, MetricId, MetricUnit, Over};
use crate::policy::checks::known_word;
use crate::policy::code::Code;
use crate::policy::keys::{Key, Merge, ROW, ValueType};
use crate::policy::language::{Draft, Fields, Problems, Scalar, Spanned, quote, read_scalar, read_text};
use crate::policy::numbers::{parse_digits, parse_hours, percentage};
use crate::policy::{Baseline, LimitValue, RelativeLimit, RuleLimit, Trend, TrendDirection};

/// `trend`.
pub(in crate::policy) const TREND: &[Key] = &[
    Key::new(
        "over",
        ROW,
        Merge::Stands(None),
        "Series of 2 to 20 `quarters`, `months`, `weeks` or `releases`.",
    )
    .required(),
    Key::new(
        "must",
        ValueType::Word(|| TrendDirection::ALL.map(TrendDirection::name).to_vec()),
        Merge::Order(&["not-increase", "decrease"]),
        "Required course of the newer half.",
    )
    .required(),
];

/// First words of a relative limit.
const BASELINES: [&str; 3] = ["previous", "best", "median"];

/// Units of a trend, in singular and plural.
const UNITS: [(&str, &str, Over); 4] = [
    ("quarter", "quarters", Over::Quarter),
    ("month", "months", Over::Month),
    ("week", "weeks", Over::LastDays(7)),
    ("release", "releases", Over::Current),
];

/// Returns `true` if a limit is meant to be relative, even if it is misspelled: then the message can name the valid forms.
pub(super) fn is_relative(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && BASELINES.iter().any(|word| text.starts_with(word))
}

/// Reads `previous + 1`, `best`, `best(last 8)`, `median(last 4) - 1%`. Reports any other text, and returns `None`.
pub(super) fn relative(
    at: &Spanned<Scalar>,
    unit: MetricUnit,
    problems: &mut Problems,
) -> Option<LimitValue> {
    let text = at.value.0.as_str();
    // The only sign in a relative limit is that of its offset.
    let end = text.find(['+', '-']).unwrap_or(text.len());
    let (baseline, offset) = text.split_at(end);
    let Some(baseline) = read_baseline(baseline.trim_end()) else {
        let message = format!("{} is not a limit relative to earlier values", quote(text));
        problems.push(Draft::new(Code::BadBaseline, &at.span, message).help(format!(
            "write `previous`, `best`, `best(last 8)` or `median(last 4)`, with `+ 1` or `- 1` behind it if need be; at \
             most {MAX_EARLIER_VALUES} are looked at"
        )));
        return None;
    };
    let offset = match offset.split_at_checked(1) {
        None | Some(("", _)) => 0,
        Some((sign, amount)) => {
            let amount = read_offset(at, amount.trim(), unit, problems)?;
            if sign == "-" { -amount } else { amount }
        }
    };
    Some(LimitValue::Relative(RelativeLimit { baseline, offset, unit }))
}

/// Reads `trend` with its scope. Reports an invalid one, and returns `None`.
pub(super) fn read_trend(
    rule: &Fields<'_>,
    periods: Option<&[Anchored]>,
    problems: &mut Problems,
) -> Option<(Trend, Over)> {
    let trend = rule.section_or_empty("trend", TREND, problems, |trend, problems| {
        let read = check_trend(trend, periods, problems);
        Some((trend.span().clone(), read))
    });
    let mut is_alone = true;
    for key in ["over", "max", "min", "warn"] {
        let place = match key {
            "over" => rule.get(key, problems, read_text).good().map(|at| at.span.clone()),
            _ => rule.get(key, problems, read_scalar).good().map(|at| at.span.clone()),
        };
        is_alone &= rule.is_absent(key);
        let (Some(place), Some((trend, _))) = (place, &trend) else { continue };
        let (code, message, help) = match key {
            "over" => (
                Code::BesideTrend,
                "`over` stands beside `trend`, which says itself what it looks at".to_owned(),
                "leave it out, or put it into `trend`",
            ),
            "warn" => (
                Code::BesideTrend,
                "a trend has no band to warn in".to_owned(),
                "leave it out; a second rule with `level: advisory` warns",
            ),
            _ => (
                Code::TwoBounds,
                format!("a rule has either `{key}` or `trend`"),
                "write two rules, each with its own id",
            ),
        };
        problems.push(Draft::new(code, &place, message).see(trend, "the trend").help(help));
    }
    trend?.1.filter(|_| is_alone)
}

fn check_trend(
    trend: &Fields<'_>,
    periods: Option<&[Anchored]>,
    problems: &mut Problems,
) -> Option<(Trend, Over)> {
    for (key, help) in [("over", "add `over: 4 quarters`"), ("must", "add `must: not-increase`")] {
        if trend.is_absent(key) {
            let message = format!("a trend needs `{key}`");
            problems.push(Draft::new(Code::MissingKey, trend.span(), message).help(help));
        }
    }
    let row = trend.get("over", problems, read_text);
    let row = row.good().and_then(|at| check_row(at, periods, problems));
    let must = trend.get("must", problems, read_text);
    let must = must.good().and_then(|at| {
        known_word(
            at,
            TrendDirection::ALL,
            TrendDirection::name,
            (Code::BadTrend, "what a trend must do"),
            problems,
        )
    });
    let ((count, over), must) = row.zip(must)?;
    Some((Trend { count, must }, over))
}

/// Returns `true` if the metric of a rule has earlier values to compare with. Otherwise, reports that.
pub(super) fn has_past(
    rule: &Fields<'_>,
    metric: MetricId,
    over: Over,
    bound: RuleLimit,
    warn: Option<LimitValue>,
    problems: &mut Problems,
) -> bool {
    let is_relative = |limit: LimitValue| matches!(limit, LimitValue::Relative(_));
    let needs_past = match bound {
        RuleLimit::Max(limit) | RuleLimit::Min(limit) => is_relative(limit) || warn.is_some_and(is_relative),
        RuleLimit::Trend(_) => true,
    };
    if !needs_past {
        return true;
    }
    let limits = ["max", "min", "warn"].into_iter().filter_map(|key| rule.node(key));
    let relative = limits.filter(|node| node.scalar().is_some_and(self::is_relative)).map(|node| &node.span);
    let span = { relative }.next().or(rule.value_span("trend")).unwrap_or(rule.span());
    // Counts and ratios of several periods add up to one of a half; medians do not.
    if metric.unit() == MetricUnit::Duration && matches!(bound, RuleLimit::Trend(_)) {
        let message =
            format!("`{metric}` is a length of time, and the halves of a row of medians have no total");
        let draft = Draft::new(Code::NoHistory, span, message);
        problems.push(draft.help("compare it with its past: `max: previous`, or `max: median(last 4)`"));
        return false;
    }
    if metric == MetricId::TestsTotal {
        return has_only_previous(metric, bound, warn, span, problems);
    }
    if !metric.has_past() {
        let message = format!("`{metric}` has no past to compare with: only its present value is known");
        problems.push(Draft::new(Code::NoHistory, span, message).help("write a number"));
        return false;
    }
    let rows = match over {
        Over::Current
        | Over::LastReleases(_)
        | Over::LastDays(_)
        | Over::Month
        | Over::Quarter
        | Over::LastMonths(_)
        | Over::LastQuarters(_)
        | Over::Period(_)
        | Over::LastPeriods(..) => true,
        Over::Candidate | Over::Supported | Over::All => false,
    };
    if !rows {
        let message = format!("`over: {over}` has no earlier scope of its kind to compare with");
        problems.push(
            Draft::new(Code::NoHistory, span, message)
                .help("write `over: current`, `last 3 releases`, `90d`, `month` or `quarter`"),
        );
    }
    rows
}

/// Returns `true` if the limits need only the previous value: `--tests-before` gives one earlier number of tests.
fn has_only_previous(
    metric: MetricId,
    bound: RuleLimit,
    warn: Option<LimitValue>,
    span: &Range<usize>,
    problems: &mut Problems,
) -> bool {
    let is_previous = |limit: LimitValue| match limit {
        LimitValue::Relative(relative) => relative.baseline == Baseline::Previous,
        LimitValue::Count(_) | LimitValue::Millionths(_) | LimitValue::Seconds(_) => true,
    };
    let fits = match bound {
        RuleLimit::Max(limit) | RuleLimit::Min(limit) => is_previous(limit) && warn.is_none_or(is_previous),
        RuleLimit::Trend(_) => false,
    };
    if !fits {
        let message = format!("of `{metric}` only the value of the previous release is known");
        problems.push(Draft::new(Code::NoHistory, span, message).help("write `min: previous`, or a number"));
    }
    fits
}

fn read_baseline(text: &str) -> Option<Baseline> {
    let (word, count) = match text.split_once('(') {
        None => (text, None),
        Some((word, rest)) => {
            let count = rest.strip_suffix(')')?.trim().strip_prefix("last ")?;
            let count: u32 = count.trim().parse().ok()?;
            (word.trim_end(), Some(count).filter(|count| (1..=MAX_EARLIER_VALUES).contains(count)))
        }
    };
    match (word, count, text.contains('(')) {
        ("previous", None, false) => Some(Baseline::Previous),
        ("best", None, false) => Some(Baseline::Best(None)),
        ("best", Some(count), true) => Some(Baseline::Best(Some(count))),
        ("median", Some(count), true) => Some(Baseline::Median(count)),
        _ => None,
    }
}

fn read_offset(at: &Spanned<Scalar>, text: &str, unit: MetricUnit, problems: &mut Problems) -> Option<i64> {
    let number: Option<i64> =
        Some(text).filter(|t| t.bytes().all(|byte| byte.is_ascii_digit())).and_then(|t| t.parse().ok());
    if unit == MetricUnit::Duration {
        let hours = parse_hours(text);
        if hours.is_none() {
            let message = format!("{} is no length of time that can be added", quote(text));
            let draft = Draft::new(Code::NotADuration, &at.span, message);
            problems.push(draft.help("write hours, days or weeks, such as `previous + 5d`"));
        }
        return hours.map(|hours| i64::from(hours) * 3_600);
    }
    let draft = match (unit, text.strip_suffix('%'), number) {
        (MetricUnit::Count, Some(_), _) => Draft::new(
            Code::PercentOnCount,
            &at.span,
            "a percentage cannot be added to a count: the usual baseline is 0, and any percentage of it is 0",
        )
        .help("write how many more are allowed, such as `previous + 1`"),
        (MetricUnit::Count, None, Some(number)) => return Some(number),
        (MetricUnit::Ratio, Some(_), _) => return percentage(at, text, problems).map(i64::from),
        (MetricUnit::Ratio, None, Some(number)) => {
            Draft::new(Code::MissingPercent, &at.span, "what is added to a ratio are percentage points")
                .help(format!("write `+ {number}%`"))
        }
        (MetricUnit::Count | MetricUnit::Ratio | MetricUnit::Duration, _, _) => {
            Draft::new(Code::BadBaseline, &at.span, format!("{} is nothing that can be added", quote(text)))
                .help("write `previous + 1`, or for a ratio `previous + 1%`")
        }
    };
    problems.push(draft);
    None
}

fn check_row(
    at: &Spanned<String>,
    periods: Option<&[Anchored]>,
    problems: &mut Problems,
) -> Option<(u32, Over)> {
    let words: Vec<&str> = at.value.split(' ').collect();
    let found = match words.as_slice() {
        [count, unit] => {
            let usual = UNITS.iter().find(|(one, many, _)| unit == one || unit == many);
            let own = |name: &str| periods?.iter().find(|period| period.name.as_str() == name);
            let own = own(unit).or_else(|| own(unit.strip_suffix('s')?));
            let over = own.map(|period| Over::Period(*period)).or(usual.map(|(_, _, over)| *over));
            // A trend compares two halves, so it needs at least two periods.
            parse_digits(count).zip(over).filter(|(count, _)| (2..=MAX_EARLIER_VALUES).contains(count))
        }
        _ => None,
    };
    if found.is_none() {
        let message = format!("{} is not a row of periods or releases", quote(&at.value));
        problems.push(Draft::new(Code::BadTrend, &at.span, message).help(format!(
            "write `4 quarters`, `6 months`, `8 weeks`, `5 releases`, or a number of a period of `periods`: at least 2, at most {MAX_EARLIER_VALUES}"
        )));
    }
    found
}
