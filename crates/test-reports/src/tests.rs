//! Tests of the whole reader: no damage and no odd report makes a failure disappear.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod dialects;
mod files;
mod hidden;
mod mentions;
mod namesakes;
mod packed;
mod reruns;
mod stated;
mod watched;

use super::*;
use crate::{CaseStatus, TestTotals};

/// Reads one report with this content.
pub fn of(content: impl AsRef<[u8]>) -> ReadReports {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.xml"), content).unwrap();
    read_reports(folder.path(), &["*.xml".to_owned()], &ReadOptions::default()).unwrap()
}

/// Reads one JUnit suite with these cases.
fn suite(cases: &str) -> ReadReports {
    of(format!("<testsuite name='S'>{cases}</testsuite>"))
}

/// Total, passed, failed, errors, skipped, flaky.
fn counts(read: &ReadReports) -> [u64; 6] {
    let TestTotals { total, passed, failed, errors, skipped, flaky, .. } = read.evidence.totals();
    [total, passed, failed, errors, skipped, flaky]
}

const FAIL: &str = "<testcase name='t' classname='c'><failure message='m'/></testcase>";
const PASS: &str = "<testcase name='t' classname='c'/>";

/// Reads a report whose policy says `tests.reruns: by-name`.
fn by_name(content: impl AsRef<[u8]>) -> ReadReports {
    read_report("a.xml", content.as_ref(), Reruns::ByName)
}

#[test]
fn rerun_by_name_is_flaky_and_named() {
    let read = by_name(format!("<testsuite name='S'>{FAIL}{FAIL}{PASS}</testsuite>"));
    assert_eq!(counts(&read), [1, 1, 0, 0, 0, 1]);
    assert_eq!(read.evidence.totals().runs, 3);
    let [case] = &read.evidence.notable()[..] else { panic!() };
    assert_eq!((case.status, case.name.as_str()), (CaseStatus::Flaky, "c › t"));
}

#[test]
fn a_failure_is_not_made_good_by_a_namesake_that_passes() {
    assert_eq!(counts(&suite(&format!("{FAIL}{PASS}"))), [2, 1, 1, 0, 0, 0]);
    assert_eq!(counts(&suite(&format!("{FAIL}{FAIL}{PASS}"))), [3, 1, 2, 0, 0, 0]);
    assert_eq!(counts(&suite(&format!("{PASS}{FAIL}"))), [2, 1, 1, 0, 0, 0]);
    assert_eq!(counts(&suite(&format!("{FAIL}{PASS}{PASS}"))), [3, 2, 1, 0, 0, 0]);
    assert_eq!(counts(&suite("<testcase><failure/></testcase><testcase/>")), [2, 1, 1, 0, 0, 0]);
    let unnamed =
        format!("<testsuites><testsuite>{FAIL}</testsuite><testsuite>{PASS}</testsuite></testsuites>");
    assert_eq!(counts(&of(unnamed)), [2, 1, 1, 0, 0, 0]);
}

#[test]
fn the_worst_of_several_results_in_one_case_counts() {
    let read = suite(
        "<testcase name='a'><failure/><skipped/></testcase><testcase name='b'><failure/><error/></testcase>",
    );
    assert_eq!(counts(&read), [2, 0, 1, 1, 0, 0]);
}

#[test]
fn what_a_suite_declares_and_does_not_show_is_an_error_once() {
    let read = of(
        "<testsuites failures='2'><testsuite name='S' tests='2' failures='2'><testcase name='a'/></testsuite></testsuites>",
    );
    assert_eq!(counts(&read), [1, 1, 0, 2, 0, 0]);
    let read = of(
        "<testsuites tests='3'><testsuite name='S' tests='3'><testcase name='a'/></testsuite></testsuites>",
    );
    assert_eq!(read.gaps.len(), 1, "{:?}", read.gaps);
    assert_eq!(read.gaps[0].place.as_deref(), Some("a.xml:1:73"));
}

#[test]
fn a_declared_number_of_any_size_neither_hangs_nor_overflows() {
    let read = of(
        "<testsuites failures='18446744073709551615' errors='18446744073709551615' tests='18446744073709551615'/>",
    );
    assert!(read.evidence.totals().errors > 0);
    assert!(!read.gaps.is_empty());
}

