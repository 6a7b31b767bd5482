//! Escaped defects that would still be in production after the candidate ships.

use crate::evidence::{Evidence, FixState};
use crate::model::{Defect, Doubt, Measurement, Scope, Tag};

use super::count::{Admits, count_or_doubt};
use super::select::{Belongs, belongs};
use super::window::{Extent, Window};

/// Escaped defects of the scope that the candidate does not fix.
///
/// A defect without a release counts in every scope: nothing says that it is not in a supported one. So does one that was
/// found in the candidate itself, or in another release that is not published yet. Open defects that
/// were found in older releases than the scope holds are named in a note, not counted.
pub fn measure(evidence: &Evidence, scope: &Scope) -> Measurement {
    let in_scope = |window: &Window<'_>, defect: &Defect| {
        let is_published = |tag: &Tag| evidence.age_days(tag).is_some();
        // What is in the candidate, or in another release to come, is not fixed by shipping it.
        let ahead = defect.found_in.release.as_ref().is_none_or(|tag| !is_published(tag));
        window.holds(defect) || (ahead && matches!(window.extent, Extent::Releases(_)))
    };
    let mut unfixed = count_or_doubt(evidence, scope, |window, defect| {
        if !in_scope(window, defect) {
            return Admits::No;
        }
        match evidence.fix_of(defect).is_unfixed() {
            Some(true) => Admits::Yes,
            Some(false) => Admits::No,
            None => Admits::Doubtful(Doubt::Fix),
        }
    });
    let older = older_and_open(evidence, scope, in_scope);
    if !older.is_empty() {
        unfixed.notes.push(format!(
            "not counted: found in releases older than these, and still open: {}",
            older.join(", ")
        ));
    }
    unfixed
}

/// Open defects that the filter asks for and that were found in a release outside the window.
fn older_and_open(
    evidence: &Evidence,
    scope: &Scope,
    in_scope: impl Fn(&Window<'_>, &Defect) -> bool,
) -> Vec<String> {
    let (Some(escaped), Ok(window)) = (evidence.escaped(), Window::of(scope, evidence)) else {
        return Vec::new();
    };
    escaped
        .filter(|defect| matches!(window.extent, Extent::Releases(_)) && !in_scope(&window, defect))
        .filter(|defect| belongs(defect, &scope.filter) != Belongs::No)
        .filter(|defect| matches!(evidence.fix_of(defect), FixState::Open | FixState::Reopened))
        .map(|defect| match &defect.found_in.release {
            Some(tag) => format!("{} ({tag})", defect.number()),
            None => defect.number().to_string(),
        })
        .collect()
}
