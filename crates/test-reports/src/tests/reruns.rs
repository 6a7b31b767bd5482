//! Reruns, where a report or its producer's own marks say that there are some.

use super::*;

/// Gradle's report of a class with these cases.
fn gradle(cases: &str) -> String {
    format!(
        "<testsuite name='c' tests='9' skipped='0' failures='1' errors='0' timestamp='t' hostname='h' time='1'>\
         <properties/>{cases}<system-out/><system-err/></testsuite>"
    )
}

/// gotestsum's report of a package with these cases.
fn gotestsum(cases: &str) -> String {
    format!(
        "<testsuites tests='9'><testsuite tests='9' failures='1' time='1' name='p' timestamp='t'><properties>\
         <property name='go.version' value='go1.22.1 linux/amd64'></property></properties>{cases}</testsuite>\
         </testsuites>"
    )
}

/// Failed and flaky tests.
fn failed_and_flaky(report: impl AsRef<[u8]>) -> [u64; 2] {
    let [_, _, failed, errors, _, flaky] = counts(&of(report));
    [failed + errors, flaky]
}

/// Cases of one class: `a-` fails, `a+` passes, `a~` is skipped.
fn cases(list: &str) -> String {
    let case = |it: &str| {
        let (name, end) = it.split_at(it.len() - 1);
        let result = match end {
            "-" => "<failure/>",
            "~" => "<skipped/>",
            _ => "",
        };
        format!("<testcase name='{name}' classname='c'>{result}</testcase>")
    };
    list.split_whitespace().map(case).collect()
}

#[test]
fn gradle_rerun_after_all_tests_is_flaky() {
    for (list, expected) in [
        ("t- o+ t+", [0, 1]),
        ("t- o+ t- t+", [0, 1]),
        ("t- o+ t-", [1, 0]),
        ("o+ t- u- t+ u+", [0, 2]),
        ("t- s~ u- t+ u- u+", [0, 2]),
        ("t- o+ u- t+ u- u-", [1, 1]),
    ] {
        assert_eq!(failed_and_flaky(gradle(&cases(list))), expected, "{list}");
    }
}

#[test]
fn gradle_namesakes_are_no_reruns() {
    for (list, failures) in [
        // Rows of data under one name, before another test or at the end of the class.
        ("t- t+ o+", 1),
        ("o+ t- t+", 1),
        ("o+ t- t- t+", 2),
        ("t- t+", 1),
        ("t+ t-", 1),
        // A class that runs twice, with other data.
        ("t- o+ t+ o+", 1),
        ("t- u- t+ u+", 2),
        ("t- o+ p+ t+ o+", 1),
        // Whoever reruns tests leaves out none that failed.
        ("t- u- o+ t+", 2),
        ("t- u- o+ t+ u- t+", 3),
        ("t- o+ t+ t+", 1),
        // After the reruns comes no other test.
        ("t- o+ t+ p+", 1),
    ] {
        assert_eq!(failed_and_flaky(gradle(&cases(list))), [failures, 0], "{list}");
    }
    // With properties of its own it is the report of another producer.
    let surefire =
        gradle(&cases("t- o+ t+")).replace("<properties/>", "<properties><property/></properties>");
    assert_eq!(failed_and_flaky(surefire), [1, 0]);
    // A list that looks like tests of one name needs the word of the caller.
    let [_, _, failed, _, _, flaky] = counts(&by_name(gradle(&cases("o+ t- t+"))));
    assert_eq!((failed, flaky), (0, 1));
}

#[test]
fn gotestsum_rerun_is_flaky_if_others_ran_once() {
    for list in
        ["TestA- TestB+ TestA+", "TestA- TestA- TestB+ TestA+", "TestA- TestA/x- TestB+ TestA/x+ TestA+"]
    {
        let [failed, flaky] = failed_and_flaky(gotestsum(&cases(list)));
        assert_eq!((failed, flaky > 0), (0, true), "{list}");
    }
    let other_producer = gotestsum(&cases("TestA- TestB+ TestA+")).replace("go1.22", "1.22");
    assert_eq!(failed_and_flaky(other_producer), [1, 0]);
}

