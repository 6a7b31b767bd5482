//! Several results under one identity in one report: reruns of one test, or tests that share a name?

use xxhash_rust::xxh3::xxh3_128;

use crate::model::{CaseStatus, Records, TestId};

/// The results of a report, in its order.
///
/// Results under one identity are reruns of one test only where they look exactly like that: failures and then at most
/// one pass. With the pass the test is flaky, without it has failed. Anything else (a second pass, a pass before the
/// failure, something skipped) cannot come from a rerun, since nobody reruns a test that passed: these are several
/// tests under one name, as data providers and repeated tests produce them, and each counts by itself. So a failure
/// is never taken for flaky because of a namesake.
#[derive(Debug, Default)]
pub struct Runs {
    passed: Vec<TestId>,
    others: Vec<Other>,
    count: u64,
}

/// A result that is not a plain pass.
#[derive(Debug, Clone, Copy)]
struct Other {
    test: TestId,
    status: CaseStatus,
    /// Its place among the others.
    place: u32,
    /// How many plain passes, of whatever test, came before it.
    after: u32,
}

/// Plain passes under an identity that has other results as well.
#[derive(Debug, Clone, Copy, Default)]
struct Passes {
    count: u32,
    /// The place of the last one among the plain passes.
    last: u32,
}

/// The results under an identity that has more than plain passes.
#[derive(Debug, Default)]
struct Story {
    skipped: u32,
    flaky: u32,
    failed: u32,
    errors: u32,
    /// Plain passes before the last failure, and the place of that failure among the other results.
    failed_at: (u32, u32),
    /// The place of the last flaky one among the other results.
    flaky_at: u32,
}

impl Runs {
    /// One result, with the runs that the producer folded into it.
    pub fn add(&mut self, test: TestId, status: CaseStatus, reruns: u64) {
        self.count = self.count.saturating_add(1).saturating_add(reruns);
        match status {
            CaseStatus::Passed => self.passed.push(test),
            CaseStatus::Skipped | CaseStatus::Flaky | CaseStatus::Failed | CaseStatus::Error => {
                let place = u32::try_from(self.others.len()).unwrap_or(u32::MAX);
                let after = u32::try_from(self.passed.len()).unwrap_or(u32::MAX);
                self.others.push(Other { test, status, place, after });
            }
        }
    }

    /// How many runs there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// One outcome a test. Calls back with the worst outcome of each identity that has more than plain passes.
    pub fn fold(self, mut outcome: impl FnMut(TestId, CaseStatus)) -> Records {
        let Self { mut passed, mut others, .. } = self;
        others.sort_unstable_by_key(|other| (other.test, other.place));
        let sieve = Sieve::new(&others);
        let mut passes = vec![Passes::default(); others.len()];
        if !others.is_empty() {
            let mut place = 0;
            passed.retain(|test| {
                place += 1;
                // The passes of an identity are noted at its first other result.
                let first = sieve.may_hold(*test).then(|| others.partition_point(|other| other.test < *test));
                let Some(first) = first.filter(|at| others.get(*at).is_some_and(|other| other.test == *test))
                else {
                    return true;
                };
                passes[first] = Passes { count: passes[first].count + 1, last: place - 1 };
                false
            });
        }
        let mut records = Records { passed: namesakes(passed), ..Records::default() };
        let mut at = 0;
        while let Some(first) = others.get(at) {
            let same = others[at..].iter().take_while(|other| other.test == first.test).count();
            let mut story = Story::default();
            for other in &others[at..at + same] {
                story.add(other);
            }
            outcome(first.test, story.tell(passes[at], first.test, &mut records));
            at += same;
        }
        for list in [
            &mut records.passed,
            &mut records.skipped,
            &mut records.flaky,
            &mut records.failed,
            &mut records.error,
        ] {
            if !list.is_sorted() {
                list.sort_unstable();
            }
            list.shrink_to_fit();
        }
        records
    }
}

impl Story {
    /// The next result that is not a plain pass.
    fn add(&mut self, other: &Other) {
        match other.status {
            CaseStatus::Passed => {}
            CaseStatus::Skipped => self.skipped += 1,
            CaseStatus::Flaky => {
                self.flaky += 1;
                self.flaky_at = other.place;
            }
            CaseStatus::Failed | CaseStatus::Error => {
                self.failed += u32::from(other.status == CaseStatus::Failed);
                self.errors += u32::from(other.status == CaseStatus::Error);
                self.failed_at = (other.after, other.place);
            }
        }
    }

    /// Adds its tests to the records; gives the worst outcome.
    fn tell(self, passed: Passes, test: TestId, records: &mut Records) -> CaseStatus {
        let worst = if self.errors > 0 { CaseStatus::Error } else { CaseStatus::Failed };
        let bad = self.failed + self.errors;
        if bad > 0 && self.skipped == 0 {
            if passed.count + self.flaky == 0 {
                let list = if self.errors > 0 { &mut records.error } else { &mut records.failed };
                list.push(test);
                return worst;
            }
            let recovered = (passed.count == 1 && self.flaky == 0 && passed.last >= self.failed_at.0)
                || (self.flaky == 1 && passed.count == 0 && self.flaky_at > self.failed_at.1);
            if recovered {
                records.flaky.push(test);
                return CaseStatus::Flaky;
            }
        }
        // Namesakes: each counts. Their order is by weight, so that the same results give the same tests.
        let mut place = 0;
        for (count, list) in [
            (self.errors, &mut records.error),
            (self.failed, &mut records.failed),
            (self.flaky, &mut records.flaky),
            (passed.count, &mut records.passed),
            (self.skipped, &mut records.skipped),
        ] {
            for _ in 0..count {
                list.push(namesake(test, place));
                place += 1;
            }
        }
        match (bad, self.flaky, passed.count) {
            (1.., _, _) => worst,
            (0, 1.., _) => CaseStatus::Flaky,
            (0, 0, 1..) => CaseStatus::Passed,
            (0, 0, 0) => CaseStatus::Skipped,
        }
    }
}

/// Passes in order; of several under one identity each is a test of its own.
fn namesakes(mut passed: Vec<TestId>) -> Vec<TestId> {
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
fn namesake(test: TestId, place: u32) -> TestId {
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
    for current in 0..256 {
        while starts[current] < ends[current] {
            let at = starts[current];
            let home = heap(tests[at]);
            tests.swap(at, starts[home]);
            starts[home] += 1;
        }
    }
    for (start, end) in heaps.into_iter().zip(ends) {
        sort(&mut tests[start..end], shift - 8);
    }
}

/// Says quickly that a test is not among a few: most of a report passes at the first run.
struct Sieve {
    bits: Vec<u64>,
}

impl Sieve {
    /// Sixteen bits a test.
    fn new(others: &[Other]) -> Self {
        let mut sieve = Self { bits: vec![0; (others.len() / 4 + 1).next_power_of_two()] };
        for other in others {
            let (word, bit) = sieve.place(other.test);
            sieve.bits[word] |= bit;
        }
        sieve
    }

    /// False only if the test is not among them.
    fn may_hold(&self, test: TestId) -> bool {
        let (word, bit) = self.place(test);
        self.bits[word] & bit != 0
    }

    /// Where a test's bit is. The identity is a hash, so any of its bits will do.
    fn place(&self, test: TestId) -> (usize, u64) {
        let hash = test.0 as u64;
        ((hash >> 6) as usize & (self.bits.len() - 1), 1 << (hash & 63))
    }
}
