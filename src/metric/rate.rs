//! The escaped defect rate.

use std::cmp::Reverse;

use crate::evidence::Evidence;
use crate::model::{Absence, Area, Defect, Doubt, Measurement, Phase, Ratio, Release, Scope, Tag, Value};

use super::select::{Belongs, belongs};
use super::window::{Extent, Window};

/// Escaped ÷ (escaped + caught), over the defects that the scope holds.
///
/// Defects of releases younger than `mature-after` stay out of both numbers: their users have not had the time to find
/// what they will find, so a young release always looks better than it is. A defect that was caught in a pre-release
/// belongs to the release that followed it.
pub fn escape_rate(evidence: &Evidence, scope: &Scope) -> Measurement {
    let Some(defects) = &evidence.defects else {
        return Measurement::missing("no tickets were read", Some(Area::Issues));
    };
    if !evidence.knows_caught {
        return Measurement::missing(
            "the policy does not say which defects were caught before production",
            None,
        );
    }
    let mut window = match Window::of(scope, evidence) {
        Ok(window) => window,
        Err(reason) => return Measurement::missing(reason, None),
    };
    let mut young = Vec::new();
    if let Extent::Releases(releases) = &mut window.extent {
        releases.retain(|tag, _| {
            let mature = evidence.is_mature(tag);
            if !mature {
                young.push((*tag).clone());
            }
            mature
        });
        let mut kept: Vec<&Release> = releases.values().copied().collect();
        kept.sort_by_key(|release| Reverse(release.published_at));
        window.basis = kept.iter().map(|release| release.tag.0.as_str()).collect::<Vec<_>>().join(", ");
    }
    let (mut counted, mut undecided, mut caught, mut left_out) = (Vec::new(), Vec::new(), 0, 0);
    for defect in defects {
        let release = shipped_in(evidence, defect);
        let held = match (&window.extent, release) {
            (Extent::Releases(_), Some(tag)) => window.holds_in(tag, defect),
            (Extent::Candidate(candidate), Some(tag)) => tag == *candidate,
            (Extent::Releases(_) | Extent::Candidate(_), None) => false,
            (Extent::Period(..) | Extent::All | Extent::Nothing, _) => window.holds(defect),
        };
        if !held {
            continue;
        }
        let is_young = match release {
            Some(tag) => !evidence.is_mature(tag),
            // What was caught for a release to come has no users yet who could find what escapes.
            None => defect.phase == Phase::Caught,
        };
        match belongs(defect, &scope.filter) {
            Belongs::No => continue,
            Belongs::Yes | Belongs::Perhaps if is_young => left_out += 1,
            Belongs::Perhaps => undecided.push((defect.number(), Doubt::Severity)),
            Belongs::Yes => match defect.phase {
                Phase::Escaped => counted.push(defect.number()),
                Phase::Caught => caught += 1,
            },
        }
    }
    let days = evidence.mature_after_days;
    if left_out > 0 {
        let s = if left_out == 1 { "defect" } else { "defects" };
        window
            .notes
            .push(format!("left out: {left_out} {s} of releases to come or younger than {days} days"));
    }
    if !young.is_empty() {
        let tags: Vec<&str> = young.iter().map(|tag| tag.0.as_str()).collect();
        window.notes.push(format!("left out: {}, younger than {days} days", tags.join(", ")));
    }
    let numerator = counted.len() as u64;
    let denominator = numerator + caught;
    let value = if denominator == 0 {
        let reason = if left_out > 0 || !young.is_empty() {
            format!("every defect in scope belongs to a release to come or younger than {days} days")
        } else {
            "no defect is in scope, neither escaped nor caught".into()
        };
        Value::Missing(Absence { reason, unread: None })
    } else {
        Value::Ratio(Ratio { numerator, denominator })
    };
    Measurement { value, against: counted, basis: window.basis, notes: window.notes, undecided }
}

/// The stable release that a defect counts for: that which followed, for one found in a pre-release.
fn shipped_in<'a>(evidence: &'a Evidence, defect: &'a Defect) -> Option<&'a Tag> {
    let tag = defect.found_in.release.as_ref()?;
    let release = evidence.timeline.get(tag)?;
    match release.published_at.filter(|_| release.prerelease) {
        Some(at) => evidence.timeline.first_after(at).map(|r| &r.tag).or(Some(tag)),
        None => Some(tag),
    }
}
