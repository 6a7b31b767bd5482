//! Periods that repeat, and which labels of release lines are complete.

use super::super::code::Code;
use super::super::raw::RawPeriod;
use super::{LONGEST_DAYS, exceptions, rules, scope};
use crate::model::{Anchored, PeriodName};
use crate::policy::language::{Draft, Field, Named, Problems, quote};

/// The periods by name; `None` if something is wrong with one of them, which is then reported.
pub(super) fn periods(raw: &Named<Field<RawPeriod>>, problems: &mut Problems) -> Option<Vec<Anchored>> {
    let mut periods = Some(Vec::new());
    for (name, field) in raw {
        let known = rules::kebab_case(name, "the name of a period", problems).and_then(|text| {
            if scope::is_reserved(&text) {
                let message = format!("`{text}` is a scope already");
                let draft = Draft::new(Code::UnknownPeriod, &name.span, message);
                problems.push(draft.help("give the period another name, such as `sprint`"));
                return None;
            }
            let short = PeriodName::new(&text);
            if short.is_none() {
                let message = format!("the name of a period has at most {} characters", PeriodName::LONGEST);
                problems.push(Draft::new(Code::TooBig, &name.span, message).help("shorten it"));
            }
            short
        });
        let period = field.good().and_then(|at| {
            for (key, is_absent, help) in [
                (
                    "starts",
                    at.value.starts.is_absent(),
                    "add `starts: 2026-01-05`, the first day of any of them",
                ),
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
                let days = scope::days(&at.value.0).filter(|days| (1..=LONGEST_DAYS).contains(days));
                if days.is_none() {
                    let message = format!("{} is not a length in days or weeks", quote(&at.value.0));
                    let help = format!("write `10d` or `2w`, at most {LONGEST_DAYS} days");
                    problems.push(Draft::new(Code::BadDuration, &at.span, message).help(help));
                }
                days
            });
            starts.zip(days)
        });
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
