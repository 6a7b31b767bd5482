//! Explanation of how one defect counts for one rule.

use crate::evidence::Evidence;
use crate::metric::{Contribution, NotCountedReason, defect_contribution};
use crate::model::{Defect, Scope};

use super::Finding;
use super::rule::rule_scope;

/// Returns how a defect counts for a rule. An error says why the rule has no scope.
///
/// The finding itself knows the counted defects, even of a trend or a relative limit, which look at several releases or
/// periods. For any other defect, the rule's present scope gives the reason.
pub fn explain_contribution(
    finding: &Finding,
    evidence: &Evidence,
    defect: &Defect,
) -> Result<Contribution, String> {
    let number = defect.number();
    let measured = || finding.parts().map(|part| &part.measurement);
    if measured().any(|measurement| measurement.against.contains(&number)) {
        return Ok(Contribution::Against);
    }
    // After `against`: in a rule with groups, a defect may count in one group and be undecided in
    // another.
    let undecided = measured().flat_map(|measurement| &measurement.undecided);
    if let Some((_, doubt)) = undecided.into_iter().find(|(of, _)| *of == number) {
        return Ok(Contribution::Undecided(*doubt));
    }
    let rule = &finding.rule;
    // Without the sample: a defect outside the scope gets that reason, not "not in the sample".
    let scope = Scope { origin: finding.origin(), sample: None, ..rule_scope(rule, &rule.filter, evidence) };
    let standing = defect_contribution(rule.metric, evidence, &scope, defect)?;
    let is_drawn =
        rule.sample.is_none() || measured().any(|measured| measured.details.sampled.contains(&number));
    Ok(match standing {
        Contribution::Against | Contribution::For if !is_drawn => {
            Contribution::NotCounted(NotCountedReason::NotDrawn)
        }
        Contribution::Against
        | Contribution::For
        | Contribution::NotCounted(_)
        | Contribution::Undecided(_) => standing,
    })
}
