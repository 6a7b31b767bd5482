//! The types of values that only this format has.

use policy_lang::{CustomType, Node, one_or_more};
use serde_json::{Map, Value, json};

use super::ValueType;
use crate::model::{DefectAttribute, MetricId};
use crate::policy::scopes::parse_over;

/// Regular expression of a share, which is at most 100 %.
// Leading zeros are accepted because the program accepts them. The schema must not refuse a policy
// that works.
pub const SHARE: &str = r"0*(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?) ?%";

/// A label or tag pattern.
pub const PATTERN: ValueType = custom(&CustomType {
    name: "pattern",
    schema: || {
        let pattern = r"^(?! )(?:[^{}]|\{version\}|\{product\})+(?<! )$";
        json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": pattern })
    },
    canonical: none,
});

/// A label pattern or a milestone, which may hold `{candidate}` and `{line}`.
pub const VARIABLE: ValueType = custom(&CustomType {
    name: "pattern",
    schema: || {
        let pattern = r"^(?! )(?:[^{}]|\{(version|product|candidate|line)\})+(?<! )$";
        json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": pattern })
    },
    canonical: none,
});

/// A pattern whose one `*` stands for a name.
pub const NAMING: ValueType = custom(&CustomType {
    name: "pattern with one `*`",
    schema: || json!({ "type": "string", "maxLength": 255, "pattern": r"^(?! )[^*{}]*\*[^*{}]*(?<! )$" }),
    canonical: none,
});

/// A text that is not blank.
pub const FILLED_TEXT: ValueType = custom(&CustomType {
    name: "text",
    schema: || json!({ "type": "string", "pattern": r"\S" }),
    canonical: none,
});

/// One value or a list of them, by the name of an issue field.
pub const FIELDS: ValueType = custom(&CustomType {
    name: "mapping of field to text or list",
    schema: || {
        json!({
            "type": "object",
            "minProperties": 1,
            "propertyNames": { "pattern": r"\S" },
            "additionalProperties": one_or_more(json!({ "type": "string", "pattern": r"\S" })),
        })
    },
    canonical: none,
});

/// A release or a release line: a text, or a number by its text.
pub const RELEASE_OR_LINE: ValueType = custom(&CustomType {
    name: "release or line",
    schema: || json!({ "type": ["string", "number"] }),
    canonical: none,
});

/// The scope of a rule: a length, a word, or a number of what a word names. The words are those of the format and of
/// `periods`.
pub const OVER: ValueType = custom(&CustomType {
    name: "scope",
    schema: || {
        let pattern = r"^(0*[1-9][0-9]*[dw]|(last (0*[1-9][0-9]* )?)?[a-z0-9]+(-[a-z0-9]+)*)$";
        json!({ "type": "string", "pattern": pattern })
    },
    // `7d` and `1w` are one scope.
    canonical: |text| parse_over(text, &[]).map(|over| over.to_string()),
});

/// A row of periods or releases.
pub const ROW: ValueType = custom(&CustomType {
    name: "series",
    schema: || {
        json!({
            "type": "string", "pattern": "^0*([2-9]|1[0-9]|20) [a-z0-9]+(-[a-z0-9]+)*$",
        })
    },
    canonical: none,
});

/// A limit, in the unit of the rule's metric.
// The unit depends on the metric, which a key of the same mapping names. `schema.rs` adds that
// condition.
pub const LIMIT: ValueType = custom(&CustomType {
    name: "limit",
    schema: || json!({ "type": ["integer", "string"] }),
    canonical: none,
});

/// `true`, `false` or a path.
pub const TRUTH_OR_PATH: ValueType = custom(&CustomType {
    name: "`true`, `false` or path",
    schema: || json!({ "type": ["boolean", "string"] }),
    canonical: none,
});

/// A share or a whole number, at least 1.
pub const SAMPLE: ValueType = custom(&CustomType {
    name: "share or whole number",
    schema: || {
        json!({ "anyOf": [
            { "type": "integer", "minimum": 1 },
            { "type": "string", "pattern": format!(r"^(0*[1-9][0-9]*|(?=[^%]*[1-9]){SHARE})$") },
        ] })
    },
    canonical: none,
});

/// Globs, by a name that the policy chooses.
pub const GLOBS: ValueType = custom(&CustomType {
    name: "mapping of name to list of globs",
    schema: || {
        json!({
            "type": "object",
            "propertyNames": { "pattern": r"\S" },
            "additionalProperties": { "type": "array", "minItems": 1, "items": { "type": "string", "pattern": "^[^!/]" } },
        })
    },
    canonical: none,
});

/// One value, a list of which any will do, or `{ not: … }`, for each attribute of a defect.
pub const SELECTIONS: ValueType = custom(&CustomType {
    name: "mapping",
    schema: || {
        let one = selection_schema(json!({ "type": "string", "pattern": r"\S" }));
        let properties: Map<String, Value> = DefectAttribute::ALL
            .map(|attribute| (attribute.name().to_owned(), one.clone()))
            .into_iter()
            .collect();
        json!({ "type": "object", "additionalProperties": false, "properties": properties })
    },
    canonical: none,
});

/// Returns the schema of the selection of a value: one, a list of which any will do, or `{ not: … }`.
pub fn selection_schema(value: Value) -> Value {
    let some = one_or_more(value);
    let not = json!({
        "type": "object", "required": ["not"], "additionalProperties": false, "properties": { "not": some },
    });
    json!({ "anyOf": [some, not] })
}

/// Returns the scope of a rule that omits `over`: the default of its metric.
pub fn default_over(rule: &Node) -> Option<String> {
    let metric = rule.get("metric")?.scalar()?;
    let metric = MetricId::ALL.into_iter().find(|one| one.name() == metric)?;
    Some(metric.default_over().to_string())
}

const fn custom(custom: &'static CustomType) -> ValueType {
    ValueType::Custom(custom)
}

const fn none(_: &str) -> Option<String> {
    None
}

/// A list of patterns with at least one entry.
pub const PATTERNS: ValueType = ValueType::List { of: &PATTERN, least: 1 };

/// A list of patterns that may be empty.
pub const MAYBE_PATTERNS: ValueType = ValueType::List { of: &PATTERN, least: 0 };

/// A list of texts that may be empty.
pub const MAYBE_TEXTS: ValueType = ValueType::List { of: &ValueType::Text, least: 0 };
