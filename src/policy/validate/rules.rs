//! The rules, each on its own and against one another.

use std::collections::HashMap;

use super::super::code::Code;
use super::super::raw::{RawPolicy, RawRule};
use super::super::{Defects, Insufficient, LimitValue, Rule, RuleLevel, RuleLimit};
use super::{attribution, bound, past, pull_requests, sample, scope, since, status, unknown, word};
use crate::model::{Anchored, Area, CountBy, MetricId, MetricUnit, Over};
use crate::policy::language::{Draft, Field, Problems, Spanned, quote};

/// Returns all rules; `None` if something is wrong with one of them, which is then reported.
pub(super) fn rules(
    raw: &RawPolicy,
    defects: Option<&Defects>,
    periods: Option<&[Anchored]>,
    problems: &mut Problems,
) -> Option<Vec<Rule>> {
    let none = "a policy without rules would let everything through";
    let help = "add a rule, for example `- { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }`";
    let rules = match &raw.rules {
        Field::Absent => {
            problems.push(Draft::file(Code::NoRules, none).help(help));
            return None;
        }
        Field::Bad => return None,
        Field::Good(at) if at.value.is_empty() => {
            problems.push(Draft::new(Code::NoRules, &at.span, none).help(help));
            return None;
        }
        Field::Good(at) => &at.value,
    };
    // Waivers, overrides and cases name a rule by its id.
    unique(rules, problems);
    let count_by = attribution::check_count_by(&raw.attribution.count_by, problems);
    let context = Context { defects, periods, count_by };
    let read: Vec<Option<Rule>> = rules.iter().map(|one| rule(one, &context, problems)).collect();
    something_escapes(raw, rules, defects, problems);
    something_blocks(raw, rules, problems);
    let read: Option<Vec<Rule>> = read.into_iter().collect();
    pull_requests::something_holds_releases(raw, read.as_deref()?, problems);
    read
}

/// Sections that the keys of a rule refer to; `None` for a section with mistakes of its own.
struct Context<'c> {
    defects: Option<&'c Defects>,
    periods: Option<&'c [Anchored]>,
    count_by: Option<CountBy>,
}

fn rule(raw: &RawRule, context: &Context<'_>, problems: &mut Problems) -> Option<Rule> {
    let Context { defects, periods, count_by } = *context;
    let id = required(&raw.id, "id", raw, problems).and_then(|at| kebab_case(at, "a rule's id", problems));
    let metric = required(&raw.metric, "metric", raw, problems).and_then(|at| metric(at, problems));
    let filter = scope::filter(raw, metric, defects, problems);
    let per = scope::per(raw, metric, defects, problems);
    let (over, bound, warn) = held_against(raw, metric, periods, problems);
    if let (Some(metric), Some(over), Some(bound), Some(warn)) = (metric, over, bound, warn)
        && !past::has_past(raw, metric, over, bound, warn, problems)
    {
        return None;
    }
    let min_sample = min_sample(raw, metric, problems);
    let words = Insufficient::ALL.map(|one| (one.name(), one));
    let insufficient =
        status::one_of(&raw.insufficient, "`insufficient`", words, Insufficient::Warn, problems);
    let sample = sample::sample(raw, metric, bound, problems);
    let count_by =
        count_by.zip(metric.zip(over)).map(|(by, (metric, over))| attribution::of_rule(by, metric, over));
    let goes_by_origin = count_by
        .zip(metric)
        .map(|(by, metric)| by == CountBy::Introduced || metric.needs().contains(&Area::Origins));
    let confidence = attribution::confidence(raw, goes_by_origin, problems);
    let (since, reported_since) = since::since(raw, metric, bound, problems);
    let (hotfix_warns, under_investigation) = since::of_unfixed(raw, metric, problems);
    let level = match &raw.level {
        Field::Absent => Some(RuleLevel::Mandatory),
        Field::Bad => None,
        Field::Good(at) => level(at, problems),
    };
    let on = pull_requests::on(&raw.on, problems);
    let why = match &raw.why {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(at) => Some(Some(at.value.trim().to_owned()).filter(|why| !why.is_empty())),
    };
    Some(Rule {
        id: id?,
        metric: metric?,
        filter: filter?,
        over: over?,
        per: per?,
        limit: bound?,
        warn: warn?,
        min_sample: min_sample?,
        insufficient: insufficient?,
        sample: sample?,
        count_by: count_by?,
        confidence: confidence?,
        since: since?,
        reported_since: reported_since?,
        hotfix_warns: hotfix_warns?,
        under_investigation: under_investigation?,
        level: level?,
        on: on?,
        why: why?,
    })
}

/// Returns scope, limit and warn limit of a rule; each is `None` if it is wrong, which is then reported.
fn held_against(
    raw: &RawRule,
    metric: Option<MetricId>,
    periods: Option<&[Anchored]>,
    problems: &mut Problems,
) -> (Option<Over>, Option<RuleLimit>, Option<Option<LimitValue>>) {
    if !raw.trend.is_absent() {
        return match past::trend(raw, periods, problems) {
            Some((trend, over)) => (Some(over), Some(RuleLimit::Trend(trend)), Some(None)),
            None => (None, None, None),
        };
    }
    let over = match &raw.over {
        Field::Absent => metric.map(MetricId::default_over),
        Field::Bad => None,
        Field::Good(at) => scope::over(at, metric, periods, problems),
    };
    let bound = bound::bound(raw, metric, problems);
    (over, bound, bound::warn(raw, metric, bound, problems))
}

