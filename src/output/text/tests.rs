#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{TextOptions, report_text};
use crate::output::escape::without_codes;
use crate::output::examples;

/// A page of this width with every detail.
fn detailed(width: usize) -> TextOptions {
    TextOptions { width, details: true, ..TextOptions::default() }
}

#[test]
fn color_and_links_add_no_information() {
    for details in [false, true] {
        let plain = TextOptions { details, ..detailed(80) };
        let coloured = report_text(&examples::fail(), &TextOptions { color: true, ..plain });
        let plain = report_text(&examples::fail(), &plain);
        assert!(!plain.contains('\u{1b}') && coloured.starts_with("\u{1b}[31m\u{1b}[1m✘ "));
        assert!(coloured.contains("\u{1b}]8;;https://"), "an issue is a link");
        assert_eq!(without_codes(&coloured), plain);
    }
}

#[test]
fn hostile_text_neither_moves_the_cursor_nor_breaks_a_line() {
    let out = report_text(&examples::hostile(), &detailed(80));
    assert!(!out.chars().any(|c| c != '\n' && crate::output::escape::is_unprintable(c)));
    assert!(!out.lines().any(|line| line.trim_start().starts_with("::error::x")), "{out}");
}

#[test]
fn lines_keep_the_width() {
    use unicode_width::UnicodeWidthStr as _;
    for width in [40, 60, 100, 200] {
        for report in [examples::pass(), examples::fail(), examples::unknown()] {
            for line in report_text(&report, &detailed(width)).lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn verdict_is_first_and_last_where_it_scrolls_away() {
    for (report, first) in [
        (examples::pass(), "✔ PASS: v1.5.0 may ship\n"),
        (examples::warn(), "! WARN: v1.5.0 may ship, with a warning\n"),
        (examples::unknown(), "? UNKNOWN: v1.5.0 cannot be judged: evidence is missing\n"),
        (examples::fail(), "✘ FAIL: v1.5.0 is blocked\n"),
    ] {
        for (height, count) in [(10_000, 1), (5, 2)] {
            let out = report_text(&report, &TextOptions { height, ..detailed(100) });
            assert!(out.starts_with(first), "{out}");
            assert_eq!(out.matches(first).count(), count);
            assert_eq!(out.ends_with(first), count == 2);
        }
    }
}

#[test]
fn details_are_named_and_shown_on_demand() {
    let report = examples::fail();
    let brief = report_text(&report, &TextOptions::default());
    assert!(brief.contains("--verbose shows it") && !brief.contains("How this was measured\n"), "{brief}");
    let all = report_text(&report, &detailed(100));
    assert!(all.contains("\nHow this was measured\n") && all.contains("\nRule by rule\n"), "{all}");
}
