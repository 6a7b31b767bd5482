//! Several results under one identity in one report: reruns of one test, or tests that share a name?

use std::collections::HashMap;

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
#[derive(Debug)]
struct Other {
    test: TestId,
    status: CaseStatus,
    /// How many plain passes, of whatever test, came before it.
    after: usize,
}

/// The results under an identity that has more than plain passes.
#[derive(Debug, Default)]
struct Story {
    passed: u32,
    skipped: u32,
    flaky: u32,
    failed: u32,
    errors: u32,
    /// Plain passes before the last failure, and the place of that failure among the other results.
    failed_at: (usize, usize),
    /// The last plain pass, and the last flaky one among the other results.
    passed_at: usize,
    flaky_at: usize,
}

impl Runs {
    /// One result, with the runs that the producer folded into it.
    pub fn add(&mut self, test: TestId, status: CaseStatus, reruns: u64) {
        self.count += 1 + reruns;
        match status {
            CaseStatus::Passed => self.passed.push(test),
            CaseStatus::Skipped | CaseStatus::Flaky | CaseStatus::Failed | CaseStatus::Error => {
                self.others.push(Other { test, status, after: self.passed.len() });
            }
        }
    }

    /// How many runs there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// One outcome a test, and the outcome of each identity that was worth naming.
    pub fn fold(self) -> (Records, HashMap<TestId, CaseStatus>) {
        let Self { mut passed, others, .. } = self;
        let mut stories: HashMap<TestId, Story> = HashMap::with_capacity(others.len());
        for (place, other) in others.iter().enumerate() {
            stories.entry(other.test).or_default().add(other, place);
        }
        drop(others);
        if !stories.is_empty() {
            let sieve = Sieve::new(stories.keys());
            let mut place = 0;
            passed.retain(|test| {
                place += 1;
                let Some(story) = sieve.may_hold(*test).then(|| stories.get_mut(test)).flatten() else {
                    return true;
                };
                story.passed += 1;
                story.passed_at = place - 1;
                false
            });
        }
        let mut records = Records { passed: namesakes(passed), ..Records::default() };
        let mut outcomes = HashMap::with_capacity(stories.len());
        for (test, story) in stories {
            outcomes.insert(test, story.tell(test, &mut records));
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
        }
        (records, outcomes)
    }
}

impl Story {
    /// The next result that is not a plain pass.
    fn add(&mut self, other: &Other, place: usize) {
        match other.status {
            CaseStatus::Passed => self.passed += 1,
            CaseStatus::Skipped => self.skipped += 1,
            CaseStatus::Flaky => {
                self.flaky += 1;
                self.flaky_at = place;
            }
            CaseStatus::Failed | CaseStatus::Error => {
                self.failed += u32::from(other.status == CaseStatus::Failed);
                self.errors += u32::from(other.status == CaseStatus::Error);
                self.failed_at = (other.after, place);
            }
        }
    }

    /// Adds its tests to the records; gives the worst outcome.
    fn tell(self, test: TestId, records: &mut Records) -> CaseStatus {
        let worst = if self.errors > 0 { CaseStatus::Error } else { CaseStatus::Failed };
        let bad = self.failed + self.errors;
        if bad > 0 && self.skipped == 0 {
            if self.passed + self.flaky == 0 {
                let list = if self.errors > 0 { &mut records.error } else { &mut records.failed };
                list.push(test);
                return worst;
            }
            let recovered = (self.passed == 1 && self.flaky == 0 && self.passed_at >= self.failed_at.0)
                || (self.flaky == 1 && self.passed == 0 && self.flaky_at > self.failed_at.1);
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
            (self.passed, &mut records.passed),
            (self.skipped, &mut records.skipped),
        ] {
            for _ in 0..count {
                list.push(namesake(test, place));
                place += 1;
            }
        }
        match (bad, self.flaky, self.passed) {
            (1.., _, _) => worst,
            (0, 1.., _) => CaseStatus::Flaky,
            (0, 0, 1..) => CaseStatus::Passed,
            (0, 0, 0) => CaseStatus::Skipped,
        }
    }
}

/// Passes in order; of several under one identity each is a test of its own.
fn namesakes(mut passed: Vec<TestId>) -> Vec<TestId> {
    passed.sort_unstable();
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

/// Says quickly that a test is not among a few: most of a report passes at the first run.
struct Sieve {
    bits: Vec<u64>,
}

impl Sieve {
    /// Sixteen bits a test.
    fn new<'a>(tests: impl ExactSizeIterator<Item = &'a TestId>) -> Self {
        let mut sieve = Self { bits: vec![0; (tests.len() / 4 + 1).next_power_of_two()] };
        for test in tests {
            let (word, bit) = sieve.place(*test);
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
