#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{annotations, path_in_repository};
use crate::output::examples;
use crate::report::DryRun;

#[test]
fn each_level_has_ten_annotations_and_counts_the_rest() {
    let mut report = examples::fail();
    let rule = report.rules[0].clone();
    report.rules = vec![rule; 40];
    let out = annotations(&report);
    let errors: Vec<_> = out.lines().filter(|line| line.starts_with("::error ")).collect();
    assert_eq!(errors.len(), 10);
    let all = 1 + 40 + 2;
    assert!(errors[9].contains(&format!("{} more", all - 9)), "{}", errors[9]);
    assert!(errors[0].contains("title=Escape gate%3A fail"));
}

#[test]
fn a_dry_run_shows_the_true_verdict_and_no_error() {
    let mut report = examples::fail();
    (report.dry_run, report.dry_run_by) = (true, Some(DryRun::Option));
    let out = annotations(&report);
    assert!(!out.contains("::error"));
    assert!(out.starts_with("::warning title=Escape gate%3A fail%2C dry run::"), "{out}");
    report.dry_run_by = Some(DryRun::Policy);
    assert!(annotations(&report).starts_with("::warning title=Escape gate%3A fail%2C observed::"));
}

#[test]
fn every_line_is_one_command_whatever_the_text() {
    let out = annotations(&examples::hostile());
    for line in out.lines() {
        let rest = line
            .strip_prefix("::error ")
            .or_else(|| line.strip_prefix("::warning "))
            .or_else(|| line.strip_prefix("::notice "))
            .expect(line);
        let (properties, _) = rest.split_once("::").expect(line);
        assert!(
            properties.split(',').all(|pair| pair
                .split('=')
                .next()
                .is_some_and(|key| ["title", "file", "line"].contains(&key))),
            "{line}"
        );
        assert!(!line.contains(['\r', '\u{1b}', '\u{202e}']));
    }
}

#[test]
fn a_place_outside_the_repository_is_not_annotated() {
    assert_eq!(path_in_repository("./src/a b.rs"), Some("src/a b.rs"));
    for file in ["/etc/passwd", "../a", "a/../../b", "", "C:\\a", "a\nb", "a\u{202e}b"] {
        assert_eq!(path_in_repository(file), None, "{file}");
    }
}
