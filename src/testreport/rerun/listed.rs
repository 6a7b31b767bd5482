//! Suites of producers that list reruns as cases, held against what such a list looks like.

use std::collections::HashSet;

use super::{Listing, Other, Part, short};
use crate::model::TestId;

/// Makes each result a test by itself in those suites that cannot be a list of reruns.
pub fn split(parts: &mut Vec<Part>, passed: &[TestId], others: &mut [Other]) {
    let mut ran_once = None;
    for index in 0..parts.len() {
        let part = parts[index];
        let here = |other: &&mut Other| other.part as usize == index;
        let holds = match part.listing {
            Listing::Never | Listing::Named => true,
            Listing::Rounds => in_rounds(part, passed, others, index),
            Listing::FailedFirst => *ran_once.get_or_insert_with(|| each_pass_once(passed, others)),
        };
        if holds {
            continue;
        }
        for other in others.iter_mut().filter(here) {
            other.part = short(parts.len());
            parts.push(Part::of_one(other.after));
        }
    }
}

/// `true` if every result after the first repeated one is a repeated one. Rows of a test under one name stand side by side,
/// before the next test.
fn in_rounds(part: Part, passed: &[TestId], others: &[Other], index: usize) -> bool {
    let end = (part.end as usize).min(passed.len());
    let mut passes = passed[part.start as usize..end].iter().zip(part.start..).peekable();
    let mut in_order = Vec::new();
    for other in others.iter().filter(|other| other.part as usize == index) {
        while let Some((pass, _)) = passes.next_if(|(_, place)| *place < other.after) {
            in_order.push(*pass);
        }
        in_order.push(other.test);
    }
    in_order.extend(passes.map(|(pass, _)| *pass));
    let mut seen = HashSet::new();
    let mut repeats = false;
    in_order.into_iter().all(|test| {
        let is_new = seen.insert(test);
        repeats |= !is_new;
        !(is_new && repeats)
    })
}

/// `true` if the report shows that tests ran once: some test did nothing but pass, once, and none passed twice. `go test
/// -count=2` repeats those that passed as well.
fn each_pass_once(passed: &[TestId], others: &[Other]) -> bool {
    let mut passed = passed.to_vec();
    passed.sort_unstable();
    let bad: HashSet<TestId> = others.iter().map(|other| other.test).collect();
    passed.windows(2).all(|pair| pair[0] != pair[1]) && passed.iter().any(|test| !bad.contains(test))
}
