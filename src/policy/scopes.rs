//! Scopes of rules and of quality gates: the words of `over`.

use crate::model::{Anchored, Area, MetricId, Over};
use crate::policy::checks::unknown;
use crate::policy::code::Code;
use crate::policy::language::{Draft, Problems, Spanned, nearest_name, quote};
use crate::policy::numbers::{LONGEST_DAYS, parse_days, parse_digits};

/// Scopes that are one word.
const WORDS: [(&str, Over); 6] = [
    ("candidate", Over::Candidate),
    ("current", Over::Current),
    ("supported", Over::Supported),
    ("month", Over::Month),
    ("quarter", Over::Quarter),
    ("all", Over::All),
];

/// Usual names of planning periods. For one that the policy does not define, the message names the key `periods`.
const USUAL_PERIODS: [&str; 7] =
    ["sprint", "iteration", "cycle", "increment", "release-train", "program-increment", "week"];

/// Returns a scope. Reports one that is invalid or does not fit the metric, and returns `None`.
pub(super) fn check_over(
    at: &Spanned<String>,
    metric: Option<MetricId>,
    periods: Option<&[Anchored]>,
    problems: &mut Problems,
) -> Option<Over> {
    let Some(over) = parse_over(&at.value, periods.unwrap_or_default()) else {
        // Where the periods themselves are wrong, one of them may be meant.
        if let Some(draft) = periods.map(|periods| unknown_over(at, periods)) {
            problems.push(draft);
        }
        return None;
    };
    if metric == Some(MetricId::Blockers) && over != Over::Candidate {
        let message = "`blockers` looks at everything that blocks the candidate, and at no other releases";
        problems.push(Draft::new(Code::KeyNotOfMetric, &at.span, message).help("leave `over` out"));
        return None;
    }
    if metric.is_some_and(is_tests) && over != Over::Candidate {
        let message = "test results are those of the candidate, so a test metric has no other scope";
        problems.push(Draft::new(Code::OverOnTests, &at.span, message).help("leave `over` out"));
        return None;
    }
    Some(over)
}

/// Returns the problem of a scope that cannot be read.
fn unknown_over(at: &Spanned<String>, periods: &[Anchored]) -> Draft {
    let named: Vec<&str> = periods.iter().map(|period| period.name.as_str()).collect();
    let word = at.value.rsplit(' ').next().unwrap_or_default();
    let singular = word.strip_suffix('s').unwrap_or(word);
    // "Did you mean `current`?" would not help a team that has sprints.
    if USUAL_PERIODS.contains(&singular) && parse_counted(&at.value).is_some() {
        let message = format!("{} is no period of this policy", quote(singular));
        return Draft::new(Code::UnknownPeriod, &at.span, message).help(format!(
            "add `periods: {{ {singular}: {{ starts: 2026-01-05, length: 2w }} }}` with the first day of any of them"
        ));
    }
    let known = || WORDS.iter().map(|(name, _)| *name).chain(named.iter().copied());
    let draft = unknown(Code::UnknownOver, at, "a scope", known());
    match nearest_name(&at.value, known()) {
        Some(_) => draft,
        None => draft.help(format!(
            "write `candidate`, `current`, `supported`, `last 3 releases`, `90d`, `12w`, `month`, `last quarter`, `all`, or \
             a name of `periods` (at least one release or day, at most {LONGEST_DAYS} days)"
        )),
    }
}

/// Returns `true` if the metric needs test results.
pub(super) fn is_tests(metric: MetricId) -> bool {
    metric.needs().contains(&Area::Tests)
}

/// Returns `true` for words that are scopes by themselves.
pub(super) fn is_reserved(name: &str) -> bool {
    let counted = ["release", "releases", "months", "quarters", "last"];
    WORDS.iter().any(|(word, _)| *word == name) || counted.contains(&name) || parse_days(name).is_some()
}

/// Parses the count and the noun of a period: 0 for "sprint", the running one; 1 for "last sprint"; 3 for "last 3 sprints".
fn parse_counted(text: &str) -> Option<(u32, &str)> {
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        [word] => Some((0, word)),
        ["last", word] => Some((1, word)),
        ["last", count, word] => Some((parse_digits(count).filter(|count| *count > 0)?, word)),
        _ => None,
    }
}

/// Parses a scope. `periods` are those of the policy.
pub(super) fn parse_over(text: &str, periods: &[Anchored]) -> Option<Over> {
    if let Some((_, over)) = WORDS.iter().find(|(name, _)| *name == text) {
        return Some(*over);
    }
    if let Some(days) = parse_days(text) {
        return (1..=LONGEST_DAYS).contains(&days).then_some(Over::LastDays(days));
    }
    let (count, word) = parse_counted(text)?;
    match (count, word) {
        (0, _) => {}
        (_, "release" | "releases") => return Some(Over::LastReleases(count)),
        (_, "month" | "months") => return Some(Over::LastMonths(count)),
        (_, "quarter" | "quarters") => return Some(Over::LastQuarters(count)),
        (_, _) => {}
    }
    let singular = word.strip_suffix('s').unwrap_or(word);
    let named = |name: &str| periods.iter().find(|period| period.name.as_str() == name);
    // "last sprints" without a number is more likely a mistake than one sprint.
    let period = *named(word).or_else(|| named(singular).filter(|_| count > 1))?;
    Some(if count == 0 { Over::Period(period) } else { Over::LastPeriods(period, count) })
}