#[test]
fn gotestsum_repetition_never_makes_good_for_a_failure() {
    for list in [
        // -count=2 repeats the others too, and alone it looks like a rerun.
        "TestA- TestB+ TestB+ TestA+",
        "TestA- TestA+",
        // Subtests may have a name of their own in each repetition, and examples run once.
        "TestA- TestA/1+ TestA/2+ TestA+",
        "TestA- TestA+ ExampleSum+",
        "TestA- ExampleSum+ TestA+",
        // -count=2 -failfast: the first test passed, and failed when it was repeated.
        "TestA- TestA+ TestB+",
    ] {
        assert_eq!(failed_and_flaky(gotestsum(&cases(list))), [1, 0], "{list}");
    }
    // What one package shows is true of all.
    let one = gotestsum(&cases("TestA- TestB+ TestA+"));
    let other =
        gotestsum(&cases("TestC+ TestC+")).replace("<testsuites tests='9'>", "").replace("failures='1'", "");
    let both = one.replace("</testsuites>", "") + &other;
    assert_eq!(failed_and_flaky(both), [1, 0]);
}

/// Lines of `go test -json`: `A+` passes the test `A`, `A-` fails it, `+` and `-` end the package.
fn go(events: &str) -> String {
    let line = |event: &str| {
        let (test, end) = event.split_at(event.len() - 1);
        let action = if end == "+" { "pass" } else { "fail" };
        let name = if test.is_empty() { String::new() } else { format!(r#","Test":"{test}""#) };
        let begin = if test.is_empty() {
            String::new()
        } else {
            format!("{{\"Action\":\"run\",\"Package\":\"p\"{name}}}\n")
        };
        format!("{begin}{{\"Action\":\"{action}\",\"Package\":\"p\"{name}}}\n")
    };
    events.split(' ').map(line).collect()
}

#[test]
fn go_rerun_is_flaky_if_the_package_passes_at_last() {
    for events in ["A- - A+ +", "A- B+ - A+ +", "A- - A- - A+ +", "A/x- A- - A/x+ A/y+ A+ +"] {
        let [_, _, failed, errors, _, flaky] = counts(&of(go(events)));
        assert_eq!((failed + errors, flaky > 0), (0, true), "{events}");
    }
}

#[test]
fn go_repetition_never_makes_good_for_a_failure() {
    for (events, failures) in [
        // -count=2, -cpu 1,2
        ("A- A+ -", 1),
        ("A+ A- -", 1),
        ("A- A- -", 2),
        ("A- B+ A+ B+ -", 1),
        // The package's last word is that it failed.
        ("A- - A+ -", 2),
        ("A+ -", 1),
        // A second run in the file, of all tests.
        ("A- B+ - A+ B+ +", 1),
        // Twice in a rerun.
        ("A- - A- A+ +", 2),
        ("A- - A- -", 1),
    ] {
        assert_eq!(failed_and_flaky(go(events)), [failures, 0], "{events}");
    }
}

#[test]
fn nextest_marks_a_rerun_in_the_name() {
    let report = |name: &str, end: &str, suite: &str, failed: u8| {
        format!(
            r#"{{"type":"suite","event":"started","test_count":1,"nextest":{{"crate":"c","test_binary":"c"}}}}
{{"type":"test","event":"started","name":"c::c$t"}}
{{"type":"test","event":"{end}","name":"{name}"}}
{{"type":"suite","event":"{suite}","failed":{failed}}}
"#
        )
    };
    assert_eq!(counts(&of(report("c::c$t#2", "ok", "ok", 0))), [1, 1, 0, 0, 0, 1]);
    assert_eq!(counts(&of(report("c::c$t#3", "failed", "failed", 1))), [1, 0, 1, 0, 0, 0]);
    assert_eq!(counts(&of(report("c::c$t", "ok", "ok", 0))), [1, 1, 0, 0, 0, 0]);
}
