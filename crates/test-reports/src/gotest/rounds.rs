//! Reruns of failed tests, as gotestsum makes them: the package runs again, with nothing but the tests that failed.
//!
//! A package that ends, and then begins again, has had a round. A test that failed in a round that failed, and passes once in
//! a later round that passes, is flaky. Other causes of a repeated name (`-count`, `-cpu`, two runs in one file) also repeat
//! the tests that passed, or repeat within one round. There every result is a test by itself.

use std::collections::{BTreeMap, HashSet};

use crate::CaseStatus;
use crate::limits;

/// Result of a test.
#[derive(Debug)]
pub struct GoResult {
    /// Full name, for example `TestCart/empty`.
    pub test: String,
    /// Status of the test.
    pub status: CaseStatus,
    /// First line of its output.
    pub message: Option<String>,
    /// Values of its attributes that link to issues.
    pub links: Vec<String>,
    /// Number of further runs that are folded into it.
    pub reruns: u64,
}

/// Failed tests of a package, round by round.
#[derive(Debug, Default)]
pub struct Rounds {
    /// Failures of the rounds before, by test.
    failed: BTreeMap<String, GoResult>,
    /// The outermost tests among `failed`.
    roots: HashSet<String>,
    /// Results of this round, as far as they failed or may be reruns.
    round: Vec<GoResult>,
    /// A test has run in this round that had not failed before.
    is_no_rerun: bool,
}

impl Rounds {
    /// A result of this round. Gives it back if it counts whatever comes.
    pub fn add(&mut self, result: GoResult) -> Option<GoResult> {
        // The rerun of a subtest runs its outermost test as well.
        self.is_no_rerun |= !self.roots.contains(outermost_test(&result.test));
        let is_bad = result.status.is_failure();
        if !is_bad && !self.failed.contains_key(&result.test) {
            return Some(result);
        }
        // No more messages than are shown are kept.
        let is_shown = self.failed.len() + self.round.len() < limits::DETAILS;
        self.round.push(GoResult { message: result.message.filter(|_| is_shown), ..result });
        None
    }

    /// Ends the round and returns the results that are final.
    pub fn end(&mut self, failed: bool) -> Vec<GoResult> {
        let mut settled = Vec::new();
        let is_rerun = !std::mem::take(&mut self.is_no_rerun);
        if !is_rerun {
            settled.extend(std::mem::take(&mut self.failed).into_values());
            self.roots.clear();
        }
        let mut results: BTreeMap<String, Vec<GoResult>> = BTreeMap::new();
        for result in self.round.drain(..) {
            results.entry(result.test.clone()).or_default().push(result);
        }
        for (test, mut all) in results {
            // A test twice in one round comes from `-count` or `-cpu`: none of its results is a rerun.
            let single = if all.len() == 1 { all.pop() } else { None };
            let Some(mut result) = single else {
                settled.extend(all);
                continue;
            };
            let is_bad = result.status.is_failure();
            match self.failed.remove(&test) {
                Some(before) if is_bad => {
                    result.reruns = before.reruns + 1;
                    result.status = result.status.max(before.status);
                    self.failed.insert(test, result);
                }
                Some(mut before) if result.status == CaseStatus::Passed && !failed => {
                    before.status = CaseStatus::Flaky;
                    before.reruns += 1;
                    settled.push(before);
                }
                Some(before) => settled.extend([before, result]),
                None if is_bad && failed => {
                    self.roots.insert(outermost_test(&test).to_owned());
                    self.failed.insert(test, result);
                }
                None => settled.push(result),
            }
        }
        settled
    }

    /// Returns the remaining results after the last round.
    pub fn finish(self) -> impl Iterator<Item = GoResult> {
        self.failed.into_values().chain(self.round)
    }
}

/// Returns the outermost test of a name.
fn outermost_test(test: &str) -> &str {
    test.split_once('/').map_or(test, |(root, _)| root)
}
