//! The hostile texts, and reports in which one of them stands in every place that somebody else can write to.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use escape_gate::report::{
    Area, AreaNames, AttributionMethod, BasePolicyLine, BasePolicyState, BlockerLine, CandidateLine,
    CaseStatus, ComponentRow, ComponentTable, Confidence, DefectLine, DetectionReport, DurationValue,
    ExceptionEffect, ExceptionKind, ExceptionLine, ExceptionQuarter, ExcludedLine, FailedReleaseLine,
    FollowUpLine, GapLine, GateLine, GateReport, GroupLine, InheritanceReport, InheritedFileLine,
    NotableCase, OriginLine, OriginMethod, PastLine, PolicyPlace, Rate, RelaxationLine, Report, ReportTotals,
    RuleLine, RuleValue, SCHEMA, Severity, Status, StatusLine, TestLine, Verdict,
};
use serde::Deserialize;

/// One text and what it attacks.
pub struct Hostile {
    pub group: String,
    pub text: String,
}

/// A text as the file writes it.
#[derive(Deserialize)]
struct Repeated {
    repeat: String,
    times: usize,
}

/// Every text of `fixtures/hostile/corpus.json`.
pub fn corpus() -> Vec<Hostile> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile/corpus.json");
    let groups: BTreeMap<String, Vec<serde_json::Value>> =
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut all = Vec::new();
    for (group, entries) in groups {
        for entry in entries {
            let text = match entry.as_str() {
                Some(text) => text.to_owned(),
                None => {
                    let Repeated { repeat, times } = serde_json::from_value(entry).unwrap();
                    repeat.repeat(times)
                }
            };
            all.push(Hostile { group: group.clone(), text });
        }
    }
    all
}

/// How a text stands in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// It is the whole of every text.
    Bare,
    /// Something of ours stands before it, and it is quoted where the program quotes names.
    Quoted,
}

/// A report with the text in every place. Each field is spelt out, so that a new one has to be decided about here.
pub fn report(verdict: Verdict, shape: Shape, text: &str) -> Report {
    let it = || match shape {
        Shape::Bare => text.to_owned(),
        Shape::Quoted => format!("label `{text}` of {text}"),
    };
    let name = || text.to_owned();
    let rule = |id: &str, verdict, value| RuleLine {
        id: id.to_owned(),
        metric: "unfixed".to_owned(),
        level: "mandatory",
        blocks: true,
        verdict,
        value,
        shown: it(),
        bound: it(),
        over: it(),
        filter: it(),
        reason: it(),
        blocks_release: false,
        insufficient: false,
        why: Some(it()),
        issues: vec![412],
        notes: vec![it(), it()],
        waived: vec![413],
        past: vec![PastLine { over: it(), value: None, shown: it() }],
        per: Some("component"),
        groups: vec![GroupLine { name: name(), verdict, value: None, shown: it(), issues: vec![412] }],
        sampled: vec![412],
        failed_releases: vec![FailedReleaseLine {
            release: name(),
            issues: vec![412],
            hotfixed_by: Some(name()),
            failed_deployments: 1,
            rolled_back_to: Some(name()),
            taken_back_by: Some(name()),
        }],
        place: Some(PolicyPlace { file: name(), line: 7 }),
    };
    let rate = || Rate { numerator: 1, denominator: 3, low: 0.1, high: 0.7, over: it() };
    let case = |status, message| NotableCase {
        status,
        name: name(),
        report: name(),
        message,
        file: Some(name()),
        line: Some(7),
    };
    Report {
        page: Some(Box::new(super::page::page(&name))),
        detection: Some(DetectionReport {
            over: it(),
            from_release: Some(time(&it)),
            from_commit: Some(time(&it)),
            coverage: it(),
            agreement: Some(it()),
        }),
        schema: SCHEMA,
        version: "0.1.0",
        id: name(),
        product: Some(name()),
        verdict,
        policy_digest: None,
        links: None,
        cost: None,
        base_policy: Some(BasePolicyLine {
            branch: it(),
            state: BasePolicyState::Changed,
            other_verdict: Some(verdict),
            note: it(),
        }),
        dry_run: false,
        dry_run_by: None,
        exceptions_by_quarter: vec![ExceptionQuarter {
            quarter: "2026-Q4".to_owned(),
            waivers: 1,
            overrides: 2,
        }],
        not_evaluated: Vec::new(),
        exceptions: vec![
            exception(ExceptionKind::Waiver, &it, text),
            exception(ExceptionKind::Override, &it, text),
        ],
        headline: it(),
        evaluated_at: "2026-11-20T09:30:00Z".parse().unwrap(),
        repository: Some(name()),
        policy: name(),
        inherited: Some(InheritanceReport {
            files: vec![InheritedFileLine { name: name(), digest: "0123456789abcdef".repeat(4) }],
            loosened: vec![RelaxationLine {
                what: it(),
                inherited: it(),
                inherited_at: name(),
                holds: it(),
                holds_at: name(),
                reason: it(),
            }],
        }),
        candidate: Some(CandidateLine {
            name: name(),
            pull_request: None,
            head: Some(name()),
            base: Some(name()),
            commits: Some(3),
        }),
        pull_request: None,
        totals: ReportTotals {
            over: it(),
            escaped: Some(2),
            critical: Some(1),
            untriaged: Some(1),
            unattributed: Some(1),
            excluded: Some(1),
            escape_rate: Some(rate()),
        },
        rules: vec![
            rule("one", verdict, Some(RuleValue::Ratio(rate()))),
            rule(text, Verdict::Warn, Some(RuleValue::Count(1))),
            rule("two", Verdict::Unknown, None),
            rule("three", Verdict::Fail, Some(RuleValue::Duration(time(&it)))),
        ],
        defects: vec![
            defect(412, Some(Severity::Critical), vec![name().into(), "one".into()], &it, text),
            defect(413, None, Vec::new(), &it, text),
        ],
        guessed: None,
        statuses: Vec::new(),
        blockers: Some(vec![BlockerLine {
            number: 7,
            title: it(),
            url: url(7),
            pull_request: true,
            because: it(),
            done: Some(false),
            reason: it(),
            found_in: Some(name()),
            status: None,
        }]),
        excluded: vec![ExcludedLine {
            number: 377,
            title: name(),
            url: url(377),
            reason: it(),
            because: it(),
        }],
        gates: Some(GateReport {
            over: it(),
            defects: 2,
            with_detection_gap: 0,
            with_root_cause: 1,
            without_cause: 1,
            unmapped: 0,
            weakest: vec!["unit"],
            summary: it(),
            strategy: vec![it()],
            gates: vec![GateLine { gate: "unit", issues: vec![412], by_detection_gap: vec![412] }],
        }),
        cross: Some(ComponentTable {
            over: it(),
            defects: 2,
            inferred: 1,
            teams: vec![Some(name()), None],
            rows: vec![ComponentRow { component: Some(name()), total: 2, counts: vec![1, 1] }],
            more_components: 1,
            more_teams: 1,
            not_shown: 0,
        }),
        tests: Some(TestLine {
            files: 1,
            total: 4,
            passed: 1,
            failed: 1,
            errors: 1,
            skipped: 0,
            flaky: 1,
            runs: 5,
            notable: vec![
                case(CaseStatus::Failed, Some(it())),
                case(CaseStatus::Error, None),
                case(CaseStatus::Flaky, Some(it())),
            ],
            more: 2,
        }),
        gaps: vec![
            GapLine {
                area: Area::Tests,
                place: Some(name()),
                what: it(),
                remedy: Some(it()),
                verdict: Verdict::Unknown,
            },
            GapLine { area: Area::Issues, place: None, what: it(), remedy: None, verdict: Verdict::Warn },
        ],
        warnings: vec![it(), it()],
        next: vec![it(), it()],
    }
}

