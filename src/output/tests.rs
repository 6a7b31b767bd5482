#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{Format, RenderOptions, examples, render, step_outputs};
use crate::report::Report;

/// Every example by name.
fn reports() -> [(&'static str, Report); 5] {
    [
        ("pass", examples::pass()),
        ("warn", examples::warn()),
        ("fail", examples::fail()),
        ("unknown", examples::unknown()),
        ("hostile", examples::hostile()),
    ]
}

#[test]
fn every_format_of_every_verdict_stays_as_reviewed() {
    for (name, report) in reports() {
        // The page is long, and has tests of its own.
        for format in Format::ALL.into_iter().filter(|format| *format != Format::Html) {
            let shown =
                if format.needs_page() { examples::with_page(report.clone()) } else { report.clone() };
            let out = render(format, &shown, &RenderOptions::default()).unwrap();
            // Shown, so that a review sees where words are parted.
            insta::assert_snapshot!(format!("{name}_{format}"), out.replace('\u{200b}', "␣"));
        }
    }
}

#[test]
fn format_is_found_by_its_exact_name() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    for name in ["", "Text", "md", "text "] {
        assert!(name.parse::<Format>().is_err());
    }
}

#[test]
fn format_without_the_data_of_a_page_is_an_error() {
    for format in Format::ALL {
        let out = render(format, &examples::fail(), &RenderOptions::default());
        assert_eq!(out.is_err(), format.needs_page(), "{format}");
    }
}

#[test]
fn json_is_the_report_and_printing_it_is_harmless() {
    for (_, report) in reports() {
        let out = super::to_json(&report);
        assert!(out.ends_with("}\n"));
        let read: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(read, serde_json::to_value(&report).unwrap());
        assert_eq!(read["schema"], 1);
        assert!(!out.chars().any(|c| c != '\n' && super::escape::is_unprintable(c)));
        assert!(out.lines().all(|line| !line.contains("##[") && !line.trim().starts_with("::")));
    }
}

#[test]
fn a_missing_value_is_an_empty_step_output_and_never_zero() {
    let mut report = examples::unknown();
    report.tests = None;
    let outputs = step_outputs(&report);
    assert_eq!(
        outputs,
        [
            ("verdict", "unknown"),
            ("escaped", ""),
            ("critical", ""),
            ("escape-rate", ""),
            ("tests-total", ""),
            ("tests-failed", ""),
            ("waived", "0")
        ]
        .map(|(name, value)| (name, value.into()))
    );
}

#[test]
fn step_outputs_are_plain_numbers() {
    let outputs = step_outputs(&examples::fail());
    assert_eq!(
        outputs,
        [
            ("verdict", "fail"),
            ("escaped", "3"),
            ("critical", "2"),
            ("escape-rate", "2.11"),
            ("tests-total", "1204"),
            ("tests-failed", "2"),
            ("waived", "0")
        ]
        .map(|(name, value)| (name, value.into()))
    );
}
