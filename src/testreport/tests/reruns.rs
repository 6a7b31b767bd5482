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

const OTHER: &str = "<testcase name='o' classname='c'/>";

/// Failed and flaky tests.
fn failed_and_flaky(report: impl AsRef<[u8]>) -> [u64; 2] {
    let [_, _, failed, errors, _, flaky] = counts(&of(report));
    [failed + errors, flaky]
}

#[test]
fn gradle_rerun_after_all_tests_is_flaky() {
    assert_eq!(failed_and_flaky(gradle(&format!("{FAIL}{OTHER}{PASS}"))), [0, 1]);
    assert_eq!(failed_and_flaky(gradle(&format!("{OTHER}{FAIL}{FAIL}{PASS}"))), [0, 1]);
    assert_eq!(failed_and_flaky(gradle(&format!("{FAIL}{OTHER}{FAIL}"))), [1, 0]);
}

#[test]
fn gradle_namesakes_before_another_test_are_no_reruns() {
    assert_eq!(failed_and_flaky(gradle(&format!("{FAIL}{PASS}{OTHER}"))), [1, 0]);
    assert_eq!(failed_and_flaky(gradle(&format!("{PASS}{FAIL}"))), [1, 0]);
    // With properties of its own it is the report of another producer.
    let surefire = gradle(&format!("{FAIL}{OTHER}{PASS}"))
        .replace("<properties/>", "<properties><property/></properties>");
    assert_eq!(failed_and_flaky(surefire), [1, 0]);
}

#[test]
fn gotestsum_rerun_is_flaky_if_others_ran_once() {
    assert_eq!(failed_and_flaky(gotestsum(&format!("{FAIL}{OTHER}{PASS}"))), [0, 1]);
    // `-count=2` repeats the others too, and alone it cannot be told from a rerun.
    assert_eq!(failed_and_flaky(gotestsum(&format!("{FAIL}{OTHER}{OTHER}{PASS}"))), [1, 0]);
    assert_eq!(failed_and_flaky(gotestsum(&format!("{FAIL}{PASS}"))), [1, 0]);
    let other_producer = gotestsum(&format!("{FAIL}{OTHER}{PASS}")).replace("go1.22", "1.22");
    assert_eq!(failed_and_flaky(other_producer), [1, 0]);
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
