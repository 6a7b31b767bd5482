//! What the program says about itself, without a policy and a repository.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/files.rs"]
mod support;

use support::{files, run};

#[test]
fn explained_code_needs_no_policy() {
    let empty = files(&[]);
    let (code, text, log) = run(empty.path(), &["explain", "P012"]);
    assert_eq!(code, 0, "{log}");
    assert!(text.starts_with("P012: policy error\n\n") && text.contains("Wrong:\n\n    "), "{text}");
    assert!(!text.contains("```"), "{text}");
    let (_, json, _) = run(empty.path(), &["explain", "P101", "--format", "json"]);
    let entry: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&entry["subject"], &entry["kind"]), (&"P101".into(), &"policy warning".into()));
    // Without such a code, the subject is a rule, which needs a policy.
    let (code, ..) = run(empty.path(), &["explain", "P999"]);
    assert_eq!(code, 2);
}
