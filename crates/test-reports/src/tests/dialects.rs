//! An exception for the numbers of one producer excuses no other producer.

use super::*;

/// True if nothing speaks against it.
fn green(read: &ReadReports) -> bool {
    let [_, _, failed, errors, _, flaky] = counts(read);
    read.gaps.is_empty() && failed + errors + flaky == 0
}

#[test]
fn what_one_producer_declares_excuses_no_other() {
    for report in [
        "<testsuite name='S' tests='2' skipped='1' failures='1'><testcase name='a'/><testcase name='b'><skipped/></testcase></testsuite>",
        "<testsuite name='pytest' tests='3'><testcase name='a'/></testsuite>",
        "<testsuites name='pytest tests'><testsuite name='pytest' tests='3'/><testsuite><testcase name='a'/></testsuite></testsuites>",
        "<testsuites name='pytest tests'><testsuite name='pytest' tests='3' failures='1'><testcase name='a'/></testsuite></testsuites>",
        "<testsuites name='TAP Tests' tests='3'><testsuite name='S' tests='2' failures='1'><testcase name='a'/></testsuite></testsuites>",
        "<testsuites name='TAP Tests' tests='4'><testsuite name='S' tests='3'><testcase name='a'/></testsuite></testsuites>",
        "<testsuite name='S' errors='1'><system-out><property name='QTestVersion'/></system-out><testcase name='a'/></testsuite>",
        "<testsuite name='S' hostname='tbd' tests='3' failures='1'><testcase name='a'/></testsuite>",
        "<testsuite name='Mocha Tests'><testcase name='a'><failure/></testcase><testcase name='a'/></testsuite>",
        "<testsuite name='S'><testcase name='a'><skipped message='later'/><failure/></testcase></testsuite>",
        "<testsuite name='S'><testcase name='a' status='failed'><skipped type='todo'/><failure/></testcase></testsuite>",
    ] {
        assert!(!green(&of(report)), "{report}");
    }
}

#[test]
fn what_was_skipped_excuses_as_many_tests_and_no_more() {
    let report = |of_root: u64, of_suite: u64, tests: u64| {
        of(format!(
            "<testsuites skipped='{of_root}'><testsuite name='S' tests='{tests}' skipped='{of_suite}'>{PASS}</testsuite></testsuites>"
        ))
    };
    for (of_root, of_suite, tests, fits) in [
        (0, 0, 1, true),
        (1, 0, 2, true),
        (0, 1, 2, true),
        (1, 1, 2, true),
        (0, 0, 2, false),
        // The root's number is that of the suites in it: it excuses nothing twice.
        (1, 1, 3, false),
        (1, 0, 3, false),
        (2, 1, 3, true),
    ] {
        let read = report(of_root, of_suite, tests);
        assert_eq!(green(&read), fits, "{of_root} {of_suite} {tests}: {:?}", read.gaps);
    }
    let shown = "<testsuites skipped='1'><testsuite name='S' tests='3'><testcase name='a'><skipped/></testcase>\
                 <testcase name='b'/></testsuite></testsuites>";
    assert!(!green(&of(shown)), "the one that was skipped is shown");
    assert_eq!(of(&shown[..shown.len() - 4]).gaps.len(), 2, "cut off, both are said");
}

