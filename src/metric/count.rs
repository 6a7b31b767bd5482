//! Counts of escaped defects.

use crate::evidence::Evidence;
use crate::model::{Area, Defect, Doubt, Measurement, Phase, Scope, Value};

use super::select::{Belongs, belongs};
use super::window::{Extent, Window};

/// Escaped defects that the scope holds.
pub fn escaped(evidence: &Evidence, scope: &Scope) -> Measurement {
    count(evidence, scope, |window, defect| window.holds(defect))
}

/// Escaped defects of the scope that no label gives a severity.
pub fn untriaged(evidence: &Evidence, scope: &Scope) -> Measurement {
    count(evidence, scope, |window, defect| !defect.triaged && window.holds(defect))
}

/// Escaped defects without a release. For a scope of releases: those reported since the oldest of them was published.
pub fn unattributed(evidence: &Evidence, scope: &Scope) -> Measurement {
    count(evidence, scope, |window, defect| {
        defect.found_in.release.is_none()
            && match &window.extent {
                Extent::Releases(releases) => releases
                    .values()
                    .filter_map(|release| release.published_at)
                    .min()
                    .is_none_or(|oldest| defect.ticket.created_at >= oldest),
                Extent::Candidate(_) | Extent::Period(..) | Extent::All | Extent::Nothing => {
                    window.holds(defect)
                }
            }
    })
}

/// Tickets of the scope that look like escaped defects and do not count.
pub fn excluded(evidence: &Evidence, scope: &Scope) -> Measurement {
    let looks_escaped = evidence.excluded.iter().map(|one| &one.defect).filter(|d| d.phase == Phase::Escaped);
    let those = evidence.defects.as_ref().map(|_| looks_escaped);
    count_among(
        those,
        evidence,
        scope,
        |window, defect| if window.holds(defect) { Admits::Yes } else { Admits::No },
    )
}

/// Counts the escaped defects that a test admits.
pub fn count(
    evidence: &Evidence,
    scope: &Scope,
    admits: impl Fn(&Window<'_>, &Defect) -> bool,
) -> Measurement {
    count_or_doubt(
        evidence,
        scope,
        |window, defect| if admits(window, defect) { Admits::Yes } else { Admits::No },
    )
}

/// Whether a test admits a defect to a count.
pub enum Admits {
    /// It counts.
    Yes,
    /// It does not.
    No,
    /// This is not known of it.
    Doubtful(Doubt),
}

/// Counts the escaped defects that a test admits, and keeps those of which it cannot tell.
pub fn count_or_doubt(
    evidence: &Evidence,
    scope: &Scope,
    admits: impl Fn(&Window<'_>, &Defect) -> Admits,
) -> Measurement {
    count_among(evidence.escaped(), evidence, scope, admits)
}

/// Counts those of some defects that a test admits; none at all says that they were not read.
fn count_among<'a>(
    defects: Option<impl Iterator<Item = &'a Defect>>,
    evidence: &Evidence,
    scope: &Scope,
    admits: impl Fn(&Window<'_>, &Defect) -> Admits,
) -> Measurement {
    let Some(defects) = defects else {
        return Measurement::missing("no tickets were read", Some(Area::Issues));
    };
    let window = match Window::of(scope, evidence) {
        Ok(window) => window,
        Err(reason) => return Measurement::missing(reason, None),
    };
    let mut counted = Vec::new();
    let mut undecided = Vec::new();
    for defect in defects {
        match (admits(&window, defect), belongs(defect, &scope.filter)) {
            (Admits::No, _) | (_, Belongs::No) => {}
            (Admits::Yes, Belongs::Yes) => counted.push(defect.number()),
            (Admits::Yes | Admits::Doubtful(_), Belongs::Perhaps) => {
                undecided.push((defect.number(), Doubt::Severity));
            }
            (Admits::Doubtful(doubt), Belongs::Yes) => undecided.push((defect.number(), doubt)),
        }
    }
    let value = Value::Count(counted.len() as u64);
    Measurement { value, against: counted, basis: window.basis, notes: window.notes, undecided }
}
