#![allow(clippy::unwrap_used, clippy::expect_used)]

mod diagnostics;
mod inherit;
mod page;
mod reference_page;
mod yaml;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::{
    Base, Code, LabelPattern, Library, LimitValue, Parsed, Refused, RuleLevel, RuleLimit, Tolerance, Unread,
    load, parse,
};
use crate::model::{AttributionMethod, MetricId, Over, Severity};

/// Folder of the policies that the tests read, each with a snapshot of its result.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/policies").join(name)
}

/// Every policy of a folder, by name.
fn policies(folder_name: &str) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder(folder_name)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yml") {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            found.push((name, fs::read(path).unwrap()));
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no policies in {folder_name}");
    found
}

fn snapshot(folder_name: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder(folder_name));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn codes(refused: &Refused) -> BTreeSet<Code> {
    refused.diagnostics().iter().map(super::Diagnostic::code).collect()
}

#[test]
fn every_invalid_policy_is_refused_with_the_codes_it_expects() {
    let mut met = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, source) in policies("invalid") {
        let refused = load(&source, &format!("invalid/{name}.yml"), &Folder).expect_err(&name);
        met.extend(codes(&refused));
        let expected = String::from_utf8(source).unwrap();
        let expected = expected.lines().next().unwrap().strip_prefix("# expect: ").expect(&name).to_owned();
        let found: Vec<String> = codes(&refused).iter().map(ToString::to_string).collect();
        snapshot("invalid", &name, &refused.render(false));
        if found.join(" ") != expected {
            wrong.push(format!("{name}: expected {expected}, found {}", found.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (name, source) in policies("valid") {
        let read = load(&source, &format!("valid/{name}.yml"), &Folder).unwrap();
        met.extend(read.warnings.iter().map(super::Diagnostic::code));
    }
    let elsewhere = [Code::Unreadable, Code::TooLarge, Code::Encoding];
    let of_cases = |code: &Code| (Code::NoCases..=Code::OddEvidence).contains(code);
    for code in Code::ALL.iter().filter(|code| !elsewhere.contains(code) && !of_cases(code)) {
        assert!(met.contains(code), "no policy in fixtures/policies shows {code}");
    }
}

#[test]
fn every_valid_policy_is_read_with_its_defaults() {
    for (name, source) in policies("valid") {
        let Parsed { policy, warnings, .. } = load(&source, &format!("valid/{name}.yml"), &Folder)
            .unwrap_or_else(|refused| {
                panic!("{name}: {}", refused.render(false));
            });
        let warnings: String = warnings.iter().map(|one| one.render(false) + "\n\n").collect();
        snapshot("valid", &name, &format!("{warnings}{policy:#?}"));
    }
}

#[test]
fn a_slip_in_a_key_is_not_also_a_missing_key() {
    let source = "version: 1
defects: { escapd: { labels: [bug] } }
rules:
  - { idd: a, metric: escaped, max: 0 }
  - { id: b, metrik: escaped, max: 0 }
  - { id: c, metric: escaped, maximum: 0 }
";
    let refused = parse(source.as_bytes(), "policy.yml").unwrap_err();
    let found: Vec<_> =
        refused.diagnostics().iter().map(|one| (one.code(), one.place().unwrap().line)).collect();
    assert_eq!(found, [2, 4, 5, 6].map(|line| (Code::UnknownKey, line)));
}

#[test]
fn a_policy_with_ten_mistakes_shows_all_ten_each_in_its_place() {
    let source = fs::read(folder("invalid").join("ten-mistakes.yml")).unwrap();
    let refused = parse(&source, "policy.yml").unwrap_err();
    let lines: Vec<usize> = refused.diagnostics().iter().map(|one| one.place().unwrap().line).collect();
    assert_eq!(lines, [4, 5, 7, 8, 9, 9, 10, 11, 12, 12]);
    assert_eq!(codes(&refused).len(), 10);
}

#[test]
fn practices_of_projects_are_short_policies_without_warnings() {
    for (name, source) in policies("practice") {
        let lines = source.iter().filter(|byte| **byte == b'\n').count();
        assert!(lines <= 40, "{name} has {lines} lines");
        let parsed = load(&source, &format!("practice/{name}.yml"), &Folder);
        let parsed = parsed.unwrap_or_else(|refused| panic!("{name}: {}", refused.render(false)));
        assert!(parsed.warnings.is_empty(), "{name}: {}", parsed.warnings[0]);
        if name.starts_with(|c: char| !c.is_ascii_digit()) {
            assert_eq!(practice(&name), source, "the scenario of {name} has another policy");
        }
    }
}

/// The policy of the scenario that a practice has.
fn practice(name: &str) -> Vec<u8> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut folders = fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path());
    let prefix = format!("practice-of-{name}-");
    let found = folders.find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&prefix));
    fs::read(found.unwrap().join("policy.yml")).unwrap()
}

/// Files beside those of `fixtures/policies`.
struct Folder;

