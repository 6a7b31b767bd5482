//! Issues that are wanted by their numbers.

use super::*;

/// An issue that has none of the policy's labels.
fn closed_without_labels(number: u64) -> Value {
    let mut issue = issue(number);
    issue["labels"] = list(&json!([]));
    (issue["state"], issue["stateReason"]) = (json!("CLOSED"), json!("COMPLETED"));
    issue["closedAt"] = json!("2026-01-02T00:00:00Z");
    issue
}

fn gather_issues(fake: &Fake, numbers: &[u64]) -> Snapshot {
    let issues = numbers.iter().copied().map(IssueNumber).collect();
    let client = fake.client();
    let wants = |label: &str| label == "production-bug";
    let ask = CollectionRequest { wants_label: &wants, issues: &issues, ..of_head() };
    GitHub::new(&client, RepositoryName::parse("acme/shop").unwrap()).collect(&ask).unwrap()
}

fn states(snapshot: &Snapshot) -> Vec<(u64, IssueState)> {
    let issues = snapshot.issues.as_ref().unwrap();
    issues.iter().map(|issue| (issue.number.0, issue.state)).collect()
}

#[test]
fn numbered_issue_is_read_without_labels() {
    let fake = fake(&list(&json!([issue(7)])));
    fake.graphql("query NumberedTicket", &json!({ "repository": { "issue": closed_without_labels(5) } }));
    let snapshot = gather_issues(&fake, &[5, 7]);
    assert_eq!(states(&snapshot), [(5, IssueState::Closed), (7, IssueState::Open)]);
    let asked = fake
        .requests()
        .into_iter()
        .filter(|request| String::from_utf8_lossy(&request.body).contains("query NumberedTicket"));
    assert_eq!(asked.count(), 1, "the list has #7");
}

#[test]
fn missing_numbered_issue_is_a_warning() {
    let fake = fake(&list(&json!([issue(7)])));
    fake.graphql_answer(
        "query NumberedTicket",
        &json!({ "data": { "repository": { "issue": null } }, "errors": [
            { "type": "NOT_FOUND", "path": ["repository", "issue"], "message": "Could not resolve to an Issue" }
        ] }),
    );
    let snapshot = gather_issues(&fake, &[5]);
    assert_eq!(states(&snapshot), [(7, IssueState::Open)]);
    let warnings: Vec<&str> = snapshot.warnings.iter().map(|one| one.0.as_str()).collect();
    assert!(warnings.iter().any(|text| text.starts_with("issue #5 could not be read: ")), "{warnings:?}");
}
