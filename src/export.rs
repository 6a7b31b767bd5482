//! Export: one run as tables that an analytics engine reads.
//!
//! Each table is newline-delimited JSON in gzip. A row is a struct in `rows`, which also gives the published schema. Names follow
//! OpenTelemetry's semantic conventions (`vcs.*`, `cicd.*`, `deployment.*`, `test.*`, `code.*`) where these have one; the others
//! begin with `escape_gate.`. A missing value is `null`, never zero.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod build;
mod defect_rows;
mod location;
mod ndjson;
mod other_rows;
mod release_rows;
mod rows;
mod table;

pub use build::{ExportContext, PipelineRun, RunTables, build_export};
pub use location::{ExportRepository, ExportRepositoryError, table_path};
pub use ndjson::{RowError, encode_rows, for_each_row};
pub use rows::{
    DefectRecord, ExceptionRecord, LineStatusCell, ReleaseRecord, RuleRecord, RunRecord, SCHEMA, TableCounts,
    TestCounts, TestRecord,
};
pub use table::{ExportRow, ExportTable, table_schema, table_schemas};