impl Library for Folder {
    fn read(&self, base: &Base) -> Result<Vec<u8>, Unread> {
        let missing = |why: &str| Unread { why: why.into(), help: "look again".into(), outside: false };
        match base {
            Base::Local(path) => fs::read(folder(path)).map_err(|_| missing("no such file")),
            Base::Remote { .. } | Base::Preset(_) => Err(missing("not found")),
        }
    }
}

/// An example with the parts that it leaves out.
fn whole(example: &str) -> String {
    let parts = [
        ("version:", "version: 1\n"),
        (
            "defects:",
            "defects: { escaped: { labels: [escaped] }, caught: { labels: [caught] }, \
             severity: { critical: [sev], major: [major] }, component: \"area/*\" }\n",
        ),
        ("rules:", "rules: [{ id: a, metric: unfixed, max: 0 }]\n"),
    ];
    let begins = |key: &str| example.lines().any(|line| line.starts_with(key));
    // A file of cases is none of a policy.
    let parts = if begins("cases:") { &parts[..1] } else { &parts };
    let missing = parts.iter().filter(|(key, _)| !begins(key)).map(|(_, part)| *part);
    missing.chain([example]).collect()
}

/// Asserts that a generated page is current. With `UPDATE_EXPECTED`, writes it first.
fn assert_generated(page: &str, text: &str, filter: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, text).unwrap();
    }
    let current = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(current == text, "{page} is stale: run UPDATE_EXPECTED=1 cargo test {filter}");
}

/// Every file that an example inherits from.
struct Beside;

impl Library for Beside {
    fn read(&self, _: &Base) -> Result<Vec<u8>, Unread> {
        Ok(b"version: 1\nrules: [{ id: rate, metric: escape-rate, max: 2% }, { id: tests, metric: tests.failed, max: 0 }]\n".to_vec())
    }
}

#[test]
fn every_example_of_the_documentation_is_a_good_policy() {
    let pages: String = [
        "docs/reference/policy.md",
        "docs/how-to/policy.md",
        "docs/how-to/roll-out.md",
        "docs/how-to/exceptions.md",
        "docs/start.md",
        "docs/reference/test-reports.md",
    ]
    .map(|page| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap())
    .concat();
    let examples: Vec<&str> =
        pages.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(examples.len() > 20);
    for example in examples {
        // A file of waivers stands next to a policy with their rules.
        let rules = "rules: [{ id: zero-critical, metric: unfixed, max: 0 }]\n";
        let example =
            &if example.contains("/waivers/") { format!("{example}{rules}") } else { example.to_owned() };
        let parsed = load(whole(example).as_bytes(), "example.yml", &Beside).unwrap_or_else(|refused| {
            panic!("{}", refused.render(false));
        });
        assert!(parsed.warnings.is_empty(), "{}", parsed.warnings[0]);
    }
}

#[test]
fn what_a_policy_leaves_out_is_strict() {
    let source =
        "version: 1\ndefects: { escaped: { labels: [bug] } }\nrules: [{ id: a, metric: unfixed, max: 0 }]\n";
    let policy = parse(source.as_bytes(), "policy.yml").unwrap().policy;
    assert_eq!((policy.releases.supported, policy.releases.mature_after_days), (2, 30));
    assert_eq!(policy.releases.tags, None);
    assert_eq!(
        policy.found_in,
        [
            AttributionMethod::Field,
            AttributionMethod::Label,
            AttributionMethod::Form,
            AttributionMethod::Window
        ]
    );
    assert_eq!(policy.missing.issues, Tolerance::Unknown);
    assert_eq!(policy.missing.tests, Tolerance::Unknown);
    assert_eq!(policy.missing.history, Tolerance::Unknown);
    assert_eq!(policy.defects.untriaged, Some(Severity::Critical));
    assert_eq!(policy.defects.escaped.alternatives[0].labels, [LabelPattern::new("bug").unwrap()]);
    assert_eq!(policy.rules[0].level, RuleLevel::Mandatory);
    assert_eq!(policy.rules[0].over, Over::All);
    assert_eq!(policy.rules[0].limit, RuleLimit::Max(LimitValue::Count(0)));
}

#[test]
fn severities_stand_in_the_order_of_their_weight() {
    let source = "version: 1\ndefects: { severity: { minor: [m], critical: [c], untriaged: unknown } }\n\
                  rules: [{ id: t, metric: tests.failed, max: 0 }]\n";
    let defects = parse(source.as_bytes(), "policy.yml").unwrap().policy.defects;
    let order: Vec<(Severity, usize)> =
        defects.severity.iter().map(|(one, labels)| (*one, labels.len())).collect();
    assert_eq!(order, [(Severity::Critical, 1), (Severity::Major, 0), (Severity::Minor, 1)]);
    assert_eq!(defects.untriaged, None);
}

/// Reads the limit of a rule on a metric; `None` if it is invalid.
fn bound(metric: MetricId, text: &str) -> Option<LimitValue> {
    let source = format!(
        "version: 1\ndefects: {{ escaped: {{ labels: [bug] }} }}\nrules: [{{ id: a, metric: {metric}, max: {text} }}]\n"
    );
    match parse(source.as_bytes(), "policy.yml").ok()?.policy.rules[0].limit {
        RuleLimit::Max(limit) => Some(limit),
        RuleLimit::Min(_) | RuleLimit::Trend(_) => None,
    }
}

