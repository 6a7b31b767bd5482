//! Decides whether several results with one identity in one report are reruns or separate tests.

mod duplicate_ids;
mod rerun_lists;

use duplicate_ids::{duplicate_id, separate_duplicates};

use crate::{CaseStatus, Records, Reruns, TestId};

/// Results of a report, in its order.
///
/// Each result is a test by itself, unless its suite lists reruns as cases: because its producer is known to
/// ([`RerunListing::Rounds`], [`RerunListing::FailedFirst`]), or because the caller says so ([`RerunListing::Named`]). Even there, results
/// under one identity are reruns only where they look exactly like that: within one suite element, failures and then at most
/// one pass. With the pass the test is flaky; without it, it has failed once. A test that passed is not run again, so a second
/// pass, a pass before the failure, or a skip cannot come from a rerun. A second suite of the same name is that of another
/// browser or of another file.
#[derive(Debug, Default)]
pub struct ResultLog {
    reruns: Reruns,
    passed: Vec<TestId>,
    /// Places among the passes of tests that `go test -count` repeats, in suites that list failures first.
    counted: Vec<u32>,
    others: Vec<OtherResult>,
    /// Suites that are open, the outermost first.
    open: Vec<SuiteScope>,
    /// Suites in which there is more than plain passes.
    parts: Vec<SuiteRange>,
    never: bool,
    count: u64,
}

/// Way in which a suite lists reruns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RerunListing {
    /// No result in it is a rerun.
    #[default]
    Never,
    /// A result is a rerun by its name, as the caller says.
    Named,
    /// Every test once, and then those that failed, as often as it takes: Gradle without `mergeReruns`.
    Rounds,
    /// Failures first, whenever they happened; a test that passed ran once: gotestsum.
    FailedFirst,
}

/// A result that is not a plain pass.
#[derive(Debug, Clone, Copy)]
struct OtherResult {
    test: TestId,
    status: CaseStatus,
    /// Index among these results.
    place: u32,
    /// Number of plain passes of any test before it.
    after: u32,
    /// Index of its suite.
    part: u32,
}

/// A suite that is open.
#[derive(Debug, Clone, Copy)]
struct SuiteScope {
    /// Plain passes before it.
    start: u32,
    /// Index in [`ResultLog::parts`]; `None` while the suite has only plain passes.
    part: Option<u32>,
    listing: RerunListing,
}

/// The plain passes between the beginning and the end of a suite, by their places.
#[derive(Debug, Clone, Copy)]
struct SuiteRange {
    start: u32,
    end: u32,
    listing: RerunListing,
}

/// Plain passes under an identity, in a suite that has other results of it as well.
#[derive(Debug, Clone, Copy, Default)]
struct PassCount {
    count: u32,
    /// The place of the last one among the plain passes.
    last: u32,
    /// Number of those in other suites; counted at the first suite.
    elsewhere: u32,
}

/// The results under an identity in one suite.
#[derive(Debug, Default)]
struct SuiteResults {
    results: OutcomeTally,
    /// Plain passes before the last failure, and the place of that failure among the other results.
    failed_at: (u32, u32),
    /// The place of the last flaky one among the other results.
    flaky_at: u32,
}

/// Number of tests by status.
#[derive(Debug, Clone, Copy, Default)]
struct OutcomeTally {
    errors: u32,
    failed: u32,
    flaky: u32,
    passed: u32,
    skipped: u32,
}

impl ResultLog {
    /// Creates an empty log that detects reruns by `reruns`.
    pub fn new(reruns: Reruns) -> Self {
        Self { reruns, ..Self::default() }
    }

    /// Stops the detection of reruns: the format marks them in another way.
    pub fn never(&mut self) {
        self.never = true;
    }

    /// Begins a suite; `one_file` is `true` if all its tests come from one file, so that a name can identify a test.
    pub fn begin(&mut self, one_file: bool) {
        let listing = if one_file { self.by_name() } else { RerunListing::Never };
        self.open.push(SuiteScope { start: to_u32(self.passed.len()), part: None, listing });
    }

    /// Sets how the innermost suite, before its first result, lists reruns.
    pub fn lists(&mut self, listing: RerunListing) {
        if let Some(open) = self.open.last_mut()
            && open.listing == RerunListing::Never
        {
            open.listing = listing;
        }
    }

    /// Returns `true` if the innermost suite lists failures first.
    pub fn lists_failed_first(&self) -> bool {
        self.open.last().is_some_and(|open| open.listing == RerunListing::FailedFirst)
    }

    /// Marks the next result as a pass of a test that `go test -count` repeats.
    pub fn next_is_counted(&mut self) {
        self.counted.push(to_u32(self.passed.len()));
    }

    /// Ends the innermost suite.
    pub fn end(&mut self) {
        if let Some(SuiteScope { part: Some(part), .. }) = self.open.pop() {
            self.parts[part as usize].end = to_u32(self.passed.len());
        }
    }