/// Where an issue is read.
pub fn url(number: u64) -> String {
    format!("https://github.com/acme/shop/issues/{number}")
}

/// An exception with the text in every place but a comment's address.
fn exception(kind: ExceptionKind, it: &dyn Fn() -> String, text: &str) -> ExceptionLine {
    ExceptionLine {
        kind,
        standing: match kind {
            ExceptionKind::Waiver => ExceptionEffect::Unneeded,
            ExceptionKind::Override => ExceptionEffect::Void,
        },
        about: it(),
        rules: vec![text.to_owned()],
        issues: vec![413],
        reason: it(),
        by: text.to_owned(),
        role: Some(text.to_owned()),
        expires: Some("2026-12-01".parse().unwrap()),
        ends_with: Some(text.to_owned()),
        follow_up: Some(FollowUpLine { issue: 413, due: "2026-12-31".parse().unwrap(), closed: None }),
        written_at: Some("2026-11-02T08:00:00Z".parse().unwrap()),
        place: match kind {
            ExceptionKind::Waiver => text.to_owned(),
            ExceptionKind::Override => url(413),
        },
        notes: vec![it()],
    }
}

/// A length of time with the text in its words.
fn time(it: &dyn Fn() -> String) -> DurationValue {
    DurationValue { median_seconds: 1, mean_seconds: 2, count: 3, shown: it() }
}

/// A defect with the text in every place but its address.
fn defect(
    number: u64,
    severity: Option<Severity>,
    breaks: Vec<Arc<str>>,
    it: &dyn Fn() -> String,
    text: &str,
) -> DefectLine {
    DefectLine {
        number,
        title: text.to_owned(),
        url: url(number),
        open: true,
        severity,
        triaged: false,
        because: it(),
        components: AreaNames { names: vec![text.to_owned(), text.to_owned()], inferred: true },
        teams: AreaNames { names: vec![text.to_owned()], inferred: false },
        found_in: Some(text.to_owned()),
        method: AttributionMethod::Label,
        confidence: Confidence::Stated,
        evidence: it(),
        introduced: Some(OriginLine {
            release: Some(text.to_owned()),
            commit: Some(text.to_owned()),
            pull_request: Some(7),
            method: OriginMethod::Override,
            confidence: Confidence::Certain,
            evidence: it(),
            days_from_release: Some(3),
            days_from_commit: None,
        }),
        created_at: "2026-11-02T08:00:00Z".parse().unwrap(),
        status: Some(StatusLine {
            status: Some(Status::Affected),
            row: "9",
            confidence: Confidence::Stated,
            shown: it(),
            accepted: false,
            notes: vec![it()],
        }),
        waived: vec![text.into()],
        breaks,
    }
}
