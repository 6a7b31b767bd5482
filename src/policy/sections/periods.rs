//! `periods`: periods that repeat, for `over`.

use jiff::civil::Date;

use crate::model::{Anchored, PeriodName};
use crate::policy::checks::{all_or_none, check_date, kebab_case};
use crate::policy::code::Code;
use crate::policy::keys::{Key, Merge, ValueType};
use crate::policy::language::{Draft, Fields, Problems, Spanned, quote, read_scalar, read_text};
use crate::policy::numbers::{LONGEST_DAYS, parse_days};
use crate::policy::scopes::is_reserved;

/// A period.
pub(in crate::policy) const PERIOD: &[Key] = &[
    Key::new("starts", ValueType::Date, Merge::Own, "First day of one of its repetitions, in UTC.")
        .required(),
    Key::new("length", ValueType::Duration, Merge::Own, "Length of one repetition.").required(),
];

/// Reads the periods by name; `None` if one of them is wrong.
pub(super) fn read_periods(policy: &Fields<'_>, problems: &mut Problems) -> Option<Vec<Anchored>> {
    let open = |node, name: &str, problems: &mut Problems| Fields::open(node, name, PERIOD, problems);
    all_or_none(policy.open_keys("periods", problems, open), |(name, field)| {
        let known = check_name(&name, problems);
        let period = field.good().and_then(|at| read_period(&name, &at.value, problems));
        let (name, (starts, days)) = known.zip(period)?;
        Some(Anchored { name, starts, days })
    })
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

fn read_period(name: &Spanned<String>, fields: &Fields<'_>, problems: &mut Problems) -> Option<(Date, u32)> {
    for (key, help) in
        [("starts", "add `starts: 2026-01-05`, the first day of any of them"), ("length", "add `length: 2w`")]
    {
        if fields.is_absent(key) {
            let message = format!("the period {} needs `{key}`", quote(&name.value));
            problems.push(Draft::new(Code::MissingKey, fields.span(), message).help(help));
        }
    }
    let help = "write year, month and day: `2026-01-05`";
    let starts = fields.get("starts", problems, read_text);
    let starts = starts.good().and_then(|at| check_date(at, help, problems));
    let length = fields.get("length", problems, read_scalar);
    let days = length.good().and_then(|at| {
        // A period of 0 days never moves on.
        let days = parse_days(&at.value.0).filter(|days| (1..=LONGEST_DAYS).contains(days));
        if days.is_none() {
            let message = format!("{} is not a length in days or weeks", quote(&at.value.0));
            let help = format!("write `10d` or `2w`, at most {LONGEST_DAYS} days");
            problems.push(Draft::new(Code::BadDuration, &at.span, message).help(help));
        }
        days
    });
    starts.zip(days)
}
