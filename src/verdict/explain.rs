//! Where one defect stands with one rule.

use crate::evidence::Evidence;
use crate::metric::{Standing, Why, stands};
use crate::model::{Defect, Scope};

use super::Finding;
use super::weigh::scope;

/// Where a defect stands with a rule; an error says why the rule has no scope.
///
/// What was counted is known from the finding, also for a trend and for a rule that follows the past, which look at several
/// releases or periods. What was not is explained by the rule's present scope.
pub fn explain(finding: &Finding, evidence: &Evidence, defect: &Defect) -> Result<Standing, String> {
    let number = defect.number();
    let measured = || finding.parts().map(|part| &part.measurement);
    if measured().any(|measurement| measurement.against.contains(&number)) {
        return Ok(Standing::Against);
    }
    let undecided = measured().flat_map(|measurement| &measurement.undecided);
    if let Some((_, doubt)) = undecided.into_iter().find(|(of, _)| *of == number) {
        return Ok(Standing::Doubtful(*doubt));
    }
    let rule = &finding.rule;
    let scope = Scope { origin: finding.origin(), sample: None, ..scope(rule, &rule.filter, evidence) };
    let standing = stands(rule.metric, evidence, &scope, defect)?;
    let is_drawn =
        rule.sample.is_none() || measured().any(|measured| measured.details.sampled.contains(&number));
    Ok(match standing {
        Standing::Against | Standing::Beside if !is_drawn => Standing::Out(Why::NotDrawn),
        Standing::Against | Standing::Beside | Standing::Out(_) | Standing::Doubtful(_) => standing,
    })
}
