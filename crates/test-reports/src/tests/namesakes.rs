//! Several tests under one name: a failure of one is never made good by another.

use super::*;

#[test]
fn a_second_suite_of_the_same_name_is_no_rerun() {
    for suites in [
        // Two browsers, as Playwright writes them.
        [
            "<testsuite name='a.spec.ts' hostname='chromium'>",
            "<testsuite name='a.spec.ts' hostname='firefox'>",
        ],
        // Two files with one `describe`, as Mocha and Jest write them.
        ["<testsuite name='App' file='a.js'>", "<testsuite name='App' file='b.js'>"],
        ["<testsuite name='App'>", "<testsuite name='App'>"],
    ] {
        let [one, two] = suites;
        for (first, second) in [(FAIL, PASS), (PASS, FAIL)] {
            let read = by_name(format!(
                "<testsuites>{one}{first}</testsuite>{two}{second}</testsuite></testsuites>"
            ));
            assert_eq!(counts(&read), [2, 1, 1, 0, 0, 0], "{suites:?}");
        }
        // Each of them can have reruns of its own.
        let read =
            by_name(format!("<testsuites>{one}{FAIL}{PASS}</testsuite>{two}{FAIL}</testsuite></testsuites>"));
        assert_eq!(counts(&read), [2, 1, 1, 0, 0, 1]);
    }
}

#[test]
fn a_suite_inside_does_not_end_the_one_around() {
    let inner = "<testsuite name='i'><testcase name='t'><failure/></testcase></testsuite>";
    let report = format!("<testsuite name='o'>{FAIL}{inner}{inner}{PASS}</testsuite>");
    assert_eq!(counts(&by_name(&report)), [3, 1, 2, 0, 0, 1]);
    assert_eq!(counts(&of(&report)), [4, 1, 3, 0, 0, 0]);
}

#[test]
fn formats_that_tell_of_reruns_in_another_way_have_none() {
    let xunit = |test: &str| format!("<assembly name='{test}/a.dll' total='1' failed='0' errors='0'>");
    for report in [
        // One assembly for two frameworks.
        format!(
            "<assemblies>{}<test name='t' type='c' result='Fail'/></assembly>{}<test name='t' type='c' \
             result='Pass'/></assembly></assemblies>",
            xunit("net8"),
            xunit("net9")
        ),
        // Two rows of data that are cut to one name.
        "<assemblies><assembly name='a.dll'><test name='t(x: \"a\"...)' result='Fail'/><test name='t(x: \"a\"...)' \
         result='Pass'/></assembly></assemblies>"
            .to_owned(),
        "<test-run><test-suite name='a.dll' result='Failed'><test-case name='t' result='Failed'/></test-suite>\
         <test-suite name='a.dll' result='Passed'><test-case name='t' result='Passed'/></test-suite></test-run>"
            .to_owned(),
        "<TestRun><Results><UnitTestResult testId='1' testName='t' outcome='Failed'/><UnitTestResult testId='1' \
         testName='t' outcome='Passed'/></Results><ResultSummary outcome='Failed'/></TestRun>"
            .to_owned(),
        r#"{"results":{"summary":{"tests":2,"failed":1},"tests":[{"name":"t","status":"failed"},{"name":"t","status":"passed"}]}}"#
            .to_owned(),
    ] {
        for read in [of(&report), by_name(&report)] {
            let [total, passed, failed, _, _, flaky] = counts(&read);
            assert_eq!([total, passed, failed, flaky], [2, 1, 1, 0], "{report}");
        }
    }
}
