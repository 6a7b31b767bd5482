//! The policy file section by section. A section that stands alone is checked as it is read; `defects` and `rules` refer to
//! others, so they keep the place of every value until all are read.

mod selectors;

use std::ops::Range;

use policy_lang::{LanguageProblem, OverrideEntry, read_overrides};

use super::language::{
    Document, Draft, Field, Fields, Named, Node, NodeKind, Problems, Scalar, Spanned, is_supported_version,
    read_list, read_scalar, read_text, read_text_or_texts, read_texts,
};
use super::validate::{
    Attribution, Components, Teams, TestReports, read_attribution, read_component, read_environment,
    read_exceptions, read_gates, read_lines, read_missing, read_names, read_periods, read_releases,
    read_status, read_team, read_tests,
};
use super::{AttributeNames, ExceptionRules, Missing, QualityGates, Releases, StatusEntry, keys};
use crate::model::Anchored;

pub(super) use selectors::{RawAlternative, RawSelector};

/// The sections of a policy. A checked section is `None` if something is wrong with it, which has been reported.
#[derive(Debug)]
pub(super) struct RawPolicy {
    pub extends: Field<Vec<Spanned<String>>>,
    pub loosens: Field<Vec<OverrideEntry>>,
    pub releases: Option<Releases>,
    /// `lines.complete`.
    pub lines_complete: Option<bool>,
    pub periods: Option<Vec<Anchored>>,
    pub defects: Field<RawDefects>,
    pub attribution: Attribution,
    pub tests: Option<TestReports>,
    pub missing: Option<Missing>,
    /// `missing.severity`.
    pub missing_severity: Field<String>,
    /// `deployments.environment`.
    pub environment: Option<Option<String>>,
    pub gates: Option<QualityGates>,
    pub rules: Field<Vec<RawRule>>,
    pub pull_requests: Field<String>,
    pub exceptions: Option<ExceptionRules>,
    /// Places of the waivers.
    pub waiver_spans: Vec<Range<usize>>,
}

/// The section `defects` as it is written.
#[derive(Debug)]
pub(super) struct RawDefects {
    pub escaped: Field<RawSelector>,
    pub caught: Field<RawSelector>,
    pub blocking: Field<RawSelector>,
    pub pre_releases: Field<String>,
    pub closed_without_change: Field<String>,
    pub status: Field<Vec<StatusEntry>>,
    pub excluded: Named<Field<Vec<Spanned<String>>>>,
    pub severity: Field<RawSeverity>,
    pub component: Field<Components>,
    pub team: Field<Teams>,
    pub kind: Field<AttributeNames>,
    pub found_by: Field<AttributeNames>,
    pub root_cause: Field<AttributeNames>,
    pub detection_gap: Field<AttributeNames>,
    pub root_cause_needed: Field<Vec<Spanned<String>>>,
}

/// The section `defects.severity` as it is written.
#[derive(Debug)]
pub(super) struct RawSeverity {
    pub critical: Field<Vec<Spanned<String>>>,
    pub major: Field<Vec<Spanned<String>>>,
    pub minor: Field<Vec<Spanned<String>>>,
    pub untriaged: Field<String>,
}

/// A rule as it is written.
#[derive(Debug)]
pub(super) struct RawRule {
    /// Place of the whole rule.
    pub span: Range<usize>,
    pub id: Field<String>,
    pub metric: Field<String>,
    pub filter: Named<Field<RawSelection>>,
    /// Place of `where`; `None` if the rule omits it.
    pub filter_at: Option<Range<usize>>,
    pub over: Field<String>,
    pub per: Field<String>,
    pub trend: Field<RawTrend>,
    pub max: Field<Scalar>,
    pub min: Field<Scalar>,
    pub warn: Field<Scalar>,
    pub min_sample: Field<Scalar>,
    pub insufficient: Field<String>,
    pub sample: Field<Scalar>,
    pub confidence: Field<String>,
    pub since: Field<String>,
    pub hotfix: Field<String>,
    pub under_investigation: Field<String>,
    pub level: Field<String>,
    pub on: Field<Vec<Spanned<String>>>,
    pub why: Field<String>,
}

/// Values that `where` asks of an attribute.
#[derive(Debug)]
pub(super) struct RawSelection {
    /// `true` for `{ not: … }`.
    pub not: bool,
    pub values: Spanned<Vec<Spanned<String>>>,
}

/// The mapping `trend` as it is written.
#[derive(Debug)]
pub(super) struct RawTrend {
    pub over: Field<String>,
    pub must: Field<String>,
}

