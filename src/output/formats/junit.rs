//! The verdicts as JUnit XML: each rule is a test case.
//!
//! | verdict of a rule | test case |
//! |---|---|
//! | fails, and blocks | failure |
//! | unknown, and blocks | error |
//! | waived or overridden; not evaluated on this kind of candidate | skipped |
//! | warns, or does not block | passes; its reason is in `system-out` |
//!
//! Missing evidence can make the verdict unknown although every rule passes. It is a test case of its own, so that a run
//! without failures and errors always is a verdict that does not block.

use crate::output::escape::{Safe, Xml, safe};
use crate::output::labels::value_with_interval;
use crate::report::{GapLine, Report, RuleLine, Verdict};

/// Name of the test case for missing evidence. Ids of rules have no spaces.
const EVIDENCE: &str = "evidence is complete";

/// A test case.
struct TestCase {
    name: Safe<Xml>,
    outcome: CaseOutcome,
}

/// The outcome of a test case.
enum CaseOutcome {
    Passed,
    /// With the reason.
    Skipped(Safe<Xml>),
    Failed(CaseProblem),
    Error(CaseProblem),
}

/// The reason why a test case does not pass.
struct CaseProblem {
    /// Metric of the rule, or `gap`.
    kind: Safe<Xml>,
    /// Reason in one line.
    message: Safe<Xml>,
    /// More lines, each with its line end.
    details: Safe<Xml>,
}

/// Renders one test suite with a test case for each rule.
pub fn junit_xml(report: &Report) -> Safe<Xml> {
    let class: Safe<Xml> = safe!("escape-gate.{}", Safe::of(&report.id));
    let cases = test_cases(report);
    let count = |is: fn(&CaseOutcome) -> bool| cases.iter().filter(|case| is(&case.outcome)).count();
    let failures = count(|outcome| matches!(outcome, CaseOutcome::Failed(..)));
    let errors = count(|outcome| matches!(outcome, CaseOutcome::Error(..)));
    let skipped = count(|outcome| matches!(outcome, CaseOutcome::Skipped(_)));
    let text = |text: &str| Safe::<Xml>::of(text);
    let property = |(name, value): &(&'static str, Safe<Xml>)| {
        safe!("      <property name=\"{}\" value=\"{}\"/>\n", *name, value)
    };
    let candidate = report.candidate.as_ref();
    let properties: Safe<Xml> = [
        ("verdict", text(report.verdict.name())),
        ("dry-run", text(if report.dry_run { "true" } else { "false" })),
        ("policy", text(&report.policy)),
        ("repository", text(report.repository.as_deref().unwrap_or(""))),
        ("candidate", text(candidate.map_or("", |candidate| &candidate.name))),
        ("commit", text(candidate.and_then(|candidate| candidate.head.as_deref()).unwrap_or(""))),
        ("escape-gate", text(report.version)),
    ]
    .iter()
    .map(property)
    .collect();
    let cases_text: Safe<Xml> = cases.iter().map(|case| case_element(case, &class)).collect();
    safe!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"escape-gate\" package=\"escape-gate\" \
         id=\"0\" timestamp=\"{}\" hostname=\"localhost\" tests=\"{}\" failures=\"{}\" errors=\"{}\"{} \
         time=\"0\">\n    <properties>\n{}    </properties>\n{}    <system-out>{}</system-out>\n    <system-err/>\n  \
         </testsuite>\n</testsuites>\n",
        // The schema of Ant allows no time zone.
        report.evaluated_at.strftime("%Y-%m-%dT%H:%M:%S"),
        cases.len(),
        failures,
        errors,
        // The older schemas of Ant know no skipped test cases.
        if skipped > 0 { safe!(" skipped=\"{}\"", skipped) } else { Safe::default() },
        properties,
        cases_text,
        system_out(report)
    )
}

fn test_cases(report: &Report) -> Vec<TestCase> {
    let rules =
        report.rules.iter().map(|rule| TestCase { name: Safe::of(&rule.id), outcome: rule_outcome(rule) });
    let not_evaluated = report
        .not_evaluated
        .iter()
        .map(|line| TestCase { name: Safe::of(&line.id), outcome: CaseOutcome::Skipped(line.reason.into()) });
    let evidence = TestCase { name: EVIDENCE.into(), outcome: evidence_outcome(report) };
    rules.chain(not_evaluated).chain([evidence]).collect()
}

fn rule_outcome(rule: &RuleLine) -> CaseOutcome {
    let problem = || CaseProblem {
        kind: Safe::of(&rule.metric),
        message: Safe::of(&rule.reason),
        details: details(rule),
    };
    match (rule.verdict, rule.weight()) {
        (Verdict::Waived, _) => CaseOutcome::Skipped(Safe::of(&rule.reason)),
        (_, Verdict::Fail) => CaseOutcome::Failed(problem()),
        (_, Verdict::Unknown) => CaseOutcome::Error(problem()),
        (_, Verdict::Pass | Verdict::Warn | Verdict::Waived) => CaseOutcome::Passed,
    }
}

/// Returns value, limit, scope and issues of a rule, a line each.
fn details(rule: &RuleLine) -> Safe<Xml> {
    let issues: Vec<Safe<Xml>> = rule.issues.iter().map(|number| safe!("#{}", *number)).collect();
    safe!(
        "value: {}\nlimit: {}\nscope: {}\nissues: {}\n",
        Safe::of(&value_with_interval(rule)),
        Safe::of(&rule.bound),
        Safe::of(&rule.over),
        if issues.is_empty() { "none".into() } else { Safe::join(&issues, ", ") }
    )
}

