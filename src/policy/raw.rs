//! The policy file as written: every key the format has, the place of every value, and nothing decided yet.

mod exceptions;
mod gates;
mod naming;
mod origins;
mod selectors;
mod status;
mod tests;

use std::ops::Range;

use policy_lang::{LanguageProblem, OverrideEntry, read_overrides};

use super::keys;
use super::language::{
    Document, Draft, Field, Fields, Named, Node, NodeKind, Problems, Scalar, Spanned, is_supported_version,
    read_list, read_scalar, read_text, read_text_or_texts, read_texts, read_truth,
};

pub(super) use exceptions::{RawApprovers, RawFollowUp, RawOverriders, RawWaiver, waiver_file};
pub(super) use gates::RawGates;
pub(super) use naming::{RawComponent, RawOwners, RawTeam};
pub(super) use origins::{RawAttribution, RawHeadings, RawOrigin};
pub(super) use selectors::{RawAlternative, RawSelector};
pub(super) use status::{RawPeriod, RawStatus};
pub(super) use tests::{RawExpectedReports, RawTests};

/// The whole file.
#[derive(Debug)]
pub(super) struct RawPolicy {
    pub extends: Field<Vec<Spanned<String>>>,
    pub loosens: Field<Vec<OverrideEntry>>,
    pub releases: Field<RawReleases>,
    /// `lines.complete`.
    pub lines_complete: Field<bool>,
    pub periods: Named<Field<RawPeriod>>,
    pub defects: Field<RawDefects>,
    pub attribution: Field<RawAttribution>,
    pub tests: Field<RawTests>,
    pub missing: Field<RawMissing>,
    /// `deployments.environment`.
    pub environment: Field<Field<String>>,
    pub gates: Field<RawGates>,
    pub rules: Field<Vec<RawRule>>,
    pub pull_requests: Field<String>,
    pub mode: Field<String>,
    pub waivers: Field<Vec<RawWaiver>>,
    pub approvers: Field<RawApprovers>,
    pub overrides: Field<RawOverriders>,
}

/// The section `releases`.
#[derive(Debug)]
pub(super) struct RawReleases {
    pub tags: Field<String>,
    pub supported: Field<Scalar>,
    pub mature_after: Field<Scalar>,
    pub hotfix_within: Field<Scalar>,
    pub failure_within: Field<Scalar>,
}

/// The section `defects`.
#[derive(Debug)]
pub(super) struct RawDefects {
    pub escaped: Field<RawSelector>,
    pub caught: Field<RawSelector>,
    pub blocking: Field<RawSelector>,
    pub pre_releases: Field<String>,
    pub closed_without_change: Field<String>,
    pub status: Field<Vec<RawStatus>>,
    pub excluded: Named<Field<Vec<Spanned<String>>>>,
    pub severity: Field<RawSeverity>,
    pub component: Field<RawComponent>,
    pub team: Field<RawTeam>,
    pub kind: Field<String>,
    pub found_by: Field<String>,
    pub root_cause: Field<String>,
    pub root_cause_needed: Field<Vec<Spanned<String>>>,
}

/// The section `defects.severity`.
#[derive(Debug)]
pub(super) struct RawSeverity {
    pub critical: Field<Vec<Spanned<String>>>,
    pub major: Field<Vec<Spanned<String>>>,
    pub minor: Field<Vec<Spanned<String>>>,
    pub untriaged: Field<String>,
}

/// The section `missing`.
#[derive(Debug)]
pub(super) struct RawMissing {
    pub issues: Field<String>,
    pub tests: Field<String>,
    pub history: Field<String>,
    pub deployments: Field<String>,
    pub origins: Field<String>,
    pub severity: Field<String>,
}

