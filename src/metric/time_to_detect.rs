//! Time to detect: from the release or the commit that brought a defect in to its report.
//!
//! Always over everything that was attributed as surely as the scope asks for: recent defects are easier to attribute, and the
//! mean of those alone would be a fraction of the truth.

use crate::evidence::Evidence;
use crate::model::{
    Area, Details, DetectionCoverage, DurationSummary, Lack, Measurement, MetricId, MetricValue,
    MissingReason, OriginMethod, Scope,
};

use super::contribution::{Contribution, NotCountedReason, contribution_of, detection_seconds};
use super::resolved_scope::resolve_scope;

/// Median and mean of the times to detect of a scope's escaped defects. What speaks against the release is the slower half.
pub fn time_to_detect(evidence: &Evidence, scope: &Scope) -> Measurement {
    measure_time_to_detect(evidence, scope).unwrap_or_else(Measurement::from)
}

fn measure_time_to_detect(evidence: &Evidence, scope: &Scope) -> Result<Measurement, MissingReason> {
    let mut window = resolve_scope(evidence, scope)?;
    let Some(escaped) = evidence.escaped() else {
        return Err(MissingReason {
            reason: "no issues were collected".into(),
            lack: Lack::Unread(Area::Issues),
        });
    };
    let (mut times, mut timed, mut undecided) = (DetectionCoverage::default(), Vec::new(), Vec::new());
    for defect in escaped {
        let standing = contribution_of(MetricId::TimeToDetect, evidence, &window, &scope.filter, defect);
        let origin = defect.introduced.as_ref();
        match standing {
            Contribution::For => {
                // Blame can name the wrong commit. The report shows how many times rest on it.
                let named = origin.is_some_and(|origin| origin.method != OriginMethod::Blame);
                *if named { &mut times.named } else { &mut times.inferred } += 1;
                timed.extend(detection_seconds(defect, scope.origin).map(|time| (defect.number(), time)));
            }
            Contribution::NotCounted(NotCountedReason::NoOrigin) => times.unattributed += 1,
            Contribution::NotCounted(NotCountedReason::NoFix) => times.not_fixed += 1,
            Contribution::NotCounted(NotCountedReason::NotLookedAt) => times.not_looked_at += 1,
            Contribution::NotCounted(NotCountedReason::Unsure) => times.unsure += 1,
            Contribution::Undecided(doubt) => undecided.push((defect.number(), doubt)),
            Contribution::Against | Contribution::NotCounted(_) => continue,
        }
        times.all += 1;
        // Where a person named the origin, blame is compared with it. This measures how far the
        // other times can be trusted.
        if let Some(agrees) = origin.and_then(|origin| origin.blame_agrees) {
            times.compared += 1;
            times.agreed += u64::from(agrees);
        }
    }
    window.notes.push(format!("counted from the {}: {}", scope.origin.since.name(), times.sentence()));
    window.notes.extend(times.agreement());
    let spread = DurationSummary::of(timed.iter().map(|(_, time)| *time).collect());
    let value = match spread {
        Some(spread) => MetricValue::Duration(spread),
        None if times.all == 0 => MetricValue::Missing(MissingReason {
            reason: "no escaped defect is in scope".into(),
            lack: Lack::NotYet,
        }),
        None => MetricValue::Missing(MissingReason {
            reason: format!("of none of {} escaped defects it is known when it came in", times.all),
            lack: Lack::Unread(Area::Origins),
        }),
    };
    // A median has no single defect that causes it. Those at or above it are what could lower it.
    let median = spread.map_or(0, |spread| spread.median);
    let slower = timed.iter().filter(|(_, time)| *time >= median);
    Ok(Measurement {
        value,
        against: slower.map(|(number, _)| *number).collect(),
        basis: window.basis,
        notes: window.notes,
        undecided,
        details: Details { times: Some(times), ..Details::default() },
    })
}
