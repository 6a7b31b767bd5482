//! Rows of rules, tests and exceptions.

use super::build::RowKey;
use super::rows::{ExceptionRecord, RuleRecord, TestRecord};
use crate::evidence::Evidence;
use crate::model::{CaseStatus, NotableCase};
use crate::report::{ExceptionKind, ExceptionLine, Report, RuleLine, RuleValue};
use crate::verdict::{ExceptionEffect, Verdict};

/// Returns a row for each rule, followed by one for each of its groups.
pub(super) fn rule_rows(key: RowKey<'_>, report: &Report) -> Vec<RuleRecord> {
    let row = |rule: &RuleLine,
               group: Option<&str>,
               verdict: Verdict,
               value: Option<&RuleValue>,
               issues: &[u64]| {
        let (mut count, mut numerator, mut denominator, mut median_seconds) = (None, None, None, None);
        match value {
            Some(RuleValue::Count(value)) => count = Some(*value),
            Some(RuleValue::Ratio(rate)) => {
                (numerator, denominator) = (Some(rate.numerator), Some(rate.denominator));
            }
            Some(RuleValue::Duration(value)) => median_seconds = Some(value.median_seconds),
            None => {}
        }
        RuleRecord {
            owner: key.repository.owner.clone(),
            repository: key.repository.name.clone(),
            run: key.run.to_owned(),
            rule: rule.id.clone(),
            group: group.map(str::to_owned),
            metric: rule.metric.clone(),
            level: rule.level.to_owned(),
            verdict: verdict.name().to_owned(),
            count,
            numerator,
            denominator,
            median_seconds,
            limit: rule.bound.clone(),
            over: rule.over.clone(),
            filter: rule.filter.clone(),
            issues: issues.to_vec(),
        }
    };
    let mut rows = Vec::new();
    for rule in &report.rules {
        rows.push(row(rule, None, rule.verdict, rule.value.as_ref(), &rule.issues));
        rows.extend(
            rule.groups.iter().map(|group| {
                row(rule, Some(&group.name), group.verdict, group.value.as_ref(), &group.issues)
            }),
        );
    }
    rows
}

/// Returns a row for each failed and flaky test that the evidence knows by name.
pub(super) fn test_rows(key: RowKey<'_>, evidence: &Evidence) -> Vec<TestRecord> {
    let row = |case: NotableCase| {
        let (result, status) = match case.status {
            CaseStatus::Passed => ("pass", "passed"),
            CaseStatus::Skipped => ("pass", "skipped"),
            CaseStatus::Flaky => ("pass", "flaky"),
            CaseStatus::Failed => ("fail", "failed"),
            CaseStatus::Error => ("fail", "error"),
        };
        TestRecord {
            owner: key.repository.owner.clone(),
            repository: key.repository.name.clone(),
            run: key.run.to_owned(),
            name: case.name,
            result: result.to_owned(),
            status: status.to_owned(),
            report: case.report,
            file: case.file,
            line: case.line,
        }
    };
    evidence.tests.iter().flat_map(|tests| tests.notable()).map(row).collect()
}

/// Returns a row for each waiver and each override, whether it applies or not.
pub(super) fn exception_rows(key: RowKey<'_>, report: &Report) -> Vec<ExceptionRecord> {
    let row = |line: &ExceptionLine| ExceptionRecord {
        owner: key.repository.owner.clone(),
        repository: key.repository.name.clone(),
        run: key.run.to_owned(),
        kind: match line.kind {
            ExceptionKind::Waiver => "waiver".to_owned(),
            ExceptionKind::Override => "override".to_owned(),
        },
        effect: match line.standing {
            ExceptionEffect::Applied => "applied",
            ExceptionEffect::Unneeded => "unneeded",
            ExceptionEffect::Expired => "expired",
            ExceptionEffect::Void => "void",
        }
        .to_owned(),
        rules: line.rules.clone(),
        issues: line.issues.clone(),
        by: line.by.clone(),
        reason: line.reason.clone(),
        expires: line.expires,
        ends_with: line.ends_with.clone(),
        written_at: line.written_at,
        place: line.place.clone(),
    };
    report.exceptions.iter().map(row).collect()
}