#[test]
fn what_was_read_before_the_damage_counts_beside_the_gap() {
    let read = of(format!("<testsuite name='S'>{FAIL}<testcase name='u'><failure message='x'>text"));
    assert_eq!(counts(&read), [2, 0, 2, 0, 0, 0]);
    assert!(!read.gaps.is_empty());
    assert!(!read.evidence.files[0].complete);
}

#[test]
fn what_could_be_a_result_and_is_not_known_is_a_gap() {
    for odd in [
        "<testcase name='a'><gailure/></testcase>",
        "<testcase name='a' status='gailed'/>",
        "<testcase name='a'>=failure/></testcase>",
        "<uestcase name='a'/>",
        "<testcase name='a'/></testsuite>tail<testsuite>",
        "<testcase name='a' outcome='gailed'/>",
        "<testcase name='a'><extra><failure/></extra></testcase>",
        "<testcase name='a'><skipped><error/></skipped></testcase>",
        "<group><testcase name='a'><failure/></testcase></group><testcase name='b'/>",
        "<testcase name='a'/></testsuite><testsuite failures='NaN'><testcase name='b'/>",
    ] {
        assert!(!suite(odd).gaps.is_empty(), "{odd}");
    }
}

#[test]
fn a_catch2_report_declares_assertions_and_is_whole() {
    let of = |failures| {
        of(format!(
            "<testsuites><testsuite name='tests' tests='9' failures='{failures}' errors='0' hostname='tbd'>\
             <testcase name='a' status='run'/></testsuite></testsuites>"
        ))
    };
    assert_eq!(of(0).gaps, []);
    assert_eq!(counts(&of(1)), [1, 1, 0, 1, 0, 0]);
}

#[test]
fn a_reference_that_xml_forbids_and_an_entity_are_read_as_text() {
    let read = of("<!DOCTYPE testsuite [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><testsuite name='S'>\
        <testcase name='1 &lt; 2 &#27; &x;'><failure>a &amp; b\u{1b}[31m</failure></testcase></testsuite>");
    let notable = read.evidence.notable();
    assert_eq!(notable[0].name, "1 < 2 \u{fffd} &x;");
    assert_eq!(notable[0].message.as_deref(), Some("a & b\u{1b}[31m"));
    assert_eq!(read.gaps, []);
}

#[test]
fn a_limit_is_a_gap_that_names_it() {
    let deep = "<testsuite>".repeat(1000) + &"</testsuite>".repeat(1000);
    assert!(of(deep).gaps[0].what.contains("512 elements inside one another (limit)"));
    let long = format!("<testsuite name='{}'/>", "x".repeat(3 << 20));
    assert!(of(long).gaps[0].what.contains("longer than 1048576 bytes (limit)"));
}

#[test]
fn long_text_is_passed_over_whatever_stands_in_it() {
    let log = "x ]] <not a tag> & ]]&gt; ".repeat(50_000);
    let read = suite(&format!(
        "<testcase name='a'><system-out><![CDATA[{log}]]></system-out></testcase><testcase name='b'><failure><![CDATA[{log}]]></failure></testcase>"
    ));
    assert_eq!(counts(&read), [2, 1, 1, 0, 0, 0]);
    assert_eq!(read.gaps, []);
}

#[test]
fn every_encoding_gives_the_same_tests() {
    let text = |encoding: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"?><testsuite name='S'><testcase name='gr\u{fc}n'><failure/></testcase></testsuite>"
        )
    };
    let utf8 = of(text("UTF-8"));
    let latin1: Vec<u8> = text("ISO-8859-1").chars().map(|c| c as u8).collect();
    let little: Vec<u8> = text("UTF-16").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> =
        "\u{feff}".encode_utf16().chain(text("UTF-16").encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for (name, bytes) in [
        ("Latin-1", latin1),
        ("UTF-16LE", little),
        ("UTF-16BE", big),
        ("wrongly declared", text("utf-16").into_bytes()),
    ] {
        let read = of(bytes);
        assert_eq!(read.evidence.files[0].tests, utf8.evidence.files[0].tests, "{name}");
        assert_eq!(read.gaps, [], "{name}");
    }
    assert!(of(text("klingon")).gaps[0].what.contains("klingon"));
}