/// Returns the outcome of the test case for evidence: only gaps that the policy does not tolerate are errors.
fn evidence_outcome(report: &Report) -> CaseOutcome {
    let blocking: Vec<&GapLine> = report.gaps.iter().filter(|gap| gap.verdict == Verdict::Unknown).collect();
    if let Some(first) = blocking.first() {
        let details = blocking.iter().map(|gap| safe!("{}\n", gap_text(gap))).collect();
        return CaseOutcome::Error(CaseProblem { kind: "gap".into(), message: gap_text(first), details });
    }
    let explained = report.rules.iter().any(|rule| rule.weight() == report.verdict);
    match report.verdict {
        // Never green: whatever blocks without a rule and a gap is an error too.
        Verdict::Fail | Verdict::Unknown if !explained => {
            let message = Safe::of(&report.headline);
            CaseOutcome::Error(CaseProblem { kind: "verdict".into(), message, details: Safe::default() })
        }
        Verdict::Pass | Verdict::Warn | Verdict::Waived | Verdict::Fail | Verdict::Unknown => {
            CaseOutcome::Passed
        }
    }
}

fn gap_text(gap: &GapLine) -> Safe<Xml> {
    match &gap.place {
        Some(place) => safe!("{}, {}: {}", gap.area.name(), Safe::of(place), Safe::of(&gap.what)),
        None => safe!("{}: {}", gap.area.name(), Safe::of(&gap.what)),
    }
}

/// Returns the verdict in one sentence, then what warns, a line each.
fn system_out(report: &Report) -> Safe<Xml> {
    let mut out: Safe<Xml> = safe!("{}\n", Safe::of(&report.headline));
    for rule in report.rules.iter().filter(|rule| rule.weight() == Verdict::Warn) {
        out.push(safe!("{}: {}: {}\n", rule.verdict.name(), Safe::of(&rule.id), Safe::of(&rule.reason)));
    }
    for gap in report.gaps.iter().filter(|gap| gap.verdict != Verdict::Unknown) {
        out.push(safe!("tolerated gap: {}\n", gap_text(gap)));
    }
    out
}

fn case_element(case: &TestCase, class: &Safe<Xml>) -> Safe<Xml> {
    let element = |name: &'static str, problem: &CaseProblem| -> Safe<Xml> {
        let CaseProblem { kind, message, details } = problem;
        safe!(
            "\n      <{} type=\"{}\" message=\"{}\">{}\n{}</{}>\n    ",
            name,
            kind,
            message,
            message,
            details,
            name
        )
    };
    let body: Safe<Xml> = match &case.outcome {
        CaseOutcome::Passed => Safe::default(),
        CaseOutcome::Skipped(reason) => safe!("\n      <skipped message=\"{}\"/>\n    ", reason),
        CaseOutcome::Failed(problem) => element("failure", problem),
        CaseOutcome::Error(problem) => element("error", problem),
    };
    safe!("    <testcase classname=\"{}\" name=\"{}\" time=\"0\">{}</testcase>\n", class, case.name, body)
}

#[cfg(test)]
mod tests {
    use super::junit_xml;
    use crate::output::examples;
    use crate::report::{Report, Verdict};

    /// Numbers of failures, errors and skipped cases, as the suite says.
    fn counts(report: &Report) -> [String; 3] {
        let xml = junit_xml(report);
        ["failures", "errors", "skipped"].map(|name| {
            let (_, rest) = xml.split_once(&format!(" {name}=\"")).unwrap_or(("", "0\""));
            rest.split('"').next().unwrap_or_default().to_owned()
        })
    }

    #[test]
    fn blocking_verdicts_are_failures_and_errors() {
        assert_eq!(counts(&examples::pass()), ["0", "0", "0"]);
        assert_eq!(counts(&examples::warn()), ["0", "0", "0"]);
        assert_eq!(counts(&examples::fail()), ["2", "0", "0"]);
        // Two rules and the evidence.
        assert_eq!(counts(&examples::unknown()), ["0", "3", "0"]);
    }

    #[test]
    fn advisory_rule_that_fails_passes_with_its_reason() {
        let mut report = examples::warn();
        report.rules[3].verdict = Verdict::Fail;
        assert_eq!(counts(&report), ["0", "0", "0"]);
        assert!(junit_xml(&report).contains("<system-out>nothing blocks"));
        assert!(junit_xml(&report).contains("\nfail: major: 1 is above at most 0\n"));
    }

    #[test]
    fn waived_rule_is_skipped_with_its_reason() {
        let mut report = examples::fail();
        report.rules[0].verdict = Verdict::Waived;
        report.rules[0].reason = "waived until 2026-12-01".to_owned();
        assert_eq!(counts(&report), ["1", "0", "1"]);
        assert!(junit_xml(&report).contains("<skipped message=\"waived until 2026-12-01\"/>"));
    }

    #[test]
    fn verdict_that_no_rule_explains_is_never_green() {
        let mut report = examples::pass();
        report.verdict = Verdict::Unknown;
        assert_eq!(counts(&report), ["0", "1", "0"]);
    }
}
