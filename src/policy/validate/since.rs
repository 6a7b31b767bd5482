//! Keys of a rule that only some metrics have: `since`, `hotfix`, `under-investigation`.

use jiff::civil::Date;

use super::super::code::Code;
use super::super::raw::RawRule;
use super::super::{Investigation, LimitValue, RuleLimit};
use super::{exceptions, status, unknown, word};
use crate::model::{MetricId, Since};
use crate::policy::language::{Draft, Field, Problems, Spanned};

/// Reads `since`: the start of a time to detect, or for counts the day from which reports count. Reports an invalid one, and
/// returns `None` for it.
pub(super) fn since(
    rule: &RawRule,
    metric: Option<MetricId>,
    bound: Option<RuleLimit>,
    problems: &mut Problems,
) -> (Option<Since>, Option<Option<Date>>) {
    let nothing = (Some(Since::Release), Some(None));
    let Some(at) = rule.since.good() else {
        return if rule.since.is_absent() { nothing } else { (None, None) };
    };
    match metric {
        // The metric has been reported.
        None => nothing,
        Some(MetricId::TimeToDetect) => (beginning(at, problems), Some(None)),
        Some(metric) if metric.can_leave_out_debt() => {
            let help = "write the day from which reports count: `2026-11-01`; older ones are listed as debt";
            // `since` is for defects from before the gate was introduced. Without it, a team could
            // not pass until all old ones are fixed.
            let date = exceptions::date(at, help, problems).filter(|_| has_no_past(at, bound, problems));
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
    rule: &RawRule,
    metric: Option<MetricId>,
    problems: &mut Problems,
) -> (Option<bool>, Option<Investigation>) {
    let mut fits = |field: &Field<String>, key: &str| {
        let (Some(at), Some(metric)) = (field.good(), metric) else { return true };
        if metric == MetricId::Unfixed {
            return true;
        }
        let message = format!("`{key}` belongs to `unfixed`, not to `{metric}`");
        let draft = Draft::new(Code::KeyNotOfMetric, &at.span, message);
        problems.push(draft.help(format!("leave `{key}` out")));
        false
    };
    let (hotfix, investigation) =
        (fits(&rule.hotfix, "hotfix"), fits(&rule.under_investigation, "under-investigation"));
    let words = [("block", false), ("warn", true)];
    let warns = status::one_of(&rule.hotfix, "`hotfix`", words, false, problems);
    let words = Investigation::ALL.map(|one| (one.name(), one));
    let what = status::one_of(
        &rule.under_investigation,
        "`under-investigation`",
        words,
        Investigation::Warn,
        problems,
    );
    (warns.filter(|_| hotfix), what.filter(|_| investigation))
}

fn beginning(at: &Spanned<String>, problems: &mut Problems) -> Option<Since> {
    let found = word(at, Since::ALL, Since::name);
    if found.is_none() {
        let what = "a beginning that a time can be counted from";
        problems.push(unknown(Code::UnknownMethod, at, what, Since::ALL.map(Since::name)));
    }
    found
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
