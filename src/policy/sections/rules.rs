//! The rules, each on its own and against one another.

mod bound;
mod filter;
mod lint;
mod metric_keys;
mod past;
mod sample;

use std::collections::HashMap;
use std::ops::Range;

use super::pull_requests;
use crate::model::{Anchored, Area, Confidence, CountBy, DefectAttribute, MetricId, MetricUnit, Over, Since};
use crate::policy::checks::{kebab_case, known_word, one_of, require_keys};
use crate::policy::code::Code;
use crate::policy::keys::{
    Key, LIMIT, Merge, OVER, SAMPLE, SELECTIONS, ValueType, WhenOmitted, default_over,
};
use crate::policy::language::{
    Draft, Field, Fields, Node, Problems, Spanned, quote, read_list, read_scalar, read_text,
};
use crate::policy::numbers::check_whole;
use crate::policy::scopes::check_over;
use crate::policy::sections::defects::DefectsRead;
use crate::policy::sections::pull_requests::ON;
use crate::policy::sections::rules::filter::attributes;
use crate::policy::{Insufficient, Investigation, LimitValue, Rule, RuleLevel, RuleLimit};

pub(in crate::policy) use past::TREND;

/// A rule.
pub(in crate::policy) const RULE: &[Key] = &[
    Key::new(
        "id",
        ValueType::Name,
        Merge::Stands(None),
        "Name of the rule in reports. No two rules share one.",
    )
    .required(),
    Key::new(
        "metric",
        ValueType::Word(|| MetricId::ALL.map(MetricId::name).to_vec()),
        Merge::Stands(None),
        "Metric to measure.",
    )
    .required(),
    Key::new(
        "where",
        SELECTIONS,
        Merge::Stands(None),
        "Defects to count, by attribute: a whole name, a list of alternatives, or `{ not: … }`. All \
         conditions have to be met. `class` is for `excluded` only.",
    )
    .when_omitted(WhenOmitted::Meaning("all defects")),
    Key::new("over", OVER, Merge::Stands(None), "Releases or period to look at.")
        .when_omitted(WhenOmitted::Computed(default_over)),
    Key::new(
        "per",
        ValueType::Word(groups),
        Merge::Stands(None),
        "Attribute whose groups are evaluated one by one. The worst group decides; defects without the \
         attribute are a group.",
    )
    .when_omitted(WhenOmitted::Meaning("all together")),
    Key::new(
        "trend",
        ValueType::Map(TREND),
        Merge::Keys,
        "Compares the newer half of a series with the older half.",
    ),
    Key::new(
        "max",
        LIMIT,
        Merge::Smaller,
        "Limit: the rule fails above it. A value equal to the limit passes.",
    ),
    Key::new(
        "min",
        LIMIT,
        Merge::Greater,
        "Limit: the rule fails below it. A value equal to the limit passes.",
    ),
    Key::new("warn", LIMIT, Merge::Warn, "Stricter limit on the same side: the rule warns beyond it."),
    Key::new(
        "min-sample",
        ValueType::Whole { most: u64::MAX },
        Merge::Greater,
        "For ratios and times: with a smaller denominator, or fewer defects, there is not enough data \
         yet. For a trend, 8 by default.",
    ),
    Key::new(
        "insufficient",
        ValueType::Word(|| Insufficient::ALL.map(Insufficient::name).to_vec()),
        Merge::Order(&["pass", "warn", "unknown"]),
        "Verdict while there is not enough data yet: too small a sample, no release or defect in scope, \
         too few earlier values.",
    )
    .when_omitted(WhenOmitted::Meaning("warn")),
    Key::new(
        "sample",
        SAMPLE,
        Merge::Stands(None),
        "For the coverages: evaluates only a sample, a share (`20%`) or a number of defects.",
    )
    .when_omitted(WhenOmitted::Meaning("no sample")),
    Key::new(
        "confidence",
        ValueType::Word(|| metric_keys::CONFIDENCES.map(Confidence::name).to_vec()),
        Merge::Stands(None),
        "Least confidence that an origin must have, for rules that use origins.",
    )
    .when_omitted(WhenOmitted::Meaning("as sure as usual")),
    Key::new(
        "since",
        ValueType::AnyOf(&[ValueType::Word(|| Since::ALL.map(Since::name).to_vec()), ValueType::Date]),
        Merge::Stands(None),
        "For `unfixed`, `blockers` and `escaped`: day, in UTC, from which reports count; older ones are \
         listed as debt. For `time-to-detect`: start of the time, `release` or `commit`.",
    )
    .when_omitted(WhenOmitted::Meaning("release")),
    Key::new(
        "hotfix",
        ValueType::Word(|| vec!["block", "warn"]),
        Merge::Order(&["warn", "block"]),
        "For `unfixed`: with `warn`, the next patch version that fixes a counted defect only warns about \
         the rest.",
    )
    .when_omitted(WhenOmitted::Meaning("block")),
    Key::new(
        "under-investigation",
        ValueType::Word(|| Investigation::ALL.map(Investigation::name).to_vec()),
        Merge::Order(&["ignore", "warn", "count"]),
        "For `unfixed`: effect of a defect if no evidence says whether it is in the candidate.",
    )
    .when_omitted(WhenOmitted::Meaning("warn")),
    Key::new(
        "level",
        ValueType::Word(|| RuleLevel::ALL.map(RuleLevel::name).to_vec()),
        Merge::Order(&["advisory", "overridable", "mandatory"]),
        "Effect of a failed rule: it blocks, it blocks unless a maintainer overrides it, or it is only \
         shown.",
    )
    .when_omitted(WhenOmitted::Value("mandatory")),
    ON,
    Key::new("why", ValueType::Text, Merge::Nearest, "Reason for the rule. The report shows it."),
];

