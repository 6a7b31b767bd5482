//! The JSON Schema of the format, for editors. It is made from the tables that the reader uses, so both accept the same keys.

use policy_lang::{mapping_schema, required_keys, value_schema};
use serde_json::{Value, json};

use super::keys::{SHARE, ValueType, selection_schema};
use super::rule::CandidateKind;
use super::sections::{self, DEPLOYMENTS, RULE, TREND};
use crate::model::{MetricId, MetricUnit, Severity, Since};

/// Pattern of the number of earlier values: 1 to 20.
const WINDOWS: &str = "0*([1-9]|1[0-9]|20)";

/// JSON Schema, draft 2020-12. It accepts every policy that the program accepts, and refuses what a schema can see.
pub fn schema() -> Value {
    let mut root = mapping_schema(sections::POLICY, false);
    root["properties"]["rules"]["items"] = rule_schema();
    root["properties"]["deployments"]["required"] = required_keys(DEPLOYMENTS);
    root["properties"]["deployments"]["properties"]["environment"]["pattern"] = json!(r"\S");
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("Escape Gate policy");
    root["description"] = json!("Issues that are escaped defects, and limits that a release has to keep.");
    root["required"] = json!(["version"]);
    root["properties"]["approvers"]["minProperties"] = json!(1);
    let waiver = &mut root["properties"]["waivers"]["items"];
    waiver["anyOf"] = json!([{ "required": ["expires"] }, { "required": ["ends-with"] }]);
    let product = &mut root["properties"]["product"]["anyOf"][1];
    product["anyOf"] = json!([{ "required": ["name"] }, { "required": ["tags"] }]);
    product["properties"]["tags"]["not"] = json!({ "pattern": r"\{product\}" });
    // Tags such as `v1.4.0` name no product.
    product["if"] = json!({ "not": { "anyOf": [{ "required": ["name"] }, { "required": ["component"] }] } });
    product["then"] = json!({ "properties": { "tags": { "not": { "pattern": r"^[vV]?\{version\}$" } } } });
    // Without roles, users have to be named: otherwise no account could override.
    root["properties"]["overrides"]["if"] = json!({ "not": { "required": ["users"] } });
    root["properties"]["overrides"]["then"] = json!({ "properties": { "roles": { "minItems": 1 } } });
    // A policy with `extends` may inherit the required keys.
    root["if"] = json!({ "not": { "required": ["extends"] } });
    let evaluated_on_releases =
        json!({ "properties": { "on": { "contains": { "const": CandidateKind::Release.name() } } } });
    root["then"] = json!({
        "required": required_keys(sections::POLICY),
        "properties": { "rules": { "minItems": 1, "contains": evaluated_on_releases, "items": {
            "required": required_keys(RULE),
            "oneOf": [{ "required": ["max"] }, { "required": ["min"] }, { "required": ["trend"] }],
        } } },
    });
    root
}

/// Returns the schema of a rule: a limit has the unit of the rule's metric, and a test metric has no filter and no scope.
fn rule_schema() -> Value {
    let mut rule = mapping_schema(RULE, false);
    let of = |wanted: &dyn Fn(MetricId) -> bool| -> Value {
        let names = MetricId::ALL.into_iter().filter(|metric| wanted(*metric)).map(MetricId::name);
        json!({ "required": ["metric"], "properties": { "metric": { "enum": names.collect::<Vec<_>>() } } })
    };
    let bounds = |bound: Value| json!({ "max": bound, "min": bound, "warn": bound });
    let followed =
        |offset: &str| format!("^(previous|best|(best|median) ?\\(last {WINDOWS}\\))( *[+-] *{offset})?$");
    let count = json!({ "anyOf": [
        { "type": "integer", "minimum": 0 },
        { "type": "string", "pattern": "^[0-9]+$" },
        { "type": "string", "pattern": followed("[0-9]+") },
    ] });
    let ratio = json!({ "anyOf": [
        { "const": 0 },
        { "type": "string", "pattern": format!("^(0+|{SHARE})$") },
        { "type": "string", "pattern": followed(SHARE) },
    ] });
    let time = json!({ "anyOf": [
        { "type": "string", "pattern": "^[0-9]+[hdw]$" },
        { "type": "string", "pattern": followed("[0-9]+[hdw]") },
    ] });
    rule["not"] = json!({ "required": ["max", "min"] });
    rule["dependentSchemas"] = json!({
        "trend": { "properties": { "over": false, "max": false, "min": false, "warn": false } },
    });
    rule["properties"]["trend"]["required"] = required_keys(TREND);
    rule["properties"]["where"]["properties"]["severity"] =
        selection_schema(json!({ "enum": Severity::ALL.map(Severity::name) }));
    rule["allOf"] = json!([
        { "if": of(&|metric| metric.unit() == MetricUnit::Count), "then": {
            "properties": bounds(count),
            "dependentSchemas": { "min-sample": { "required": ["trend"] } },
        } },
        { "if": of(&|metric| metric.unit() == MetricUnit::Ratio), "then": { "properties": bounds(ratio) } },
        { "if": of(&|metric| metric.unit() == MetricUnit::Duration),
          "then": { "properties": bounds(time), "not": { "required": ["trend"] } } },
        { "if": of(&|metric| metric.unit() == MetricUnit::Duration),
          "then": { "properties": { "since": { "enum": Since::ALL.map(Since::name) } } } },
        { "if": of(&MetricId::can_leave_out_debt), "then": { "properties": { "since": value_schema(&ValueType::Date) } } },
        { "if": of(&|metric| metric.unit() != MetricUnit::Duration && !metric.can_leave_out_debt()),
          "then": { "properties": { "since": false } } },
        { "if": of(&|metric| metric != MetricId::Unfixed),
          "then": { "properties": { "hotfix": false, "under-investigation": false } } },
        { "if": of(&|metric| metric == MetricId::Blockers),
          "then": { "properties": { "where": false, "per": false, "over": { "const": "candidate" } } } },
        { "if": of(&|metric| !metric.can_be_sampled()), "then": { "properties": { "sample": false } } },
        { "if": of(&|metric| metric.name().starts_with("tests.")),
          "then": { "properties": { "where": false, "per": false, "over": { "const": "candidate" } } } },
    ]);
    rule
}
