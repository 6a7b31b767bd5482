//! Issues that repeat others. A duplicate does not count where its original counts for as much; otherwise it would be a
//! way for a defect to vanish.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Defect, Issue, IssueNumber, IssueState, Phase, StateReason, Timeline};

/// The duplicates among the issues that a policy names, each with its original: the issue at the end of its chain,
/// which is no duplicate itself.
///
/// A duplicate of nothing named, of an issue that the policy does not name, or in a ring has no original. It is not among
/// the keys, and counts itself.
pub fn originals<'a>(named: impl Iterator<Item = &'a Issue>) -> BTreeMap<IssueNumber, IssueNumber> {
    let steps: HashMap<IssueNumber, Option<Option<IssueNumber>>> =
        named.map(|issue| (issue.number, is_duplicate(issue).then_some(issue.duplicate_of))).collect();
    // Most lists have no duplicate.
    if steps.values().all(Option::is_none) {
        return BTreeMap::new();
    }
    // The end of each chain is stored: a chain of thousands is followed once, and not once for each of its members.
    let mut found: HashMap<IssueNumber, Option<IssueNumber>> = HashMap::new();
    for start in steps.keys() {
        let (mut path, mut at) = (Vec::new(), *start);
        let end = loop {
            if let Some(known) = found.get(&at) {
                break *known;
            }
            // Until its end is known, an issue on the way leads into a ring.
            found.insert(at, None);
            path.push(at);
            match steps.get(&at) {
                None | Some(Some(None)) => break None,
                Some(None) => break Some(at),
                Some(Some(Some(next))) => at = *next,
            }
        };
        found.extend(path.into_iter().map(|number| (number, end)));
    }
    let is_one = |number: &IssueNumber| matches!(steps.get(number), Some(Some(_)));
    found
        .into_iter()
        .filter(|(number, _)| is_one(number))
        .filter_map(|(one, end)| Some((one, end?)))
        .collect()
}

/// Returns `true` if an issue was closed as a duplicate.
pub fn is_duplicate(issue: &Issue) -> bool {
    // A comment "Duplicate of #1" on an open issue is only a proposal.
    issue.state == IssueState::Closed && issue.state_reason == Some(StateReason::Duplicate)
}

/// Gives an original what its duplicate knows better: that the defect escaped, a higher severity, and a release that is
/// nearer to the candidate.
pub fn inherit_from_duplicate(original: &mut Defect, duplicate: &Defect, timeline: &Timeline) {
    let number = duplicate.number();
    if duplicate.phase == Phase::Escaped && original.phase == Phase::Caught {
        original.phase = Phase::Escaped;
        original.because = format!("{} of its duplicate {number}", duplicate.because).into();
    }
    // The more severe one: closing as a duplicate must not lower a severity.
    if duplicate.triaged && (!original.triaged || duplicate.severity > original.severity) {
        original.severity = duplicate.severity;
        original.triaged = true;
    }
    let is_newer = match (&duplicate.found_in.release, &original.found_in.release) {
        (Some(newer), Some(older)) => newer != older && timeline.nearest(&[newer, older]) == Some(newer),
        (Some(_), None) => true,
        (None, _) => false,
    };
    if duplicate.phase == Phase::Escaped && is_newer {
        original.found_in = duplicate.found_in.clone();
        original.found_in.evidence = format!("{} of its duplicate {number}", duplicate.found_in.evidence);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The original of each duplicate; 0 of an issue is none that is named, and its own number no duplicate.
    fn of(duplicates: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let issue = |(number, of): &(u64, u64)| {
            let mut json = serde_json::json!({
                "number": number, "title": "t", "url": "u", "state": "closed",
                "created-at": "2026-01-01T00:00:00Z", "updated-at": "2026-01-01T00:00:00Z",
                "state-reason": if of == number { "completed" } else { "duplicate" },
            });
            if of != number && *of != 0 {
                json["duplicate-of"] = serde_json::json!(of);
            }
            serde_json::from_value(json).unwrap()
        };
        let issues: Vec<Issue> = duplicates.iter().map(issue).collect();
        originals(issues.iter()).into_iter().map(|(one, end)| (one.0, end.0)).collect()
    }

    #[test]
    fn chain_ends_at_what_is_no_duplicate() {
        assert_eq!(of(&[(1, 1), (2, 1), (3, 2), (4, 3)]), [(2, 1), (3, 1), (4, 1)]);
        assert_eq!(of(&[(4, 4), (3, 4), (2, 3), (1, 2)]), [(1, 4), (2, 4), (3, 4)]);
    }

    #[test]
    fn ring_and_what_leads_into_it_have_no_original() {
        assert_eq!(of(&[(1, 2), (2, 3), (3, 1), (4, 2), (5, 5), (6, 5)]), [(6, 5)]);
        assert_eq!(of(&[(1, 1), (2, 0), (3, 2), (4, 9)]), []);
    }

    #[test]
    fn long_chain_is_walked_once() {
        let chain: Vec<(u64, u64)> = (1..=100_000).map(|number| (number, (number - 1).max(1))).collect();
        assert_eq!(of(&chain).len(), 99_999);
    }
}
