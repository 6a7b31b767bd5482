//! What the program says about itself, without a policy and a repository.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/files.rs"]
mod support;

use clap::CommandFactory as _;
use escape_gate::cli::Cli;
use support::{files, run};

/// Returns the arguments that name each command: `["policy", "check"]`. The first is that of the program itself.
fn commands() -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut todo = vec![(Vec::new(), Cli::command())];
    while let Some((names, command)) = todo.pop() {
        for below in command.get_subcommands() {
            let names = [&names[..], &[below.get_name().to_owned()]].concat();
            all.push(names.clone());
            todo.push((names, below.clone()));
        }
    }
    all
}

/// Prints the help of a command.
fn help(command: &[String], option: &str) -> String {
    let folder = files(&[]);
    let args: Vec<&str> = command.iter().map(String::as_str).chain([option]).collect();
    let (code, text, log) = run(folder.path(), &args);
    assert_eq!(code, 0, "{args:?}: {log}");
    text
}

#[test]
fn help_of_every_command_fits_80_columns_and_has_an_example() {
    let commands = commands();
    assert!(commands.len() > 12, "{commands:?}");
    for command in commands {
        for option in ["--help", "-h"] {
            let text = help(&command, option);
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{command:?} {option}: {line}");
            }
            assert!(text.contains("\nExample"), "{command:?} {option} has no example:\n{text}");
        }
    }
}

#[test]
fn options_of_check_are_grouped() {
    let text = help(&["check".to_owned()], "--help");
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is missing in:\n{text}"));
    for (heading, option) in [
        ("\nEvidence:\n", "--tests-outcome"),
        ("\nGitHub:\n", "--repo "),
        ("\nVerdict:\n", "--fail-on"),
        ("\nComment:\n", "--comment-on"),
        ("\nOutput:\n", "--report-file"),
    ] {
        assert!(at(heading) < at(option), "{option} is above {heading:?}");
        let between = &text[at(heading) + heading.len()..at(option)];
        assert!(
            !between.contains(":\n\n")
                && !between.lines().any(|line| line.ends_with(':') && !line.starts_with(' ')),
            "{option} is not below {heading:?}"
        );
    }
}

#[test]
fn completion_scripts_name_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let folder = files(&[]);
        let (code, script, log) = run(folder.path(), &["completions", shell]);
        assert_eq!(code, 0, "{log}");
        for name in ["check", "explain", "simulate", "--fail-on"] {
            let name = if shell == "fish" { name.trim_start_matches('-') } else { name };
            assert!(script.contains(name), "{shell} does not complete {name}");
        }
    }
    let (code, ..) = run(files(&[]).path(), &["completions", "tcsh"]);
    assert_eq!(code, 2);
}

#[test]
fn man_page_is_written_for_every_command() {
    let folder = files(&[]);
    clap_mangen::generate_to(Cli::command(), folder.path()).unwrap();
    for command in commands() {
        let name = [&["escape-gate".to_owned()][..], &command].concat().join("-") + ".1";
        let page = std::fs::read_to_string(folder.path().join(&name)).unwrap_or_else(|_| panic!("no {name}"));
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
}

#[test]
fn explained_metric_needs_no_policy() {
    let empty = files(&[]);
    for (subject, part) in [("change-failure-rate", "rolled back"), ("verdicts", "| is `unknown` |")] {
        let (code, text, log) = run(empty.path(), &["explain", subject]);
        assert_eq!(code, 0, "{log}");
        assert!(text.contains(part), "{text}");
    }
    let named = files(&[]);
    run(named.path(), &["demo", "--write", "."]);
    let args = ["--policy", "policy.yml", "--snapshot", "snapshot.json"];
    // The demo has a rule of that name, and none named `escaped`.
    let (_, text, log) = run(named.path(), &[&["explain", "escape-rate"][..], &args].concat());
    assert!(text.starts_with("escape-rate: warn"), "{text}{log}");
    let (_, text, log) = run(named.path(), &[&["explain", "escaped"][..], &args].concat());
    assert!(text.starts_with("escaped: metric"), "{text}{log}");
}

#[test]
fn explained_code_needs_no_policy() {
    let empty = files(&[]);
    let (code, text, log) = run(empty.path(), &["explain", "P012"]);
    assert_eq!(code, 0, "{log}");
    assert!(text.starts_with("P012: policy error\n\n") && text.contains("Wrong:\n\n    "), "{text}");
    assert!(!text.contains("```"), "{text}");
    let (_, json, _) = run(empty.path(), &["explain", "P101", "--format", "json"]);
    let entry: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&entry["subject"], &entry["kind"]), (&"P101".into(), &"policy warning".into()));
    // Without such a code, the subject is a rule, which needs a policy.
    let (code, ..) = run(empty.path(), &["explain", "P999"]);
    assert_eq!(code, 2);
}