#[test]
fn percentages_are_exact() {
    let millionths = |text| match bound(MetricId::EscapeRate, text) {
        Some(LimitValue::Millionths(millionths)) => Some(millionths),
        Some(LimitValue::Count(_) | LimitValue::Seconds(_) | LimitValue::Relative(_)) | None => None,
    };
    assert_eq!(millionths("2%"), Some(20_000));
    assert_eq!(millionths("0.5%"), Some(5_000));
    assert_eq!(millionths("0.5 %"), Some(5_000));
    assert_eq!(millionths("\"99.9999%\""), Some(999_999));
    assert_eq!(millionths("0.0001%"), Some(1));
    assert_eq!(millionths("00.10000000%"), Some(1_000));
    assert_eq!(millionths("0%"), Some(0));
    assert_eq!(millionths("0"), Some(0));
    assert_eq!(millionths("100%"), Some(1_000_000));
    for wrong in
        ["100.0001%", "5", "0.05", "0.00001%", "%", "1.%", "1,5%", "+1%", "1%%", "--1%", "1e1%", "٣%"]
    {
        assert_eq!(millionths(wrong), None, "{wrong}");
    }
}

#[test]
fn counts_are_whole() {
    assert_eq!(bound(MetricId::Escaped, "0"), Some(LimitValue::Count(0)));
    assert_eq!(bound(MetricId::Escaped, "18446744073709551615"), Some(LimitValue::Count(u64::MAX)));
    for wrong in
        ["18446744073709551616", "-1", "1.0", "1e2", "0x1", "+1", "1_000", "٣", "''", "nan", "Infinity"]
    {
        assert_eq!(bound(MetricId::Escaped, wrong), None, "{wrong}");
    }
}

#[test]
fn one_problem_does_not_hide_another() {
    let source = "rulez: 1\nreleases: { supported: none, tags: [a] }\ndefects: []\n\
                  rules: [1, { id: a, metric: escaped, max: -1, level: x, what: 1 }]\n";
    let refused = parse(source.as_bytes(), "policy.yml").unwrap_err();
    let found: Vec<Code> = refused.diagnostics().iter().map(super::Diagnostic::code).collect();
    let expected = [
        Code::MissingVersion,
        Code::UnknownKey,
        Code::WrongType,
        Code::WrongType,
        Code::WrongType,
        Code::WrongType,
        Code::Negative,
        Code::UnknownLevel,
        Code::UnknownKey,
    ];
    assert_eq!(found, expected, "{}", refused.render(false));
}

/// Parses, and holds what must be true of every file whatsoever.
fn survives(source: &[u8]) -> Result<(), TestCaseError> {
    let diagnostics = match parse(source, "policy.yml") {
        Ok(parsed) => {
            prop_assert!(!parsed.policy.rules.is_empty());
            prop_assert!(parsed.warnings.iter().all(|one| one.code().is_warning()));
            parsed.warnings
        }
        Err(refused) => {
            prop_assert!(refused.diagnostics().iter().any(|one| !one.code().is_warning()));
            let _ = refused.render(true);
            refused.diagnostics().to_vec()
        }
    };
    let mut last = 0;
    for diagnostic in diagnostics {
        let span = diagnostic.span();
        prop_assert!(span.start <= span.end && span.end <= source.len(), "{span:?} of {}", source.len());
        prop_assert!(last <= span.start, "not by place");
        last = span.start;
    }
    Ok(())
}

/// A valid policy to spoil.
fn everything() -> Vec<u8> {
    fs::read(folder("valid").join("everything.yml")).unwrap()
}

proptest! {
    #[test]
    fn random_bytes_are_refused_without_a_panic(source in proptest::collection::vec(any::<u8>(), 0..300)) {
        survives(&source)?;
    }

    #[test]
    fn random_text_is_refused_without_a_panic(source in "[\\PC\n\t{}\\[\\]:,*&!%|>'\"# -]{0,200}") {
        survives(source.as_bytes())?;
        survives(format!("version: 1\nrules:\n  - {source}").as_bytes())?;
    }

    #[test]
    fn a_spoiled_policy_is_read_or_refused_without_a_panic(
        spots in proptest::collection::vec((any::<prop::sample::Index>(), "[\\PC\n{}\\[\\]:,*&!%~'\"#0-9 -]{0,4}", 0..6_usize), 1..6),
    ) {
        let mut source = everything();
        for (spot, text, cut) in spots {
            let at = spot.index(source.len().max(1)).min(source.len());
            let end = (at + cut).min(source.len());
            source.splice(at..end, text.bytes());
        }
        survives(&source)?;
    }

    #[test]
    fn a_policy_cut_short_is_never_read_with_other_rules(at in any::<prop::sample::Index>()) {
        let whole = everything();
        let rules = parse(&whole, "policy.yml").unwrap().policy.rules.len();
        let cut = &whole[..at.index(whole.len())];
        survives(cut)?;
        if let Ok(parsed) = parse(cut, "policy.yml") {
            prop_assert!(parsed.policy.rules.len() <= rules);
        }
    }
}