/// The rules of a policy.
pub(super) struct RulesRead {
    /// `None` if something is wrong with one of them, which has been reported.
    pub rules: Option<Vec<Rule>>,
    /// The ids of all rules; `None` if one has none.
    pub ids: Option<Vec<String>>,
    /// Place of each id.
    pub spans: Vec<(String, Range<usize>)>,
}

/// Sections that the keys of a rule refer to; `None` for a section with mistakes of its own.
pub(super) struct RuleContext<'c> {
    pub defects: &'c DefectsRead,
    pub periods: Option<&'c [Anchored]>,
    pub count_by: Option<CountBy>,
}

/// Reads `rules`.
pub(super) fn read_rules(
    policy: &Fields<'_>,
    context: &RuleContext<'_>,
    problems: &mut Problems,
) -> RulesRead {
    let none = "a policy without rules would let everything through";
    let help = "add a rule, for example `- { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }`";
    let field = policy.get("rules", problems, open_rules);
    match &field {
        Field::Absent => problems.push(Draft::file(Code::NoRules, none).help(help)),
        Field::Bad => {}
        Field::Good(at) if at.value.is_empty() => {
            problems.push(Draft::new(Code::NoRules, &at.span, none).help(help));
            return RulesRead { rules: None, ids: Some(Vec::new()), spans: Vec::new() };
        }
        Field::Good(_) => {}
    }
    let Some(at) = field.good() else {
        return RulesRead { rules: None, ids: None, spans: Vec::new() };
    };
    let read: Vec<(Option<Spanned<String>>, Option<Rule>)> =
        at.value.iter().map(|fields| read_rule(fields, context, problems)).collect();
    // Waivers, overrides and cases name a rule by its id.
    check_unique(&at.value, problems);
    something_escapes(&at.value, context.defects, problems);
    something_blocks(&at.value, context.defects, problems);
    let (written, rules): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    let rules: Option<Vec<Rule>> = rules.into_iter().collect();
    if let Some(rules) = &rules {
        pull_requests::something_holds_releases(&at.span, rules, problems);
        let pairs: Vec<_> = at.value.iter().zip(rules).collect();
        lint::lint_rules(&pairs, context.defects.defects.as_ref(), problems);
    }
    let ids = written.iter().map(|id| id.as_ref().map(|at| at.value.clone())).collect();
    let spans = written.into_iter().flatten().map(|at| (at.value, at.span)).collect();
    RulesRead { rules, ids, spans }
}

