//! JSON Schema, draft 2020-12, from the tables that the reader knows its keys by.

use serde_json::{Map, Value, json};

use crate::{Key, Merge, ValueType, WhenOmitted};

/// Regular expression of a name in kebab-case.
pub const KEBAB_CASE: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// Returns the schema of a mapping with these keys. `is_complete` requires the required keys: not for a mapping that may
/// inherit some of them.
pub fn mapping_schema(keys: &'static [Key], is_complete: bool) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let mut value = schema_of(&key.value_type, !matches!(key.merge, Merge::Keys));
        value["description"] = json!(key.doc);
        if let WhenOmitted::Value(text) = key.default
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
    if is_complete && keys.iter().any(|key| key.required) {
        object["required"] = required_keys(keys);
    }
    object
}

/// Returns the names of the required keys, as a schema lists them.
pub fn required_keys(keys: &'static [Key]) -> Value {
    keys.iter().filter(|key| key.required).map(|key| json!(key.name)).collect()
}

/// Returns the schema of a value.
pub fn value_schema(value_type: &ValueType) -> Value {
    schema_of(value_type, true)
}

/// Returns the schema of a value, or of a list of such values with at least one entry.
pub fn one_or_more(value: Value) -> Value {
    json!({ "anyOf": [value, { "type": "array", "items": value, "minItems": 1 }] })
}

fn schema_of(value_type: &ValueType, is_complete: bool) -> Value {
    match value_type {
        ValueType::Version => json!({ "const": 1 }),
        ValueType::Text => json!({ "type": "string" }),
        ValueType::Name => json!({ "type": "string", "pattern": KEBAB_CASE }),
        ValueType::Number => json!({ "type": "number" }),
        // The policy may write the number in quotes.
        ValueType::Whole { most } => json!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": most },
            { "type": "string", "pattern": "^0*[1-9][0-9]*$" },
        ] }),
        ValueType::Duration => json!({ "type": "string", "pattern": "^[0-9]+[dw]$" }),
        ValueType::Hours => json!({ "type": "string", "pattern": "^0*[1-9][0-9]*[hdw]$" }),
        ValueType::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        ValueType::Truth => json!({ "type": "boolean" }),
        ValueType::Word(words) => json!({ "enum": words() }),
        ValueType::List { of, least } => {
            json!({ "type": "array", "items": schema_of(of, is_complete), "minItems": least })
        }
        ValueType::OneOrMore(of) => one_or_more(schema_of(of, is_complete)),
        ValueType::AnyOf(types) => {
            let each: Vec<Value> = types.iter().map(|one| schema_of(one, is_complete)).collect();
            json!({ "anyOf": each })
        }
        ValueType::Map(keys) => mapping_schema(keys, is_complete),
        ValueType::Maps(keys) => json!({ "type": "array", "items": mapping_schema(keys, true) }),
        ValueType::Named(of) => json!({
            "type": "object",
            "propertyNames": { "pattern": KEBAB_CASE },
            "additionalProperties": schema_of(of, is_complete),
        }),
        ValueType::NamedMaps { keys, longest } => json!({
            "type": "object",
            "propertyNames": { "pattern": KEBAB_CASE, "maxLength": longest },
            "additionalProperties": mapping_schema(keys, true),
        }),
        ValueType::Alternatives(one) => json!({ "anyOf": [
            mapping_schema(one.short, false),
            { "type": "array", "minItems": 1, "items": mapping_schema(one.entry, false) },
        ] }),
        ValueType::Custom(custom) => (custom.schema)(),
    }
}
