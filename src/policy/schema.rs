//! The JSON Schema of the format, for editors: from the same tables that the reader knows its keys by.

use serde_json::{Map, Value, json};

use super::keys::{self, Key, ValueType};
use super::rule::CandidateKind;
use crate::model::{MetricId, MetricUnit, PeriodName, Severity, Since};

/// A share: no more than 100 %.
const SHARE: &str = r"0*(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?) ?%";

/// How many values of the past are looked at: 1 to 20.
const WINDOWS: &str = "0*([1-9]|1[0-9]|20)";

/// What a label or tag pattern looks like.
const PATTERN: &str = r"^(?! )(?:[^{}]|\{version\}|\{product\})+(?<! )$";

/// What a label pattern looks like where variables are filled in.
const VARIABLE: &str = r"^(?! )(?:[^{}]|\{(version|product|candidate|line)\})+(?<! )$";

/// A name in kebab-case.
const KEBAB: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// Scopes: a length, a word, or so many of what a word names. The words are those of the format and of `periods`.
const OVER: &str = r"^(0*[1-9][0-9]*[dw]|(last (0*[1-9][0-9]* )?)?[a-z0-9]+(-[a-z0-9]+)*)$";

/// JSON Schema, draft 2020-12. It accepts every policy that the program accepts, and refuses what a schema can see.
pub fn schema() -> Value {
    let mut root = mapping(keys::POLICY, false);
    root["properties"]["deployments"]["required"] = required(keys::DEPLOYMENTS);
    root["properties"]["deployments"]["properties"]["environment"]["pattern"] = json!(r"\S");
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("Escape Gate policy");
    root["description"] = json!("Which tickets are escaped defects, and which bounds a release has to keep.");
    root["required"] = json!(["version"]);
    root["properties"]["approvers"]["minProperties"] = json!(1);
    let waiver = &mut root["properties"]["waivers"]["items"];
    waiver["anyOf"] = json!([{ "required": ["expires"] }, { "required": ["ends-with"] }]);
    waiver["properties"]["follow-up"]["required"] = required(keys::FOLLOW_UP);
    // Nobody by role is somebody by name.
    root["properties"]["overrides"]["if"] = json!({ "not": { "required": ["users"] } });
    root["properties"]["overrides"]["then"] = json!({ "properties": { "roles": { "minItems": 1 } } });
    // What a policy inherits may have the rest.
    root["if"] = json!({ "not": { "required": ["extends"] } });
    let evaluated_on_releases =
        json!({ "properties": { "on": { "contains": { "const": CandidateKind::Release.name() } } } });
    root["then"] = json!({
        "required": required(keys::POLICY),
        "properties": { "rules": { "minItems": 1, "contains": evaluated_on_releases, "items": {
            "required": required(keys::RULE),
            "oneOf": [{ "required": ["max"] }, { "required": ["min"] }, { "required": ["trend"] }],
        } } },
    });
    root
}

fn mapping(keys: &'static [Key], with_required: bool) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let mut value = shape(key.shape);
        value["description"] = json!(key.doc);
        if let keys::WhenOmitted::Value(text) = key.default
            && !text.starts_with('[')
        {
            value["default"] = match (text, text.parse::<u64>()) {
                ("true" | "false", _) => json!(text == "true"),
                (_, Ok(number)) => json!(number),
                (_, Err(_)) => json!(text),
            };
        }
        properties.insert(key.name.to_owned(), value);
    }
    let mut object = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if with_required {
        object["required"] = required(keys);
    }
    object
}

fn required(keys: &'static [Key]) -> Value {
    keys.iter().filter(|key| key.required).map(|key| json!(key.name)).collect()
}

