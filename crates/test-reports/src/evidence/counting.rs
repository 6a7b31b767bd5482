//! Counts tests over all reports, each with its worst status.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{CaseDetail, CaseStatus, IssueMention, NotableCase, ReportFile, TestId, TestTotals};

/// Number of identities sorted at a time: few enough to stay in the cache.
const SLICE: u64 = 1 << 16;

/// Number of tests by weight of their status.
type StatusCounts = [u64; 5];

/// Counts the distinct tests of all reports.
pub fn count_distinct_tests(files: &[ReportFile]) -> TestTotals {
    let mut totals = TestTotals::default();
    let lists =
        files.iter().flat_map(|file| file.tests.lists()).filter(|(_, list)| !list.is_empty()).collect();
    for (status, count) in count_worst_of_each(lists, files.len() == 1) {
        add_outcome(&mut totals, status, count);
    }
    let errors = files.iter().map(|file| (CaseStatus::Error, file.tests.suite_errors.as_slice())).collect();
    totals.suite_errors = count_worst_of_each(errors, files.len() == 1).map(|(_, count)| count).sum();
    totals.errors += totals.suite_errors;
    totals.runs = files.iter().fold(0, |runs: u64, file| runs.saturating_add(file.runs));
    totals
}

/// Returns failed and flaky tests, each once with its worst status, the worst first.
pub fn notable_cases(files: &[ReportFile]) -> Vec<NotableCase> {
    let mut worst: BTreeMap<TestId, (&CaseDetail, &ReportFile)> = BTreeMap::new();
    for file in files {
        for detail in &file.details {
            let kept = worst.entry(detail.test).or_insert((detail, file));
            if kept.0.status < detail.status {
                *kept = (detail, file);
            }
        }
    }
    let mut cases: Vec<NotableCase> =
        worst.into_values().map(|(detail, file)| notable_case(detail, file)).collect();
    cases.sort_by(|a, b| b.status.cmp(&a.status).then_with(|| a.cmp(b)));
    cases
}

/// Returns the tests that name an issue, each once with its worst status.
pub fn cases_naming_issue<'f>(
    files: &'f [ReportFile],
    issue: u64,
    repository: Option<&str>,
) -> Vec<(&'f IssueMention, CaseStatus)> {
    let here = |mention: &&IssueMention| {
        mention.issue == issue
            && mention.repository.as_deref().is_none_or(|named| {
                // GitHub's names are the same in any case.
                repository.is_some_and(|at_hand| at_hand.eq_ignore_ascii_case(named))
            })
    };
    let mut found: Vec<_> = files
        .iter()
        .flat_map(|file| file.mentions.iter().filter(here))
        .filter_map(|mention| Some((mention, worst_outcome(files, mention.test)?)))
        .collect();
    found.sort_by(|(a, _), (b, _)| (&a.name, a.test).cmp(&(&b.name, b.test)));
    found.dedup_by_key(|(mention, _)| mention.test);
    found
}

/// Returns the worst status of a test over all reports.
fn worst_outcome(files: &[ReportFile], test: TestId) -> Option<CaseStatus> {
    let lists = files.iter().flat_map(|file| file.tests.lists());
    let holding = lists.filter(|(_, list)| list.binary_search(&test).is_ok());
    holding.map(|(status, _)| status).max_by_key(|status| status.weight())
}

/// Combines a detail with its report.
fn notable_case(detail: &CaseDetail, file: &ReportFile) -> NotableCase {
    NotableCase {
        status: detail.status,
        name: detail.name.clone(),
        report: file.path.clone(),
        message: detail.message.clone(),
        file: detail.file.clone(),
        line: detail.line,
    }
}

/// Adds `count` tests with one status.
fn add_outcome(totals: &mut TestTotals, status: CaseStatus, count: u64) {
    totals.total += count;
    match status {
        CaseStatus::Passed => totals.passed += count,
        CaseStatus::Skipped => totals.skipped += count,
        CaseStatus::Flaky => {
            totals.passed += count;
            totals.flaky += count;
        }
        CaseStatus::Failed => totals.failed += count,
        CaseStatus::Error => totals.errors += count,
    }
}

/// Counts the identities in sorted lists by their worst status. `share_none` skips the comparison of lists.
///
/// The identities are hashes, so equal ranges hold about the same number. Each range is collected from all lists,
/// sorted and counted on its own core, so that memory stays flat.
fn count_worst_of_each(
    lists: Vec<(CaseStatus, &[TestId])>,
    share_none: bool,
) -> impl Iterator<Item = (CaseStatus, u64)> + use<> {
    let counts = if share_none {
        let mut counts = StatusCounts::default();
        for (status, list) in lists {
            counts[usize::from(status.weight())] += list.len() as u64;
        }
        counts
    } else {
        let total: u64 = lists.iter().map(|(_, list)| list.len() as u64).sum();
        let ranges = (total / SLICE).clamp(1, 1 << 16).next_power_of_two();
        let begin = |range: u64| match range {
            0 => 0,
            _ => u128::from(range) << (u128::BITS - ranges.trailing_zeros()),
        };
        let count = |range: u64| {
            let end = if range + 1 == ranges { u128::MAX } else { begin(range + 1) - 1 };
            let (first, last) = (TestId(begin(range)), TestId(end));
            count_worst_in_range(&lists, first, last)
        };
        (0..ranges)
            .into_par_iter()
            .map(count)
            .reduce(StatusCounts::default, |one, other| std::array::from_fn(|at| one[at] + other[at]))
    };
    CaseStatus::BY_WEIGHT.into_iter().zip(counts)
}

/// Counts the identities from `first` to `last` by their worst status.
fn count_worst_in_range(lists: &[(CaseStatus, &[TestId])], first: TestId, last: TestId) -> StatusCounts {
    let mut range: Vec<(TestId, u8)> = Vec::new();
    for (status, list) in lists {
        let list = &list[list.partition_point(|id| *id < first)..];
        let list = &list[..list.partition_point(|id| *id <= last)];
        range.extend(list.iter().map(|id| (*id, status.weight())));
    }
    // The stable sort is fast on the sorted parts that this list consists of.
    range.sort();
    let mut counts = StatusCounts::default();
    let mut rest = range.as_slice();
    while let Some((id, _)) = rest.first() {
        let same = rest.iter().take_while(|(other, _)| other == id).count();
        counts[usize::from(rest[same - 1].1)] += 1;
        rest = &rest[same..];
    }
    counts
}
