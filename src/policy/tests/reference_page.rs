//! The generated parts of the reference pages: tables of keys, presets and quality gates.
//!
//! A page has markers: the lines from `<!-- generated: NAME -->` to `<!-- end -->` are written by the test.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use policy_lang::{CustomType, Key, Merge, ValueType, WhenOmitted};
use serde_json::Value;

use super::super::QualityGate;
use super::super::keys::cases::{CASE, CASE_FILE, EXPECT, GIVEN};
use super::super::keys::find_key;
use super::super::presets::{PRESET_NAMES, preset_source};
use super::super::sections::{BLOCKER, ESCAPED, FINDING_IDS, POLICY};
use super::assert_generated;
use crate::model::{MetricId, MetricUnit};

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

#[test]
fn reference_of_the_policy_is_current() {
    let page = regenerate("docs/reference/policy.md", &|name| match name {
        "top level" => Some(key_table("", POLICY, &|key| !has_section(key))),
        "selectors" => Some(key_table("", &selector_keys(), &|_| true)),
        "presets" => Some(preset_sources()),
        "quality gates" => Some(quality_gates()),
        section => find_key(POLICY, section).map(|key| {
            let prefix = if matches!(key.value_type, ValueType::NamedMaps { .. }) { "NAME." } else { "" };
            key_table(prefix, nested(&key.value_type), &|_| true)
        }),
    });
    for key in POLICY.iter().filter(|key| has_section(key)) {
        assert!(page.contains(&format!("{BEGIN}{} -->", key.name)), "no section for {}", key.name);
    }
    assert_examples_use(&page, POLICY);
}

#[test]
fn reference_of_test_cases_is_current() {
    regenerate("docs/reference/policy-tests.md", &|name| match name {
        "file" => Some(key_table("", CASE_FILE, &|key| key.name != "cases" && key.name != "given")),
        "case" => Some(key_table("", CASE, &|key| key.name != "given" && key.name != "expect")),
        "given" => Some(key_table("", GIVEN, &|_| true)),
        "expect" => Some(key_table("", EXPECT, &|_| true)),
        _ => None,
    });
}

#[test]
fn reference_of_metrics_is_current() {
    let page = regenerate("docs/reference/metrics.md", &|name| (name == "metrics").then(metric_table));
    for metric in MetricId::ALL {
        assert!(page.contains(&format!("\n## `{}`\n", metric.name())), "no entry for {}", metric.name());
    }
}

fn metric_table() -> String {
    let mut rows = String::from("| metric | unit | default `over` |\n|---|---|---|\n");
    for metric in MetricId::ALL {
        let unit = match metric.unit() {
            MetricUnit::Count => "count",
            MetricUnit::Ratio => "ratio",
            MetricUnit::Duration => "duration",
        };
        writeln!(rows, "| `{}` | {unit} | `{}` |", metric.name(), metric.default_over()).unwrap();
    }
    rows
}

/// Returns the page with new generated parts, after it was compared with the committed one.
fn regenerate(page: &str, generated: &dyn Fn(&str) -> Option<String>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let current = fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let (mut text, mut is_old) = (String::new(), false);
    for line in current.lines() {
        is_old &= line != END;
        if !is_old {
            writeln!(text, "{line}").unwrap();
        }
        if let Some(name) = line.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(" -->")) {
            let part = generated(name).unwrap_or_else(|| panic!("{page}: nothing generates `{name}`"));
            write!(text, "\n{part}\n").unwrap();
            is_old = true;
        }
    }
    assert!(!is_old, "{page}: a generated part has no end");
    assert_generated(page, &text, "--lib reference_of");
    text
}

/// Returns `true` for a key whose own keys have a section of the page.
fn has_section(key: &Key) -> bool {
    key.name != "override" && !nested(&key.value_type).is_empty()
}

/// Returns the table of a mapping, with the keys of nested mappings by their path: `trend.over`.
fn key_table(prefix: &str, keys: &[Key], is_shown: &dyn Fn(&Key) -> bool) -> String {
    let mut rows = String::from("| key | type | default | inherited | meaning |\n|---|---|---|---|---|\n");
    for key in keys.iter().filter(|key| is_shown(key)) {
        push_rows(&mut rows, prefix, key);
    }
    rows
}

fn push_rows(rows: &mut String, parent: &str, key: &Key) {
    let path = format!("{parent}{}", key.name);
    // The selectors have a section of their own.
    let is_selector = matches!(key.value_type, ValueType::Alternatives(_));
    let below = if is_selector { &[] } else { nested(&key.value_type) };
    // A mapping is shown by its keys, unless it may also be another value or a list.
    if !matches!(key.value_type, ValueType::Map(_)) {
        let default = match key.default {
            _ if key.required => "required".to_owned(),
            WhenOmitted::Nothing => "–".to_owned(),
            WhenOmitted::Value(text) | WhenOmitted::Elsewhere(text) => format!("`{text}`"),
            WhenOmitted::Meaning(text) => text.to_owned(),
            WhenOmitted::Computed(_) => "by metric".to_owned(),
        };
        let (kind, merge) = (type_name(&key.value_type), merge_name(&key.merge));
        writeln!(rows, "| `{path}` | {kind} | {default} | {merge} | {} |", key.doc).unwrap();
    }
    for one in below {
        push_rows(rows, &format!("{path}."), one);
    }
}