#[test]
fn folded_rerun_excuses_only_its_own_test() {
    let flaky = "<testcase name='a'><flakyFailure/></testcase>";
    for report in [
        // Whoever counts runs counts them as tests too.
        format!("<testsuite name='S' tests='2' failures='1'>{flaky}<testcase name='b'/></testsuite>"),
        format!("<testsuite name='S' failures='1'>{flaky}</testsuite>"),
        format!("<testsuite name='S' tests='2' failures='2'>{flaky}</testsuite>"),
        format!("<testsuite name='S' tests='3' failures='1' skipped='2'>{flaky}</testsuite>"),
        // nextest counts none of them.
        format!(
            "<testsuites name='nextest-run'><testsuite name='S' tests='2' failures='1'>{flaky}</testsuite></testsuites>"
        ),
        format!(
            "<testsuites name='nextest-run' tests='2' failures='1'><testsuite name='S'>{flaky}</testsuite></testsuites>"
        ),
        format!(
            "<testsuites name='nextest-run'><testsuite name='S' tests='2'>{flaky}</testsuite></testsuites>"
        ),
        // A suite that has failed shows why.
        format!("<testsuite name='S' tests='2' failures='1' success='false'>{flaky}</testsuite>"),
        format!("<testsuite name='S' status='failed'>{flaky}</testsuite>"),
    ] {
        let read = of(&report);
        let [_, _, failed, errors, _, _] = counts(&read);
        assert!(failed + errors > 0 || !read.gaps.is_empty(), "{report}");
    }
    let runs = of(format!("<testsuite name='S' tests='2' failures='1'>{flaky}</testsuite>"));
    assert_eq!((counts(&runs), runs.gaps.len()), ([1, 1, 0, 0, 0, 1], 0));
}

#[test]
fn as_many_failures_are_excused_as_were_expected_and_no_other_number() {
    let report = |failed: u64| {
        let expected = r#"{"name":"a","status":"passed","rawStatus":"failed"}"#;
        let other = expected.replace("\"a\"", "\"b\"");
        let summary = format!(r#"{{"tests":2,"failed":{failed}}}"#);
        of(format!(r#"{{"results":{{"summary":{summary},"tests":[{expected},{other}]}}}}"#))
    };
    for (failed, fits) in [(0, true), (1, false), (2, true), (3, false)] {
        assert_eq!(green(&report(failed)), fits, "{failed}");
    }
}

#[test]
fn an_attribute_that_says_failed_is_believed_however_it_is_written() {
    for report in [
        "<testsuite name='S' Failures='1'><testcase name='a'/></testsuite>",
        "<testsuite name='S' failure='1'><testcase name='a'/></testsuite>",
        "<testsuites success='false'><testsuite name='S'><testcase name='a'/></testsuite></testsuites>",
        "<testsuite name='S'><testcase name='a' failed='true'/></testsuite>",
        "<testsuite name='S'><testcase name='a' failure='it broke'/></testsuite>",
        "<testsuite name='S'><testcase name='a' passed='false'/></testsuite>",
        "<!DOCTYPE testsuite [<!ATTLIST testcase status CDATA 'failed'>]><testsuite name='S'><testcase name='a'/></testsuite>",
    ] {
        assert!(!green(&of(report)), "{report}");
    }
    for report in [
        "<testsuite name='S'><testcase name='a' failed='false' passed='true'/></testsuite>",
        "<testsuite name='S' success='true' failure='0' Skipped='none'><testcase name='a' failure=''/></testsuite>",
        "<!DOCTYPE testsuite SYSTEM 'junit.dtd'><testsuite name='S'><testcase name='a'/></testsuite>",
    ] {
        assert!(green(&of(report)), "{report}: {:?}", of(report).gaps);
    }
}

#[test]
fn tests_outside_of_a_suite_are_no_reruns_of_each_other() {
    for cases in [format!("{FAIL}{PASS}"), format!("{PASS}{FAIL}")] {
        assert_eq!(counts(&by_name(format!("<testsuites>{cases}</testsuites>"))), [2, 1, 1, 0, 0, 0]);
        assert_eq!(
            counts(&by_name(format!("<testsuites>{cases}<testsuite>{FAIL}{PASS}</testsuite></testsuites>"))),
            [3, 2, 1, 0, 0, 1]
        );
    }
}

#[test]
fn a_plan_of_any_size_neither_hangs_nor_overflows() {
    let most = u64::MAX;
    for plan in [format!("{most}..{most}"), format!("1..{most}"), format!("{most}..1"), "0..0".to_owned()] {
        for points in ["ok\nok\n".to_owned(), format!("ok {most}\nnot ok {most}\n"), format!("skip {most}\n")]
        {
            for report in [format!("{plan}\n{points}"), format!("{points}{plan}\n")] {
                assert!(!green(&of(&report)), "{report}");
            }
        }
    }
}
