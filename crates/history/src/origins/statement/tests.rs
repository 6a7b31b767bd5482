#![allow(clippy::unwrap_used)]
use super::*;
use crate::IssueNumber;
use std::collections::BTreeMap;

fn said(message: &str) -> Vec<(StatementKind, String)> {
    let target = |target: OriginTarget| match target {
        OriginTarget::Commit(id) => id,
        OriginTarget::PullRequest(number) => format!("#{number}"),
        OriginTarget::Release(tag) => tag,
    };
    in_message(message, "message").into_iter().map(|signal| (signal.word, target(signal.target))).collect()
}

#[test]
fn a_line_anywhere_in_the_message_is_read() {
    let message =
        "net: fix a leak\n\nFixes: 1a2b3c4d5e6f (\"net: add it\")\nCc: stable@example.org\n\nMore text.\n";
    assert_eq!(said(message), [(StatementKind::Fixes, "1a2b3c4d5e6f".into())]);
    assert_eq!(
        said("x\n\nRegressed-by: #12, #13"),
        [(StatementKind::RegressedBy, "#12".into()), (StatementKind::RegressedBy, "#13".into())]
    );
    assert_eq!(said("x\n\nIntroduced-in: v1.2.0"), [(StatementKind::Override, "v1.2.0".into())]);
    assert_eq!(said("#regzbot introduced: 1a2b3c4"), [(StatementKind::RegressedBy, "1a2b3c4".into())]);
}

#[test]
fn an_issue_that_is_closed_is_no_origin() {
    for message in
        ["Fixes #123", "Fixes: #123", "fixes: https://example.org/a/b/issues/12", "Closes: 1a2b3c4"]
    {
        assert_eq!(said(message), [], "{message}");
    }
}

#[test]
fn sentences_are_read_over_line_breaks() {
    for (message, word, target) in [
        ("This was introduced\nin commit 1a2b3c4d.", StatementKind::Prose, "1a2b3c4d"),
        ("Regression from e59371a4936f8 (7.67.0)", StatementKind::Prose, "e59371a4936f8"),
        ("It was broken by PR #77, sadly", StatementKind::Prose, "#77"),
        ("caused by (`1a2b3c4d`)", StatementKind::Prose, "1a2b3c4d"),
        ("introduced in https://example.org/a/b/commit/1a2b3c4d", StatementKind::Prose, "1a2b3c4d"),
        ("Revert \"a\"\n\nThis reverts commit 1a2b3c4d.", StatementKind::Revert, "1a2b3c4d"),
        ("Reverts acme/shop#12", StatementKind::Revert, "#12"),
        ("1a2b3c4d is the first bad commit", StatementKind::Bisect, "1a2b3c4d"),
        ("# first bad commit: [1a2b3c4d] net: add it", StatementKind::Bisect, "1a2b3c4d"),
        ("Follow-up to 1a2b3c4d", StatementKind::FollowUp, "1a2b3c4d"),
    ] {
        assert_eq!(said(message), [(word, target.to_owned())], "{message}");
    }
}

#[test]
fn words_and_numbers_are_no_commits() {
    for message in [
        "introduced in 2019",
        "caused by defaced pages",
        "broken by effaced00d-tools",
        "introduced in version 1.2.3",
        "introduced in the commit that added a cache 1a2b3c4d",
        "regression since yesterday",
    ] {
        assert_eq!(said(message), [], "{message}");
    }
}

#[test]
fn what_is_said_twice_counts_once_by_its_heavier_word() {
    let message = "Introduced by 1a2b3c4d.\n\nFixes: 1a2b3c4d\n";
    assert_eq!(said(message), [(StatementKind::Fixes, "1a2b3c4d".into())]);
}

#[test]
fn the_text_it_was_found_in_is_quoted_on_one_line() {
    let signal = in_message("a\n\nThis was introduced\nin 1a2b3c4d, alas.", "message").pop().unwrap();
    assert_eq!(signal.text, "a This was introduced in 1a2b3c4d, alas.");
}

#[test]
fn origin_is_stated_by_field_label_or_line_only() {
    let none = BTreeMap::new();
    let issue = |body: &'static str| IssueText {
        number: IssueNumber(7),
        author: None,
        labels: &[],
        fields: &none,
        body,
        bisects: None,
        fixes: Vec::new(),
    };
    let targets =
        |issue: &IssueText<'_>| in_issue(issue).into_iter().map(|signal| signal.target).collect::<Vec<_>>();
    assert_eq!(targets(&issue("Introduced-in: v1.2.0")), [OriginTarget::Release("v1.2.0".into())]);
    let labels = ["introduced-in/v1.2.0".to_owned()];
    let labeled = IssueText { labels: &labels, ..issue("") };
    assert_eq!(targets(&labeled), [OriginTarget::Release("v1.2.0".into())]);
    assert_eq!(targets(&issue("- **Regressed-by:** #12")), [OriginTarget::PullRequest(12)]);
    assert_eq!(targets(&issue("<!-- Introduced-in: v1.2.0 -->\nFixes: 1a2b3c4d")), []);
    let fields = [("Introduced in".to_owned(), "v1.3.0".to_owned())].into();
    assert_eq!(
        targets(&IssueText { fields: &fields, ..issue("") }),
        [OriginTarget::Release("v1.3.0".into())]
    );
    let fixed = |description: &'static str| IssueText { fixes: vec![(9, description)], ..issue("") };
    let found = in_issue(&fixed("Closes #7\n\nFixes: 1a2b3c4d"));
    assert_eq!((found[0].word, found[0].place.as_str()), (StatementKind::Fixes, "pull request #9"));
    assert_eq!(targets(&fixed("<!-- Regressed-by: #12 -->\nCloses #7")), []);
}
