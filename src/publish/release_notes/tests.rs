//! Nothing that others wrote is lost.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::*;
use crate::github::testing::Fake;
use crate::publish::evaluated_commit::EvaluatedCommit;

const BEGIN: &str = "<!-- escape-gate:main:begin -->";
const END: &str = "<!-- escape-gate:main:end -->";

/// Notes as people, and broken editors, leave them: any text, line endings and markers in any order.
fn any_notes() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z <>!:\\-#é]{0,12}",
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just(BEGIN.to_owned()),
        Just(END.to_owned()),
        Just("<!-- escape-gate:other:begin -->".to_owned()),
        Just("<!-- escape-gate:ma".to_owned()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// The text outside complete blocks.
fn outside(notes: &str) -> String {
    let mut text = String::new();
    let mut rest = 0;
    for (from, to) in complete_blocks(notes, BEGIN, END) {
        text.push_str(&notes[rest..from]);
        rest = to;
    }
    text + &notes[rest..]
}

proptest! {
    #[test]
    fn text_outside_the_block_stays_byte_for_byte(notes in any_notes(), block in any_notes()) {
        let spliced = splice(&notes, "main", &block);
        if complete_blocks(&notes, BEGIN, END).is_empty() {
            prop_assert!(spliced.starts_with(&notes));
            prop_assert!(outside(&spliced)[notes.len()..].trim().is_empty());
        } else {
            prop_assert_eq!(outside(&spliced), outside(&notes));
        }
    }

    #[test]
    fn doing_it_twice_changes_nothing_more(notes in any_notes(), block in any_notes()) {
        let once = splice(&notes, "main", &block);
        prop_assert_eq!(splice(&once, "main", &block), once);
    }

    #[test]
    fn the_newest_text_is_there_and_an_older_one_is_not(notes in "[a-z\r\n ]{0,40}", id in "[^\u{0}]{0,8}") {
        let spliced = splice(&splice(&notes, &id, "OLD"), &id, "NEW");
        prop_assert!(spliced.starts_with(&notes) && spliced.contains("NEW") && !spliced.contains("OLD"));
        prop_assert!(!is_damaged(&spliced, &id));
    }

    #[test]
    fn gates_do_not_touch_each_other(notes in any_notes(), a in "[A-B]", b in "[C-D]") {
        let both = splice(&splice(&notes, &a, "of a"), &b, "of b");
        prop_assert_eq!(splice(&both, &a, "of a"), both);
    }
}

#[test]
fn the_block_takes_the_line_endings_of_the_notes() {
    assert_eq!(splice("", "main", "x"), format!("{BEGIN}\nx\n{END}"));
    assert_eq!(splice("a\r\nb", "main", "x\ny"), format!("a\r\nb\r\n\r\n{BEGIN}\r\nx\r\ny\r\n{END}"));
    assert_eq!(splice("a\n", "main", "x"), format!("a\n\n{BEGIN}\nx\n{END}"));
}

#[test]
fn half_a_block_is_left_alone_and_a_new_one_added() {
    let cut = format!("{BEGIN}\nold\n\nwritten by hand");
    let spliced = splice(&cut, "main", "new");
    assert_eq!(spliced, format!("{cut}\n\n{BEGIN}\nnew\n{END}"));
    assert_eq!(splice(&spliced, "main", "newer"), format!("{cut}\n\n{BEGIN}\nnewer\n{END}"));
    assert!(is_damaged(&spliced, "main"));
    let turned = format!("{END} mine {BEGIN}");
    assert!(splice(&turned, "main", "new").starts_with(&turned));
}

#[test]
fn a_marker_within_a_line_is_text() {
    let notes = format!("Intro\n* Fix {BEGIN} by @x\n* IMPORTANT\n* Other {END} by @y\nOutro");
    let once = splice(&notes, "main", "new");
    assert_eq!(once, format!("{notes}\n\n{BEGIN}\nnew\n{END}"));
    assert_eq!(splice(&once, "main", "newer"), format!("{notes}\n\n{BEGIN}\nnewer\n{END}"));
    assert!(!is_damaged(&once, "main"), "a title damages nothing");
}

fn release(body: &Value) -> Value {
    json!({ "id": 5, "tag_name": "v/1", "html_url": "https://h/v1", "body": body })
}

fn answer(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(release(&json!(body)))
}

const BY_TAG: &str = "/repos/a/b/releases/tags/v%2F1";
const BY_ID: &str = "/repos/a/b/releases/5";

#[test]
fn block_is_written_after_rereading_and_then_verified() {
    let fake = Fake::start();
    fake.on("GET", BY_TAG, 200, &release(&json!(null)));
    fake.times(1, "GET", BY_ID, answer(""));
    fake.on("PATCH", BY_ID, 200, &json!({}));
    fake.times(1, "GET", BY_ID, answer(&splice("", "main", "x")));
    let published = upsert_notes_block(&fake.client(), "a/b", "v/1", &Publication::new("main", "x")).unwrap();
    assert_eq!((published.url.as_str(), published.action), ("https://h/v1", PublishAction::Created));
    let written: Value = fake.requests()[2].body_json().unwrap();
    assert_eq!(written, json!({ "body": format!("{BEGIN}\nx\n{END}") }));
    assert_eq!(fake.rest().len(), 4);
}

#[test]
fn notes_that_say_it_already_are_not_written() {
    let fake = Fake::start();
    let there = splice("a", "main", "x").replace('\n', "\r\n");
    fake.on("GET", BY_TAG, 200, &release(&json!(there)));
    let published = upsert_notes_block(&fake.client(), "a/b", "v/1", &Publication::new("main", "x")).unwrap();
    assert_eq!(published.action, PublishAction::Unchanged);
    assert_eq!(fake.rest().len(), 1);
}

#[test]
fn what_somebody_wrote_in_between_is_kept() {
    let fake = Fake::start();
    fake.on("GET", BY_TAG, 200, &release(&json!("first")));
    fake.times(2, "GET", BY_ID, answer("second"));
    fake.on("PATCH", BY_ID, 200, &json!({}));
    fake.times(1, "GET", BY_ID, answer(&splice("second", "main", "x")));
    upsert_notes_block(&fake.client(), "a/b", "v/1", &Publication::new("main", "x")).unwrap();
    let writes: Vec<Value> = fake
        .requests()
        .iter()
        .filter(|r| r.method.as_str() == "PATCH")
        .map(|r| r.body_json().unwrap())
        .collect();
    assert_eq!(writes, [json!({ "body": splice("second", "main", "x") })]);
}

#[test]
fn a_write_that_somebody_overwrote_is_made_again_and_not_for_ever() {
    let fake = Fake::start();
    fake.on("GET", BY_TAG, 200, &release(&json!("other")));
    fake.on("GET", BY_ID, 200, &release(&json!("other")));
    fake.on("PATCH", BY_ID, 200, &json!({}));
    let error = upsert_notes_block(&fake.client(), "a/b", "v/1", &Publication::new("main", "x")).unwrap_err();
    assert!(matches!(error, PublishError::Contended { .. }));
    assert_eq!(fake.rest().iter().filter(|line| line.starts_with("PATCH")).count(), 5);
}

#[test]
fn draft_is_found_and_missing_release_is_an_error() {
    let fake = Fake::start();
    fake.on("GET", "/repos/a/b/releases", 200, &json!([release(&json!(splice("", "main", "x")))]));
    assert_eq!(
        upsert_notes_block(&fake.client(), "a/b", "v/1", &Publication::new("main", "x")).unwrap().action,
        PublishAction::Unchanged
    );
    let missing =
        upsert_notes_block(&fake.client(), "a/b", "v2", &Publication::new("main", "x")).unwrap_err();
    assert!(matches!(missing, PublishError::NoRelease { .. }));
    assert!(fake.rest().iter().all(|line| line.starts_with("GET")));
}

#[test]
fn a_write_that_failed_after_taking_effect_is_not_repeated() {
    let fake = Fake::start();
    fake.times(1, "GET", BY_TAG, answer("a"));
    fake.times(1, "GET", BY_ID, answer("a"));
    fake.on("PATCH", BY_ID, 502, &json!({}));
    fake.times(1, "GET", BY_TAG, answer(&splice("a", "main", "x")));
    upsert_notes_block(&fake.client(), "a/b", "v/1", &Publication::new("main", "x")).unwrap();
    assert_eq!(fake.rest().iter().filter(|line| line.starts_with("PATCH")).count(), 1);
}

#[test]
fn missing_or_too_long_notes_are_never_overwritten() {
    let fake = Fake::start();
    fake.times(
        1,
        "GET",
        BY_TAG,
        ResponseTemplate::new(200).set_body_json(json!({ "id": 5, "html_url": "u" })),
    );
    assert!(matches!(
        upsert_notes_block(&fake.client(), "a/b", "v/1", &Publication::new("main", "x")),
        Err(PublishError::Unclear { .. })
    ));
    fake.on("GET", BY_TAG, 200, &release(&json!("")));
    let long = "x".repeat(LIMIT);
    assert!(matches!(
        upsert_notes_block(&fake.client(), "a/b", "v/1", &Publication::new("main", &long)),
        Err(PublishError::TooLong { .. })
    ));
    assert!(fake.rest().iter().all(|line| line.starts_with("GET")));
}

#[test]
fn notes_of_a_release_that_leads_elsewhere_by_now_are_left_alone() {
    let commit = "1".repeat(40);
    for (leads_to, may) in [("1".repeat(40), true), ("2".repeat(40), false)] {
        let fake = Fake::start();
        let draft =
            json!({ "id": 5, "tag_name": "v/1", "html_url": "u", "body": "", "target_commitish": "main" });
        fake.on("GET", BY_TAG, 200, &draft);
        fake.times(1, "GET", BY_ID, ResponseTemplate::new(200).set_body_json(&draft));
        fake.times(1, "GET", BY_ID, answer(&splice("", "main", "x")));
        fake.on(
            "GET",
            "/repos/a/b/git/ref/heads/main",
            200,
            &json!({ "object": { "type": "commit", "sha": leads_to } }),
        );
        fake.on("PATCH", BY_ID, 200, &json!({}));
        let evaluated = EvaluatedCommit::Release { tag: "v/1", commit: &commit };
        let result = upsert_notes_block(
            &fake.client(),
            "a/b",
            "v/1",
            &Publication { evaluated, ..Publication::new("main", "x") },
        );
        let writes = fake.rest().iter().filter(|line| line.starts_with("PATCH")).count();
        assert_eq!((result.is_ok(), writes), (may, usize::from(may)), "{result:?}");
        assert!(may || matches!(result, Err(PublishError::Moved { .. })));
    }
}
