//! A rule as a whole: one value, or every group by itself.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::evidence::Evidence;
use crate::metric::attribute_groups;
use crate::model::{Measurement, MetricValue};
use crate::policy::{Missing, Rule};

use super::limit::describe_limit;
use super::rule::evaluate_rule;
use super::{Finding, GroupResult, RuleResult, Verdict};

/// Judges a rule; where it says `per`, every group by itself, and the worst one decides.
pub fn build_finding(rule: &Rule, missing: Missing, evidence: &Evidence) -> Finding {
    let found = rule
        .per
        .map(|attribute| (attribute, attribute_groups(rule.metric, attribute, evidence, &rule.filter)));
    let (attribute, found) = match found {
        Some((attribute, Some(found))) if !found.is_empty() => (attribute, found),
        // Without tickets the rule as a whole is missing; without a group it holds of nothing.
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

/// Lets the breach of a rule stand and pass, and too little data to judge it; in a rule that judges every group by itself, that of
/// each. What is unknown because it could not be read stays so. Returns `false` if there was nothing to let pass. `clause` goes
/// to the reason of a rule that passes by it.
pub fn let_pass(finding: &mut Finding, clause: &str) -> bool {
    let may_pass = |result: &RuleResult| match result.verdict {
        Verdict::Fail => true,
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
        let waived = std::mem::take(&mut finding.waived);
        *finding = Finding { waived, ..combine_groups(&finding.rule, groups) };
    }
    if finding.result.verdict == Verdict::Waived {
        finding.result.reason.push_str(clause);
    }
    true
}

/// The finding on a rule from that on each group, of which there is at least one.
fn combine_groups(rule: &Rule, mut groups: Vec<GroupResult>) -> Finding {
    // Stable: what is equally bad stays in order of the names.
    groups.sort_by_key(|group| Reverse((group.result.verdict, group_weight(&group.result.measurement))));
    let worst = groups[0].result.clone();
    let result =
        RuleResult { reason: worst_group_reason(&groups, &worst), bound: describe_limit(rule), ..worst };
    Finding { rule: rule.clone(), result, groups, waived: BTreeSet::new(), deferred: false }
}

/// How much speaks against a group, to find the worst among those that came out alike.
fn group_weight(measurement: &Measurement) -> u64 {
    match &measurement.value {
        MetricValue::Count(count) => *count,
        MetricValue::Duration(spread) => spread.median,
        MetricValue::Ratio(_) | MetricValue::Missing(_) => measurement.against.len() as u64,
    }
}

/// The reason of the worst group, and how many others came out like it.
fn worst_group_reason(groups: &[GroupResult], worst: &RuleResult) -> String {
    let alike = groups.iter().filter(|group| group.result.verdict == worst.verdict).count() - 1;
    let first = format!("{}: {}", groups[0].name, worst.reason);
    match (worst.verdict, alike) {
        (Verdict::Pass, _) => format!("{first}; the highest of {}", groups.len()),
        (Verdict::Warn | Verdict::Waived | Verdict::Unknown | Verdict::Fail, 0) => first,
        (Verdict::Warn | Verdict::Waived | Verdict::Unknown | Verdict::Fail, 1) => {
            format!("{first}; 1 more group likewise")
        }
        (Verdict::Warn | Verdict::Waived | Verdict::Unknown | Verdict::Fail, n) => {
            format!("{first}; {n} more groups likewise")
        }
    }
}
