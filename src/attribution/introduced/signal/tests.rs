#![allow(clippy::unwrap_used)]
use super::*;

fn said(message: &str) -> Vec<(Word, String)> {
    let target = |target: Target| match target {
        Target::Commit(id) => id,
        Target::PullRequest(number) => format!("#{number}"),
        Target::Release(tag) => tag,
    };
    in_message(message, "message").into_iter().map(|signal| (signal.word, target(signal.target))).collect()
}

#[test]
fn a_line_anywhere_in_the_message_is_read() {
    let message =
        "net: fix a leak\n\nFixes: 1a2b3c4d5e6f (\"net: add it\")\nCc: stable@example.org\n\nMore text.\n";
    assert_eq!(said(message), [(Word::Fixes, "1a2b3c4d5e6f".into())]);
    assert_eq!(
        said("x\n\nRegressed-by: #12, #13"),
        [(Word::RegressedBy, "#12".into()), (Word::RegressedBy, "#13".into())]
    );
    assert_eq!(said("x\n\nIntroduced-in: v1.2.0"), [(Word::Override, "v1.2.0".into())]);
    assert_eq!(said("#regzbot introduced: 1a2b3c4"), [(Word::RegressedBy, "1a2b3c4".into())]);
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
        ("This was introduced\nin commit 1a2b3c4d.", Word::Prose, "1a2b3c4d"),
        ("Regression from e59371a4936f8 (7.67.0)", Word::Prose, "e59371a4936f8"),
        ("It was broken by PR #77, sadly", Word::Prose, "#77"),
        ("caused by (`1a2b3c4d`)", Word::Prose, "1a2b3c4d"),
        ("introduced in https://example.org/a/b/commit/1a2b3c4d", Word::Prose, "1a2b3c4d"),
        ("Revert \"a\"\n\nThis reverts commit 1a2b3c4d.", Word::Revert, "1a2b3c4d"),
        ("Reverts acme/shop#12", Word::Revert, "#12"),
        ("1a2b3c4d is the first bad commit", Word::Bisect, "1a2b3c4d"),
        ("# first bad commit: [1a2b3c4d] net: add it", Word::Bisect, "1a2b3c4d"),
        ("Follow-up to 1a2b3c4d", Word::FollowUp, "1a2b3c4d"),
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
    assert_eq!(said(message), [(Word::Fixes, "1a2b3c4d".into())]);
}

#[test]
fn the_text_it_was_found_in_is_quoted_on_one_line() {
    let signal = in_message("a\n\nThis was introduced\nin 1a2b3c4d, alas.", "message").pop().unwrap();
    assert_eq!(signal.text, "a This was introduced in 1a2b3c4d, alas.");
}

#[test]
fn an_issue_says_it_by_field_label_and_line_but_not_in_a_comment() {
    let ticket = |body: &str, labels: &[&str]| -> Issue {
        serde_json::from_value(serde_json::json!({
            "number": 7, "updated-at": "2026-01-01T00:00:00Z", "title": "t", "url": "", "body": body,
            "labels": labels, "state": "open", "created-at": "2026-01-01T00:00:00Z",
        }))
        .unwrap()
    };
    let words =
        |ticket: &Issue| in_ticket(ticket).into_iter().map(|signal| signal.target).collect::<Vec<_>>();
    assert_eq!(words(&ticket("Introduced-in: v1.2.0", &[])), [Target::Release("v1.2.0".into())]);
    assert_eq!(words(&ticket("", &["introduced-in/v1.2.0"])), [Target::Release("v1.2.0".into())]);
    assert_eq!(words(&ticket("- **Regressed-by:** #12", &[])), [Target::PullRequest(12)]);
    assert_eq!(words(&ticket("<!-- Introduced-in: v1.2.0 -->\nFixes: 1a2b3c4d", &[])), []);
    let mut with_field = ticket("", &[]);
    with_field.fields.insert("Introduced in".into(), "v1.3.0".into());
    assert_eq!(words(&with_field), [Target::Release("v1.3.0".into())]);
    let fixed = |description: &str| -> Issue {
        let mut ticket = ticket("", &[]);
        let fix = serde_json::json!({ "pull-request": 9, "commit": "c1", "description": description });
        ticket.fixes.push(serde_json::from_value(fix).unwrap());
        ticket
    };
    let told = in_ticket(&fixed("Closes #7\n\nFixes: 1a2b3c4d"));
    assert_eq!((told[0].word, told[0].place.as_str()), (Word::Fixes, "pull request #9"));
    assert_eq!(words(&fixed("<!-- Regressed-by: #12 -->\nCloses #7")), []);
    let mut unmerged = fixed("Closes #7\n\nFixes: 1a2b3c4d");
    unmerged.fixes[0].commit = None;
    assert_eq!(words(&unmerged), [], "anybody can link a pull request");
}
