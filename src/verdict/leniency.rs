//! Where a rule about unfixed defects warns instead of passing or blocking.

use crate::evidence::Evidence;
use crate::model::Measurement;
use crate::policy::{Investigation, Rule};

use super::Verdict;
use super::decide::Decision;
use super::sentence::list;

/// Turns a pass into a warning where something is under investigation, and a breach of a hotfix that fixes a counted defect.
pub fn adjust(rule: &Rule, measured: &Measurement, decision: Decision, evidence: &Evidence) -> Decision {
    let Decision { verdict, reason, .. } = &decision;
    let open = &measured.details.investigated;
    let warns_of_open = rule.under_investigation == Investigation::Warn && !open.is_empty();
    if *verdict == Verdict::Pass && warns_of_open {
        let reason = format!("{reason}; nothing says yet whether it has {}", list(open));
        return Decision { verdict: Verdict::Warn, reason, ..decision };
    }
    if *verdict == Verdict::Fail && rule.hotfix_warns {
        let fixed: Vec<_> =
            measured.details.fixed.iter().filter(|number| evidence.hotfixed.contains(number)).collect();
        if !fixed.is_empty() {
            let fixed = list(fixed);
            let reason = format!("{reason}; it is a hotfix for {fixed}, which lets the rest through");
            return Decision { verdict: Verdict::Warn, reason, ..decision };
        }
    }
    decision
}
