//! Tables of an export, and their published schema.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::rows::{DefectRecord, ExceptionRecord, ReleaseRecord, RuleRecord, RunRecord, TestRecord};
use crate::model::{Phase, Severity, Status, named_enum};

named_enum! {
    /// A table of an export.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum ExportTable {
        /// Releases of the repository.
        Releases = "releases",
        /// Escaped, caught and excluded defects.
        Defects = "defects",
        /// Evaluated rules and their groups.
        Rules = "rules",
        /// Failed and flaky tests.
        Tests = "tests",
        /// Waivers and overrides.
        Exceptions = "exceptions",
        // Last: a run counts only when its row is there, and then its other tables are whole.
        /// Runs.
        Runs = "runs",
    }
}

/// A row of a table.
pub trait ExportRow: Serialize + DeserializeOwned {
    /// The table of the row.
    const TABLE: ExportTable;

    /// Returns the columns in the order of the fields.
    fn columns() -> Vec<ColumnSchema>;
}

/// Schema of one column.
#[derive(Debug, Clone)]
pub struct ColumnSchema {
    /// Name of the column.
    pub name: &'static str,
    /// Meaning of the column.
    pub about: &'static str,
    /// JSON Schema of the value.
    pub schema: Value,
}

/// Returns the JSON Schema of each table.
pub fn table_schemas() -> [(ExportTable, Value); 6] {
    [
        (ExportTable::Releases, table_schema::<ReleaseRecord>()),
        (ExportTable::Defects, table_schema::<DefectRecord>()),
        (ExportTable::Rules, table_schema::<RuleRecord>()),
        (ExportTable::Tests, table_schema::<TestRecord>()),
        (ExportTable::Exceptions, table_schema::<ExceptionRecord>()),
        (ExportTable::Runs, table_schema::<RunRecord>()),
    ]
}

/// Returns the JSON Schema of the rows of a table.
pub fn table_schema<R: ExportRow>() -> Value {
    let columns = R::columns();
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let properties: Map<String, Value> = columns
        .iter()
        .map(|column| {
            let mut schema = column.schema.clone();
            schema["description"] = column.about.trim().into();
            (column.name.to_owned(), schema)
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Escape Gate export: {}", R::TABLE.name()),
        "description": "One row. A value that is missing is null, never zero.",
        "type": "object",
        "properties": properties,
        "required": names,
        "additionalProperties": false,
    })
}

/// A type that a column may have.
pub trait CellType {
    /// Returns its JSON Schema.
    fn cell_schema() -> Value;
}

/// Implements [`CellType`] for types with a constant schema.
macro_rules! cell_types {
    ($($type:ty => $schema:tt,)+) => {
        $(impl CellType for $type {
            fn cell_schema() -> Value { json!($schema) }
        })+
    };
}

cell_types! {
    String => { "type": "string" },
    bool => { "type": "boolean" },
    u64 => { "type": "integer", "minimum": 0 },
    Timestamp => { "type": "string", "format": "date-time" },
    Date => { "type": "string", "format": "date" },
}

impl CellType for Severity {
    fn cell_schema() -> Value {
        json!({ "type": "string", "enum": Self::ALL.map(Self::name) })
    }
}

impl CellType for Status {
    fn cell_schema() -> Value {
        json!({ "type": "string", "enum": Self::ALL.map(Self::name) })
    }
}

impl CellType for Phase {
    fn cell_schema() -> Value {
        json!({ "type": "string", "enum": [Self::Escaped, Self::Caught] })
    }
}

impl<T: CellType> CellType for Option<T> {
    fn cell_schema() -> Value {
        let mut schema = T::cell_schema();
        schema["type"] = json!([schema["type"], "null"]);
        if let Some(names) = schema.get_mut("enum").and_then(Value::as_array_mut) {
            names.push(Value::Null);
        }
        schema
    }
}

impl<T: CellType> CellType for Vec<T> {
    fn cell_schema() -> Value {
        json!({ "type": "array", "items": T::cell_schema() })
    }
}

/// Defines the struct of a row and its columns: a column is in one place only, so the schema cannot differ from the rows.
macro_rules! export_table {
    ($(#[$about:meta])* pub struct $row:ident = $table:expr => { $(#[doc = $doc:literal] $field:ident: $type:ty = $name:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct $row { $(#[doc = $doc] #[serde(rename = $name)] pub $field: $type,)+ }

        impl ExportRow for $row {
            const TABLE: ExportTable = $table;

            fn columns() -> Vec<ColumnSchema> {
                vec![$(ColumnSchema { name: $name, about: $doc, schema: <$type as CellType>::cell_schema() },)+]
            }
        }
    };
}

pub(super) use export_table;
