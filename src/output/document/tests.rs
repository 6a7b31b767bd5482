//! Lists of tests.

use super::{DocumentMedium, DocumentSection, Paragraph};
use crate::output::escape::safe;
use crate::output::labels;
use crate::report::{NotableCase, Report};

/// Lists the first failed tests. Returns `None` if none failed.
pub fn failed_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let tests = report.tests.as_ref()?;
    let named = tests.notable.iter().filter(|case| case.status.is_failure()).take(M::TESTS_IN_THE_LEAD);
    let entries: Vec<Paragraph<M>> = named.map(test_entry).collect();
    // The list of names is limited, and the totals count all.
    let more = (tests.failed + tests.errors).saturating_sub(entries.len() as u64);
    let title = safe!("Failed tests ({})", tests.failed + tests.errors);
    DocumentSection::of(title, "failed tests", 5, entries).map(|section| section.with_more(more))
}

/// Counts all tests and lists those that failed or are flaky.
pub fn notable_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let tests = report.tests.as_ref()?;
    let named = tests.notable.iter().take(M::NAMED_ENTRIES).map(test_entry);
    let more = tests.more + tests.notable.len().saturating_sub(M::NAMED_ENTRIES) as u64;
    let entries = std::iter::once(vec![labels::test_counts(tests)]).chain(named).collect();
    DocumentSection::of("Tests", "tests", 11, entries).map(|section| section.with_more(more))
}

/// Renders a test, its message, and its place.
fn test_entry<M: DocumentMedium>(case: &NotableCase) -> Paragraph<M> {
    let message = case.message.as_ref().filter(|text| !text.trim().is_empty()).map(|text| M::title(text));
    let place = case.file.as_ref().map(|file| match case.line {
        Some(line) => M::name(&format!("{file}:{line}")),
        None => M::name(file),
    });
    let place = place.map_or_else(
        || safe!("in {}", M::name(&case.report)),
        |place| safe!("{}, in {}", place, M::name(&case.report)),
    );
    let first = safe!("{} {}", labels::case_status_label(case.status), M::name(&case.name));
    [first].into_iter().chain(message).chain([place]).collect()
}
