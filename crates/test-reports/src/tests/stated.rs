//! A suite or a run that says itself how it ended, apart from its tests.

use super::*;

/// Returns `true` if a gate would pass the report.
fn is_green(report: &str) -> bool {
    let read = of(report);
    let [_, _, failed, errors, _, _] = counts(&read);
    failed + errors == 0 && read.gaps.is_empty()
}

/// A JUnit suite with this property and a test that passes.
fn with_property(name: &str, value: &str) -> String {
    format!(
        "<testsuites><testsuite name='S' tests='1'><properties><property name='{name}' value='{value}'/></properties>\
         <testcase name='a'/></testsuite></testsuites>"
    )
}

/// A TRX report that defines the test `t2` beside `t1`, with these results.
fn trx(results: &str, outcome: &str) -> String {
    format!(
        "<TestRun><Results><UnitTestResult testId='t1' testName='a' outcome='Passed'/>{results}</Results>\
         <TestDefinitions><UnitTest name='a' id='t1'><TestMethod/></UnitTest><UnitTest name='b' id='t2'/>\
         </TestDefinitions><ResultSummary outcome='{outcome}'/></TestRun>"
    )
}

/// A CTRF report with this summary, and two tests that passed.
fn ctrf(summary: &str) -> String {
    let tests = r#"{"name":"a","status":"passed"},{"name":"b","status":"passed"}"#;
    format!(r#"{{"results":{{"summary":{{{summary}}},"tests":[{tests}]}}}}"#)
}

/// An NUnit 2 report of a suite with these attributes and this content.
fn nunit2(attributes: &str, content: &str) -> String {
    format!(
        "<test-results name='P' total='1' errors='0' failures='0' invalid='0'><environment/><culture-info/>\
         <test-suite name='S' {attributes}>{content}<results><test-case name='a' executed='True' result='Success' \
         success='True'/></results></test-suite></test-results>"
    )
}

#[test]
fn suite_that_failed_without_a_failed_test_is_not_green() {
    for report in [
        with_property("SuiteSucceeded", "false"),
        with_property("SuiteHasProgrammaticFocus", "true"),
        "<testsuites><testsuite name='S' outcome='failed'><testcase name='a'/></testsuite></testsuites>"
            .to_owned(),
        trx("", "Completed"),
        trx("<UnitTestResult testId='t2' testName='b' outcome='Passed'/>", "Aborted"),
        trx("<UnitTestResult testId='t2' testName='b' outcome='Passed'/>", "Timeout"),
        "<test-run><test-suite name='S' result='Passed'><failure><message>m</message></failure>\
         <test-case name='a' result='Passed'/></test-suite></test-run>"
            .to_owned(),
        "<test-run><test-suite name='S' result='Failed' site='SetUp'><test-case name='a' result='Skipped'/>\
         </test-suite></test-run>"
            .to_owned(),
        nunit2("result='Failure' success='False' executed='True'", ""),
        nunit2("success='False' executed='True'", ""),
        nunit2("result='Success' success='True'", "<failure><message>tear-down</message></failure>"),
        nunit2("result='Broken'", ""),
        "<testrun name='S' tests='1' incomplete='true'><testsuite name='S'><testcase name='a'/></testsuite></testrun>"
            .to_owned(),
        ctrf(r#""tests":2,"passed":1,"failed":0,"skipped":0,"pending":0,"other":0"#),
        ctrf(r#""tests":2,"passed":2,"failed":1"#),
        ctrf(r#""tests":3,"passed":3"#),
        "TAP version 13\nok 1 - a\n1..1\n# tests 1\n# pass 0\n# fail 1\n".to_owned(),
        "<testsuite name='S'><testcase name='a'/><failures>1</failures><errors>0</errors></testsuite>"
            .to_owned(),
        "<testsuite name='S'><testcase name='a'/><errors>no database</errors></testsuite>".to_owned(),
        "<testsuite name='S'><testcase name='a'/><tests>2</tests></testsuite>".to_owned(),
    ] {
        assert!(!is_green(&report), "{report}");
    }
}

#[test]
fn suite_that_passed_is_green() {
    for report in [
        with_property("SuiteSucceeded", "true"),
        with_property("SuiteHasProgrammaticFocus", "false"),
        trx("<UnitTestResult testId='t2' testName='b' outcome='Passed'/>", "Completed"),
        trx("<UnitTestResult testId='t2' testName='b' outcome='NotExecuted'/>", "Completed"),
        nunit2("result='Success' success='True' executed='True'", ""),
        nunit2(
            "result='Inconclusive' success='False' executed='True'",
            "<categories><category/></categories>",
        ),
        ctrf(r#""tests":2,"passed":2,"failed":0,"skipped":0,"pending":0,"other":0"#),
        ctrf(r#""tests":2,"failed":0"#),
        "TAP version 13\nok 1 - a\n1..1\n# tests 1\n# fail 0\n# fail over to b\n".to_owned(),
        "<testsuite name='S'><testcase name='a'/><tests>1</tests><failures>0</failures><errors/></testsuite>"
            .to_owned(),
    ] {
        assert!(is_green(&report), "{report}: {:?}", of(&report).gaps);
    }
}

#[test]
fn nunit_2_results_are_read() {
    let report = "<test-results name='P' total='3' errors='1' failures='1' not-run='2'><test-suite name='S' \
         result='Failure' success='False'><results>\
         <test-case name='passes (#12)' executed='True' result='Success' success='True'/>\
         <test-case name='fails' executed='True' result='Failure' success='False'><failure><message>m</message>\
         <stack-trace>x</stack-trace></failure></test-case>\
         <test-case name='breaks' executed='True' result='Error' success='False'/>\
         <test-case name='left out' executed='False' result='Ignored'><reason><message>r</message></reason></test-case>\
         <test-case name='of 2.4' executed='False'/></results></test-suite></test-results>";
    let read = of(report);
    assert_eq!(counts(&read), [5, 1, 1, 1, 2, 0]);
    assert_eq!(read.gaps, []);
    assert_eq!(read.evidence.files[0].mentions.len(), 1);
}

#[test]
fn aborted_is_skipped_only_where_it_is_an_assumption() {
    let of_case = |suite: &str, aborted: &str| {
        counts(&of(format!(
            "<testsuite name='S' {suite}><testcase name='a'><aborted {aborted}/></testcase></testsuite>"
        )))
    };
    assert_eq!(of_case("aborted='1'", ""), [1, 0, 0, 0, 1, 0]);
    assert_eq!(of_case("", "type='org.opentest4j.TestAbortedException'"), [1, 0, 0, 0, 1, 0]);
    assert_eq!(of_case("", "type='killed'"), [1, 0, 0, 1, 0, 0]);
}

#[test]
fn doctest_without_its_version_declares_assertions() {
    let of = |status: &str, tests: u8| {
        of(format!(
            "<testsuites><testsuite name='s' errors='0' failures='0' tests='{tests}'><testcase classname='a.cpp' \
             name='a' {status}/></testsuite></testsuites>"
        ))
    };
    assert_eq!(of("status='run'", 16).gaps, []);
    assert_eq!(of("", 16).gaps.len(), 1);
    let empty =
        super::of("<testsuites><testsuite name='s' errors='0' failures='0' tests='16'/></testsuites>");
    assert_eq!(empty.gaps.len(), 1);
}

#[test]
fn pytest_counts_a_failed_teardown_as_one_test_more() {
    let of = |tests: u8, message: &str| {
        of(format!(
            "<testsuites><testsuite name='pytest' errors='1' failures='0' tests='{tests}'><testcase name='a'>\
             <error message='{message}'/></testcase></testsuite></testsuites>"
        ))
    };
    assert_eq!(of(2, "failed on teardown with &quot;x&quot;").gaps, []);
    assert_eq!(of(3, "failed on teardown").gaps.len(), 1);
    assert_eq!(of(2, "failed on setup").gaps.len(), 1);
}

#[test]
fn formats_that_are_not_read_are_named() {
    for (report, name) in [
        (
            "<testsuites xmlns='http://check.sourceforge.net/ns'><suite><test result='success'/></suite></testsuites>",
            "Check",
        ),
        ("KTAP version 1\n1..1\nok 1 a\n", "KTAP"),
        ("<TestRun><FailedTests/><SuccessfulTests/></TestRun>", "CppUnit"),
    ] {
        let read = of(report);
        // Alone: that the run did not come to its end, say, would not be true.
        assert!(read.gaps.len() == 1 && read.gaps[0].what.contains(name), "{name}: {:?}", read.gaps);
    }
}
