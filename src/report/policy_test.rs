//! What cases of a policy expect, held against what became of them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Outcome, Report, RuleLine, RuleValue, SCHEMA, Status, StatusLine};
use crate::policy::{ExpectedRule, ExpectedStatus, ExpectedValue, PolicyCase};

/// What became of all cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PolicyTestReport {
    /// The format's version, that of the report.
    pub schema: u32,
    /// How many came out as expected.
    pub passed: u64,
    /// How many did not.
    pub failed: u64,
    /// Each of them, in the order of the files.
    pub cases: Vec<CaseResult>,
}

/// What became of one case.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaseResult {
    /// The file it stands in.
    pub file: String,
    /// The line it begins in.
    pub line: u64,
    /// What it shows.
    pub name: String,
    /// The policy that was tried.
    pub policy: String,
    /// True if all came as expected.
    pub passed: bool,
    /// The verdict that came.
    pub verdict: Outcome,
    /// What came otherwise than expected.
    pub mismatches: Vec<Mismatch>,
}

/// Something that came otherwise than expected.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Mismatch {
    /// The rule; absent for the verdict as a whole, and for what is expected of an issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The issue; absent for the verdict as a whole, and for what is expected of rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue: Option<u64>,
    /// `verdict`, `value`, `issues`, `status`, `row`, `reason`, `found-in`, `unfixed` or `blockers`.
    pub of: &'static str,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub came: String,
    /// Why that came, one sentence. Untrusted.
    pub reason: String,
}

/// The cases as a whole.
pub fn policy_test_report(cases: Vec<CaseResult>) -> PolicyTestReport {
    let passed = cases.iter().filter(|case| case.passed).count() as u64;
    PolicyTestReport { schema: SCHEMA, passed, failed: cases.len() as u64 - passed, cases }
}

/// Holds what a case expects against its report. `file` is the case's, as it is to be shown.
pub fn compare_case(case: &PolicyCase, file: &str, report: &Report) -> CaseResult {
    let mut mismatches = Vec::new();
    if let Some(expected) = case.expect.verdict.filter(|expected| *expected != report.verdict.name()) {
        let gaps =
            report.gaps.iter().filter(|gap| gap.verdict == Outcome::Unknown).map(|gap| gap.what.as_str());
        let headline = report.headline.trim_end_matches('.');
        let reason = std::iter::once(headline).chain(gaps).collect::<Vec<_>>().join("; ");
        mismatches.push(rule_mismatch(None, "verdict", expected, report.verdict.name(), &reason));
    }
    let expected = &case.expect.rules;
    for rule in &report.rules {
        if let Some(expected) = expected.get(&rule.id) {
            compare_rule(rule, expected, &mut mismatches);
        }
    }
    // A rule that was expected and did not come is no pass, whoever lost it.
    for id in expected.keys().filter(|id| !report.rules.iter().any(|rule| rule.id == **id)) {
        let skipped = report.not_evaluated.iter().find(|rule| rule.id == **id);
        let reason = skipped.map_or("the policy has no such rule", |rule| rule.reason);
        mismatches.push(rule_mismatch(Some(id), "verdict", "one", "none", reason));
    }
    compare_issues(case, report, &mut mismatches);
    CaseResult {
        file: file.to_owned(),
        line: case.line as u64,
        name: case.name.clone(),
        policy: report.policy.clone(),
        passed: mismatches.is_empty(),
        verdict: report.verdict,
        mismatches,
    }
}

/// What of a rule came otherwise.
fn compare_rule(rule: &RuleLine, expected: &ExpectedRule, mismatches: &mut Vec<Mismatch>) {
    let came = rule.verdict.name();
    if let Some(verdict) = expected.verdict.filter(|verdict| *verdict != came) {
        mismatches.push(rule_mismatch(Some(&rule.id), "verdict", verdict, came, &rule.reason));
    }
    if let Some((written, amount)) = &expected.value
        && !matches_amount(*amount, rule.value.as_ref())
    {
        mismatches.push(rule_mismatch(Some(&rule.id), "value", written, &rule.shown, &rule.reason));
    }
    let numbers: BTreeSet<u64> = rule.issues.iter().copied().collect();
    if let Some(issues) = expected.issues.as_ref().filter(|issues| **issues != numbers) {
        mismatches.push(rule_mismatch(
            Some(&rule.id),
            "issues",
            &issue_list(issues),
            &issue_list(&numbers),
            &rule.reason,
        ));
    }
}

