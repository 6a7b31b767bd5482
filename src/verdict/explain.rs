//! Where one defect stands with one rule.

use crate::evidence::Evidence;
use crate::metric::{Contribution, NotCountedReason, defect_contribution};
use crate::model::{Defect, Scope};

use super::Finding;
use super::rule::rule_scope;

/// Where a defect stands with a rule; an error says why the rule has no scope.
///
/// What was counted is known from the finding, also for a trend and for a rule that follows the past, which look at several
/// releases or periods. What was not is explained by the rule's present scope.
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
    let undecided = measured().flat_map(|measurement| &measurement.undecided);
    if let Some((_, doubt)) = undecided.into_iter().find(|(of, _)| *of == number) {
        return Ok(Contribution::Undecided(*doubt));
    }
    let rule = &finding.rule;
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
