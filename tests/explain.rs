//! `explain` shows how the gate read an issue.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::Command;

/// Explains an issue of a scenario.
fn explain(scenario: &str, issue: &str) -> String {
    let folder = format!("{}/fixtures/{scenario}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
        .current_dir(folder)
        .args(["explain", issue, "--policy", "policy.yml", "--snapshot", "snapshot.json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn causes_are_shown_with_their_place() {
    let explain = |issue| explain("weakest-gate-by-detection-gap-passes", issue);
    for (issue, gap) in [
        ("#1", "detection-gap: unit, by label `detection-gap/unit`"),
        ("#2", "detection-gap: Unit, review, by field `detection gap: Unit, review`"),
        ("#3", "detection-gap: Missing unit test, by section `### Detection gap`"),
        ("#10", "detection-gap: recorded, by section `### Detection gap`"),
    ] {
        let text = explain(issue);
        assert!(text.contains(gap), "{gap} is missing in:\n{text}");
    }
    assert!(explain("#3").contains("root-cause: api-version, by label `root-cause/api-version`"));
    assert!(!explain("#8").contains("detection-gap"), "not known yet");
}

#[test]
fn finding_of_doctor_is_explained_without_a_policy() {
    let folder = tempfile::tempdir().unwrap();
    let explain = |subject: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_escape-gate"))
            .current_dir(&folder)
            .env_clear()
            .args(["explain", subject])
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    for id in escape_gate::policy::FINDING_IDS {
        let (code, text) = explain(id);
        assert_eq!(code, Some(0), "{id}");
        assert!(text.starts_with(&format!("{id}: finding of doctor\n")) && text.contains("Fix:"), "{text}");
        let is_placeholder = |name: &str| text.contains(&format!("{{{name}}}"));
        assert!(!["job", "gate", "condition", "fix-name"].into_iter().any(is_placeholder), "{text}");
    }
    assert_eq!(explain("gate-not-requird").0, Some(2));
}
