//! Cases in which a rule about unfixed defects warns instead of passing or failing.

use crate::evidence::Evidence;
use crate::model::Measurement;
use crate::policy::{Investigation, Rule};

use super::Verdict;
use super::decision::RuleDecision;
use super::sentence::list_issues;

/// Turns a pass into a warning if a defect is under investigation, and a failure into a warning if the candidate is a hotfix that
/// fixes a counted defect. Blocking such a hotfix would keep its fix from users and fix none of the other defects.
pub fn apply_leniency(
    rule: &Rule,
    measured: &Measurement,
    decision: RuleDecision,
    evidence: &Evidence,
) -> RuleDecision {
    let RuleDecision { verdict, reason, .. } = &decision;
    let open = &measured.details.investigated;
    // A warning by default: any reporter can cause this status by naming a version.
    // `under-investigation: count` blocks.
    let warns_of_open = rule.under_investigation == Investigation::Warn && !open.is_empty();
    if *verdict == Verdict::Pass && warns_of_open {
        let reason = format!("{reason}; nothing says yet whether it has {}", list_issues(open));
        return RuleDecision { verdict: Verdict::Warn, reason, ..decision };
    }
    // Only `fail` is softened. For an `unknown` rule, the evidence does not show whether the hotfix
    // makes anything better.
    if *verdict == Verdict::Fail && rule.hotfix_warns {
        let fixed: Vec<_> =
            measured.details.fixed.iter().filter(|number| evidence.hotfixed.contains(number)).collect();
        if !fixed.is_empty() {
            let fixed = list_issues(fixed);
            let reason = format!("{reason}; it is a hotfix for {fixed}, which lets the rest through");
            return RuleDecision { verdict: Verdict::Warn, reason, ..decision };
        }
    }
    decision
}