/// What of single issues came otherwise.
fn compare_issues(case: &PolicyCase, report: &Report, mismatches: &mut Vec<Mismatch>) {
    for (number, expected) in &case.expect.statuses {
        compare_status(*number, expected, status_of(*number, report), mismatches);
    }
    for (number, expected) in &case.expect.found_in {
        let (came, reason) = match found_in_of(*number, report) {
            Some(release) => (release.unwrap_or("none"), "the issue was found there"),
            None => (NOT_SELECTED, NOT_SELECTED_REASON),
        };
        let expected = expected.as_deref().unwrap_or("none");
        if came != expected {
            mismatches.push(issue_mismatch(*number, "found-in", expected, came, reason));
        }
    }
    for (of, expected) in [("unfixed", &case.expect.unfixed), ("blockers", &case.expect.blockers)] {
        let Some(expected) = expected else { continue };
        let rules = report.rules.iter().filter(|rule| rule.metric == of);
        let numbers: BTreeSet<u64> = rules.clone().flat_map(|rule| &rule.issues).copied().collect();
        if *expected != numbers {
            let reasons: Vec<&str> = rules.map(|rule| rule.reason.as_str()).collect();
            mismatches.push(rule_mismatch(
                None,
                of,
                &issue_list(expected),
                &issue_list(&numbers),
                &reasons.join("; "),
            ));
        }
    }
}

/// What stands for an issue that the policy does not select.
const NOT_SELECTED: &str = "nothing";

/// Why nothing came for an issue.
const NOT_SELECTED_REASON: &str =
    "the policy selects no such issue: it is neither an escaped defect nor a blocker";

/// The status of an issue in the candidate.
fn status_of(number: u64, report: &Report) -> Option<&StatusLine> {
    let defect = report.statuses.iter().find(|line| line.number == number).map(|line| &line.status);
    let blocker = || report.blockers.iter().flatten().find(|line| line.number == number)?.status.as_ref();
    defect.or_else(blocker)
}

/// The release that an issue was found in; `None` outside if the policy does not select it.
fn found_in_of(number: u64, report: &Report) -> Option<Option<&str>> {
    let defect =
        report.statuses.iter().find(|line| line.number == number).map(|line| line.found_in.as_deref());
    let blockers = || report.blockers.iter().flatten().find(|line| line.number == number);
    defect.or_else(|| blockers().map(|line| line.found_in.as_deref()))
}

/// What of the status of an issue came otherwise.
fn compare_status(
    number: u64,
    expected: &ExpectedStatus,
    came: Option<&StatusLine>,
    mismatches: &mut Vec<Mismatch>,
) {
    let Some(came) = came else {
        mismatches.push(issue_mismatch(number, "status", expected.status, NOT_SELECTED, NOT_SELECTED_REASON));
        return;
    };
    let status = came.status.map_or("unread", Status::name);
    if status != expected.status {
        mismatches.push(issue_mismatch(number, "status", expected.status, status, &came.shown));
    }
    if let Some(row) = &expected.row
        && row != came.row
        && row != came.row.trim_end_matches(['a', 'b'])
    {
        mismatches.push(issue_mismatch(number, "row", row, came.row, &came.shown));
    }
    if let Some(part) = expected.reason_contains.as_ref().filter(|part| !came.shown.contains(*part)) {
        mismatches.push(issue_mismatch(
            number,
            "reason",
            part,
            &came.shown,
            "the reason does not contain it",
        ));
    }
}

fn issue_mismatch(number: u64, of: &'static str, expected: &str, came: &str, reason: &str) -> Mismatch {
    Mismatch { issue: Some(number), ..rule_mismatch(None, of, expected, came, reason) }
}

/// Whether a value is the expected one.
fn matches_amount(amount: ExpectedValue, value: Option<&RuleValue>) -> bool {
    let Some(value) = value else { return amount == ExpectedValue::None };
    match value {
        RuleValue::Count(count) => amount == ExpectedValue::Count(*count),
        RuleValue::Ratio(rate) => amount.is_share(rate.numerator, rate.denominator),
        RuleValue::Duration(time) => amount.is_time(time.median_seconds),
    }
}

fn rule_mismatch(rule: Option<&str>, of: &'static str, expected: &str, came: &str, reason: &str) -> Mismatch {
    Mismatch {
        rule: rule.map(str::to_owned),
        issue: None,
        of,
        expected: expected.to_owned(),
        came: came.to_owned(),
        reason: reason.to_owned(),
    }
}

/// "#1, #2", "none".
fn issue_list(issues: &BTreeSet<u64>) -> String {
    let names: Vec<String> = issues.iter().map(|number| format!("#{number}")).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
