//! The JSON Schema of the report, made from its types for `schema/report.json`.

// The types of other crates are never made, only described.
#![allow(dead_code)]

use std::fs;
use std::path::Path;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::{CaseStatus, Confidence, NotableCase, OriginMethod, Report};

// Types of other crates, which know no schemas. `remote` makes the compiler compare the variants and the fields.

/// Confidence in an attribution, weakest first.
#[derive(Serialize, JsonSchema)]
#[serde(remote = "Confidence", rename_all = "kebab-case")]
pub(super) enum ConfidenceSchema {
    None,
    Inferred,
    Stated,
    Certain,
}

/// Method that found an origin.
#[derive(Serialize, JsonSchema)]
#[serde(remote = "OriginMethod", rename_all = "kebab-case")]
pub(super) enum OriginMethodSchema {
    Override,
    RegressedBy,
    Blame,
    None,
}

/// Result of a test.
#[derive(Serialize, JsonSchema)]
#[serde(remote = "CaseStatus", rename_all = "kebab-case")]
pub(super) enum CaseStatusSchema {
    Passed,
    Skipped,
    Flaky,
    Failed,
    Error,
}

/// A failed, erroneous or flaky test.
#[derive(Serialize, JsonSchema)]
#[serde(remote = "NotableCase", rename_all = "kebab-case")]
pub(super) struct NotableCaseSchema {
    /// Worst status over all test reports.
    #[schemars(with = "CaseStatusSchema")]
    status: CaseStatus,
    /// Suite or class and name.
    name: String,
    /// Path of the test report.
    report: String,
    /// First line of the failure message.
    message: Option<String>,
    /// Source file, if the test report names it.
    file: Option<String>,
    /// Line in the source file.
    line: Option<u64>,
}

/// Returns the schema. A key that may be omitted is not required, and unknown keys are allowed: reports of later versions have
/// more keys.
fn report_schema() -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Report>().to_value();
    schema["title"] = "Report of escape-gate, schema 1".into();
    // The number names the format, and a reader of another one must not take it.
    schema["properties"]["schema"] =
        serde_json::json!({ "const": super::SCHEMA, "description": "The format's version." });
    schema
}

#[test]
fn the_committed_schema_of_the_report_is_that_of_its_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/report.json");
    let generated = serde_json::to_string_pretty(&report_schema()).unwrap_or_default() + "\n";
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        drop(fs::write(&path, &generated));
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == generated, "run UPDATE_EXPECTED=1 cargo test --lib schema_of_the_report");
}
