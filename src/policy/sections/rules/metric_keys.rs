//! Keys of a rule that only some metrics have: `since`, `hotfix`, `under-investigation`, `confidence`.

use jiff::civil::Date;

use crate::model::{Confidence, CountBy, MetricId, Over, Since};
use crate::policy::checks::{check_date, known_word, one_of};
use crate::policy::code::Code;
use crate::policy::language::{Draft, Fields, Problems, Spanned, read_text};
use crate::policy::origins::is_of_releases;
use crate::policy::{Investigation, LimitValue, RuleLimit};

/// Confidences that a rule can ask for.
pub(super) const CONFIDENCES: [Confidence; 3] =
    [Confidence::Certain, Confidence::Stated, Confidence::Inferred];

/// Reads `since`: the start of a time to detect, or for counts the day from which reports count. Reports an invalid one, and
/// returns `None` for it.
pub(super) fn read_since(
    rule: &Fields<'_>,
    metric: Option<MetricId>,
    bound: Option<RuleLimit>,
    problems: &mut Problems,
) -> (Option<Since>, Option<Option<Date>>) {
    let nothing = (Some(Since::Release), Some(None));
    let field = rule.get("since", problems, read_text);
    let Some(at) = field.good() else {
        return if field.is_absent() { nothing } else { (None, None) };
    };
    match metric {
        // The metric has been reported.
        None => nothing,
        Some(MetricId::TimeToDetect) => {
            let what = (Code::UnknownMethod, "a beginning that a time can be counted from");
            (known_word(at, Since::ALL, Since::name, what, problems), Some(None))
        }
        Some(metric) if metric.can_leave_out_debt() => {
            let help = "write the day from which reports count: `2026-11-01`; older ones are listed as debt";
            // `since` is for defects from before the gate was introduced. Without it, a team could
            // not pass until all old ones are fixed.
            let date = check_date(at, help, problems).filter(|_| has_no_past(at, bound, problems));
            (Some(Since::Release), date.map(Some))
        }
        Some(metric) => {
            let message = format!(
                "`since` belongs to `unfixed`, `blockers`, `escaped` and `time-to-detect`, not to `{metric}`"
            );
            problems.push(Draft::new(Code::KeyNotOfMetric, &at.span, message).help("leave `since` out"));
            (None, None)
        }
    }
}

/// Reads `hotfix` and `under-investigation`. Reports an invalid one, and returns `None` for it.
pub(super) fn of_unfixed(
    rule: &Fields<'_>,
    metric: Option<MetricId>,
    problems: &mut Problems,
) -> (Option<bool>, Option<Investigation>) {
    let hotfix = rule.get("hotfix", problems, read_text);
    let investigation = rule.get("under-investigation", problems, read_text);
    let mut fits = true;
    for (key, field) in [("hotfix", &hotfix), ("under-investigation", &investigation)] {
        if let (Some(at), Some(metric)) = (field.good(), metric)
            && metric != MetricId::Unfixed
        {
            fits = false;
            let message = format!("`{key}` belongs to `unfixed`, not to `{metric}`");
            let draft = Draft::new(Code::KeyNotOfMetric, &at.span, message);
            problems.push(draft.help(format!("leave `{key}` out")));
        }
    }
    let warns = one_of(&hotfix, "`hotfix`", [("block", false), ("warn", true)], false, problems);
    let words = Investigation::ALL.map(|one| (one.name(), one));
    let key = "`under-investigation`";
    let investigation = one_of(&investigation, key, words, Investigation::Warn, problems);
    (warns.filter(|_| fits), investigation.filter(|_| fits))
}

/// Returns `true` if the limit needs no earlier values. Otherwise, reports that.
fn has_no_past(at: &Spanned<String>, bound: Option<RuleLimit>, problems: &mut Problems) -> bool {
    let follows = match bound {
        Some(RuleLimit::Max(limit) | RuleLimit::Min(limit)) => matches!(limit, LimitValue::Relative(_)),
        Some(RuleLimit::Trend(_)) => true,
        None => false,
    };
    if follows {
        // The earlier values would lack the old reports, and each rule would seem to get worse.
        let message = "`since` leaves old reports out, and this limit compares with them";
        problems
            .push(Draft::new(Code::KeyNotOfMetric, &at.span, message).help("write a number as the limit"));
    }
    !follows
}

/// Returns the release that the defects of a rule count for. `policy` is the policy's choice.
pub(super) fn count_by_of(policy: CountBy, metric: MetricId, over: Over) -> CountBy {
    // A period asks when users met a defect, so its origin does not matter.
    if metric.goes_by_origin() && is_of_releases(over) { policy } else { CountBy::Found }
}

/// Reads `confidence` of a rule: the least confidence in an origin that it asks for.
pub(super) fn read_confidence(
    rule: &Fields<'_>,
    goes_by_origin: Option<bool>,
    problems: &mut Problems,
) -> Option<Option<Confidence>> {
    rule.get("confidence", problems, read_text).check_optional(|at| {
        if goes_by_origin == Some(false) {
            let message = "`confidence` is about where defects came from, and this rule does not go by that";
            let help =
                "leave it out, or set `attribution: { count-by: introduced }` for a rule over releases";
            problems.push(Draft::new(Code::NotByOrigin, &at.span, message).help(help));
            return None;
        }
        known_word(at, CONFIDENCES, Confidence::name, (Code::UnknownConfidence, "a confidence"), problems)
    })
}
