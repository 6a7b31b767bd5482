#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{TextOptions, report_text};
use crate::output::examples;

#[test]
fn colour_adds_nothing_but_colour() {
    let report = examples::fail();
    let plain = report_text(&report, &TextOptions { color: false, width: 80 });
    let mut coloured = report_text(&report, &TextOptions { color: true, width: 80 }).into_string();
    assert!(!plain.contains('\u{1b}'));
    assert!(coloured.starts_with("\u{1b}[1;31m✘ FAIL"));
    for code in
        ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m", "\u{1b}[1;31m"]
    {
        coloured = coloured.replace(code, "");
    }
    assert_eq!(plain, &*coloured);
}

#[test]
fn hostile_text_neither_moves_the_cursor_nor_breaks_a_line() {
    let out = report_text(&examples::hostile(), &TextOptions { color: false, width: 80 });
    assert!(!out.chars().any(|c| c != '\n' && crate::output::escape::is_unprintable(c)));
    assert!(!out.lines().any(|line| line.trim_start().starts_with("::error::x")), "{out}");
}

#[test]
fn lines_keep_the_width() {
    for width in [40, 60, 100, 200] {
        for report in [examples::pass(), examples::fail(), examples::unknown()] {
            for line in report_text(&report, &TextOptions { color: false, width }).lines() {
                let address = line.trim().starts_with("http");
                assert!(address || super::columns(line) <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn the_first_line_is_the_verdict() {
    for (report, first) in [
        (examples::pass(), "✔ PASS"),
        (examples::warn(), "! WARN"),
        (examples::unknown(), "? UNKNOWN"),
        (examples::fail(), "✘ FAIL"),
    ] {
        assert!(report_text(&report, &TextOptions::default()).starts_with(first));
    }
}
