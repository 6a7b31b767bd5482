//! Results of policy test cases: expected values compared with the report of each case.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Report, RuleLine, RuleValue, SCHEMA, Status, StatusLine, Verdict};
use crate::policy::{ExpectedRule, ExpectedStatus, ExpectedValue, PolicyCase};

/// Results of all policy test cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PolicyTestReport {
    /// The format's version, that of the report.
    pub schema: u32,
    /// Number of cases without a mismatch.
    pub passed: u64,
    /// Number of cases with a mismatch.
    pub failed: u64,
    /// Results, in the order of the files.
    pub cases: Vec<CaseResult>,
}

/// Result of one policy test case.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaseResult {
    /// File that contains the case. Untrusted.
    pub file: String,
    /// First line of the case, counted from 1.
    pub line: u64,
    /// Name of the case. Untrusted.
    pub name: String,
    /// Path of the tested policy.
    pub policy: String,
    /// `true` if there is no mismatch.
    pub passed: bool,
    /// Actual verdict.
    pub verdict: Verdict,
    /// Differences from the expected values.
    pub mismatches: Vec<Mismatch>,
}

/// A difference between an expected and an actual value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Mismatch {
    /// Id of the rule; omitted for the verdict of the run and for an issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Number of the issue; omitted for the verdict of the run and for a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue: Option<u64>,
    /// Compared property: `verdict`, `value`, `issues`, `status`, `row`, `reason`, `found-in`, `unfixed` or `blockers`.
    pub of: &'static str,
    /// Expected value as display text.
    pub expected: String,
    /// Actual value as display text.
    pub came: String,
    /// Reason for the actual value, one sentence. Untrusted.
    pub reason: String,
}

/// Counts the passed and failed cases.
pub fn policy_test_report(cases: Vec<CaseResult>) -> PolicyTestReport {
    let passed = cases.iter().filter(|case| case.passed).count() as u64;
    PolicyTestReport { schema: SCHEMA, passed, failed: cases.len() as u64 - passed, cases }
}

/// Compares the expected values of a case with its report. `file` is the display path of the case.
pub fn compare_case(case: &PolicyCase, file: &str, report: &Report) -> CaseResult {
    let mut mismatches = Vec::new();
    if let Some(expected) = case.expect.verdict.filter(|expected| *expected != report.verdict.name()) {
        let gaps =
            report.gaps.iter().filter(|gap| gap.verdict == Verdict::Unknown).map(|gap| gap.what.as_str());
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
    // A missing rule must not pass silently: a case would keep passing after a rule was deleted.
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
        // Several rules may have one metric, for example one for each severity. Together they name
        // its issues.
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

/// Actual value of an issue that the policy does not select.
const NOT_SELECTED: &str = "nothing";

const NOT_SELECTED_REASON: &str =
    "the policy selects no such issue: it is neither an escaped defect nor a blocker";

/// Returns the status of an issue in the candidate; `None` if the policy does not select the issue.
fn status_of(number: u64, report: &Report) -> Option<&StatusLine> {
    let defect = report.statuses.iter().find(|line| line.number == number).map(|line| &line.status);
    let blocker = || report.blockers.iter().flatten().find(|line| line.number == number)?.status.as_ref();
    defect.or_else(blocker)
}

/// Returns the release that an issue was found in. The outer `None` means that the policy does not select the issue.
fn found_in_of(number: u64, report: &Report) -> Option<Option<&str>> {
    let defect =
        report.statuses.iter().find(|line| line.number == number).map(|line| line.found_in.as_deref());
    let blockers = || report.blockers.iter().flatten().find(|line| line.number == number);
    defect.or_else(|| blockers().map(|line| line.found_in.as_deref()))
}

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
        // A case may say row 6 for 6a and 6b, as in the documentation.
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

/// Formats issue numbers: `#1, #2`, `none`.
fn issue_list(issues: &BTreeSet<u64>) -> String {
    let names: Vec<String> = issues.iter().map(|number| format!("#{number}")).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
