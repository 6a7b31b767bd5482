//! The committed JSON Schema is the program's, and `tests/github` holds it against every policy of the project.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;

use escape_gate::policy::schema;

#[test]
fn the_committed_schema_is_the_one_that_the_program_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/escape-gate.schema.json");
    let generated = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == generated,
        "run UPDATE_EXPECTED=1 cargo test --test schema"
    );
}
