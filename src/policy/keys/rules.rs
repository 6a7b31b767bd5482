//! The keys of a rule.

use super::origins::{confidences, since};
use super::pull_requests::ON;
use super::types::{LIMIT, OVER, ROW, SAMPLE, SELECTIONS, default_over};
use super::{Key, Merge, ValueType, WhenOmitted};
use crate::model::{DefectAttribute, MetricId};
use crate::policy::{Insufficient, Investigation, RuleLevel, TrendDirection};

/// A rule.
pub const RULE: &[Key] = &[
    Key::new(
        "id",
        ValueType::Name,
        Merge::Stands(None),
        "Name of the rule in reports. No two rules share one.",
    )
    .required(),
    Key::new("metric", ValueType::Word(metrics), Merge::Stands(None), "Metric to measure.").required(),
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
        ValueType::Word(insufficient),
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
        ValueType::Word(confidences),
        Merge::Stands(None),
        "Least confidence that an origin must have, for rules that use origins.",
    )
    .when_omitted(WhenOmitted::Meaning("as sure as usual")),
    Key::new(
        "since",
        ValueType::AnyOf(&[ValueType::Word(since), ValueType::Date]),
        Merge::Stands(None),
        "For `unfixed`, `blockers` and `escaped`: day, in UTC, from which reports count; older ones are \
         listed as debt. For `time-to-detect`: start of the time, `release` or `commit`.",
    )
    .when_omitted(WhenOmitted::Meaning("release")),
    Key::new(
        "hotfix",
        ValueType::Word(hotfixes),
        Merge::Order(&["warn", "block"]),
        "For `unfixed`: with `warn`, the next patch version that fixes a counted defect only warns about \
         the rest.",
    )
    .when_omitted(WhenOmitted::Meaning("block")),
    Key::new(
        "under-investigation",
        ValueType::Word(investigations),
        Merge::Order(&["ignore", "warn", "count"]),
        "For `unfixed`: effect of a defect if no evidence says whether it is in the candidate.",
    )
    .when_omitted(WhenOmitted::Meaning("warn")),
    Key::new(
        "level",
        ValueType::Word(levels),
        Merge::Order(&["advisory", "overridable", "mandatory"]),
        "Effect of a failed rule: it blocks, it blocks unless a maintainer overrides it, or it is only \
         shown.",
    )
    .when_omitted(WhenOmitted::Value("mandatory")),
    ON,
    Key::new("why", ValueType::Text, Merge::Nearest, "Reason for the rule. The report shows it."),
];

/// Keys of an attribute of `where` that is neither a value nor a list.
pub const NOT: &[Key] =
    &[Key::new("not", ValueType::Text, Merge::Own, "None of these values: one, or a list.").required()];

/// `trend`.
pub const TREND: &[Key] = &[
    Key::new(
        "over",
        ROW,
        Merge::Stands(None),
        "Series of 2 to 20 `quarters`, `months`, `weeks` or `releases`.",
    )
    .required(),
    Key::new(
        "must",
        ValueType::Word(courses),
        Merge::Order(&["not-increase", "decrease"]),
        "Required course of the newer half.",
    )
    .required(),
];

fn hotfixes() -> Vec<&'static str> {
    vec!["block", "warn"]
}

fn insufficient() -> Vec<&'static str> {
    Insufficient::ALL.map(Insufficient::name).to_vec()
}

fn investigations() -> Vec<&'static str> {
    Investigation::ALL.map(Investigation::name).to_vec()
}

fn courses() -> Vec<&'static str> {
    [TrendDirection::NotIncrease, TrendDirection::Decrease].map(TrendDirection::name).to_vec()
}

fn metrics() -> Vec<&'static str> {
    MetricId::ALL.map(MetricId::name).to_vec()
}

fn attributes() -> Vec<&'static str> {
    DefectAttribute::ALL.map(DefectAttribute::name).to_vec()
}

/// Returns the attributes that `per` can group by: an excluded class is no group of defects.
fn groups() -> Vec<&'static str> {
    attributes().into_iter().filter(|name| *name != DefectAttribute::Class.name()).collect()
}

fn levels() -> Vec<&'static str> {
    [RuleLevel::Mandatory, RuleLevel::Overridable, RuleLevel::Advisory].map(RuleLevel::name).to_vec()
}
