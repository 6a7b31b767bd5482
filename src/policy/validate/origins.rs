//! What a policy says about where defects came from, and the keys of a rule that go by it.

use super::super::code::Code;
use super::super::origins::{DEFAULT_AT_MOST, OriginHistory, OriginOverride, OriginRules, is_of_releases};
use super::super::raw::{RawAttribution, RawOrigin, RawPolicy, RawRule};
use super::status::visible_text;
use super::{bound, exceptions, unknown, word};
use crate::model::{Confidence, CountBy, MetricId, OriginMethod, Over, Version};
use crate::policy::language::{Draft, Field, Problems, Spanned, quote};

/// The fewest digits that name a commit.
const FEWEST: usize = 7;

/// How origins are found; none if something is wrong with it, which is then reported.
pub(super) fn origins(field: &Field<RawAttribution>, problems: &mut Problems) -> Option<OriginRules> {
    let raw = match field {
        Field::Absent => {
            return Some(OriginRules {
                methods: None,
                at_most: DEFAULT_AT_MOST,
                history: OriginHistory::default(),
                overrides: Vec::new(),
            });
        }
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let methods = methods(&raw.introduced_in, problems);
    let at_most = match &raw.at_most {
        Field::Absent => Some(DEFAULT_AT_MOST),
        Field::Bad => None,
        Field::Good(at) => match bound::whole(at, "`at-most`", problems) {
            Some(0) => {
                let message = "`at-most` is the number of defects that a run looks up, at least 1";
                let draft = Draft::new(Code::Zero, &at.span, message);
                problems.push(draft.help("to look up none, write `introduced-in: [override]`"));
                None
            }
            Some(number) => bound::narrow(number, at, problems),
            None => None,
        },
    };
    let overrides = match &raw.overrides {
        Field::Absent => Some(Vec::new()),
        Field::Bad => None,
        Field::Good(at) => overrides(&at.value, problems),
    };
    let history = history(&raw.history, problems);
    Some(OriginRules { methods: methods?, at_most: at_most?, history: history?, overrides: overrides? })
}

/// Which release the policy's defects count for; none if it is no such word, which is then reported.
pub(super) fn count_by(raw: &RawPolicy, problems: &mut Problems) -> Option<CountBy> {
    let at = match raw.attribution.good().map(|at| &at.value.count_by) {
        None | Some(Field::Absent) => return Some(CountBy::Found),
        Some(Field::Bad) => return None,
        Some(Field::Good(at)) => at,
    };
    let found = word(at, CountBy::ALL, CountBy::name);
    if found.is_none() {
        let what = "a release that a defect can count for";
        problems.push(unknown(Code::UnknownMethod, at, what, CountBy::ALL.map(CountBy::name)));
    }
    found
}

/// Which release the defects of a rule count for, where the policy counts by one of the two.
pub(super) fn of_rule(policy: CountBy, metric: MetricId, over: Over) -> CountBy {
    if metric.goes_by_origin() && is_of_releases(over) { policy } else { CountBy::Found }
}

/// The least that an origin has to be sure, as a rule asks for it; none outside if it is wrong, which is then reported.
pub(super) fn confidence(
    rule: &RawRule,
    goes_by_origin: Option<bool>,
    problems: &mut Problems,
) -> Option<Option<Confidence>> {
    const ALL: [Confidence; 3] = [Confidence::Certain, Confidence::Stated, Confidence::Inferred];
    let Some(at) = rule.confidence.good() else { return rule.confidence.is_absent().then_some(None) };
    if goes_by_origin == Some(false) {
        let message = "`confidence` is about where defects came from, and this rule does not go by that";
        let help = "leave it out, or set `attribution: { count-by: introduced }` for a rule over releases";
        problems.push(Draft::new(Code::NotByOrigin, &at.span, message).help(help));
        return None;
    }
    let found = word(at, ALL, Confidence::name);
    if found.is_none() {
        problems.push(unknown(Code::UnknownConfidence, at, "a confidence", ALL.map(Confidence::name)));
    }
    found.map(Some)
}

fn history(field: &Field<String>, problems: &mut Problems) -> Option<OriginHistory> {
    let at = match field {
        Field::Absent => return Some(OriginHistory::default()),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    let found = word(at, OriginHistory::ALL, OriginHistory::name);
    if found.is_none() {
        let what = "a place where history can be read";
        problems.push(unknown(Code::UnknownMethod, at, what, OriginHistory::ALL.map(OriginHistory::name)));
    }
    found
}

fn methods(
    field: &Field<Vec<Spanned<String>>>,
    problems: &mut Problems,
) -> Option<Option<Vec<OriginMethod>>> {
    let items = match field {
        Field::Absent => return Some(None),
        Field::Bad => return None,
        Field::Good(at) if at.value.is_empty() => {
            let message = "`introduced-in` is empty, so that no origin would be found";
            let help = "write at least one of `override`, `regressed-by`, `blame`, or leave the key out";
            problems.push(Draft::new(Code::NoMethods, &at.span, message).help(help));
            return None;
        }
        Field::Good(at) => &at.value,
    };
    let mut found: Vec<(OriginMethod, &Spanned<String>)> = Vec::new();
    let mut whole = true;
    for item in items {
        let Some(method) = word(item, OriginMethod::ALL, OriginMethod::name) else {
            whole = false;
            let what = "a way to find where a defect came from";
            problems.push(unknown(
                Code::UnknownMethod,
                item,
                what,
                OriginMethod::ALL.map(OriginMethod::name),
            ));
            continue;
        };
        if let Some((known, first)) = found.iter().find(|(known, _)| *known >= method) {
            whole = false;
            let (code, message, help) = if *known == method {
                let message = format!("`{}` stands in `introduced-in` twice", method.name());
                (Code::RepeatedMethod, message, "keep one of them")
            } else {
                let message =
                    format!("`{}` cannot come after `{}`: it weighs more", method.name(), known.name());
                (Code::MethodOrder, message, "write them as in `[override, regressed-by, blame]`")
            };
            let draft = Draft::new(code, &item.span, message).see(&first.span, "first here");
            problems.push(draft.help(help));
            continue;
        }
        found.push((method, item));
    }
    whole.then(|| Some(found.into_iter().map(|(method, _)| method).collect()))
}

fn overrides(raw: &[RawOrigin], problems: &mut Problems) -> Option<Vec<OriginOverride>> {
    let read: Vec<Option<OriginOverride>> = raw.iter().map(|one| entry(one, problems)).collect();
    let mut whole = true;
    for (at, one) in read.iter().enumerate() {
        let earlier = |other: &Option<OriginOverride>| {
            one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one.issue == other.issue)
        };
        if let Some(first) = read.iter().take(at).position(earlier) {
            whole = false;
            let message = "two entries say where the same defect came from";
            let draft =
                Draft::new(Code::BadOrigin, &raw[at].span, message).see(&raw[first].span, "first here");
            problems.push(draft.help("keep the one that is right"));
        }
    }
    let read: Option<Vec<OriginOverride>> = read.into_iter().collect();
    read.filter(|_| whole)
}

fn entry(raw: &RawOrigin, problems: &mut Problems) -> Option<OriginOverride> {
    let missing = |key: &str| {
        let draft = Draft::new(Code::MissingKey, &raw.span, format!("an entry of `overrides` needs `{key}`"));
        draft.help(format!("add `{key}`"))
    };
    for (key, is_absent) in [
        ("issue", raw.issue.is_absent()),
        ("introduced-in", raw.introduced_in.is_absent()),
        ("reason", raw.reason.is_absent()),
    ] {
        if is_absent {
            problems.push(missing(key));
        }
    }
    let issue = raw.issue.good().and_then(|at| exceptions::issue(at, problems));
    let origin = raw.introduced_in.good().and_then(|at| {
        let text = at.value.trim();
        if names_something(text) {
            return Some(text.to_owned());
        }
        let message = format!("{} names neither a release nor a commit", quote(&at.value));
        let help = format!("write a release such as `v1.2.0`, or {FEWEST} digits or more of a commit's id");
        problems.push(Draft::new(Code::BadOrigin, &at.span, message).help(help));
        None
    });
    let reason =
        raw.reason.good().and_then(|at| visible_text(at, "the reason", "write how it is known", problems));
    Some(OriginOverride { issue: issue?, introduced_in: origin?, reason: reason? })
}

/// True for a version, and for the beginning of a commit's id.
fn names_something(text: &str) -> bool {
    let is_commit = (FEWEST..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_commit || Version::parse(text).is_some_and(|version| version.is_all_of(text))
}
