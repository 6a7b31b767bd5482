//! Identities of tests that share a name.

use xxhash_rust::xxh3::xxh3_128;

use crate::model::TestId;

/// Passes in order; of several under one identity each is a test of its own.
pub fn namesakes(mut passed: Vec<TestId>) -> Vec<TestId> {
    sort(&mut passed, 120);
    let mut place = 0;
    let mut before = None;
    let mut changed = false;
    for test in &mut passed {
        place = if before == Some(*test) { place + 1 } else { 0 };
        before = Some(*test);
        if place > 0 {
            *test = namesake(*test, place);
            changed = true;
        }
    }
    if changed {
        passed.sort_unstable();
    }
    passed
}

/// The identity of a test among its namesakes in one report.
pub fn namesake(test: TestId, place: u32) -> TestId {
    if place == 0 {
        return test;
    }
    let mut bytes = [0; 20];
    bytes[..16].copy_from_slice(&test.0.to_le_bytes());
    bytes[16..].copy_from_slice(&place.to_le_bytes());
    TestId(xxh3_128(&bytes))
}

/// Sorts identities from the byte at `shift` on. They are hashes, so that each byte deals them into equal heaps, down to
/// heaps that are sorted in the fastest cache.
fn sort(tests: &mut [TestId], shift: u32) {
    if tests.len() < 1 << 10 || shift == 0 {
        return tests.sort_unstable();
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
    // Everything that lies in a heap goes home, without a look at what comes back: that waits for the next round, so
    // that no step waits for the one before.
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
    for (start, end) in heaps.into_iter().zip(ends) {
        sort(&mut tests[start..end], shift - 8);
    }
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
        for mut tests in [hashes(), one_heap, few_heaps, backwards, vec![TestId(7); 20_000]] {
            let mut expected = tests.clone();
            expected.sort_unstable();
            sort(&mut tests, 120);
            assert!(tests == expected);
        }
    }
}
