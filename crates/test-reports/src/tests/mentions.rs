//! Tests that name issues.

use crate::CaseStatus;
use crate::{Reruns, read_report};

/// The tests of a report that name an issue, each with its outcome.
fn naming(report: &str, issue: u64) -> Vec<(String, CaseStatus)> {
    let read = read_report("r.xml", report.as_bytes(), Reruns::Reported);
    assert_eq!(read.gaps, []);
    let naming = read.evidence.tests_naming(issue, Some("acme/shop"));
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
    // The output of a whole suite belongs to no test, and that of an earlier run not to the last one.
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

#[test]
fn a_property_names_its_issue_in_every_format_that_has_properties() {
    for report in [
        case("<properties><property name='issue' value='123'/></properties>"),
        case("<properties><property name='issue'/><property name='x' value='y'>#7</property><property name='Issue'>\n #123\n</property></properties>"),
        "<test-run><test-suite><test-case name='a' result='Passed'><properties><property name='Bug' value='GH-123'/>\
         </properties></test-case><properties><property name='Bug' value='GH-7'/></properties></test-suite></test-run>"
            .to_owned(),
        "<assemblies><assembly><collection><test name='a' result='Pass'><traits><trait name='Issue' value='#123'/>\
         </traits></test></collection></assembly></assemblies>"
            .to_owned(),
        r#"{"Action":"start","Package":"p"}
           {"Action":"run","Package":"p","Test":"a"}
           {"Action":"attr","Package":"p","Test":"a","Key":"issue","Value":"acme/shop#123"}
           {"Action":"pass","Package":"p","Test":"a"}
           {"Action":"pass","Package":"p"}"#
            .to_owned(),
    ] {
        let [(name, CaseStatus::Passed)] = &naming(&report, 123)[..] else { panic!("{report}") };
        assert!(name.ends_with('a'), "{name}");
        assert_eq!(naming(&report, 7), []);
    }
}
