//! Tests that name issues.

use crate::model::{CaseStatus, IssueNumber};
use crate::testreport::read_bytes;

/// The tests of a report that name an issue, each with its outcome.
fn naming(report: &str, issue: u64) -> Vec<(String, CaseStatus)> {
    let read = read_bytes("r.xml", report.as_bytes());
    assert_eq!(read.gaps, []);
    let naming = read.evidence.naming(IssueNumber(issue), Some("acme/shop"));
    naming.into_iter().map(|(mention, status)| (mention.name.clone(), status)).collect()
}

/// A report of one case with this inside.
fn case(inside: &str) -> String {
    format!("<testsuite name='s'><testcase name='a'>{inside}</testcase><testcase name='b'/></testsuite>")
}

#[test]
fn a_marker_in_what_a_test_prints_names_its_issue() {
    let passed = [("a".to_owned(), CaseStatus::Passed)];
    for output in [
        "<system-out>[[PROPERTY|issue=#123]]</system-out>",
        "<system-err>a log\n[[PROPERTY|link=https://github.com/acme/shop/issues/123]]</system-err>",
        "<system-out>a &lt;log&gt;&#10;[[PROPERTY|Issue=GH-123]]\n</system-out>",
        "<system-out><![CDATA[\n [[PROPERTY|requirement=acme/shop#123]]\n]]></system-out>",
        "<system-out><![CDATA[[[PROPERTY|issue=1]]><!-- - --><![CDATA[23]]]]></system-out>",
        "<system-out>\n[[PROPERTY|iss</system-out><system-out>[[PROPERTY|issue=123]]</system-out>",
    ] {
        assert_eq!(naming(&case(output), 123), passed, "{output}");
    }
}

#[test]
fn a_log_names_no_issue() {
    for output in [
        "<system-out>#123 GH-123 acme/shop#123 https://github.com/acme/shop/issues/123</system-out>",
        "<system-out>issue: #123\nsaw [[PROPERTY|issue=#123]]</system-out>",
        "<system-out>[[PROPERTY|author=#123]]\n[[ATTACHMENT|issue-123.png]]</system-out>",
        "<system-out>[[PROPERTY|issue=other/shop#123]]</system-out>",
        "<system-out>[[PROPERTY|</system-out><system-out>issue=#123]]</system-out>",
        "<properties><property name='author' value='#123'/></properties>",
    ] {
        assert_eq!(naming(&case(output), 123), [], "{output}");
    }
    // What a whole suite prints is nobody's in particular, and an earlier run's is not the last one's.
    let suite = "<testsuite><testcase name='a'/><system-out>[[PROPERTY|issue=#123]]</system-out></testsuite>";
    assert_eq!(naming(suite, 123), []);
    let earlier = "<flakyFailure>x<system-out>[[PROPERTY|issue=#123]]</system-out></flakyFailure>";
    assert_eq!(naming(&case(earlier), 123), []);
}

#[test]
fn a_marker_is_kept_with_the_result_of_its_test() {
    let failed = "<system-out>[[PROPERTY|issue=#123]]</system-out><failure/>";
    assert_eq!(naming(&case(failed), 123), [("a".to_owned(), CaseStatus::Failed)]);
    let skipped = "<skipped/><system-out>[[PROPERTY|issue=#123]]</system-out>";
    assert_eq!(naming(&case(skipped), 123), [("a".to_owned(), CaseStatus::Skipped)]);
}
