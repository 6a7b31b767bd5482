//! Hands every GraphQL document to `tests/github`, which holds them against GitHub's schema.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

use escape_gate::{publish, tracker};

#[test]
fn every_document_is_written_where_the_schema_test_finds_it() {
    let all: Vec<_> = tracker::github::tracker_documents()
        .into_iter()
        .chain(publish::comment::publish_documents())
        .collect();
    let count = all.len();
    let named: BTreeMap<&str, String> = all.into_iter().collect();
    assert_eq!(named.len(), count, "two documents have one name");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("graphql-documents.json");
    std::fs::write(file, serde_json::to_vec_pretty(&named).unwrap()).unwrap();
}
