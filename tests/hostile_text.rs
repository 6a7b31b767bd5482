//! Text that somebody else wrote, through every output. What Markdown becomes when it is rendered, and what the runner
//! makes of the log, is judged by `tests/output`, for which the documents are written to `target/hostile/`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "hostile_text/corpus.rs"]
mod corpus;
#[path = "hostile_text/errors.rs"]
mod errors;
#[path = "hostile_text/formats.rs"]
mod formats;
#[path = "hostile_text/page.rs"]
mod page;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use corpus::{Hostile, Shape, corpus, report};
use escape_gate::output::escape::{guard, is_unprintable, log};
use escape_gate::output::{
    COMMENT_LIMIT, TextOptions, annotations, markdown, report_text, status_description, step_outputs,
    to_json, warning_annotation,
};
use escape_gate::publish::actions;
use escape_gate::report::{ExceptionKind, Report, Verdict};
use serde_json::{Value, json};

/// The colours of the text output.
const COLOURS: [&str; 6] = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[22m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m"];

/// A text that attacks nothing. Documents with it are what the others are compared with.
const HARMLESS: &str = "harmless";

#[test]
fn the_corpus_is_large_and_no_text_is_there_twice() {
    let all = corpus();
    let mut seen = std::collections::BTreeSet::new();
    assert!(all.len() >= 200, "{} texts", all.len());
    for Hostile { group, text } in &all {
        assert!(seen.insert((group, text)), "{text:?}");
    }
}

#[test]
fn a_terminal_gets_lines_and_our_own_colours_and_nothing_else() {
    for (hostile, report) in reports() {
        for (color, width) in [(false, 100), (true, 100), (true, 40)] {
            let options = TextOptions { color, width, details: true, ..TextOptions::default() };
            let mut plain = report_text(&report, &options).into_string();
            if color {
                for code in COLOURS {
                    plain = plain.replace(code, "");
                }
                // An issue is a link to its page, if that is an address and nothing else.
                while let Some((before, rest)) = plain.split_once("\u{1b}]8;;") {
                    let (address, after) = rest.split_once("\u{1b}\\").unwrap();
                    let is_address =
                        address.starts_with("http") && address.chars().all(|c| c.is_ascii_graphic());
                    assert!(address.is_empty() || is_address, "{address:?}");
                    plain = format!("{before}{after}");
                }
            }
            let odd = plain.chars().find(|c| *c != '\n' && is_unprintable(*c));
            assert_eq!(odd, None, "{:?}: {plain:?}", shown(&hostile.text));
            assert!(plain.len() < 500_000, "{:?}: {} bytes", shown(&hostile.text), plain.len());
        }
    }
}

#[test]
fn json_gives_every_text_back_and_is_safe_to_print() {
    for (hostile, report) in reports() {
        let out = to_json(&report);
        let read: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(read, serde_json::to_value(&report).unwrap());
        assert_eq!(read["defects"][0]["title"], hostile.text);
        assert_eq!(
            out.chars().find(|c| *c != '\n' && is_unprintable(*c)),
            None,
            "{:?}",
            shown(&hostile.text)
        );
    }
}

#[test]
fn markdown_stays_within_its_limit_and_shows_every_section() {
    for (hostile, report) in reports() {
        let out = markdown(&report, COMMENT_LIMIT);
        assert!(out.encode_utf16().count() <= COMMENT_LIMIT, "{:?}", shown(&hostile.text));
        // Every text of the report is hostile here, so the details may be cut. The steps never are.
        let crowded = hostile.group != "very long" && !out.contains("**To ");
        assert!(!crowded, "{:?} crowds others out", shown(&hostile.text));
        let odd = |c: &char| {
            c.is_control() && *c != '\n' || matches!(*c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert_eq!(out.chars().find(odd), None, "{:?}", shown(&hostile.text));
    }
}

#[test]
fn step_outputs_of_the_report_quote_nobody() {
    let expected = step_outputs(&report(Verdict::Fail, Shape::Bare, HARMLESS));
    for (_, report) in reports().filter(|(_, report)| report.verdict == Verdict::Fail) {
        assert_eq!(step_outputs(&report), expected);
    }
}

#[test]
fn a_commit_status_gets_one_line_of_visible_text() {
    for (hostile, report) in reports() {
        let out = status_description(&report);
        assert_eq!(out.chars().find(|c| is_unprintable(*c)), None, "{:?}: {out:?}", shown(&hostile.text));
        assert_eq!(out.trim(), &*out);
    }
}

#[test]
fn a_line_of_the_log_shows_every_text_and_obeys_none() {
    for Hostile { text, .. } in corpus() {
        let out = log(&text);
        assert_eq!(
            out.chars().find(|c| !['\n', '\u{200b}'].contains(c) && is_unprintable(*c)),
            None,
            "{out:?}"
        );
        let command = |line: &&str| line.trim_start().starts_with("::") || line.contains("##[");
        assert_eq!(out.lines().find(command), None, "{:?}", shown(&text));
    }
}

#[test]
fn a_text_that_is_not_unicode_is_refused_and_never_passes() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/critical-escape-fails");
    let snapshot = fs::read_to_string(fixtures.join("snapshot.json")).unwrap();
    let (before, after) = snapshot.split_once("\"title\": \"").expect("a title");
    for escape in
        ["\\ud800", "\\udc00", "\\udc00\\ud800", "a\\ud800b", "\\uDBFF", "\\ud83d", "\\u12", "\\x41", "\u{1}"]
    {
        fs::write(folder.path().join("snapshot.json"), format!("{before}\"title\": \"{escape}{after}"))
            .unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
            .args(["check", "--snapshot", "snapshot.json", "--policy"])
            .arg(fixtures.join("policy.yml"))
            .current_dir(folder.path())
            .env_clear()
            .output()
            .unwrap();
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(1..=3)), "{escape:?}: {:?} {log}", output.status);
        assert!(!log.contains("panicked"), "{log}");
        assert_eq!(log.chars().find(|c| *c != '\n' && is_unprintable(*c)), None, "{log:?}");
    }
}

