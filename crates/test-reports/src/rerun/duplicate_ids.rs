//! Gives tests that share a name separate identities.

use xxhash_rust::xxh3::xxh3_128;

use crate::TestId;

/// Most identities sorted at once: 16 kB, which fit into the fastest cache.
const SMALL: usize = 1 << 10;
/// Fewer identities than this are faster to sort by comparison.
const FEW: usize = 32;
/// Largest heap for which insertion sort is the fastest.
const HIGH: u16 = 16;

/// Sorts passes and gives each duplicate an identity of its own.
pub fn separate_duplicates(mut passed: Vec<TestId>) -> Vec<TestId> {
    if !sort_ids(&mut passed, 120, &mut [TestId(0); SMALL]) {
        return passed;
    }
    let mut place = 0;
    let mut before = None;
    for test in &mut passed {
        place = if before == Some(*test) { place + 1 } else { 0 };
        before = Some(*test);
        if place > 0 {
            *test = duplicate_id(*test, place);
        }
    }
    passed.sort_unstable();
    passed
}

/// Returns the identity of the test at `place` among those with one name.
pub fn duplicate_id(test: TestId, place: u32) -> TestId {
    if place == 0 {
        return test;
    }
    let mut bytes = [0; 20];
    bytes[..16].copy_from_slice(&test.0.to_le_bytes());
    bytes[16..].copy_from_slice(&place.to_le_bytes());
    TestId(xxh3_128(&bytes))
}

/// Sorts identities from the byte at `shift` on. They are hashes, so that each byte deals them into equal heaps, down to
/// heaps that are sorted in the fastest cache, by way of `dealt`. True if two of them are alike, which is seen while they
/// are there.
fn sort_ids(tests: &mut [TestId], shift: u32, dealt: &mut [TestId; SMALL]) -> bool {
    if shift == 0 {
        return sort_by_comparison(tests);
    }
    if tests.len() <= SMALL {
        return sort_in_cache(tests, shift, dealt);
    }
    let heap = |test: TestId| (test.0 >> shift) as usize & 0xFF;
    let mut ends = [0_usize; 256];
    for test in tests.iter() {
        ends[heap(*test)] += 1;
    }
    let mut starts = [0_usize; 256];
    let mut sum = 0;
    for (start, end) in starts.iter_mut().zip(&mut ends) {
        *start = sum;
        sum += *end;
        *end = sum;
    }
    let heaps = starts;
    // Swap each entry into its heap, and leave the one that comes back to the next pass: then no step has to wait for
    // the result of the step before.
    let mut done = false;
    while !done {
        done = true;
        for current in 0..256 {
            for at in starts[current]..ends[current] {
                let home = heap(tests[at]);
                tests.swap(at, starts[home]);
                starts[home] += 1;
            }
            done &= starts[current] == ends[current];
        }
    }
    let mut alike = false;
    for (start, end) in heaps.into_iter().zip(ends) {
        alike |= sort_ids(&mut tests[start..end], shift - 8, dealt);
    }
    alike
}

/// Sorts by comparison. Returns `true` if two identities are equal.
fn sort_by_comparison(tests: &mut [TestId]) -> bool {
    tests.sort_unstable();
    tests.windows(2).any(|pair| pair[0] == pair[1])
}

/// Sorts a heap that fits into the fastest cache by the byte at `shift`, and then by insertion.
/// Returns `true` if two identities are equal.
fn sort_in_cache(tests: &mut [TestId], shift: u32, dealt: &mut [TestId; SMALL]) -> bool {
    let heap = |test: TestId| (test.0 >> shift) as usize & 0xFF;
    let mut ends = [0_u16; 256];
    for test in tests.iter() {
        ends[heap(*test)] += 1;
    }
    // With many equal ids, or ids that are no hashes, insertion sort would be slow.
    if tests.len() < FEW || ends.iter().any(|count| *count > HIGH) {
        return sort_by_comparison(tests);
    }
    let mut sum = 0;
    for end in &mut ends {
        sum += *end;
        *end = sum;
    }
    for test in tests.iter() {
        let end = &mut ends[heap(*test)];
        *end -= 1;
        dealt[usize::from(*end)] = *test;
    }
    let mut alike = false;
    for (at, test) in dealt.iter().copied().enumerate().take(tests.len()) {
        let mut place = at;
        while place > 0 && tests[place - 1] > test {
            tests[place] = tests[place - 1];
            place -= 1;
        }
        tests[place] = test;
        alike |= place > 0 && tests[place - 1] == test;
    }
    alike
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Identities as hashes are: nothing about them is even but their spread.
    fn hashes() -> Vec<TestId> {
        (0..20_000_u32).map(|n| TestId(xxh3_128(&n.to_le_bytes()))).collect()
    }

    #[test]
    fn identities_are_sorted_however_unevenly_they_are_spread() {
        let one_heap = hashes().into_iter().map(|test| TestId(test.0 >> 8)).collect();
        let few_heaps = hashes().into_iter().map(|test| TestId(test.0 & !(0x3F << 120))).collect();
        let backwards = hashes().into_iter().enumerate().map(|(at, _)| TestId(!(at as u128))).collect();
        let twice = hashes().into_iter().chain([hashes()[4711]]).collect();
        for mut tests in [hashes(), one_heap, few_heaps, backwards, twice, vec![TestId(7); 20_000]] {
            let mut expected = tests.clone();
            expected.sort_unstable();
            let alike = expected.windows(2).any(|pair| pair[0] == pair[1]);
            assert_eq!(sort_ids(&mut tests, 120, &mut [TestId(0); SMALL]), alike);
            assert!(tests == expected);
        }
    }
}