    /// Adds one result and the reruns that the producer folded into it.
    pub fn add(&mut self, test: TestId, status: CaseStatus, reruns: u64) {
        self.count = self.count.saturating_add(1).saturating_add(reruns);
        match status {
            CaseStatus::Passed => self.passed.push(test),
            CaseStatus::Skipped | CaseStatus::Flaky | CaseStatus::Failed | CaseStatus::Error => {
                let place = to_u32(self.others.len());
                let after = to_u32(self.passed.len());
                let part = self.part(after);
                self.others.push(OtherResult { test, status, place, after, part });
            }
        }
    }

    /// Returns the number of runs.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Folds reruns and returns each test with one status. Calls `outcome` with the worst status of each identity that has more than plain passes.
    pub fn fold(self, mut outcome: impl FnMut(TestId, CaseStatus)) -> Records {
        let Self { mut passed, counted, mut others, mut parts, .. } = self;
        rerun_lists::separate_non_reruns(&mut parts, &passed, &counted, &mut others);
        // Sort by test, then by suite, so that the results of one test in one suite are neighbors.
        let start = |other: &OtherResult| parts[other.part as usize].start;
        others.sort_unstable_by_key(|other| (other.test, start(other), other.part, other.place));
        let sieve = BloomFilter::new(&others);
        let mut passes = vec![PassCount::default(); others.len()];
        if !others.is_empty() {
            let mut place = 0;
            passed.retain(|test| {
                place += 1;
                // Nearly all passes end here, without a search in `others`.
                if !sieve.may_hold(*test) {
                    return true;
                }
                let first = others.partition_point(|other| other.test < *test);
                if others.get(first).is_none_or(|other| other.test != *test) {
                    return true;
                }
                // The last suite with other results of this test that began before it. What it has passed there is
                // noted at the first of those results.
                let place = place - 1;
                let begun = others.partition_point(|other| (other.test, start(other)) <= (*test, place));
                let part = others[..begun].last().filter(|other| other.test == *test).map(|other| other.part);
                match part.filter(|part| place < parts[*part as usize].end) {
                    Some(part) => {
                        let at = first + others[first..begun].partition_point(|other| other.part != part);
                        passes[at].count += 1;
                        passes[at].last = place;
                    }
                    None => passes[first].elsewhere += 1,
                }
                false
            });
        }
        let mut records = Records { passed: separate_duplicates(passed), ..Records::default() };
        let in_order = records.passed.len();
        let mut at = 0;
        while let Some(OtherResult { test, .. }) = others.get(at).copied() {
            // A pass in another suite is another test, for example in another browser. It makes good for no failure
            // here.
            let mut sum = OutcomeTally { passed: passes[at].elsewhere, ..OutcomeTally::default() };
            while let Some(first) = others.get(at).filter(|other| other.test == test) {
                let same = others[at..].iter().take_while(|o| (o.test, o.part) == (test, first.part)).count();
                let mut story = SuiteResults::default();
                for other in &others[at..at + same] {
                    story.add(other);
                }
                sum.add(story.tell(passes[at]));
                at += same;
            }
            outcome(test, sum.record(test, &mut records));
        }
        for (list, in_order) in [
            (&mut records.passed, in_order),
            (&mut records.skipped, 0),
            (&mut records.flaky, 0),
            (&mut records.failed, 0),
            (&mut records.error, 0),
        ] {
            if list.len() > in_order && !list.is_sorted() {
                list.sort_unstable();
            }
            // Evidence lives to the end of the run, so the spare capacity of millions of tests matters.
            list.shrink_to_fit();
        }
        records
    }

    /// Returns how reruns are listed if the producer is unknown.
    fn by_name(&self) -> RerunListing {
        match self.reruns {
            Reruns::ByName if !self.never => RerunListing::Named,
            Reruns::ByName | Reruns::Reported => RerunListing::Never,
        }
    }

    /// Returns the index of the current suite among those with more than plain passes.
    fn part(&mut self, after: u32) -> u32 {
        let next = to_u32(self.parts.len());
        let outside = self.by_name();
        let part = match self.open.last_mut() {
            _ if self.never => SuiteRange::of_one(after),
            Some(SuiteScope { listing: RerunListing::Never, .. }) => SuiteRange::of_one(after),
            Some(SuiteScope { part: Some(part), .. }) => return *part,
            Some(open) => {
                open.part = Some(next);
                SuiteRange { start: open.start, end: u32::MAX, listing: open.listing }
            }
            None if outside == RerunListing::Never => SuiteRange::of_one(after),
            // A report without suites is one.
            None if next > 0 => return 0,
            None => SuiteRange { start: 0, end: u32::MAX, listing: outside },
        };
        self.parts.push(part);
        next
    }
}

impl SuiteRange {
    /// Creates the range of a result that is a test by itself: it contains no pass.
    fn of_one(after: u32) -> Self {
        Self { start: after, end: after, listing: RerunListing::Never }
    }
}

