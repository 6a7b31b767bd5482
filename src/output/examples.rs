//! Reports for the tests of outputs: one for each verdict, and one in which every text is hostile.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod page;

use jiff::Timestamp;

use crate::report::{
    Area, AreaNames, AttributionMethod, CandidateLine, CaseStatus, Confidence, DefectLine, ExcludedLine,
    GapLine, GuessedReleases, NotableCase, PolicyPlace, Rate, Report, ReportTotals, RuleLine, RuleValue,
    SCHEMA, Severity, Status, StatusLine, TestLine, Verdict,
};

pub use page::with_page;

/// A moment in 2026.
fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

/// All rules pass.
pub fn pass() -> Report {
    Report {
        page: None,
        schema: SCHEMA,
        version: "0.1.0",
        id: "default".to_owned(),
        verdict: Verdict::Pass,
        dry_run: false,
        dry_run_by: None,
        exceptions: Vec::new(),
        exceptions_by_quarter: Vec::new(),
        not_evaluated: Vec::new(),
        headline: "all 3 rules hold".to_owned(),
        evaluated_at: at("2026-11-20T09:30:00Z"),
        repository: Some("acme/shop".to_owned()),
        policy: ".github/escape-gate.yml".to_owned(),
        product: None,
        inherited: None,
        base_policy: None,
        policy_digest: None,
        links: None,
        cost: None,
        candidate: Some(CandidateLine {
            name: "v1.5.0".to_owned(),
            pull_request: None,
            head: Some("3f2a9d1c5b7e80642a19f0d3c4b5a69788776655".to_owned()),
            base: Some("v1.4.0".to_owned()),
            commits: Some(12),
        }),
        pull_request: None,
        totals: ReportTotals {
            over: "current release v1.4.0".to_owned(),
            escaped: Some(1),
            critical: Some(0),
            untriaged: Some(0),
            unattributed: Some(0),
            excluded: Some(2),
            escape_rate: Some(rate(3, 142, 0.0072, 0.0602)),
        },
        rules: vec![
            rule("zero-critical", "unfixed", Verdict::Pass, "0", "at most 0"),
            RuleLine {
                level: "overridable",
                value: Some(RuleValue::Ratio(rate(3, 142, 0.0072, 0.0602))),
                over: "last 90 days".to_owned(),
                filter: String::new(),
                reason: "2.1 % keeps at most 5 %".to_owned(),
                issues: vec![398],
                notes: vec!["2 releases younger than 30 days stay out: v1.4.0, v1.4.1".to_owned()],
                ..rule("rate", "escape-rate", Verdict::Pass, "2.1 % (3 of 142)", "at most 5 %")
            },
            RuleLine {
                over: "v1.5.0".to_owned(),
                filter: String::new(),
                ..rule("tests", "tests.failed", Verdict::Pass, "0", "at most 0")
            },
        ],
        defects: vec![defect(398, "Slow search on an empty index", Severity::Major)],
        guessed: Some(GuessedReleases { guessed: 3, of: 7 }),
        statuses: Vec::new(),
        blockers: None,
        excluded: vec![
            excluded(
                377,
                "Checkout unreachable during the network outage",
                "infrastructure",
                "label `cause/infra`",
            ),
            excluded(
                380,
                "Total is wrong with two vouchers, again",
                "duplicate of #412",
                "closed as duplicate",
            ),
        ],
        gates: None,
        cross: None,
        detection: None,
        tests: Some(TestLine {
            files: 3,
            total: 1204,
            passed: 1200,
            failed: 0,
            errors: 0,
            skipped: 4,
            flaky: 0,
            runs: 1206,
            notable: Vec::new(),
            more: 0,
        }),
        gaps: Vec::new(),
        warnings: Vec::new(),
        next: Vec::new(),
    }
}

/// An advisory rule fails and a gap is tolerated.
pub fn warn() -> Report {
    let mut report = pass();
    report.verdict = Verdict::Warn;
    report.headline = "nothing blocks; the advisory rule `major` is broken by 1 escaped defect".to_owned();
    report.rules.push(RuleLine {
        level: "advisory",
        blocks: false,
        value: Some(RuleValue::Count(1)),
        over: "current: v1.4.0".to_owned(),
        filter: "severity: major".to_owned(),
        reason: "1 is above at most 0".to_owned(),
        issues: vec![398],
        ..rule("major", "escaped", Verdict::Warn, "1", "at most 0")
    });
    report.defects[0].breaks = vec!["major".into()];
    report.gaps.push(GapLine {
        area: Area::Tests,
        place: Some("build/TEST-mobile.xml".to_owned()),
        what: "the file is empty".to_owned(),
        remedy: Some("see whether the step that writes it was cut short".to_owned()),
        verdict: Verdict::Warn,
    });
    report
        .warnings
        .push("label `sev/kritical` on #398 is close to `sev/critical` and matches no rule".to_owned());
    report.next.push("fix #398 in this release, or accept it: the rule is advisory".to_owned());
    report
}

