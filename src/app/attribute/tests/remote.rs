//! Many defects without a clone.

use super::*;
use crate::attribution::introduced::record::Nothing;
use crate::github::testing::Fake;
use crate::model::Area;
use crate::tracker::github::Repository;
use crate::tracker::github::history::History;

fn questions() -> Vec<(IssueNumber, Question)> {
    let report = Report { at: 0, escaped: true, found_in: None };
    let open = Question { fix: None, said: Vec::new(), posted: Posted::default(), report, picks: Vec::new() };
    let fixed = Question { fix: Some(Sha("a".repeat(40))), ..open.clone() };
    vec![(IssueNumber(3), fixed), (IssueNumber(1), open.clone()), (IssueNumber(2), open)]
}

fn numbers(records: &std::collections::BTreeMap<IssueNumber, Record>) -> Vec<u64> {
    records.keys().map(|number| number.0).collect()
}

#[test]
fn a_low_allowance_leaves_those_out_that_need_a_request_with_a_gap() {
    let fake = Fake::start();
    let low = wiremock::ResponseTemplate::new(200).insert_header("x-ratelimit-remaining", "7");
    let path = format!("/repos/acme/shop/commits/{}", "a".repeat(40));
    let commit = serde_json::json!({
        "sha": "a".repeat(40), "parents": [{ "sha": "b".repeat(40) }], "files": [{
            "filename": "a.c", "status": "modified", "additions": 1, "deletions": 1, "patch": "@@ -1 +1 @@\n-a\n+b",
        }],
        "commit": { "message": "Fix", "author": {}, "committer": { "date": "2026-01-02T03:04:05Z" } },
    });
    fake.times(9, "GET", &path, low.set_body_json(commit));
    let client = fake.client();
    let remote = Remote::new(History::new(&client, Repository::parse("acme/shop").unwrap()), &[]);
    let mut questions = questions();
    questions[1].1.fix = Some(Sha("c".repeat(40)));
    let (records, gap) = remote_origins(&remote, &questions);
    assert_eq!(numbers(&records), [2, 3]);
    assert_eq!(records[&IssueNumber(3)].nothing, Some(Nothing::BlameFailed));
    assert_eq!(records[&IssueNumber(2)].nothing, Some(Nothing::NoFix));
    let gap = gap.unwrap();
    assert_eq!(gap.area, Area::Origins);
    assert!(gap.what.contains("1 of 3 defects") && gap.what.contains("only 7 requests"), "{}", gap.what);
    assert_eq!(fake.requests().len(), 1);
}
