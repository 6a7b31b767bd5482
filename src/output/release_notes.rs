//! The gate's line in the public notes of a release. It never contains the title of a defect.

use super::escape::{Markdown, Safe, link, safe};
use super::labels;
use crate::report::{DefectLine, Report, RuleLine, RuleValue, Severity, Verdict};

/// Renders the verdict in one line, for example `Passed the release gate` or
/// `Blocked by the release gate: 1 critical defect`. The line links to `run_url`, the page of the run.
pub fn notes_line(report: &Report, run_url: Option<&str>) -> Safe<Markdown> {
    let excepted = report.rules.iter().any(|rule| rule.verdict == Verdict::Waived);
    let text: Safe<Markdown> = match (report.verdict, report.dry_run) {
        // Release notes are public. Users should know that the release passed only by an exception.
        (Verdict::Pass | Verdict::Warn | Verdict::Waived, _) if excepted => {
            "Passed the release gate by an exception".into()
        }
        (Verdict::Pass | Verdict::Warn | Verdict::Waived, _) => "Passed the release gate".into(),
        (Verdict::Unknown, _) => "Not decided by the release gate: evidence is missing".into(),
        (Verdict::Fail, false) => safe!("Blocked by the release gate: {}", blocking_counts(report)),
        (Verdict::Fail, true) => {
            safe!("Observed by the release gate, which does not block: {}", blocking_counts(report))
        }
    };
    line_linked_to_run(text, run_url)
}

/// Renders a line that links to the page of the run, if its address is safe.
pub fn line_linked_to_run(text: Safe<Markdown>, run_url: Option<&str>) -> Safe<Markdown> {
    let linked = run_url.and_then(|url| link(text.clone(), url));
    safe!("{}\n", linked.unwrap_or(text))
}

/// Counts what blocks: `1 critical defect, 3 failed tests, 1 other broken rule`. A rate or a coverage counts as a rule: none
/// of the defects that it measures blocks alone.
fn blocking_counts(report: &Report) -> Safe<Markdown> {
    let broken = report.rules.iter().filter(|rule| rule.weight() == Verdict::Fail);
    let (counting, mut others): (Vec<&RuleLine>, Vec<&RuleLine>) =
        broken.partition(|rule| matches!(rule.value, Some(RuleValue::Count(_))));
    let is_counted = |number: u64| counting.iter().any(|rule| rule.issues.contains(&number));
    let defects: Vec<&DefectLine> = report.defects.iter().filter(|line| is_counted(line.number)).collect();
    let is_defect = |number: u64| defects.iter().any(|defect| defect.number == number);
    let blockers = report.blockers.iter().flatten().map(|line| line.number);
    let blockers: Vec<u64> = blockers.filter(|number| is_counted(*number) && !is_defect(*number)).collect();
    let tests = counting.iter().find(|rule| TEST_METRICS.contains(&rule.metric.as_str()));
    let tests = match tests.and_then(|rule| rule.value.as_ref()) {
        Some(RuleValue::Count(count)) => *count,
        Some(RuleValue::Ratio(_) | RuleValue::Duration(_)) | None => 0,
    };
    others.extend(counting.iter().filter(|rule| {
        let named = rule.issues.iter().any(|number| is_defect(*number) || blockers.contains(number));
        !named && !TEST_METRICS.contains(&rule.metric.as_str())
    }));
    let of = |severity| defects.iter().filter(|line| line.severity == severity).count() as u64;
    let mut parts = labels::counted_nouns(&[
        (of(Some(Severity::Critical)), "critical defect", "critical defects"),
        (of(Some(Severity::Major)), "major defect", "major defects"),
        (of(Some(Severity::Minor)), "minor defect", "minor defects"),
        (of(None), "untriaged defect", "untriaged defects"),
        (blockers.len() as u64, "release blocker", "release blockers"),
        (tests, "failed test", "failed tests"),
    ]);
    let (one, many) = if parts.is_empty() {
        ("broken rule", "broken rules")
    } else {
        ("other broken rule", "other broken rules")
    };
    parts.extend(labels::counted_nouns(&[(others.len() as u64, one, many)]));
    Safe::join(&parts, ", ")
}

/// Metrics of failed tests. The first one includes the second.
const TEST_METRICS: [&str; 2] = ["tests.failed", "tests.errors"];

#[cfg(test)]
mod tests {
    use super::super::examples;
    use super::*;

    const RUN: Option<&str> = Some("https://github.com/acme/shop/actions/runs/7");

    #[test]
    fn the_line_says_how_it_went_and_names_no_defect() {
        let report = examples::fail();
        let out = notes_line(&report, RUN);
        assert!(out.starts_with("[Blocked by the release gate: "), "{out}");
        assert!(out.ends_with("](https://github.com/acme/shop/actions/runs/7)\n"), "{out}");
        assert!(report.defects.iter().all(|defect| !out.contains(&defect.title)), "{out}");
        assert_eq!(notes_line(&examples::pass(), None), "Passed the release gate\n");
        assert_eq!(
            notes_line(&examples::unknown(), None),
            "Not decided by the release gate: evidence is missing\n"
        );
    }

    #[test]
    fn what_blocks_is_counted_once() {
        let mut report = examples::fail();
        let line = |report: &Report| notes_line(report, None).to_string();
        let rule = |metric: &str, value, issues: &[u64]| RuleLine {
            metric: metric.to_owned(),
            blocks: true,
            verdict: Verdict::Fail,
            value,
            issues: issues.to_vec(),
            ..examples::fail().rules[0].clone()
        };
        report.defects.truncate(1);
        report.defects[0].severity = Some(Severity::Critical);
        let number = report.defects[0].number;
        let one = Some(RuleValue::Count(1));
        report.rules = vec![rule("unfixed", one.clone(), &[number]), rule("escaped", one.clone(), &[number])];
        assert_eq!(line(&report), "Blocked by the release gate: 1 critical defect\n");
        report.rules.push(rule("root-cause-coverage", None, &[number]));
        assert_eq!(line(&report), "Blocked by the release gate: 1 critical defect, 1 other broken rule\n");
        report.rules = vec![
            rule("tests.failed", Some(RuleValue::Count(3)), &[]),
            rule("tests.errors", one.clone(), &[]),
        ];
        assert_eq!(line(&report), "Blocked by the release gate: 3 failed tests\n");
        report.rules = vec![rule("tests.total", one, &[])];
        assert_eq!(line(&report), "Blocked by the release gate: 1 broken rule\n");
        report.dry_run = true;
        assert_eq!(line(&report), "Observed by the release gate, which does not block: 1 broken rule\n");
        report.verdict = Verdict::Warn;
        report.rules[0].verdict = Verdict::Waived;
        assert_eq!(line(&report), "Passed the release gate by an exception\n");
    }
}