fn required<'r>(
    field: &'r Field<String>,
    key: &str,
    rule: &RawRule,
    problems: &mut Problems,
) -> Option<&'r Spanned<String>> {
    if field.is_absent() {
        let draft = Draft::new(Code::MissingKey, &rule.span, format!("a rule needs `{key}`"));
        problems.push(draft.help(format!("add `{key}`")));
    }
    field.good()
}

/// Returns a name in kebab-case; `None` for another name, which is then reported. `what` has its article.
pub(super) fn kebab_case(at: &Spanned<String>, what: &str, problems: &mut Problems) -> Option<String> {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    // The id is written in comments such as `/escape-gate override abc1234 zero-critical REASON`,
    // so it must be one word.
    if at.value.split('-').all(is_part) {
        return Some(at.value.clone());
    }
    let better: Vec<String> = at
        .value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let message = format!("{what} is in kebab-case: small letters and digits, with single hyphens between");
    let draft = Draft::new(Code::NotKebabCase, &at.span, message);
    problems.push(if better.is_empty() {
        draft.help("write a name such as `zero-critical`")
    } else {
        draft.help(format!("write {}", quote(&better.join("-"))))
    });
    None
}

fn metric(at: &Spanned<String>, problems: &mut Problems) -> Option<MetricId> {
    let metric = word(at, MetricId::ALL, MetricId::name);
    if metric.is_none() {
        problems.push(unknown(Code::UnknownMetric, at, "a metric", MetricId::ALL.map(MetricId::name)));
    }
    metric
}

fn level(at: &Spanned<String>, problems: &mut Problems) -> Option<RuleLevel> {
    let all = [RuleLevel::Mandatory, RuleLevel::Overridable, RuleLevel::Advisory];
    let level = word(at, all, RuleLevel::name);
    if level.is_none() {
        problems.push(unknown(Code::UnknownLevel, at, "a level", all.map(RuleLevel::name)));
    }
    level
}

fn min_sample(raw: &RawRule, metric: Option<MetricId>, problems: &mut Problems) -> Option<Option<u64>> {
    let Some(at) = raw.min_sample.good() else { return raw.min_sample.is_absent().then_some(None) };
    let is_trend = !raw.trend.is_absent();
    if let Some(metric) = metric.filter(|metric| metric.unit() == MetricUnit::Count && !is_trend) {
        let message = format!("`{metric}` is a count, and only a ratio has a sample");
        problems.push(Draft::new(Code::SampleOnCount, &at.span, message).help("leave `min-sample` out"));
        return None;
    }
    let number = bound::whole(at, "`min-sample`", problems)?;
    if number == 0 {
        let draft = Draft::new(Code::Zero, &at.span, "`min-sample` is at least 1");
        problems.push(draft.help("a ratio of nothing is never judged; leave `min-sample` out"));
        return None;
    }
    Some(Some(number))
}

fn unique(rules: &[RawRule], problems: &mut Problems) {
    let mut seen: HashMap<&str, &Spanned<String>> = HashMap::new();
    for id in rules.iter().filter_map(|rule| rule.id.good()) {
        if let Some(first) = seen.get(id.value.as_str()) {
            problems.push(
                Draft::new(
                    Code::DuplicateRule,
                    &id.span,
                    format!("two rules are called {}", quote(&id.value)),
                )
                .label("again")
                .see(&first.span, "first here")
                .help("give each rule its own id: reports and exceptions name rules by it"),
            );
        } else {
            seen.insert(&id.value, id);
        }
    }
}

/// Reports rules on escaped defects in a policy that selects none: every count would be 0, and every rule would pass.
fn something_escapes(raw: &RawPolicy, rules: &[RawRule], defects: Option<&Defects>, problems: &mut Problems) {
    let nothing = match (&raw.defects, defects) {
        (_, Some(defects)) => defects.escaped.is_empty(),
        (Field::Absent, None) => true,
        (Field::Bad | Field::Good(_), None) => false,
    };
    let needs_issues = |rule: &&RawRule| {
        let metric = rule.metric.good().and_then(|at| word(at, MetricId::ALL, MetricId::name));
        let counts_defects =
            |metric: MetricId| metric.needs().contains(&Area::Issues) && metric != MetricId::Blockers;
        metric.is_some_and(counts_defects)
    };
    if !nothing {
        return;
    }
    let Some(metric) = rules.iter().find(needs_issues).and_then(|rule| rule.metric.good()) else { return };
    let message =
        format!("`{}` counts escaped defects, and nothing says which issues those are", metric.value);
    let mut draft = Draft::new(Code::NothingEscapes, &metric.span, message)
        .help("add `defects: { escaped: { labels: [production-bug] } }` with your own label");
    if let Some(escaped) = raw.defects.good().and_then(|at| at.value.escaped.good()) {
        draft = draft.see(&escaped.span, "empty");
    }
    problems.push(draft);
}

/// Reports a rule on `blockers` in a policy that does not select any.
fn something_blocks(raw: &RawPolicy, rules: &[RawRule], problems: &mut Problems) {
    let is_said = match &raw.defects {
        Field::Absent => false,
        Field::Bad => true,
        Field::Good(at) => !at.value.blocking.is_absent(),
    };
    let mut metrics = rules.iter().filter_map(|rule| rule.metric.good());
    let Some(metric) = metrics.find(|at| at.value == MetricId::Blockers.name()).filter(|_| !is_said) else {
        return;
    };
    let message = "`blockers` counts what blocks a release, and nothing says what does";
    problems.push(
        Draft::new(Code::NothingBlocks, &metric.span, message)
            .help("add `defects: { blocking: { labels: [release-blocker] } }` with your own label"),
    );
}