/// Not a check by itself: writes what `tests/output` renders and reads as the runner does.
#[test]
fn documents_for_the_renderer_are_written() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/hostile");
    fs::create_dir_all(&folder).unwrap();
    let harmless = ["", " ", "\u{200b}", HARMLESS]
        .map(|text| Hostile { group: "reference".to_owned(), text: text.to_owned() });
    let mut documents = Vec::new();
    for hostile in harmless.into_iter().chain(corpus()) {
        for (verdict, shape) in VARIANTS {
            documents.push(document(&hostile, shape, &report(verdict, shape, &hostile.text)));
        }
    }
    let mut addresses = Vec::new();
    let meant = ["addresses", "autolinks", "combined", "html", "links"];
    for hostile in corpus().into_iter().filter(|hostile| meant.contains(&&*hostile.group)) {
        let mut report = report(Verdict::Fail, Shape::Bare, HARMLESS);
        report.defects.iter_mut().for_each(|line| line.url = hostile.text.clone());
        report.excluded.iter_mut().for_each(|line| line.url = hostile.text.clone());
        report.blockers.iter_mut().flatten().for_each(|line| line.url = hostile.text.clone());
        let comments = report.exceptions.iter_mut().filter(|line| line.kind == ExceptionKind::Override);
        comments.for_each(|line| line.place = hostile.text.clone());
        addresses.push(
            json!({ "text": hostile.text, "markdown": markdown(&report, COMMENT_LIMIT).into_string() }),
        );
    }
    let write = |name: &str, value: &Value| {
        // First beside its place, so that a reader never meets half of it.
        let path = folder.join(name);
        fs::write(path.with_extension("part"), serde_json::to_vec(value).unwrap()).unwrap();
        fs::rename(path.with_extension("part"), path).unwrap();
    };
    write("documents.json", &Value::from(documents));
    write("addresses.json", &Value::from(addresses));
    let outputs: Vec<(&str, String)> = corpus().into_iter().map(|hostile| ("value", hostile.text)).collect();
    let file = folder.join("outputs.txt");
    fs::write(&file, "").unwrap();
    actions::append_outputs(&file, &outputs).unwrap();
    write("outputs.json", &outputs.into_iter().map(|(_, value)| value).collect());
}

/// The reports that are drawn of each text.
const VARIANTS: [(Verdict, Shape); 3] =
    [(Verdict::Fail, Shape::Bare), (Verdict::Pass, Shape::Quoted), (Verdict::Unknown, Shape::Quoted)];

/// Every text in every report.
fn reports() -> impl Iterator<Item = (Hostile, Report)> {
    corpus().into_iter().flat_map(|Hostile { group, text }| {
        VARIANTS.map(|(verdict, shape)| {
            (Hostile { group: group.clone(), text: text.clone() }, report(verdict, shape, &text))
        })
    })
}

/// One report in every form that the runner or a browser reads.
fn document(hostile: &Hostile, shape: Shape, report: &Report) -> Value {
    let markdown = markdown(report, COMMENT_LIMIT);
    json!({
        "group": hostile.group,
        "text": hostile.text,
        "variant": format!("{:?} {shape:?}", report.verdict),
        "log": guard(&report_text(report, &TextOptions::default())) + &guard(&markdown) + &to_json(report) + &log(&hostile.text) + "\n",
        "annotations": annotations(report).into_string() + &warning_annotation(&hostile.text, &hostile.text),
        "markdown": markdown.into_string(),
    })
}

/// The beginning of a text, for a message.
fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}