/// Opens the rules. Entries that are not mappings are reported and left out.
fn open_rules<'n>(node: &'n Node, name: &str, problems: &mut Problems) -> Option<Vec<Fields<'n>>> {
    // An empty `rules:` is a list without rules, which has a code of its own.
    if node.is_null() {
        return Some(Vec::new());
    }
    let items = read_list(node, name, problems)?;
    let rules: Vec<_> =
        items.iter().filter_map(|item| Fields::open(item, "a rule", RULE, problems)).collect();
    // A list of only entries that are not mappings is bad, and not empty.
    (items.is_empty() || !rules.is_empty()).then_some(rules)
}

/// Returns the id as it is written, and the rule; `None` for a rule with a mistake, which is then reported.
fn read_rule(
    rule: &Fields<'_>,
    context: &RuleContext<'_>,
    problems: &mut Problems,
) -> (Option<Spanned<String>>, Option<Rule>) {
    require_keys(rule, "a rule", problems);
    let id = rule.get("id", problems, read_text);
    let written = id.good().cloned();
    (written, check_rule(rule, &id, context, problems))
}

fn check_rule(
    rule: &Fields<'_>,
    id: &Field<String>,
    context: &RuleContext<'_>,
    problems: &mut Problems,
) -> Option<Rule> {
    let id = id.good().and_then(|at| kebab_case(at, "a rule's id", problems));
    let metric = rule.get("metric", problems, read_text);
    let metric = metric.good().and_then(|at| {
        known_word(at, MetricId::ALL, MetricId::name, (Code::UnknownMetric, "a metric"), problems)
    });
    let defects = context.defects.defects.as_ref();
    let filter = filter::read_filter(rule, metric, defects, problems);
    let per = filter::read_per(rule, metric, defects, problems);
    let (over, bound, warn) = held_against(rule, metric, context.periods, problems);
    let has_past = match (metric, over, bound, warn) {
        (Some(metric), Some(over), Some(bound), Some(warn)) => {
            past::has_past(rule, metric, over, bound, warn, problems)
        }
        _ => true,
    };
    let min_sample = read_min_sample(rule, metric, problems);
    let insufficient = rule.get("insufficient", problems, read_text);
    let words = Insufficient::ALL.map(|one| (one.name(), one));
    let insufficient = one_of(&insufficient, "`insufficient`", words, Insufficient::Warn, problems);
    let sample = sample::read_sample(rule, metric, bound, problems);
    let count_by = context.count_by.zip(metric.zip(over));
    let count_by = count_by.map(|(by, (metric, over))| metric_keys::count_by_of(by, metric, over));
    let goes_by_origin = count_by
        .zip(metric)
        .map(|(by, metric)| by == CountBy::Introduced || metric.needs().contains(&Area::Origins));
    let confidence = metric_keys::read_confidence(rule, goes_by_origin, problems);
    let (since, reported_since) = metric_keys::read_since(rule, metric, bound, problems);
    let (hotfix_warns, under_investigation) = metric_keys::of_unfixed(rule, metric, problems);
    let level = rule.get("level", problems, read_text).check_or(RuleLevel::Mandatory, |at| {
        known_word(at, RuleLevel::ALL, RuleLevel::name, (Code::UnknownLevel, "a level"), problems)
    });
    let on = pull_requests::read_on(rule, problems);
    let why = rule.get("why", problems, read_text);
    let why = why.check_or(None, |at| Some(Some(at.value.trim().to_owned()).filter(|why| !why.is_empty())));
    let rule = Rule {
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
    };
    has_past.then_some(rule)
}

/// Returns scope, limit and warn limit of a rule; each is `None` if it is wrong, which is then reported.
fn held_against(
    rule: &Fields<'_>,
    metric: Option<MetricId>,
    periods: Option<&[Anchored]>,
    problems: &mut Problems,
) -> (Option<Over>, Option<RuleLimit>, Option<Option<LimitValue>>) {
    if !rule.is_absent("trend") {
        return match past::read_trend(rule, periods, problems) {
            Some((trend, over)) => (Some(over), Some(RuleLimit::Trend(trend)), Some(None)),
            None => (None, None, None),
        };
    }
    let over = match rule.get("over", problems, read_text) {
        Field::Absent => metric.map(MetricId::default_over),
        Field::Bad => None,
        Field::Good(at) => check_over(&at, metric, periods, problems),
    };
    let bound = bound::read_bound(rule, metric, problems);
    (over, bound, bound::read_warn(rule, metric, bound, problems))
}

