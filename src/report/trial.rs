//! What cases of a policy expect, held against what became of them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Outcome, Report, RuleLine, RuleValue, SCHEMA};
use crate::policy::{Amount, Case, ExpectedRule};

/// What became of all cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Trial {
    /// The format's version, that of the report.
    pub schema: u32,
    /// How many came out as expected.
    pub passed: u64,
    /// How many did not.
    pub failed: u64,
    /// Each of them, in the order of the files.
    pub cases: Vec<TriedCase>,
}

/// What became of one case.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TriedCase {
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
    /// The rule; absent for the verdict as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// `verdict`, `value` or `issues`.
    pub of: &'static str,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub came: String,
    /// Why that came, one sentence. Untrusted.
    pub reason: String,
}

/// The cases as a whole.
pub fn trial(cases: Vec<TriedCase>) -> Trial {
    let passed = cases.iter().filter(|case| case.passed).count() as u64;
    Trial { schema: SCHEMA, passed, failed: cases.len() as u64 - passed, cases }
}

/// Holds what a case expects against its report. `file` is the case's, as it is to be shown.
pub fn held(case: &Case, file: &str, report: &Report) -> TriedCase {
    let mut mismatches = Vec::new();
    if let Some(expected) = case.expect.verdict.filter(|expected| *expected != report.verdict.name()) {
        let gaps =
            report.gaps.iter().filter(|gap| gap.verdict == Outcome::Unknown).map(|gap| gap.what.as_str());
        let headline = report.headline.trim_end_matches('.');
        let reason = std::iter::once(headline).chain(gaps).collect::<Vec<_>>().join("; ");
        mismatches.push(mismatch(None, "verdict", expected, report.verdict.name(), &reason));
    }
    let expected = &case.expect.rules;
    for rule in &report.rules {
        if let Some(expected) = expected.get(&rule.id) {
            of_rule(rule, expected, &mut mismatches);
        }
    }
    // A rule that was expected and did not come is no pass, whoever lost it.
    for id in expected.keys().filter(|id| !report.rules.iter().any(|rule| rule.id == **id)) {
        mismatches.push(mismatch(Some(id), "verdict", "one", "none", "the policy has no such rule"));
    }
    TriedCase {
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
fn of_rule(rule: &RuleLine, expected: &ExpectedRule, mismatches: &mut Vec<Mismatch>) {
    let came = rule.verdict.name();
    if let Some(verdict) = expected.verdict.filter(|verdict| *verdict != came) {
        mismatches.push(mismatch(Some(&rule.id), "verdict", verdict, came, &rule.reason));
    }
    if let Some((written, amount)) = &expected.value
        && !is(*amount, rule.value.as_ref())
    {
        mismatches.push(mismatch(Some(&rule.id), "value", written, &rule.shown, &rule.reason));
    }
    let numbers: BTreeSet<u64> = rule.issues.iter().copied().collect();
    if let Some(issues) = expected.issues.as_ref().filter(|issues| **issues != numbers) {
        mismatches.push(mismatch(Some(&rule.id), "issues", &list(issues), &list(&numbers), &rule.reason));
    }
}

/// Whether a value is the expected one.
fn is(amount: Amount, value: Option<&RuleValue>) -> bool {
    let Some(value) = value else { return amount == Amount::None };
    match value {
        RuleValue::Count(count) => amount == Amount::Count(*count),
        RuleValue::Ratio(rate) => amount.is_share(rate.numerator, rate.denominator),
        RuleValue::Duration(time) => amount.is_time(time.median_seconds),
    }
}

fn mismatch(rule: Option<&str>, of: &'static str, expected: &str, came: &str, reason: &str) -> Mismatch {
    Mismatch {
        rule: rule.map(str::to_owned),
        of,
        expected: expected.to_owned(),
        came: came.to_owned(),
        reason: reason.to_owned(),
    }
}

/// "#1, #2", "none".
fn list(issues: &BTreeSet<u64>) -> String {
    let names: Vec<String> = issues.iter().map(|number| format!("#{number}")).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
