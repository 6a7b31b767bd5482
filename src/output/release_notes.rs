//! The gate in the public notes of a release: one line, without the title of any defect.

use super::escape::{Markdown, Safe, safe, safe_url};
use super::labels;
use crate::report::{DefectLine, Outcome, Report, RuleLine, RuleValue, Severity};

/// The verdict in one line: "Passed the release gate", "Blocked by the release gate: 1 critical defect". The line leads to
/// `run_url`, the page of the run.
pub fn notes_line(report: &Report, run_url: Option<&str>) -> Safe<Markdown> {
    let excepted = report.rules.iter().any(|rule| rule.verdict == Outcome::Waived);
    let text: Safe<Markdown> = match (report.verdict, report.dry_run) {
        (Outcome::Pass | Outcome::Warn | Outcome::Waived, _) if excepted => {
            "Passed the release gate by an exception".into()
        }
        (Outcome::Pass | Outcome::Warn | Outcome::Waived, _) => "Passed the release gate".into(),
        (Outcome::Unknown, _) => "Not decided by the release gate: evidence is missing".into(),
        (Outcome::Fail, false) => safe!("Blocked by the release gate: {}", blocking_counts(report)),
        (Outcome::Fail, true) => {
            safe!("Observed by the release gate, which does not block: {}", blocking_counts(report))
        }
    };
    link_or_text(text, run_url)
}

/// A line that leads to the run.
pub fn link_or_text(text: Safe<Markdown>, run_url: Option<&str>) -> Safe<Markdown> {
    match run_url.and_then(safe_url) {
        Some(url) => safe!("[{}]({})\n", text, url),
        None => safe!("{}\n", text),
    }
}

/// The number of each thing that blocks: "1 critical defect, 3 failed tests, 1 other broken rule". A rate or a coverage is
/// a rule by itself: none of the defects that it measures blocks alone.
fn blocking_counts(report: &Report) -> Safe<Markdown> {
    let broken = report.rules.iter().filter(|rule| rule.weight() == Outcome::Fail);
    let (counting, mut others): (Vec<&RuleLine>, Vec<&RuleLine>) =
        broken.partition(|rule| matches!(rule.value, Some(RuleValue::Count(_))));
    let defects: Vec<&DefectLine> =
        report.defects.iter().filter(|line| is_counted(&counting, line.number)).collect();
    let is_defect = |number: u64| defects.iter().any(|defect| defect.number == number);
    let blockers: Vec<u64> = report.blockers.iter().flatten().map(|line| line.number).collect();
    let blockers: Vec<u64> =
        blockers.into_iter().filter(|number| is_counted(&counting, *number) && !is_defect(*number)).collect();
    let tests = counting.iter().find(|rule| TESTS.contains(&rule.metric.as_str()));
    let tests = tests.map_or(0, |rule| match rule.value {
        Some(RuleValue::Count(count)) => count,
        Some(RuleValue::Ratio(_) | RuleValue::Duration(_)) | None => 0,
    });
    others.extend(counting.iter().filter(|rule| {
        let named = rule.issues.iter().any(|number| is_defect(*number) || blockers.contains(number));
        !named && !TESTS.contains(&rule.metric.as_str())
    }));
    let of = |severity| defects.iter().filter(|line| line.severity == severity).count() as u64;
    let mut parts: Vec<Safe<Markdown>> = [
        (of(Some(Severity::Critical)), "critical defect", "critical defects"),
        (of(Some(Severity::Major)), "major defect", "major defects"),
        (of(Some(Severity::Minor)), "minor defect", "minor defects"),
        (of(None), "untriaged defect", "untriaged defects"),
        (blockers.len() as u64, "release blocker", "release blockers"),
        (tests, "failed test", "failed tests"),
    ]
    .into_iter()
    .filter(|(count, _, _)| *count > 0)
    .map(|(count, one, many)| labels::counted_noun(count, one, many))
    .collect();
    let others = others.len() as u64;
    match (others, parts.is_empty()) {
        (0, _) => {}
        (_, true) => parts.push(labels::counted_noun(others, "broken rule", "broken rules")),
        (_, false) => parts.push(labels::counted_noun(others, "other broken rule", "other broken rules")),
    }
    Safe::join(&parts, ", ")
}

/// The metrics of failing tests, the one that counts them all first.
const TESTS: [&str; 2] = ["tests.failed", "tests.errors"];

/// True if one of the rules counts the issue.
fn is_counted(rules: &[&RuleLine], number: u64) -> bool {
    rules.iter().any(|rule| rule.issues.contains(&number))
}

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
            verdict: Outcome::Fail,
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
        report.verdict = Outcome::Warn;
        report.rules[0].verdict = Outcome::Waived;
        assert_eq!(line(&report), "Passed the release gate by an exception\n");
    }
}
