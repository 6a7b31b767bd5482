//! What holds for whatever is read.

use escape_gate::testreport;

/// Reads the bytes, and checks that the counts add up, that the same bytes give the same, and that evidence is never
/// silently empty.
pub fn check(bytes: &[u8]) {
    let read = testreport::read_bytes("a", bytes);
    let t = read.evidence.totals();
    assert_eq!(t.passed + t.failed + t.errors + t.skipped, t.total + t.suite_errors);
    assert!(t.flaky <= t.passed);
    assert!(t.total + t.suite_errors > 0 || !read.gaps.is_empty());
    assert!(read.gaps.len() <= 30 && read.evidence.notable().len() <= 400);
    assert_eq!(read, testreport::read_bytes("a", bytes));
}