fn shape(shape: ValueType) -> Value {
    match shape {
        ValueType::Version => json!({ "const": 1 }),
        ValueType::Text => json!({ "type": "string" }),
        ValueType::Name => json!({ "type": "string", "pattern": KEBAB }),
        ValueType::Pattern => {
            json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": PATTERN })
        }
        ValueType::Variable => {
            json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": VARIABLE })
        }
        ValueType::Title(of) => json!({ "anyOf": [self::shape(*of), { "type": "number" }] }),
        ValueType::VariableOrList => one_or_more(self::shape(ValueType::Variable)),
        ValueType::TextOrTexts => one_or_more(json!({ "type": "string", "pattern": r"\S" })),
        ValueType::Fields => json!({
            "type": "object",
            "minProperties": 1,
            "propertyNames": { "pattern": r"\S" },
            "additionalProperties": one_or_more(json!({ "type": "string", "pattern": r"\S" })),
        }),
        ValueType::Selector(short, alternative) => json!({ "anyOf": [
            mapping(short, false),
            { "type": "array", "minItems": 1, "items": mapping(alternative, false) },
        ] }),
        ValueType::Naming => {
            json!({ "type": "string", "maxLength": 255, "pattern": r"^(?! )[^*{}]*\*[^*{}]*(?<! )$" })
        }
        ValueType::Whole { most } => json!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": most },
            { "type": "string", "pattern": "^0*[1-9][0-9]*$" },
        ] }),
        ValueType::Duration => json!({ "type": "string", "pattern": "^[0-9]+[dw]$" }),
        ValueType::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        ValueType::Truth => json!({ "type": "boolean" }),
        ValueType::Release => json!({ "type": ["string", "number"] }),
        ValueType::WordOrDate(words) => {
            json!({ "anyOf": [{ "enum": words() }, self::shape(ValueType::Date)] })
        }
        ValueType::NamedMaps(keys) => json!({
            "type": "object",
            "propertyNames": { "pattern": KEBAB, "maxLength": PeriodName::LONGEST },
            "additionalProperties": mapping(keys, true),
        }),
        ValueType::Hours => json!({ "type": "string", "pattern": "^0*[1-9][0-9]*[hdw]$" }),
        ValueType::NamingOr(keys) => {
            json!({ "anyOf": [self::shape(ValueType::Naming), mapping(keys, false)] })
        }
        ValueType::TextOr(keys) => json!({ "anyOf": [self::shape(ValueType::Text), mapping(keys, true)] }),
        ValueType::Place => json!({ "type": ["boolean", "string"] }),
        ValueType::Sample => json!({ "anyOf": [
            { "type": "integer", "minimum": 1 },
            { "type": "string", "pattern": format!(r"^(0*[1-9][0-9]*|(?=[^%]*[1-9]){SHARE})$") },
        ] }),
        ValueType::Globs => json!({
            "type": "object",
            "propertyNames": { "pattern": r"\S" },
            "additionalProperties": { "type": "array", "minItems": 1, "items": { "type": "string", "pattern": "^[^!/]" } },
        }),
        ValueType::Over => json!({ "type": "string", "pattern": OVER }),
        ValueType::Row => json!({
            "type": "string", "pattern": "^0*([2-9]|1[0-9]|20) [a-z0-9]+(-[a-z0-9]+)*$",
        }),
        ValueType::Bound => json!({ "type": ["integer", "string"] }),
        ValueType::Word(words) => json!({ "enum": words() }),
        ValueType::List { of, least } => {
            json!({ "type": "array", "items": self::shape(*of), "minItems": least })
        }
        ValueType::Map(keys) => mapping(keys, false),
        ValueType::Named(of) => json!({
            "type": "object",
            "propertyNames": { "pattern": KEBAB },
            "additionalProperties": self::shape(*of),
        }),
        ValueType::Maps(keys) if keys.as_ptr() == keys::RULE.as_ptr() => rules(),
        ValueType::Maps(keys) => json!({ "type": "array", "items": mapping(keys, true) }),
        ValueType::Chosen(names) => {
            let one = chosen(&json!({ "type": "string", "pattern": r"\S" }));
            let properties: Map<String, Value> =
                names().into_iter().map(|name| (name.to_owned(), one.clone())).collect();
            json!({ "type": "object", "additionalProperties": false, "properties": properties })
        }
    }
}

/// One value, or a list of which any will do.
fn one_or_more(value: Value) -> Value {
    json!({ "anyOf": [value, { "type": "array", "items": value, "minItems": 1 }] })
}

/// Rules: a bound has the unit of the rule's metric, and test results have no defects and no other scope.
fn rules() -> Value {
    let mut rule = mapping(keys::RULE, false);
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
    rule["properties"]["trend"]["required"] = required(keys::TREND);
    rule["properties"]["where"]["properties"]["severity"] =
        chosen(&json!({ "enum": Severity::ALL.map(Severity::name) }));
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
        { "if": of(&MetricId::can_leave_out_debt), "then": { "properties": { "since": shape(ValueType::Date) } } },
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
    json!({ "type": "array", "items": rule })
}

/// One value, a list of which any will do, or `{ not: … }`.
fn chosen(value: &Value) -> Value {
    let some = json!({ "anyOf": [value, { "type": "array", "items": value, "minItems": 1 }] });
    let not = json!({
        "type": "object", "required": ["not"], "additionalProperties": false, "properties": { "not": some },
    });
    json!({ "anyOf": [some, not] })
}
