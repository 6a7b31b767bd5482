//! Checks that every input must pass, whatever it holds. Each function is a fuzz target; `crates/test-reports/tests/hostile.rs` gives them the seeds.

/// Any bytes.
pub fn any_report(data: &[u8]) {
    check(data);
}

/// Bytes inside of a JUnit case.
pub fn junit(data: &[u8]) {
    check(&[b"<testsuite name=\"S\"><testcase name=\"a\">", data, b"</testcase></testsuite>"].concat());
}

/// Bytes inside of the roots of NUnit, xUnit and TRX.
pub fn dotnet(data: &[u8]) {
    for root in ["test-run", "assemblies", "TestRun"] {
        check(&[format!("<{root}>").as_bytes(), data, format!("</{root}>").as_bytes()].concat());
    }
}

/// Lines after a first one that makes them TAP, go test or cargo test.
pub fn lines(data: &[u8]) {
    for first in [
        "TAP version 14\n",
        "{\"Action\":\"start\",\"Package\":\"p\"}\n",
        "{\"type\":\"suite\",\"event\":\"started\",\"test_count\":1}\n",
    ] {
        check(&[first.as_bytes(), data].concat());
    }
}

/// Bytes inside of the list of tests of a CTRF report.
pub fn ctrf(data: &[u8]) {
    check(&[b"{\"results\":{\"summary\":{\"tests\":1},\"tests\":[", data, b"]}}"].concat());
}

/// Reads the bytes, and checks that the counts add up, that the same bytes give the same, and that evidence is never
/// silently empty.
fn check(bytes: &[u8]) {
    let read = test_reports::read_report("a", bytes, test_reports::Reruns::Reported);
    let t = read.evidence.totals();
    assert_eq!(t.passed + t.failed + t.errors + t.skipped, t.total + t.suite_errors);
    assert!(t.flaky <= t.passed);
    assert!(t.total + t.suite_errors > 0 || !read.gaps.is_empty());
    assert!(read.gaps.len() <= 30 && read.evidence.notable().len() <= 400);
    assert_eq!(read, test_reports::read_report("a", bytes, test_reports::Reruns::Reported));
}
