//! Reading and evaluating expressions.
#![allow(clippy::unwrap_used)]

use super::super::scenario::{EventKind, Scenario, scenarios};
use super::super::workflow::read_workflow;
use super::{Scene, Value, parse_expression};

fn start(on: &str) -> Scenario {
    let text = format!("on: {on}\njobs: {{ a: {{ steps: [] }} }}\n");
    scenarios(&read_workflow(text.as_bytes(), "x.yml").unwrap()).into_iter().next().unwrap()
}

fn truth(on: &str, text: &str) -> Option<bool> {
    Scene::good(&start(on)).truth(&parse_expression(text).unwrap())
}

#[test]
fn broken_expression_is_none() {
    for text in ["", "a &&", "(a", "a b", "f(", "'open", "a[", "a ? b", "=="] {
        assert_eq!(parse_expression(text), None, "{text}");
    }
    assert_eq!(parse_expression(&"(".repeat(1_000)), None);
    assert_eq!(parse_expression(&format!("{}a{}", "(".repeat(80), ")".repeat(80))), None);
}

#[test]
fn quotes_are_doubled() {
    assert_eq!(truth("push", "'it''s' == 'IT''S'"), Some(true));
}

#[test]
fn event_decides() {
    let tag = "{ push: { tags: [v1] } }";
    assert_eq!(truth(tag, "startsWith(github.ref, 'refs/tags/v')"), None);
    assert_eq!(truth(tag, "startsWith(github.ref, 'refs/tags/')"), Some(true));
    assert_eq!(truth(tag, "github.ref == 'refs/heads/main'"), Some(false));
    assert_eq!(truth(tag, "github.event_name == 'push' && github.ref_type == 'tag'"), Some(true));
    let main = "{ push: { branches: [main] } }";
    assert_eq!(truth(main, "github.ref == 'refs/heads/main'"), Some(true));
    assert_eq!(truth(main, "github.ref_name != 'main'"), Some(false));
    assert_eq!(truth("pull_request", "github.head_ref"), Some(true));
    assert_eq!(truth(main, "github.head_ref"), Some(false));
    assert_eq!(truth("workflow_dispatch", "inputs.skip"), None);
    assert_eq!(truth(main, "inputs.skip"), Some(false));
    assert_eq!(truth(main, "!inputs.skip && github.event.inputs.tag == ''"), Some(true));
}

#[test]
fn logic_has_three_values() {
    assert_eq!(truth("push", "vars.A || true"), Some(true));
    assert_eq!(truth("push", "vars.A && false"), Some(false));
    assert_eq!(truth("push", "!(vars.A && true)"), None);
    assert_eq!(truth("push", "vars.A == vars.B"), None);
    assert_eq!(truth("push", "null == ''"), Some(true));
}

#[test]
fn results_of_needed_jobs_are_seen() {
    let scenario = start("push");
    let needs = [("gate".to_owned(), "failure")];
    let scene = Scene { needs: &needs, ..Scene::good(&scenario) };
    let truth = |text: &str| scene.truth(&parse_expression(text).unwrap());
    assert_eq!(truth("needs.gate.result == 'success'"), Some(false));
    assert_eq!(truth("needs['Gate'].result == 'failure'"), Some(true));
    assert_eq!(truth("contains(needs.*.result, 'failure')"), Some(true));
    assert_eq!(truth("contains(needs.*.result, 'cancelled')"), None);
    assert_eq!(truth("contains(join(needs.*.result, ','), 'failure')"), Some(true));
    assert_eq!(truth("needs.other.result == 'success'"), None);
}

#[test]
fn push_without_filter_starts_for_tags_and_branches() {
    let text = "on: push\njobs: { a: { steps: [] } }\n";
    let all = scenarios(&read_workflow(text.as_bytes(), "x.yml").unwrap());
    let events: Vec<_> = all.iter().map(|scenario| scenario.event.clone()).collect();
    assert_eq!(events, [EventKind::PushTag, EventKind::PushBranch]);
    assert_eq!(Value::Text("x".into()).text().as_deref(), Some("x"));
}
