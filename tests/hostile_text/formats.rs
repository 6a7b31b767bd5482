//! Hostile text through the reports for other tools. Whether they are valid is tested by `tests/output`, for which they are written
//! to `target/hostile/formats/`.
#![allow(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use escape_gate::output::escape::is_unprintable;
use escape_gate::output::{Format, RenderOptions, render};
use escape_gate::report::{Area, Report};
use test_reports::{Reruns, read_report};

use crate::{HARMLESS, VARIANTS, corpus, shown};

/// Formats for other tools.
fn formats() -> impl Iterator<Item = Format> {
    let tested_elsewhere = [Format::Text, Format::Markdown, Format::Json, Format::Annotations, Format::Html];
    Format::ALL.into_iter().filter(move |format| !tested_elsewhere.contains(format))
}

/// Every text in a report; the variants take turns. A few rows of the page are enough: each has every text.
fn short_reports() -> impl Iterator<Item = (corpus::Hostile, Report)> {
    corpus::corpus().into_iter().zip(VARIANTS.into_iter().cycle()).map(|(hostile, (verdict, shape))| {
        let report = shortened(corpus::report(verdict, shape, &hostile.text));
        (hostile, report)
    })
}

fn shortened(mut report: Report) -> Report {
    if let Some(page) = &mut report.page {
        page.defects.truncate(2);
    }
    report
}

#[test]
fn no_format_obeys_a_text_and_each_has_all_its_lines() {
    for (hostile, report) in short_reports() {
        let text = shown(&hostile.text);
        for format in formats() {
            let out = render(format, &report, &RenderOptions::default()).unwrap();
            let odd = out.chars().find(|c| !matches!(c, '\n' | '\r' | '\u{200d}') && is_unprintable(*c));
            assert_eq!(odd, None, "{format} {text:?}");
            // The program guards these two when it prints them in a workflow.
            let is_guarded = [Format::Csv, Format::OpenMetrics].contains(&format);
            let command =
                out.lines().find(|line| line.trim_start().starts_with("::") || line.contains("##["));
            assert!(is_guarded || command.is_none(), "{format} {text:?}: {command:?}");
            match format {
                Format::Junit => {
                    let read = read_report("gate.xml", out.as_bytes(), Reruns::default());
                    assert!(read.gaps.is_empty(), "{text:?}: {:?}", read.gaps);
                    let cases = report.rules.len() + report.not_evaluated.len() + 1;
                    assert_eq!(read.evidence.totals().runs, cases as u64, "{text:?}");
                }
                Format::Csv => {
                    let gaps = report.gaps.iter().filter(|gap| gap.area != Area::Tests).count();
                    let lines = 1 + report.page.as_ref().unwrap().defects.len() + gaps;
                    assert_eq!(
                        (out.matches("\r\n").count(), out.matches('\n').count()),
                        (lines, lines),
                        "{text:?}"
                    );
                }
                _ => {}
            }
        }
    }
}

/// Not a check by itself: writes what `tests/output` validates.
#[test]
fn formats_for_validators_are_written() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/hostile/formats");
    fs::create_dir_all(&folder).unwrap();
    let mut documents: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut add = |report: Report| {
        for format in formats() {
            let out = render(format, &report, &RenderOptions::default()).unwrap();
            documents.entry(format.name()).or_default().push(out);
        }
    };
    for (verdict, shape) in VARIANTS {
        add(shortened(corpus::report(verdict, shape, HARMLESS)));
    }
    for (_, report) in short_reports() {
        add(report);
    }
    for (format, documents) in documents {
        // First beside its place, so that a reader never meets half of it.
        let path = folder.join(format!("{format}.json"));
        fs::write(path.with_extension("part"), serde_json::to_vec(&documents).unwrap()).unwrap();
        fs::rename(path.with_extension("part"), path).unwrap();
    }
}
