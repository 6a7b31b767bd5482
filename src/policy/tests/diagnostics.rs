#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::super::{Code, parse, unreadable_policy};
use crate::policy::language::{Place, quote, visible};

fn first_place(source: &str) -> Place {
    parse(source.as_bytes(), "policy.yml").unwrap_err().diagnostics()[0].place().unwrap()
}

#[test]
fn codes_are_numbered_once_and_warnings_from_101() {
    let numbers: Vec<String> = Code::ALL.iter().map(ToString::to_string).collect();
    let mut sorted = numbers.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(numbers, sorted);
}

#[test]
fn columns_are_characters_whatever_the_line_ends_and_encoding_marks_are() {
    assert_eq!(first_place("version: 1\r\nrules: []\r\n"), Place { line: 2, column: 8 });
    assert_eq!(first_place("version: 1\rrules: []\r"), Place { line: 2, column: 8 });
    assert_eq!(first_place("\u{feff}version: 2\n"), Place { line: 1, column: 10 });
    let umlauts = "version: 1\nrules: [{ id: a, metric: \"äöü\", zz: 1, max: 0 }]\n";
    let refused = parse(umlauts.as_bytes(), "policy.yml").unwrap_err();
    let key = refused.diagnostics().iter().find(|one| one.code() == Code::UnknownKey).unwrap();
    assert_eq!(key.place(), Some(Place { line: 2, column: 33 }));
    assert!(refused.render(false).contains("policy.yml:2:33"), "{}", refused.render(false));
}

#[test]
fn long_line_is_shortened_and_keeps_its_column() {
    let line = format!("version: 1\nrules: [{}]\n", "x, ".repeat(300_000));
    let refused = parse(line.as_bytes(), "policy.yml").unwrap_err();
    assert_eq!(refused.diagnostics().len(), 1_000);
    let text = refused.render(false);
    assert!(text.contains("policy.yml:2:2007"), "no place of the 667th entry");
    assert!(text.len() < 1_000_000, "{} bytes", text.len());
    assert!(text.ends_with("is refused: 1000 errors, and 299000 more that are not shown\n"));
}

#[test]
fn a_policy_that_cannot_be_read_says_why_and_what_to_do() {
    let refused = unreadable_policy(".github/escape-gate.yml", "no such file");
    insta::assert_snapshot!(refused.render(false), @r"
    error[P001]: cannot read the policy: no such file
    --> .github/escape-gate.yml
     = help: run `escape-gate init` to propose a policy, or name the file with `--policy` (the default is `.github/escape-gate.yml`)
     = note: run 'escape-gate explain P001'

    the policy `.github/escape-gate.yml` is refused: 1 error
    ");
    assert_eq!(refused.diagnostics()[0].place(), None);
}

#[test]
fn one_line_holds_place_code_message_and_help() {
    let refused = parse(b"version: 2\n", "policy.yml").unwrap_err();
    insta::assert_snapshot!(
        refused.diagnostics()[0].to_string(),
        @"policy.yml:1:10: error[P010]: version `2` of the policy format is not supported; help: this program reads `version: 1`; a newer one may read more"
    );
}

#[test]
fn no_text_of_the_policy_or_its_name_reaches_a_terminal_raw() {
    let mut hostile = "version: 1\nrules:\n".to_owned();
    for text in ["\\e[2J", "\\x9b31m", "\\u202e", "\\r\\n::error::x", "\\0", "\\x7f", "\\u2028", "\\uFEFF"] {
        hostile += &format!(
            "  - {{ id: \"{text}\", metric: \"{text}\", over: \"{text}\", max: \"{text}\", \"{text}\": 1 }}\n"
        );
    }
    let sources = [
        hostile.as_str(),
        "version: 1\nrules: [\u{1b}[31m, '\u{202e}x']\n",
        "\u{1b}]0;x\u{7}",
        "a: \u{9b}31m",
    ];
    for source in sources {
        let refused = parse(source.as_bytes(), "\u{1b}[31mpolicy\u{9b}.yml\n").unwrap_err();
        let lines = refused.diagnostics().iter().map(ToString::to_string).collect::<String>();
        for text in [refused.render(false), lines, refused.to_string()] {
            let raw = text.chars().find(|c| *c != '\n' && visible(&c.to_string()) != c.to_string());
            assert_eq!(raw, None, "{text:?}");
        }
    }
}

#[test]
fn long_texts_are_quoted_in_part() {
    assert_eq!(quote("short"), "`short`");
    assert_eq!(quote(&"ä".repeat(61)), format!("`{}…`", "ä".repeat(60)));
}

#[test]
fn color_is_there_only_on_request() {
    let refused = parse(b"version: 2\n", "policy.yml").unwrap_err();
    assert!(refused.render(true).contains('\u{1b}'));
    assert!(!refused.render(false).contains('\u{1b}'));
}
