//! Checks suites of producers that list reruns as cases: do the results look like such a list?

use std::collections::{HashMap, HashSet};

use super::{OtherResult, RerunListing, SuiteRange, to_u32};
use crate::TestId;

/// Makes each result a test by itself if its suite cannot be a list of reruns. `counted` are indexes into `passed`,
/// as [`super::ResultLog`] has them.
pub fn separate_non_reruns(
    parts: &mut Vec<SuiteRange>,
    passed: &[TestId],
    counted: &[u32],
    others: &mut [OtherResult],
) {
    let mut of_suite: HashMap<u32, Vec<OtherResult>> = HashMap::new();
    for other in others.iter().filter(|other| parts[other.part as usize].listing == RerunListing::Rounds) {
        of_suite.entry(other.part).or_default().push(*other);
    }
    let in_rounds: HashSet<u32> = of_suite
        .into_iter()
        .filter(|(part, others)| is_list_of_rounds(parts[*part as usize], passed, others))
        .map(|(part, _)| part)
        .collect();
    let ran_once = parts.iter().any(|part| part.listing == RerunListing::FailedFirst)
        && has_run_once(parts, passed, counted, others);
    for other in others {
        let holds = match parts[other.part as usize].listing {
            RerunListing::Never | RerunListing::Named => continue,
            RerunListing::Rounds => in_rounds.contains(&other.part),
            RerunListing::FailedFirst => ran_once,
        };
        if !holds {
            other.part = to_u32(parts.len());
            parts.push(SuiteRange::of_one(other.after));
        }
    }
}

/// Returns `true` if the results of a suite are rounds: every test once, then exactly those that failed, and so on.
fn is_list_of_rounds(part: SuiteRange, passed: &[TestId], others: &[OtherResult]) -> bool {
    let end = (part.end as usize).min(passed.len());
    let mut passes = passed[part.start as usize..end].iter().zip(part.start..).peekable();
    let mut in_order = Vec::new();
    for other in others {
        while let Some((pass, _)) = passes.next_if(|(_, place)| *place < other.after) {
            in_order.push((*pass, false));
        }
        in_order.push((other.test, other.status.is_failure()));
    }
    in_order.extend(passes.map(|(pass, _)| (*pass, false)));

    let mut round: HashMap<TestId, bool> = HashMap::new();
    let mut to_rerun: Option<HashSet<TestId>> = None;
    let mut before = None;
    for (test, failed) in in_order {
        if round.contains_key(&test) {
            let ended = match &to_rerun {
                Some(left) => left.is_empty(),
                // Rows of data under one name follow each other, as the rerun of the last test alone would. A class that
                // runs twice repeats all its tests, so one that did not fail has to have run once.
                None => before != Some(test) && round.values().any(|failed| !failed),
            };
            if !ended {
                return false;
            }
            to_rerun = Some(round.drain().filter(|(_, failed)| *failed).map(|(test, _)| test).collect());
        }
        if to_rerun.as_mut().is_some_and(|left| !left.remove(&test)) {
            return false;
        }
        round.insert(test, failed);
        before = Some(test);
    }
    to_rerun.is_none_or(|left| left.is_empty())
}

/// Returns `true` if a report that lists failures first shows that its tests ran once.
fn has_run_once(parts: &[SuiteRange], passed: &[TestId], counted: &[u32], others: &[OtherResult]) -> bool {
    let mut in_order = passed.to_vec();
    in_order.sort_unstable();
    // `go test -count=2` repeats tests that passed, too.
    if in_order.windows(2).any(|pair| pair[0] == pair[1]) {
        return false;
    }
    let not_passed: HashSet<TestId> = others.iter().map(|other| other.test).collect();
    let is_rerun = |place: &u32| not_passed.contains(&passed[*place as usize]);
    // With `-failfast`, `-count=2` stops within a repetition. The pass of the test that then fails comes before those of
    // the tests that were not reached again, while a rerun comes after them.
    let reruns_are_last = |part: &SuiteRange| {
        let begin = counted.partition_point(|place| *place < part.start);
        let end = counted.partition_point(|place| *place < part.end);
        counted[begin..end].iter().is_sorted_by_key(is_rerun)
    };
    // `-count` does not repeat examples, and subtests may change their names: another test has to have passed once.
    counted.iter().any(|place| !is_rerun(place))
        && parts.iter().filter(|part| part.listing == RerunListing::FailedFirst).all(reruns_are_last)
}