/// A critical defect is not fixed, and tests fail.
pub fn fail() -> Report {
    let mut report = pass();
    report.verdict = Verdict::Fail;
    report.headline =
        "2 critical escaped defects are not fixed by v1.5.0 (at most 0), and 2 tests fail".to_owned();
    report.totals.escaped = Some(3);
    report.totals.critical = Some(2);
    report.totals.untriaged = Some(1);
    let broken = &mut report.rules[0];
    broken.verdict = Verdict::Fail;
    broken.value = Some(RuleValue::Count(2));
    broken.shown = "2".to_owned();
    broken.reason = "2 is above at most 0: #412, #405".to_owned();
    broken.issues = vec![405, 412];
    broken.notes = vec!["#391 is not counted: fixed by #415 in this candidate".to_owned()];
    let tests = &mut report.rules[2];
    tests.verdict = Verdict::Fail;
    tests.value = Some(RuleValue::Count(2));
    tests.shown = "2".to_owned();
    tests.reason = "2 is above at most 0".to_owned();
    let critical = DefectLine {
        found_in: Some("v1.4.0".to_owned()),
        method: AttributionMethod::Label,
        confidence: Confidence::Stated,
        evidence: "label `regression-prod-v1.4.0`".to_owned(),
        because: "label `regression-prod-v1.4.0`".to_owned(),
        breaks: vec!["zero-critical".into()],
        ..defect(412, "Checkout total is wrong with two vouchers", Severity::Critical)
    };
    let assumed = DefectLine {
        triaged: false,
        open: false,
        status: Some(affected("found in v1.4.0, the fix #409 is not in v1.5.0")),
        breaks: vec!["zero-critical".into()],
        ..defect(
            405,
            "Orders are lost when the payment provider answers late and the customer reloads the page twice in a row on a slow line",
            Severity::Critical,
        )
    };
    report.defects.splice(0..0, [critical, assumed]);
    let line = report.tests.as_mut().unwrap();
    line.failed = 2;
    line.flaky = 1;
    line.passed = 1198;
    line.notable = vec![
        NotableCase {
            status: CaseStatus::Failed,
            name: "shop.CheckoutTest.total_with_two_vouchers".to_owned(),
            report: "build/TEST-checkout.xml".to_owned(),
            message: Some("expected: <40.00> but was: <45.00>".to_owned()),
            file: Some("src/test/java/shop/CheckoutTest.java".to_owned()),
            line: Some(88),
        },
        NotableCase {
            status: CaseStatus::Failed,
            name: "shop.VoucherTest.expired[1]".to_owned(),
            report: "build/TEST-voucher.xml".to_owned(),
            message: None,
            file: None,
            line: None,
        },
        NotableCase {
            status: CaseStatus::Flaky,
            name: "shop.SearchTest.times_out".to_owned(),
            report: "build/TEST-search.xml".to_owned(),
            message: Some("timeout after 5 s".to_owned()),
            file: None,
            line: None,
        },
    ];
    report.next = vec![
        "merge a fix of #412 into v1.5.0: it is open".to_owned(),
        "bring the fix of #405 (#409) into v1.5.0".to_owned(),
        "triage #405: it has no severity and counts as critical".to_owned(),
        "make the 2 failing tests pass".to_owned(),
    ];
    report
}

/// Evidence is missing.
pub fn unknown() -> Report {
    let mut report = pass();
    report.verdict = Verdict::Unknown;
    report.headline =
        "1 test report could not be read and the issues are incomplete, so 2 rules have no answer".to_owned();
    report.totals.escaped = None;
    report.totals.critical = None;
    report.totals.untriaged = None;
    report.totals.escape_rate = None;
    for (rule, reason) in
        [(0, "the issues were not read to the end"), (1, "9 closed defects, at least 20 are needed")]
    {
        let rule = &mut report.rules[rule];
        rule.verdict = Verdict::Unknown;
        rule.value = None;
        rule.shown = "not measured".to_owned();
        rule.reason = reason.to_owned();
        rule.issues = Vec::new();
    }
    report.defects.clear();
    report.gaps = vec![
        GapLine {
            area: Area::Issues,
            place: Some("POST https://api.github.com/graphql".to_owned()),
            what: "secondary rate limit on page 3 of 7".to_owned(),
            remedy: Some("run again in 10 minutes".to_owned()),
            verdict: Verdict::Unknown,
        },
        GapLine {
            area: Area::Tests,
            place: Some("build/TEST-checkout.xml:88:14".to_owned()),
            what: "the file ends inside `testcase`".to_owned(),
            remedy: None,
            verdict: Verdict::Unknown,
        },
    ];
    report.next = vec!["run again in 10 minutes".to_owned(), "repair `build/TEST-checkout.xml`".to_owned()];
    report
}

