//! `over`, `where` and `per` of a rule.

mod class;
mod name;

use super::{LONGEST_DAYS, empty_list, known_word, unknown};
use policy_lang::LanguageProblem;

use crate::model::{
    Anchored, Area, DefectAttribute, DefectFilter, MetricId, Over, Selection, Severity, same_name,
};
use crate::policy::Defects;
use crate::policy::code::Code;
use crate::policy::keys::NOT;
use crate::policy::language::{
    Draft, Fields, Node, NodeKind, Problems, Spanned, nearest_name, quote, read_text, read_text_or_texts,
};

/// Scopes that are one word.
const WORDS: [(&str, Over); 6] = [
    ("candidate", Over::Candidate),
    ("current", Over::Current),
    ("supported", Over::Supported),
    ("month", Over::Month),
    ("quarter", Over::Quarter),
    ("all", Over::All),
];

/// Returns the days of a duration such as `30d` or `4w`.
pub(super) fn days(text: &str) -> Option<u32> {
    let (number, factor) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(days), _) => (days, 1),
        (None, Some(weeks)) => (weeks, 7),
        (None, None) => return None,
    };
    whole(number)?.checked_mul(factor)
}

/// Returns a scope. Reports one that is invalid or does not fit the metric, and returns `None`.
pub(super) fn check_over(
    at: &Spanned<String>,
    metric: Option<MetricId>,
    periods: Option<&[Anchored]>,
    problems: &mut Problems,
) -> Option<Over> {
    let Some(over) = parse(&at.value, periods.unwrap_or_default()) else {
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

/// Usual names of planning periods. For one that the policy does not define, the message names the key `periods`.
const USUAL_PERIODS: [&str; 7] =
    ["sprint", "iteration", "cycle", "increment", "release-train", "program-increment", "week"];

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

/// Reads `where`. Reports a condition that is invalid or that no defect can meet, and returns `None`.
pub(super) fn read_filter(
    rule: &Fields<'_>,
    metric: Option<MetricId>,
    defects: Option<&Defects>,
    problems: &mut Problems,
) -> Option<DefectFilter> {
    let conditions = rule.open_keys("where", problems, read_selection);
    match (rule.key_span("where"), metric) {
        (Some(place), Some(MetricId::Blockers)) => {
            let message = "`blockers` counts what `defects.blocking` selects, and `where` selects defects";
            let help = "leave `where` out, and narrow `defects.blocking`";
            problems.push(Draft::new(Code::KeyNotOfMetric, place, message).help(help));
            return None;
        }
        (Some(place), Some(metric)) if is_tests(metric) => {
            let message = format!("`{metric}` counts tests, and `where` selects defects");
            problems.push(Draft::new(Code::FilterOnTests, place, message).help("leave `where` out"));
        }
        (_, _) => {}
    }
    let mut whole = true;
    let mut filter = DefectFilter::default();
    for (name, field) in conditions {
        let what = "something that defects are selected by";
        let (Some(attribute), Some(selection)) = (attribute(&name, what, problems), field.good()) else {
            whole = false;
            continue;
        };
        if attribute == DefectAttribute::Class {
            whole &= class::fits(&name, metric, problems);
        }
        let (not, values) = &selection.value;
        if values.value.is_empty() {
            problems.push(empty_list(values, &format!("`{}`", attribute.name())));
            whole = false;
        }
        for value in &values.value {
            whole &= selects(attribute, value, defects, problems);
        }
        let values = values.value.iter().map(|value| value.value.clone()).collect();
        filter =
            filter.and(attribute, if *not { Selection::NoneOf(values) } else { Selection::AnyOf(values) });
    }
    whole.then_some(filter)
}

/// Reads one value, a list of which any will do, or `{ not: … }`, for which it returns `true`.
fn read_selection(
    node: &Node,
    name: &str,
    problems: &mut Problems,
) -> Option<(bool, Spanned<Vec<Spanned<String>>>)> {
    let (node, not) = match &node.kind {
        NodeKind::Map(_) => {
            let fields = Fields::open(node, name, NOT, problems)?;
            let Some(inner) = fields.node("not") else {
                let message = format!("{name} needs `not`, or values");
                let draft = Draft::structural(LanguageProblem::MissingKey, &node.span, message);
                let help = "write `[a, b]` for any of them, or `{ not: [a, b] }` for none of them";
                problems.push(draft.help(help));
                return None;
            };
            (inner, true)
        }
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::List(_) => (node, false),
    };
    let value = read_text_or_texts(node, name, problems)?;
    Some((not, Spanned { value, span: node.span.clone() }))
}

/// Reads `per`: `Some(None)` without one. Reports an invalid one, and returns `None`.
pub(super) fn read_per(
    rule: &Fields<'_>,
    metric: Option<MetricId>,
    defects: Option<&Defects>,
    problems: &mut Problems,
) -> Option<Option<DefectAttribute>> {
    rule.get("per", problems, read_text).check_optional(|at| {
        let attribute = attribute(at, "something that defects are grouped by", problems)?;
        let (code, message) = match metric {
            _ if attribute == DefectAttribute::Class => {
                class::report_groups(at, problems);
                return None;
            }
            Some(metric) if is_tests(metric) => {
                (Code::FilterOnTests, format!("`{metric}` counts tests, and `per` groups defects"))
            }
            Some(MetricId::Blockers) => {
                let message = "`blockers` counts issues and pull requests, and `per` groups defects";
                (Code::KeyNotOfMetric, message.to_owned())
            }
            Some(_) | None => return has_labels(attribute, at, defects, problems).then_some(attribute),
        };
        problems.push(Draft::new(code, &at.span, message).help("leave `per` out"));
        None
    })
}

fn attribute(at: &Spanned<String>, what: &str, problems: &mut Problems) -> Option<DefectAttribute> {
    known_word(at, DefectAttribute::ALL, DefectAttribute::name, (Code::UnknownAttribute, what), problems)
}

/// Returns `true` if the metric needs test results.
pub(super) fn is_tests(metric: MetricId) -> bool {
    metric.needs().contains(&Area::Tests)
}

/// Returns `true` if a defect can have this value of an attribute; otherwise that is reported.
fn selects(
    attribute: DefectAttribute,
    value: &Spanned<String>,
    defects: Option<&Defects>,
    problems: &mut Problems,
) -> bool {
    if value.value.trim().is_empty() {
        let message = format!("an empty {}", attribute.name());
        problems.push(
            Draft::new(Code::EmptyText, &value.span, message).help("write a name, or leave the key out"),
        );
        return false;
    }
    match attribute {
        DefectAttribute::Severity => selects_severity(value, defects, problems),
        DefectAttribute::Class => class::selects(value, defects, problems),
        DefectAttribute::Component
        | DefectAttribute::Team
        | DefectAttribute::Kind
        | DefectAttribute::FoundBy
        | DefectAttribute::RootCause
        | DefectAttribute::DetectionGap => {
            has_labels(attribute, value, defects, problems)
                && name::is_one(attribute, value, defects, problems)
        }
    }
}

/// Returns `true` if the policy maps labels to an attribute; otherwise that is reported.
fn has_labels(
    attribute: DefectAttribute,
    place: &Spanned<String>,
    defects: Option<&Defects>,
    problems: &mut Problems,
) -> bool {
    let is_named = defects.map(|defects| defects.can_name(attribute));
    // Without the defects (they have problems of their own) nothing can be said.
    if is_named == Some(false) {
        let name = attribute.name();
        let message =
            format!("no defect has a {name}: the policy does not say which labels or which field name one");
        problems.push(
            Draft::new(Code::ImpossibleFilter, &place.span, message)
                .label("no defect is selected")
                .help(format!("add `{name}` to `defects`, for example `{name}: \"{name}/*\"`")),
        );
        return false;
    }
    true
}

fn selects_severity(value: &Spanned<String>, defects: Option<&Defects>, problems: &mut Problems) -> bool {
    if same_name(&value.value, "untriaged") {
        let message = "`untriaged` is not a severity: it is the lack of one";
        problems.push(
            Draft::new(Code::UntriagedSeverity, &value.span, message)
                .help("count defects without a severity by a rule with `metric: untriaged`"),
        );
        return false;
    }
    let what = (Code::UnknownSeverity, "a severity");
    let Some(severity) = known_word(value, Severity::ALL, Severity::name, what, problems) else {
        return false;
    };
    let Some(defects) = defects else { return true };
    // A rule for a severity that no label gives counts zero defects for ever, and looks as if all
    // were well.
    let labelled = defects.severity.iter().any(|(one, labels)| *one == severity && !labels.is_empty());
    // Where untriaged defects have no severity, a rule that asks for one is `unknown`: it cannot pass by mistake.
    let possible = labelled || defects.untriaged.is_none_or(|stand_in| stand_in == severity);
    if !possible {
        let message = format!("no defect can be {}: no label says so", quote(severity.name()));
        problems.push(
            Draft::new(Code::ImpossibleFilter, &value.span, message)
                .label("no defect is selected")
                .help(format!("add `{severity}` with its labels to `defects.severity`")),
        );
    }
    possible
}

/// Returns `true` for words that are scopes by themselves.
pub(super) fn is_reserved(name: &str) -> bool {
    let counted = ["release", "releases", "months", "quarters", "last"];
    WORDS.iter().any(|(word, _)| *word == name) || counted.contains(&name) || days(name).is_some()
}

/// Parses the count and the noun of a period: 0 for "sprint", the running one; 1 for "last sprint"; 3 for "last 3 sprints".
fn parse_counted(text: &str) -> Option<(u32, &str)> {
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        [word] => Some((0, word)),
        ["last", word] => Some((1, word)),
        ["last", count, word] => Some((whole(count).filter(|count| *count > 0)?, word)),
        _ => None,
    }
}

/// Parses a scope. `periods` are those of the policy.
pub(in crate::policy) fn parse(text: &str, periods: &[Anchored]) -> Option<Over> {
    if let Some((_, over)) = WORDS.iter().find(|(name, _)| *name == text) {
        return Some(*over);
    }
    if let Some(days) = days(text) {
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

/// Parses a whole number in decimal digits.
pub(super) fn whole(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