/// Returns the keys of the mapping, or of the list of mappings, that a value may be.
fn nested(value_type: &ValueType) -> &'static [Key] {
    match value_type {
        ValueType::Map(keys) | ValueType::Maps(keys) | ValueType::NamedMaps { keys, .. } => keys,
        ValueType::AnyOf(types) => types.iter().map(nested).find(|keys| !keys.is_empty()).unwrap_or(&[]),
        ValueType::List { of, .. } | ValueType::Named(of) => nested(of),
        ValueType::Alternatives(one) => one.short,
        ValueType::Version
        | ValueType::Text
        | ValueType::Name
        | ValueType::Number
        | ValueType::Whole { .. }
        | ValueType::Duration
        | ValueType::Hours
        | ValueType::Date
        | ValueType::Truth
        | ValueType::Word(_)
        | ValueType::OneOrMore(_)
        | ValueType::Custom(_) => &[],
    }
}

fn type_name(value_type: &ValueType) -> String {
    match value_type {
        ValueType::Version => "`1`".into(),
        ValueType::Text => "text".into(),
        ValueType::Name => "name".into(),
        ValueType::Number => "number".into(),
        ValueType::Whole { .. } => "whole number".into(),
        ValueType::Duration => "`30d`, `4w`".into(),
        ValueType::Hours => "`72h`, `3d`, `1w`".into(),
        ValueType::Date => "date".into(),
        ValueType::Truth => "`true`, `false`".into(),
        ValueType::Word(words) => {
            let words = words();
            // Metrics and findings have pages of their own.
            match words.as_slice() {
                ["escaped", ..] => "metric".into(),
                [first, ..] if *first == FINDING_IDS[0] => "[finding](doctor.md#findings)".into(),
                words => in_backticks(words),
            }
        }
        ValueType::List { of: ValueType::AnyOf(_), .. } => "list of texts or mappings".into(),
        ValueType::List { of: of @ ValueType::Word(_), .. } => format!("list of {}", type_name(of)),
        ValueType::List { of, .. } => format!("list of {}s", type_name(of)),
        ValueType::OneOrMore(of) => format!("{}, or list", type_name(of)),
        ValueType::AnyOf(types) => types.iter().map(type_name).collect::<Vec<_>>().join(" or "),
        ValueType::Map(_) => "mapping".into(),
        ValueType::Maps(_) => "list of mappings".into(),
        ValueType::Named(of) => format!("mapping of name to {}", type_name(of)),
        ValueType::NamedMaps { .. } => "mapping of name to mapping".into(),
        ValueType::Alternatives(_) => "[selector](#selectors)".into(),
        ValueType::Custom(custom) => custom.name.into(),
    }
}

fn merge_name(merge: &Merge) -> String {
    match merge {
        Merge::Own => "–".into(),
        Merge::Nearest => "nearest".into(),
        Merge::Stands(_) => "base".into(),
        Merge::Greater => "greater".into(),
        Merge::Smaller => "smaller".into(),
        Merge::Warn => "stricter".into(),
        Merge::Order(words) => {
            let strictest_first: Vec<String> = words.iter().rev().map(|word| format!("`{word}`")).collect();
            strictest_first.join(" > ")
        }
        Merge::Adds | Merge::Globs | Merge::Covers => "all".into(),
        Merge::Within(_) => "common".into(),
        Merge::Keys => "by key".into(),
        Merge::Rules => "by `id`".into(),
    }
}

/// Returns the keys of all selectors: those of `defects.escaped`, and `require` of `defects.blocking`.
fn selector_keys() -> Vec<Key> {
    let require = BLOCKER.iter().filter(|key| find_key(ESCAPED, key.name).is_none());
    const OTHERS: &CustomType =
        &CustomType { name: "mapping of these keys", schema: || Value::Null, canonical: |_| None };
    let flat = |key: &Key| match key.name {
        "not" => Key { value_type: ValueType::Custom(OTHERS), ..*key },
        _ => *key,
    };
    ESCAPED.iter().chain(require).map(flat).collect()
}

fn preset_sources() -> String {
    let mut text = String::new();
    for name in PRESET_NAMES {
        let source = preset_source(name).unwrap().trim_start_matches("# ");
        let (summary, policy) = source.split_once('\n').unwrap();
        write!(text, "**`{name}`**: {summary}\n\n```yaml\n{}\n```\n\n", policy.trim_end()).unwrap();
    }
    text.trim_end().to_owned() + "\n"
}

fn quality_gates() -> String {
    let mut rows = String::from("| quality gate | root causes |\n|---|---|\n");
    for gate in QualityGate::ALL {
        writeln!(rows, "| `{}` | {} |", gate.name(), in_backticks(gate.built_in())).unwrap();
    }
    rows
}

fn in_backticks(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// Asserts that each key is used in an example of the page.
fn assert_examples_use(page: &str, keys: &'static [Key]) {
    let examples: String =
        page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let (mut todo, mut unused) = (keys.to_vec(), BTreeSet::new());
    while let Some(key) = todo.pop() {
        todo.extend(nested(&key.value_type));
        if !examples.contains(&format!("{}:", key.name)) {
            unused.insert(key.name);
        }
    }
    assert!(unused.is_empty(), "no example of docs/reference/policy.md uses {unused:?}");
}