/// Every untrusted text tries to break out.
pub fn hostile() -> Report {
    // Each piece attacks one medium: mentions, closing words, table cells, HTML, markers, images,
    // workflow commands, terminal codes, text direction, formulas, emoji and links.
    let attack = "@mona closes #1 | `x` </details><!-- escape-gate:end --> ![i](https://evil.example/p.png)\n\
                  # owned\n::error::x\r::stop-commands::t\n##[error]y \u{1b}[2J\u{202e}txt\u{200b} $x$ :tada: www.evil.example \
                  a@b.example acme/shop#9 GH-3 deadbeefcafe **b** <img src=x onerror=1>";
    let mut report = fail();
    report.candidate.as_mut().unwrap().name = format!("v1`|{attack}");
    report.candidate.as_mut().unwrap().base = Some(attack.to_owned());
    report.headline = format!("#412 breaks it: {attack}");
    report.totals.over = attack.to_owned();
    for rule in &mut report.rules {
        rule.over = attack.to_owned();
        rule.filter = format!("component: {attack}");
        rule.why = Some(attack.to_owned());
        rule.reason = attack.to_owned();
        rule.notes = vec![attack.to_owned()];
    }
    for defect in &mut report.defects {
        defect.title = attack.to_owned();
        defect.because = format!("label `{attack}`");
        defect.evidence = attack.to_owned();
        defect.found_in = Some(attack.to_owned());
        defect.status = Some(affected(attack));
    }
    report.defects[0].url = "javascript:alert(1)".to_owned();
    report.defects[1].url = "https://github.com/acme/shop/issues/405) ![x](https://evil.example".to_owned();
    for excluded in &mut report.excluded {
        excluded.title = attack.to_owned();
        excluded.reason = attack.to_owned();
        excluded.because = attack.to_owned();
    }
    for case in &mut report.tests.as_mut().unwrap().notable {
        case.name = attack.to_owned();
        case.report = attack.to_owned();
        case.message = Some(attack.to_owned());
        case.file = Some("a,line=1::x.rs".to_owned());
    }
    report.gaps.push(GapLine {
        area: Area::Tests,
        place: Some(attack.to_owned()),
        what: attack.to_owned(),
        remedy: Some(attack.to_owned()),
        verdict: Verdict::Unknown,
    });
    report.warnings = vec![attack.to_owned()];
    report.next = vec![attack.to_owned()];
    report
}

/// A share with its interval.
fn rate(numerator: u64, denominator: u64, low: f64, high: f64) -> Rate {
    Rate { numerator, denominator, low, high, over: "last 90 days".to_owned() }
}

/// A mandatory rule on critical defects.
fn rule(id: &str, metric: &str, verdict: Verdict, shown: &str, bound: &str) -> RuleLine {
    RuleLine {
        id: id.to_owned(),
        metric: metric.to_owned(),
        level: "mandatory",
        blocks: true,
        verdict,
        value: Some(RuleValue::Count(0)),
        shown: shown.to_owned(),
        bound: bound.to_owned(),
        over: "supported: v1.4.0, v1.3.2".to_owned(),
        filter: "severity: critical".to_owned(),
        reason: "0 keeps at most 0".to_owned(),
        insufficient: false,
        blocks_release: false,
        why: (id == "zero-critical")
            .then(|| "Critical means data loss, a security breach or a complete outage.".to_owned()),
        issues: Vec::new(),
        notes: Vec::new(),
        past: Vec::new(),
        per: None,
        groups: Vec::new(),
        waived: Vec::new(),
        sampled: Vec::new(),
        failed_releases: Vec::new(),
        place: Some(PolicyPlace { file: ".github/escape-gate.yml".to_owned(), line: 12 }),
    }
}

/// An open defect, inferred to be found in the current release.
fn defect(number: u64, title: &str, severity: Severity) -> DefectLine {
    DefectLine {
        number,
        title: title.to_owned(),
        url: format!("https://github.com/acme/shop/issues/{number}"),
        open: true,
        severity: Some(severity),
        triaged: true,
        because: "label `production-bug`".to_owned(),
        components: AreaNames::default(),
        teams: AreaNames::default(),
        found_in: Some("v1.4.0".to_owned()),
        method: AttributionMethod::Window,
        confidence: Confidence::Inferred,
        evidence: "v1.4.0 was the newest release on 2026-11-02".to_owned(),
        introduced: None,
        created_at: at("2026-11-02T08:00:00Z"),
        status: Some(affected("found in v1.4.0, no fix is in v1.5.0")),
        waived: Vec::new(),
        breaks: Vec::new(),
    }
}

/// The status of a defect that the candidate has.
fn affected(reason: &str) -> StatusLine {
    StatusLine {
        status: Some(Status::Affected),
        row: "9",
        confidence: Confidence::Stated,
        shown: format!("affected: {reason}"),
        accepted: false,
        notes: Vec::new(),
    }
}

/// An excluded issue.
fn excluded(number: u64, title: &str, reason: &str, because: &str) -> ExcludedLine {
    ExcludedLine {
        number,
        title: title.to_owned(),
        url: format!("https://github.com/acme/shop/issues/{number}"),
        reason: reason.to_owned(),
        because: because.to_owned(),
    }
}