/// Reads the tree of a policy; `None` for an unsupported version, after which nothing else is read.
pub(super) fn read(document: Document, problems: &mut Problems) -> Option<RawPolicy> {
    let root = &*document.root;
    if !is_supported_version(root, problems) {
        return None;
    }
    for tag in document.tags {
        problems.push(tag);
    }
    let fields = Fields::open(root, "a policy", keys::POLICY, problems)?;
    let periods = read_periods(&fields, problems);
    let (missing, missing_severity) = read_missing(&fields, problems);
    let rules = fields.get("rules", problems, rules);
    // Without the ids of all rules, each waiver would name a rule that does not exist.
    let ids: Option<Vec<&str>> = rules
        .good()
        .and_then(|at| at.value.iter().map(|rule| Some(rule.id.good()?.value.as_str())).collect());
    let (exceptions, waiver_spans) = read_exceptions(&fields, ids.as_deref(), problems);
    Some(RawPolicy {
        extends: fields.get("extends", problems, read_texts),
        loosens: fields.get("override", problems, read_overrides),
        releases: read_releases(&fields, problems),
        lines_complete: read_lines(&fields, problems),
        defects: fields.section("defects", keys::DEFECTS, problems, defects),
        attribution: read_attribution(&fields, problems),
        tests: read_tests(&fields, problems),
        missing,
        missing_severity,
        environment: read_environment(&fields, problems),
        gates: read_gates(&fields, periods.as_deref(), problems),
        periods,
        rules,
        pull_requests: fields.get("pull-requests", problems, read_text),
        exceptions,
        waiver_spans,
    })
}

fn defects(fields: &Fields<'_>, problems: &mut Problems) -> RawDefects {
    RawDefects {
        escaped: fields.get("escaped", problems, selectors::selector),
        caught: fields.get("caught", problems, selectors::selector),
        blocking: fields.get("blocking", problems, selectors::blocking),
        pre_releases: fields.get("pre-releases", problems, read_text),
        closed_without_change: fields.get("closed-without-change", problems, read_text),
        status: fields.get("status", problems, read_status),
        excluded: fields.open_keys("excluded", problems, read_texts),
        severity: fields.section("severity", keys::SEVERITY, problems, |fields, problems| RawSeverity {
            critical: fields.get("critical", problems, read_texts),
            major: fields.get("major", problems, read_texts),
            minor: fields.get("minor", problems, read_texts),
            untriaged: fields.get("untriaged", problems, read_text),
        }),
        component: fields.get("component", problems, read_component),
        team: fields.get("team", problems, read_team),
        kind: fields.get("kind", problems, read_names),
        found_by: fields.get("found-by", problems, read_names),
        root_cause: fields.get("root-cause", problems, read_names),
        detection_gap: fields.get("detection-gap", problems, read_names),
        root_cause_needed: fields.get("root-cause-needed", problems, read_texts),
    }
}

fn rules(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<RawRule>> {
    // An empty `rules:` is a list without rules, which has a code of its own.
    if node.is_null() {
        return Some(Vec::new());
    }
    let items = read_list(node, name, problems)?;
    // Entries that are not mappings have been reported. A list of only such entries is bad, and not empty.
    let rules: Vec<RawRule> = items.iter().filter_map(|item| rule(item, problems)).collect();
    (items.is_empty() || !rules.is_empty()).then_some(rules)
}

/// Reads a rule; `None` if it is not a mapping, which is then reported.
fn rule(node: &Node, problems: &mut Problems) -> Option<RawRule> {
    let fields = Fields::open(node, "a rule", keys::RULE, problems)?;
    Some(RawRule {
        span: node.span.clone(),
        id: fields.get("id", problems, read_text),
        metric: fields.get("metric", problems, read_text),
        filter: fields.open_keys("where", problems, selection),
        filter_at: fields.key_span("where"),
        over: fields.get("over", problems, read_text),
        per: fields.get("per", problems, read_text),
        trend: fields.section("trend", keys::TREND, problems, |fields, problems| RawTrend {
            over: fields.get("over", problems, read_text),
            must: fields.get("must", problems, read_text),
        }),
        max: fields.get("max", problems, read_scalar),
        min: fields.get("min", problems, read_scalar),
        warn: fields.get("warn", problems, read_scalar),
        min_sample: fields.get("min-sample", problems, read_scalar),
        insufficient: fields.get("insufficient", problems, read_text),
        sample: fields.get("sample", problems, read_scalar),
        confidence: fields.get("confidence", problems, read_text),
        since: fields.get("since", problems, read_text),
        hotfix: fields.get("hotfix", problems, read_text),
        under_investigation: fields.get("under-investigation", problems, read_text),
        level: fields.get("level", problems, read_text),
        on: fields.get("on", problems, read_texts),
        why: fields.get("why", problems, read_text),
    })
}

/// Reads one value, a list of which any will do, or `{ not: … }`.
fn selection(node: &Node, name: &str, problems: &mut Problems) -> Option<RawSelection> {
    let (node, not) = match &node.kind {
        NodeKind::Map(_) => {
            let fields = Fields::open(node, name, keys::NOT, problems)?;
            let Some(inner) = fields.node("not") else {
                let draft = Draft::structural(
                    LanguageProblem::MissingKey,
                    &node.span,
                    format!("{name} needs `not`, or values"),
                );
                problems.push(
                    draft.help("write `[a, b]` for any of them, or `{ not: [a, b] }` for none of them"),
                );
                return None;
            };
            (inner, true)
        }
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::List(_) => (node, false),
    };
    let value = read_text_or_texts(node, name, problems)?;
    Some(RawSelection { not, values: Spanned { value, span: node.span.clone() } })
}