/// One rule.
#[derive(Debug)]
pub(super) struct RawRule {
    /// The whole of it.
    pub span: Range<usize>,
    pub id: Field<String>,
    pub metric: Field<String>,
    pub filter: Named<Field<RawSelection>>,
    /// Where `where` stands, if it does.
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

/// The values that `where` asks of an attribute.
#[derive(Debug)]
pub(super) struct RawSelection {
    /// True for `{ not: … }`.
    pub not: bool,
    pub values: Spanned<Vec<Spanned<String>>>,
}

/// The mapping `trend`.
#[derive(Debug)]
pub(super) struct RawTrend {
    pub over: Field<String>,
    pub must: Field<String>,
}

/// Reads the tree. With a version that is not supported nothing else is looked at, and there is no policy.
pub(super) fn read(document: Document, problems: &mut Problems) -> Option<RawPolicy> {
    let root = &*document.root;
    if !is_supported_version(root, problems) {
        return None;
    }
    for tag in document.tags {
        problems.push(tag);
    }
    let fields = Fields::open(root, "a policy", keys::POLICY, problems)?;
    let tests = fields.section("tests", keys::TESTS, problems, tests::tests);
    Some(RawPolicy {
        extends: fields.get("extends", problems, read_texts),
        loosens: fields.get("override", problems, read_overrides),
        releases: fields.section("releases", keys::RELEASES, problems, releases),
        lines_complete: fields
            .section("lines", keys::LINES, problems, |section, problems| {
                section.get("complete", problems, read_truth)
            })
            .flatten(),
        periods: fields.open_keys("periods", problems, status::period),
        defects: fields.section("defects", keys::DEFECTS, problems, defects),
        attribution: fields.section("attribution", keys::ATTRIBUTION, problems, origins::attribution),
        tests,
        missing: fields.section("missing", keys::MISSING, problems, missing),
        environment: fields.section("deployments", keys::DEPLOYMENTS, problems, |section, problems| {
            section.get("environment", problems, read_text)
        }),
        gates: fields.get("gates", problems, gates::gates),
        rules: fields.get("rules", problems, rules),
        pull_requests: fields.get("pull-requests", problems, read_text),
        mode: fields.get("mode", problems, read_text),
        waivers: fields.get("waivers", problems, exceptions::waivers),
        approvers: fields.section("approvers", keys::APPROVERS, problems, exceptions::approvers),
        overrides: fields.section("overrides", keys::OVERRIDES, problems, exceptions::overriders),
    })
}

fn releases(fields: &Fields<'_>, problems: &mut Problems) -> RawReleases {
    RawReleases {
        tags: fields.get("tags", problems, read_text),
        supported: fields.get("supported", problems, read_scalar),
        mature_after: fields.get("mature-after", problems, read_scalar),
        hotfix_within: fields.get("hotfix-within", problems, read_scalar),
        failure_within: fields.get("failure-within", problems, read_scalar),
    }
}

fn defects(fields: &Fields<'_>, problems: &mut Problems) -> RawDefects {
    RawDefects {
        escaped: fields.get("escaped", problems, selectors::selector),
        caught: fields.get("caught", problems, selectors::selector),
        blocking: fields.get("blocking", problems, selectors::blocking),
        pre_releases: fields.get("pre-releases", problems, read_text),
        closed_without_change: fields.get("closed-without-change", problems, read_text),
        status: fields.get("status", problems, status::entries),
        excluded: fields.open_keys("excluded", problems, read_texts),
        severity: fields.section("severity", keys::SEVERITY, problems, |fields, problems| RawSeverity {
            critical: fields.get("critical", problems, read_texts),
            major: fields.get("major", problems, read_texts),
            minor: fields.get("minor", problems, read_texts),
            untriaged: fields.get("untriaged", problems, read_text),
        }),
        component: fields.get("component", problems, naming::component),
        team: fields.get("team", problems, naming::team),
        kind: fields.get("kind", problems, read_text),
        found_by: fields.get("found-by", problems, read_text),
        root_cause: fields.get("root-cause", problems, read_text),
        root_cause_needed: fields.get("root-cause-needed", problems, read_texts),
    }
}

fn missing(fields: &Fields<'_>, problems: &mut Problems) -> RawMissing {
    RawMissing {
        issues: fields.get("issues", problems, read_text),
        tests: fields.get("tests", problems, read_text),
        history: fields.get("history", problems, read_text),
        deployments: fields.get("deployments", problems, read_text),
        origins: fields.get("origins", problems, read_text),
        severity: fields.get("severity", problems, read_text),
    }
}

fn rules(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<RawRule>> {
    // `rules:` with nothing behind it is a list without rules; that is said later, with its own code.
    if node.is_null() {
        return Some(Vec::new());
    }
    let items = read_list(node, name, problems)?;
    // Entries that are no rules have been reported; a list of nothing else is bad, and not empty.
    let rules: Vec<RawRule> = items.iter().filter_map(|item| rule(item, problems)).collect();
    (items.is_empty() || !rules.is_empty()).then_some(rules)
}

/// One rule; none if it is not a mapping, which has then been reported.
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

/// One value, a list of which any will do, or `{ not: … }` with values of which none may be.
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
