//! Many reports, one count: the worst outcome of each test over all of them.

use std::collections::BTreeMap;

use super::{CaseDetail, CaseStatus, IssueMention, IssueNumber, NotableCase, ReportFile, TestId, TestTotals};

/// Identities sorted at a time. Small enough to stay in the cache and to leave memory flat.
const SLICE: u64 = 1 << 14;

/// Counts over the distinct tests of all reports.
pub fn totals(files: &[ReportFile]) -> TestTotals {
    let mut totals = TestTotals { runs: files.iter().map(|f| f.runs).sum(), ..TestTotals::default() };
    let lists: Vec<(CaseStatus, &[TestId])> =
        files.iter().flat_map(|f| f.tests.lists()).filter(|(_, list)| !list.is_empty()).collect();
    worst_of_each(lists, |status, count| add(&mut totals, status, count));
    let errors = files.iter().map(|f| (CaseStatus::Error, f.tests.suite_errors.as_slice())).collect();
    worst_of_each(errors, |_, count| totals.suite_errors += count);
    totals.errors += totals.suite_errors;
    totals
}

/// Tests worth naming over all reports: each once with its worst outcome, the worst first.
pub fn notable(files: &[ReportFile]) -> Vec<NotableCase> {
    let mut worst: BTreeMap<TestId, (&CaseDetail, &ReportFile)> = BTreeMap::new();
    for file in files {
        for detail in &file.details {
            let kept = worst.entry(detail.test).or_insert((detail, file));
            if kept.0.status < detail.status {
                *kept = (detail, file);
            }
        }
    }
    let mut cases: Vec<NotableCase> = worst.into_values().map(|(detail, file)| case(detail, file)).collect();
    cases.sort_by(|a, b| b.status.cmp(&a.status).then_with(|| a.cmp(b)));
    cases
}

/// Tests that name an issue, each once, with the worst outcome over all reports.
pub fn naming<'f>(
    files: &'f [ReportFile],
    issue: IssueNumber,
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
        .filter_map(|mention| Some((mention, outcome(files, mention.test)?)))
        .collect();
    found.sort_by(|(a, _), (b, _)| (&a.name, a.test).cmp(&(&b.name, b.test)));
    found.dedup_by_key(|(mention, _)| mention.test);
    found
}

/// The worst outcome of a test over all reports.
fn outcome(files: &[ReportFile], test: TestId) -> Option<CaseStatus> {
    let lists = files.iter().flat_map(|file| file.tests.lists());
    let holding = lists.filter(|(_, list)| list.binary_search(&test).is_ok());
    holding.map(|(status, _)| status).max_by_key(|status| status.weight())
}

/// A detail together with the report it stands in.
fn case(detail: &CaseDetail, file: &ReportFile) -> NotableCase {
    NotableCase {
        status: detail.status,
        name: detail.name.clone(),
        report: file.path.clone(),
        message: detail.message.clone(),
        file: detail.file.clone(),
        line: detail.line,
    }
}

/// Counts tests with one outcome.
fn add(totals: &mut TestTotals, status: CaseStatus, count: u64) {
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

/// Calls back with the worst outcome of each identity in the sorted lists.
///
/// The identities are hashes, so equal ranges of them hold about equally many: each range is gathered from all lists,
/// sorted, and counted. Nothing is held for all tests at once.
fn worst_of_each(mut lists: Vec<(CaseStatus, &[TestId])>, mut found: impl FnMut(CaseStatus, u64)) {
    if let [(status, list)] = lists.as_slice() {
        return found(*status, list.len() as u64);
    }
    let total: u64 = lists.iter().map(|(_, list)| list.len() as u64).sum();
    let ranges = u128::from((total / SLICE).clamp(1, 1 << 16).next_power_of_two());
    let width = u128::MAX / ranges;
    let mut slice: Vec<(TestId, u8, CaseStatus)> = Vec::new();
    for range in 1..=ranges {
        let last = if range == ranges { TestId(u128::MAX) } else { TestId(width * range) };
        for (status, list) in &mut lists {
            let end = list.iter().take_while(|id| **id <= last).count();
            let (now, later) = list.split_at(end);
            slice.extend(now.iter().map(|id| (*id, status.weight(), *status)));
            *list = later;
        }
        slice.sort_unstable();
        let mut rest = slice.as_slice();
        while let Some((id, _, _)) = rest.first() {
            let same = rest.iter().take_while(|(other, _, _)| other == id).count();
            found(rest[same - 1].2, 1);
            rest = &rest[same..];
        }
        slice.clear();
    }
}