impl SuiteResults {
    /// Adds a result that is not a plain pass.
    fn add(&mut self, other: &OtherResult) {
        match other.status {
            CaseStatus::Passed => {}
            CaseStatus::Skipped => self.results.skipped += 1,
            CaseStatus::Flaky => {
                self.results.flaky += 1;
                self.flaky_at = other.place;
            }
            CaseStatus::Failed | CaseStatus::Error => {
                self.results.failed += u32::from(other.status == CaseStatus::Failed);
                self.results.errors += u32::from(other.status == CaseStatus::Error);
                self.failed_at = (other.after, other.place);
            }
        }
    }

    /// Returns the number of tests by status, with reruns folded.
    fn tell(self, passes: PassCount) -> OutcomeTally {
        let results = OutcomeTally { passed: passes.count, ..self.results };
        // A producer reruns a test until it passes or fails for good, so a skip comes from another test.
        if results.errors + results.failed == 0 || results.skipped > 0 {
            return results;
        }
        // Every run failed: this is one failed test, and not as many as there were reruns.
        if results.passed + results.flaky == 0 {
            let error = u32::from(results.errors > 0);
            return OutcomeTally { errors: error, failed: 1 - error, ..OutcomeTally::default() };
        }
        // Only what failed is run again. A second pass, or a pass before the last failure, comes from another test
        // and must not hide a failure.
        let recovered = (results.passed == 1 && results.flaky == 0 && passes.last >= self.failed_at.0)
            || (results.flaky == 1 && results.passed == 0 && self.flaky_at > self.failed_at.1);
        if recovered { OutcomeTally { flaky: 1, ..OutcomeTally::default() } } else { results }
    }
}

impl OutcomeTally {
    /// Adds the tests of another suite.
    fn add(&mut self, other: Self) {
        self.errors += other.errors;
        self.failed += other.failed;
        self.flaky += other.flaky;
        self.passed += other.passed;
        self.skipped += other.skipped;
    }

    /// Adds the tests to the records; gives the worst outcome. Their order is by weight, so that the same results give
    /// the same tests.
    fn record(self, test: TestId, records: &mut Records) -> CaseStatus {
        let mut place = 0;
        let mut worst = None;
        for (count, list, status) in [
            (self.errors, &mut records.error, CaseStatus::Error),
            (self.failed, &mut records.failed, CaseStatus::Failed),
            (self.flaky, &mut records.flaky, CaseStatus::Flaky),
            (self.passed, &mut records.passed, CaseStatus::Passed),
            (self.skipped, &mut records.skipped, CaseStatus::Skipped),
        ] {
            for _ in 0..count {
                list.push(duplicate_id(test, place));
                place += 1;
            }
            worst = worst.or((count > 0).then_some(status));
        }
        worst.unwrap_or(CaseStatus::Skipped)
    }
}

/// Bloom filter of tests that did not just pass: most tests of a report pass at the first run.
struct BloomFilter {
    words: Vec<u64>,
}

impl BloomFilter {
    /// Creates a filter with at least 16 bits for each test and three hash functions within one word.
    fn new(others: &[OtherResult]) -> Self {
        let mut sieve = Self { words: vec![0; (others.len() / 4 + 1).next_power_of_two()] };
        for other in others {
            let (word, bits) = sieve.place(other.test);
            sieve.words[word] |= bits;
        }
        sieve
    }

    /// Returns `false` only if the test is not in the filter.
    fn may_hold(&self, test: TestId) -> bool {
        let (word, bits) = self.place(test);
        self.words[word] & bits == bits
    }

    /// Returns the word and bits of a test. The identity is a hash, so any of its bits will do.
    fn place(&self, test: TestId) -> (usize, u64) {
        let hash = test.0 as u64;
        let bits = 1 << (hash & 63) | 1 << (hash >> 6 & 63) | 1 << (hash >> 12 & 63);
        ((hash >> 18) as usize & (self.words.len() - 1), bits)
    }
}

/// Converts an index: memory runs out before four billion results.
fn to_u32(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh3::xxh3_128;

    use super::*;

    /// Identities as hashes are: nothing about them is even but their spread.
    fn hashes() -> Vec<TestId> {
        (0..20_000_u32).map(|n| TestId(xxh3_128(&n.to_le_bytes()))).collect()
    }

    #[test]
    fn the_sieve_lets_every_test_through_that_it_holds() {
        let other = |test| OtherResult { test, status: CaseStatus::Failed, place: 0, after: 0, part: 0 };
        let others: Vec<OtherResult> = hashes().into_iter().map(other).collect();
        let sieve = BloomFilter::new(&others);
        assert!(others.iter().all(|other| sieve.may_hold(other.test)));
        assert!(!BloomFilter::new(&[]).may_hold(TestId(7)));
    }
}
