//! Failures that a report tells of in an odd place.

use super::*;

/// True if a gate would let the report through.
fn is_green(report: &str) -> bool {
    let read = of(report);
    let [_, _, failed, errors, _, _] = counts(&read);
    failed + errors == 0 && read.gaps.is_empty()
}

/// A TRX report with these results.
fn trx(results: &str) -> String {
    format!("<TestRun><Results>{results}</Results><ResultSummary outcome='Completed'/></TestRun>")
}

/// A CTRF report with this summary and these tests.
fn ctrf(summary: &str, tests: &str) -> String {
    format!(r#"{{"results":{{"summary":{{{summary}}},"tests":[{tests}]}}}}"#)
}

#[test]
fn a_failure_in_an_odd_place_is_not_green() {
    let passed = r#"{"name":"a","status":"passed"}"#;
    for report in [
        // JUnit
        "<testsuite><testcase name='a' success='false'/></testsuite>",
        "<testsuite><testcase name='a' state='failed'/></testsuite>",
        "<testsuite><testcase name='a' failures='1'/></testsuite>",
        "<testsuite result='Failure'><testcase name='a'/></testsuite>",
        // NUnit
        "<test-run><test-suite><test-case name='a' result='Passed'><failure/></test-case></test-suite></test-run>",
        "<test-run><test-suite result='Broken'><test-case name='a' result='Passed'/></test-suite></test-run>",
        "<test-run><test-suite><test-case name='a' result='Passed'/><testcase/></test-suite></test-run>",
        // xUnit.net
        "<assemblies><assembly><collection failed='1'><test name='a' result='Pass'/></collection></assembly></assemblies>",
        "<assemblies><assembly><Test name='b' result='Fail'/><test name='a' result='Pass'/></assembly></assemblies>",
        // TRX
        &trx("<UnitTestResult testName='a' outcome='Passed'/><OrderedTestResult outcome='Failed'/>"),
        // CTRF
        &ctrf(r#""tests":1,"other":1"#, passed),
        &ctrf(r#""tests":1,"failed":1},"summary":{"tests":1"#, passed),
        // TAP
        "1..1\nnot  ok 1\nok 1\n",
        "1..1\nnot ok\t1\nok 1\n",
        "1..2\nok 1\n1..1\n",
    ] {
        assert!(!is_green(report), "{report}");
    }
}

#[test]
fn the_same_reports_without_their_failure_are_green() {
    let passed = r#"{"name":"a","status":"passed"}"#;
    for report in [
        "<testsuite result='Success'><testcase name='a' success='true' outcome='passed' failures='0'/></testsuite>",
        "<test-run><filter/><test-suite result='Passed'><properties/><test-case name='a' result='Passed'/></test-suite></test-run>",
        "<assemblies><assembly><errors/><collection total='1' failed='0'><test name='a' result='Pass'><traits><trait/></traits></test></collection></assembly></assemblies>",
        &trx("<UnitTestResult testName='a' outcome='Passed'><Output><StdOut/></Output></UnitTestResult>"),
        &ctrf(r#""tests":1,"failed":0,"other":0"#, passed),
        "1..1\nok\t1\n",
    ] {
        assert!(is_green(report), "{report}: {:?}", of(report).gaps);
    }
}