fn read_min_sample(
    rule: &Fields<'_>,
    metric: Option<MetricId>,
    problems: &mut Problems,
) -> Option<Option<u64>> {
    rule.get("min-sample", problems, read_scalar).check_optional(|at| {
        let is_trend = !rule.is_absent("trend");
        if let Some(metric) = metric.filter(|metric| metric.unit() == MetricUnit::Count && !is_trend) {
            let message = format!("`{metric}` is a count, and only a ratio has a sample");
            problems.push(Draft::new(Code::SampleOnCount, &at.span, message).help("leave `min-sample` out"));
            return None;
        }
        let number = check_whole(at, "`min-sample`", problems)?;
        if number == 0 {
            let draft = Draft::new(Code::Zero, &at.span, "`min-sample` is at least 1");
            problems.push(draft.help("a ratio of nothing is never judged; leave `min-sample` out"));
            return None;
        }
        Some(number)
    })
}

fn check_unique(rules: &[Fields<'_>], problems: &mut Problems) {
    let mut seen: HashMap<&str, &Node> = HashMap::new();
    for node in rules.iter().filter_map(|rule| rule.node("id")) {
        let Some(id) = node.text() else { continue };
        let Some(first) = seen.get(id) else {
            seen.insert(id, node);
            continue;
        };
        problems.push(
            Draft::new(Code::DuplicateRule, &node.span, format!("two rules are called {}", quote(id)))
                .label("again")
                .see(&first.span, "first here")
                .help("give each rule its own id: reports and exceptions name rules by it"),
        );
    }
}

/// Returns the first rule whose metric fits, as the node of its metric.
fn find_metric<'n>(rules: &[Fields<'n>], fits: impl Fn(MetricId) -> bool) -> Option<(MetricId, &'n Node)> {
    rules.iter().find_map(|rule| {
        let node = rule.node("metric")?;
        let metric = MetricId::ALL.into_iter().find(|metric| Some(metric.name()) == node.text())?;
        fits(metric).then_some((metric, node))
    })
}

/// Reports rules on escaped defects in a policy that selects none: every count would be 0, and every rule would pass.
fn something_escapes(rules: &[Fields<'_>], defects: &DefectsRead, problems: &mut Problems) {
    let counts_defects =
        |metric: MetricId| metric.needs().contains(&Area::Issues) && metric != MetricId::Blockers;
    let Some((metric, node)) = find_metric(rules, counts_defects).filter(|_| defects.selects_nothing) else {
        return;
    };
    let message = format!("`{metric}` counts escaped defects, and nothing says which issues those are");
    let mut draft = Draft::new(Code::NothingEscapes, &node.span, message)
        .help("add `defects: { escaped: { labels: [production-bug] } }` with your own label");
    if let Some(span) = &defects.escaped_at {
        draft = draft.see(span, "empty");
    }
    problems.push(draft);
}

/// Reports a rule on `blockers` in a policy that does not select any.
fn something_blocks(rules: &[Fields<'_>], defects: &DefectsRead, problems: &mut Problems) {
    let blockers = find_metric(rules, |metric| metric == MetricId::Blockers);
    let Some((_, node)) = blockers.filter(|_| !defects.has_blocking) else { return };
    let message = "`blockers` counts what blocks a release, and nothing says what does";
    problems.push(
        Draft::new(Code::NothingBlocks, &node.span, message)
            .help("add `defects: { blocking: { labels: [release-blocker] } }` with your own label"),
    );
}

/// Returns the attributes that `per` can group by: an excluded class is no group of defects.
fn groups() -> Vec<&'static str> {
    attributes().into_iter().filter(|name| *name != DefectAttribute::Class.name()).collect()
}
