#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{COMMENT_LIMIT, markdown};
use crate::output::examples;

#[test]
fn a_passing_comment_is_a_sentence_and_a_fold() {
    let out = markdown(&examples::pass(), COMMENT_LIMIT);
    let (open, folded) = out.split_once("<details>").unwrap();
    assert_eq!(open, "✅ **v1.5.0 may ship.** All 3 rules hold, 1200 tests passed.\n\n");
    assert!(!folded.contains("<details>") && folded.contains("**Rule by rule**"));
}

#[test]
fn the_verdict_stands_first() {
    for (report, first) in [
        (examples::pass(), "✅ **v1.5.0 may ship.**"),
        (examples::warn(), "## ⚠️ v1.5.0 may ship, with a warning\n"),
        (examples::unknown(), "## ❓ v1.5.0 cannot be judged: evidence is missing\n"),
        (examples::fail(), "## ❌ v1.5.0 is blocked\n"),
    ] {
        let out = markdown(&report, COMMENT_LIMIT);
        assert!(out.starts_with(first), "{out}");
    }
}

#[test]
fn hostile_text_makes_no_mark_of_its_own() {
    let out = markdown(&examples::hostile(), COMMENT_LIMIT);
    let known = [
        "<details>",
        "<summary>",
        "</summary>",
        "</details>",
        "<br>",
        "<code>",
        "</code>",
        "<span>",
        "<sub>",
        "</sub>",
        "</span>",
    ];
    for (at, _) in out.match_indices('<') {
        assert!(
            known.iter().any(|tag| out[at..].starts_with(tag)),
            "{}",
            &out[at..].chars().take(40).collect::<String>()
        );
    }
    assert_eq!(out.matches("<details>").count(), out.matches("</details>").count());
    for mark in [
        "<!--",
        "@mona ",
        "#1 ",
        "GH-3",
        "://evil",
        "www.evil",
        "](javascript",
        "](https://evil",
        "deadbeefcafe",
        ":tada:",
        "@b.example",
    ] {
        // In code none of these is looked for.
        let outside: String = outside_code(&out);
        assert!(!outside.contains(mark), "{mark}");
    }
    assert!(!out.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn no_line_outside_code_looks_like_a_marker_of_ours() {
    // Whoever finds the comment by its marker must not find one that an issue's title brought.
    assert!(!markdown(&examples::hostile(), COMMENT_LIMIT).contains("<!--"));
}

#[test]
fn any_limit_is_kept_and_what_is_left_out_is_counted() {
    let mut report = examples::fail();
    let defect = report.defects[0].clone();
    report.defects =
        (0..2_000).map(|number| crate::report::DefectLine { number, ..defect.clone() }).collect();
    let length = |text: &str| text.encode_utf16().count();
    for limit in [0, 10, 100, 500, 1_000, 2_000, 5_000, 20_000, COMMENT_LIMIT] {
        assert!(length(&markdown(&report, limit)) <= limit, "{limit}");
    }
    let out = markdown(&report, COMMENT_LIMIT);
    assert!(out.contains("**Escaped defects (2000)**") && out.contains("- and 1950 more\n"), "{out}");
    assert!(out.contains("How this was measured") && out.len() <= 20_000, "{}", out.len());
    assert_eq!(out.matches("<details>").count(), out.matches("</details>").count());
}

#[test]
fn a_rate_is_never_without_its_sample_and_interval() {
    let out = markdown(&examples::pass(), COMMENT_LIMIT).replace('\u{a0}', " ");
    assert!(out.contains("2.1 % (3 of 142); 95 % interval 0.7–6.0 %"), "{out}");
}

#[test]
fn an_inferred_release_is_called_inferred_and_a_missing_value_not_measured() {
    let out = markdown(&examples::fail(), COMMENT_LIMIT);
    assert!(out.contains("found in `v1.4.0` (inferred: "), "{out}");
    let mut report = examples::unknown();
    report.tests = None;
    let out = markdown(&report, COMMENT_LIMIT);
    assert!(out.contains("escaped not measured, critical not measured"), "{out}");
}

/// Removes code from a text.
fn outside_code(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut line = line.to_owned();
        while let Some((before, rest)) = line.clone().split_once("<code>") {
            let after = rest.split_once("</code>").map_or("", |(_, after)| after);
            line = format!("{before}{after}");
        }
        let line = line.replace("\\`", "");
        out.extend(line.split('`').step_by(2));
        out.push('\n');
    }
    out
}