#[test]
fn ants_collected_report_beside_the_reports_it_repeats_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| std::fs::write(folder.path().join(name), content).unwrap();
    let case = "<testcase classname='com.x.CalcTest' name='adds'/><testcase classname='com.x.CalcTest' name='fails'><failure/></testcase>";
    write(
        "TEST-com.x.CalcTest.xml",
        &format!(
            "<testsuite name='com.x.CalcTest' tests='2' failures='1' errors='1'>{case}<error/></testsuite>"
        ),
    );
    write(
        "TESTS-TestSuites.xml",
        &format!(
            "<testsuites><testsuite id='0' name='CalcTest' package='com.x' tests='2'>{case}<error/></testsuite></testsuites>"
        ),
    );
    let read = read_reports(folder.path(), &["*.xml".to_owned()], &ReadOptions::default()).unwrap();
    assert_eq!(counts(&read), [2, 1, 1, 1, 0, 0]);
    assert_eq!(read.evidence.totals().runs, 4);
}

#[test]
fn different_results_on_legs_fail_and_pass_beats_skip() {
    let folder = tempfile::tempdir().unwrap();
    for (name, t, u) in [("linux.xml", PASS, "<skipped/>"), ("mac.xml", FAIL, "")] {
        let content = format!("<testsuite name='S'>{t}<testcase name='u'>{u}</testcase></testsuite>");
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let read = read_reports(folder.path(), &["*.xml".to_owned()], &ReadOptions::default()).unwrap();
    assert_eq!(counts(&read), [2, 1, 1, 0, 0, 0]);
}

#[test]
fn issue_test_has_its_outcome_over_all_legs() {
    let folder = tempfile::tempdir().unwrap();
    for (leg, result) in [("linux.xml", ""), ("mac.xml", "<failure/>")] {
        let content = format!(
            "<testsuite name='S'><testcase name='rounds up (#12)'>{result}</testcase>\
             <testcase name='rounds down'><properties><property name='issue' value='13'/>\
             <property name='color' value='#14'/></properties></testcase>\
             <testcase name='acme/shop#15 stays'/></testsuite>"
        );
        std::fs::write(folder.path().join(leg), content).unwrap();
    }
    let read = read_reports(folder.path(), &["*.xml".to_owned()], &ReadOptions::default()).unwrap();
    let naming = |issue, repository| {
        let found = read.evidence.tests_naming(issue, repository);
        found.iter().map(|(m, status)| (m.name.clone(), *status)).collect::<Vec<_>>()
    };
    assert_eq!(naming(12, None), [("rounds up (#12)".to_owned(), CaseStatus::Failed)]);
    assert_eq!(naming(13, Some("acme/shop")), [("rounds down".to_owned(), CaseStatus::Passed)]);
    assert_eq!(naming(14, None), []);
    assert_eq!(naming(15, Some("Acme/Shop")).len(), 1);
    assert_eq!(naming(15, Some("acme/other")), []);
}

#[test]
fn a_case_is_the_same_test_however_it_is_spelt() {
    let plain = suite(
        "<testcase name=\"a b\" classname=\"c\" time=\"1\" file=\"f\" line=\"2\"/>\n<testcase name=\"d\"/>",
    );
    for other in [
        "<testcase name='a b' classname='c' file='f'/><testcase name='d'/>",
        "<testcase  classname=\"c\" file=\"f\" name=\"a&#32;b\" x=\"\"></testcase><testcase name = \"d\" />",
        "<testcase class=\"c\" name=\"a b\" file=\"f\"/><!-- --><testcase name=\"d\"><system-out/></testcase>",
    ] {
        assert_eq!(suite(other).evidence.files[0].tests, plain.evidence.files[0].tests, "{other}");
    }
    assert_eq!(counts(&plain), [2, 2, 0, 0, 0, 0]);
}
