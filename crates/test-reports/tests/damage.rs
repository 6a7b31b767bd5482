//! The property that matters: whatever happens to a failing report, it never looks green, unless the failing case
//! itself was neatly removed and every count agrees.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

/// A failing JUnit report as a suite writes it.
#[derive(Debug, Clone)]
struct SampleReport {
    text: String,
    /// Elements by where they begin and end, the outermost first.
    elements: Vec<(usize, usize)>,
}

/// Builds reports with one to three suites of which one case fails.
fn report() -> impl Strategy<Value = SampleReport> {
    let kinds = prop_oneof![
        Just("<failure message=\"expected 1\" type=\"E\">at x</failure>"),
        Just("<error message=\"boom\"/>"),
        Just("<failure/>"),
        Just("<skipped/><failure>late</failure>"),
    ];
    (proptest::collection::vec(1..5_usize, 1..4), any::<prop::sample::Index>(), kinds, any::<bool>())
        .prop_map(|(sizes, failing, kind, declared)| {
            let failing = failing.index(sizes.iter().sum());
            let mut builder = SampleReport { text: String::new(), elements: vec![] };
            builder.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
            let root = builder.open("testsuites", "");
            let mut number = 0;
            for (suite, size) in sizes.iter().enumerate() {
                let bad = usize::from((number..number + size).contains(&failing));
                let (failures, errors) = if kind.contains("error") { (0, bad) } else { (bad, 0) };
                let counts = format!(" tests=\"{size}\" failures=\"{failures}\" errors=\"{errors}\"");
                let counts = if declared { counts } else { String::new() };
                let suite = builder.open("testsuite", &format!(" name=\"Suite {suite}\"{counts}"));
                for _ in 0..*size {
                    let start = builder.text.len();
                    let body = if number == failing { kind } else { "" };
                    builder
                        .text
                        .push_str(&format!("<testcase name=\"case {number}\" classname=\"K\" time=\"0.1\">"));
                    let inner = builder.text.len();
                    builder.text.push_str(body);
                    if !body.is_empty() {
                        builder.elements.push((inner, builder.text.len()));
                    }
                    builder.text.push_str("</testcase>\n");
                    builder.elements.push((start, builder.text.len() - 1));
                    number += 1;
                }
                builder.close("testsuite", suite);
            }
            builder.close("testsuites", root);
            builder
        })
}

impl SampleReport {
    fn open(&mut self, name: &str, attributes: &str) -> usize {
        let start = self.text.len();
        self.text.push_str(&format!("<{name}{attributes}>\n"));
        start
    }

    fn close(&mut self, name: &str, start: usize) {
        self.text.push_str(&format!("</{name}>"));
        self.elements.push((start, self.text.len()));
        self.text.push('\n');
    }
}

/// Returns `true` if the report has no failure, no gap and no flaky test. If damage makes two names the same, a failure
/// and a pass can look like a rerun, which shows only in the number of flaky tests.
fn green(content: &[u8]) -> bool {
    let read = test_reports::read_report("a.xml", content, test_reports::Reruns::Reported);
    let totals = read.evidence.totals();
    read.gaps.is_empty() && totals.failed == 0 && totals.errors == 0 && totals.flaky == 0
}

/// Returns `true` if an element in the text reports a failure.
fn speaks_of_failure(text: &str) -> bool {
    text.contains("<failure")
        || text.contains("<error")
        || text.contains("failures=\"1\"")
        || text.contains("errors=\"1\"")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_report_cut_anywhere_is_not_green(report in report(), at in any::<prop::sample::Index>()) {
        // The last line feed is no part of the document.
        let end = at.index(report.text.trim_end().len());
        prop_assert!(!green(&report.text.as_bytes()[..end]));
    }

    #[test]
    fn a_report_with_any_byte_flipped_is_not_green(
        report in report(), at in any::<prop::sample::Index>(), bit in 0..8_u8,
    ) {
        let mut bytes = report.text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(!green(&bytes), "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn report_missing_any_element_never_hides_the_failure(
        report in report(), which in any::<prop::sample::Index>(),
    ) {
        let (start, end) = report.elements[which.index(report.elements.len())];
        let text = report.text[..start].to_owned() + &report.text[end..];
        prop_assert!(!green(text.as_bytes()) || !speaks_of_failure(&text), "{text}");
    }

    #[test]
    fn a_report_in_another_encoding_is_as_red_as_before(report in report(), which in 0..6_usize) {
        let units = || report.text.encode_utf16();
        let bytes: Vec<u8> = match which {
            0 => units().flat_map(u16::to_le_bytes).collect(),
            1 => units().flat_map(u16::to_be_bytes).collect(),
            2 => [0xFEFF].into_iter().chain(units()).flat_map(u16::to_le_bytes).collect(),
            3 => [0xFEFF].into_iter().chain(units()).flat_map(u16::to_be_bytes).collect(),
            4 => report.text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect(),
            _ => [0xEF, 0xBB, 0xBF].into_iter().chain(report.text.bytes()).collect(),
        };
        prop_assert!(!green(&bytes));
    }

    #[test]
    fn a_report_with_a_piece_overwritten_or_repeated_is_not_green(
        report in report(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), length in 1..60_usize,
    ) {
        let bytes = report.text.as_bytes();
        let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
        let piece = &bytes[from..(from + length).min(bytes.len())];
        let mut repeated = bytes.to_vec();
        repeated.splice(to..to, piece.iter().copied());
        prop_assert!(!green(&repeated), "{}", String::from_utf8_lossy(&repeated));
    }
}
