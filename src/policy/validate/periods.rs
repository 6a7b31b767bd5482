//! `periods`: periods that repeat, for `over`.

use jiff::civil::Date;

use super::rules::kebab_case;
use super::scope::{days, is_reserved};
use super::{LONGEST_DAYS, exceptions};
use crate::model::{Anchored, PeriodName};
use crate::policy::code::Code;
use crate::policy::keys::PERIOD;
use crate::policy::language::{
    Draft, Field, Fields, Node, Problems, Scalar, Spanned, quote, read_scalar, read_text,
};

/// A period as it is written.
struct SpannedPeriod {
    starts: Field<String>,
    length: Field<Scalar>,
}

/// Reads the periods by name; `None` if one of them is wrong.
pub(in crate::policy) fn read_periods(policy: &Fields<'_>, problems: &mut Problems) -> Option<Vec<Anchored>> {
    let mut periods = Some(Vec::new());
    for (name, field) in policy.open_keys("periods", problems, read_period) {
        let known = check_name(&name, problems);
        let period = field.good().and_then(|at| check_period(&name, at, problems));
        periods = match (periods, known, period) {
            (Some(mut periods), Some(name), Some((starts, days))) => {
                periods.push(Anchored { name, starts, days });
                Some(periods)
            }
            (_, _, _) => None,
        };
    }
    periods
}

fn read_period(node: &Node, name: &str, problems: &mut Problems) -> Option<SpannedPeriod> {
    let fields = Fields::open(node, name, PERIOD, problems)?;
    let starts = fields.get("starts", problems, read_text);
    Some(SpannedPeriod { starts, length: fields.get("length", problems, read_scalar) })
}

fn check_name(name: &Spanned<String>, problems: &mut Problems) -> Option<PeriodName> {
    let text = kebab_case(name, "the name of a period", problems)?;
    if is_reserved(&text) {
        let draft = Draft::new(Code::UnknownPeriod, &name.span, format!("`{text}` is a scope already"));
        problems.push(draft.help("give the period another name, such as `sprint`"));
        return None;
    }
    let short = PeriodName::new(&text);
    if short.is_none() {
        let message = format!("the name of a period has at most {} characters", PeriodName::LONGEST);
        problems.push(Draft::new(Code::TooBig, &name.span, message).help("shorten it"));
    }
    short
}

fn check_period(
    name: &Spanned<String>,
    at: &Spanned<SpannedPeriod>,
    problems: &mut Problems,
) -> Option<(Date, u32)> {
    for (key, is_absent, help) in [
        ("starts", at.value.starts.is_absent(), "add `starts: 2026-01-05`, the first day of any of them"),
        ("length", at.value.length.is_absent(), "add `length: 2w`"),
    ] {
        if is_absent {
            let message = format!("the period {} needs `{key}`", quote(&name.value));
            problems.push(Draft::new(Code::MissingKey, &at.span, message).help(help));
        }
    }
    let help = "write year, month and day: `2026-01-05`";
    let starts = at.value.starts.good().and_then(|at| exceptions::date(at, help, problems));
    let days = at.value.length.good().and_then(|at| {
        // A period of 0 days never moves on.
        let days = days(&at.value.0).filter(|days| (1..=LONGEST_DAYS).contains(days));
        if days.is_none() {
            let message = format!("{} is not a length in days or weeks", quote(&at.value.0));
            let help = format!("write `10d` or `2w`, at most {LONGEST_DAYS} days");
            problems.push(Draft::new(Code::BadDuration, &at.span, message).help(help));
        }
        days
    });
    starts.zip(days)
}
