//! Tickets that repeat others. A duplicate does not count where its original counts for as much; otherwise it would be a
//! way for a defect to vanish.

use std::collections::{BTreeMap, BTreeSet};

use crate::attribution::choose;
use crate::model::{Defect, IssueNumber, Phase, State, StateReason, Ticket, Timeline};

/// The duplicates among the tickets that a policy names, each with its original: the ticket at the end of its chain,
/// which is no duplicate itself.
///
/// A duplicate of nothing named, of a ticket that the policy does not name, or in a ring has no original. It is not among
/// the keys, and counts itself.
pub fn originals<'a>(named: impl Iterator<Item = &'a Ticket>) -> BTreeMap<IssueNumber, IssueNumber> {
    let steps: BTreeMap<IssueNumber, Option<Option<IssueNumber>>> =
        named.map(|ticket| (ticket.number, is_duplicate(ticket).then_some(ticket.duplicate_of))).collect();
    let original = |start: IssueNumber| {
        let mut seen = BTreeSet::new();
        let mut at = start;
        while seen.insert(at) {
            match steps.get(&at)? {
                None => return Some(at),
                Some(next) => at = (*next)?,
            }
        }
        None
    };
    steps
        .iter()
        .filter(|(_, step)| step.is_some())
        .filter_map(|(duplicate, _)| Some((*duplicate, original(*duplicate)?)))
        .collect()
}

/// True if a ticket was closed as a duplicate.
pub fn is_duplicate(ticket: &Ticket) -> bool {
    ticket.state == State::Closed && ticket.state_reason == Some(StateReason::Duplicate)
}

/// What an original learns from its duplicate: that it escaped, a heavier severity, and another release it was
/// found in, if that is nearer to the candidate: on its line, or before it, or newer.
pub fn inherit(original: &mut Defect, duplicate: &Defect, timeline: &Timeline) {
    let number = duplicate.number();
    if duplicate.phase == Phase::Escaped && original.phase == Phase::Caught {
        original.phase = Phase::Escaped;
        original.because = format!("{} of its duplicate {number}", duplicate.because);
    }
    if duplicate.triaged && (!original.triaged || duplicate.severity > original.severity) {
        original.severity = duplicate.severity;
        original.triaged = true;
    }
    let is_newer = match (&duplicate.found_in.release, &original.found_in.release) {
        (Some(newer), Some(older)) => newer != older && choose(&[newer, older], timeline) == Some(newer),
        (Some(_), None) => true,
        (None, _) => false,
    };
    if duplicate.phase == Phase::Escaped && is_newer {
        original.found_in = duplicate.found_in.clone();
        original.found_in.evidence = format!("{} of its duplicate {number}", duplicate.found_in.evidence);
    }
}
