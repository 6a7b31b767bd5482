//! Finding of a rule: one value, or one value for each group.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::evidence::Evidence;
use crate::metric::attribute_groups;
use crate::model::{Measurement, MetricValue};
use crate::policy::{Missing, Rule};

use super::limit::describe_limit;
use super::rule::evaluate_rule;
use super::{Finding, GroupResult, RuleResult, Verdict};

/// Evaluates a rule. With `per`, it evaluates each group, and the worst group decides.
pub fn build_finding(rule: &Rule, missing: Missing, evidence: &Evidence) -> Finding {
    let found = rule
        .per
        .map(|attribute| (attribute, attribute_groups(rule.metric, attribute, evidence, &rule.filter)));
    let (attribute, found) = match found {
        Some((attribute, Some(found))) if !found.is_empty() => (attribute, found),
        // Without issues, the whole rule has no value. Without a group, it is evaluated over no defects.
        Some((_, None | Some(_))) | None => {
            let result = evaluate_rule(rule, &rule.filter, missing, evidence);
            let (groups, waived) = (Vec::new(), BTreeSet::new());
            return Finding { rule: rule.clone(), result, groups, waived, deferred: false };
        }
    };
    let groups: Vec<GroupResult> = found
        .into_iter()
        .map(|(name, selection)| {
            let filter = rule.filter.clone().and(attribute, selection);
            GroupResult { name, result: evaluate_rule(rule, &filter, missing, evidence) }
        })
        .collect();
    combine_groups(rule, groups)
}

/// Waives a rule that fails or has too little data; of a rule with groups, each such group. A rule that is unknown because of
/// a gap stays unknown: an exception accepts a known risk, not an unread one. Returns `false` if there was nothing to waive.
/// Appends `clause` to the reason if the whole rule is waived by it.
pub fn let_pass(finding: &mut Finding, clause: &str) -> bool {
    let may_pass = |result: &RuleResult| match result.verdict {
        Verdict::Fail => true,
        // Too little data is a known state that a maintainer can accept. A gap is not.
        Verdict::Unknown => result.is_insufficient,
        Verdict::Pass | Verdict::Warn | Verdict::Waived => false,
    };
    if !finding.parts().any(may_pass) {
        return false;
    }
    if finding.groups.is_empty() {
        finding.result.verdict = Verdict::Waived;
    } else {
        let mut groups = std::mem::take(&mut finding.groups);
        for group in groups.iter_mut().filter(|group| may_pass(&group.result)) {
            group.result.verdict = Verdict::Waived;
        }
        // `combine_groups` starts without waived issues. They would disappear from the report.
        let waived = std::mem::take(&mut finding.waived);
        *finding = Finding { waived, ..combine_groups(&finding.rule, groups) };
    }
    if finding.result.verdict == Verdict::Waived {
        finding.result.reason.push_str(clause);
    }
    true
}

/// Combines the results of at least one group into the finding of its rule.
fn combine_groups(rule: &Rule, mut groups: Vec<GroupResult>) -> Finding {
    // A stable sort keeps groups that are equally bad in the order of their names.
    groups.sort_by_key(|group| Reverse((group.result.verdict, group_weight(&group.result.measurement))));
    let worst = groups[0].result.clone();
    let result =
        RuleResult { reason: worst_group_reason(&groups, &worst), bound: describe_limit(rule), ..worst };
    Finding { rule: rule.clone(), result, groups, waived: BTreeSet::new(), deferred: false }
}

/// Returns a weight that orders groups of one verdict, the worst last. A ratio is ordered by the number of defects, not by the
/// share: otherwise 1 of 1 would be worse than 40 of 100.
fn group_weight(measurement: &Measurement) -> u64 {
    match &measurement.value {
        MetricValue::Count(count) => *count,
        MetricValue::Duration(spread) => spread.median,
        MetricValue::Ratio(_) | MetricValue::Missing(_) => measurement.against.len() as u64,
    }
}

/// Returns the reason of the worst group, and the number of other groups with the same verdict.
fn worst_group_reason(groups: &[GroupResult], worst: &RuleResult) -> String {
    let alike = groups.iter().filter(|group| group.result.verdict == worst.verdict).count() - 1;
    let first = format!("{}: {}", groups[0].name, worst.reason);
    match (worst.verdict, alike) {
        // Every group passes, so "likewise" would not say how close the worst one is to the limit.
        (Verdict::Pass, _) => format!("{first}; the highest of {}", groups.len()),
        (Verdict::Warn | Verdict::Waived | Verdict::Unknown | Verdict::Fail, 0) => first,
        (Verdict::Warn | Verdict::Waived | Verdict::Unknown | Verdict::Fail, 1) => {
            format!("{first}; also 1 more group")
        }
        (Verdict::Warn | Verdict::Waived | Verdict::Unknown | Verdict::Fail, n) => {
            format!("{first}; also {n} more groups")
        }
    }
}
